"""Trains the members of a fusion network on the families of one buyer, with held-out predictions of each row."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dukemm.config import FusionConfig
from dukemm.domain.arrays import Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.domain.items import fold_of
from dukemm.fusion.network import FusionNetwork
from dukemm.fusion.serving import FamilyFusion
from dukemm.fusion.tokens import Normaliser, build_batch
from dukemm.fusion.training import FamilyRows, FusionTraining, Member, train_member, weighted_loss
from dukemm.train.checkpoint import DiskCheckpoint
from dukemm.train.families import FamilyData


@dataclass(frozen=True)
class FamilyInput:
    """A family with encoded items and text embeddings."""

    data: FamilyData
    encoded: Sequence[EncodedItem]
    #: (width,) embedding of the description.
    instruction: NDArray[np.float32]
    #: (labels, width) embeddings of the labels' texts.
    label_vectors: NDArray[np.float32]


@dataclass(frozen=True)
class Ensemble:
    """Trained members, with the network's inputs and the folds of each family."""

    members: Sequence[Member]
    families: Mapping[str, FamilyFusion]
    folds: Mapping[str, NDArray[np.int64]]

    def left_out(self, family: FamilyInput) -> Matrix:
        """(n, labels) log-probabilities, or (n, 1) standardised numbers; NaN for rows in no member's fold."""
        fusion, folds = self.families[family.data.name], self.folds[family.data.name]
        predictions = np.full((len(folds), max(len(family.label_vectors), 1)), np.nan)
        for member in range(len(self.members)):
            chosen = np.flatnonzero(folds == member)
            if len(chosen):
                predictions[chosen] = fusion.member_scores([family.encoded[i] for i in chosen], member)
        return predictions


def media_widths(inputs: Sequence[FamilyInput]) -> dict[str, int]:
    """Width of each token and descriptor kind in the items, by name."""
    widths: dict[str, int] = {}
    for family in inputs:
        for item in family.encoded:
            for features in item.media.values():
                widths[f"{features.kind}.tokens"] = features.tokens.shape[1]
                widths |= {f"{features.kind}.{name}": len(vector) for name, vector in features.descriptors.items()}
    return dict(sorted(widths.items()))


@dataclass(frozen=True)
class EnsembleSettings:
    """Settings for training one network's members."""

    config: FusionConfig
    training: FusionTraining
    seed: int
    #: Members of the parent version's network, to start from.
    parent: Sequence[Member] = ()
    checkpoints: Path | None = None
    #: Distinguishes the checkpoints of several networks.
    name: str = "network"
    #: Identifies data and settings; see DiskCheckpoint.
    key: str = ""
    #: Of time.monotonic().
    deadline: float = math.inf

    def checkpoint(self, member: int) -> DiskCheckpoint | None:
        """The member's checkpoint, if checkpoints are written."""
        return DiskCheckpoint(self.checkpoints, f"{self.name}-member-{member}", self.key) if self.checkpoints else None


def train_ensemble(
    settings: EnsembleSettings, inputs: Sequence[FamilyInput], on_epoch: Callable[[dict[str, Any]], None]
) -> Ensemble:
    """Train each member, starting from the parent member with the same held-out fold, if there is one."""
    config = settings.config
    normalisers = {family.data.name: Normaliser.fit(family.encoded) for family in inputs}
    folds = {
        family.data.name: np.array([fold_of(digest, config.folds) for digest in family.data.digests]) for family in inputs
    }
    rows = [_rows(family, normalisers[family.data.name], folds[family.data.name]) for family in inputs]
    heads = {family.name: (len(family.label_vectors), family.batch.numbers.shape[1]) for family in rows}
    members = []
    for number in range(config.members):
        torch.manual_seed(settings.seed * 100 + number)
        member = Member(FusionNetwork(config), heads)
        if number < len(settings.parent):
            inherit(member, settings.parent[number])

        def log_epoch(line: dict[str, Any], number: int = number) -> None:
            on_epoch({"member": number, **line})

        train_member(
            member,
            rows,
            number,
            settings.training,
            settings.seed,
            log_epoch,
            settings.checkpoint(number),
            settings.deadline,
        )
        members.append(member.requires_grad_(False))
    families = {
        family.data.name: FamilyFusion(
            family.data.name, members, normalisers[family.data.name], family.instruction, family.label_vectors
        )
        for family in inputs
    }
    return Ensemble(members, families, folds)


def probe(config: FusionConfig, family: FamilyInput) -> None:
    """Run a family through an untrained network.

    Raises ValueError if the loss is not finite, and whatever reading the items raises.
    """
    rows = _rows(family, Normaliser.fit(family.encoded), np.zeros(len(family.encoded), np.int64))
    torch.manual_seed(0)
    heads = {rows.name: (len(rows.label_vectors), rows.batch.numbers.shape[1])}
    member = Member(FusionNetwork(config), heads).eval()
    with torch.inference_mode():
        for chosen in torch.arange(len(family.encoded)).split(512):
            scores = member.scores(rows.name, rows.batch.rows(chosen), rows.instruction, rows.label_vectors)
            if not torch.isfinite(weighted_loss(scores, rows, chosen)):
                raise ValueError(f"the loss of family {rows.name} is not finite")


def inherit(member: Member, parent: Member) -> None:
    """Copy the parent's weights of equal shape: the network's, and those of families in both."""
    own = member.state_dict()
    inherited = {}
    for name, tensor in parent.state_dict().items():
        part, _, rest = name.partition(".")
        if part == "heads":
            index, _, parameter = rest.partition(".")
            family = parent.names[int(index)]
            if family not in member.names:
                continue
            name = f"heads.{member.names.index(family)}.{parameter}"
        if name in own and own[name].shape == tensor.shape:
            inherited[name] = tensor
    member.load_state_dict({**own, **inherited})


def _rows(family: FamilyInput, normaliser: Normaliser, folds: NDArray[np.int64]) -> FamilyRows:
    data = family.data
    answers = torch.from_numpy(data.answers)
    if data.kind == "regression":
        mean, spread = moments(data)
        answers = ((answers - mean) / spread).float()
    return FamilyRows(
        name=data.name,
        batch=build_batch(family.encoded, normaliser),
        answers=answers,
        weights=torch.from_numpy(data.weights.astype(np.float32)),
        refused=torch.from_numpy(data.refused),
        instruction=torch.from_numpy(family.instruction),
        label_vectors=torch.from_numpy(family.label_vectors),
        folds=folds,
    )


def moments(data: FamilyData) -> tuple[float, float]:
    """Weighted mean and standard deviation of a family's numbers."""
    mean = float(np.average(data.answers, weights=data.weights))
    return mean, max(float(np.sqrt(np.average((data.answers - mean) ** 2, weights=data.weights))), 1e-12)
