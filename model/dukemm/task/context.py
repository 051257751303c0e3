"""One task, ready to answer items: what the version knows of its family, and its examples; kept between requests."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dukemm.config import ClassifierConfig
from dukemm.fusion.serving import REGIONS
from dukemm.learn.known import KnownFamily, Record
from dukemm.task.blocks import Encoded, Matrix
from dukemm.task.calibration import CalibrationPrior
from dukemm.task.classification import TaskClassifier
from dukemm.task.explain import (
    Direction,
    Neighbour,
    Word,
    nearest_for,
    nearest_records,
    strongest,
    strongest_view,
    summary_of,
    words_for,
)
from dukemm.task.regression import TaskRegressor
from dukemm.task.views import FittedViews

#: Most probable labels that an answer lists, the prediction among them.
ALTERNATIVES = 5
#: Words of a text so weak against the strongest are not worth naming.
WEAKEST = 0.05

#: Embedding of a text along a direction, by word: see TextEncoder.word_shares.
WordShares = Callable[[str, NDArray[np.float64]], dict[str, float]]


@dataclass(frozen=True)
class Example:
    """An example of the task with its answer."""

    id: str
    expected: str | float
    encoded: Encoded
    #: Of its content (features/identity.py); empty where nobody asks whether the family was trained on it.
    digest: str = ""


@dataclass(frozen=True)
class Answer:
    """What is said about one item; fields as in contracts/serving/invocation.ts."""

    prediction: str | float
    confidence: float
    alternatives: list[tuple[str, float]] | None
    nearest: list[tuple[Example | Record, Neighbour]]
    words: list[Word]
    summary: str
    #: Labels that hold the right one in 95 of 100 items; None where too few examples tell.
    label_set: list[str] | None = field(default=None)
    #: Numbers between which the right one lies in 95 of 100 items; None likewise.
    interval: tuple[float, float] | None = field(default=None)


class ClassificationTask:
    """Answers with one of the task's labels."""

    kind: Literal["classification"] = "classification"

    def __init__(
        self,
        config: ClassifierConfig,
        prior: CalibrationPrior,
        label_text_examples: float,
        labels: Sequence[str],
        label_vectors: NDArray[np.float32],
        examples: Sequence[Example],
        word_shares: WordShares,
        known: KnownFamily | None = None,
    ) -> None:
        """`expected` of every example must be one of the labels."""
        self._config = config
        self._labels = list(labels)
        self._examples = list(examples)
        self._word_shares = word_shares
        self._known = known
        places = {label: i for i, label in enumerate(self._labels)}
        self._classifier = TaskClassifier(
            prior,
            label_text_examples,
            config.ridge,
            labels,
            label_vectors,
            [example.encoded for example in examples],
            [places[str(example.expected)] for example in examples],
            known,
            _seen(examples, known),
        )

    def answer(self, items: Sequence[Encoded], deadline: float = math.inf) -> list[Answer]:
        """One answer per item, in order."""
        probabilities = self._classifier.probabilities(items)
        order = np.argsort(-probabilities, axis=1, kind="stable")
        direction = Direction(order[:, 0], order[:, 1], 1.0)
        views = self._classifier.views()
        count = self._config.words
        words = words_for(views, items, direction, count) if views else self._words_by_label(items, direction)
        regions = self._classifier.regions(items, order[:, 0], order[:, 1])
        if regions is not None:
            words = [strongest([*w, *_regions(item, r)], count) for w, item, r in zip(words, items, regions, strict=True)]
        speaking = strongest_view(views, items, direction) if views else [None] * len(items)
        nearest = _neighbours(self._examples, self._known, items, views, self._config.nearest)
        decisive = self._classifier.decisive
        confidences = probabilities.max(1) if decisive is None else decisive.head.of(probabilities)
        threshold = None if decisive is None else decisive.threshold
        return [
            Answer(
                prediction=self._labels[order[row, 0]],
                confidence=_probability(confidences[row]),
                alternatives=self._alternatives(probabilities[row], order[row], confidences[row]),
                nearest=nearest[row],
                words=words[row],
                summary=_summary(words[row], nearest[row], speaking[row]),
                label_set=self._label_set(probabilities[row], order[row], threshold),
            )
            for row in range(len(items))
        ]

    def _alternatives(self, probabilities: Matrix, order: np.ndarray, confidence: float) -> list[tuple[str, float]]:
        """The prediction with its confidence; what that leaves is shared out among the others as they stand."""
        first, *others = order[:ALTERNATIVES]
        left = (1.0 - confidence) / max(1.0 - probabilities[first], 1e-12)
        rest = [(self._labels[i], _probability(probabilities[i] * left)) for i in others]
        return [(self._labels[first], _probability(confidence)), *rest]

    def _label_set(self, probabilities: Matrix, order: np.ndarray, threshold: float | None) -> list[str] | None:
        """The prediction is always in it: a set that is empty would help nobody."""
        if threshold is None:
            return None
        return [self._labels[i] for place, i in enumerate(order) if place == 0 or probabilities[i] >= threshold]

    def _words_by_label(self, items: Sequence[Encoded], direction: Direction) -> list[list[Word]]:
        """Without examples a label is chosen by its meaning: which words of the item are closest to it?"""
        vectors: Matrix = self._classifier.label_vectors.T / self._classifier.label_text_scale
        return [
            _strongest(self._word_shares(item.views.meaning, direction.of(vectors, row)), self._config.words)
            for row, item in enumerate(items)
        ]


