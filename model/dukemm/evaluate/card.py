"""MODEL_CARD.md, from the same figures as metrics.json. It names no label, field or item of anybody."""

from collections.abc import Iterable
from typing import Any

from dukemm.config import ModelConfig

#: Families that are listed: those with most items.
LISTED = 50


def card_of(report: dict[str, Any], config: ModelConfig) -> str:
    """Markdown of a report (contracts/learning/evaluation.ts)."""
    parts = (_head(report, config), _data(report), _scores(report), _families(report), _gate(report), _limits(config))
    return "\n\n".join(parts) + "\n"


def _head(report: dict[str, Any], config: ModelConfig) -> str:
    encoders = {
        "texts": config.text_encoder,
        "images": config.image_encoder,
        "sounds": config.audio_encoder,
        "language": config.language,
    }
    named = [
        f"{sort}: {encoder.source} `{encoder.name}`, sha256 `{encoder.sha256 or encoder.revision or 'random'}`"
        for sort, encoder in encoders.items()
        if encoder is not None
    ]
    compared = f"version {report['compared_with']}" if report["compared_with"] else "nothing: no version serves yet"
    return f"""# Duke MM, version {report["version"]}

- **Does**: {", ".join(config.kinds)}, with the labels and examples that come with a task and what it learned from outcomes.
- **Stands on** frozen encoders. {"; ".join(named)}.
- **Run** `{report["run"]}`, evaluated {report["created_at"]} against {compared}."""


def _data(report: dict[str, Any]) -> str:
    data = report["data"]
    return f"""## Measured on
- {data["validation"]:,} fresh outcomes and {data["reservoir"]:,} of a reservoir that no version is trained on, of
  {data["families"]:,} families (manifest sha256 `{data["manifest_sha256"]}`).
- {data["by_word"]:,} labels by the buyer's word, {data["by_silence"]:,} by silence. Silence confirms whatever was served:
  such labels count in the figures of a version, never between versions.
- Left out: {data["refused"]:,} refused without a correction (no right answer is known), {data["no_label"]:,} that are no
  labels, {data["unreadable"]:,} that cannot be read any more."""


def _scores(report: dict[str, Any]) -> str:
    sides = [("candidate", report["candidate"]), ("production", report["production"])]
    present = [(name, scores) for name, scores in sides if scores]
    rows = [["", *(name for name, _ in present)]]
    for title, read in _LINES:
        cells = [read(scores) for _, scores in present]
        if any(cell != "–" for cell in cells):
            rows.append([title, *cells])
    return "## Over all families\n" + _table(rows) + _changes(report)


def _changes(report: dict[str, Any]) -> str:
    flips = report["flips"]
    if not flips:
        return ""
    return (
        f"\n\nOf {flips['items']:,} items judged by word, {flips['positive']:,} are right that were wrong, "
        f"{flips['negative']:,} wrong that were right."
    )


def _families(report: dict[str, Any]) -> str:
    families = sorted(report["families"].items(), key=lambda one: (-one[1]["candidate"]["items"], one[0]))
    rows = [["family", "kind", "items", "accuracy", "production", "ECE", "in 95 % sets", "negative flips"]]
    for name, family in families[:LISTED]:
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
    more = f"\n\n{len(families) - LISTED:,} smaller families are not listed." if len(families) > LISTED else ""
    return "## By family\n" + _table(rows) + more


def _gate(report: dict[str, Any]) -> str:
    gate = report["gate"]
    lines = [
        f"- {'passed' if rule['passed'] else '**failed**'} ({rule['rule']}): {rule['detail']}" for rule in gate["rules"]
    ]
    return f"## Gate: {gate['decision']}\n" + "\n".join(lines)


def _limits(config: ModelConfig) -> str:
    reads = f"the first {config.classifier.max_characters:,} characters of a text, its meaning from the first "
    missing = [
        sort for sort, encoder in (("images", config.image_encoder), ("sounds", config.audio_encoder)) if encoder is None
    ]
    unread = f"\n- It reads no {' and no '.join(missing)}." if missing else ""
    return f"""## Limits
- It reads {reads}{config.text_encoder.max_tokens} word pieces.{unread}
- Figures hold for the families they were measured on. Labels are what buyers said, not the truth.
- A number counts as right within half a standard deviation of its family's numbers.
- With few items an interval says more than a figure: see metrics.json."""


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
    return f"{scores['ece']:.3f} ({low:.3f} to {high:.3f}; true confidences would show {found['if_true']['mean']:.3f})"


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
