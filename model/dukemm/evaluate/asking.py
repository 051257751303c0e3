"""Queries a version for answers to outcomes, without using their judgements."""

from collections.abc import Sequence
from typing import Final, Protocol

from dukemm.config import ModelConfig
from dukemm.contract.unusable import Unusable
from dukemm.domain.errors import DukeMMError
from dukemm.domain.outcomes import Outcome
from dukemm.evaluate.judged import Answered


class Version(Protocol):
    """A loaded version; see answering/version.py."""

    @property
    def config(self) -> ModelConfig:
        """Its configuration."""

    def answer_rows(self, outcomes: Sequence[Outcome]) -> Sequence[Answered]:
        """Answer the outcomes, in order, from their inputs alone. Raises DukeMMError."""


class Unreadable:
    """Marks an item whose file is missing, replaced or broken."""


UNREADABLE: Final = Unreadable()

#: An answer; None if the version does not support the kind or input, or failed.
Reply = Answered | Unreadable | None

#: Error codes of faults of this machine, independent of version and row.
MACHINE_ERRORS = ("overloaded", "warming", "internal")


def ask(version: Version, rows: Sequence[Outcome], unusable: Unusable) -> list[Reply]:
    """One reply per row, in order. If a batch fails, it is bisected, so that one row does not fail the others.

    Failures of the version are counted in `unusable`. Raises DukeMMError for faults of this machine.
    """
    families: dict[tuple[str, str], list[int]] = {}
    for i, row in enumerate(rows):
        families.setdefault((row.family, row.kind), []).append(i)
    replies: list[Reply] = [None] * len(rows)
    for places in families.values():
        for i, reply in zip(places, _ask([rows[i] for i in places], version, unusable), strict=True):
            replies[i] = reply
    return replies


def _ask(rows: Sequence[Outcome], version: Version, unusable: Unusable) -> list[Reply]:
    try:
        answers = list(version.answer_rows(rows))
    except Exception as error:
        code = error.code if isinstance(error, DukeMMError) else None
        if code in MACHINE_ERRORS:
            raise
        if code == "artifact_invalid":
            unusable.outcomes(
                rows[0].family, f"version {version.config.version} cannot read its state of the family", len(rows)
            )
            return [None] * len(rows)
        if len(rows) > 1:
            half = len(rows) // 2
            return [*_ask(rows[:half], version, unusable), *_ask(rows[half:], version, unusable)]
        if code is None:
            failed = f"version {version.config.version} failed at the item: {type(error).__name__}"
            unusable.outcomes(rows[0].family, failed)
        # Only items with files become unreadable; another rejected item is one that the version does not support.
        return [UNREADABLE if code == "invalid_request" and rows[0].item.media else None]
    if len(answers) != len(rows):
        raise DukeMMError("internal", f"{len(answers)} answers to {len(rows)} items")
    return list(answers)
