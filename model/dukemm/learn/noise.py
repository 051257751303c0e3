"""Labels that disagree with everything else count less: buyers err, and some mean harm.

Confident learning (Northcutt et al. 2021), softly: each row weighs by how probable its own label is beside the most
probable one, both said by experts that had not seen the row.
"""

import numpy as np
from scipy.special import softmax

from dukemm.task.blocks import Matrix

#: Examples that it takes to tell an error from a rarity.
FEWEST, FEWEST_A_LABEL = 60, 10
#: Share of rows that are contradicted with this certainty before the filter acts: a clean family has hardly any.
CERTAIN = 0.8
SUSPICIOUS = 0.03


def trust(left_out_logits: Matrix, answers: np.ndarray) -> Matrix | None:
    """(n,) weights of 0.02 to 1, or None where the labels look clean."""
    n, labels = left_out_logits.shape
    if n < max(FEWEST, FEWEST_A_LABEL * labels):
        return None
    probabilities = softmax(left_out_logits, axis=1)
    own = probabilities[np.arange(n), answers]
    best = probabilities.max(1)
    # Of those the model is so sure about, some are wrong by chance: only what is beyond that is suspicious.
    sure = (best > CERTAIN) & (probabilities.argmax(1) != answers)
    expected = float((1 - best[best > CERTAIN]).sum()) / n
    if sure.mean() - expected < SUSPICIOUS and _conflict(own, best) < 2 * SUSPICIOUS:
        return None
    return np.clip(own / (own + best) * 2, 0.02, 1.0)


def _conflict(own: Matrix, best: Matrix) -> float:
    """Share of rows whose own label is hardly possible, where a calibrated model would find hardly any."""
    return float((own < 0.02 * best).mean())
