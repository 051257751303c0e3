"""Views that are points: numbers of a table, the shape of a text, descriptors of pictures and sounds."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dukemm.domain.arrays import Arrays, Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.experts.kernels import WIDTHS
from dukemm.features.columns import (
    column_moments,
    descriptor_table,
    frequent_categories,
    number_table,
    shape_table,
    soft_clip,
    z_scores,
)
from dukemm.features.request_cache import cached_per_request

#: Largest standardised value that an extrapolating linear view takes.
MAX_EXTRAPOLATED_Z_SCORE = 1e4


class GaussianBlock(ABC):
    """exp(−γ·d²/2) of points whose mean squared distance from their mean is one."""

    widths: Sequence[float] = WIDTHS

    def __init__(self, mean: Matrix, spread: Matrix, examples: Matrix) -> None:
        """`mean` and `spread` (D,) standardise; `examples` (n, D) are standardised already."""
        self._mean = mean
        self._spread = spread
        self._examples = examples

    @abstractmethod
    def table(self, items: Sequence[EncodedItem]) -> Matrix:
        """Points of items, (m, D), NaN where missing."""

    def standardise(self, table: Matrix) -> Matrix:
        """In standard deviations of the examples; what is missing is their mean."""
        return z_scores(table, self._mean, self._spread)

    def kernel(self, values: Matrix, width: float) -> Matrix:
        """Similarities of standardised rows with the examples."""
        squared = (values**2).sum(1)[:, None] + (self._examples**2).sum(1)[None] - 2 * values @ self._examples.T
        return np.exp(-np.maximum(squared, 0.0) * (width / (2.0 * values.shape[1])))

    def gram(self, width: float) -> Matrix:
        """See Block."""
        return self.kernel(self._examples, width)

    @cached_per_request
    def compare(self, items: Sequence[EncodedItem], width: float) -> Matrix:
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


class NumberBlock(GaussianBlock):
    """The numbers among the fields, and the categories of a table, one or nought each."""

    def __init__(
        self,
        fields: Sequence[str],
        mean: Matrix,
        spread: Matrix,
        examples: Matrix,
        z_score_clip: float | None = None,
        categories: Sequence[str] = (),
    ) -> None:
        self.fields = list(fields)
        self.categories = list(categories)
        self.z_score_clip = z_score_clip
        super().__init__(mean, spread, examples)

    @property
    def columns(self) -> list[str]:
        """Names of fields, then categories as `name=word`."""
        return self.fields + self.categories

    @staticmethod
    def fit(examples: Sequence[EncodedItem], z_score_clip: float | None = None) -> "NumberBlock":
        """Fit over every number field of any example and their `frequent_categories`; `z_score_clip`: see Z_SCORE_CLIP."""
        fields = sorted({name for item in examples for name in item.views.numbers})
        categories = frequent_categories(examples)
        table = number_table(examples, fields, categories)
        mean, spread = column_moments(table)
        return NumberBlock(
            fields, mean, spread, soft_clip(z_scores(table, mean, spread), z_score_clip), z_score_clip, categories
        )

    def standardise(self, table: Matrix) -> Matrix:
        """See GaussianBlock; tails are soft-clipped."""
        return soft_clip(super().standardise(table), self.z_score_clip)

    def table(self, items: Sequence[EncodedItem]) -> Matrix:
        """See GaussianBlock."""
        return number_table(items, self.fields, self.categories)

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """See Block."""
        return {"block": "numbers", **self._spec()}, self.arrays()

    def _spec(self) -> dict[str, Any]:
        return {"fields": self.fields, "categories": self.categories, "tails": self.z_score_clip}


class LinearBlock(NumberBlock):
    """The numbers once more, for what grows in proportion to them: the dot product of standardised rows."""

    widths = (1.0,)
    #: Whether values beyond MAX_Z_SCORE are taken as they are.
    extrapolates = False

    @staticmethod
    def fit(examples: Sequence[EncodedItem], z_score_clip: float | None = None) -> "LinearBlock":
        """As NumberBlock.fit."""
        points = NumberBlock.fit(examples, z_score_clip)
        return LinearBlock(points.fields, points._mean, points._spread, points._examples, z_score_clip, points.categories)

    def standardise(self, table: Matrix) -> Matrix:
        """As NumberBlock; clipped at ±MAX_EXTRAPOLATED_Z_SCORE if it extrapolates."""
        if not self.extrapolates:
            return super().standardise(table)
        found = np.nan_to_num((table - self._mean) / self._spread, posinf=0, neginf=0)
        return np.clip(found, -MAX_EXTRAPOLATED_Z_SCORE, MAX_EXTRAPOLATED_Z_SCORE)

    def extrapolating(self) -> "LinearBlock":
        """The same view, extrapolating."""
        found = LinearBlock(self.fields, self._mean, self._spread, self._examples, self.z_score_clip, self.categories)
        found.extrapolates = True
        return found

    def kernel(self, values: Matrix, width: float) -> Matrix:
        """See GaussianBlock."""
        return values @ self._examples.T / values.shape[1]

    def slopes(self, values: Matrix, width: float, weights: Matrix) -> Matrix:
        """See GaussianBlock."""
        return weights @ self._examples / values.shape[1]

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """See Block."""
        return {"block": "linear", "extrapolates": self.extrapolates, **self._spec()}, self.arrays()


class ShapeBlock(GaussianBlock):
    """The shape of the text."""

    @staticmethod
    def fit(examples: Sequence[EncodedItem]) -> "ShapeBlock":
        """From the examples that have a shape."""
        width = max(len(item.views.shape) for item in examples)
        table = shape_table(examples, width)
        mean, spread = column_moments(table)
        return ShapeBlock(mean, spread, z_scores(table, mean, spread))

    def table(self, items: Sequence[EncodedItem]) -> Matrix:
        """See GaussianBlock."""
        return shape_table(items, len(self._mean))

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
    def fit(examples: Sequence[EncodedItem], medium: str, descriptor: str) -> "MediumBlock":
        """From the examples that have this medium."""
        table = descriptor_table(examples, medium, descriptor, None)
        mean, spread = column_moments(table)
        spread = np.full_like(spread, np.sqrt((spread**2).mean()))
        return MediumBlock(medium, descriptor, mean, spread, z_scores(table, mean, spread))

    def table(self, items: Sequence[EncodedItem]) -> Matrix:
        """See GaussianBlock."""
        return descriptor_table(items, self.medium, self.descriptor, len(self._mean))

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """See Block."""
        return {"block": "medium", "medium": self.medium, "descriptor": self.descriptor}, self.arrays()


def unpack_gaussian(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> GaussianBlock:
    """The block that `pack` was called on, its examples in float32."""
    parts = arrays["mean"], arrays["spread"], arrays["examples"].astype(np.float64)
    if spec["block"] == "numbers":
        return NumberBlock(spec["fields"], *parts, spec.get("tails"), spec.get("categories", []))
    if spec["block"] == "linear":
        line = LinearBlock(spec["fields"], *parts, spec.get("tails"), spec.get("categories", []))
        return line.extrapolating() if spec.get("extrapolates") else line
    if spec["block"] == "shape":
        return ShapeBlock(*parts)
    if spec["block"] == "medium":
        return MediumBlock(spec["medium"], spec["descriptor"], *parts)
    raise ValueError(f"unknown block {spec['block']}")
