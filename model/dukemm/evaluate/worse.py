"""Is a class or a family worse than before, beyond noise? Tests that the gate and the holding back of families share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from dukemm.evaluate.paired import UNIT, flip_tail, most_tests, smallest_tail, units_of
from dukemm.evaluate.pairs import Bools, Ints, Pairs, rows_of

#: Of each rule of the gate, and in a rule with several tests of all of them together.
ALPHA = 0.05
#: A class may lose half a point before it counts as worse.
MARGIN = 0.005
#: Of the flips that two versions with independent errors would have. Measured on digits and Fashion-MNIST with trees,
#: networks, kernels and logistic regression: 0.04 to 0.39 when data are added, 0.40 to 0.49 when all data are others, above
#: 1 when a version learns from failures alone.
MOST_RELATIVE = 0.5
#: Or so many negative flips for each positive one: a version that was guessing has nothing to keep.
MOST_PER_POSITIVE = 1 / 3


@dataclass(frozen=True)
class Group:
    """A class or a family: what was lost in it (twentieths of an item), by row, and how many items it has."""

    number: int
    #: The family that it is, or that it is a class of.
    family: int
    is_label: bool
    lost: Ints
    task: Ints
    items: int

    def tail(self, margin: float) -> float:
        """How likely is a loss so far beyond the margin by chance?"""
        return flip_tail(units_of(self.lost, self.task), float(self.lost.sum()) - margin * UNIT * self.items)

    @property
    def points(self) -> float:
        """What was lost, in points of accuracy."""
        return 100 * float(self.lost.sum()) / UNIT / max(self.items, 1)


@dataclass(frozen=True)
class Tested:
    """The groups of the rule `no_class_worse`, and by how many tests its level is divided."""

    groups: Sequence[Group]
    tests: int


def tested(pairs: Pairs) -> Tested:
    """Every class and every family. The number of tests depends on the sizes of the units, not on who won."""
    groups = list(_groups(pairs))
    least = [smallest_tail(units_of(group.lost, group.task)) for group in groups]
    return Tested(groups, most_tests(np.array(least), ALPHA))


def _groups(pairs: Pairs) -> Iterator[Group]:
    """Of a class, mistakes are items of it that were missed and items that were wrongly given to it.

    Recall alone would hold every version to one that gives everything to the same class and so never misses it.
    """
    for number in np.unique(pairs.family):
        rows = pairs.family == number
        yield Group(int(number), int(number), False, -pairs.difference[rows], pairs.task[rows], int(rows.sum()))
    candidate = np.where(pairs.candidate_right, pairs.label, -1) if pairs.candidate_label is None else pairs.candidate_label
    production = (
        np.where(pairs.production_right, pairs.label, -1) if pairs.production_label is None else pairs.production_label
    )
    for number in np.unique(pairs.label[pairs.label >= 0]):
        truth, now, before = (column == number for column in (pairs.label, candidate, production))
        rows = truth | now | before
        lost = UNIT * ((now ^ truth)[rows].astype(np.int64) - (before ^ truth)[rows])
        family = int(pairs.family[np.argmax(rows)])
        yield Group(int(number), family, True, lost, pairs.task[rows], int(truth.sum()))


def relative_flips(candidate_right: Bools, production_right: Bools) -> float | None:
    """Negative flips by those of independent errors (Yan et al., "Positive-congruent training", CVPR 2021).

    None for nothing by nothing.
    """
    independent = production_right.mean() * (~candidate_right).sum() if len(candidate_right) else 0.0
    return float((production_right & ~candidate_right).sum() / independent) if independent else None


def flips_tests(families: int) -> int:
    """By how many tests the level is divided: each family, and all together where there are several."""
    return families + 1 if families > 1 else 1


def flips_by_family(pairs: Pairs) -> dict[int, float]:
    """`flips_tail` of each family."""
    families = [int(number) for number in np.unique(pairs.family)]
    return {number: flips_tail(rows_of(pairs, set(families) - {number})) for number in families}


def flips_tail(pairs: Pairs) -> float:
    """How likely are so many negative flips, at the larger of the two bounds?"""
    candidate_right, production_right = pairs.candidate_right, pairs.production_right
    negative = int((production_right & ~candidate_right).sum())
    positive = int((~production_right & candidate_right).sum())
    wrong = int((~candidate_right).sum())
    share = float(production_right.mean()) if len(pairs) else 0.0
    by_errors = binom.sf(negative - 1, wrong, MOST_RELATIVE * share)
    by_positive = binom.sf(negative - 1, negative + positive, MOST_PER_POSITIVE / (1 + MOST_PER_POSITIVE))
    return float(max(by_errors, by_positive))
