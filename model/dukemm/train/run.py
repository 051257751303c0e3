"""Runs one training: outcomes in, files of a version out."""

import dataclasses
import hashlib
import json
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
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
from dukemm.train.kept import unfitted_parent_families
from dukemm.train.learned import FitConfig, fit_family
from dukemm.train.networks import NetworkRun, train_networks
from dukemm.train.reading import Progress, read_family
from dukemm.versions.artifact import first_config, version_files
from dukemm.versions.families import Known, pack_families
from dukemm.versions.family import KnownFamily


@dataclass(frozen=True)
class TrainConfig:
    """Settings of a training run."""

    version: str
    preset: str = "embedded"
    seed: int = 0
    max_seconds: float = 3600.0
    fusion: bool = True
    filter_noise: bool = True
    #: For reports: also fit the families with the network and the memory only.
    without_specialists: bool = False
    network: FusionConfig = dataclasses.field(default_factory=FusionConfig)
    training: FusionTraining = dataclasses.field(default_factory=FusionTraining)


@dataclass(frozen=True)
class Trained:
    """Result of a run: the files of the version and its families."""

    config: ModelConfig
    families: dict[str, Known]
    files: dict[str, bytes]
    #: Empty unless configured.
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
    withdrawn: Collection[str] = (),
) -> Trained:
    """Train on the outcomes of the train split. Deterministic for the same data and seed.

    Unusable outcomes and families are dropped and recorded in `unusable`; a family that could not be fitted is carried over
    from `parent`. Nothing of `withdrawn` families in `parent` is used: their buyers withdrew outcomes. Raises DukeMMError
    for a fault of this machine (overloaded, internal).
    """
    unusable = unusable or Unusable("train")
    withdrawn = parent.families.sharing_state(withdrawn) if parent else ()
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
        # Networks get half of the time, experts the other half.
        until = started + config.max_seconds / 2
        run = NetworkRun(config.network, config.training, config.seed, until, parent, withdrawn, checkpoints, data_key)
        networks = train_networks(run, judged, progress, unusable)
    families, without_specialists = _fit_families(inputs, networks, model, config, progress, deadline, unusable)
    kept = unfitted_parent_families(parent, model, families, unusable, withdrawn)
    packed = pack_families({**families, **kept})
    parameters = encoders.text(model.text_encoder).parameters
    files = version_files(model, packed.families, packed.calibration, packed.memory, parameters, packed.networks)
    progress({"event": "unusable", "report": unusable.report(kept, parent.config.version if parent else None)})
    size = sum(map(len, files.values()))
    spent = round(time.monotonic() - started, 3)
    progress({"event": "end", "seconds": spent, "bytes": size, "kinds": list(model.kinds), "kept_families": len(kept)})
    return Trained(model, {**families, **kept}, files, without_specialists)


def _fit_families(
    inputs: Sequence[FamilyInput],
    networks: Mapping[str, Ensemble],
    model: ModelConfig,
    config: TrainConfig,
    progress: Progress,
    deadline: float,
    unusable: Unusable,
) -> tuple[dict[str, Known], dict[str, KnownFamily]]:
    """Fitted families by name and, if configured, their variants without specialists."""
    families: dict[str, Known] = {}
    without_specialists: dict[str, KnownFamily] = {}
    settings = FitConfig(config.seed, config.filter_noise, config.without_specialists)
    for family in inputs:
        name, kind, started = family.data.name, family.data.kind, time.monotonic()
        if name in unusable.families:
            continue
        try:
            known, variant = fit_family(family, networks.get(name), model, settings)
        except Exception as error:
            unusable.broken(name, "it could not be fitted", error, len(family.encoded))
            continue
        families[name] = known
        if variant is not None:
            without_specialists[name] = variant
        spent = round(time.monotonic() - started, 3)
        line = {"family": name, "kind": kind, "rows": len(family.encoded), "seconds": spent}
        progress({"event": "family", **line, "late": time.monotonic() > deadline})
    return families, without_specialists


def checkpoint_key(manifest_sha256: str, config: TrainConfig) -> str:
    """Hash of a run's data and settings; checkpoints with another key are ignored."""
    inputs = json.dumps([manifest_sha256, dataclasses.asdict(config)], sort_keys=True, default=str)
    return hashlib.sha256(inputs.encode()).hexdigest()
