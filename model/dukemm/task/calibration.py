"""From scores to probabilities that mean what they say."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from dukemm.task.blocks import Matrix


@dataclass(frozen=True)
class CalibrationPrior:
    """What is believed before any example; calibration.json of an artifact holds it."""

    #: Log-odds for one unit of a mixed score, and its spread as a logarithm.
    sharpness: float = 1.5
    sharpness_spread: float = 0.7
    #: Standard deviation of the biases of two classes; with more classes there is less to learn each from.
    bias_spread: float = 2.0
    #: Difference of cosines between label texts that is worth one unit of score.
    label_text_scale: float = 0.2


@dataclass(frozen=True)
class Calibration:
    """Temperature scaling with class biases (Guo et al. 2017, "On calibration of modern neural networks")."""

    sharpness: float
    biases: Matrix

    def probabilities(self, scores: Matrix) -> Matrix:
        """(m, classes) scores → probabilities that sum to one."""
        return softmax(self.sharpness * scores + self.biases, axis=1)


def fit_calibration(left_out: Matrix, answers: np.ndarray, prior: CalibrationPrior) -> Calibration:
    """Fit on scores of examples that were left out; the prior is one that a handful of examples cannot overrule."""
    n, classes = left_out.shape
    right = np.zeros((n, classes))
    right[np.arange(n), answers] = 1.0
    bias_variance = prior.bias_spread**2 * 2.0 / classes
    start = np.log(prior.sharpness)

    def loss(parameters: Matrix) -> tuple[float, Matrix]:
        sharpness, biases = np.exp(parameters[0]), parameters[1:]
        logs = log_softmax(sharpness * left_out + biases, axis=1)
        surplus = np.exp(logs) - right
        away = (parameters[0] - start) / prior.sharpness_spread
        value = -(logs * right).sum() + 0.5 * (away**2 + (biases**2).sum() / bias_variance)
        slope = (surplus * left_out).sum() * sharpness + away / prior.sharpness_spread
        return float(value), np.concatenate([[slope], surplus.sum(0) + biases / bias_variance])

    begin = np.concatenate([[start], np.zeros(classes)])
    limits = [(-3.0, 3.0)] + [(-6.0, 6.0)] * classes
    best = minimize(loss, begin, method="L-BFGS-B", jac=True, bounds=limits)
    return Calibration(float(np.exp(best.x[0])), best.x[1:])
