"""Tables of numbers from encoded items: fields, categories, text shape, and descriptors of media."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dukemm.domain.arrays import Matrix
from dukemm.domain.encoded import ATTRIBUTE_CHARACTERS, EncodedItem

#: Hard limit of a standardised number.
MAX_Z_SCORE = 4.0
#: Soft clip of z-scores for classification, where the tails of skewed columns say little more. Regression has no soft clip:
#: an amount may grow with a number, up to MAX_Z_SCORE.
Z_SCORE_CLIP = 3.0
#: Most category columns of a table, and fewest examples per category: with fewer, cells are words of texts.
MAX_CATEGORIES, MIN_ROWS_PER_CATEGORY = 64, 3


def column_moments(table: Matrix) -> tuple[Matrix, Matrix]:
    """Mean and standard deviation of each column of (n, D), NaN left out, (D,) each; 1 for a constant column."""
    known = ~np.isnan(table)
    counts = np.maximum(known.sum(0), 1)
    mean = np.where(known, table, 0.0).sum(0) / counts
    spread = np.sqrt((np.where(known, table - mean, 0.0) ** 2).sum(0) / counts)
    return mean, np.where(spread > 0, spread, 1.0)


def z_scores(table: Matrix, mean: Matrix, spread: Matrix) -> Matrix:
    """(m, D) in standard deviations `spread` (D,) from `mean` (D,), clipped at ±MAX_Z_SCORE; 0 where missing."""
    return np.clip(np.nan_to_num((table - mean) / spread, posinf=0, neginf=0), -MAX_Z_SCORE, MAX_Z_SCORE)


def soft_clip(values: Matrix, limit: float | None) -> Matrix:
    """Smooth clipping at ±`limit`: x / √(1 + (x / limit)²) (Holzmüller, Grinsztajn & Steinwart 2024); None: unchanged."""
    return values if limit is None else values / np.sqrt(1.0 + (values / limit) ** 2)


def descriptor_table(items: Sequence[EncodedItem], medium: str, descriptor: str, width: int | None) -> Matrix:
    """(m, width) descriptors of a medium, NaN where an item has none; `width` None: the longest of the items."""
    found = [_descriptor(item, medium, descriptor) for item in items]
    if width is None:
        width = max((len(vector) for vector in found if vector is not None), default=1)
    missing = np.full(width, np.nan)
    return np.stack([missing if vector is None or len(vector) != width else vector for vector in found]).astype(np.float64)


def _descriptor(item: EncodedItem, medium: str, descriptor: str) -> NDArray[np.float32] | None:
    features = item.media.get(medium)
    return None if features is None else features.descriptors.get(descriptor)


def categories_of(examples: Sequence[EncodedItem]) -> list[str]:
    """Category columns of a table as `name=cell`, the most frequent ones, where a schema names them.

    Without a schema as `name=word`: cells whose few words recur. Empty where items have media or texts.

    Booleans are numbers already. A word of a single example is no category.
    """
    if any(item.views.categories for item in examples):
        named = Counter(f"{name}={cell}" for item in examples for name, cell in item.views.categories.items())
        return sorted(name for name, count in named.most_common(MAX_CATEGORIES) if count > 1)
    counts: Counter[str] = Counter()
    for item in examples:
        if item.media or any(len(cell) > ATTRIBUTE_CHARACTERS for cell in item.views.source.values()):
            return []
        counts.update({name for name in item.views.attributes if name.rpartition("=")[0] not in item.views.numbers})
    kept = sorted(name for name, count in counts.items() if count > 1)
    return kept if len(counts) * MIN_ROWS_PER_CATEGORY <= len(examples) and len(kept) <= MAX_CATEGORIES else []


def number_table(items: Sequence[EncodedItem], fields: Sequence[str], categories: Sequence[str]) -> Matrix:
    """(m, fields + categories): numbers, NaN where missing, then 1 or 0 for each category."""
    numbers = np.array([[item.views.numbers.get(name, np.nan) for name in fields] for item in items], np.float64)
    said = [set(item.views.attributes) if categories else set() for item in items]  # an item may have thousands
    there = np.array([[float(name in words) for name in categories] for words in said], np.float64)
    return np.hstack([numbers.reshape(len(items), len(fields)), there.reshape(len(items), len(categories))])


def shape_table(items: Sequence[EncodedItem], width: int) -> Matrix:
    """(m, width) text shapes, NaN where a text is too short to have one."""
    return np.array([item.views.shape or [np.nan] * width for item in items], np.float64)
