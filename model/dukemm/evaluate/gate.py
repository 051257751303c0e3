"""May the candidate serve? Rules over pairs of answers, each with its numbers; pure.

A family that the candidate answers worse than production is held back: it keeps production's state, and the rules judge the
others (held_back.py). How often equal, better and worse candidates pass is measured by benchmarks/studies/gate.py
(docs/benchmarks/gate.json).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from dukemm.evaluate.paired import UNIT, flip_tail, units_of
from dukemm.evaluate.pairs import Pairs, rows_of
from dukemm.evaluate.worse import (
    ALPHA,
    MARGIN,
    MOST_PER_POSITIVE,
    MOST_RELATIVE,
    flips_by_family,
    flips_tail,
    flips_tests,
    relative_flips,
    tested,
)

#: Of the rule `better`. The data that judge the candidate also say which families are held back, so this is a test after a
#: selection. Where production and candidate are interchangeable, any family is held back as worse with a probability of at
#: most ALPHA. Rows of different families are independent, and what holds a family back depends on its own rows and on the
#: sizes of all units, never on who won in another family. So, whichever families are held back, a change that is none
#: passes with a probability of at most BETTER_ALPHA / (1 - ALPHA) = ALPHA.
BETTER_ALPHA = ALPHA * (1 - ALPHA)
#: A gain of less is what another seed gives (0.3 to 0.5 points between retrained networks and trees): not worth a change.
GAIN = 0.0025
RuleName = Literal["answers", "better", "no_class_worse", "negative_flips"]


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


@dataclass(frozen=True)
class HeldBack:
    """Families that keep production's state, by number, and the answers of the candidate before they were held back."""

    before: Pairs
    #: Held back because the candidate is significantly worse.
    worse: Collection[int] = ()
    #: Held back for another reason: their losses still count in `better`, their gains never do.
    others: Collection[int] = ()


def decide(pairs: Pairs | None, asked: int, broken: int, held: HeldBack | None = None) -> Decision:
    """`pairs` is None where no version serves yet: then sane answers are enough.

    `asked`: items that the candidate was asked; `broken`: those with an answer that could not be delivered (a label outside
    of the set, no finite number). With `held`, `pairs` are the answers after families were held back, `asked` and `broken`
    leave these families out, and the tests are as many as before.
    """
    answers = _answers(asked, broken)
    if pairs is None:
        return Decision([answers])
    held = held or HeldBack(pairs)
    back = {*held.worse, *held.others}
    worse, labels, families = _no_class_worse(pairs, tested(held.before).tests if back else 0)
    better = _better(rows_of(held.before, held.worse), held.others)
    return Decision([answers, better, worse, _negative_flips(pairs, back)], labels, families)


def _answers(asked: int, broken: int) -> Rule:
    detail = f"{broken:,} of {asked:,} answers could not be delivered" if broken else f"all {asked:,} answers are sane"
    return Rule("answers", broken == 0, detail, {"asked": asked, "broken": broken})


def _better(pairs: Pairs, only_losses: Collection[int] = ()) -> Rule:
    """Families of `only_losses` count with what they lost; dropping them must not turn chance into a gain."""
    stay = ~np.isin(pairs.family, list(only_losses))
    losses = sum(min(0, int(pairs.difference[pairs.family == number].sum())) for number in only_losses)
    total = int(pairs.difference[stay].sum()) + losses
    units = units_of(pairs.difference, pairs.task)
    p = flip_tail(units, total - GAIN * UNIT * len(pairs))
    won = int((pairs.candidate_right & ~pairs.production_right & stay).sum())
    lost = int((~pairs.candidate_right & pairs.production_right & stay).sum())
    points = 100 * total / UNIT / max(len(pairs), 1)
    passed = len(pairs) > 0 and p <= BETTER_ALPHA
    chance = f"p = {p:.4f}" if p >= 0.0001 else "p < 0.0001"
    detail = (
        f"of {len(pairs):,} items {won:,} are right that production has wrong, {lost:,} the other way round: "
        f"{points:+.2f} points; more than {100 * GAIN:.2f} with {chance}, where at most {BETTER_ALPHA} is asked"
    )
    numbers = {"items": len(pairs), "won": won, "lost": lost, "points": points, "p": p, "units": len(units)}
    return Rule("better", passed, detail, numbers)


def _no_class_worse(pairs: Pairs, fewest_tests: int = 0) -> tuple[Rule, list[int], list[int]]:
    """Each class and each family: lost more than the margin, beyond what chance would do to any of them?"""
    found = tested(pairs)
    groups, tests = found.groups, max(found.tests, fewest_tests)
    tails = [group.tail(MARGIN) for group in groups]
    worse = [i for i, tail in enumerate(tails) if tail <= ALPHA / tests]
    largest = max((groups[i].points for i in worse), default=0.0)
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


def _negative_flips(pairs: Pairs, held: Collection[int] = ()) -> Rule:
    """Over all that are not held back, and in each family: more flips than both bounds allow, beyond noise?"""
    by_family = flips_by_family(pairs)
    change = rows_of(pairs, held)
    tails = [*by_family.values(), *([flips_tail(change)] if len(by_family) > 1 else [])]
    most = flips_tests(len(by_family))
    passed = min(tails, default=1.0) > ALPHA / most
    negative = int((pairs.production_right & ~pairs.candidate_right).sum())
    relative = relative_flips(change.candidate_right, change.production_right)
    share = f", {relative:.2f} of what independent errors would give" if relative is not None else ""
    detail = (
        f"{negative:,} of {int(change.production_right.sum()):,} items that production had right are wrong now{share}; "
        + ("within" if passed else "beyond")
        + f" the bound of {MOST_RELATIVE} (or one for {1 / MOST_PER_POSITIVE:.0f} positive ones)"
    )
    numbers = {"negative": negative, "smallest_p": min(tails, default=1.0), "groups": most}
    return Rule("negative_flips", passed, detail, numbers | ({} if relative is None else {"relative": relative}))
