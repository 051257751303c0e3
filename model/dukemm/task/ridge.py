"""Weighted kernel ridge with closed-form leave-one-out.

Least squares with a free bias and weighted errors (Suykens et al. 2002, "Weighted least squares support vector machines");
leave-one-out residuals from the inverse of the bordered kernel (Cawley & Talbot 2004).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dukemm.task.blocks import Matrix

#: Examples that the penalty is chosen on: an inverse takes n³ steps.
CHOSEN_ON = 400


@dataclass(frozen=True)
class Centring:
    """Centres and scales a kernel by its examples: mean zero, mean squared length one."""

    column_means: Matrix
    mean: float
    scale: float

    @staticmethod
    def of(gram: Matrix) -> "Centring":
        """From the kernel of the examples, (n, n)."""
        column_means = gram.mean(0)
        mean = float(gram.mean())
        trace = float(np.trace(gram) - 2 * column_means.sum() + len(gram) * mean)
        return Centring(column_means, mean, max(trace / len(gram), 1e-12))

    def apply(self, kernel: Matrix) -> Matrix:
        """Centre rows that compare anything with the examples, (m, n)."""
        return (kernel - kernel.mean(1, keepdims=True) - self.column_means[None] + self.mean) / self.scale


@dataclass(frozen=True)
class Ridge:
    """One fitted block: scores of a kernel row are `row @ dual + bias`."""

    dual: Matrix
    bias: Matrix
    #: Scores of each example as if it had not been there, (n, outputs).
    left_out: Matrix


def balanced_weights(answers: np.ndarray, classes: int) -> Matrix:
    """So that every class that has examples weighs the same; mean one."""
    counts = np.bincount(answers, minlength=classes)
    return len(answers) / ((counts > 0).sum() * counts[answers])


def fit_ridge(kernel: Matrix, targets: Matrix, weights: Matrix, penalties: Sequence[float]) -> Ridge:
    """Fit a centred (n, n) kernel to (n, outputs) targets, with the penalty that has the least left-out error."""
    some = np.linspace(0, len(kernel) - 1, min(len(kernel), CHOSEN_ON)).astype(np.int64)
    block, aims, shares = kernel[np.ix_(some, some)], targets[some], weights[some]

    def left_out_error(penalty: float) -> float:
        return float((shares[:, None] * (_solve(block, aims, shares, penalty).left_out - aims) ** 2).mean())

    return _solve(kernel, targets, weights, min(penalties, key=left_out_error))


def _solve(kernel: Matrix, targets: Matrix, weights: Matrix, penalty: float) -> Ridge:
    n = len(kernel)
    system = np.zeros((n + 1, n + 1))
    system[:n, :n] = kernel + np.diag(penalty / weights)
    system[n, :n] = system[:n, n] = 1.0
    inverse = np.linalg.inv(system)
    solution = inverse @ np.vstack([targets, np.zeros((1, targets.shape[1]))])
    left_out = targets - solution[:n] / np.diag(inverse)[:n, None]
    return Ridge(solution[:n], solution[n], left_out)
