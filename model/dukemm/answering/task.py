"""Interface of a fitted task and the request that it is fitted from, for all kinds of answers."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from dukemm.config import ModelConfig
from dukemm.domain.answers import Answer
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import LabelledItem, content_digest
from dukemm.domain.tasks import LabelOptions, TaskSpec
from dukemm.encoders.batching import EncoderService
from dukemm.encoders.items import ItemEncoder
from dukemm.encoders.language import LanguageModel
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.versions.families import Known

FOREVER = math.inf
#: Words from which on a cell is a sentence.
MIN_SENTENCE_WORDS = 6
_NUMBER, _WORD = re.compile(r"\d[\d.,]*"), re.compile(r"\w+")


class Task(Protocol):
    """A fitted task."""

    def answer(self, items: Sequence[EncodedItem], deadline: float = FOREVER) -> list[Answer]:
        """One answer per item, in order.

        Close to `deadline` (of time.monotonic()) texts are extracted instead of written.
        """
        ...


@dataclass(frozen=True)
class VersionModels:
    """Configuration, priors and encoders of a version, as used by tasks."""

    config: ModelConfig
    prior: CalibrationPrior
    #: Weight of a label's text, in examples of that label.
    label_text_examples: float
    items: ItemEncoder
    text: Callable[[], EncoderService]
    #: None if the version has no multilingual encoder.
    multilingual: Callable[[], EncoderService | None]
    #: Loads the language model on the first call; None if the version has none.
    language: Callable[[], LanguageModel | None]


@dataclass(frozen=True)
class TaskRequest:
    """A task to fit: its description, its own examples, and items that the buyer confirmed in earlier tasks."""

    spec: TaskSpec
    #: Trained model of the task's family; None if the version has none.
    known: Known | None
    own: Sequence[LabelledItem]
    recalled: Sequence[LabelledItem]
    #: Of time.monotonic().
    deadline: float
    #: Of a classification.
    options: LabelOptions = field(default_factory=LabelOptions)

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
        return drop_copies([*own, *self._readable(items, fitting)])

    def _readable(self, items: ItemEncoder, rows: Sequence[tuple[LabelledItem, str | float]]) -> list[EncodedExample]:
        """Encode the rows whose files can still be read, by bisection: files may have been deleted or replaced since."""
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

    def with_family(self, known: Known | None) -> "TaskRequest":
        """Set `known`, unless that family has another kind than this task."""
        return replace(self, known=known if known is not None and known.kind == self.spec.kind else None)


def drop_copies(examples: Sequence[EncodedExample]) -> list[EncodedExample]:
    """Drop duplicate contents, unless any content has several answers.

    Sentences that differ only in numbers, case and punctuation are duplicates: one template, filled in. A duplicate in the
    training folds of a held-out example inflates every measure of skill. If contents have several answers, duplicates are
    kept, as they tell how frequent each answer is.
    """
    first: dict[tuple[object, ...], EncodedExample] = {}
    for example in examples:
        original = first.setdefault(_content_key(example.encoded), example)
        if original.expected != example.expected:
            return list(examples)
    return list(first.values())


def _content_key(item: EncodedItem) -> tuple[object, ...]:
    """Fields, case-folded and with blanks collapsed, sentences as their words, and the media's features."""
    fields = tuple((name, _template(cell)) for name, cell in item.views.source.items())
    media = tuple((name, features.tokens.tobytes()) for name, features in sorted(item.media.items()))
    return fields, media


def _template(cell: str) -> str:
    """The words of a sentence with each number replaced by 0; any other cell case-folded with blanks collapsed."""
    words = cell.casefold().split()
    if len(words) < MIN_SENTENCE_WORDS or not any(map(str.isalpha, cell)):
        return " ".join(words)
    return " ".join(_WORD.findall(_NUMBER.sub("0", " ".join(words))))
