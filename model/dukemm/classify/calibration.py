"""From scores to probabilities that mean what they say."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from dukemm.classify.blocks import Matrix

#: Before any evidence: how sharp standardised scores are, and how far class biases stray (standard deviations).
START_SHARPNESS = 1.5
SHARPNESS_SPREAD = 0.7
BIAS_SPREAD = 0.7


@dataclass(frozen=True)
class Calibration:
    """Temperature scaling with class biases (Guo et al. 2017, «On calibration of modern neural networks»)."""

    sharpness: float
    biases: Matrix

    def probabilities(self, scores: Matrix) -> Matrix:
        """(m, classes) scores → probabilities that sum to one."""
        return softmax(self.sharpness * scores + self.biases, axis=1)


def fit_calibration(left_out: Matrix, labels: np.ndarray) -> Calibration:
    """Fit on scores of examples that were left out, with a prior that a handful of examples cannot overrule."""
    classes = left_out.shape[1]
    rows = np.arange(len(labels))

    def loss(parameters: Matrix) -> float:
        log_sharpness, biases = parameters[0], parameters[1:]
        fit = -log_softmax(np.exp(log_sharpness) * left_out + biases, axis=1)[rows, labels].sum()
        prior = ((log_sharpness - np.log(START_SHARPNESS)) / SHARPNESS_SPREAD) ** 2 + (biases**2).sum() / BIAS_SPREAD**2
        return float(fit + 0.5 * prior)

    start = np.concatenate([[np.log(START_SHARPNESS)], np.zeros(classes)])
    best = minimize(loss, start, method="L-BFGS-B", bounds=[(-3.0, 3.0)] + [(-5.0, 5.0)] * classes)
    return Calibration(float(np.exp(best.x[0])), best.x[1:])
