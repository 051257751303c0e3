"""Figures of an epoch."""

import numpy as np


def macro_f1(truth: np.ndarray, guesses: np.ndarray) -> float:
    """Mean F1 over the labels that occur in either, (n,) each."""
    found = []
    for label in np.union1d(truth, guesses):
        right = float(((truth == label) & (guesses == label)).sum())
        found.append(2 * right / max(float((truth == label).sum() + (guesses == label).sum()), 1.0))
    return float(np.mean(found)) if found else 0.0
