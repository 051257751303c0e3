"""Multinomial logistic regression over a table's numbers, fitted by scikit-learn and stored as coefficients.

Unlike ridge over the same numbers (LinearBlock in gaussian_kernels.py), it is not distorted by rows far on the right side
of the boundary.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

from dukemm.domain.arrays import Arrays, Matrix

#: scikit-learn's C: inverse strength of the L2 penalty on coefficients of standardised columns.
INVERSE_PENALTY = 1.0
MAX_ITERATIONS = 300
#: Intercept of a label without examples.
NO_EXAMPLES_INTERCEPT = -1e3


@dataclass(frozen=True)
class Logistic:
    """(d, k) coefficients and (k,) intercepts."""

    coefficients: Matrix
    intercepts: Matrix

    def log_probabilities(self, rows: Matrix) -> Matrix:
        """(m, d) standardised rows → (m, k) log-probabilities."""
        return log_softmax(rows @ self.coefficients + self.intercepts, axis=1)

    def pack(self) -> Arrays:
        """Arrays for the artifact."""
        return {"coefficients": self.coefficients, "intercepts": self.intercepts}

    @staticmethod
    def unpack(arrays: Arrays) -> "Logistic":
        """The inverse of `pack`."""
        return Logistic(arrays["coefficients"].astype(np.float64), arrays["intercepts"].astype(np.float64))


def fit_logistic(
    rows: Matrix, answers: NDArray[np.int64], weights: Matrix, labels: int, folds: NDArray[np.int64]
) -> tuple[Logistic, Matrix]:
    """Fit to (n, d) standardised rows with (n,) indices of at least two labels.

    Also returns (n, labels) out-of-fold log-probabilities.
    """
    left_out = np.full((len(answers), labels), -np.log(labels))
    for fold in np.unique(folds):
        training = folds != fold
        if len(set(answers[training].tolist())) >= 2:
            left_out[~training] = _fit(rows[training], answers[training], weights[training], labels).log_probabilities(
                rows[~training]
            )
    return _fit(rows, answers, weights, labels), left_out


def _fit(rows: Matrix, answers: NDArray[np.int64], weights: Matrix, labels: int) -> Logistic:
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=MAX_ITERATIONS).fit(
        rows, answers, sample_weight=weights / weights.mean()
    )
    coefficients, intercepts = np.zeros((rows.shape[1], labels)), np.full(labels, NO_EXAMPLES_INTERCEPT)
    if len(model.classes_) == 2:
        # With two labels scikit-learn stores the log-odds of the second one only.
        coefficients[:, model.classes_] = np.stack([-model.coef_[0] / 2, model.coef_[0] / 2], axis=1)
        intercepts[model.classes_] = [-model.intercept_[0] / 2, model.intercept_[0] / 2]
    else:
        coefficients[:, model.classes_], intercepts[model.classes_] = model.coef_.T, model.intercept_
    return Logistic(coefficients, intercepts)
