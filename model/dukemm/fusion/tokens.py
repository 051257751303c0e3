"""Converts encoded items to tokens of the fusion network."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dukemm.domain.encoded import EncodedItem
from dukemm.media.text_shape import SHAPE

#: Rows of the hashed tables for columns and for words (Weinberger et al. 2009, "Feature hashing").
COLUMN_BUCKETS = 1024
WORD_BUCKETS = 16384
#: Most number fields, in alphabetical order; the family's other experts read the rest.
MAX_FIELDS = 128
#: Most distinct words and attributes of an item.
MAX_WORDS = 400
#: Clip of standardised numbers and text shapes.
MAX_Z_SCORE = 4.0


@dataclass(frozen=True)
class Normaliser:
    """Standardises a family's inputs by the moments of its number fields, text shapes and descriptors."""

    numbers: Mapping[str, tuple[float, float]]
    shape: tuple[NDArray[np.float32], NDArray[np.float32]]
    #: Mean and one scale by `medium kind.descriptor`.
    descriptors: Mapping[str, tuple[NDArray[np.float32], float]]

    @staticmethod
    def fit(items: Sequence[EncodedItem]) -> "Normaliser":
        """Fit to the items of one family."""
        columns: dict[str, list[float]] = {}
        described: dict[str, list[NDArray[np.float32]]] = {}
        for item in items:
            for name, value in item.views.numbers.items():
                columns.setdefault(name, []).append(value)
            for features in item.media.values():
                described.setdefault(f"{features.kind}.tokens", []).append(features.tokens.mean(0))
                for name, vector in features.descriptors.items():
                    described.setdefault(f"{features.kind}.{name}", []).append(vector)
        shapes = np.array([item.views.shape for item in items if item.views.shape], np.float32).reshape(-1, SHAPE)
        return Normaliser(
            numbers={name: _moments(np.array(values)) for name, values in sorted(columns.items())},
            shape=(shapes.mean(0), shapes.std(0) + 1e-6) if len(shapes) else (np.zeros(SHAPE, np.float32),) * 2,
            descriptors={name: _scale(np.stack(vectors)) for name, vectors in sorted(described.items())},
        )

    def pack(self) -> dict[str, Any]:
        """JSON for the artifact."""
        return {
            "numbers": {name: list(pair) for name, pair in self.numbers.items()},
            "shape": [part.tolist() for part in self.shape],
            "descriptors": {name: [mean.tolist(), scale] for name, (mean, scale) in self.descriptors.items()},
        }

    @staticmethod
    def unpack(data: Mapping[str, Any]) -> "Normaliser":
        """The inverse of `pack`."""
        shape = [np.array(part, np.float32) for part in data["shape"]]
        described = {n: (np.array(m, np.float32), float(s)) for n, (m, s) in data["descriptors"].items()}
        numbers = {name: (float(a), float(b)) for name, (a, b) in data["numbers"].items()}
        return Normaliser(numbers, (shape[0], shape[1]), described)


def _moments(values: NDArray[np.float64]) -> tuple[float, float]:
    spread = float(values.std())
    return float(values.mean()), spread if spread > 0 else 1.0


