"""What a task is fitted to, and what it becomes: the same for labels, numbers and texts."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from dukemm.config import ModelConfig
from dukemm.domain.answers import Answer
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import LabelledItem, content_digest
from dukemm.domain.tasks import TaskSpec
from dukemm.encoders.batching import EncoderService
from dukemm.encoders.items import ItemEncoder
from dukemm.encoders.language import LanguageModel
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.versions.families import Known

FOREVER = math.inf


class Task(Protocol):
    """A fitted task."""

    def answer(self, items: Sequence[EncodedItem], deadline: float = FOREVER) -> list[Answer]:
        """One answer per item, in order; near the deadline (of time.monotonic()) fewer texts are written."""
        ...


@dataclass(frozen=True)
class VersionModels:
    """What tasks use of a version: configuration, priors and encoders."""

    config: ModelConfig
    prior: CalibrationPrior
    #: How many examples of a label its text is worth.
    label_text_examples: float
    items: ItemEncoder
    text: Callable[[], EncoderService]
    #: None where the version has no language model; loaded when first called.
    language: Callable[[], LanguageModel | None]


@dataclass(frozen=True)
class TaskRequest:
    """A task to fit: its description, its own examples, and items that the buyer confirmed in earlier tasks."""

    spec: TaskSpec
    #: What the version knows of the task's family.
    known: Known | None
    own: Sequence[LabelledItem]
    recalled: Sequence[LabelledItem]
    #: Of time.monotonic().
    deadline: float

    def examples(
        self,
        items: ItemEncoder,
        answers: Sequence[str | float],
        recalled_answer: Callable[[LabelledItem], str | float | None],
    ) -> list[EncodedExample]:
        """The own examples with `answers`, then the recalled ones that are new and have an answer (not None)."""
        own = self._encoded(items, list(zip(self.own, answers, strict=True)))
        digests = {example.digest for example in own}
        new = [row for row in self.recalled if content_digest(row.item) not in digests]
        fitting = [(row, answer) for row in new if (answer := recalled_answer(row)) is not None]
        return without_copies([*own, *self._readable(items, fitting)])

    def _readable(self, items: ItemEncoder, rows: Sequence[tuple[LabelledItem, str | float]]) -> list[EncodedExample]:
        """Those whose files can still be read: one may have been deleted or replaced since. Found by bisection."""
        try:
            return self._encoded(items, rows)
        except DukeMMError as error:
            if error.code not in ("invalid_request", "unsupported"):
                raise
            if len(rows) == 1:
                return []
            half = len(rows) // 2
            return [*self._readable(items, rows[:half]), *self._readable(items, rows[half:])]

    def _encoded(self, items: ItemEncoder, rows: Sequence[tuple[LabelledItem, str | float]]) -> list[EncodedExample]:
        encoded = items.encode([row.item for row, _ in rows], self.deadline)
        return [
            EncodedExample(row.item.id, answer, item, content_digest(row.item))
            for (row, answer), item in zip(rows, encoded, strict=True)
        ]

    def of_kind(self, known: Known | None) -> "TaskRequest":
        """The same with `known` if that family answers in the kind of this task, else without."""
        return replace(self, known=known if known is not None and known.kind == self.spec.kind else None)


def without_copies(examples: Sequence[EncodedExample]) -> list[EncodedExample]:
    """The examples, each content once, where examples of the same content all have the same answer.

    A copy that is left in while its twin is held out makes every measure of skill too good. Where the same content has
    different answers, repetitions are no copies: they say how often each answer is right.
    """
    first: dict[tuple[object, ...], EncodedExample] = {}
    for example in examples:
        twin = first.setdefault(_content(example.encoded), example)
        if twin.expected != example.expected:
            return list(examples)
    return list(first.values())


def _content(item: EncodedItem) -> tuple[object, ...]:
    """Fields without regard to case and blanks, and the media's features."""
    fields = tuple((name, " ".join(cell.casefold().split())) for name, cell in item.views.source.items())
    media = tuple((name, features.tokens.tobytes()) for name, features in sorted(item.media.items()))
    return fields, media
