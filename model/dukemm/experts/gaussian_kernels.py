"""Gaussian and linear kernels of vectors: numbers of a table, text shape, descriptors of pictures and sounds."""

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

#: Clip of z-scores in an extrapolating linear view.
MAX_EXTRAPOLATED_Z_SCORE = 1e4


class GaussianBlock(ABC):
    """Gaussian kernel exp(−γ·d²/2) of standardised rows; d² is the squared distance divided by the number of columns."""

    widths: Sequence[float] = WIDTHS

    def __init__(self, mean: Matrix, spread: Matrix, examples: Matrix) -> None:
        """`mean` and `spread` (D,): for standardising. `examples` (n, D): already standardised."""
        self._mean = mean
        self._spread = spread
        self._examples = examples

    @abstractmethod
    def table(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m, D) rows of items; NaN if missing."""

    def standardise(self, table: Matrix) -> Matrix:
        """(m, D) z-scores by the examples' moments; 0 if missing."""
        return z_scores(table, self._mean, self._spread)

    def kernel(self, values: Matrix, width: float) -> Matrix:
        """(m, D) standardised rows → (m, n) similarities to the examples."""
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
        """n, the number of examples."""
        return len(self._examples)

    def slopes(self, values: Matrix, width: float, weights: Matrix) -> Matrix:
        """(m, D) gradient, at standardised rows (m, D), of the sum of similarities weighted by `weights` (m, n)."""
        near = self.kernel(values, width) * weights
        return (near @ self._examples - near.sum(1, keepdims=True) * values) * (width / values.shape[1])

    def arrays(self) -> Arrays:
        """Arrays for the artifact, common to all Gaussian blocks."""
        return {"mean": self._mean, "spread": self._spread, "examples": self._examples.astype(np.float32)}


class NumberBlock(GaussianBlock):
    """Number fields, and the categories of a table as 1 or 0."""

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
        """See GaussianBlock; z-scores are soft-clipped at `z_score_clip`."""
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
    """Linear kernel of the same columns: dot product of standardised rows, divided by D."""

    widths = (1.0,)
    #: Whether z-scores beyond MAX_Z_SCORE are kept.
    extrapolates = False

    @staticmethod
    def fit(examples: Sequence[EncodedItem], z_score_clip: float | None = None) -> "LinearBlock":
        """As NumberBlock.fit."""
        numbers = NumberBlock.fit(examples, z_score_clip)
        return LinearBlock(
            numbers.fields, numbers._mean, numbers._spread, numbers._examples, z_score_clip, numbers.categories
        )

    def standardise(self, table: Matrix) -> Matrix:
        """As NumberBlock; clipped at ±MAX_EXTRAPOLATED_Z_SCORE if it extrapolates."""
        if not self.extrapolates:
            return super().standardise(table)
        values = np.nan_to_num((table - self._mean) / self._spread, posinf=0, neginf=0)
        return np.clip(values, -MAX_EXTRAPOLATED_Z_SCORE, MAX_EXTRAPOLATED_Z_SCORE)

    def extrapolating(self) -> "LinearBlock":
        """A copy that extrapolates."""
        copy = LinearBlock(self.fields, self._mean, self._spread, self._examples, self.z_score_clip, self.categories)
        copy.extrapolates = True
        return copy

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
    """Shape of the text."""

    @staticmethod
    def fit(examples: Sequence[EncodedItem]) -> "ShapeBlock":
        """Fit to the examples that have a shape."""
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
    """One descriptor of one medium. All dimensions are scaled alike, as they have the same unit."""

    def __init__(self, medium: str, descriptor: str, mean: Matrix, spread: Matrix, examples: Matrix) -> None:
        self.medium = medium
        self.descriptor = descriptor
        super().__init__(mean, spread, examples)

    @staticmethod
    def fit(examples: Sequence[EncodedItem], medium: str, descriptor: str) -> "MediumBlock":
        """Fit to the examples that have this medium."""
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
    """The inverse of `pack`, with examples rounded to float32."""
    parts = arrays["mean"], arrays["spread"], arrays["examples"].astype(np.float64)
    if spec["block"] == "numbers":
        return NumberBlock(spec["fields"], *parts, spec.get("tails"), spec.get("categories", []))
    if spec["block"] == "linear":
        linear = LinearBlock(spec["fields"], *parts, spec.get("tails"), spec.get("categories", []))
        return linear.extrapolating() if spec.get("extrapolates") else linear
    if spec["block"] == "shape":
        return ShapeBlock(*parts)
    if spec["block"] == "medium":
        return MediumBlock(spec["medium"], spec["descriptor"], *parts)
    raise ValueError(f"unknown block {spec['block']}")
