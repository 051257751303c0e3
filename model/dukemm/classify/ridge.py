"""Class-balanced kernel ridge with closed-form leave-one-out.

Least squares support vector machine with weighted errors (Suykens et al. 2002, «Weighted least squares support vector
machines»); leave-one-out residuals from the inverse (Cawley & Talbot 2004).
"""

from dataclasses import dataclass

import numpy as np

from dukemm.classify.blocks import Matrix


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
    #: Scores of each example as if it had not been there, (n, classes).
    left_out: Matrix


def balanced_weights(labels: np.ndarray, classes: int) -> Matrix:
    """So that every class that has examples weighs the same; mean one."""
    counts = np.bincount(labels, minlength=classes)
    return len(labels) / ((counts > 0).sum() * counts[labels])


def fit_ridge(kernel: Matrix, targets: Matrix, weights: Matrix, penalties: tuple[float, ...]) -> Ridge:
    """Fit (n, n) centred kernel to (n, classes) targets; of the penalties the one with the least left-out error."""
    n = len(kernel)
    best: tuple[float, Ridge] | None = None
    for penalty in penalties:
        system = np.zeros((n + 1, n + 1))
        system[:n, :n] = kernel + np.diag(penalty / weights)
        system[n, :n] = system[:n, n] = 1.0
        inverse = np.linalg.inv(system)
        solution = inverse @ np.vstack([targets, np.zeros((1, targets.shape[1]))])
        left_out = targets - solution[:n] / np.diag(inverse)[:n, None]
        error = float((weights[:, None] * (left_out - targets) ** 2).mean())
        if best is None or error < best[0]:
            best = (error, Ridge(solution[:n], solution[n], left_out))
    if best is None:
        raise ValueError("no penalty was given")
    return best[1]
