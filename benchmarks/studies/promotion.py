"""The product's gate over right and wrong answers of two versions."""

from collections.abc import Sequence

import numpy as np

from dukemm.evaluate.gate import decide
from dukemm.evaluate.pairs import Pairs, differences


def promotes(
    before: np.ndarray, after: np.ndarray, domains: Sequence[str], labels: Sequence[str]
) -> tuple[bool, list[str]]:
    """Whether a candidate that had `after` right may follow a version that had `before` right, and why (not).

    Each item is a task of its own, and a label is one of its domain.
    """
    family = np.unique(np.array(domains, str), return_inverse=True)[1]
    label = np.unique(
        np.array([f"{d}\n{name}" for d, name in zip(domains, labels, strict=True)], str), return_inverse=True
    )[1]
    pairs = Pairs(
        family=family.astype(np.int64),
        label=label.astype(np.int64),
        task=np.arange(len(before)),
        difference=differences(after, before),
        candidate_right=after,
        production_right=before,
    )
    decision = decide(pairs, asked=len(before), broken=0)
    return decision.promote, decision.reasons
