"""Decides whether a candidate may serve, by rules over pairs of answers; pure.

A family that the candidate answers worse than production is held back: it keeps production's state, and the rules apply to
the other families (held_back.py). How often equal, better and worse candidates pass is measured by
benchmarks/studies/gate.py (docs/benchmarks/gate.json).
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from dukemm.evaluate.paired import UNITS_PER_ITEM, exchangeable_units, sign_flip_p_value
from dukemm.evaluate.pairs import Pairs, without_families
from dukemm.evaluate.worse import (
    ALPHA,
    MARGIN,
    MAX_NEGATIVE_PER_POSITIVE,
    MAX_RELATIVE_FLIPS,
    flips_by_family,
    flips_divisor,
    flips_p_value,
    relative_flips,
    tested_groups,
)

#: Level of the rule `better`. The same data select the held-back families, so this is a test after selection. If production
#: and candidate are exchangeable, any family is held back as worse with probability at most ALPHA. Rows of different
#: families are independent, and holding back a family depends on its own rows and on the sizes of all units, not on the
#: winners in other families. So whichever families are held back, a null change passes with probability at most
#: BETTER_ALPHA / (1 - ALPHA) = ALPHA.
BETTER_ALPHA = ALPHA * (1 - ALPHA)
#: Least gain in accuracy for a promotion: another seed changes it by 0.3 to 0.5 points (retrained networks and trees).
MIN_GAIN = 0.0025
#: Why a candidate replaces production without being better.
WITHDRAWN = "because buyers withdrew outcomes that production has learned from"
RuleName = Literal["answers", "better", "no_class_worse", "negative_flips", "revenue"]


@dataclass(frozen=True)
class Rule:
    """Result of one rule, with its numbers."""

    rule: RuleName
    passed: bool
    detail: str
    numbers: dict[str, float]
    #: Whether a candidate that fails it is archived.
    decisive: bool = True


@dataclass(frozen=True)
class Decision:
    """Decision of the gate, and the classes and families found worse."""

    rules: list[Rule]
    worse_labels: list[int] = field(default_factory=list)
    worse_families: list[int] = field(default_factory=list)

    @property
    def promote(self) -> bool:
        """Whether every decisive rule passed."""
        return all(rule.passed for rule in self.rules if rule.decisive)

    @property
    def reasons(self) -> list[str]:
        """Details of the failed rules, or of all rules if none failed."""
        return [rule.detail for rule in self.rules if self.promote or not rule.passed]


@dataclass(frozen=True)
class HeldBack:
    """Held-back families, by number, and the pairs from before they were held back."""

    before: Pairs
    #: Held back because the candidate is significantly worse.
    worse: Collection[int] = ()
    #: Held back for another reason: their losses still count in `better`, their gains do not.
    others: Collection[int] = ()


def decide(
    pairs: Pairs | None, asked: int, broken: int, held: HeldBack | None = None, *, gain_required: bool = True
) -> Decision:
    """Apply the rules. Without `gain_required`, the candidate must not be worse and need not be better.

    `pairs`: None without a version in production; then deliverable answers suffice. `asked`: number of items that the
    candidate answered. `broken`: those whose answer cannot be delivered (an undeclared label, no finite number). With
    `held`, `pairs` are the answers after holding back, `asked` and `broken` exclude the held-back families, and the number
    of tests stays that of before.
    """
    answers = _answers(asked, broken)
    if pairs is None:
        return Decision([answers])
    held = held or HeldBack(pairs)
    back = {*held.worse, *held.others}
    worse, labels, families = _no_class_worse(pairs, tested_groups(held.before).tests if back else 0)
    better = _better(without_families(held.before, held.worse), held.others)
    if not (gain_required or better.passed):
        better = replace(better, passed=True, detail=f"{better.detail}; no gain is required, {WITHDRAWN}")
    return Decision([answers, better, worse, _negative_flips(pairs, back)], labels, families)


def _answers(asked: int, broken: int) -> Rule:
    detail = f"{broken:,} of {asked:,} answers cannot be delivered" if broken else f"all {asked:,} answers can be delivered"
    return Rule("answers", broken == 0, detail, {"asked": asked, "broken": broken})


def _better(pairs: Pairs, losses_only: Collection[int] = ()) -> Rule:
    """Test for a gain. Families in `losses_only` count with their net loss only, so that dropping them creates no gain."""
    counted = ~np.isin(pairs.family, list(losses_only))
    losses = sum(min(0, int(pairs.difference[pairs.family == number].sum())) for number in losses_only)
    total = int(pairs.difference[counted].sum()) + losses
    units = exchangeable_units(pairs.difference, pairs.task)
    p = sign_flip_p_value(units, total - MIN_GAIN * UNITS_PER_ITEM * len(pairs))
    won = int((pairs.candidate_right & ~pairs.production_right & counted).sum())
    lost = int((~pairs.candidate_right & pairs.production_right & counted).sum())
    points = 100 * total / UNITS_PER_ITEM / max(len(pairs), 1)
    passed = len(pairs) > 0 and p <= BETTER_ALPHA
    chance = f"p = {p:.4f}" if p >= 0.0001 else "p < 0.0001"
    detail = (
        f"of {len(pairs):,} items {won:,} were gained and {lost:,} lost against production: {points:+.2f} points; "
        f"test for a gain above {100 * MIN_GAIN:.2f} points: {chance}, limit {BETTER_ALPHA}"
    )
    numbers = {"items": len(pairs), "won": won, "lost": lost, "points": points, "p": p, "units": len(units)}
    return Rule("better", passed, detail, numbers)


def _no_class_worse(pairs: Pairs, min_tests: int = 0) -> tuple[Rule, list[int], list[int]]:
    """Test each class and family for a loss beyond the margin, with Tarone's correction."""
    groups_tested = tested_groups(pairs)
    groups, tests = groups_tested.groups, max(groups_tested.tests, min_tests)
    p_values = [group.p_value(MARGIN) for group in groups]
    worse = [i for i, p in enumerate(p_values) if p <= ALPHA / tests]
    largest = max((groups[i].points for i in worse), default=0.0)
    if worse:
        detail = (
            f"{len(worse)} of {len(groups)} classes and families are worse by more than {100 * MARGIN} points "
            f"beyond noise, by up to {largest:.1f} points"
        )
    else:
        detail = f"none of {len(groups)} classes and families is worse by more than {100 * MARGIN} points beyond noise"
    numbers = {"groups": len(groups), "tests": tests, "worse": len(worse), "largest_loss_points": largest}
    numbers["smallest_p"] = min(p_values, default=1.0)
    labels = [groups[i].number for i in worse if groups[i].is_label]
    families = [groups[i].number for i in worse if not groups[i].is_label]
    return Rule("no_class_worse", not worse, detail, numbers), labels, families


def _negative_flips(pairs: Pairs, held: Collection[int] = ()) -> Rule:
    """Test each family, and all not held back together, for more negative flips than both bounds allow."""
    by_family = flips_by_family(pairs)
    change = without_families(pairs, held)
    p_values = [*by_family.values(), *([flips_p_value(change)] if len(by_family) > 1 else [])]
    tests = flips_divisor(len(by_family))
    passed = min(p_values, default=1.0) > ALPHA / tests
    negative = int((pairs.production_right & ~pairs.candidate_right).sum())
    relative = relative_flips(change.candidate_right, change.production_right)
    share = f", {relative:.2f} of the number expected for independent errors" if relative is not None else ""
    detail = (
        f"{negative:,} of {int(change.production_right.sum()):,} items that production answered right are now wrong"
        f"{share}; "
        + ("within" if passed else "beyond")
        + f" the bound of {MAX_RELATIVE_FLIPS} (or one per {1 / MAX_NEGATIVE_PER_POSITIVE:.0f} gained items)"
    )
    numbers = {"negative": negative, "smallest_p": min(p_values, default=1.0), "groups": tests}
    return Rule("negative_flips", passed, detail, numbers | ({} if relative is None else {"relative": relative}))
