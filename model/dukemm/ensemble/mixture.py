"""Combines the experts' scores into calibrated probabilities.

A logarithmic opinion pool: log-odds are a weighted sum of the scores plus a bias per label, fitted by maximum a posteriori
to held-out scores (stacking, Wolpert 1992; with one expert it is temperature scaling, Guo et al. 2017). The prior (shares
by skill, a typical sharpness, no bias) dominates while examples are few.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from dukemm.domain.arrays import Matrix
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.experts.fitting import FittedExperts

#: Prior standard deviation of an expert's share around the share by skill, at REFERENCE_EXAMPLES examples; it grows with
#: the square root of their number. Best of 0.015 to 0.2 on pictures, mails and composed items (100 and 500 examples).
SHARE_PRIOR_STD, REFERENCE_EXAMPLES = 0.1, 40
#: The same for regression, whose experts differ less.
REGRESSION_SHARE_PRIOR_STD = 0.06
#: The same for tables, whose shares include the likelihood of the experts' answers.
TABLE_SHARE_PRIOR_STD = 0.05
#: Divides the log-likelihoods that set an expert's share, so that ten held-out answers count as one. Best of 5 to 50 on
#: eight small tables (LOG.md).
LIKELIHOOD_TEMPERATURE = 10.0
#: The same for numbers.
REGRESSION_LIKELIHOOD_TEMPERATURE = 5.0
#: Weight of the prior of regression shares against the squared errors of standardised targets: their error variance.
LINEAR_PRIOR_WEIGHT = 0.2
#: Prior for calibrating a single expert: wide, so that the sharpness follows from its answers.
SINGLE_EXPERT_PRIOR = CalibrationPrior(sharpness_spread=1.0)
#: Prior standard deviation of the logarithm of the offset's weight: log-odds from the names of labels may be worth a third
#: of what they say or three times as much, and a few examples tell (LOG.md).
OFFSET_WEIGHT_STD = 1.0
#: Cross-fitting is skipped above this many examples, where in-sample mixing no longer biases calibration noticeably.
MAX_CROSS_FITTED, CROSS_FOLDS = 2000, 10
#: It needs so many examples.
MIN_CROSS_FITTED = 2 * CROSS_FOLDS


@dataclass(frozen=True)
class HeldOutScores:
    """Held-out scores of n examples by each expert, with the right answers."""

    #: (n, labels) of each expert, with a standard deviation of about one.
    scores: Sequence[Matrix]
    #: (n,) index of the right label.
    answers: NDArray[np.int64]
    #: (n,) weight of each example.
    weights: Matrix
    #: (n, labels) log-odds that were not learned from the examples; None if there are none.
    offset: Matrix | None = None

    def subset(self, rows: NDArray[np.bool_]) -> "HeldOutScores":
        """Select examples by an (n,) mask."""
        offset = None if self.offset is None else self.offset[rows]
        return HeldOutScores([score[rows] for score in self.scores], self.answers[rows], self.weights[rows], offset)


@dataclass(frozen=True)
class MixturePrior:
    """Prior of a mixture's parameters."""

    #: (experts,) expected weight of each, relative to the sharpness.
    shares: Sequence[float]
    calibration: CalibrationPrior
    share_std: float = SHARE_PRIOR_STD


