"""One task, ready to answer items: fitted on its examples, kept between requests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dukemm.config import ClassifierConfig
from dukemm.task.blocks import Encoded, Matrix
from dukemm.task.calibration import CalibrationPrior
from dukemm.task.classification import TaskClassifier
from dukemm.task.explain import (
    Direction,
    Neighbour,
    Word,
    nearest_for,
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


@dataclass(frozen=True)
class Answer:
    """What is said about one item; fields as in contracts/serving/invocation.ts."""

    prediction: str | float
    confidence: float
    alternatives: list[tuple[str, float]] | None
    nearest: list[tuple[Example, Neighbour]]
    words: list[Word]
    summary: str


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
    ) -> None:
        """`expected` of every example must be one of the labels."""
        self._config = config
        self._labels = list(labels)
        self._examples = list(examples)
        self._word_shares = word_shares
        places = {label: i for i, label in enumerate(self._labels)}
        answers = [places[str(example.expected)] for example in examples]
        self._classifier = TaskClassifier(
            prior, label_text_examples, config.ridge, label_vectors, [e.encoded for e in examples], answers
        )

    def answer(self, items: Sequence[Encoded]) -> list[Answer]:
        """One answer per item, in order."""
        probabilities = self._classifier.probabilities(items)
        order = np.argsort(-probabilities, axis=1, kind="stable")
        direction = Direction(order[:, 0], order[:, 1], self._classifier.calibration.sharpness)
        views = self._classifier.views
        words = words_for(views, items, direction, self._config.words) if views else self._words_by_label(items, direction)
        strongest = strongest_view(views, items, direction) if views else [None] * len(items)
        nearest = _neighbours(self._examples, items, views, self._config.nearest)
        answers = []
        for row in range(len(items)):
            prediction = self._labels[order[row, 0]]
            answers.append(
                Answer(
                    prediction=prediction,
                    confidence=_probability(probabilities[row, order[row, 0]]),
                    alternatives=[
                        (self._labels[i], _probability(probabilities[row, i])) for i in order[row, :ALTERNATIVES]
                    ],
                    nearest=nearest[row],
                    words=words[row],
                    summary=_summary(words[row], nearest[row], strongest[row]),
                )
            )
        return answers

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

    def __init__(self, config: ClassifierConfig, examples: Sequence[Example]) -> None:
        """`expected` of every example must be a finite number; at least three examples."""
        self._config = config
        self._examples = list(examples)
        targets = [float(example.expected) for example in examples]
        self._regressor = TaskRegressor([e.encoded for e in examples], targets, config.ridge)

    def answer(self, items: Sequence[Encoded]) -> list[Answer]:
        """One answer per item, in order; weights of words are in standard deviations of the examples' targets."""
        predicted = self._regressor.predict(items)
        direction = Direction(np.zeros(len(items), np.int64), None, self._regressor.slope)
        words = words_for(self._regressor.views, items, direction, self._config.words)
        nearest = _neighbours(self._examples, items, self._regressor.views, self._config.nearest)
        return [
            Answer(
                prediction=float(f"{predicted.values[row]:.6g}"),
                confidence=_probability(predicted.confidences[row]),
                alternatives=None,
                nearest=nearest[row],
                words=words[row],
                summary=_summary(words[row], nearest[row], None),
            )
            for row in range(len(items))
        ]


Task = ClassificationTask | RegressionTask


def _neighbours(
    examples: Sequence[Example], items: Sequence[Encoded], views: FittedViews | None, count: int
) -> list[list[tuple[Example, Neighbour]]]:
    found = nearest_for([example.encoded for example in examples], items, views, count)
    return [[(examples[neighbour.example], neighbour) for neighbour in row] for row in found]


def _summary(words: Sequence[Word], nearest: Sequence[tuple[Example, Neighbour]], view: str | None) -> str:
    return summary_of(words, [(str(e.expected), n.similarity) for e, n in nearest], view)


def _strongest(shares: dict[str, float], count: int) -> list[Word]:
    named = {word: share for word, share in shares.items() if any(map(str.isalnum, word))}
    order = sorted(named, key=lambda word: (-abs(named[word]), word))[:count]
    return [Word(word, round(named[word], 4)) for word in order if abs(named[word]) >= WEAKEST * abs(named[order[0]])]


def _probability(value: float) -> float:
    return round(min(max(float(value), 0.0), 1.0), 4)