class RegressionTask:
    """Answers with a number."""

    kind: Literal["regression"] = "regression"

    def __init__(self, config: ClassifierConfig, examples: Sequence[Example], known: KnownFamily | None = None) -> None:
        """`expected` of every example must be a finite number; at least three examples where the family is not known."""
        self._config = config
        self._examples = list(examples)
        self._known = known
        targets = [float(example.expected) for example in examples]
        encoded = [example.encoded for example in examples]
        self._regressor = TaskRegressor(encoded, targets, config.ridge, known, _seen(examples, known))

    def answer(self, items: Sequence[Encoded], deadline: float = math.inf) -> list[Answer]:
        """One answer per item, in order; weights of words are in standard deviations of the examples' targets."""
        predicted = self._regressor.predict(items)
        direction = Direction(np.zeros(len(items), np.int64), None, 1.0)
        views = self._regressor.views()
        words = words_for(views, items, direction, self._config.words)
        nearest = _neighbours(self._examples, self._known, items, views, self._config.nearest)
        half = predicted.half_widths
        return [
            Answer(
                prediction=_significant(predicted.values[row]),
                confidence=_probability(predicted.confidences[row]),
                alternatives=None,
                nearest=nearest[row],
                words=words[row],
                summary=_summary(words[row], nearest[row], None),
                interval=None
                if half is None
                else (_significant(predicted.values[row] - half[row]), _significant(predicted.values[row] + half[row])),
            )
            for row in range(len(items))
        ]


Task = ClassificationTask | RegressionTask


def _seen(examples: Sequence[Example], known: KnownFamily | None) -> list[bool]:
    trained = {record.digest for record in known.records} if known else set()
    return [example.digest in trained for example in examples]


def _neighbours(
    examples: Sequence[Example],
    known: KnownFamily | None,
    items: Sequence[Encoded],
    views: Sequence[FittedViews],
    count: int,
) -> list[list[tuple[Example | Record, Neighbour]]]:
    """The closest of the task's examples and of the family's confirmed ones, each content once."""
    own = nearest_for([example.encoded for example in examples], items, views, count)
    found: list[list[tuple[Example | Record, Neighbour]]] = [[(examples[n.example], n) for n in row] for row in own]
    if known is not None:
        given = {example.digest for example in examples}
        for row, neighbours in zip(found, nearest_records(known, items, count), strict=True):
            row += [(record, neighbour) for record, neighbour in neighbours if record.digest not in given]
    return [sorted(row, key=lambda pair: -pair[1].similarity)[:count] for row in found]


def _summary(words: Sequence[Word], nearest: Sequence[tuple[Example | Record, Neighbour]], view: str | None) -> str:
    return summary_of(words, [(str(e.expected), n.similarity) for e, n in nearest], view)


def _regions(item: Encoded, shares: Matrix) -> list[Word]:
    medium = next(name for name, features in item.media.items() if features.kind == "image")
    return [Word(region, round(float(share), 4), medium) for region, share in zip(REGIONS, shares, strict=True)]


def _strongest(shares: dict[str, float], count: int) -> list[Word]:
    named = {word: share for word, share in shares.items() if any(map(str.isalnum, word))}
    found = strongest([Word(word, round(share, 4)) for word, share in named.items()], count)
    return [word for word in found if abs(word.weight) >= WEAKEST * abs(found[0].weight)]


def _significant(value: float) -> float:
    return float(f"{value:.6g}")


def _probability(value: float) -> float:
    return round(min(max(float(value), 0.0), 1.0), 4)
