"""How typical an item is of the examples, by its distance to the nearest ones in each view.

A classifier is as sure of items from another world as of its own, since its scores say which label is nearest and not how
near. An item farther from all examples than these are from each other gets its log-odds scaled down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dukemm.domain.arrays import Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.experts.expert_set import number_block
from dukemm.experts.gaussian_kernels import GaussianBlock, LinearBlock, MediumBlock, NumberBlock
from dukemm.experts.joint import MIN_SIMILARITY
from dukemm.experts.kernels import MeaningBlock
from dukemm.experts.views import FittedBlock

#: Nearest examples whose mean distance counts.
NEIGHBOURS = 3
#: Fewest distinct examples for a distribution of distances.
MIN_EXAMPLES = 8
#: Similarity from which on two examples count as copies of each other.
MIN_SIMILARITY_OF_COPIES = 1 - 1e-6
#: Exponent of the factor: how fast log-odds fall beyond the examples' own distances.
EXPONENT = 2.0
#: Least width of a distribution of distances, as a share of its median: equidistant examples would make it zero.
MIN_RELATIVE_WIDTH = 0.08


@dataclass(frozen=True)
class Typicality:
    """Distances of the examples to each other, per modality and view."""

    #: By modality: indices of its views.
    members: Mapping[str, tuple[int, ...]]
    #: (views,) median of an example's distance to its nearest others, and width of the upper half of that distribution.
    medians: Matrix
    widths: Matrix
    #: By number column: ends of the examples' range.
    ranges: Mapping[str, tuple[float, float]]

    @staticmethod
    def fit(views: Sequence[FittedBlock], examples: Sequence[EncodedItem]) -> "Typicality | None":
        """Fit to the views and their examples; None if these are too few, or no view has a distance."""
        members: dict[str, list[int]] = {}
        medians, widths = np.zeros(len(views)), np.ones(len(views))
        for i, view in enumerate(views):
            modality = _modality(view)
            if modality is None:
                continue
            gram = _of_distinct(np.array(view.block.gram(view.width)))
            if len(gram) < MIN_EXAMPLES:
                continue
            np.fill_diagonal(gram, -np.inf)
            distances = _distances(gram, isinstance(view.block, GaussianBlock))
            medians[i] = np.median(distances)
            # Distances in a table are skewed: by their tail, a twentieth of unseen items lies beyond and not a quarter.
            upper, uppermost = np.quantile(distances, (0.95, 0.99)) - medians[i]
            widths[i] = max(upper, uppermost / 2, MIN_RELATIVE_WIDTH * medians[i], 1e-6)
            members.setdefault(modality, []).append(i)
        fitted = {modality: tuple(indices) for modality, indices in members.items()}
        return Typicality(fitted, medians, widths, _ranges(views, examples)) if fitted else None

    def factors(self, views: Sequence[FittedBlock], items: Sequence[EncodedItem]) -> Matrix:
        """(m,) in (0, 1]: 1 up to the distance of most examples, then the inverse square of the distance in widths.

        A modality is as near as its nearest view (a text of another language is far by one embedding and not by the other),
        and an item as far as its farthest modality.
        """
        excess = np.zeros(len(items))
        for indices in self.members.values():
            nearest = np.full(len(items), np.inf)
            for i in indices:
                distances = _distances(
                    views[i].block.compare(items, views[i].width), isinstance(views[i].block, GaussianBlock)
                )
                nearest = np.minimum(nearest, (distances - self.medians[i]) / self.widths[i])
            excess = np.maximum(excess, nearest)
        # Views clip numbers: ten times a salary is as near as three deviations. The distance in ranges is not clipped.
        excess = np.maximum(excess, self._beyond(items))
        return np.maximum(excess, 1.0) ** -EXPONENT

    def _beyond(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m,) distance of an item's farthest number from the range of its column, in ranges; 0 inside."""
        beyond = np.zeros(len(items))
        for name, (low, high) in self.ranges.items():
            values = np.array([item.views.numbers.get(name, low) for item in items], np.float64)
            beyond = np.maximum(beyond, np.maximum(low - values, values - high) / (high - low))
        return beyond

    def pack(self) -> dict[str, Any]:
        """As JSON."""
        members = {modality: list(indices) for modality, indices in self.members.items()}
        ranges = {name: list(ends) for name, ends in self.ranges.items()}
        return {"members": members, "medians": self.medians.tolist(), "widths": self.widths.tolist(), "ranges": ranges}

    @staticmethod
    def unpack(data: Mapping[str, Any]) -> "Typicality":
        """The inverse of `pack`."""
        members = {modality: tuple(indices) for modality, indices in data["members"].items()}
        ranges = {name: (low, high) for name, (low, high) in data["ranges"].items()}
        return Typicality(members, np.array(data["medians"]), np.array(data["widths"]), ranges)


def _modality(view: FittedBlock) -> str | None:
    """What a view's distances are of; None if they tell no worlds apart: words differ in all texts, shapes in none."""
    block = view.block
    if isinstance(block, MeaningBlock):
        return "text"
    if isinstance(block, MediumBlock):
        return f"medium {block.medium}"
    return "numbers" if isinstance(block, NumberBlock) and not isinstance(block, LinearBlock) else None


def _ranges(views: Sequence[FittedBlock], examples: Sequence[EncodedItem]) -> dict[str, tuple[float, float]]:
    """Ends of each number column that the views read; of columns with one value none, as they say nothing of distances."""
    block = number_block(views)
    ranges: dict[str, tuple[float, float]] = {}
    for name in () if block is None else block.fields:
        values = [example.views.numbers[name] for example in examples if name in example.views.numbers]
        if len(values) >= MIN_EXAMPLES and max(values) > min(values):
            ranges[name] = (min(values), max(values))
    return ranges


def _of_distinct(gram: Matrix) -> Matrix:
    """(k, k) similarities of the k distinct examples of (n, n): a copy's distance of 0 says nothing of an unseen item's."""
    distinct = np.tril(gram, -1).max(1) < MIN_SIMILARITY_OF_COPIES
    return gram[np.ix_(distinct, distinct)]


def _distances(similarities: Matrix, gaussian: bool) -> Matrix:
    """(m,) mean distance to the nearest examples from (m, n) similarities: a cosine's angle, a Gaussian's distance."""
    count = min(NEIGHBOURS, similarities.shape[1] - 1)
    nearest = np.partition(similarities, -count, axis=1)[:, -count:]
    if gaussian:
        return np.sqrt(-np.log(np.clip(nearest, MIN_SIMILARITY, 1.0))).mean(1)
    return np.arccos(np.clip(nearest, -1.0, 1.0)).mean(1)
