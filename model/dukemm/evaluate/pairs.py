"""Pairs of answers by both versions to the same items."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dukemm.evaluate.paired import UNITS_PER_ITEM

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Explicitly reviewed items that both versions answered, (n,) each."""

    family: Ints
    #: Class index of the right answer over all families; -1 unless classification.
    label: Ints
    task: Ints
    #: Advantage of the candidate in twentieths of an item, -20..20; see `differences`.
    difference: Ints
    candidate_right: Bools
    production_right: Bools
    #: Class indices of the answers, -1 without one. None: wrong answers belong to no class.
    candidate_label: Ints | None = None
    production_label: Ints | None = None

    def __len__(self) -> int:
        """Number of items."""
        return len(self.family)


def differences(candidate_right: Bools, production_right: Bools, errors: NDArray[np.float64] | None = None) -> Ints:
    """(n,) advantage of the candidate in twentieths: ±20 or 0 for right and wrong.

    `errors` (n, 2): errors of candidate and production in standard deviations of the family, NaN unless regression; the
    advantage is their difference, clipped at one deviation and rounded to 0.05.
    """
    plain = UNITS_PER_ITEM * (candidate_right.astype(np.int64) - production_right.astype(np.int64))
    if errors is None:
        return plain
    with np.errstate(invalid="ignore"):
        advantage = np.clip(np.minimum(errors[:, 1], 1e6) - np.minimum(errors[:, 0], 1e6), -1.0, 1.0)
    return np.where(np.isnan(advantage), plain, np.rint(UNITS_PER_ITEM * np.nan_to_num(advantage)).astype(np.int64))


def without_families(pairs: Pairs, families: Collection[int]) -> Pairs:
    """Drop the pairs of these families."""
    rows = ~np.isin(pairs.family, list(families))
    columns = (getattr(pairs, name) for name in Pairs.__dataclass_fields__)
    return Pairs(*(None if column is None else column[rows] for column in columns))
