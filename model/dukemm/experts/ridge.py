"""Weighted kernel ridge with closed-form leave-one-out.

Least squares with an unpenalised bias and weighted errors (Suykens et al. 2002, "Weighted least squares support vector
machines"); leave-one-out residuals from the inverse of the bordered kernel (Cawley & Talbot 2004).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from dukemm.domain.arrays import Matrix

#: Most examples for selecting penalty and width: inverting a kernel matrix takes O(n³).
MAX_SELECTION_EXAMPLES = 400
#: With fewer examples, only the width closest to one and penalties in the range SMALL_SAMPLE_PENALTIES are candidates.
MIN_EXAMPLES_FOR_WIDTH = 60
SMALL_SAMPLE_PENALTIES = (0.03, 1.0)
#: Above this number of examples the system is solved in float32: exact enough with a penalty on the diagonal, and twice as
#: fast.
MIN_SINGLE_PRECISION_EXAMPLES = 1500


@dataclass(frozen=True)
class Centring:
    """Centres and scales a kernel in feature space: over the examples, mean zero and mean squared norm one."""

    column_means: Matrix
    mean: float
    scale: float

    @staticmethod
    def fit(gram: Matrix) -> "Centring":
        """Fit to the (n, n) kernel of the examples."""
        column_means = gram.mean(0)
        mean = float(gram.mean())
        trace = float(np.trace(gram) - 2 * column_means.sum() + len(gram) * mean)
        return Centring(column_means, mean, max(trace / len(gram), 1e-12))

    def apply(self, kernel: Matrix) -> Matrix:
        """Centre and scale (m, n) similarities to the examples."""
        return (kernel - kernel.mean(1, keepdims=True) - self.column_means[None] + self.mean) / self.scale


@dataclass(frozen=True)
class Ridge:
    """Fitted kernel ridge; scores of a centred kernel row are `row @ dual + bias`."""

    #: (n, outputs)
    dual: Matrix
    #: (outputs,)
    bias: Matrix
    #: (n, outputs) leave-one-out scores.
    left_out: Matrix
    #: The chosen penalty, for an example of weight one. Not stored in an artifact.
    penalty: float = 1.0


def balanced_weights(answers: np.ndarray, classes: int, smoothing: float | None = None) -> Matrix:
    """(n,) weights with mean one that give every class with examples the same total.

    With `smoothing`, totals are proportional to the class counts plus `smoothing` (additive smoothing).
    """
    counts = np.bincount(answers, minlength=classes)
    wanted = np.where(counts > 0, 1.0 if smoothing is None else counts + smoothing, 0.0)
    return len(answers) * (wanted / wanted.sum() / np.maximum(counts, 1))[answers]


def fit_ridge(
    grams: Callable[[float], Matrix], widths: Sequence[float], targets: Matrix, weights: Matrix, penalties: Sequence[float]
) -> tuple[Ridge, Centring, float]:
    """Fit to (n, outputs) targets with the width and penalty of the least leave-one-out error.

    `grams`: width → (n, n) kernel of the examples. Returns the ridge, the centring of its kernel, and the width.
    """
    sample = np.linspace(0, len(targets) - 1, min(len(targets), MAX_SELECTION_EXAMPLES)).astype(np.int64)
    sample_targets, sample_weights = targets[sample], weights[sample]

    def left_out_error(block: Matrix, penalty: float) -> float:
        left_out = _solve(block, sample_targets, sample_weights, penalty).left_out
        return float((sample_weights[:, None] * (left_out - sample_targets) ** 2).mean())

    best: tuple[float, float, float, Matrix] | None = None
    many = len(targets) >= MIN_EXAMPLES_FOR_WIDTH
    candidates = [
        penalty for penalty in penalties if many or SMALL_SAMPLE_PENALTIES[0] <= penalty <= SMALL_SAMPLE_PENALTIES[1]
    ] or penalties
    for width in widths if many else [_default_width(widths)]:
        gram = grams(width)
        block = Centring.fit(gram).apply(gram)[np.ix_(sample, sample)]
        for penalty in candidates:
            error = left_out_error(block, penalty)
            if best is None or error < best[0]:
                best = (error, width, penalty, gram)
    assert best is not None
    _, width, penalty, gram = best
    centring = Centring.fit(gram)
    return _solve(centring.apply(gram), targets, weights, penalty), centring, width


def _default_width(widths: Sequence[float]) -> float:
    """The default width: the one closest to one."""
    return min(widths, key=lambda width: abs(math.log(width)))


def _solve(kernel: Matrix, targets: Matrix, weights: Matrix, penalty: float) -> Ridge:
    n = len(kernel)
    dtype = np.float32 if n > MIN_SINGLE_PRECISION_EXAMPLES else np.float64
    system = np.zeros((n + 1, n + 1), dtype)
    system[:n, :n] = kernel
    system[np.arange(n), np.arange(n)] += (penalty / weights).astype(dtype)
    system[n, :n] = system[:n, n] = 1.0
    inverse = linalg.inv(system, overwrite_a=True, check_finite=False)
    solution = (inverse @ np.vstack([targets, np.zeros((1, targets.shape[1]))]).astype(dtype)).astype(np.float64)
    left_out = targets - solution[:n] / np.diag(inverse)[:n, None]
    return Ridge(solution[:n], solution[n], left_out, penalty)


def block_residuals(kernel: Matrix, targets: Matrix, penalty: float) -> tuple[Matrix, Matrix]:
    """Inverse C (n, n) and dual weights α (n,) of ridge with an unpenalised bias, for a centred kernel and (n,) targets.

    If the examples B are held out together, their residuals are solve(C[B, B], α[B]).
    """
    n = len(kernel)
    system = np.zeros((n + 1, n + 1))
    system[:n, :n] = kernel
    system[np.arange(n), np.arange(n)] += penalty
    system[n, :n] = system[:n, n] = 1.0
    inverse = linalg.inv(system, overwrite_a=True, check_finite=False)[:n, :n]
    return inverse, inverse @ targets
