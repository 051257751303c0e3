"""Kernel views: each is fitted by ridge separately and weighted by its leave-one-out skill."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from dukemm.domain.arrays import Arrays, Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.experts.gaussian_kernels import LinearBlock, MediumBlock, NumberBlock, ShapeBlock, unpack_gaussian
from dukemm.experts.kernels import AttributeBlock, Block, CharacterBlock, MeaningBlock, MultilingualBlock, WordBlock
from dukemm.experts.ridge import Centring, Ridge, fit_ridge
from dukemm.features.columns import frequent_categories
from dukemm.features.table_schema import TableSchema

#: Lower bound of a view's skill: a view no better than the mean keeps a small weight.
MIN_SKILL = 1e-3
#: Least leave-one-out R² for a linear view to extrapolate.
MIN_EXTRAPOLATION_SKILL = 0.98
#: Fewest (classification, regression) and most examples for a linear view: it overfits fewer, and is not needed with more.
MIN_LINEAR_EXAMPLES, MIN_LINEAR_EXAMPLES_REGRESSION, MAX_LINEAR_EXAMPLES = 60, 5, 2500


@dataclass(frozen=True)
class FittedBlock:
    """A view with its fitted ridge."""

    block: Block
    centring: Centring
    ridge: Ridge
    width: float
    #: Share in the mixture divided by the standard deviation of the left-out scores, so that views are comparable.
    factor: float

    def scores(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m, outputs) scaled scores of items."""
        return self.score_kernel(self.block.compare(items, self.width))

    def score_kernel(self, kernel: Matrix) -> Matrix:
        """(m, n) similarities to the examples → (m, outputs) scaled scores."""
        return (self.centring.apply(kernel) @ self.ridge.dual + self.ridge.bias) * self.factor

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """JSON spec and arrays for the artifact, without left-out scores."""
        spec, arrays = self.block.pack()
        numbers = {"mean": self.centring.mean, "scale": self.centring.scale, "width": self.width, "factor": self.factor}
        dual = {"dual": self.ridge.dual.astype(np.float32), "bias": self.ridge.bias}
        own = {**dual, "column_means": self.centring.column_means}
        return {"view": spec, **numbers}, {**{f"view.{k}": v for k, v in arrays.items()}, **own}

    @staticmethod
    def unpack(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> "FittedBlock":
        """The inverse of `pack`, without left-out scores."""
        own = {name.removeprefix("view."): array for name, array in arrays.items() if name.startswith("view.")}
        dual = arrays["dual"].astype(np.float64)
        return FittedBlock(
            _unpack_block(spec["view"], own),
            Centring(arrays["column_means"], spec["mean"], spec["scale"]),
            Ridge(dual, arrays["bias"], np.zeros((0, dual.shape[1]))),
            spec["width"],
            spec["factor"],
        )


@dataclass(frozen=True)
class TableScore:
    """An expert that scores standardised table rows directly, not through a kernel."""

    block: NumberBlock
    #: (m, D) standardised rows → (m, outputs).
    score_rows: Callable[[Matrix], Matrix]


@dataclass(frozen=True)
class FittedViews:
    """All fitted views of one classifier or regressor."""

    blocks: tuple[FittedBlock, ...]
    #: (n, outputs) mixed leave-one-out scores of the examples.
    left_out: Matrix
    #: Table experts to explain besides the views.
    tables: tuple[TableScore, ...] = ()
    #: Schema of a table's columns.
    schema: TableSchema | None = None

    def read(self, items: Sequence[EncodedItem]) -> Sequence[EncodedItem]:
        """Apply the table's schema, if there is one; input of `scores` and of the blocks."""
        return items if self.schema is None else self.schema.read(items)

    def scores(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m, outputs) mixed scores of items, with a standard deviation of about one."""
        return sum((fitted.scores(items) for fitted in self.blocks), np.zeros((len(items), self.left_out.shape[1])))


def fit_views(
    examples: Sequence[EncodedItem],
    targets: Matrix,
    weights: Matrix,
    penalties: Sequence[float],
    z_score_clip: float | None = None,
) -> FittedViews:
    """Fit every view to (n, outputs) targets; `z_score_clip`: see NumberBlock.fit.

    A view's share is proportional to the square root of its skill, 1 − left-out squared error / variance: on mails as good
    as equal shares, and uninformative views do not harm informative ones.
    """
    variance = float((weights[:, None] * (targets - targets.mean(0)) ** 2).mean())
    fits: list[tuple[Block, Centring, Ridge, float, float]] = []
    for block in fit_blocks(examples, z_score_clip):
        ridge, centring, width = fit_ridge(block.gram, block.widths, targets, weights, penalties)
        error = float((weights[:, None] * (ridge.left_out - targets) ** 2).mean())
        skill = max(1.0 - error / max(variance, 1e-12), MIN_SKILL)
        if isinstance(block, LinearBlock) and z_score_clip is None and skill >= MIN_EXTRAPOLATION_SKILL:
            block = block.extrapolating()
        fits.append((block, centring, ridge, width, skill**0.5))
    total = sum(share for *_, share in fits)
    blocks = tuple(
        FittedBlock(block, centring, ridge, width, share / total / max(float(ridge.left_out.std()), 1e-6))
        for block, centring, ridge, width, share in fits
    )
    left_out = sum((fitted.ridge.left_out * fitted.factor for fitted in blocks), np.zeros_like(targets))
    return FittedViews(blocks, left_out)


def fit_blocks(examples: Sequence[EncodedItem], z_score_clip: float | None = None) -> Iterator[Block]:
    """Fit the views for which at least half of the examples have content; for numbers, one example suffices."""
    if _at_least_half(examples, lambda item: bool(item.views.text)):
        yield MeaningBlock.fit(examples)
        if all(item.multilingual is not None for item in examples):
            yield MultilingualBlock.fit(examples)
    characters = (CharacterBlock,) if CharacterBlock.helps(examples) else ()
    for terms in (WordBlock, *characters, AttributeBlock):
        try:
            yield terms.fit(examples)
        except ValueError:
            continue  # no example has a term
    if _at_least_half(examples, lambda item: bool(item.views.shape)):
        yield ShapeBlock.fit(examples)
    if any(item.views.numbers for item in examples) or frequent_categories(examples):
        yield NumberBlock.fit(examples, z_score_clip)
        min_examples = MIN_LINEAR_EXAMPLES if z_score_clip is not None else MIN_LINEAR_EXAMPLES_REGRESSION
        if min_examples <= len(examples) <= MAX_LINEAR_EXAMPLES:
            yield LinearBlock.fit(examples, z_score_clip)
    for medium, descriptor in sorted({(m, d) for item in examples for m, f in item.media.items() for d in f.descriptors}):
        if _at_least_half(examples, partial(_has_medium, medium)):
            yield MediumBlock.fit(examples, medium, descriptor)


def _at_least_half(examples: Sequence[EncodedItem], has: Callable[[EncodedItem], bool]) -> bool:
    return sum(map(has, examples)) * 2 >= len(examples)


def _has_medium(medium: str, item: EncodedItem) -> bool:
    return medium in item.media


def _unpack_block(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Block:
    match spec["block"]:
        case "meaning":
            return MeaningBlock(arrays["vectors"], by_readability=spec.get("by_readability", False))
        case "multilingual":
            return MultilingualBlock(arrays["vectors"])
        case "words":
            return WordBlock.unpack(arrays)
        case "characters":
            return CharacterBlock.unpack(arrays)
        case "attributes":
            return AttributeBlock.unpack(arrays)
        case _:
            return unpack_gaussian(spec, arrays)
