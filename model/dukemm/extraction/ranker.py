"""Ranks candidates: a log-linear model with a prior that works without examples, and calibrated probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack, vstack
from scipy.special import expit, logit, softmax

from dukemm.extraction.features import DENSE, CandidateFeatures

Matrix = NDArray[np.float64]

#: Mean weight of each dense feature: fields without and with examples, questions without and with examples.
#: Fitted by `python -m benchmarks extraction-prior` on the «tried» halves of benchmarks/data/makers; the benchmarks use the
#: «unseen» halves, which share no layout, schema or topic with them.
PRIOR_WEIGHTS: dict[str, tuple[float, float, float, float]] = {
    "cue means what is asked": (7.3, 4.1, 0.0, 0.0),
    "cue reads like what is asked": (2.3, -0.7, 0.0, 0.0),
    "every word asked for is in the cue": (1.7, 0.5, 0.0, 0.0),
    "cue is the line above": (-2.0, -2.1, -2.3, -2.0),
    "cue means what the examples' cues mean": (0.0, 9.2, 0.0, -1.7),
    "cue reads like an example's cue": (0.0, 0.3, 0.0, 2.6),
    "type of the examples' answers": (0.0, 3.9, 0.0, 0.4),
    "shape of the examples' answers": (0.0, 1.7, 0.0, 0.5),
    "length of the examples' answers": (0.0, 5.8, 0.0, 0.5),
    "leaf of a record": (-0.0, 0.0, -0.3, -0.3),
    "value after a separator": (1.4, 0.3, 0.0, 0.0),
    "typed value": (0.6, 0.1, 2.1, 2.0),
    "whole line": (1.2, 3.2, -0.6, -0.7),
    "run of words": (-3.1, -3.6, -1.2, -1.0),
    "its line means what the question means": (1.0, 0.0, 14.5, 12.6),
    "words of the question in its line": (2.1, 0.0, -2.9, -2.6),
    "type that is asked for": (5.6, 5.3, 5.1, 4.7),
    "words that are asked for in the value": (-1.9, -1.0, -3.8, -3.8),
    "words of the question close by": (0.6, 0.0, 0.4, 1.0),
    "length": (10.0, 5.6, 0.7, 1.2),
}
#: Prior standard deviations of dense and of sparse weights: how far examples may move them.
DENSE_PRIOR_STD = 1.5
SPARSE_PRIOR_STD = 0.7
#: Sparse features that say which of the values of its type a candidate is, and their prior standard deviation. They hold
#: in other layouts too, so they may be learned faster than words.
ORDER_FEATURES = ("largest", "date", "amount", "number", "code", "name", "type")
ORDER_PRIOR_STD = 1.5


def prior_mean(question: bool, has_examples: bool) -> NDArray[np.float64]:
    """Mean of the dense weights, (len(DENSE),), for items with or without a question of their own."""
    return np.array([PRIOR_WEIGHTS[name][2 * question + has_examples] for name in DENSE])


class Ranker:
    """Log-linear model p(candidate | item) ∝ exp(w·features), maximum a posteriori by L-BFGS with a normal prior on w.

    Several candidates of an item may be right; the likelihood sums over them.
    """

    def __init__(self, prior: Matrix, features: Sequence[CandidateFeatures], right: Sequence[NDArray[np.bool_]]) -> None:
        """`prior` is the mean of the dense weights; `right[i]` marks the candidates of example i that are its answer."""
        self._vocabulary: dict[str, int] = {}
        for item, marks in zip(features, right, strict=True):
            # Only names that occur at a right candidate: the others would only make the model larger.
            for row in np.flatnonzero(marks):
                for name in item.names[row]:
                    self._vocabulary.setdefault(name, len(self._vocabulary))
        self.mean = np.concatenate([prior, np.zeros(len(self._vocabulary))])
        sparse = [ORDER_PRIOR_STD if name.startswith(ORDER_FEATURES) else SPARSE_PRIOR_STD for name in self._vocabulary]
        self._std = np.array([DENSE_PRIOR_STD] * len(DENSE) + sparse)
        self._tables = [self.table(item) for item in features]
        self._right = [np.asarray(marks) for marks in right]
        self.weights = self._fit(range(len(features)), self.mean)

    def table(self, item: CandidateFeatures) -> csr_matrix:
        """(candidates, features)."""
        rows, columns = [], []
        for row, names in enumerate(item.names):
            known = {self._vocabulary[name] for name in names if name in self._vocabulary}
            rows += [row] * len(known)
            columns += known
        sparse = csr_matrix((np.ones(len(rows)), (rows, columns)), (len(item.names), len(self._vocabulary)))
        return hstack([csr_matrix(item.dense), sparse], format="csr")

    def scores(self, item: CandidateFeatures) -> Matrix:
        """Log-odds of each candidate up to a constant, (candidates,)."""
        return self.table(item) @ self.weights

    def best_marked(self, item: CandidateFeatures, marks: NDArray[np.bool_]) -> int:
        """Row of the marked candidate with the highest score."""
        scores = self.scores(item)
        return int(max(np.flatnonzero(marks), key=lambda row: scores[row]))

    def shares(self, item: CandidateFeatures, row: int, other: int | None) -> dict[str, float]:
        """Exact contribution of each feature to the log-odds of candidate `row` over `other`, by name."""
        table = self.table(item)
        difference = table[row].toarray()[0] - (0.0 if other is None else table[other].toarray()[0])
        names = [*DENSE, *self._vocabulary]
        return {names[i]: float(difference[i] * self.weights[i]) for i in np.flatnonzero(difference * self.weights)}

    def left_out(self, example: int, item: CandidateFeatures) -> Matrix:
        """Scores of an example's candidates by a fit without it. `item` must be computed without its answer."""
        weights = self._fit([i for i in range(len(self._tables)) if i != example], self.weights)
        return self.table(item) @ weights

    def _fit(self, chosen: Sequence[int], start: Matrix) -> Matrix:
        if not chosen:
            return self.mean
        table = vstack([self._tables[i] for i in chosen], format="csr")
        sizes = [self._tables[i].shape[0] for i in chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        owner = np.repeat(np.arange(len(sizes)), sizes)
        right = np.concatenate([self._right[i] for i in chosen])

        def loss(weights: Matrix) -> tuple[float, Matrix]:
            scores = table @ weights
            all_log_sum, all_shares = _log_sum_exp(scores, starts, owner)
            right_log_sum, right_shares = _log_sum_exp(np.where(right, scores, -np.inf), starts, owner)
            deviation = (weights - self.mean) / self._std
            value = float((all_log_sum - right_log_sum).sum() + 0.5 * deviation @ deviation)
            return value, table.T @ (all_shares - right_shares) + deviation / self._std

        return minimize(loss, start, method="L-BFGS-B", jac=True, options={"maxiter": 60}).x


def _log_sum_exp(scores: Matrix, starts: NDArray[np.int64], owner: NDArray[np.int64]) -> tuple[Matrix, Matrix]:
    """Log-sum-exp of each item's scores, (items,), and the softmax within each item, (candidates,).

    `starts` (items,) are the first rows of the items; `owner` (candidates,) is the item of each row.
    """
    peaks = np.maximum.reduceat(scores, starts)
    shares = np.exp(scores - peaks[owner])
    sums = np.add.reduceat(shares, starts)
    return peaks + np.log(sums), shares / sums[owner]


def most_probable_value(values: Sequence[str], scores: Matrix) -> tuple[str, float]:
    """The value of the highest probability, summed over the places it stands at."""
    totals: dict[str, float] = {}
    for value, probability in zip(values, softmax(scores), strict=True):
        totals[value] = totals.get(value, 0.0) + float(probability)
    value = max(totals, key=lambda v: totals[v])
    return value, totals[value]


@dataclass(frozen=True)
class Calibration:
    """Platt scaling (Platt 1999) of log-odds; the defaults are the prior, used without examples."""

    slope: float = 0.7
    offset: float = -0.3

    def of(self, probability: float) -> float:
        """Calibrated probability."""
        return float(expit(self.slope * logit(np.clip(probability, 1e-6, 1 - 1e-6)) + self.offset))


#: Prior standard deviations of slope and offset: how far examples may move them.
_CALIBRATION_PRIOR_STD = (0.4, 1.0)


def fit_calibration(left_out: Sequence[tuple[float, bool]]) -> Calibration:
    """Maximum a posteriori slope and offset from (probability, whether right) of left-out answers."""
    prior = Calibration()
    if not left_out:
        return prior
    mean = np.array([prior.slope, prior.offset])
    odds = logit(np.clip([p for p, _ in left_out], 1e-6, 1 - 1e-6))
    right = np.array([is_right for _, is_right in left_out], float)

    def loss(parameters: Matrix) -> tuple[float, Matrix]:
        z = parameters[0] * odds + parameters[1]
        deviation = (parameters - mean) / _CALIBRATION_PRIOR_STD
        surplus = expit(z) - right
        value = float(np.logaddexp(0, z).sum() - right @ z + 0.5 * deviation @ deviation)
        return value, np.array([surplus @ odds, surplus.sum()]) + deviation / _CALIBRATION_PRIOR_STD

    best = minimize(loss, mean, method="L-BFGS-B", jac=True, bounds=[(0.05, 3.0), (-6.0, 6.0)]).x
    return Calibration(float(best[0]), float(best[1]))
