"""Asking a version about outcomes as if nobody had judged them yet."""

from collections.abc import Sequence
from typing import Final, Protocol

from dukemm.config import ModelConfig
from dukemm.data.outcome import Outcome
from dukemm.errors import DukeMMError
from dukemm.evaluate.judged import Answered


class Version(Protocol):
    """A loaded version: see answering.py."""

    @property
    def config(self) -> ModelConfig:
        """What it consists of."""

    def answer_rows(self, outcomes: Sequence[Outcome]) -> Sequence[Answered]:
        """One answer a row, in order, from the row's input alone. Raises DukeMMError."""


class Unreadable:
    """An item that cannot be read any more: a medium that is gone or is another one."""


UNREADABLE: Final = Unreadable()

#: None: a kind or an input that the version does not know.
Reply = Answered | Unreadable | None


def ask(version: Version, rows: Sequence[Outcome]) -> list[Reply]:
    """One reply a row. A row that cannot be answered costs its neighbours nothing: they are asked again without it.

    Raises DukeMMError for what is nobody's fault but this machine's (overloaded, artifact_invalid, internal).
    """
    if not rows:
        return []
    try:
        answers = list(version.answer_rows(rows))
    except DukeMMError as error:
        if error.code not in ("unsupported", "invalid_request"):
            raise
        if len(rows) == 1:
            return [None if error.code == "unsupported" else UNREADABLE]
        # All items of a kind fail alike, so halves by kind and kind of input come first.
        rest = sorted(range(len(rows)), key=lambda i: _likeness(rows[i]))
        halves = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        replies: list[Reply] = [None] * len(rows)
        for half in halves:
            for i, reply in zip(half, ask(version, [rows[i] for i in half]), strict=True):
                replies[i] = reply
        return replies
    if len(answers) != len(rows):
        raise DukeMMError("internal", f"{len(answers)} answers to {len(rows)} items")
    return list(answers)


def _likeness(row: Outcome) -> tuple[str, ...]:
    return (row.kind, *sorted({medium.file_type for medium in row.item.media.values()}), row.family)
