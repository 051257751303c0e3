"""One training run: data in, artifact out."""

import dataclasses
import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dukemm.answering.version import Version
from dukemm.config import FusionConfig, ModelConfig
from dukemm.contract.unusable import Unusable
from dukemm.domain.outcomes import Outcome
from dukemm.encoders.cache import FeatureCache
from dukemm.encoders.items import ItemEncoder
from dukemm.encoders.pool import Encoders
from dukemm.fusion.training import FusionTraining
from dukemm.storage import Storage
from dukemm.train.ensemble import Ensemble, FamilyInput
from dukemm.train.families import gather
from dukemm.train.kept import last_states
from dukemm.train.learned import FitConfig, fit_family
from dukemm.train.networks import NetworkRun, train_networks
from dukemm.train.reading import Progress, read_family
from dukemm.versions.artifact import first_config, version_files
from dukemm.versions.families import Known, packed_families
from dukemm.versions.family import KnownFamily


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
    unusable: Unusable | None = None,
) -> Trained:
    """Learn from the outcomes of the train split. Seeded: the same data and seed give the same files.

    Outcomes and families that cannot be used are left out and named in `unusable`; a family that could not be fitted
    keeps the state that `parent` has of it. Raises DukeMMError where this machine is at fault (overloaded, internal).
    """
    unusable = unusable or Unusable("train")
    started = time.monotonic()
    deadline = started + config.max_seconds
    model = first_config(config.preset, config.version)
    encoders = encoders or Encoders()
    items = ItemEncoder(model, storage, encoders, cache)
    gathered = gather(outcomes, unusable)
    progress({"event": "start", "families": len(gathered), "rows": sum(len(f.outcomes) for f in gathered)})
    read = [read_family(family, items, model, encoders, progress, unusable) for family in gathered]
    inputs = [family for family in read if family is not None]
    networks: dict[str, Ensemble] = {}
    if config.fusion:
        judged = [family for family in inputs if family.data.kind != "generation"]
        # The networks' half of the time; the other half is the experts'.
        until = started + config.max_seconds / 2
        run = NetworkRun(config.network, config.training, config.seed, until, parent, checkpoints, data_key)
        networks = train_networks(run, judged, progress, unusable)
    families, plain = _fitted(inputs, networks, model, config, progress, deadline, unusable)
    kept = last_states(parent, model, families, unusable)
    packed = packed_families({**families, **kept})
    parameters = encoders.text(model.text_encoder).parameters
    files = version_files(model, packed.families, packed.calibration, packed.memory, parameters, packed.networks)
    progress({"event": "unusable", "report": unusable.report(kept, parent.config.version if parent else None)})
    size = sum(map(len, files.values()))
    spent = round(time.monotonic() - started, 3)
    progress({"event": "end", "seconds": spent, "bytes": size, "kinds": list(model.kinds), "kept_families": len(kept)})
    return Trained(model, {**families, **kept}, files, plain)


def _fitted(
    inputs: Sequence[FamilyInput],
    networks: Mapping[str, Ensemble],
    model: ModelConfig,
    config: TrainConfig,
    progress: Progress,
    deadline: float,
    unusable: Unusable,
) -> tuple[dict[str, Known], dict[str, KnownFamily]]:
    """Families by name, and the same without specialists where the config asks for it."""
    families: dict[str, Known] = {}
    plain: dict[str, KnownFamily] = {}
    how = FitConfig(config.seed, config.filter_noise, config.without_specialists)
    for family in inputs:
        name, kind, begun = family.data.name, family.data.kind, time.monotonic()
        if name in unusable.families:
            continue
        try:
            known, other = fit_family(family, networks.get(name), model, how)
        except Exception as error:
            unusable.broken(name, "it could not be fitted", error, len(family.encoded))
            continue
        families[name] = known
        if other is not None:
            plain[name] = other
        spent = round(time.monotonic() - begun, 3)
        told = {"family": name, "kind": kind, "rows": len(family.encoded), "seconds": spent}
        progress({"event": "family", **told, "late": time.monotonic() > deadline})
    return families, plain


def key_of(manifest_sha256: str, config: TrainConfig) -> str:
    """Names a run's data and settings: a checkpoint of another is not taken up."""
    said = json.dumps([manifest_sha256, dataclasses.asdict(config)], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()
