"""May the candidate serve? Rules over pairs of answers, each with its numbers; pure.

How often equal, better and worse candidates pass is measured by model/bench/gate.py (docs/benchmarks/gate.json).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from dukemm.evaluate.paired import UNIT, flip_tail, most_tests, smallest_tail, units_of

#: Of each rule, and in a rule with several tests of all of them together.
ALPHA = 0.05
#: A gain of less is what another seed gives (0.3 to 0.5 points between retrained networks and trees): not worth a change.
GAIN = 0.0025
#: A class may lose half a point before it counts as worse.
MARGIN = 0.005
#: Of the flips that two versions with independent errors would have. Measured on digits and Fashion-MNIST with trees,
#: networks, kernels and logistic regression: 0.04 to 0.39 when data are added, 0.40 to 0.49 when all data are others, above
#: 1 when a version learns from failures alone.
MOST_RELATIVE = 0.5
#: Or so many negative flips for each positive one: a version that was guessing has nothing to keep.
MOST_PER_POSITIVE = 1 / 3

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
RuleName = Literal["answers", "better", "no_class_worse", "negative_flips"]


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


@dataclass(frozen=True)
class Rule:
    """One rule, passed or not, with the numbers that say why."""

    rule: RuleName
    passed: bool
    detail: str
    numbers: dict[str, float]


@dataclass(frozen=True)
class Decision:
    """What the gate says, and the classes and families that it found worse."""

    rules: list[Rule]
    worse_labels: list[int] = field(default_factory=list)
    worse_families: list[int] = field(default_factory=list)

    @property
    def promote(self) -> bool:
        """Every rule passed."""
        return all(rule.passed for rule in self.rules)

    @property
    def reasons(self) -> list[str]:
        """Why: what did not pass, or everything that did."""
        return [rule.detail for rule in self.rules if self.promote or not rule.passed]


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


def decide(pairs: Pairs | None, asked: int, broken: int) -> Decision:
    """`pairs` is None where no version serves yet: then sane answers are enough.

    `asked`: items that the candidate was asked; `broken`: those with an answer that could not be delivered (a label outside
    of the set, no finite number).
    """
    answers = _answers(asked, broken)
    if pairs is None:
        return Decision([answers])
    worse, labels, families = _no_class_worse(pairs)
    return Decision([answers, _better(pairs), worse, _negative_flips(pairs)], labels, families)


def _answers(asked: int, broken: int) -> Rule:
    detail = f"{broken:,} of {asked:,} answers could not be delivered" if broken else f"all {asked:,} answers are sane"
    return Rule("answers", broken == 0, detail, {"asked": asked, "broken": broken})


def _better(pairs: Pairs) -> Rule:
    total = int(pairs.difference.sum())
    units = units_of(pairs.difference, pairs.task)
    p = flip_tail(units, total - GAIN * UNIT * len(pairs))
    won = int((pairs.candidate_right & ~pairs.production_right).sum())
    lost = int((~pairs.candidate_right & pairs.production_right).sum())
    points = 100 * total / UNIT / max(len(pairs), 1)
    passed = len(pairs) > 0 and p <= ALPHA
    chance = f"p = {p:.4f}" if p >= 0.0001 else "p < 0.0001"
    detail = (
        f"of {len(pairs):,} items {won:,} are right that production has wrong, {lost:,} the other way round: "
        f"{points:+.2f} points; more than {100 * GAIN:.2f} with {chance}, where at most {ALPHA} is asked"
    )
    numbers = {"items": len(pairs), "won": won, "lost": lost, "points": points, "p": p, "units": len(units)}
    return Rule("better", passed, detail, numbers)


@dataclass(frozen=True)
class _Group:
    """A class or a family: what was lost in it (twentieths of an item), by row, and how many items it has."""

    number: int
    is_label: bool
    lost: Ints
    task: Ints
    items: int


def _groups(pairs: Pairs) -> Iterator[_Group]:
    """Of a class, mistakes are items of it that were missed and items that were wrongly given to it.

    Recall alone would hold every version to one that gives everything to the same class and so never misses it.
    """
    for number in np.unique(pairs.family):
        rows = pairs.family == number
        yield _Group(int(number), False, -pairs.difference[rows], pairs.task[rows], int(rows.sum()))
    candidate = np.where(pairs.candidate_right, pairs.label, -1) if pairs.candidate_label is None else pairs.candidate_label
    production = (
        np.where(pairs.production_right, pairs.label, -1) if pairs.production_label is None else pairs.production_label
    )
    for number in np.unique(pairs.label[pairs.label >= 0]):
        truth, now, before = (column == number for column in (pairs.label, candidate, production))
        rows = truth | now | before
        lost = UNIT * ((now ^ truth)[rows].astype(np.int64) - (before ^ truth)[rows])
        yield _Group(int(number), True, lost, pairs.task[rows], int(truth.sum()))


def _no_class_worse(pairs: Pairs) -> tuple[Rule, list[int], list[int]]:
    """Each class and each family: lost more than the margin, beyond what chance would do to any of them?"""
    groups = list(_groups(pairs))
    tails, least = [], []
    for group in groups:
        units = units_of(group.lost, group.task)
        tails.append(flip_tail(units, float(group.lost.sum()) - MARGIN * UNIT * group.items))
        least.append(smallest_tail(units))
    losses = [100 * float(group.lost.sum()) / UNIT / group.items for group in groups]
    tests = most_tests(np.array(least), ALPHA)
    worse = [i for i, tail in enumerate(tails) if tail <= ALPHA / tests]
    largest = max((losses[i] for i in worse), default=0.0)
    if worse:
        detail = (
            f"{len(worse)} of {len(groups)} classes and families are worse by more than {100 * MARGIN} points "
            f"beyond noise, by up to {largest:.1f} points"
        )
    else:
        detail = f"none of {len(groups)} classes and families is worse by more than {100 * MARGIN} points beyond noise"
    numbers = {"groups": len(groups), "tests": tests, "worse": len(worse), "largest_loss_points": largest}
    numbers["smallest_p"] = min(tails, default=1.0)
    labels = [groups[i].number for i in worse if groups[i].is_label]
    families = [groups[i].number for i in worse if not groups[i].is_label]
    return Rule("no_class_worse", not worse, detail, numbers), labels, families


def relative_flips(candidate_right: Bools, production_right: Bools) -> float | None:
    """Negative flips by those of independent errors (Yan et al., "Positive-congruent training", CVPR 2021).

    None for nothing by nothing.
    """
    independent = production_right.mean() * (~candidate_right).sum() if len(candidate_right) else 0.0
    return float((production_right & ~candidate_right).sum() / independent) if independent else None


def _negative_flips(pairs: Pairs) -> Rule:
    """Over all and in each family: more flips than both bounds allow, beyond noise?"""
    families = [pairs.family == number for number in np.unique(pairs.family)]
    groups = [np.ones(len(pairs), bool), *families] if len(families) > 1 else families
    tails = [_flips_tail(pairs.candidate_right[rows], pairs.production_right[rows]) for rows in groups]
    most = max(len(groups), 1)
    passed = min(tails, default=1.0) > ALPHA / most
    negative = int((pairs.production_right & ~pairs.candidate_right).sum())
    relative = relative_flips(pairs.candidate_right, pairs.production_right)
    share = f", {relative:.2f} of what independent errors would give" if relative is not None else ""
    detail = (
        f"{negative:,} of {int(pairs.production_right.sum()):,} items that production had right are wrong now{share}; "
        + ("within" if passed else "beyond")
        + f" the bound of {MOST_RELATIVE} (or one for {1 / MOST_PER_POSITIVE:.0f} positive ones)"
    )
    numbers = {"negative": negative, "smallest_p": min(tails, default=1.0), "groups": len(groups)}
    return Rule("negative_flips", passed, detail, numbers | ({} if relative is None else {"relative": relative}))


def _flips_tail(candidate_right: Bools, production_right: Bools) -> float:
    """How likely are so many negative flips, at the larger of the two bounds?"""
    negative = int((production_right & ~candidate_right).sum())
    positive = int((~production_right & candidate_right).sum())
    wrong = int((~candidate_right).sum())
    by_errors = binom.sf(negative - 1, wrong, MOST_RELATIVE * production_right.mean())
    by_positive = binom.sf(negative - 1, negative + positive, MOST_PER_POSITIVE / (1 + MOST_PER_POSITIVE))
    return float(max(by_errors, by_positive))
