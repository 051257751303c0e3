"""Renders MODEL_CARD.md from metrics.json. It contains no label, field or item of any buyer."""

from collections.abc import Iterable
from typing import Any

from dukemm.config import ModelConfig

#: Most families listed, those with most items.
MAX_LISTED_FAMILIES = 50


def render_card(report: dict[str, Any], config: ModelConfig) -> str:
    """Render a report (contracts/learning/evaluation.ts) as Markdown."""
    parts = (_head(report, config), _data(report), _scores(report), _families(report), _gate(report), _limits(config))
    return "\n\n".join(parts) + "\n"


def _head(report: dict[str, Any], config: ModelConfig) -> str:
    encoders = {
        "texts": config.text_encoder,
        "texts of other languages": config.multilingual_encoder,
        "images": config.image_encoder,
        "sounds": config.audio_encoder,
        "scans": config.reader,
        "language": config.language,
    }
    named = [
        f"{sort}: {encoder.source} `{encoder.name}`, sha256 `{encoder.sha256 or encoder.revision or 'random'}`"
        for sort, encoder in encoders.items()
        if encoder is not None
    ]
    compared = f"version {report['compared_with']}" if report["compared_with"] else "no version, as none is in production"
    return f"""# Duke MM, version {report["version"]}

- **Tasks**: {", ".join(config.kinds)}, from the labels and examples of a task and from trained families.
- **Frozen encoders**: {"; ".join(named)}.
- **Run** `{report["run"]}`, evaluated {report["created_at"]} against {compared}."""


def _data(report: dict[str, Any]) -> str:
    data = report["data"]
    return f"""## Evaluation data
- {data["validation"]:,} fresh outcomes and {data["reservoir"]:,} of a reservoir that is never trained on, in
  {data["families"]:,} families (manifest sha256 `{data["manifest_sha256"]}`).
- {data["by_word"]:,} labels by an explicit review, {data["by_silence"]:,} by automatic acceptance. The latter confirm
  whatever was served: they count in the metrics of a version, not in comparisons of versions.
- Excluded: {data["refused"]:,} refused without a correction (right answer unknown), {data["no_label"]:,} without a usable
  label, {data["unreadable"]:,} with missing files."""


def _scores(report: dict[str, Any]) -> str:
    sides = [("candidate", report["candidate"]), ("production", report["production"])]
    present = [(name, scores) for name, scores in sides if scores]
    rows = [["", *(name for name, _ in present)]]
    for title, read in _LINES:
        cells = [read(scores) for _, scores in present]
        if any(cell != "–" for cell in cells):
            rows.append([title, *cells])
    return "## All families\n" + _table(rows) + _changes(report)


def _changes(report: dict[str, Any]) -> str:
    flips = report["flips"]
    if not flips:
        return ""
    return (
        f"\n\nAgainst production, {flips['positive']:,} items were gained and {flips['negative']:,} lost, "
        f"of {flips['items']:,} explicitly reviewed ones."
    )


def _families(report: dict[str, Any]) -> str:
    families = sorted(report["families"].items(), key=lambda one: (-one[1]["candidate"]["items"], one[0]))
    rows = [["family", "kind", "items", "accuracy", "production", "ECE", "in 95 % sets", "negative flips"]]
    for name, family in families[:MAX_LISTED_FAMILIES]:
        scores, before = family["candidate"], family["production"]
        held = scores["sets"]
        rows.append(
            [
                f"`{name}`",
                family["kind"],
                f"{scores['items']:,}",
                _percent(scores["accuracy"]),
                _percent(before["accuracy"] if before else None),
                _number(scores["ece"]),
                _percent(held["coverage"] if held else None),
                f"{family['flips']['negative']:,}" if family["flips"] else "–",
            ]
        )
    more = (
        f"\n\n{len(families) - MAX_LISTED_FAMILIES:,} smaller families are not listed."
        if len(families) > MAX_LISTED_FAMILIES
        else ""
    )
    return "## By family\n" + _table(rows) + more


def _gate(report: dict[str, Any]) -> str:
    gate = report["gate"]
    lines = [
        f"- {'passed' if rule['passed'] else '**failed**'} ({rule['rule']}"
        f"{'' if rule.get('decisive', True) else ', for information'}): {rule['detail']}"
        for rule in gate["rules"]
    ]
    return f"## Gate: {gate['decision']}\n" + "\n".join(lines)


def _limits(config: ModelConfig) -> str:
    reads = f"the first {config.classifier.max_characters:,} characters of a text, embedded from the first "
    missing = [
        sort for sort, encoder in (("images", config.image_encoder), ("sounds", config.audio_encoder)) if encoder is None
    ]
    unread = f"\n- It does not read {' or '.join(missing)}." if missing else ""
    return f"""## Limits
- Input: {reads}{config.text_encoder.max_tokens} word pieces.{unread}
- Metrics hold for the evaluated families. Labels are the buyers' judgements, which may be wrong.
- A number counts as right within half a standard deviation of its family's numbers.
- With few items, use the intervals in metrics.json."""


def _table(rows: list[list[str]]) -> str:
    head, *rest = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, "|" + "---|" * len(rows[0]), *rest])


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _range(values: Iterable[float] | None) -> str:
    return "" if values is None else " (" + " to ".join(f"{100 * value:.1f}" for value in values) + ")"


def _calibration(scores: dict[str, Any]) -> str:
    found = scores["calibration"]
    if found is None:
        return "–"
    low, high = found["interval"]
    return f"{scores['ece']:.3f} ({low:.3f} to {high:.3f}; a calibrated model: {found['if_true']['mean']:.3f})"


def _surest(scores: dict[str, Any]) -> str:
    return _percent(scores["surest"]["accuracy"]) if scores["surest"] else "–"


def _sets(scores: dict[str, Any]) -> str:
    held = scores["sets"]
    return f"{_percent(held['coverage'])}{_range(held['coverage_interval'])}, size {held['size']:.2f}" if held else "–"


_LINES = (
    ("items", lambda s: f"{s['items']:,}"),
    ("accuracy (95 % interval)", lambda s: _percent(s["accuracy"]) + _range(s["accuracy_interval"])),
    (
        "precision, recall, F1 (means over classes)",
        lambda s: " · ".join(_percent(s[n]) for n in ("precision", "recall", "f1")) if s["f1"] is not None else "–",
    ),
    ("calibration error of the confidence", _calibration),
    ("accuracy of the surest 70 %", _surest),
    ("right answer in the 95 % set or interval", _sets),
    ("R²", lambda s: _number(s["r2"])),
    (
        "exact match of texts, F1 of words",
        lambda s: f"{_percent(s['exact_match'])} · {_percent(s['token_f1'])}" if s["exact_match"] is not None else "–",
    ),
    ("items without an answer", lambda s: f"{s['unanswered']:,}"),
)
