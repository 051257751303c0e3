"""A trained network's word on the items of one family."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from dukemm.fusion.tokens import Batch, Normaliser, batch_of
from dukemm.fusion.training import Member
from dukemm.task.blocks import Arrays, Encoded, Matrix

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

    def log_odds(self, items: Sequence[Encoded]) -> Matrix:
        """(m, labels): mean of the members' logarithms of probabilities."""
        return np.mean([self.of_member(member, items) for member in range(len(self.members))], axis=0)

    def numbers(self, items: Sequence[Encoded]) -> Matrix:
        """(m,) standardised numbers: mean over the members."""
        return self.log_odds(items)[:, 0]

    def of_member(self, member: int, items: Sequence[Encoded]) -> Matrix:
        """(m, labels) logarithms of probabilities of one member, or (m, 1) standardised numbers."""
        parts = [
            self._forward(member, batch_of(items[i : i + BATCH], self.normaliser)) for i in range(0, len(items), BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, max(len(self.label_vectors), 1)))

    @torch.inference_mode()
    def _forward(self, member: int, batch: Batch) -> Matrix:
        instruction, labels = torch.from_numpy(self.instruction), torch.from_numpy(self.label_vectors)
        scores = self.members[member].scores(self.name, batch, instruction, labels)
        if len(self.label_vectors):
            return torch.log_softmax(scores, 1).double().numpy()
        return scores[:, :1].double().numpy()

    def pack(self) -> tuple[dict[str, object], Arrays]:
        """What an artifact keeps beside the members, which all families share."""
        return {"normaliser": self.normaliser.pack()}, {"instruction": self.instruction, "labels": self.label_vectors}

    @staticmethod
    def unpack(
        name: str, members: Sequence[Member], spec: Mapping[str, object], arrays: Mapping[str, np.ndarray]
    ) -> "FamilyFusion":
        """What `pack` was called on."""
        normaliser = Normaliser.unpack(spec["normaliser"])  # type: ignore[arg-type]
        return FamilyFusion(name, members, normaliser, arrays["instruction"], arrays["labels"])
