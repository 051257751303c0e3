"""A trained network's word on the items of one family."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dukemm.domain.arrays import Arrays, Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.features.request_cache import cached_per_request
from dukemm.fusion.tokens import Batch, Normaliser, batch_of
from dukemm.fusion.training import Member

#: What image tokens 1 to 4 are of; token 0 is of the whole.
REGIONS = ("upper left", "upper right", "lower left", "lower right")
#: Items in one forward pass.
BATCH = 256


@dataclass(frozen=True)
class FamilyFusion:
    """The members of the ensemble with what they need to read one family. Frozen: threads may share it."""

    name: str
    members: Sequence[Member]
    normaliser: Normaliser
    #: (width,) embedding of the task's description, (labels, width) of the labels' texts.
    instruction: NDArray[np.float32]
    label_vectors: NDArray[np.float32]

    def log_odds(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m, labels): mean of the members' logarithms of probabilities."""
        return np.mean([self.of_member(items, member) for member in range(len(self.members))], axis=0)

    def numbers(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m,) standardised numbers: mean over the members."""
        return self.log_odds(items)[:, 0]

    @cached_per_request
    def of_member(self, items: Sequence[EncodedItem], member: int) -> Matrix:
        """(m, labels) logarithms of probabilities of one member, or (m, 1) standardised numbers."""
        parts = [self._forward(member, batch) for batch in self._batches(items)]
        return np.concatenate(parts) if parts else np.zeros((0, max(len(self.label_vectors), 1)))

    @cached_per_request
    def _batches(self, items: Sequence[EncodedItem]) -> list[Batch]:
        return [batch_of(items[i : i + BATCH], self.normaliser) for i in range(0, len(items), BATCH)]

    def region_shares(
        self, items: Sequence[EncodedItem], plus: NDArray[np.int64], minus: NDArray[np.int64]
    ) -> Matrix | None:
        """(m, 4) how far the log-odds of label `plus` over label `minus` fall when a quarter of the picture is hidden.

        Asked of the first member alone: all would take as long as everything else that is said of a picture.
        `plus` and `minus` (m,) are places of labels. None where the items have no picture, or several.
        """
        if sum(features.kind == "image" for item in items for features in item.media.values()) != len(items):
            return None
        batches = self._batches(items)
        if not all(_in_quarters(batch) for batch in batches):
            return None
        rows = np.arange(len(items))

        def against(found: Matrix) -> Matrix:
            return found[rows, plus] - found[rows, minus]

        whole = against(self.of_member(items, 0))
        hidden = [
            np.concatenate([self._forward(0, _without(batch, region)) for batch in batches])
            for region in range(len(REGIONS))
        ]
        return np.stack([whole - against(found) for found in hidden], axis=1)

    @torch.inference_mode()
    def _forward(self, member: int, batch: Batch) -> Matrix:
        instruction, labels = torch.from_numpy(self.instruction), torch.from_numpy(self.label_vectors)
        scores = self.members[member].scores(self.name, batch, instruction, labels)
        if len(self.label_vectors):
            return torch.log_softmax(scores, 1).double().numpy()
        return scores[:, :1].double().numpy()

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """What an artifact keeps beside the members, which all families share."""
        return {"normaliser": self.normaliser.pack()}, {"instruction": self.instruction, "labels": self.label_vectors}

    @staticmethod
    def unpack(
        name: str, members: Sequence[Member], spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> "FamilyFusion":
        """What `pack` was called on."""
        normaliser = Normaliser.unpack(spec["normaliser"])
        return FamilyFusion(name, members, normaliser, arrays["instruction"], arrays["labels"])


def _without(batch: Batch, region: int) -> Batch:
    """The batch with a quarter of its pictures replaced by what pictures of the family show there on average."""
    tokens, has = batch.media["image.tokens"]
    shown = tokens.clone()
    shown[:, 1 + region] = 0.0
    return replace(batch, media={**batch.media, "image.tokens": (shown, has)})


def _in_quarters(batch: Batch) -> bool:
    tokens, _ = batch.media.get("image.tokens", (None, None))
    return tokens is not None and tokens.shape[1] == 1 + len(REGIONS)
