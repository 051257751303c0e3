"""`dukemm evaluate`: compares a candidate with the version in production on outcomes that neither was trained on."""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from dukemm.contract.curves import read_curves
from dukemm.contract.manifest import Manifest, read_manifest
from dukemm.contract.unusable import Unusable
from dukemm.domain.errors import DukeMMError
from dukemm.domain.outcomes import Outcome
from dukemm.evaluate.asking import UNREADABLE, Version, ask
from dukemm.evaluate.card import render_card
from dukemm.evaluate.held_back import Reason, Recomposer, select_held_back
from dukemm.evaluate.importance import MAX_FAMILIES, Importance, Sample, importances
from dukemm.evaluate.judged import NO_ANSWER, Answered, Judged, JudgedAnswer, expected_answer, judge
from dukemm.evaluate.report import HoldBackResult, Measured, build_report, measure_families

#: Most rows and characters per batch of one family. Batches depend on the family's own rows only, and so do its answers, to
#: the last digit.
BLOCK_ROWS = 128
BLOCK_CHARACTERS = 1 << 20
METRICS = "metrics.json"
CARD = "MODEL_CARD.md"

Progress = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Job:
    """Inputs and settings of an evaluation."""

    data: Path
    candidate: Version
    production: Version | None
    output: Path
    curves: Path | None
    created_at: str
    #: Time limit for the importance of fields; 0 skips it.
    importance_seconds: float = 90.0
    #: Rebuilds the candidate without families that became worse. None: the gate decides for all families together.
    recomposer: Recomposer | None = None
    #: Whether a candidate that earns less than production is archived.
    revenue_decides: bool = False


def evaluate(job: Job, progress: Progress) -> dict[str, Any]:
    """Write metrics.json and MODEL_CARD.md, and return the report (contracts/learning/evaluation.ts).

    Deterministic except for times. Raises DukeMMError.
    """
    started = time.monotonic()
    manifest = read_manifest(job.data)
    progress({"event": "start", "run": manifest.id, "rows": _rows(manifest), "families": len(manifest.families)})
    sample = Sample(_largest(manifest), manifest.seed)
    counts: Counter[str] = Counter()
    unusable = Unusable("evaluate")
    unusable.of_families = len(manifest.families)
    rows = _judged(job, manifest, sample, counts, progress, unusable)
    first = measure_families(_by_family(rows), manifest.seed, unusable)
    names = manifest.withdrawn_families
    withdrawn = job.recomposer.sharing_state(names) if job.recomposer else set(names)
    job, measured, held = _held_back(job, manifest, first, withdrawn, progress, unusable)
    report = build_report(
        manifest,
        measured,
        versions=(job.candidate.config.version, job.production.config.version if job.production else None),
        counts=counts,
        importance=_importances(job, sample, manifest.seed, unusable),
        curves=read_curves(job.curves),
        created_at=job.created_at,
        unusable=unusable,
        held=held,
        withdrawn=withdrawn,
        revenue_decides=job.revenue_decides,
    )
    report["seconds"] = round(time.monotonic() - started, 3)
    job.output.mkdir(parents=True, exist_ok=True)
    (job.output / METRICS).write_text(json.dumps(report, indent=1, allow_nan=False, ensure_ascii=False) + "\n")
    (job.output / CARD).write_text(render_card(report, job.candidate.config))
    progress({"event": "gate", "decision": report["gate"]["decision"], "reasons": report["gate"]["reasons"]})
    progress({"event": "end", "seconds": report["seconds"]})
    return report


def _by_family(rows: Iterable[Judged]) -> dict[str, list[Judged]]:
    families: dict[str, list[Judged]] = defaultdict(list)
    for row in rows:
        families[row.family].append(row)
    return {name: families[name] for name in sorted(families)}


