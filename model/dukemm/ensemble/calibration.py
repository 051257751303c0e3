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
    """Probability that the buyer accepts: logistic in the top label's log-odds and its margin over the runner-up."""

    slope: float = 1.0
    margin: float = 0.0
    intercept: float = 0.0

    def confidences(self, probabilities: Matrix) -> Matrix:
        """(m, labels) probabilities → (m,) confidence in the most probable label."""
        top, margin = _features(probabilities)
        return expit(self.slope * top + self.margin * margin + self.intercept)

    @staticmethod
    def fit(probabilities: Matrix, answers: np.ndarray, weights: Matrix) -> "ConfidenceHead":
        """Fit by MAP logistic regression to held-out probabilities, (n, labels), with a Gaussian prior around the identity.

        `answers` (n,): index of the right label. With fewer than MIN_HEAD_EXAMPLES only the slope is fitted, at most 1.
        """
        if len(answers) < MIN_SLOPE_EXAMPLES:
            return ConfidenceHead()
        few = len(answers) < MIN_HEAD_EXAMPLES
        top, margin = _features(probabilities)
        right = (probabilities.argmax(1) == answers).astype(np.float64)

        def loss(parameters: Matrix) -> tuple[float, Matrix]:
            log_odds = parameters[0] * top + parameters[1] * margin + parameters[2]
            accepted = expit(log_odds)
            deviation = (parameters - np.array([1.0, 0.0, 0.0])) / HEAD_PRIOR_STD
            value = (weights * (np.logaddexp(0, log_odds) - right * log_odds)).sum() + 0.5 * (deviation**2).sum()
            residual = weights * (accepted - right)
            return float(value), np.array([residual @ top, residual @ margin, residual.sum()]) + deviation / HEAD_PRIOR_STD

        # Few examples determine one parameter only: how overconfident the mixture is.
        bounds = [(0.1, 1.0), (0.0, 0.0), (0.0, 0.0)] if few else [(0.1, 3.0), (-3.0, 3.0), (-4.0, 4.0)]
        fitted = minimize(loss, np.array([1.0, 0.0, 0.0]), method="L-BFGS-B", jac=True, bounds=bounds)
        return ConfidenceHead(*map(float, fitted.x))


def _features(probabilities: Matrix) -> tuple[Matrix, Matrix]:
    ordered = np.sort(probabilities, axis=1)
    top = logit(ordered[:, -1].clip(PROBABILITY_EDGE, 1 - PROBABILITY_EDGE))
    return top, ordered[:, -1] - (ordered[:, -2] if probabilities.shape[1] > 1 else 0.0)


def set_threshold(probabilities: Matrix, answers: np.ndarray, weights: Matrix) -> float | None:
    """Least probability of a label in the 95 % set; None with fewer than MIN_CONFORMAL_EXAMPLES.

    Split conformal with the score 1 − p (Sadinle et al. 2019).
    """
    if len(answers) < MIN_CONFORMAL_EXAMPLES:
        return None
    return 1.0 - conformal_quantile(1.0 - probabilities[np.arange(len(answers)), answers], weights)


def interval_factor(errors: Matrix, deviations: Matrix, weights: Matrix) -> float | None:
    """Half the width of the 95 % interval in units of `deviations`; None with fewer than MIN_CONFORMAL_EXAMPLES.

    Normalised split conformal (Lei et al. 2018).
    """
    return conformal_quantile(np.abs(errors) / deviations, weights) if len(errors) >= MIN_CONFORMAL_EXAMPLES else None


def conformal_quantile(scores: Matrix, weights: Matrix) -> float:
    """Weighted COVERAGE quantile of (n,) scores and one more at infinity, the new item's (Tibshirani et al. 2019)."""
    order = np.argsort(scores, kind="stable")
    cumulative = np.cumsum(weights[order]) / (weights.sum() + weights.max())
    rank = min(int(np.searchsorted(cumulative, COVERAGE)), len(scores) - 1)
    return float(scores[order[rank]])
