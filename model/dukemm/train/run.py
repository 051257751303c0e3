"""One training run: data in, artifact out."""

import dataclasses
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from dukemm.answering import Version
from dukemm.artifact import first_config, version_files
from dukemm.config import FusionConfig, ModelConfig
from dukemm.data.outcome import Outcome, label_of
from dukemm.errors import DukeMMError
from dukemm.features.cache import FeatureCache
from dukemm.features.clean import without_control
from dukemm.features.encode import ItemEncoder
from dukemm.fusion.training import FusionTraining
from dukemm.generation.known import MOST as MOST_TEXTS
from dukemm.generation.known import KnownTexts
from dukemm.learn.classifier import FamilyClassifier, fit_classifier, memory_alone
from dukemm.learn.fitting import FittedExperts
from dukemm.learn.known import KnownFamily, Record
from dukemm.learn.regressor import FamilyRegressor, fit_regressor
from dukemm.learn.store import Known, member_tensors, packed_families
from dukemm.serve.encoders import Encoders
from dukemm.serve.storage import Storage
from dukemm.task.blocks import Encoded
from dukemm.task.calibration import CalibrationPrior
from dukemm.task.context import Example
from dukemm.task.explain import excerpt_of
from dukemm.task.labels import label_texts
from dukemm.train.ensemble import Ensemble, FamilyInput, media_widths, train_ensemble
from dukemm.train.families import FamilyData, gather

#: Labelled rows that the network needs before it is trained at all.
FEWEST_FOR_FUSION = 40

Progress = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class TrainConfig:
    """What a run is told."""

    version: str
    preset: str = "embedded"
    seed: int = 0
    max_seconds: float = 3600.0
    fusion: bool = True
    filter_noise: bool = True
    #: For reports: the same families answered by the network and the memory alone.
    without_specialists: bool = False
    network: FusionConfig = dataclasses.field(default_factory=FusionConfig)
    training: FusionTraining = dataclasses.field(default_factory=FusionTraining)


@dataclass(frozen=True)
class Trained:
    """What a run has made: the files of the version, and the families as they answer."""

    config: ModelConfig
    families: dict[str, Known]
    files: dict[str, bytes]
    #: Empty unless the config asks for it.
    without_specialists: dict[str, KnownFamily]


def train(
    config: TrainConfig,
    outcomes: Iterable[Outcome],
    storage: Storage,
    progress: Progress,
    *,
    encoders: Encoders | None = None,
    cache: FeatureCache | None = None,
    parent: Version | None = None,
    checkpoints: Path | None = None,
    data_key: str = "",
) -> Trained:
    """Learn from the outcomes of the train split. Seeded: the same data and seed give the same files.

    Raises DukeMMError where an item's media cannot be read.
    """
    started = time.monotonic()
    deadline = started + config.max_seconds
    model = first_config(config.preset, config.version)
    encoders = encoders or Encoders()
    items = ItemEncoder(model, storage, encoders, cache)
    gathered = gather(outcomes)
    progress({"event": "start", "families": len(gathered), "rows": sum(len(f.outcomes) for f in gathered)})
    inputs = [_input(family, items, model, encoders, progress) for family in gathered]
    judged = [family for family in inputs if family.data.kind != "generation"]
    ensemble = None
    if config.fusion and sum(len(family.encoded) for family in judged) >= FEWEST_FOR_FUSION:
        network = replace(config.network, text_width=judged[0].instruction.shape[0], media_widths=media_widths(judged))
        model = replace(model, fusion=network)
        # The network's half of the time; the other half is the experts'.
        ensemble = train_ensemble(
            network, judged, config.training, config.seed, lambda line: progress({"event": "epoch", **line}),
            parent=parent.families.members if parent else (), checkpoints=checkpoints, key=f"{data_key}/{config.seed}",
            deadline=started + config.max_seconds / 2,
        )  # fmt: skip
    families: dict[str, Known] = {}
    plain: dict[str, KnownFamily] = {}
    for family in inputs:
        begun = time.monotonic()
        families[family.data.name], other = _learned(family, ensemble, model, config)
        if other is not None:
            plain[family.data.name] = other
        spent = round(time.monotonic() - begun, 3)
        told = {"family": family.data.name, "kind": family.data.kind, "rows": len(family.encoded), "seconds": spent}
        progress({"event": "family", **told, "late": time.monotonic() > deadline})
    specs, calibration, memory = packed_families(families)
    tensors = member_tensors(ensemble.members) if ensemble else {}
    parameters = encoders.text(model.text_encoder).parameters
    files = version_files(model, tensors, specs, calibration, memory, parameters, ensemble.heads if ensemble else None)
    size = sum(map(len, files.values()))
    spent = round(time.monotonic() - started, 3)
    progress({"event": "end", "seconds": spent, "bytes": size, "kinds": list(model.kinds)})
    return Trained(model, families, files, plain)