@dataclass(frozen=True)
class Mixture:
    """Log-odds for one unit of each expert's score, (experts,), and a bias per label, (labels,)."""

    weights: Matrix
    biases: Matrix
    #: Factor on log-odds that were not learned from the examples.
    offset_weight: float = 1.0

    def logits(self, scores: Sequence[Matrix], offset: Matrix | None = None) -> Matrix:
        """(experts of (m, labels)), with unlearned log-odds (m, labels) → (m, labels)."""
        mixed = sum((w * s for w, s in zip(self.weights, scores, strict=True)), np.zeros_like(scores[0])) + self.biases
        return mixed if offset is None else mixed + self.offset_weight * offset

    def probabilities(self, scores: Sequence[Matrix]) -> Matrix:
        """(experts of (m, labels)) → (m, labels), rows sum to one."""
        return softmax(self.logits(scores), axis=1)

    def blended(self, log_rates: Matrix, share: float) -> "Mixture":
        """`share` of these log-odds and the rest of `log_rates`, (labels,), for every item."""
        return Mixture(share * self.weights, share * self.biases + (1.0 - share) * log_rates, share * self.offset_weight)

    def pack(self) -> dict[str, Any]:
        """As JSON."""
        return {"weights": self.weights.tolist(), "biases": self.biases.tolist()}

    @staticmethod
    def unpack(data: Mapping[str, Any]) -> "Mixture":
        """What `pack` wrote."""
        return Mixture(np.array(data["weights"]), np.array(data["biases"]))


def share_std_for(examples: int, std: float) -> float:
    """Prior standard deviation of a share for a number of examples; see SHARE_PRIOR_STD."""
    return std * float(np.sqrt(max(examples, REFERENCE_EXAMPLES) / REFERENCE_EXAMPLES))


def fit_mixture(held_out: HeldOutScores, prior: MixturePrior) -> Mixture:
    """Fit shares, sharpness and biases to held-out scores by maximum a posteriori (L-BFGS-B, analytic gradient)."""
    stacked, weights, offset = np.stack(held_out.scores), held_out.weights, held_out.offset
    unlearned = 0.0 if offset is None else offset
    experts, n, labels = stacked.shape
    right = np.zeros((n, labels))
    right[np.arange(n), held_out.answers] = 1.0
    calibration = prior.calibration
    bias_variance = calibration.bias_spread**2 * 2.0 / labels
    prior_log_sharpness, prior_shares = np.log(calibration.sharpness), np.asarray(prior.shares, np.float64)
    share_std = share_std_for(n, prior.share_std)

    def loss(parameters: Matrix) -> tuple[float, Matrix]:
        sharpness, shares, biases = np.exp(parameters[0]), parameters[2 : 2 + experts], parameters[2 + experts :]
        mixed, added = np.tensordot(shares, stacked, 1), np.exp(parameters[1]) * unlearned
        logs = log_softmax(sharpness * mixed + added + biases, axis=1)
        residual = weights[:, None] * (np.exp(logs) - right)
        sharpness_z = (parameters[0] - prior_log_sharpness) / calibration.sharpness_spread
        offset_z = parameters[1] / OFFSET_WEIGHT_STD
        shares_z = (shares - prior_shares) / share_std
        value = -(weights[:, None] * logs * right).sum()
        value += 0.5 * (sharpness_z**2 + offset_z**2 + (shares_z**2).sum() + (biases**2).sum() / bias_variance)
        sharpness_slope = (residual * mixed).sum() * sharpness + sharpness_z / calibration.sharpness_spread
        offset_slope = (residual * added).sum() + offset_z / OFFSET_WEIGHT_STD
        share_slopes = np.tensordot(stacked, residual, axes=([1, 2], [0, 1])) * sharpness + shares_z / share_std
        bias_slopes = residual.sum(0) + biases / bias_variance
        return float(value), np.concatenate([[sharpness_slope, offset_slope], share_slopes, bias_slopes])

    start = np.concatenate([[prior_log_sharpness, 0.0], prior_shares, np.zeros(labels)])
    bounds = [(-3.0, 4.0), (-3.0, 3.0)] + [(0.0, 4.0)] * experts + [(-6.0, 6.0)] * labels
    best = minimize(loss, start, method="L-BFGS-B", jac=True, bounds=bounds, options={"maxiter": 200})
    sharpness = float(np.exp(best.x[0]))
    return Mixture(sharpness * best.x[2 : 2 + experts], best.x[2 + experts :], float(np.exp(best.x[1])))


