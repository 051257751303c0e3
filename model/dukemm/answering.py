"""From a version and what is asked to a task that answers: the same for serving and for evaluation."""

import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Protocol

from dukemm.artifact import ARCHIVE, Artifact, load, unpack
from dukemm.config import ModelConfig
from dukemm.data.outcome import Outcome, label_of
from dukemm.encoders.language import LanguageModel
from dukemm.errors import DukeMMError
from dukemm.features.cache import FeatureCache
from dukemm.features.clean import without_control
from dukemm.features.encode import ItemEncoder
from dukemm.features.identity import digest_of
from dukemm.features.item import LARGEST
from dukemm.generation.cues import Asked
from dukemm.generation.known import KnownTexts
from dukemm.learn.known import KnownFamily
from dukemm.learn.store import Families
from dukemm.serve.encoders import Encoders
from dukemm.serve.protocol import Example as ExampleRow
from dukemm.serve.protocol import Kind
from dukemm.serve.storage import Storage
from dukemm.task.blocks import Encoded
from dukemm.task.calibration import CalibrationPrior
from dukemm.task.context import Answer, ClassificationTask, Example, RegressionTask
from dukemm.task.generation import GenerationConfig, GenerationTask
from dukemm.task.labels import label_keys, label_texts
from dukemm.task.regression import FEWEST as FEWEST_NUMBERS

FOREVER = math.inf


class Asks(Protocol):
    """What a task asks for, from a request or from an outcome."""

    family: str
    kind: Kind
    description: str
    labels: tuple[str, ...]
    target: str | None


@dataclass(frozen=True)
class Given:
    """What a task comes with: its own examples, and what was confirmed in earlier ones."""

    rows: Sequence[ExampleRow]
    recalled: Sequence[ExampleRow]
    deadline: float


class Task(Protocol):
    """A task that is ready."""

    def answer(self, items: Sequence[Encoded], deadline: float = FOREVER) -> list[Answer]:
        """One answer an item, in order; near the deadline (of time.monotonic()) less is written."""
        ...


