"""Trains one fusion network per buyer, so that no buyer's data affects another buyer's weights.

Reasons and costs: docs/adr/0023-one-network-a-buyer.md.
"""

import hashlib
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from dukemm.answering.version import Version
from dukemm.config import FusionConfig
from dukemm.contract.unusable import Unusable
from dukemm.domain.errors import DukeMMError
from dukemm.fusion.training import FusionTraining, Member
from dukemm.train.ensemble import Ensemble, EnsembleSettings, FamilyInput, media_widths, probe, train_ensemble

#: Fewest labelled rows of a buyer for training a network.
MIN_FUSION_ROWS = 40
#: Most networks of a version, for the buyers with most rows: each has 9 MB, and an artifact at most 2 GB.
MAX_NETWORKS = 100


@dataclass(frozen=True)
class NetworkRun:
    """Settings for training the networks of a run."""

    network: FusionConfig
    training: FusionTraining
    seed: int
    #: Of time.monotonic().
    deadline: float
    parent: Version | None = None
    #: Families whose network in the parent may have been trained on withdrawn outcomes; it is not continued.
    withdrawn: Collection[str] = ()
    checkpoints: Path | None = None
    #: Identifies the run's data and settings; see DiskCheckpoint.
    key: str = ""


def train_networks(
    run: NetworkRun, inputs: Sequence[FamilyInput], progress: Callable[[dict[str, Any]], None], unusable: Unusable
) -> dict[str, Ensemble]:
    """Train the networks; returns each family's ensemble. A family that a network cannot read is recorded in `unusable`.

    `progress` gets the epochs of the buyer with most rows, and one line per finished network.
    """
    buyers: dict[str, list[FamilyInput]] = {}
    for family in inputs:
        buyers.setdefault(family.data.buyer, []).append(family)
    rows = {buyer: sum(len(family.encoded) for family in families) for buyer, families in buyers.items()}
    chosen = [buyer for buyer in sorted(buyers, key=lambda buyer: (-rows[buyer], buyer)) if rows[buyer] >= MIN_FUSION_ROWS]
    chosen = chosen[:MAX_NETWORKS]
    ensembles: dict[str, Ensemble] = {}
    for rank, buyer in enumerate(chosen):
        started = time.monotonic()
        # The remaining time is divided among the remaining buyers by their rows.
        share = rows[buyer] / sum(rows[other] for other in chosen[rank:])
        until = replace(run, deadline=started + share * (run.deadline - started))
        on_epoch = progress if rank == 0 else _ignore_epoch
        ensemble = _train_network(until, buyer, buyers[buyer], on_epoch, unusable)
        if ensemble is not None:
            ensembles |= dict.fromkeys(ensemble.families, ensemble)
        spent = round(time.monotonic() - started, 3)
        progress({"event": "network", "buyer": buyer, "rows": rows[buyer], "made": ensemble is not None, "seconds": spent})
    return ensembles


def _train_network(
    run: NetworkRun,
    buyer: str,
    families: Sequence[FamilyInput],
    progress: Callable[[dict[str, Any]], None],
    unusable: Unusable,
) -> Ensemble | None:
    def network_config(inputs: Sequence[FamilyInput]) -> FusionConfig:
        return replace(run.network, text_width=inputs[0].instruction.shape[0], media_widths=media_widths(inputs))

    readable = []
    for family in families:
        try:
            probe(network_config([family]), family)
            readable.append(family)
        except Exception as error:
            unusable.broken(family.data.name, "the network cannot read its items", error, len(family.encoded))
    if not readable:
        return None
    name = hashlib.sha256(buyer.encode()).hexdigest()[:16]
    settings = EnsembleSettings(
        config=network_config(readable),
        training=run.training,
        seed=run.seed,
        parent=_parent_members(run, readable),
        checkpoints=run.checkpoints,
        name=name,
        key=f"{run.key}/{run.seed}/{','.join(family.data.name for family in readable)}",
        deadline=run.deadline,
    )
    ensemble = train_ensemble(settings, readable, lambda line: progress({"event": "epoch", **line}))
    # A diverged network is dropped; the families' own experts answer without it.
    weights = (parameter for member in ensemble.members for parameter in member.parameters())
    return ensemble if all(bool(torch.isfinite(weight).all()) for weight in weights) else None


def _parent_members(run: NetworkRun, families: Sequence[FamilyInput]) -> Sequence[Member]:
    """Members of the parent's network for these families; empty if it has none that may be continued and can be read."""
    if run.parent is None:
        return ()
    for family in families:
        if family.data.name in run.withdrawn:
            continue
        try:
            members = run.parent.families.members_of(family.data.name)
        except DukeMMError:  # train/kept.py records the unreadable family
            continue
        if members:
            return members
    return ()


def _ignore_epoch(_line: dict[str, Any]) -> None:
    """Epochs of several networks would not form one curve."""
