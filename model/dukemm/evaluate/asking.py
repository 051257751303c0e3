"""Asking a version about outcomes as if nobody had judged them yet."""

from collections.abc import Sequence
from typing import Final, Protocol

from dukemm.config import ModelConfig
from dukemm.contract.unusable import Unusable
from dukemm.domain.errors import DukeMMError
from dukemm.domain.outcomes import Outcome
from dukemm.evaluate.judged import Answered


class Version(Protocol):
    """A loaded version: see answering.py."""

    @property
    def config(self) -> ModelConfig:
        """What it consists of."""

    def answer_rows(self, outcomes: Sequence[Outcome]) -> Sequence[Answered]:
        """One answer a row, in order, from the row's input alone. Raises DukeMMError."""


class Unreadable:
    """An item whose medium is gone, is another one or is broken."""


UNREADABLE: Final = Unreadable()

#: None: a kind or an input that the version does not know, or one that it failed at.
Reply = Answered | Unreadable | None

#: Errors of this machine, which say nothing about the version or the row.
MACHINE = ("overloaded", "warming", "internal")


def ask(version: Version, rows: Sequence[Outcome], unusable: Unusable) -> list[Reply]:
    """One reply a row. A row that cannot be answered costs its neighbours nothing: they are asked again without it.

    What a version failed at is counted in `unusable`. Raises DukeMMError for what is nobody's fault but this machine's.
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
        if code in MACHINE:
            raise
        if code == "artifact_invalid":
            unusable.outcomes(
                rows[0].family, f"version {version.config.version} cannot read what it knows of it", len(rows)
            )
            return [None] * len(rows)
        if len(rows) > 1:
            half = len(rows) // 2
            return [*_ask(rows[:half], version, unusable), *_ask(rows[half:], version, unusable)]
        if code is None:
            failed = f"version {version.config.version} failed at the item: {type(error).__name__}"
            unusable.outcomes(rows[0].family, failed)
        # Only files can go or change: an item without them that is refused is one that the version does not know.
        return [UNREADABLE if code == "invalid_request" and rows[0].item.media else None]
    if len(answers) != len(rows):
        raise DukeMMError("internal", f"{len(answers)} answers to {len(rows)} items")
    return list(answers)
