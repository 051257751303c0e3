"""Down-weights labels that disagree with everything else: buyers make errors, and some poison data on purpose.

A soft form of confident learning (Northcutt et al. 2021): a row's weight compares the held-out probability of its own label
with that of the most probable one.
"""

import numpy as np
from scipy.special import softmax

from dukemm.domain.arrays import Matrix

#: Fewest examples, in all and per label, that tell an error from a rare case.
MIN_EXAMPLES, MIN_EXAMPLES_PER_LABEL = 60, 10
#: A wrong label is contradicted as confidently as a right one is confirmed; a hard item is not. Weights apply where at
#: least these shares of all rows, and of the contradicted ones, are contradicted more confidently than the median
#: confirmed row is confirmed.
MIN_CONFIDENT_SHARE, MIN_CONFIDENT_SHARE_OF_CONTRADICTED = 0.015, 0.15


def label_trust(left_out_logits: Matrix, answers: np.ndarray) -> Matrix | None:
    """(n,) weights of 0.02 to 1, or None where the labels look clean."""
    n, labels = left_out_logits.shape
    if n < max(MIN_EXAMPLES, MIN_EXAMPLES_PER_LABEL * labels):
        return None
    probabilities = softmax(left_out_logits, axis=1)
    own = probabilities[np.arange(n), answers]
    best = probabilities.max(1)
    contradicted = probabilities.argmax(1) != answers
    if contradicted.all() or not contradicted.any():
        return None
    confident = contradicted & (best > np.median(best[~contradicted]))
    if confident.mean() < MIN_CONFIDENT_SHARE or confident.sum() < MIN_CONFIDENT_SHARE_OF_CONTRADICTED * contradicted.sum():
        return None
    return np.clip(2 * own / (own + best), 0.02, 1.0)
