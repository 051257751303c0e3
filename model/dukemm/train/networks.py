"""One fusion network a buyer: nothing that one buyer sends moves a weight of another's.

docs/adr/0023-one-network-a-buyer.md has the reasons and the costs.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from dukemm.answering.version import Version
from dukemm.config import FusionConfig
from dukemm.contract.unusable import Unusable
from dukemm.domain.errors import DukeMMError
from dukemm.fusion.training import FusionTraining, Member
from dukemm.train.ensemble import Ensemble, FamilyInput, media_widths, probe, train_ensemble

#: Labelled rows of a buyer that a network needs before it is trained at all.
FEWEST_FOR_FUSION = 40
#: Buyers with most rows that have a network: one weighs 9 MB in the artifact, and 2 GB is all that is loaded.
MOST_NETWORKS = 100


@dataclass(frozen=True)
class NetworkRun:
    """What the networks of a run are trained with."""

    network: FusionConfig
    training: FusionTraining
    seed: int
    #: Of time.monotonic().
    deadline: float
    parent: Version | None = None
    checkpoints: Path | None = None
    #: Names the run's data and settings.
    key: str = ""


def train_networks(
    run: NetworkRun, inputs: Sequence[FamilyInput], progress: Callable[[dict[str, Any]], None], unusable: Unusable
) -> dict[str, Ensemble]:
    """By family, the network of its buyer. A family that no network can read is named in `unusable` and left out.

    The epochs of the buyer with most rows are told to `progress`, of the others only that they are done.
    """
    buyers: dict[str, list[FamilyInput]] = {}
    for family in inputs:
        buyers.setdefault(family.data.buyer, []).append(family)
    rows = {buyer: sum(len(family.encoded) for family in families) for buyer, families in buyers.items()}
    chosen = [
        buyer for buyer in sorted(buyers, key=lambda buyer: (-rows[buyer], buyer)) if rows[buyer] >= FEWEST_FOR_FUSION
    ]
    chosen = chosen[:MOST_NETWORKS]
    found: dict[str, Ensemble] = {}
    for place, buyer in enumerate(chosen):
        begun = time.monotonic()
        # Each buyer has the share of the time that is left which it has of the rows: a large one takes nobody's.
        share = rows[buyer] / sum(rows[other] for other in chosen[place:])
        until = replace(run, deadline=begun + share * (run.deadline - begun))
        told = progress if place == 0 else _silent
        ensemble = _network_of(until, buyer, buyers[buyer], told, unusable)
        if ensemble is not None:
            found |= dict.fromkeys(ensemble.families, ensemble)
        spent = round(time.monotonic() - begun, 3)
        progress({"event": "network", "buyer": buyer, "rows": rows[buyer], "made": ensemble is not None, "seconds": spent})
    return found


def _network_of(
    run: NetworkRun,
    buyer: str,
    families: Sequence[FamilyInput],
    progress: Callable[[dict[str, Any]], None],
    unusable: Unusable,
) -> Ensemble | None:
    def config_of(some: Sequence[FamilyInput]) -> FusionConfig:
        return replace(run.network, text_width=some[0].instruction.shape[0], media_widths=media_widths(some))

    readable = []
    for family in families:
        try:
            probe(config_of([family]), family)
            readable.append(family)
        except Exception as error:
            unusable.broken(family.data.name, "the network cannot read its items", error, len(family.encoded))
    if not readable:
        return None
    name = hashlib.sha256(buyer.encode()).hexdigest()[:16]
    ensemble = train_ensemble(
        config_of(readable), readable, run.training, run.seed, lambda line: progress({"event": "epoch", **line}),
        parent=_parent_of(run.parent, readable), checkpoints=run.checkpoints, name=name,
        key=f"{run.key}/{run.seed}/{','.join(family.data.name for family in readable)}", deadline=run.deadline,
    )  # fmt: skip
    # A network whose weights ran away says nothing; the families' own experts do.
    weights = (parameter for member in ensemble.members for parameter in member.parameters())
    return ensemble if all(bool(torch.isfinite(weight).all()) for weight in weights) else None


def _parent_of(parent: Version | None, families: Sequence[FamilyInput]) -> Sequence[Member]:
    """The members of the network that the version before has for these families; none where they cannot be read."""
    if parent is None:
        return ()
    for family in families:
        try:
            members = parent.families.members_of(family.data.name)
        except DukeMMError:  # its weights are no start; the family itself is looked at where its state is kept
            continue
        if members:
            return members
    return ()


def _silent(_line: dict[str, Any]) -> None:
    """Epochs of two networks would not be one curve."""
