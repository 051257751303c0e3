"""Selects the families that keep production's state: those that the candidate answers worse or cannot answer.

A buyer's outcomes may degrade their own family; the candidate is then judged and promoted with production's state of that
family. Reasons and the bound on wrong promotions: docs/adr/0030-families-are-held-back.md.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dukemm.evaluate.asking import Version
from dukemm.evaluate.flips import build_pairs
from dukemm.evaluate.gate import HeldBack
from dukemm.evaluate.pairs import Pairs, without_families
from dukemm.evaluate.table import Family
from dukemm.evaluate.worse import ALPHA, MARGIN, flips_by_family, flips_divisor, tested_groups


@dataclass(frozen=True)
class Reason:
    """Why a family is held back, without content of the buyer."""

    text: str
    #: Whether the candidate's answers are significantly worse than production's.
    worse: bool = False


@dataclass(frozen=True)
class Recomposed:
    """The candidate with production's state of some families."""

    version: Version
    #: Families that have production's state; other held-back families are not in the version.
    kept: Collection[str]
    #: Further families of the candidate that cannot be read.
    unreadable: Collection[str]
    #: Of the archive.
    sha256: str
    size_bytes: int


class Recomposer(Protocol):
    """Rebuilds the artifact of a candidate; see recompose.py."""

    @property
    def version(self) -> str | None:
        """The version in production."""

    def sharing_state(self, names: Collection[str]) -> set[str]:
        """These families, and others whose state in production was trained with them."""

    def unreadable(self, names: Collection[str]) -> set[str]:
        """Trained families of the candidate that cannot be read from its artifact."""

    def without(self, held: Collection[str], withdrawn: Collection[str]) -> Recomposed:
        """Rebuild the candidate with production's state of the `held` families, and load it.

        Production's state of `withdrawn` families is not used; such a family is left out of the version.
        """


def select_held_back(
    families: Sequence[Family],
    without_figures: Collection[str],
    unreadable: Collection[str],
    withdrawn: Collection[str] = (),
) -> dict[str, Reason]:
    """Select the families to hold back, by name; empty if every family may have the candidate's state.

    `without_figures`: families without finite metrics. `unreadable`: families that cannot be read from the artifact.
    `withdrawn`: families whose state in production may not be kept, even if it is better.
    """
    keepable = [family for family in families if family.name not in withdrawn]
    found = {keepable[number].name: reason for number, reason in _worse(keepable).items()}
    for family in families:
        broken = int(family.table.candidate.broken.sum())
        if broken:
            found.setdefault(family.name, Reason(f"{broken:,} of {len(family.table):,} answers cannot be delivered"))
    for name in without_figures:
        found[name] = Reason("the answers of the new version have no finite metrics")
    for name in unreadable:
        found.setdefault(name, Reason("the new version's state of it cannot be read"))
    return found


def _worse(families: Sequence[Family]) -> dict[int, Reason]:
    """Families with a significant loss, by number. The margin of the gate applies to classes, but not to families."""
    pairs = build_pairs([family.table for family in families])
    if pairs is None:
        return {}
    groups = tested_groups(pairs)
    reasons: dict[int, Reason] = {}
    for group in groups.groups:
        if group.p_value(MARGIN if group.is_label else 0.0) > ALPHA / groups.tests:
            continue
        what = "one of its labels is" if group.is_label else "its items are"
        loss = f"{what} answered worse than before, by {group.points:.1f} points beyond noise"
        # A family comes before its classes.
        reasons.setdefault(group.family, Reason(loss, worse=True))
    tails = flips_by_family(pairs)
    for number, tail in tails.items():
        if tail <= ALPHA / flips_divisor(len(tails)):
            own = without_families(pairs, set(tails) - {number})
            negative = int((own.production_right & ~own.candidate_right).sum())
            lost = f"{negative:,} of {int(own.production_right.sum()):,} items that were answered right are now wrong"
            reasons.setdefault(number, Reason(lost))
    return reasons


def held_back(before: Pairs | None, families: Sequence[Family], reasons: Mapping[str, Reason]) -> HeldBack | None:
    """Convert reasons for the gate. `families`: as measured before holding back; `before`: their pairs."""
    if before is None or not reasons:
        return None
    numbers = {family.name: number for number, family in enumerate(families)}
    known = {numbers[name]: reason for name, reason in reasons.items() if name in numbers}
    return HeldBack(
        before,
        worse=[number for number, reason in known.items() if reason.worse],
        others=[number for number, reason in known.items() if not reason.worse],
    )
