"""Why an item got its label: the words and numbers that spoke for it, and the examples it is closest to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dukemm.classify.blocks import Encoded, Matrix, NumberBlock, WordBlock
from dukemm.classify.task import FittedBlock, TaskClassifier
from dukemm.config import ClassifierConfig

EXCERPT = 200


@dataclass(frozen=True)
class Word:
    """A word, or the value of a number field; a positive weight speaks for the prediction."""

    word: str
    weight: float
    field: str | None = None


@dataclass(frozen=True)
class Neighbour:
    """An example and the cosine of its text with the item's."""

    example: int
    similarity: float
    excerpt: str


@dataclass(frozen=True)
class Reasons:
    """What speaks for and against one prediction."""

    words: list[Word]
    nearest: list[Neighbour]


def reasons_for(
    classifier: TaskClassifier,
    items: Sequence[Encoded],
    probabilities: Matrix,
    config: ClassifierConfig,
) -> list[Reasons]:
    """Reasons of each item: how its prediction stands against the runner-up."""
    order = np.argsort(-probabilities, axis=1)
    first, second = order[:, 0], order[:, 1]
    words: list[list[Word]] = [[] for _ in items]
    for fitted in classifier.blocks:
        if isinstance(fitted.block, WordBlock) and fitted.block.name == "words":
            _add(words, _word_weights(fitted, fitted.block, items, first, second))
        if isinstance(fitted.block, NumberBlock):
            _add(words, _number_weights(fitted, fitted.block, items, first, second))
    nearest = _nearest(classifier, items, config.nearest)
    strongest = [sorted(found, key=lambda w: -abs(w.weight))[: config.words] for found in words]
    return [Reasons(w, n) for w, n in zip(strongest, nearest, strict=True)]


def _add(words: list[list[Word]], more: list[list[Word]]) -> None:
    for found, extra in zip(words, more, strict=True):
        found.extend(extra)


def _word_weights(
    fitted: FittedBlock, block: WordBlock, items: Sequence[Encoded], first: np.ndarray, second: np.ndarray
) -> list[list[Word]]:
    """Exact contributions: the view is linear in its words, so each word has its own share of the score."""
    vectors = block.transform(items)
    weights = (block.examples.T @ fitted.ridge.dual) / (fitted.centring.scale * fitted.spread)
    names = block.vectorizer.get_feature_names_out()
    found = []
    for row in range(len(items)):
        vector = vectors.getrow(row)
        shares = vector.data * (weights[vector.indices, first[row]] - weights[vector.indices, second[row]])
        strongest = np.argsort(-np.abs(shares))[:20]
        found.append([Word(str(names[vector.indices[i]]), round(float(shares[i]), 4)) for i in strongest if shares[i] != 0])
    return found


def _number_weights(
    fitted: FittedBlock, block: NumberBlock, items: Sequence[Encoded], first: np.ndarray, second: np.ndarray
) -> list[list[Word]]:
    """By occlusion: how far the score falls when one number is the mean of the examples."""
    values = block.standardised(items)
    rows = np.arange(len(items))

    def margin(table: Matrix) -> Matrix:
        scores = (fitted.centring.apply(block.kernel(table)) @ fitted.ridge.dual + fitted.ridge.bias) / fitted.spread
        return scores[rows, first] - scores[rows, second]

    whole = margin(values)
    found: list[list[Word]] = [[] for _ in items]
    for column, name in enumerate(block.fields):
        occluded = values.copy()
        occluded[:, column] = 0.0
        for row, share in enumerate(whole - margin(occluded)):
            value = items[row].views.numbers.get(name)
            if value is not None and abs(share) > 1e-9:
                found[row].append(Word(f"{value:g}", round(float(share), 4), name))
    return found


def _nearest(classifier: TaskClassifier, items: Sequence[Encoded], count: int) -> list[list[Neighbour]]:
    if not classifier.examples:
        return [[] for _ in items]
    by_text = any(item.views.raw.strip() for item in classifier.examples)
    numbers = next((f.block for f in classifier.blocks if isinstance(f.block, NumberBlock)), None)
    if by_text or numbers is None:
        vectors = np.stack([example.clean for example in classifier.examples]).astype(np.float64)
        similarities = np.stack([item.clean for item in items]).astype(np.float64) @ vectors.T
    else:
        similarities = numbers.compare(items)
    found = []
    for row in similarities:
        closest = np.argsort(-row, kind="stable")[:count]
        found.append([Neighbour(int(i), round(float(row[i]), 4), excerpt_of(classifier.examples[i])) for i in closest])
    return found


def excerpt_of(item: Encoded) -> str:
    """The beginning of an item as a person would write it down."""
    text = " ".join(item.views.clean.split())
    if not text:
        text = ", ".join(f"{name} {value:g}" for name, value in item.views.numbers.items())
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"
