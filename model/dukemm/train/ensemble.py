"""Trains the members of a fusion network over the families of one buyer, and says what each had not seen of the rows."""

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
from dukemm.fusion.tokens import Normaliser, batch_of
from dukemm.fusion.training import FamilyRows, FusionTraining, Member, loss_of, train_member
from dukemm.train.checkpoint import DiskCheckpoint
from dukemm.train.families import FamilyData


@dataclass(frozen=True)
class FamilyInput:
    """A family with its encoded items and the embeddings of its words."""

    data: FamilyData
    encoded: Sequence[EncodedItem]
    #: (width,) of the description, (labels, width) of the labels' texts.
    instruction: NDArray[np.float32]
    label_vectors: NDArray[np.float32]


@dataclass(frozen=True)
class Ensemble:
    """Trained members, and what the network says of one family at a time."""

    members: Sequence[Member]
    families: Mapping[str, FamilyFusion]
    folds: Mapping[str, NDArray[np.int64]]

    def left_out(self, family: FamilyInput) -> Matrix:
        """(n, labels) log-probabilities, or (n, 1) standardised numbers; NaN where every member has seen the row."""
        fusion, folds = self.families[family.data.name], self.folds[family.data.name]
        found = np.full((len(folds), max(len(family.label_vectors), 1)), np.nan)
        for member in range(len(self.members)):
            chosen = np.flatnonzero(folds == member)
            if len(chosen):
                found[chosen] = fusion.of_member([family.encoded[i] for i in chosen], member)
        return found


def media_widths(inputs: Sequence[FamilyInput]) -> dict[str, int]:
    """Width of each kind of token and descriptor that the items have."""
    widths: dict[str, int] = {}
    for family in inputs:
        for item in family.encoded:
            for features in item.media.values():
                widths[f"{features.kind}.tokens"] = features.tokens.shape[1]
                widths |= {f"{features.kind}.{name}": len(vector) for name, vector in features.descriptors.items()}
    return dict(sorted(widths.items()))


def train_ensemble(
    config: FusionConfig,
    inputs: Sequence[FamilyInput],
    settings: FusionTraining,
    seed: int,
    on_epoch: Callable[[dict[str, Any]], None],
    *,
    parent: Sequence[Member] = (),
    checkpoints: Path | None = None,
    name: str = "network",
    key: str = "",
    deadline: float = float("inf"),
) -> Ensemble:
    """Train each member. One that has a parent starts from its weights: it was blind to the same rows.

    `name` tells checkpoints of several networks apart.
    """
    normalisers = {family.data.name: Normaliser.fit(family.encoded) for family in inputs}
    folds = {
        family.data.name: np.array([fold_of(digest, config.folds) for digest in family.data.digests]) for family in inputs
    }
    rows = [_rows(family, normalisers[family.data.name], folds[family.data.name]) for family in inputs]
    heads = {each.name: (len(each.label_vectors), each.batch.numbers.shape[1]) for each in rows}
    members = []
    for number in range(config.members):
        torch.manual_seed(seed * 100 + number)
        member = Member(FusionNetwork(config), heads)
        if number < len(parent):
            inherit(member, parent[number])
        checkpoint = DiskCheckpoint(checkpoints, f"{name}-member-{number}", key) if checkpoints else None

        def told(line: dict[str, Any], number: int = number) -> None:
            on_epoch({"member": number, **line})

        train_member(member, rows, number, settings, seed, told, checkpoint, deadline)
        members.append(member.requires_grad_(False))
    families = {
        family.data.name: FamilyFusion(
            family.data.name, members, normalisers[family.data.name], family.instruction, family.label_vectors
        )
        for family in inputs
    }
    return Ensemble(members, families, folds)


def probe(config: FusionConfig, family: FamilyInput) -> None:
    """Read a family as the network will, untrained.

    Raises whatever reading raises, and ValueError where the loss is not finite.
    """
    rows = _rows(family, Normaliser.fit(family.encoded), np.zeros(len(family.encoded), np.int64))
    torch.manual_seed(0)
    heads = {rows.name: (len(rows.label_vectors), rows.batch.numbers.shape[1])}
    member = Member(FusionNetwork(config), heads).eval()
    with torch.inference_mode():
        for chosen in torch.arange(len(family.encoded)).split(512):
            scores = member.scores(rows.name, rows.batch.rows(chosen), rows.instruction, rows.label_vectors)
            if not torch.isfinite(loss_of(scores, rows, chosen)):
                raise ValueError(f"the loss of family {rows.name} is not finite")


def inherit(member: Member, parent: Member) -> None:
    """Take over the weights that fit: the network's, and those of heads of families that are still of the same shape."""
    own = member.state_dict()
    taken = {}
    for name, tensor in parent.state_dict().items():
        part, _, rest = name.partition(".")
        if part == "heads":
            place, _, what = rest.partition(".")
            family = parent.names[int(place)]
            if family not in member.names:
                continue
            name = f"heads.{member.names.index(family)}.{what}"
        if name in own and own[name].shape == tensor.shape:
            taken[name] = tensor
    member.load_state_dict({**own, **taken})


def _rows(family: FamilyInput, normaliser: Normaliser, folds: NDArray[np.int64]) -> FamilyRows:
    data = family.data
    answers = torch.from_numpy(data.answers)
    if data.kind == "regression":
        mean, spread = moments(data)
        answers = ((answers - mean) / spread).float()
    return FamilyRows(
        name=data.name,
        batch=batch_of(family.encoded, normaliser),
        answers=answers,
        weights=torch.from_numpy(data.weights.astype(np.float32)),
        refused=torch.from_numpy(data.refused),
        instruction=torch.from_numpy(family.instruction),
        label_vectors=torch.from_numpy(family.label_vectors),
        folds=folds,
    )


def moments(data: FamilyData) -> tuple[float, float]:
    """Weighted mean and standard deviation of a family's numbers, as fit_regressor standardises them."""
    mean = float(np.average(data.answers, weights=data.weights))
    return mean, max(float(np.sqrt(np.average((data.answers - mean) ** 2, weights=data.weights))), 1e-12)
