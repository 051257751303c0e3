"""What the ranker believes before any example of a task: `python -m benchmarks extraction-prior` on the halves «tried».

The benchmark uses the halves «unseen», which share no layout, no schema and no topic with them.
"""

import numpy as np
from numpy.typing import NDArray

from dukemm.extraction.cues import DENSE

#: Of each dense feature: fields without and with examples, questions without and with examples.
WEIGHTS: dict[str, tuple[float, float, float, float]] = {
    "cue means what is asked": (7.3, 4.1, 0.0, 0.0),
    "cue reads like what is asked": (2.3, -0.7, 0.0, 0.0),
    "every word asked for is in the cue": (1.7, 0.5, 0.0, 0.0),
    "cue is the line above": (-2.0, -2.1, -2.3, -2.0),
    "cue means what the examples' cues mean": (0.0, 9.2, 0.0, -1.7),
    "cue reads like an example's cue": (0.0, 0.3, 0.0, 2.6),
    "type of the examples' answers": (0.0, 3.9, 0.0, 0.4),
    "shape of the examples' answers": (0.0, 1.7, 0.0, 0.5),
    "length of the examples' answers": (0.0, 5.8, 0.0, 0.5),
    "leaf of a record": (-0.0, 0.0, -0.3, -0.3),
    "value after a separator": (1.4, 0.3, 0.0, 0.0),
    "typed value": (0.6, 0.1, 2.1, 2.0),
    "whole line": (1.2, 3.2, -0.6, -0.7),
    "run of words": (-3.1, -3.6, -1.2, -1.0),
    "its line means what the question means": (1.0, 0.0, 14.5, 12.6),
    "words of the question in its line": (2.1, 0.0, -2.9, -2.6),
    "type that is asked for": (5.6, 5.3, 5.1, 4.7),
    "words that are asked for in the value": (-1.9, -1.0, -3.8, -3.8),
    "words of the question close by": (0.6, 0.0, 0.4, 1.0),
    "length": (10.0, 5.6, 0.7, 1.2),
}
#: How far examples may move the weights: standard deviations of dense and of sparse ones.
DENSE_SPREAD = 1.5
SPARSE_SPREAD = 0.7
#: Names that say which of the values of its type a candidate is.
ORDER_NAMES = ("largest", "date", "amount", "number", "code", "name", "type")
ORDER_SPREAD = 1.5


def prior_mean(question: bool, examples: bool) -> NDArray[np.float64]:
    """Mean of the dense weights, in the order of DENSE, for items with or without a question of their own."""
    return np.array([WEIGHTS[name][2 * question + examples] for name in DENSE])