class Version:
    """A loaded version: its artifact, its families, and the encoders that it shares with others."""

    def __init__(self, artifact: Artifact, encoders: Encoders, storage: Storage, cache: FeatureCache | None = None) -> None:
        self.artifact = artifact
        self.families = Families(artifact)
        self.items = ItemEncoder(artifact.config, storage, encoders, cache)
        self._encoders = encoders

    @property
    def config(self) -> ModelConfig:
        """What it consists of."""
        return self.artifact.config

    @property
    def text_parameters(self) -> int:
        """How many weights read text."""
        return self._encoders.text(self.config.text_encoder).parameters

    @property
    def language(self) -> LanguageModel | None:
        """The small language model, loaded when first asked for."""
        return None if self.config.language is None else self._encoders.language(self.config.language)

    def task(self, asked: Asks, rows: Sequence[ExampleRow], deadline: float, recalled: Sequence[ExampleRow] = ()) -> Task:
        """A task with its examples, and with what was confirmed in earlier ones: of that, what does not fit is left out.

        `deadline` is of time.monotonic(). Raises DukeMMError.
        """
        if asked.kind not in self.config.kinds:
            raise DukeMMError("unsupported", f"version {self.config.version} does not do {asked.kind}")
        known = self.families.get(asked.family)
        if known is not None and known.kind != asked.kind:
            known = None
        given = Given(rows, recalled, deadline)
        if asked.kind == "regression":
            return self._regression(given, known if isinstance(known, KnownFamily) else None)
        if asked.kind == "generation":
            return self._generation(asked, given, known if isinstance(known, KnownTexts) else None)
        return self._classification(asked, given, known if isinstance(known, KnownFamily) else None)

    def answer_rows(self, outcomes: Sequence[Outcome]) -> list[Answer]:
        """One answer a row, in order, from the row's input alone, as if nobody had judged it yet."""
        answers: list[Answer | None] = [None] * len(outcomes)
        order = sorted(range(len(outcomes)), key=lambda i: _question(outcomes[i]))
        for _, places in groupby(order, key=lambda i: _question(outcomes[i])):
            chosen = list(places)
            task = self.task(outcomes[chosen[0]], (), FOREVER)
            encoded = self.items.encode([outcomes[i].item for i in chosen], FOREVER)
            for i, answer in zip(chosen, task.answer(encoded), strict=True):
                answers[i] = answer
        return [answer for answer in answers if answer is not None]

    def _classification(self, asked: Asks, given: Given, known: KnownFamily | None) -> ClassificationTask:
        answers = [label_of(row.expected) for row in given.rows]
        labels = asked.labels or _together(answers, known)
        if len(labels) < 2:
            raise DukeMMError("invalid_request", "task.labels: a classification needs at least two labels")
        for row, answer in zip(given.rows, answers, strict=True):
            if answer not in labels:
                raise DukeMMError("invalid_request", f"example {row.item.id}: its answer is not one of the labels")
        key = label_keys((labels,))
        declared = {key(label): label for label in labels}
        meanings = [without_control(text) for text in label_texts(labels, asked.description)]
        text = self._encoders.text(self.config.text_encoder)
        return ClassificationTask(
            self.config.classifier,
            CalibrationPrior(**self.artifact.calibration.get("prior", {})),
            float(self.artifact.tensors["classifier.label_text_examples"][0]),
            labels,
            text.vectors(meanings, given.deadline),
            self._examples(given, answers, lambda row: declared.get(key(label_of(row.expected)))),
            text.word_shares,
            known,
        )

    def _regression(self, given: Given, known: KnownFamily | None) -> RegressionTask:
        examples = self._examples(given, [_number(row) for row in given.rows], _number_or_none)
        if len(examples) < FEWEST_NUMBERS and known is None:
            raise DukeMMError("invalid_request", f"numbers need at least {FEWEST_NUMBERS} examples to learn from")
        return RegressionTask(self.config.classifier, examples, known)

    def _generation(self, asked: Asks, given: Given, known: KnownTexts | None) -> GenerationTask:
        own = self._examples(given, [label_of(row.expected) for row in given.rows], lambda row: label_of(row.expected))
        there = {example.digest for example in own}
        others = [example for example in known.examples if example.digest not in there] if known else []
        text = self._encoders.text(self.config.text_encoder)
        return GenerationTask(
            GenerationConfig(),
            Asked(asked.description, asked.target),
            lambda texts: text.vectors(texts, given.deadline),
            self.language,
            [*own, *others],
            given.deadline,
        )

    def _examples(
        self, given: Given, answers: Sequence[str | float], answer_of: Callable[[ExampleRow], str | float | None]
    ) -> list[Example]:
        """The task's own with their answers, then what is recalled, where it has an answer and says something new."""
        own = self._encoded(given.rows, answers, given.deadline)
        there = {example.digest for example in own}
        new = [row for row in given.recalled if digest_of(row.item) not in there]
        fitting = [(row, answer) for row in new if (answer := answer_of(row)) is not None]
        return [*own, *self._still_there(fitting, given.deadline)]

    def _still_there(self, recalled: Sequence[tuple[ExampleRow, str | float]], deadline: float) -> list[Example]:
        try:
            return self._encoded([row for row, _ in recalled], [answer for _, answer in recalled], deadline)
        except DukeMMError as error:  # a file was deleted since, or is another one now; the others can be read
            if error.code not in ("invalid_request", "unsupported"):
                raise
            if len(recalled) == 1:
                return []
            half = len(recalled) // 2
            return [*self._still_there(recalled[:half], deadline), *self._still_there(recalled[half:], deadline)]

    def _encoded(self, rows: Sequence[ExampleRow], answers: Sequence[str | float], deadline: float) -> list[Example]:
        encoded = self.items.encode([row.item for row in rows], deadline)
        return [
            Example(row.item.id, answer, item, digest_of(row.item))
            for row, answer, item in zip(rows, answers, encoded, strict=True)
        ]


def _question(asked: Asks) -> tuple[str, str, tuple[str, ...], str, str]:
    return asked.family, asked.kind, asked.labels, asked.description, asked.target or ""


def _together(answers: Sequence[str], known: KnownFamily | None) -> tuple[str, ...]:
    """Labels of a task that names none: those of its examples and of its family, each once."""
    labels = dict.fromkeys(sorted(set(answers)))
    if known is None:
        return tuple(labels)
    key = label_keys((known.model.labels, tuple(labels)))
    there = set(map(key, labels))
    more = [label for label in known.model.labels if key(label) not in there]
    return (*labels, *more)


def _number(row: ExampleRow) -> float:
    try:
        number = float(row.expected)
    except (ValueError, OverflowError) as error:
        raise DukeMMError("invalid_request", f"example {row.item.id}: its answer is not a number") from error
    if not abs(number) <= LARGEST:
        raise DukeMMError("invalid_request", f"example {row.item.id}: its answer is not a number of at most {LARGEST:g}")
    return number


def _number_or_none(row: ExampleRow) -> float | None:
    """Of what was confirmed earlier, an answer that is no number of this task is left out."""
    try:
        return _number(row)
    except DukeMMError:
        return None


def load_version(
    folder: Path, storage: Storage, encoders: Encoders | None = None, cache: FeatureCache | None = None
) -> Version:
    """A version from a folder with model.tar.gz, or with its unpacked files. Raises DukeMMError artifact_invalid."""
    encoders = encoders or Encoders()
    if not (folder / ARCHIVE).is_file():
        return Version(load(folder), encoders, storage, cache)
    with tempfile.TemporaryDirectory(prefix="dukemm-") as name:
        unpack(folder / ARCHIVE, Path(name))
        return Version(load(Path(name)), encoders, storage, cache)
