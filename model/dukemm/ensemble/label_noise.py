"""Labels that disagree with everything else count less: buyers err, and some mean harm.

Confident learning (Northcutt et al. 2021), softly: each row weighs by how probable its own label is beside the most
probable one, both said by experts that had not seen the row.
"""

import numpy as np
from scipy.special import softmax

from dukemm.domain.arrays import Matrix

#: Examples that it takes to tell an error from a rarity.
FEWEST, FEWEST_A_LABEL = 60, 10
#: An error that was put there is contradicted as surely as a right label is confirmed; a hard item is not. So many rows
#: must be contradicted more surely than half of the others are confirmed, of all rows and of those that are contradicted.
SUSPICIOUS, AMONG_CONTRADICTED = 0.015, 0.15


def trust(left_out_logits: Matrix, answers: np.ndarray) -> Matrix | None:
    """(n,) weights of 0.02 to 1, or None where the labels look clean."""
    n, labels = left_out_logits.shape
    if n < max(FEWEST, FEWEST_A_LABEL * labels):
        return None
    probabilities = softmax(left_out_logits, axis=1)
    own = probabilities[np.arange(n), answers]
    best = probabilities.max(1)
    contradicted = probabilities.argmax(1) != answers
    if contradicted.all() or not contradicted.any():
        return None
    surely = contradicted & (best > np.median(best[~contradicted]))
    if surely.mean() < SUSPICIOUS or surely.sum() < AMONG_CONTRADICTED * contradicted.sum():
        return None
    return np.clip(2 * own / (own + best), 0.02, 1.0)
