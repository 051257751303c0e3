"""Predictions of a trained network for the items of one family."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dukemm.domain.arrays import Arrays, Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.features.request_cache import cached_per_request
from dukemm.fusion.tokens import Batch, Normaliser, build_batch
from dukemm.fusion.training import Member

#: Image regions of tokens 1 to 4; token 0 is the whole image.
REGIONS = ("upper left", "upper right", "lower left", "lower right")
#: Items per forward pass.
BATCH = 256


@dataclass(frozen=True)
class FamilyFusion:
    """Ensemble members with the inputs of one family. Immutable, so that threads may share it."""

    name: str
    members: Sequence[Member]
    normaliser: Normaliser
    #: (width,) embedding of the task's description.
    instruction: NDArray[np.float32]
    #: (labels, width) embeddings of the labels' texts.
    label_vectors: NDArray[np.float32]

    def log_odds(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m, labels) mean log-probability over the members."""
        return np.mean([self.member_scores(items, member) for member in range(len(self.members))], axis=0)

    def numbers(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m,) standardised numbers, mean over the members."""
        return self.log_odds(items)[:, 0]

    @cached_per_request
    def member_scores(self, items: Sequence[EncodedItem], member: int) -> Matrix:
        """(m, labels) log-probabilities of one member, or (m, 1) standardised numbers."""
        parts = [self._forward(member, batch) for batch in self._batches(items)]
        return np.concatenate(parts) if parts else np.zeros((0, max(len(self.label_vectors), 1)))

    @cached_per_request
    def _batches(self, items: Sequence[EncodedItem]) -> list[Batch]:
        return [build_batch(items[i : i + BATCH], self.normaliser) for i in range(0, len(items), BATCH)]

    def region_shares(
        self, items: Sequence[EncodedItem], plus: NDArray[np.int64], minus: NDArray[np.int64]
    ) -> Matrix | None:
        """(m, 4) fall of the log-odds of label `plus` over label `minus` if a quarter of the picture is occluded.

        Uses the first member only: all members would take as long as the rest of an explanation. `plus` and `minus` (m,):
        label indices. None unless every item has exactly one picture.
        """
        if sum(features.kind == "image" for item in items for features in item.media.values()) != len(items):
            return None
        batches = self._batches(items)
        if not all(_has_quarters(batch) for batch in batches):
            return None
        rows = np.arange(len(items))

        def difference(scores: Matrix) -> Matrix:
            return scores[rows, plus] - scores[rows, minus]

        unoccluded = difference(self.member_scores(items, 0))
        occluded = [
            np.concatenate([self._forward(0, _occlude(batch, region)) for batch in batches])
            for region in range(len(REGIONS))
        ]
        return np.stack([unoccluded - difference(scores) for scores in occluded], axis=1)

    @torch.inference_mode()
    def _forward(self, member: int, batch: Batch) -> Matrix:
        instruction, labels = torch.from_numpy(self.instruction), torch.from_numpy(self.label_vectors)
        scores = self.members[member].scores(self.name, batch, instruction, labels)
        if len(self.label_vectors):
            return torch.log_softmax(scores, 1).double().numpy()
        return scores[:, :1].double().numpy()

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """JSON spec and arrays for the artifact, without the members, which all families share."""
        return {"normaliser": self.normaliser.pack()}, {"instruction": self.instruction, "labels": self.label_vectors}

    @staticmethod
    def unpack(
        name: str, members: Sequence[Member], spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> "FamilyFusion":
        """The inverse of `pack`."""
        normaliser = Normaliser.unpack(spec["normaliser"])
        return FamilyFusion(name, members, normaliser, arrays["instruction"], arrays["labels"])


def _occlude(batch: Batch, region: int) -> Batch:
    """A copy of the batch with one quarter of each picture replaced by the family's mean, which is 0."""
    tokens, has = batch.media["image.tokens"]
    occluded = tokens.clone()
    occluded[:, 1 + region] = 0.0
    return replace(batch, media={**batch.media, "image.tokens": (occluded, has)})


def _has_quarters(batch: Batch) -> bool:
    tokens, _ = batch.media.get("image.tokens", (None, None))
    return tokens is not None and tokens.shape[1] == 1 + len(REGIONS)
