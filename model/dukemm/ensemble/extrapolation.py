"""Error of predicted numbers for items outside the range of the examples' columns.

Conformal intervals hold for items drawn from the distribution of the examples. To estimate the error outside their range,
the outermost examples at each end of each column are held out as one block, and the growth of the error with the distance
from the remaining range is stored. Held-out residuals of kernel ridge in closed form: Rasmussen & Williams 2006, section
5.4.2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dukemm.domain.arrays import Arrays, Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.experts.expert_set import FOREST, Experts, number_block
from dukemm.experts.gaussian_kernels import NumberBlock
from dukemm.experts.ridge import Centring, block_residuals
from dukemm.features.columns import column_moments

#: Share of the examples held out at one end of a column, and fewest held-out examples for estimating the growth.
HELD_OUT_SHARE, MIN_HELD_OUT = 0.2, 3
#: Most examples for estimating the growth: inverting a kernel matrix takes O(n³).
MAX_GROWTH_EXAMPLES = 400
#: Growth with too few examples to estimate it: one target deviation per column deviation, as if the target moved with the
#: column.
DEFAULT_GROWTH = 1.0
#: Least growth per column deviation, as a multiple of the root mean squared left-out error: no growth over a fifth of the
#: range proves little about greater distances.
MIN_ERROR_GROWTH = 0.25
#: Least growth, in target deviations per column deviation: the target may curve beyond the range.
MIN_CURVATURE_GROWTH = 0.02


@dataclass(frozen=True)
class Extrapolation:
    """Range of each of D number columns of the examples, and growth of the error below and above it."""

    fields: tuple[str, ...]
    #: (D,) ends of the range and standard deviation, in the unit of the column.
    low: Matrix
    high: Matrix
    spread: Matrix
    #: (D, 2), below and above: error in target deviations per column deviation of distance; and the distance, in column
    #: deviations, up to which the growth was measured.
    growth: Matrix
    reach: Matrix

    def deviations(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m,) standard deviation, in target deviations, that an item's distance from the range adds; 0 inside.

        The variance is (growth · d)² (1 + d / reach): about linear up to the measured distance, faster beyond it.
        """
        distance = self._beyond(items)
        return np.sqrt(((self.growth * distance) ** 2 * (1.0 + distance / self.reach)).sum((1, 2)))

    def distances(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m,) largest distance of an item from the range of any column, in that column's standard deviations."""
        return self._beyond(items).max((1, 2), initial=0.0)

    def _beyond(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m, D, 2) distance below and above the range of each column, in its standard deviations; 0 inside."""
        table = np.array([[item.views.numbers.get(name, np.nan) for name in self.fields] for item in items], np.float64)
        table = table.reshape(len(items), len(self.fields))
        sides = np.stack([self.low - table, table - self.high], axis=2) / self.spread[None, :, None]
        return np.nan_to_num(np.clip(sides, 0.0, 1e12), nan=0.0)

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """JSON spec and arrays for the artifact."""
        arrays = {name: getattr(self, name) for name in ("low", "high", "spread", "growth", "reach")}
        return {"fields": list(self.fields)}, arrays

    @staticmethod
    def unpack(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> "Extrapolation":
        """The inverse of `pack`."""
        return Extrapolation(
            tuple(spec["fields"]), **{name: np.asarray(array, np.float64) for name, array in arrays.items()}
        )


def measure_extrapolation(
    experts: Experts, examples: Sequence[EncodedItem], targets: Matrix, left_out: Sequence[Matrix], shares: Matrix
) -> Extrapolation | None:
    """Estimate the growth of the error; None if no column holds numbers.

    `targets` (n,): standardised. `left_out`: (n, 1) left-out predictions of each expert. `shares` (experts,): mixture
    weights.
    """
    block = number_block(experts.views)
    if block is None or not block.fields:
        return None
    table = np.array([[item.views.numbers.get(name, np.nan) for name in block.fields] for item in examples], np.float64)
    known = ~np.isnan(table).all(0)
    fields = tuple(name for name, is_known in zip(block.fields, known, strict=True) if is_known)
    if not fields:
        return None
    table = table[:, known]
    _, spread = column_moments(table)
    sample = np.linspace(0, len(targets) - 1, min(len(targets), MAX_GROWTH_EXAMPLES)).astype(np.int64)
    sampled = [examples[row] for row in sample]
    mixture = _BlockHoldOut(experts, sampled, sample, targets[sample], [score[sample, 0] for score in left_out], shares)
    growth = np.full((len(fields), 2), DEFAULT_GROWTH)
    reach = np.ones((len(fields), 2))
    for column, name in enumerate(fields):
        values = table[sample, column] / spread[column]
        for side, sign in ((0, -1.0), (1, 1.0)):
            measured = _measure_growth(sign * values, mixture, name, sign * spread[column])
            if measured is not None:
                growth[column, side], reach[column, side] = measured
    return Extrapolation(fields, np.nanmin(table, 0), np.nanmax(table, 0), spread, growth, reach)


def _measure_growth(outward: Matrix, mixture: "_BlockHoldOut", column: str, unit: float) -> tuple[float, float] | None:
    """(growth, distance up to which it was measured); None with too few examples.

    `outward` (n,): z-scores of the column, with the sign that makes the measured end the largest. `unit`: one outward
    standard deviation in the unit of the column.
    """
    order = np.argsort(outward, kind="stable")  # NaN last
    order = order[: np.isfinite(outward).sum()]
    count = max(round(len(order) * HELD_OUT_SHARE), MIN_HELD_OUT)
    if len(order) < 3 * count:
        return None
    edge = outward[order[-count - 1]]
    held = order[outward[order] > edge]
    if len(held) < MIN_HELD_OUT or len(held) > len(order) / 2:
        return None
    distance = outward[held] - edge
    if distance.max() < 1e-6:
        return None
    # Excess over leave-one-out errors, less one standard error, so that noise is not taken for growth.
    excess = mixture.held_out_errors(held, column, edge * unit) ** 2 - mixture.errors[held] ** 2
    significant = float(excess.sum() - excess.std() * np.sqrt(len(held)))
    least = MIN_ERROR_GROWTH * float(np.sqrt((mixture.errors**2).mean()))
    measured = float(np.sqrt(max(significant, 0.0) / (distance**2).sum()))
    return max(measured, least, MIN_CURVATURE_GROWTH), float(distance.max())


class _BlockHoldOut:
    """Predictions of the mixture for examples that are held out as a block."""

    def __init__(
        self,
        experts: Experts,
        examples: Sequence[EncodedItem],
        sample: NDArray[np.int64],
        targets: Matrix,
        left_out: Sequence[Matrix],
        shares: Matrix,
    ) -> None:
        """`sample`: indices of `examples`, `targets` and `left_out` among all examples that the experts were fitted to."""
        self._experts, self._targets, self._left_out, self._shares = experts, targets, left_out, shares
        self._inverses: dict[int, tuple[Matrix, Matrix]] = {}
        for index, view in enumerate(experts.views):
            if isinstance(view.block, NumberBlock):
                gram = view.block.gram(view.width)[np.ix_(sample, sample)]
                self._inverses[index] = block_residuals(Centring.fit(gram).apply(gram), targets, view.ridge.penalty)
        self._rows = None if experts.dense is None else experts.dense.rows(examples)
        mixed = sum((share * score for share, score in zip(shares, left_out, strict=True)), np.zeros(len(targets)))
        #: (n,) leave-one-out errors.
        self.errors = mixed - targets

    def held_out_errors(self, held: NDArray[np.int64], column: str, edge: float) -> Matrix:
        """(len(held),) errors with all of `held` left out at once; `edge`: outermost value of the remaining examples."""
        answers = np.zeros(len(held))
        for index, (name, left_out) in enumerate(zip(self._experts.names, self._left_out, strict=True)):
            if index in self._inverses:
                inverse, dual = self._inverses[index]
                own = self._targets[held] - np.linalg.solve(inverse[np.ix_(held, held)], dual[held])
            elif name == FOREST:
                own = self._forest_at_edge(held, column, edge)
            else:
                own = left_out[held]
            answers += self._shares[index] * own
        return answers - self._targets[held]

    def _forest_at_edge(self, held: NDArray[np.int64], column: str, edge: float) -> Matrix:
        """(len(held),) forest predictions with the column at the edge: trees are constant beyond their last split."""
        assert self._experts.forest is not None and self._experts.dense is not None and self._rows is not None
        rows = self._rows[held].copy()
        rows[:, self._experts.dense.numbers.index(column)] = edge
        return self._experts.forest.predict(rows)[:, 0]
