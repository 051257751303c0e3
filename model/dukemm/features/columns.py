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
#: Most category columns of a table; fewest examples per distinct category. With fewer examples, cells are treated as text.
MAX_CATEGORIES, MIN_EXAMPLES_PER_CATEGORY = 64, 3


def column_moments(table: Matrix) -> tuple[Matrix, Matrix]:
    """(D,) mean and standard deviation of the columns of (n, D). NaN is ignored; a constant column has deviation 1."""
    known = ~np.isnan(table)
    counts = np.maximum(known.sum(0), 1)
    mean = np.where(known, table, 0.0).sum(0) / counts
    spread = np.sqrt((np.where(known, table - mean, 0.0) ** 2).sum(0) / counts)
    return mean, np.where(spread > 0, spread, 1.0)


def z_scores(table: Matrix, mean: Matrix, spread: Matrix) -> Matrix:
    """(m, D) z-scores by `mean` (D,) and deviation `spread` (D,), clipped at ±MAX_Z_SCORE; 0 for a missing value."""
    return np.clip(np.nan_to_num((table - mean) / spread, posinf=0, neginf=0), -MAX_Z_SCORE, MAX_Z_SCORE)


def soft_clip(values: Matrix, limit: float | None) -> Matrix:
    """Smooth clipping at ±`limit`: x / √(1 + (x / limit)²) (Holzmüller, Grinsztajn & Steinwart 2024); None: unchanged."""
    return values if limit is None else values / np.sqrt(1.0 + (values / limit) ** 2)


def descriptor_table(items: Sequence[EncodedItem], medium: str, descriptor: str, width: int | None) -> Matrix:
    """(m, width) float64 descriptors of a medium; NaN if an item has none of this width.

    `width` None: the longest descriptor among the items.
    """
    found = [_descriptor(item, medium, descriptor) for item in items]
    if width is None:
        width = max((len(vector) for vector in found if vector is not None), default=1)
    missing = np.full(width, np.nan)
    return np.stack([missing if vector is None or len(vector) != width else vector for vector in found]).astype(np.float64)


def _descriptor(item: EncodedItem, medium: str, descriptor: str) -> NDArray[np.float32] | None:
    features = item.media.get(medium)
    return None if features is None else features.descriptors.get(descriptor)


def frequent_categories(examples: Sequence[EncodedItem]) -> list[str]:
    """Names of the category columns of a table, sorted; at most MAX_CATEGORIES, each of at least two examples.

    With a schema: its most frequent categories as `name=cell`. Without: attributes as `name=word`, provided that they are
    few; empty if any item has media or a long cell. Booleans are number columns, not categories.
    """
    if any(item.views.categories for item in examples):
        named = Counter(f"{name}={cell}" for item in examples for name, cell in item.views.categories.items())
        return sorted(name for name, count in named.most_common(MAX_CATEGORIES) if count > 1)
    counts: Counter[str] = Counter()
    for item in examples:
        if item.media or any(len(cell) > ATTRIBUTE_CHARACTERS for cell in item.views.source.values()):
            return []
        counts.update({name for name in item.views.attributes if name.rpartition("=")[0] not in item.views.numbers})
    recurring = sorted(name for name, count in counts.items() if count > 1)
    return (
        recurring if len(counts) * MIN_EXAMPLES_PER_CATEGORY <= len(examples) and len(recurring) <= MAX_CATEGORIES else []
    )


def number_table(items: Sequence[EncodedItem], fields: Sequence[str], categories: Sequence[str]) -> Matrix:
    """(m, fields + categories) float64: numbers (NaN if missing), then each category as 1 or 0."""
    numbers = np.array([[item.views.numbers.get(name, np.nan) for name in fields] for item in items], np.float64)
    # A set, as an item may have thousands of attributes.
    attributes = [set(item.views.attributes) if categories else set() for item in items]
    one_hot = np.array([[float(name in present) for name in categories] for present in attributes], np.float64)
    return np.hstack([numbers.reshape(len(items), len(fields)), one_hot.reshape(len(items), len(categories))])


def shape_table(items: Sequence[EncodedItem], width: int) -> Matrix:
    """(m, width) float64 text shapes; NaN if a text is too short to have one."""
    return np.array([item.views.shape or [np.nan] * width for item in items], np.float64)
