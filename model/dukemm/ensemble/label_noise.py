"""Down-weights labels that are probably wrong: buyers make errors, and some poison data on purpose.

A soft form of confident learning (Northcutt et al. 2021): the weight of an example compares the held-out probability of its
label with that of the most probable label.
"""

import numpy as np
from scipy.special import softmax

from dukemm.domain.arrays import Matrix

#: Fewest examples, in all and per label, for telling wrong labels from rare cases.
MIN_EXAMPLES, MIN_EXAMPLES_PER_LABEL = 60, 10
#: A prediction contradicts a wrong label as confidently as it confirms a right one; for a hard item it is unsure. Weights
#: apply if at least these shares of all examples, and of the contradicted ones, are contradicted with a probability above
#: the median probability of the confirmed ones.
MIN_CONFIDENT_SHARE, MIN_CONFIDENT_SHARE_OF_CONTRADICTED = 0.015, 0.15


def label_trust(left_out_logits: Matrix, answers: np.ndarray) -> Matrix | None:
    """(n,) weights of 0.02 to 1 from (n, labels) held-out log-odds; None if the labels look clean or there are too few."""
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
