"""Calibrated confidence, and conformal sets and intervals, fitted to held-out examples."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from dukemm.domain.arrays import Matrix

#: Coverage of label sets and intervals.
COVERAGE = 0.95
#: Fewest held-out examples for the 95 % quantile of conformal sets and intervals.
MIN_CONFORMAL_EXAMPLES = 40
#: Fewest held-out examples for the slope of the confidence head, and for its margin and intercept.
MIN_SLOPE_EXAMPLES, MIN_HEAD_EXAMPLES = 8, 100
#: Prior standard deviation of the head's parameters around the identity.
HEAD_PRIOR_STD = 0.5
#: Probabilities are clipped to this distance from 0 and 1 before their logit is taken.
PROBABILITY_EDGE = 1e-4


@dataclass(frozen=True)
class ConfidenceHead:
    """Probability that the buyer will accept, from what the mixture says and how far the runner-up is behind."""

    slope: float = 1.0
    margin: float = 0.0
    intercept: float = 0.0

    def of(self, probabilities: Matrix) -> Matrix:
        """(m, labels) → (m,): of the most probable label."""
        top, margin = _features(probabilities)
        return expit(self.slope * top + self.margin * margin + self.intercept)

    @staticmethod
    def fit(probabilities: Matrix, answers: np.ndarray, weights: Matrix) -> "ConfidenceHead":
        """Logistic regression on left-out probabilities, (n, labels), regularised to the identity."""
        if len(answers) < MIN_SLOPE_EXAMPLES:
            return ConfidenceHead()
        few = len(answers) < MIN_HEAD_EXAMPLES
        top, margin = _features(probabilities)
        right = (probabilities.argmax(1) == answers).astype(np.float64)

        def loss(parameters: Matrix) -> tuple[float, Matrix]:
            odds = parameters[0] * top + parameters[1] * margin + parameters[2]
            chance = expit(odds)
            away = (parameters - np.array([1.0, 0.0, 0.0])) / HEAD_PRIOR_STD
            value = (weights * (np.logaddexp(0, odds) - right * odds)).sum() + 0.5 * (away**2).sum()
            surplus = weights * (chance - right)
            return float(value), np.array([surplus @ top, surplus @ margin, surplus.sum()]) + away / HEAD_PRIOR_STD

        # With few examples one number is all that can be measured: whether the mixture is as sure as it is right.
        bounds = [(0.1, 1.0), (0.0, 0.0), (0.0, 0.0)] if few else [(0.1, 3.0), (-3.0, 3.0), (-4.0, 4.0)]
        found = minimize(loss, np.array([1.0, 0.0, 0.0]), method="L-BFGS-B", jac=True, bounds=bounds)
        return ConfidenceHead(*map(float, found.x))


def _features(probabilities: Matrix) -> tuple[Matrix, Matrix]:
    ordered = np.sort(probabilities, axis=1)
    top = logit(ordered[:, -1].clip(PROBABILITY_EDGE, 1 - PROBABILITY_EDGE))
    return top, ordered[:, -1] - (ordered[:, -2] if probabilities.shape[1] > 1 else 0.0)


def set_threshold(probabilities: Matrix, answers: np.ndarray, weights: Matrix) -> float | None:
    """Least probability of a label in the 95 % set; None with few examples.

    Split conformal with 1 − p (Sadinle et al. 2019).
    """
    if len(answers) < MIN_CONFORMAL_EXAMPLES:
        return None
    return 1.0 - conformal_quantile(1.0 - probabilities[np.arange(len(answers)), answers], weights)


def interval_factor(errors: Matrix, deviations: Matrix, weights: Matrix) -> float | None:
    """Half the width of the 95 % interval, in deviations; None with few examples.

    Normalised split conformal (Lei et al. 2018).
    """
    return conformal_quantile(np.abs(errors) / deviations, weights) if len(errors) >= MIN_CONFORMAL_EXAMPLES else None


def conformal_quantile(scores: Matrix, weights: Matrix) -> float:
    """The score below which 95 % of the weight lies, the new item counted as one that is above (Tibshirani et al. 2019)."""
    order = np.argsort(scores, kind="stable")
    reached = np.cumsum(weights[order]) / (weights.sum() + weights.max())
    place = min(int(np.searchsorted(reached, COVERAGE)), len(scores) - 1)
    return float(scores[order[place]])
