"""Items that both versions were asked, with what the candidate is better by."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dukemm.evaluate.paired import UNIT

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Items judged by the buyer's word that both versions were asked, (n,) each."""

    family: Ints
    #: Class of the right answer over all families; -1 where there are no classes.
    label: Ints
    task: Ints
    #: Twentieths of an item that the candidate is better by, -20..20; see `differences`.
    difference: Ints
    candidate_right: Bools
    production_right: Bools
    #: Classes of the answers, -1 where there is none; where they are not known, a wrong answer is in no class.
    candidate_label: Ints | None = None
    production_label: Ints | None = None

    def __len__(self) -> int:
        """Number of items."""
        return len(self.family)


def differences(candidate_right: Bools, production_right: Bools, errors: NDArray[np.float64] | None = None) -> Ints:
    """Of right and wrong: ±20 or 0. `errors` (n, 2) of numbers, candidate and production, in standard deviations of the
    family: how much nearer the candidate is, in steps of 0.05, one deviation at most; NaN in rows without numbers.
    """
    plain = UNIT * (candidate_right.astype(np.int64) - production_right.astype(np.int64))
    if errors is None:
        return plain
    with np.errstate(invalid="ignore"):
        nearer = np.clip(np.minimum(errors[:, 1], 1e6) - np.minimum(errors[:, 0], 1e6), -1.0, 1.0)
    return np.where(np.isnan(nearer), plain, np.rint(UNIT * np.nan_to_num(nearer)).astype(np.int64))


def rows_of(pairs: Pairs, without: Collection[int]) -> Pairs:
    """The pairs of all families but these."""
    rows = ~np.isin(pairs.family, list(without))
    columns = (getattr(pairs, name) for name in Pairs.__dataclass_fields__)
    return Pairs(*(None if column is None else column[rows] for column in columns))
