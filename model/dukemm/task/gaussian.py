"""Views that are points: numbers of a table, the shape of a text, descriptors of pictures and sounds."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dukemm.features.item import ATTRIBUTE_CHARACTERS
from dukemm.task.blocks import FARTHEST, WIDTHS, Arrays, Encoded, Matrix
from dukemm.task.once import once

#: Standard deviations that numbers are drawn in to where labels are asked for: tails of skewed columns say little more.
#: Amounts may grow with them, as far as FARTHEST.
TAILS = 3.0
#: Categories of a table that are columns beside its numbers at most, and examples for each: fewer are words of texts.
MOST_CATEGORIES, ROWS_A_CATEGORY = 64, 3


class GaussianBlock(ABC):
    """exp(−γ·d²/2) of points whose mean squared distance from their mean is one."""

    widths: Sequence[float] = WIDTHS

    def __init__(self, mean: Matrix, spread: Matrix, examples: Matrix) -> None:
        """`mean` and `spread` (D,) standardise; `examples` (n, D) are standardised already."""
        self._mean = mean
        self._spread = spread
        self._examples = examples

    @abstractmethod
    def table(self, items: Sequence[Encoded]) -> Matrix:
        """Points of items, (m, D), NaN where missing."""

    def standardise(self, table: Matrix) -> Matrix:
        """In standard deviations of the examples; what is missing is their mean."""
        return np.clip(np.nan_to_num((table - self._mean) / self._spread, posinf=0, neginf=0), -FARTHEST, FARTHEST)

    def kernel(self, values: Matrix, width: float) -> Matrix:
        """Similarities of standardised rows with the examples."""
        squared = (values**2).sum(1)[:, None] + (self._examples**2).sum(1)[None] - 2 * values @ self._examples.T
        return np.exp(-np.maximum(squared, 0.0) * (width / (2.0 * values.shape[1])))

    def gram(self, width: float) -> Matrix:
        """See Block."""
        return self.kernel(self._examples, width)

    @once
    def compare(self, items: Sequence[Encoded], width: float) -> Matrix:
        """See Block."""
        return self.kernel(self.standardise(self.table(items)), width)

    @property
    def mean(self) -> Matrix:
        """(D,) means of the examples."""
        return self._mean

    @property
    def examples(self) -> Matrix:
        """(n, D) standardised rows of the examples."""
        return self._examples

    @property
    def count(self) -> int:
        """How many examples it holds."""
        return len(self._examples)

    def slopes(self, values: Matrix, width: float, weights: Matrix) -> Matrix:
        """Slope at standardised rows (m, D) of the weighted sum of similarities with the examples, weights (m, n)."""
        near = self.kernel(values, width) * weights
        return (near @ self._examples - near.sum(1, keepdims=True) * values) * (width / values.shape[1])

    def arrays(self) -> Arrays:
        """What every Gaussian block keeps."""
        return {"mean": self._mean, "spread": self._spread, "examples": self._examples.astype(np.float32)}


def moments_of(table: Matrix) -> tuple[Matrix, Matrix]:
    """Mean and standard deviation of each column over what is known, (D,) each; a constant column has spread one."""
    known = ~np.isnan(table)
    counts = np.maximum(known.sum(0), 1)
    mean = np.where(known, table, 0.0).sum(0) / counts
    spread = np.sqrt((np.where(known, table - mean, 0.0) ** 2).sum(0) / counts)
    return mean, np.where(spread > 0, spread, 1.0)


def standardised(table: Matrix, mean: Matrix, spread: Matrix) -> Matrix:
    """As GaussianBlock.standardise, for the examples themselves."""
    return np.clip(np.nan_to_num((table - mean) / spread, posinf=0, neginf=0), -FARTHEST, FARTHEST)


def drawn_in(values: Matrix, tails: float | None) -> Matrix:
    """Standardised numbers with soft limits at ±`tails` (smooth clipping, Holzmüller, Grinsztajn & Steinwart 2024)."""
    return values if tails is None else values / np.sqrt(1.0 + (values / tails) ** 2)


class NumberBlock(GaussianBlock):
    """The numbers among the fields, and the categories of a table, one or nought each."""

    def __init__(
        self,
        fields: Sequence[str],
        mean: Matrix,
        spread: Matrix,
        examples: Matrix,
        tails: float | None = None,
        categories: Sequence[str] = (),
    ) -> None:
        self.fields = list(fields)
        self.categories = list(categories)
        self.tails = tails
        super().__init__(mean, spread, examples)

    @property
    def columns(self) -> list[str]:
        """Names of fields, then categories as `name=word`."""
        return self.fields + self.categories

    @staticmethod
    def fit(examples: Sequence[Encoded], tails: float | None = None) -> "NumberBlock":
        """Over every field that is a number in any example, and `categories_of` them; `tails` as TAILS."""
        fields = sorted({name for item in examples for name in item.views.numbers})
        categories = categories_of(examples)
        table = _columns(examples, fields, categories)
        mean, spread = moments_of(table)
        return NumberBlock(fields, mean, spread, drawn_in(standardised(table, mean, spread), tails), tails, categories)

    def standardise(self, table: Matrix) -> Matrix:
        """See GaussianBlock; tails are drawn in."""
        return drawn_in(super().standardise(table), self.tails)

    def table(self, items: Sequence[Encoded]) -> Matrix:
        """See GaussianBlock."""
        return _columns(items, self.fields, self.categories)

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """See Block."""
        return {"block": "numbers", **self._spec()}, self.arrays()

    def _spec(self) -> dict[str, Any]:
        return {"fields": self.fields, "categories": self.categories, "tails": self.tails}


class LinearBlock(NumberBlock):
    """The numbers once more, for what grows in proportion to them: the dot product of standardised rows."""

    widths = (1.0,)

    @staticmethod
    def fit(examples: Sequence[Encoded], tails: float | None = None) -> "LinearBlock":
        """As NumberBlock.fit."""
        points = NumberBlock.fit(examples, tails)
        return LinearBlock(points.fields, points._mean, points._spread, points._examples, tails, points.categories)

    def kernel(self, values: Matrix, width: float) -> Matrix:
        """See GaussianBlock."""
        return values @ self._examples.T / values.shape[1]

    def slopes(self, values: Matrix, width: float, weights: Matrix) -> Matrix:
        """See GaussianBlock."""
        return weights @ self._examples / values.shape[1]

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """See Block."""
        return {"block": "linear", **self._spec()}, self.arrays()


class ShapeBlock(GaussianBlock):
    """The shape of the text."""

    @staticmethod
    def fit(examples: Sequence[Encoded]) -> "ShapeBlock":
        """From the examples that have a shape."""
        width = max(len(item.views.shape) for item in examples)
        table = _shapes(examples, width)
        mean, spread = moments_of(table)
        return ShapeBlock(mean, spread, standardised(table, mean, spread))

    def table(self, items: Sequence[Encoded]) -> Matrix:
        """See GaussianBlock."""
        return _shapes(items, len(self._mean))

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """See Block."""
        return {"block": "shape"}, self.arrays()


class MediumBlock(GaussianBlock):
    """One descriptor of one medium of the items. All its dimensions share one scale: they have one unit."""

    def __init__(self, medium: str, descriptor: str, mean: Matrix, spread: Matrix, examples: Matrix) -> None:
        self.medium = medium
        self.descriptor = descriptor
        super().__init__(mean, spread, examples)

    @staticmethod
    def fit(examples: Sequence[Encoded], medium: str, descriptor: str) -> "MediumBlock":
        """From the examples that have this medium."""
        table = descriptor_table(examples, medium, descriptor, None)
        mean, spread = moments_of(table)
        spread = np.full_like(spread, np.sqrt((spread**2).mean()))
        return MediumBlock(medium, descriptor, mean, spread, standardised(table, mean, spread))

    def table(self, items: Sequence[Encoded]) -> Matrix:
        """See GaussianBlock."""
        return descriptor_table(items, self.medium, self.descriptor, len(self._mean))

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """See Block."""
        return {"block": "medium", "medium": self.medium, "descriptor": self.descriptor}, self.arrays()


def descriptor_table(items: Sequence[Encoded], medium: str, descriptor: str, width: int | None) -> Matrix:
    """(m, width) descriptors of a medium, NaN where an item has none; `width` None: that of the items."""
    found = [_descriptor(item, medium, descriptor) for item in items]
    if width is None:
        width = max((len(vector) for vector in found if vector is not None), default=1)
    missing = np.full(width, np.nan)
    return np.stack([missing if vector is None or len(vector) != width else vector for vector in found]).astype(np.float64)


def _descriptor(item: Encoded, medium: str, descriptor: str) -> NDArray[np.float32] | None:
    features = item.media.get(medium)
    return None if features is None else features.descriptors.get(descriptor)


def categories_of(examples: Sequence[Encoded]) -> list[str]:
    """`name=word` of cells that hold the same few words again and again; none where there are media or texts.

    Booleans are numbers already. What is in one example only tells nothing.
    """
    counts: Counter[str] = Counter()
    for item in examples:
        if item.media or any(len(cell) > ATTRIBUTE_CHARACTERS for cell in item.views.source.values()):
            return []
        counts.update({name for name in item.views.attributes if name.rpartition("=")[0] not in item.views.numbers})
    kept = sorted(name for name, count in counts.items() if count > 1)
    return kept if len(counts) * ROWS_A_CATEGORY <= len(examples) and len(kept) <= MOST_CATEGORIES else []


def _columns(items: Sequence[Encoded], fields: Sequence[str], categories: Sequence[str]) -> Matrix:
    numbers = np.array([[item.views.numbers.get(name, np.nan) for name in fields] for item in items], np.float64)
    said = [set(item.views.attributes) if categories else set() for item in items]  # an item may have thousands
    there = np.array([[float(name in words) for name in categories] for words in said], np.float64)
    return np.hstack([numbers.reshape(len(items), len(fields)), there.reshape(len(items), len(categories))])


def _shapes(items: Sequence[Encoded], width: int) -> Matrix:
    return np.array([item.views.shape or [np.nan] * width for item in items], np.float64)


def unpack_gaussian(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> GaussianBlock:
    """The block that `pack` was called on, its examples in float32."""
    parts = arrays["mean"], arrays["spread"], arrays["examples"].astype(np.float64)
    if spec["block"] == "numbers":
        return NumberBlock(spec["fields"], *parts, spec.get("tails"), spec.get("categories", []))
    if spec["block"] == "linear":
        return LinearBlock(spec["fields"], *parts, spec.get("tails"), spec.get("categories", []))
    if spec["block"] == "shape":
        return ShapeBlock(*parts)
    if spec["block"] == "medium":
        return MediumBlock(spec["medium"], spec["descriptor"], *parts)
    raise ValueError(f"unknown block {spec['block']}")