def _input(
    family: FamilyData, items: ItemEncoder, model: ModelConfig, encoders: Encoders, progress: Progress
) -> FamilyInput:
    begun = time.monotonic()
    readable, encoded = _encoded(family, items)
    family = family.rows(readable)
    text = encoders.text(model.text_encoder)
    meanings = [without_control(meaning) for meaning in label_texts(family.labels, family.description)]
    instruction = text.vectors([without_control(family.description)], float("inf"))[0]
    width = len(instruction)
    vectors = text.vectors(meanings, float("inf")) if meanings else np.zeros((0, width), np.float32)
    told = {"family": family.name, "rows": len(encoded), "seconds": round(time.monotonic() - begun, 3)}
    progress({"event": "encoded", **told})
    return FamilyInput(family, encoded, instruction, vectors)


def _encoded(family: FamilyData, items: ItemEncoder) -> tuple[np.ndarray, list[Encoded]]:
    """Places and encodings of the rows that can still be read: a file may have been deleted since."""
    rows = [outcome.item for outcome in family.outcomes]
    try:
        return np.arange(len(rows)), items.encode(rows, float("inf"))
    except DukeMMError as error:
        if error.code not in ("invalid_request", "unsupported"):
            raise
    found: dict[int, Encoded] = {}
    for place, row in enumerate(rows):
        try:
            found[place] = items.encode([row], float("inf"))[0]
        except DukeMMError as error:
            if error.code not in ("invalid_request", "unsupported"):
                raise
    return np.array(list(found), np.int64), list(found.values())


def _learned(
    family: FamilyInput, ensemble: Ensemble | None, model: ModelConfig, config: TrainConfig
) -> tuple[Known, KnownFamily | None]:
    data = family.data
    confirmed = np.flatnonzero(~data.refused)
    encoded = [family.encoded[i] for i in confirmed]
    rows = data.rows(confirmed)
    if data.kind == "generation":
        return KnownTexts(_examples(rows, encoded)[-MOST_TEXTS:]), None
    elsewhere = ensemble.left_out(family)[confirmed] if ensemble else None
    fusion = ensemble.families[data.name] if ensemble else None

    def fit(before: FittedExperts | None) -> tuple[FamilyClassifier | FamilyRegressor, FittedExperts]:
        given = (rows.answers, rows.weights, model.classifier.ridge)
        if data.kind == "classification":
            prior, noise = CalibrationPrior(), config.filter_noise
            classifier, left = fit_classifier(
                data.labels, encoded, *given, prior,
                elsewhere=elsewhere, filter_noise=noise, fitted_before=before, seed=config.seed,
            )  # fmt: skip
            return classifier, left.found
        numbers = None if elsewhere is None else elsewhere[:, 0]
        return fit_regressor(encoded, *given, elsewhere=numbers, fitted_before=before, seed=config.seed)

    records = [
        Record(outcome.id, _expected(outcome), excerpt_of(item), digest)
        for outcome, item, digest in zip(rows.outcomes, encoded, rows.digests, strict=True)
    ]
    fitted, found = fit(None)
    whole = KnownFamily(data.name, data.kind, fitted, fusion, records)
    if not config.without_specialists:
        return whole, None
    return whole, replace(whole, model=fit(memory_alone(found))[0])


def _examples(rows: FamilyData, encoded: Sequence[Encoded]) -> list[Example]:
    return [
        Example(outcome.id, label_of(_expected(outcome)), item, digest)
        for outcome, item, digest in zip(rows.outcomes, encoded, rows.digests, strict=True)
    ]


def _expected(outcome: Outcome) -> str | float:
    assert outcome.expected is not None
    return outcome.expected


def key_of(manifest_sha256: str, config: TrainConfig) -> str:
    """Names a run's data and settings: a checkpoint of another is not taken up."""
    said = json.dumps([manifest_sha256, dataclasses.asdict(config)], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()