def likelihood_shares(held_out: HeldOutScores, shares: Matrix) -> Matrix:
    """Multiply (experts,) shares by the tempered likelihood of held-out answers, each expert calibrated separately.

    Sums to 1. Pseudo-Bayesian model averaging (Geisser & Eddy 1979; Yao et al. 2018).
    """
    answers, weights = held_out.answers, held_out.weights
    truth = np.arange(len(answers)), answers
    prior = MixturePrior([1.0], SINGLE_EXPERT_PRIOR)
    logs = [
        log_softmax(fit_mixture(replace(held_out, scores=[score]), prior).logits([score]), axis=1)[truth]
        for score in held_out.scores
    ]
    likelihoods = np.array([float(np.average(each, weights=weights)) for each in logs]) * len(answers)
    weighted = shares * np.exp((likelihoods - likelihoods.max()) / LIKELIHOOD_TEMPERATURE)
    return weighted / weighted.sum()


def regression_shares(scores: Sequence[Matrix], targets: Matrix, weights: Matrix, shares: Matrix) -> Matrix:
    """As `likelihood_shares`, for (n,) left-out predictions of each expert with Gaussian errors."""
    errors = np.array([float(np.average((score - targets) ** 2, weights=weights)) for score in scores])
    logs = -0.5 * len(targets) * np.log(np.maximum(errors, 1e-12))
    weighted = shares * np.exp((logs - logs.max()) / REGRESSION_LIKELIHOOD_TEMPERATURE)
    return weighted / weighted.sum()


def mixture_prior(fitted: FittedExperts, calibration: CalibrationPrior) -> MixturePrior:
    """The prior of a mixture of fitted experts."""
    return MixturePrior(fitted.shares, calibration, SHARE_PRIOR_STD if fitted.share_std is None else fitted.share_std)


def cross_fitted_logits(held_out: HeldOutScores, prior: MixturePrior, whole: Mixture, seed: int) -> Matrix:
    """(n, labels) log-odds of held-out scores, each row mixed by a mixture that was fitted to the other folds.

    Calibration on them is not biased by in-sample mixing. `whole`, the mixture of all examples, is used if they are too few
    (MIN_CROSS_FITTED) or more than MAX_CROSS_FITTED.
    """
    n = len(held_out.answers)
    if n > MAX_CROSS_FITTED or n < MIN_CROSS_FITTED:
        return whole.logits(held_out.scores, held_out.offset)
    logits = np.zeros_like(held_out.scores[0])
    folds = np.random.default_rng(seed).permutation(n) % CROSS_FOLDS
    for fold in range(CROSS_FOLDS):
        mixture = fit_mixture(held_out.subset(folds != fold), prior)
        outside = held_out.subset(folds == fold)
        logits[folds == fold] = mixture.logits(outside.scores, outside.offset)
    return logits


def fit_linear_mixture(scores: Sequence[Matrix], targets: Matrix, weights: Matrix, shares: Sequence[float]) -> Matrix:
    """Fit (experts,) non-negative weights of the experts' standardised predictions, for regression.

    Least squares on held-out predictions, (n,) each, with a Gaussian prior around `shares` (see LINEAR_PRIOR_WEIGHT).
    """
    stacked, prior_shares = np.stack(scores, 1), np.asarray(shares, np.float64)
    share_std = share_std_for(len(targets), REGRESSION_SHARE_PRIOR_STD)

    def loss(mix: Matrix) -> tuple[float, Matrix]:
        residual = stacked @ mix - targets
        deviation = (mix - prior_shares) / share_std
        value = 0.5 * (weights * residual**2).sum() + 0.5 * (deviation**2).sum() * LINEAR_PRIOR_WEIGHT
        return float(value), stacked.T @ (weights * residual) + deviation / share_std * LINEAR_PRIOR_WEIGHT

    return minimize(loss, prior_shares, method="L-BFGS-B", jac=True, bounds=[(0.0, 2.0)] * len(prior_shares)).x
