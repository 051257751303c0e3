"""Metrics of an epoch."""

import numpy as np


def macro_f1(truth: np.ndarray, guesses: np.ndarray) -> float:
    """Mean F1 over the labels that occur in either of `truth` and `guesses`, (n,) each; 0 if both are empty."""
    scores = []
    for label in np.union1d(truth, guesses):
        right = float(((truth == label) & (guesses == label)).sum())
        scores.append(2 * right / max(float((truth == label).sum() + (guesses == label).sum()), 1.0))
    return float(np.mean(scores)) if scores else 0.0
