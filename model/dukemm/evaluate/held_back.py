"""Which families keep production's state: those that the candidate answers worse, and those that it cannot answer.

One buyer's outcomes may spoil their own family; the candidate is then judged, and promoted, with production's state of that
family in it. docs/adr/0030-families-are-held-back.md has the reasons and the bound on wrong promotions.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dukemm.evaluate.asking import Version
from dukemm.evaluate.flips import pairs_of
from dukemm.evaluate.gate import HeldBack
from dukemm.evaluate.pairs import Pairs, rows_of
from dukemm.evaluate.table import Family
from dukemm.evaluate.worse import ALPHA, MARGIN, flips_by_family, flips_tests, tested


@dataclass(frozen=True)
class Reason:
    """Why a family is held back, in words that name no content of the buyer."""

    text: str
    #: The candidate's answers are significantly worse than production's.
    worse: bool = False


@dataclass(frozen=True)
class Recomposed:
    """The candidate with production's state of some families."""

    version: Version
    #: Families that have production's state in it; the others that were asked for are left out of it.
    kept: Collection[str]
    #: Further families of the candidate that cannot be read, which nobody asked for.
    unreadable: Collection[str]
    #: Of the archive.
    sha256: str
    size_bytes: int


class Recomposer(Protocol):
    """Makes the artifact of a candidate anew; see recompose.py."""

    @property
    def version(self) -> str | None:
        """The version in production."""

    def unreadable(self, names: Collection[str]) -> set[str]:
        """Families that the candidate has learned and that cannot be read from its artifact."""

    def without(self, held: Collection[str]) -> Recomposed:
        """The candidate with production's state of these families, loaded from the archive that was written."""


def to_hold_back(
    families: Sequence[Family], without_figures: Collection[str], unreadable: Collection[str]
) -> dict[str, Reason]:
    """By name, in the order of what is most serious; empty where every family may have the candidate's state."""
    names = [family.name for family in families]
    found = {names[number]: reason for number, reason in _worse(families).items()}
    for family in families:
        broken = int(family.table.candidate.broken.sum())
        if broken:
            found.setdefault(family.name, Reason(f"{broken:,} of {len(family.table):,} answers could not be delivered"))
    for name in without_figures:
        found[name] = Reason("the answers of the new version have no figures")
    for name in unreadable:
        found.setdefault(name, Reason("what the new version knows of it cannot be read"))
    return found


def _worse(families: Sequence[Family]) -> dict[int, Reason]:
    """By number. A whole family may lose nothing beyond noise, a class of it the margin that the gate allows."""
    pairs = pairs_of([family.table for family in families])
    if pairs is None:
        return {}
    groups = tested(pairs)
    found: dict[int, Reason] = {}
    for group in groups.groups:
        if group.tail(MARGIN if group.is_label else 0.0) > ALPHA / groups.tests:
            continue
        what = "one of its labels is" if group.is_label else "its items are"
        loss = f"{what} answered worse than before, by {group.points:.1f} points beyond noise"
        # A family comes before its classes.
        found.setdefault(group.family, Reason(loss, worse=True))
    tails = flips_by_family(pairs)
    for number, tail in tails.items():
        if tail <= ALPHA / flips_tests(len(tails)):
            own = rows_of(pairs, set(tails) - {number})
            negative = int((own.production_right & ~own.candidate_right).sum())
            lost = f"{negative:,} of {int(own.production_right.sum()):,} items that were answered right are wrong now"
            found.setdefault(number, Reason(lost))
    return found


def held_back(before: Pairs | None, families: Sequence[Family], reasons: Mapping[str, Reason]) -> HeldBack | None:
    """The same for the gate, by number. `families`: as they were measured before; `before`: their pairs."""
    if before is None or not reasons:
        return None
    numbers = {family.name: number for number, family in enumerate(families)}
    known = {numbers[name]: reason for name, reason in reasons.items() if name in numbers}
    return HeldBack(
        before,
        worse=[number for number, reason in known.items() if reason.worse],
        others=[number for number, reason in known.items() if not reason.worse],
    )
