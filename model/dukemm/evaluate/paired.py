"""Exact tests on paired differences: how likely is a sum so large if candidate and production were interchangeable?

Where each unit is one row that only one of the two had right, this is McNemar's exact test (1947). With sums over the rows
of a task as units it stays exact when rows of a task go right or wrong together, and it takes graded differences
(regression) beside right and wrong.
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from scipy.special import bdtrc

Ints = NDArray[np.int64]

#: Differences are counted in twentieths: a row that only one of the two has right counts 20.
UNIT = 20
#: With fewer tasks that favour one of the two, rows are the units. Five coins could convince (0.5^5 = 0.03), but rarely do.
FEWEST_TASKS = 8


def flip_tail(units: Ints, threshold: float) -> float:
    """P(sum of ±unit ≥ threshold), each sign by a fair coin; exact, by the product of the characteristic functions.

    `units` (m,) are whole numbers. Time grows with the sum of their sizes times the number of distinct sizes.
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
        return float(bdtrc(math.ceil((least + m) / 2) - 1, m, 0.5))  # least > −m: the first is not negative
    length = next_fast_len(2 * total + 1, real=True)
    angles = 2 * np.pi / length * np.arange(length // 2 + 1)
    spectrum = np.ones(len(angles))
    for size, count in zip(sizes, counts, strict=True):
        spectrum *= np.cos(size * angles) ** int(count)
    masses = np.fft.irfft(spectrum, length)  # at k for sum k, at length + k for sum k < 0
    above = masses[max(least, 0) : total + 1].sum()
    if least < 0:
        above += masses[length + least :].sum()
    return float(min(max(above, 0.5 ** int(counts.sum())), 1.0))


def smallest_tail(units: Ints) -> float:
    """The p-value if every unit spoke against the candidate: what a class of this size could show at most."""
    return float(0.5 ** int(np.count_nonzero(units)))


def units_of(differences: Ints, tasks: Ints) -> Ints:
    """What is tossed: sums over tasks (`tasks` (n,) numbers each row's task), or rows where tasks are few."""
    sums = np.bincount(tasks, weights=differences, minlength=1).round().astype(np.int64)
    sums = sums[sums != 0]
    return sums if len(sums) >= FEWEST_TASKS else differences[differences != 0]


def most_tests(smallest: NDArray[np.float64], alpha: float) -> int:
    """By how many tests `alpha` is divided: only those that could reach it count (Tarone, Biometrics 1990)."""
    for k in range(1, len(smallest) + 1):
        if (smallest <= alpha / k).sum() <= k:
            return k
    return max(len(smallest), 1)
