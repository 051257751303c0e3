"""One family's outcomes of any shape beside two honest families: does the run end, and do the others' figures stay?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from shapes import Line, Shape, honest, put, shaped
from taught import FAST, colours, heights

from dukemm.answering.version import Version, load_version
from dukemm.config import FusionConfig
from dukemm.contract.manifest import read_manifest
from dukemm.contract.unusable import Unusable
from dukemm.domain.outcomes import Outcome as OutcomeRow
from dukemm.encoders.pool import Encoders
from dukemm.evaluate.recompose import make_recomposer
from dukemm.evaluate.run import Job, evaluate
from dukemm.fusion.training import FusionTraining
from dukemm.storage import Storage
from dukemm.train.run import train
from dukemm.versions.artifact import write_folder

CONFIG = replace(
    FAST,
    version="2",
    network=FusionConfig(width=16, layers=1, hidden=32),
    training=FusionTraining(steps=6, max_epochs=2, min_epochs=1),
)
HONEST = ("colours", "heights")


@dataclass(frozen=True)
class Outcome:
    """What a run left."""

    #: What is promoted where the gate lets it pass.
    version: Version
    report: dict[str, Any]
    unusable: dict[str, Any]
    #: What it was trained on.
    rows: list[OutcomeRow]
    #: Raw answers of the new version to items that nobody has seen, of the honest families.
    answers: list[tuple[Any, ...]]


def run(folder: Path, lines: list[Line], encoders: Encoders, parent: Version | None = None) -> Outcome:
    """Train on a manifest with these lines, and evaluate beside the parent. Raises what ends a run."""
    data = put(folder / "data", lines, parent.config.version if parent else None)
    return run_on(data, folder, encoders, parent)


def run_on(data: Path, folder: Path, encoders: Encoders, parent: Version | None = None) -> Outcome:
    """The same on data that lies there."""
    manifest = read_manifest(data)
    unusable, told = Unusable("train"), []
    trained = train(
        CONFIG, manifest.rows("train", unusable), Storage(folder), told.append,
        encoders=encoders, parent=parent, unusable=unusable,
    )  # fmt: skip
    write_folder(trained.files, folder / "model")
    storage = Storage(folder)

    def load(where: Path) -> Version:
        return load_version(where, storage, encoders)

    version = load(folder / "model")
    recomposer = make_recomposer(version, parent, folder / "out", load)
    job = Job(data, version, parent, folder / "out", None, "2026-11-25T02:30:00.000Z", 0.0, recomposer)
    report = evaluate(job, lambda _line: None)
    if "recomposed" in report:
        version = load(folder / "out")
    said = [line["report"] for line in told if line["event"] == "unusable"][-1]
    rows = list(manifest.rows("train", Unusable("train")))
    return Outcome(version, report, said, rows, _answers(version))


def _answers(version: Version) -> list[tuple[Any, ...]]:
    unseen = [*colours(12, seed=3), *heights(60)[50:]]
    return [(a.prediction, a.confidence, a.interval, tuple(a.alternatives or ())) for a in version.answer_rows(unseen)]


def difference(one: Any, other: Any) -> float:
    """Largest absolute difference of two figures of the same form; infinite where the form or a text differs."""
    if isinstance(one, bool) or not isinstance(one, int | float):
        if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
            return max((difference(one[key], other[key]) for key in one), default=0.0)
        if isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
            return max((difference(a, b) for a, b in zip(one, other, strict=True)), default=0.0)
        return 0.0 if one == other else float("inf")
    return abs(one - other) if isinstance(other, int | float) else float("inf")


def isolation(alone: Outcome, beside: Outcome) -> float:
    """Largest difference in the honest families' figures and raw answers."""
    figures = [difference(alone.report["families"][name], beside.report["families"][name]) for name in HONEST]
    return max(*figures, difference(alone.answers, beside.answers))


def case(folder: Path, shapes: Sequence[Shape], seed: int, encoders: Encoders) -> Outcome:
    """The honest families beside a family of each shape, whose lines come first."""
    return run(folder, [*(line for shape in shapes for line in shaped(shape, seed)), *honest()], encoders)
