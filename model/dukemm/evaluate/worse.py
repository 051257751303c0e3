"""Significance tests for losses of classes and families, used by the gate and by holding back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from dukemm.evaluate.paired import UNITS_PER_ITEM, exchangeable_units, least_p_value, sign_flip_p_value, tarone_divisor
from dukemm.evaluate.pairs import Bools, Ints, Pairs, without_families

#: Level of each rule of the gate; family-wise for a rule with several tests.
ALPHA = 0.05
#: Loss in accuracy that a class may have before it counts as worse.
MARGIN = 0.005
#: Most negative flips, relative to the number expected for independent errors. Measured on digits and Fashion-MNIST with
#: trees, networks, kernels and logistic regression: 0.04 to 0.39 when data are added, 0.40 to 0.49 when all data are
#: others, above 1 when a version learns from failures alone.
MAX_RELATIVE_FLIPS = 0.5
#: Most negative flips per positive one; the looser of both bounds applies, as a version near chance has little to keep.
MAX_NEGATIVE_PER_POSITIVE = 1 / 3


@dataclass(frozen=True)
class Group:
    """A class or a family: loss of each row in twentieths of an item, and number of items."""

    number: int
    #: Index of the family, or of the class's family.
    family: int
    is_label: bool
    lost: Ints
    task: Ints
    items: int

    def p_value(self, margin: float) -> float:
        """p-value of a loss beyond the margin (a share of the items)."""
        return sign_flip_p_value(
            exchangeable_units(self.lost, self.task), float(self.lost.sum()) - margin * UNITS_PER_ITEM * self.items
        )

    @property
    def points(self) -> float:
        """Loss in percentage points of accuracy."""
        return 100 * float(self.lost.sum()) / UNITS_PER_ITEM / max(self.items, 1)


@dataclass(frozen=True)
class TestedGroups:
    """Groups of the rule `no_class_worse`, and the divisor of its level."""

    groups: Sequence[Group]
    tests: int


def tested_groups(pairs: Pairs) -> TestedGroups:
    """All classes and families. The divisor depends on the sizes of the units, not on who won."""
    groups = list(_groups(pairs))
    least = [least_p_value(exchangeable_units(group.lost, group.task)) for group in groups]
    return TestedGroups(groups, tarone_divisor(np.array(least), ALPHA))


def _groups(pairs: Pairs) -> Iterator[Group]:
    """Errors of a class are both its missed items and items wrongly assigned to it.

    With recall alone, no version could replace one that assigns everything to the same class.
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
        lost = UNITS_PER_ITEM * ((now ^ truth)[rows].astype(np.int64) - (before ^ truth)[rows])
        family = int(pairs.family[np.argmax(rows)])
        yield Group(int(number), family, True, lost, pairs.task[rows], int(truth.sum()))


def relative_flips(candidate_right: Bools, production_right: Bools) -> float | None:
    """Negative flips relative to the number expected for independent errors; None if none are expected.

    Yan et al., "Positive-congruent training", CVPR 2021.
    """
    independent = production_right.mean() * (~candidate_right).sum() if len(candidate_right) else 0.0
    return float((production_right & ~candidate_right).sum() / independent) if independent else None


def flips_divisor(families: int) -> int:
    """Divisor of the level: one test per family, and one for all together if there are several."""
    return families + 1 if families > 1 else 1


def flips_by_family(pairs: Pairs) -> dict[int, float]:
    """`flips_p_value` of each family."""
    families = [int(number) for number in np.unique(pairs.family)]
    return {number: flips_p_value(without_families(pairs, set(families) - {number})) for number in families}


def flips_p_value(pairs: Pairs) -> float:
    """p-value of the number of negative flips, under the looser of both bounds."""
    candidate_right, production_right = pairs.candidate_right, pairs.production_right
    negative = int((production_right & ~candidate_right).sum())
    positive = int((~production_right & candidate_right).sum())
    wrong = int((~candidate_right).sum())
    share = float(production_right.mean()) if len(pairs) else 0.0
    by_errors = binom.sf(negative - 1, wrong, MAX_RELATIVE_FLIPS * share)
    by_positive = binom.sf(negative - 1, negative + positive, MAX_NEGATIVE_PER_POSITIVE / (1 + MAX_NEGATIVE_PER_POSITIVE))
    return float(max(by_errors, by_positive))
