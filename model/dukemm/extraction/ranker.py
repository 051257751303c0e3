"""Which candidate is the answer: a log-linear model over an item's candidates, with a prior that works without examples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack, vstack

from dukemm.extraction.cues import DENSE
from dukemm.extraction.prior import DENSE_SPREAD, ORDER_NAMES, ORDER_SPREAD, SPARSE_SPREAD

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Sheet:
    """The candidates of one item in numbers: dense features, and names of what is around each."""

    dense: Matrix
    names: list[list[str]]


class Ranker:
    """p(candidate | item) ∝ exp(w·features), w normal around the prior; of several right places any will do.

    Maximum a posteriori by L-BFGS. `left_out(i)` fits again without one example, from where the whole fit ended.
    """

    def __init__(self, prior: Matrix, sheets: Sequence[Sheet], right: Sequence[NDArray[np.bool_]]) -> None:
        """`prior` is the mean of the dense weights; `right[i]` marks the candidates of example i that are its answer."""
        self._vocabulary: dict[str, int] = {}
        for sheet, marks in zip(sheets, right, strict=True):
            # Names that no right candidate has are rare wrong ones: they would only make the model larger.
            for row in np.flatnonzero(marks):
                for name in sheet.names[row]:
                    self._vocabulary.setdefault(name, len(self._vocabulary))
        self.mean = np.concatenate([prior, np.zeros(len(self._vocabulary))])
        # What holds in other layouts too may be learned faster than words.
        sparse = [ORDER_SPREAD if name.startswith(ORDER_NAMES) else SPARSE_SPREAD for name in self._vocabulary]
        self._spread = np.array([DENSE_SPREAD] * len(DENSE) + sparse)
        self._tables = [self.table(sheet) for sheet in sheets]
        self._right = [np.asarray(marks) for marks in right]
        self.weights = self._fit(range(len(sheets)), self.mean)

    def table(self, sheet: Sheet) -> csr_matrix:
        """(candidates, features)."""
        rows, columns = [], []
        for row, names in enumerate(sheet.names):
            known = {self._vocabulary[name] for name in names if name in self._vocabulary}
            rows += [row] * len(known)
            columns += known
        sparse = csr_matrix((np.ones(len(rows)), (rows, columns)), (len(sheet.names), len(self._vocabulary)))
        return hstack([csr_matrix(sheet.dense), sparse], format="csr")

    def scores(self, sheet: Sheet) -> Matrix:
        """Log-odds up to a constant, (candidates,)."""
        return self.table(sheet) @ self.weights

    def shares(self, sheet: Sheet, row: int, other: int | None) -> dict[str, float]:
        """What each feature adds to the log-odds of one candidate over another, exactly, by name."""
        table = self.table(sheet)
        difference = table[row].toarray()[0] - (0.0 if other is None else table[other].toarray()[0])
        names = [*DENSE, *self._vocabulary]
        return {names[i]: float(difference[i] * self.weights[i]) for i in np.flatnonzero(difference * self.weights)}

    def left_out(self, example: int, sheet: Sheet) -> Matrix:
        """Scores of an example's candidates as if it had not been there; `sheet` must not know its answer."""
        weights = self._fit([i for i in range(len(self._tables)) if i != example], self.weights)
        return self.table(sheet) @ weights

    def _fit(self, chosen: Sequence[int], start: Matrix) -> Matrix:
        if not chosen:
            return self.mean
        whole = vstack([self._tables[i] for i in chosen], format="csr")
        sizes = [self._tables[i].shape[0] for i in chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        item = np.repeat(np.arange(len(sizes)), sizes)
        right = np.concatenate([self._right[i] for i in chosen])

        def loss(weights: Matrix) -> tuple[float, Matrix]:
            scores = whole @ weights
            all_of, every = _normalised(scores, starts, item)
            right_of, those = _normalised(np.where(right, scores, -np.inf), starts, item)
            away = (weights - self.mean) / self._spread
            value = float((all_of - right_of).sum() + 0.5 * away @ away)
            return value, whole.T @ (every - those) + away / self._spread

        return minimize(loss, start, method="L-BFGS-B", jac=True, options={"maxiter": 60}).x


def _normalised(scores: Matrix, starts: NDArray[np.int64], item: NDArray[np.int64]) -> tuple[Matrix, Matrix]:
    """Log of the sum of exponentials of each item, and the probabilities that sum to one in each."""
    peaks = np.maximum.reduceat(scores, starts)
    shares = np.exp(scores - peaks[item])
    sums = np.add.reduceat(shares, starts)
    return peaks + np.log(sums), shares / sums[item]