def _scale(table: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    mean = table.mean(0)
    return mean, float(np.sqrt(((table - mean) ** 2).mean())) + 1e-6


@dataclass(frozen=True)
class Batch:
    """n items of one family as tensors; missing modalities are masked."""

    #: (n, width) embeddings, and (n,) whether the item has text.
    meaning: torch.Tensor
    has_text: torch.Tensor
    #: (n, f) z-scores, 0 if missing; (n, f) whether present; (f,) hash bucket of each column's name.
    numbers: torch.Tensor
    known: torch.Tensor
    columns: torch.Tensor
    #: (n, SHAPE) standardised text shapes, and (n,) whether present.
    shape: torch.Tensor
    has_shape: torch.Tensor
    #: Hash buckets of words and attributes of all items, (n,) offsets of each item's first, and (n,) whether it has any.
    words: torch.Tensor
    word_offsets: torch.Tensor
    has_words: torch.Tensor
    #: By `kind.descriptor` or `kind.tokens`: (n, t, width) values, and (n,) whether present.
    media: Mapping[str, tuple[torch.Tensor, torch.Tensor]]

    def __len__(self) -> int:
        """n, the number of items."""
        return len(self.meaning)

    def rows(self, chosen: torch.Tensor) -> "Batch":
        """Select items by index, in the given order."""
        ends = torch.cat([self.word_offsets[1:], torch.tensor([len(self.words)])])
        pieces = [self.words[self.word_offsets[i] : ends[i]] for i in chosen.tolist()]
        lengths = torch.tensor([0] + [len(piece) for piece in pieces[:-1]])
        return Batch(
            meaning=self.meaning[chosen],
            has_text=self.has_text[chosen],
            numbers=self.numbers[chosen],
            known=self.known[chosen],
            columns=self.columns,
            shape=self.shape[chosen],
            has_shape=self.has_shape[chosen],
            words=torch.cat(pieces) if pieces else self.words[:0],
            word_offsets=lengths.cumsum(0),
            has_words=self.has_words[chosen],
            media={name: (tokens[chosen], has[chosen]) for name, (tokens, has) in self.media.items()},
        )


def build_batch(items: Sequence[EncodedItem], normaliser: Normaliser) -> Batch:
    """Convert items to a batch; z-scores are clipped at ±MAX_Z_SCORE."""
    fields = list(normaliser.numbers)[:MAX_FIELDS]
    numbers = np.array([[item.views.numbers.get(name, np.nan) for name in fields] for item in items], np.float64)
    numbers = numbers.reshape(len(items), len(fields))
    known = ~np.isnan(numbers)
    mean, spread = (np.array([normaliser.numbers[name][i] for name in fields]) for i in (0, 1))
    scaled = np.clip(np.where(known, (numbers - mean) / spread, 0.0), -MAX_Z_SCORE, MAX_Z_SCORE)
    bags = [_words(item) for item in items]
    shapes = np.array([item.views.shape or normaliser.shape[0] for item in items], np.float32).reshape(len(items), SHAPE)
    return Batch(
        meaning=torch.from_numpy(np.stack([item.vector for item in items]).astype(np.float32)),
        has_text=torch.tensor([bool(item.views.text) for item in items]),
        numbers=torch.from_numpy(scaled.astype(np.float32)),
        known=torch.from_numpy(known),
        columns=torch.tensor([_bucket(name.lower(), COLUMN_BUCKETS) for name in fields], dtype=torch.long),
        shape=torch.from_numpy(
            ((shapes - normaliser.shape[0]) / (normaliser.shape[1] + 1e-6)).clip(-MAX_Z_SCORE, MAX_Z_SCORE)
        ),
        has_shape=torch.tensor([bool(item.views.shape) for item in items]),
        words=torch.tensor([bucket for bag in bags for bucket in bag], dtype=torch.long),
        word_offsets=torch.tensor([0, *np.cumsum([len(bag) for bag in bags])[:-1]], dtype=torch.long),
        has_words=torch.tensor([bool(bag) for bag in bags]),
        media=_media(items, normaliser),
    )


def _words(item: EncodedItem) -> list[int]:
    words = dict.fromkeys([*item.views.attributes, *item.views.text.lower().split()])
    return [_bucket(word, WORD_BUCKETS) for word in list(words)[:MAX_WORDS]]


def _media(items: Sequence[EncodedItem], normaliser: Normaliser) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    found: dict[str, list[tuple[int, NDArray[np.float32]]]] = {}
    for row, item in enumerate(items):
        for _, features in sorted(item.media.items()):
            # Sorted: a cache returns them in any order, and dropout depends on the order.
            for name, vectors in sorted({"tokens": features.tokens, **features.descriptors}.items()):
                key = f"{features.kind}.{name}"
                if key in normaliser.descriptors:
                    mean, scale = normaliser.descriptors[key]
                    found.setdefault(key, []).append((row, (np.atleast_2d(vectors) - mean) / scale))
    tables = {}
    for key, parts in found.items():
        length = max(len(tokens) for _, tokens in parts)
        counts = np.zeros(len(items), np.int64)
        table = np.zeros((len(items), length, parts[0][1].shape[1]), np.float32)
        # Several media of one kind in an item are averaged per token position.
        for row, tokens in parts:
            table[row, : len(tokens)] += tokens
            counts[row] += 1
        table /= np.maximum(counts, 1)[:, None, None]
        tables[key] = (torch.from_numpy(table), torch.from_numpy(counts > 0))
    return tables


@lru_cache(maxsize=200_000)
def _bucket(text: str, buckets: int) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") % buckets
