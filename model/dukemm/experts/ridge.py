"""Weighted kernel ridge with closed-form leave-one-out.

Least squares with a free bias and weighted errors (Suykens et al. 2002, "Weighted least squares support vector machines");
leave-one-out residuals from the inverse of the bordered kernel (Cawley & Talbot 2004).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from dukemm.domain.arrays import Matrix

#: Examples that penalty and width are selected on: the inverse takes n³ steps.
SELECTION_EXAMPLES = 400
#: With fewer examples only the width closest to one and penalties of the usual range are considered.
MIN_EXAMPLES_FOR_WIDTH = 60
USUAL_PENALTIES = (0.03, 1.0)
#: From this many examples on, float32: exact enough for a regularised kernel, and twice as fast.
SINGLE_PRECISION_FROM = 1500


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
    #: The one that was chosen, of an example of weight one; not kept in an artifact.
    penalty: float = 1.0


def balanced_weights(answers: np.ndarray, classes: int, smoothing: float | None = None) -> Matrix:
    """(n,) weights with mean one that give every class with examples the same total.

    With `smoothing`, totals follow the classes' frequencies after adding so many examples of each (Laplace smoothing).
    """
    counts = np.bincount(answers, minlength=classes)
    wanted = np.where(counts > 0, 1.0 if smoothing is None else counts + smoothing, 0.0)
    return len(answers) * (wanted / wanted.sum() / np.maximum(counts, 1))[answers]


def fit_ridge(
    grams: Callable[[float], Matrix], widths: Sequence[float], targets: Matrix, weights: Matrix, penalties: Sequence[float]
) -> tuple[Ridge, Centring, float]:
    """Fit to (n, outputs) targets with the width and the penalty that have the least left-out error.

    `grams` gives the kernel of the examples, (n, n), for a width. Returns ridge, centring of its kernel, and width.
    """
    some = np.linspace(0, len(targets) - 1, min(len(targets), SELECTION_EXAMPLES)).astype(np.int64)
    aims, shares = targets[some], weights[some]

    def left_out_error(block: Matrix, penalty: float) -> float:
        return float((shares[:, None] * (_solve(block, aims, shares, penalty).left_out - aims) ** 2).mean())

    best: tuple[float, float, float, Matrix] | None = None
    many = len(targets) >= MIN_EXAMPLES_FOR_WIDTH
    usual = [penalty for penalty in penalties if many or USUAL_PENALTIES[0] <= penalty <= USUAL_PENALTIES[1]] or penalties
    for width in widths if many else [_plain(widths)]:
        gram = grams(width)
        block = Centring.of(gram).apply(gram)[np.ix_(some, some)]
        for penalty in usual:
            error = left_out_error(block, penalty)
            if best is None or error < best[0]:
                best = (error, width, penalty, gram)
    assert best is not None
    _, width, penalty, gram = best
    centring = Centring.of(gram)
    return _solve(centring.apply(gram), targets, weights, penalty), centring, width


def _plain(widths: Sequence[float]) -> float:
    """The default width: the one closest to one."""
    return min(widths, key=lambda width: abs(math.log(width)))


def _solve(kernel: Matrix, targets: Matrix, weights: Matrix, penalty: float) -> Ridge:
    n = len(kernel)
    # Single precision is exact enough for a kernel with a penalty on its diagonal, and twice as fast.
    kind = np.float32 if n > SINGLE_PRECISION_FROM else np.float64
    system = np.zeros((n + 1, n + 1), kind)
    system[:n, :n] = kernel
    system[np.arange(n), np.arange(n)] += (penalty / weights).astype(kind)
    system[n, :n] = system[:n, n] = 1.0
    inverse = linalg.inv(system, overwrite_a=True, check_finite=False)
    solution = (inverse @ np.vstack([targets, np.zeros((1, targets.shape[1]))]).astype(kind)).astype(np.float64)
    left_out = targets - solution[:n] / np.diag(inverse)[:n, None]
    return Ridge(solution[:n], solution[n], left_out, penalty)


def block_residuals(kernel: Matrix, targets: Matrix, penalty: float) -> tuple[Matrix, Matrix]:
    """Inverse C (n, n) and dual weights α (n,) of ridge with a free bias on a centred kernel and (n,) targets.

    Were the examples B held out together, their residuals would be solve(C[B, B], α[B]).
    """
    n = len(kernel)
    system = np.zeros((n + 1, n + 1))
    system[:n, :n] = kernel
    system[np.arange(n), np.arange(n)] += penalty
    system[n, :n] = system[:n, n] = 1.0
    inverse = linalg.inv(system, overwrite_a=True, check_finite=False)[:n, :n]
    return inverse, inverse @ targets
