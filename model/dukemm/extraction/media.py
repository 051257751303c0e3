"""The picture or sound of an item in generation: part of its similarity to examples, and tokens for the prefix."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from dukemm.domain.encoded import EncodedItem, MediumFeatures


class CommonMedium:
    """The medium that most examples have; without one, items stay unchanged."""

    def __init__(self, examples: Sequence[EncodedItem]) -> None:
        names = Counter(name for item in examples for name in item.media)
        self.name = max(sorted(names), key=lambda name: names[name]) if names else None
        embeddings = [e for item in examples if (e := self._embedding(item)) is not None]
        self._mean: NDArray[np.float64] = np.mean(embeddings, 0) if embeddings else np.zeros(0)

    def with_medium(self, item: EncodedItem) -> EncodedItem:
        """Append the medium's centred embedding to an item's vector, so that cosines are means of text and medium."""
        if self._mean.size == 0:
            return item
        embedding = self._embedding(item)
        offset = np.zeros_like(self._mean) if embedding is None else embedding - self._mean
        offset /= max(float(np.linalg.norm(offset)), 1e-9)
        return replace(item, vector=(np.concatenate([item.vector, offset]) / np.sqrt(2.0)).astype(np.float32))

    def tokens(self, item: EncodedItem) -> torch.Tensor | None:
        """Tokens of the medium, (t, width); None if the item has none."""
        medium = self._medium(item)
        return None if medium is None else torch.from_numpy(np.asarray(medium.tokens, np.float32))

    def _medium(self, item: EncodedItem) -> MediumFeatures | None:
        return item.media.get(self.name) if self.name is not None else None

    def _embedding(self, item: EncodedItem) -> NDArray[np.float64] | None:
        medium = self._medium(item)
        if medium is None:
            return None
        return np.asarray(medium.descriptors.get("embedding", medium.tokens.mean(0)), np.float64)
