"""Exact sign-flip tests on paired differences, under the hypothesis that candidate and production are exchangeable.

If each unit is a row that only one of the two answered right, this is McNemar's exact test (1947). With sums over the rows
of a task as units it stays exact for dependent rows of a task, and it allows graded differences (regression).
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from scipy.special import bdtrc

Ints = NDArray[np.int64]

#: Differences are integers in twentieths of an item: a row that only one of the two has right counts 20.
UNITS_PER_ITEM = 20
#: With fewer tasks of non-zero difference, rows are the units. Five units could reach 0.5^5 = 0.03, but rarely do.
MIN_TASKS = 8


def sign_flip_p_value(units: Ints, threshold: float) -> float:
    """P(Σ ±unit ≥ threshold) for fair random signs; exact, by the product of the characteristic functions.

    `units` (m,): integers. The time is proportional to the sum of sizes times the number of distinct sizes.
    """
    sizes, counts = np.unique(np.abs(units[units != 0]), return_counts=True)
    if not len(sizes):
        return float(threshold <= 0)
    step = int(np.gcd.reduce(sizes))
    sizes = sizes // step
    least = math.ceil(threshold / step - 1e-9)
    total = int((sizes * counts).sum())
    if least > total or least <= -total:
        return float(least <= -total)
    if len(sizes) == 1:
        m = int(counts[0])
        return float(bdtrc(math.ceil((least + m) / 2) - 1, m, 0.5))  # least > −m, so the argument is at least −1
    length = next_fast_len(2 * total + 1, real=True)
    angles = 2 * np.pi / length * np.arange(length // 2 + 1)
    spectrum = np.ones(len(angles))
    for size, count in zip(sizes, counts, strict=True):
        spectrum *= np.cos(size * angles) ** int(count)
    masses = np.fft.irfft(spectrum, length)  # index k for sum k ≥ 0, length + k for sum k < 0
    above = masses[max(least, 0) : total + 1].sum()
    if least < 0:
        above += masses[length + least :].sum()
    return float(min(max(above, 0.5 ** int(counts.sum())), 1.0))


def least_p_value(units: Ints) -> float:
    """Smallest possible p-value for these units: all differences against the candidate."""
    return float(0.5 ** int(np.count_nonzero(units)))


def exchangeable_units(differences: Ints, tasks: Ints) -> Ints:
    """Non-zero sums of differences by task, or row differences if tasks are few; `tasks` (n,): task index of each row."""
    sums = np.bincount(tasks, weights=differences, minlength=1).round().astype(np.int64)
    sums = sums[sums != 0]
    return sums if len(sums) >= MIN_TASKS else differences[differences != 0]


def tarone_divisor(smallest: NDArray[np.float64], alpha: float) -> int:
    """Divisor of `alpha` that counts only tests able to reach it (Tarone, Biometrics 1990).

    `smallest` (m,): least p-values.
    """
    for k in range(1, len(smallest) + 1):
        if (smallest <= alpha / k).sum() <= k:
            return k
    return max(len(smallest), 1)
