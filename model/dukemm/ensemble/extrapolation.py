"""How far a predicted number may be off where an item's numbers lie outside the range that the examples cover.

Conformal intervals hold for items drawn like the examples. Outside their range nothing was measured, so this measures it:
for each side of each column the outermost examples are held out as one block, and the growth of the error with the distance
from the remaining range is kept. Residuals of a held-out block of kernel ridge in closed form: Rasmussen & Williams 2006,
section 5.4.2.
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

#: Share of the examples that is held out at one end of a column, and the fewest that tell how an error grows.
HELD_OUT_SHARE, FEWEST_HELD_OUT = 0.2, 3
#: Examples that the growth is measured on at most: the inverse of a kernel takes n³ steps.
MEASURED_ON = 400
#: Error per standard deviation of distance where too few examples tell: as if the target moved along with the column.
UNMEASURED_GROWTH = 1.0
#: Least growth, in root mean squared left-out errors: no growth over a fifth of the range proves little about far away.
LEAST_GROWTH = 0.25
#: Least growth, in standard deviations of the target: curvature that the range does not show may begin beyond it.
MIN_CURVATURE_GROWTH = 0.02


@dataclass(frozen=True)
class Extrapolation:
    """The range of each number column of the examples and the growth of the error below and above it."""

    fields: tuple[str, ...]
    #: (D,) in the unit of the column.
    low: Matrix
    high: Matrix
    spread: Matrix
    #: (D, 2) below and above: deviation of the target, standardised, per standard deviation of distance; and the distance
    #: up to which it was measured.
    growth: Matrix
    reach: Matrix

    def deviations(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m,) standard deviations of the target that an item's distance from the range adds; 0 inside.

        Up to the distance that was measured the error grows in proportion to it. Beyond, it grows faster: a trend that was
        seen over one distance says less the further it is drawn on.
        """
        distance = self._beyond(items)
        return np.sqrt(((self.growth * distance) ** 2 * (1.0 + distance / self.reach)).sum((1, 2)))

    def distances(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m,) how far an item lies beyond the range, in standard deviations of the column where it is furthest."""
        return self._beyond(items).max((1, 2), initial=0.0)

    def _beyond(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m, D, 2) below and above the range of each column, in its standard deviations; 0 inside."""
        table = np.array([[item.views.numbers.get(name, np.nan) for name in self.fields] for item in items], np.float64)
        table = table.reshape(len(items), len(self.fields))
        sides = np.stack([self.low - table, table - self.high], axis=2) / self.spread[None, :, None]
        return np.nan_to_num(np.clip(sides, 0.0, 1e12), nan=0.0)

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """What an artifact keeps."""
        arrays = {name: getattr(self, name) for name in ("low", "high", "spread", "growth", "reach")}
        return {"fields": list(self.fields)}, arrays

    @staticmethod
    def unpack(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> "Extrapolation":
        """What `pack` was called on."""
        return Extrapolation(
            tuple(spec["fields"]), **{name: np.asarray(array, np.float64) for name, array in arrays.items()}
        )


def measure_extrapolation(
    experts: Experts, examples: Sequence[EncodedItem], targets: Matrix, left_out: Sequence[Matrix], shares: Matrix
) -> Extrapolation | None:
    """From (n,) standardised targets, the (n, 1) left-out answer of each expert, and its share in the mixture.

    None where no column holds numbers.
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
    some = np.linspace(0, len(targets) - 1, min(len(targets), MEASURED_ON)).astype(np.int64)
    chosen = [examples[place] for place in some]
    mixture = _Mixture(experts, chosen, some, targets[some], [score[some, 0] for score in left_out], shares)
    growth = np.full((len(fields), 2), UNMEASURED_GROWTH)
    reach = np.ones((len(fields), 2))
    for column, name in enumerate(fields):
        values = table[some, column] / spread[column]
        for side, sign in ((0, -1.0), (1, 1.0)):
            measured = _growth(sign * values, mixture, name, sign * spread[column])
            if measured is not None:
                growth[column, side], reach[column, side] = measured
    return Extrapolation(fields, np.nanmin(table, 0), np.nanmax(table, 0), spread, growth, reach)


def _growth(outward: Matrix, mixture: "_Mixture", column: str, unit: float) -> tuple[float, float] | None:
    """Growth and the distance it was measured on; None where too few examples tell.

    `outward` (n,): the column's values in standard deviations, larger further out; `unit`: one in the column's own unit.
    """
    order = np.argsort(outward, kind="stable")  # NaN last
    order = order[: np.isfinite(outward).sum()]
    count = max(round(len(order) * HELD_OUT_SHARE), FEWEST_HELD_OUT)
    if len(order) < 3 * count:
        return None
    edge = outward[order[-count - 1]]
    held = order[outward[order] > edge]
    if len(held) < FEWEST_HELD_OUT or len(held) > len(order) / 2:
        return None
    distance = outward[held] - edge
    if distance.max() < 1e-6:
        return None
    # Against their errors when each is left out alone, less a standard error: noise must not look like growth.
    surplus = mixture.held_out_errors(held, column, edge * unit) ** 2 - mixture.errors[held] ** 2
    proven = float(surplus.sum() - surplus.std() * np.sqrt(len(held)))
    least = LEAST_GROWTH * float(np.sqrt((mixture.errors**2).mean()))
    measured = float(np.sqrt(max(proven, 0.0) / (distance**2).sum()))
    return max(measured, least, MIN_CURVATURE_GROWTH), float(distance.max())


class _Mixture:
    """What the mixture answers about examples that were held out as a block."""

    def __init__(
        self,
        experts: Experts,
        examples: Sequence[EncodedItem],
        some: NDArray[np.int64],
        targets: Matrix,
        left_out: Sequence[Matrix],
        shares: Matrix,
    ) -> None:
        """`examples`, `targets` and `left_out` are those of the places `some` among all that the experts were fitted to."""
        self._experts, self._targets, self._left_out, self._shares = experts, targets, left_out, shares
        self._inverses: dict[int, tuple[Matrix, Matrix]] = {}
        for place, view in enumerate(experts.views):
            if isinstance(view.block, NumberBlock):
                gram = view.block.gram(view.width)[np.ix_(some, some)]
                self._inverses[place] = block_residuals(Centring.of(gram).apply(gram), targets, view.ridge.penalty)
        self._rows = None if experts.dense is None else experts.dense.rows(examples)
        whole = sum((share * said for share, said in zip(shares, left_out, strict=True)), np.zeros(len(targets)))
        #: (n,) of single examples that were left out.
        self.errors = whole - targets

    def held_out_errors(self, held: NDArray[np.int64], column: str, edge: float) -> Matrix:
        """(len(held),) errors where none of them was an example; `edge` is the outermost value of the others."""
        answers = np.zeros(len(held))
        for place, (name, said) in enumerate(zip(self._experts.names, self._left_out, strict=True)):
            if place in self._inverses:
                inverse, dual = self._inverses[place]
                own = self._targets[held] - np.linalg.solve(inverse[np.ix_(held, held)], dual[held])
            elif name == FOREST:
                own = self._at_the_edge(held, column, edge)
            else:
                own = said[held]
            answers += self._shares[place] * own
        return answers - self._targets[held]

    def _at_the_edge(self, held: NDArray[np.int64], column: str, edge: float) -> Matrix:
        """Beyond their last split trees answer as at the edge."""
        assert self._experts.forest is not None and self._experts.dense is not None and self._rows is not None
        rows = self._rows[held].copy()
        rows[:, self._experts.dense.numbers.index(column)] = edge
        return self._experts.forest.predict(rows)[:, 0]
