"""Experts' scores mixed into calibrated probabilities.

A logarithmic pool: log-odds are a weighted sum of the scores plus a bias a label, fitted by maximum likelihood on scores of
examples that each expert did not see (stacking, Wolpert 1992; temperature scaling, Guo et al. 2017, is that of one expert).
The prior is what a handful of examples cannot overrule: shares by skill, a usual sharpness, labels alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from dukemm.task.blocks import Matrix
from dukemm.task.calibration import CalibrationPrior

#: Standard deviation of an expert's share around what its skill suggests, with forty examples. It grows with the square
#: root of their number. Of 0.015 to 0.2 the best on pictures, mails and composed items with 100 and 500 examples.
SHARE_SPREAD, OF = 0.1, 40
#: The same for numbers, whose experts differ less.
NUMBER_SPREAD = 0.06
#: The same for tables, where shares know how likely each expert made the answers.
TABLE_SPREAD = 0.05
#: Of so many left-out answers one counts where experts are weighed by how likely they made them. Of 5 to 50 on eight small
#: tables (LOG.md).
TEMPERED = 10.0
#: For an expert alone: how sharp it is follows from its answers.
ALONE = CalibrationPrior(sharpness_spread=1.0)
#: More examples do not notice that they were mixed by themselves.
MOST_TO_CROSS, CROSS_FOLDS = 2000, 10


@dataclass(frozen=True)
class Mixture:
    """Log-odds for one unit of each expert's score, (experts,), and a bias a label, (labels,)."""

    weights: Matrix
    biases: Matrix

    def logits(self, scores: Sequence[Matrix]) -> Matrix:
        """(experts of (m, labels)) → (m, labels)."""
        return sum((w * s for w, s in zip(self.weights, scores, strict=True)), np.zeros_like(scores[0])) + self.biases

    def probabilities(self, scores: Sequence[Matrix]) -> Matrix:
        """The same as probabilities, rows sum to one."""
        return softmax(self.logits(scores), axis=1)

    def pack(self) -> dict[str, Any]:
        """As JSON."""
        return {"weights": self.weights.tolist(), "biases": self.biases.tolist()}

    @staticmethod
    def unpack(data: Mapping[str, Any]) -> "Mixture":
        """What `pack` wrote."""
        return Mixture(np.array(data["weights"]), np.array(data["biases"]))


def share_spread(examples: int, of_forty: float) -> float:
    """See SHARE_SPREAD."""
    return of_forty * float(np.sqrt(max(examples, OF) / OF))


def fit_mixture(
    scores: Sequence[Matrix],
    answers: np.ndarray,
    weights: Matrix,
    shares: Sequence[float],
    prior: CalibrationPrior,
    offset: Matrix | float = 0.0,
    spread: float = SHARE_SPREAD,
) -> Mixture:
    """Fit on left-out scores, (n, labels) an expert, with a spread of about one. `offset` (n, labels) is added as it is;
    `spread` as SHARE_SPREAD.
    """
    stacked = np.stack(scores)
    experts, n, labels = stacked.shape
    right = np.zeros((n, labels))
    right[np.arange(n), answers] = 1.0
    bias_variance = prior.bias_spread**2 * 2.0 / labels
    usual, believed, spread = np.log(prior.sharpness), np.asarray(shares, np.float64), share_spread(n, spread)

    def loss(parameters: Matrix) -> tuple[float, Matrix]:
        sharpness, mix, biases = np.exp(parameters[0]), parameters[1 : 1 + experts], parameters[1 + experts :]
        mixed = np.tensordot(mix, stacked, 1) + offset
        logs = log_softmax(sharpness * mixed + biases, axis=1)
        surplus = weights[:, None] * (np.exp(logs) - right)
        away, moved = (parameters[0] - usual) / prior.sharpness_spread, (mix - believed) / spread
        value = -(weights[:, None] * logs * right).sum()
        value += 0.5 * (away**2 + (moved**2).sum() + (biases**2).sum() / bias_variance)
        slopes = np.tensordot(stacked, surplus, axes=([1, 2], [0, 1])) * sharpness + moved / spread
        sharper = (surplus * mixed).sum() * sharpness + away / prior.sharpness_spread
        return float(value), np.concatenate([[sharper], slopes, surplus.sum(0) + biases / bias_variance])

    begin = np.concatenate([[usual], believed, np.zeros(labels)])
    limits = [(-3.0, 4.0)] + [(0.0, 4.0)] * experts + [(-6.0, 6.0)] * labels
    best = minimize(loss, begin, method="L-BFGS-B", jac=True, bounds=limits, options={"maxiter": 200})
    sharpness = float(np.exp(best.x[0]))
    return Mixture(sharpness * best.x[1 : 1 + experts], best.x[1 + experts :])


def weighed(scores: Sequence[Matrix], answers: np.ndarray, weights: Matrix, shares: Matrix) -> Matrix:
    """Shares, (experts,), times the tempered likelihood of left-out answers, each expert calibrated by itself.

    Pseudo-Bayesian model averaging (Geisser & Eddy 1979; Yao et al. 2018).
    """
    truth = np.arange(len(answers)), answers
    said = [log_softmax(fit_mixture([s], answers, weights, [1.0], ALONE).logits([s]), axis=1)[truth] for s in scores]
    likelihoods = np.array([float(np.average(each, weights=weights)) for each in said]) * len(answers)
    found = shares * np.exp((likelihoods - likelihoods.max()) / TEMPERED)
    return found / found.sum()


def cross_fitted(
    scores: Sequence[Matrix],
    answers: np.ndarray,
    weights: Matrix,
    shares: Sequence[float],
    prior: CalibrationPrior,
    offset: Matrix | float,
    whole: Mixture,
    seed: int,
    spread: float = SHARE_SPREAD,
) -> Matrix:
    """(n, labels) log-odds of left-out scores, mixed by what the other folds say; `whole` is the mixture of all.

    What is measured on them is not flattered by a mixture that was fitted to them.
    """
    n = len(answers)
    if n > MOST_TO_CROSS or n < 2 * CROSS_FOLDS:
        return whole.logits(scores) + offset
    found = np.zeros_like(scores[0])
    folds = np.random.default_rng(seed).permutation(n) % CROSS_FOLDS
    added = np.broadcast_to(offset, found.shape)
    for fold in range(CROSS_FOLDS):
        inside, outside = folds != fold, folds == fold
        parts = [score[inside] for score in scores]
        mixture = fit_mixture(parts, answers[inside], weights[inside], shares, prior, added[inside], spread)
        found[outside] = mixture.logits([score[outside] for score in scores]) + added[outside]
    return found


def fit_linear_mixture(scores: Sequence[Matrix], targets: Matrix, weights: Matrix, shares: Sequence[float]) -> Matrix:
    """For numbers: weights of the experts' standardised predictions, (experts,), not below zero.

    Least squares on left-out predictions, drawn to the shares as if they had been seen in five examples.
    """
    stacked, believed = np.stack(scores, 1), np.asarray(shares, np.float64)
    spread = share_spread(len(targets), NUMBER_SPREAD)

    def loss(mix: Matrix) -> tuple[float, Matrix]:
        surplus = stacked @ mix - targets
        away = (mix - believed) / spread
        value = 0.5 * (weights * surplus**2).sum() + 0.5 * (away**2).sum() * 0.2
        return float(value), stacked.T @ (weights * surplus) + away / spread * 0.2

    return minimize(loss, believed, method="L-BFGS-B", jac=True, bounds=[(0.0, 2.0)] * len(believed)).x
