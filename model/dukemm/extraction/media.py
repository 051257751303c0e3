"""What of an item's picture or sound answers are made from: its place among the examples, and tokens to project."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from dukemm.domain.encoded import EncodedItem, MediumFeatures


class Seen:
    """The medium that most examples have; without any, items stay as they are."""

    def __init__(self, examples: Sequence[EncodedItem]) -> None:
        names = Counter(name for item in examples for name in item.media)
        self.name = max(sorted(names), key=lambda name: names[name]) if names else None
        known = [e for item in examples if (e := self._embedding(item)) is not None]
        self._middle: NDArray[np.float64] = np.mean(known, 0) if known else np.zeros(0)

    def placed(self, item: EncodedItem) -> EncodedItem:
        """With what it shows or sounds like as the other half of its vector: cosines then are means of both."""
        if self._middle.size == 0:
            return item
        found = self._embedding(item)
        away = np.zeros_like(self._middle) if found is None else found - self._middle
        away /= max(float(np.linalg.norm(away)), 1e-9)
        return replace(item, vector=(np.concatenate([item.vector, away]) / np.sqrt(2.0)).astype(np.float32))

    def tokens(self, item: EncodedItem) -> torch.Tensor | None:
        """(t, width); None where the item has no such medium."""
        medium = self._medium(item)
        return None if medium is None else torch.from_numpy(np.asarray(medium.tokens, np.float32))

    def _medium(self, item: EncodedItem) -> MediumFeatures | None:
        return item.media.get(self.name) if self.name is not None else None

    def _embedding(self, item: EncodedItem) -> NDArray[np.float64] | None:
        medium = self._medium(item)
        if medium is None:
            return None
        return np.asarray(medium.descriptors.get("embedding", medium.tokens.mean(0)), np.float64)