def _held_back(
    job: Job,
    manifest: Manifest,
    first: Measured,
    withdrawn: Collection[str],
    progress: Progress,
    unusable: Unusable,
) -> tuple[Job, Measured, HoldBackResult | None]:
    """Rebuild the candidate with production's state of families that it answers worse, and measure it.

    Families in `withdrawn` never keep production's state. Only the rows of held-back families are answered again, as the
    others have the same bytes.
    """
    recomposer = job.recomposer
    if recomposer is None:
        return job, first, None
    reasons = select_held_back(first.families, first.broken, recomposer.unreadable(manifest.families), withdrawn)
    if not reasons:
        return job, first, None
    try:
        made = recomposer.without(reasons, withdrawn)
    except DukeMMError as error:
        progress({"event": "not_held_back", "families": len(reasons), "reason": error.message})
        return job, first, None
    reasons |= {name: Reason("the new version's state of it cannot be read") for name in made.unreadable}
    job = replace(job, candidate=made.version)
    discarded = Sample([], manifest.seed), Counter(), _ignore_progress, Unusable("evaluate")
    again = _by_family(_judged(job, manifest, *discarded, only=set(reasons)))
    measured = measure_families({**first.rows, **again}, manifest.seed, unusable)
    for name, reason in reasons.items():
        kept = recomposer.version if name in made.kept else None
        if kept is None:
            reason = replace(reason, text=f"{reason.text}; there is no earlier state of it, so it is left out")
            reasons[name] = reason
        unusable.held_back(name, reason.text, len(first.rows.get(name, ())), kept)
    progress({"event": "held_back", "families": len(reasons), "kept": len(made.kept)})
    return job, measured, HoldBackResult(reasons, first, made)


def _ignore_progress(_line: dict[str, Any]) -> None:
    """Rows that are answered again were counted before."""


def _rows(manifest: Manifest) -> int:
    return manifest.counts.validation + manifest.counts.reservoir


def _largest(manifest: Manifest) -> list[str]:
    sizes = {name: family.validation + family.reservoir for name, family in manifest.families.items()}
    return sorted(sizes, key=lambda name: (-sizes[name], name))[:MAX_FAMILIES]


def _judged(
    job: Job,
    manifest: Manifest,
    sample: Sample,
    counts: Counter[str],
    progress: Progress,
    unusable: Unusable,
    only: Collection[str] | None = None,
) -> Iterator[Judged]:
    """Judge both versions' answers, batch by batch, holding little of each row. `only`: restricts to these families."""
    started, done = time.monotonic(), 0
    rows = chain(manifest.rows("validation", unusable), manifest.rows("reservoir", unusable))
    if only is not None:
        rows = (row for row in rows if row.family in only)
    for block in _blocks(rows):
        labelled = [row for row in block if is_label(row)]
        counts["no_label"] += len(block) - len(labelled)
        replies = ask(job.candidate, labelled, unusable)
        others = ask(job.production, labelled, unusable) if job.production else [UNREADABLE] * len(labelled)
        for row, reply, other in zip(labelled, replies, others, strict=True):
            if reply is UNREADABLE and other is UNREADABLE:
                counts["unreadable"] += 1
                unusable.outcomes(row.family, "a file of the item cannot be read any more")
                continue
            counts["refused" if row.refused else "by_silence" if row.label_source == "auto_accepted" else "by_word"] += 1
            sample.add(row)
            yield judge(row, _answer(reply), _answer(other), job.production is None)
        done += len(block)
        progress(
            {"event": "progress", "rows": done, "of": _rows(manifest), "seconds": round(time.monotonic() - started, 3)}
        )


def _blocks(rows: Iterable[Outcome]) -> Iterator[list[Outcome]]:
    """Batches of rows of one family each, in order."""
    pending: dict[str, list[Outcome]] = defaultdict(list)
    sizes: Counter[str] = Counter()
    for row in rows:
        pending[row.family].append(row)
        sizes[row.family] += sum(len(str(cell)) for cell in row.item.fields.values())
        if len(pending[row.family]) >= BLOCK_ROWS or sizes[row.family] > BLOCK_CHARACTERS:
            yield pending.pop(row.family)
            del sizes[row.family]
    yield from pending.values()


def is_label(row: Outcome) -> bool:
    """Whether a row is a usable label: its weight is not 0, and a regression's answer is a number."""
    truth = expected_answer(row)
    return row.weight > 0 and (isinstance(truth, str) or bool(np.isfinite(truth)))


def _answer(reply: object) -> Answered | None:
    return None if reply is UNREADABLE else reply


def _importances(
    job: Job, sample: Sample, seed: int, unusable: Unusable
) -> tuple[dict[str, list[Importance]], list[Importance]]:
    def answers(rows: Sequence[Outcome]) -> list[JudgedAnswer]:
        # Failures were counted when the rows were judged.
        replies = ask(job.candidate, rows, Unusable("evaluate"))
        return [
            judge(row, _answer(reply), None, True).candidate or NO_ANSWER for row, reply in zip(rows, replies, strict=True)
        ]

    return importances(sample, answers, seed, job.importance_seconds, unusable) if job.importance_seconds > 0 else ({}, [])
