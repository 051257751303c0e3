"""Answers with labels, from the family's trained model, the task's own examples and the meaning of the label names."""

import math
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dukemm.answering.attribution import Direction, attribute_words, strongest, strongest_view
from dukemm.answering.explain import nearest_neighbours, rounded_probability, summarise_explanation
from dukemm.answering.label_costs import label_costs
from dukemm.answering.label_scorer import LabelEmbeddings, LabelScorer, LabelTexts
from dukemm.answering.polarity import polarity_for
from dukemm.answering.task import TaskRequest, VersionModels
from dukemm.config import ClassifierConfig
from dukemm.domain.answers import Answer, Attribution
from dukemm.domain.arrays import Matrix
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.domain.errors import DukeMMError
from dukemm.domain.labels import label_keys, label_texts
from dukemm.domain.outcomes import label_of
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.experts.views import FittedViews
from dukemm.fusion.serving import REGIONS
from dukemm.media.text import without_control
from dukemm.versions.family import KnownFamily

#: Most labels that an answer lists, the prediction included.
MAX_ALTERNATIVES = 5
#: Words with less than this share of the strongest word's weight are omitted.
MIN_RELATIVE_WEIGHT = 0.05

#: Projection of a text's embedding on a direction, by word; see TextEncoder.word_shares.
WordShares = Callable[[str, NDArray[np.float64]], dict[str, float]]


def classification_task(models: VersionModels, request: TaskRequest) -> "ClassificationTask":
    """Fit a task that answers with labels. Raises DukeMMError invalid_request if an example's label is not declared."""
    spec, known = request.spec, request.known if isinstance(request.known, KnownFamily) else None
    answers = [label_of(row.expected) for row in request.own]
    labels = spec.labels or _infer_labels(answers, known)
    if len(labels) < 2:
        raise DukeMMError("invalid_request", "task.labels: a classification needs at least two labels")
    for row, answer in zip(request.own, answers, strict=True):
        if answer not in labels:
            raise DukeMMError("invalid_request", f"example {row.item.id}: its answer is not one of the labels")
    key = label_keys((labels,))
    declared = {key(label): label for label in labels}
    text = models.text()
    described = {declared.get(key(label), label): meaning for label, meaning in request.options.descriptions}
    meanings = [without_control(meaning) for meaning in label_texts(labels, spec.description, described)]
    vectors = text.vectors(meanings, request.deadline)
    embedded = LabelEmbeddings(vectors, polarity_for(models.config.text_encoder))
    texts = LabelTexts(labels, embedded, models.label_text_examples, _multilingual(models, meanings, request.deadline))
    examples = request.examples(models.items, answers, lambda row: declared.get(key(label_of(row.expected))))
    costs = label_costs(labels, request.options, [str(example.expected) for example in examples], known)
    return ClassificationTask(models.config.classifier, models.prior, texts, examples, text.word_shares, known, costs)


def _multilingual(models: VersionModels, meanings: Sequence[str], deadline: float) -> LabelEmbeddings | None:
    encoder, config = models.multilingual(), models.config.multilingual_encoder
    if encoder is None or config is None:
        return None
    return LabelEmbeddings(encoder.vectors(meanings, deadline), polarity_for(config))


def _infer_labels(answers: Sequence[str], known: KnownFamily | None) -> tuple[str, ...]:
    """Labels of a task that declares none: those of its examples, then those of its family, without duplicates."""
    labels = dict.fromkeys(sorted(set(answers)))
    if known is None:
        return tuple(labels)
    key = label_keys((known.model.labels, tuple(labels)))
    present = set(map(key, labels))
    return (*labels, *(label for label in known.model.labels if key(label) not in present))


class ClassificationTask:
    """Answers with one of the task's labels."""

    kind: Literal["classification"] = "classification"

    def __init__(
        self,
        config: ClassifierConfig,
        prior: CalibrationPrior,
        texts: LabelTexts,
        examples: Sequence[EncodedExample],
        word_shares: WordShares,
        known: KnownFamily | None = None,
        costs: Matrix | None = None,
    ) -> None:
        """`expected` of every example must be one of the labels. `costs` (labels,): see `label_costs`."""
        self._config = config
        self._labels = list(texts.labels)
        self._examples = list(examples)
        self._word_shares = word_shares
        self._scorer = LabelScorer(config.ridge, prior, texts, examples, known)
        self._costs = costs

    def answer(self, items: Sequence[EncodedItem], deadline: float = math.inf) -> list[Answer]:
        """One answer per item, in order."""
        calibrated = self._scorer.calibrated
        logits = self._scorer.logits(items)
        if calibrated is not None:
            logits = logits * calibrated.typical(items)[:, None]
        shifted = np.exp(logits - logits.max(1, keepdims=True))
        probabilities = shifted / shifted.sum(1, keepdims=True)
        # The label of the least expected cost first; without costs the most probable one.
        order = np.argsort(-(probabilities if self._costs is None else probabilities * self._costs), axis=1, kind="stable")
        views = self._scorer.views()
        direction = Direction(order[:, 0], order[:, 1], 1.0)
        words = self._words(views, items, direction)
        view_names = strongest_view(views, items, direction) if views else [None] * len(items)
        nearest = nearest_neighbours(self._examples, self._scorer.known, items, views, self._config.nearest)
        confidences = probabilities.max(1) if calibrated is None else calibrated.head.confidences(probabilities)
        confidences = np.maximum(confidences, _min_confidence(probabilities))
        confidences = _confidence_in(order[:, 0], probabilities, confidences)
        threshold = None if calibrated is None else calibrated.threshold
        return [
            Answer(
                prediction=self._labels[order[row, 0]],
                confidence=rounded_probability(confidences[row]),
                alternatives=self._alternatives(probabilities[row], order[row], confidences[row]),
                nearest=nearest[row],
                words=words[row],
                summary=summarise_explanation(words[row], nearest[row], view_names[row]),
                label_set=self._label_set(probabilities[row], order[row], threshold),
            )
            for row in range(len(items))
        ]

    def _alternatives(self, probabilities: Matrix, order: np.ndarray, confidence: float) -> list[tuple[str, float]]:
        """(label, probability) pairs: the prediction with its confidence, the others scaled to sum to the rest."""
        first, *others = order[:MAX_ALTERNATIVES]
        factor = (1.0 - confidence) / max(1.0 - probabilities[first], 1e-12)
        rest = [(self._labels[i], rounded_probability(probabilities[i] * factor)) for i in others]
        return [(self._labels[first], rounded_probability(confidence)), *rest]

    def _label_set(self, probabilities: Matrix, order: np.ndarray, threshold: float | None) -> list[str] | None:
        """Labels at or above the conformal threshold, and always the prediction; None without a threshold."""
        if threshold is None:
            return None
        return [self._labels[i] for rank, i in enumerate(order) if rank == 0 or probabilities[i] >= threshold]

    def _words(
        self, views: Sequence[FittedViews], items: Sequence[EncodedItem], direction: Direction
    ) -> list[list[Attribution]]:
        count = self._config.words
        words = attribute_words(views, items, direction, count) if views else self._words_by_label(items, direction)
        assert direction.minus is not None
        regions = self._scorer.regions(items, direction.plus, direction.minus)
        if regions is None:
            return words
        return [strongest([*w, *_regions(item, r)], count) for w, item, r in zip(words, items, regions, strict=True)]

    def _words_by_label(self, items: Sequence[EncodedItem], direction: Direction) -> list[list[Attribution]]:
        """Words of each item closest in meaning to the predicted label, for a task without examples."""
        directions = self._scorer.text_directions()
        return [
            _strongest_words(
                self._word_shares(item.views.meaning, direction.difference(directions, row)), self._config.words
            )
            for row, item in enumerate(items)
        ]


def _confidence_in(chosen: NDArray[np.int64], probabilities: Matrix, confidences: Matrix) -> Matrix:
    """(m,) confidence in the chosen labels, given that in the most probable ones: the others share what remains."""
    rows, top = np.arange(len(chosen)), probabilities.argmax(1)
    share = probabilities[rows, chosen] / np.maximum(1.0 - probabilities[rows, top], 1e-12)
    return np.where(chosen == top, confidences, (1.0 - confidences) * np.minimum(share, 1.0))


def _min_confidence(probabilities: Matrix) -> Matrix:
    """(m,) least confidence that still ranks the prediction above the runner-up's share of the remaining probability."""
    ordered = np.sort(probabilities, axis=1)
    runner_up = ordered[:, -2] / np.maximum(1.0 - ordered[:, -1], 1e-12)
    return runner_up / (1.0 + runner_up)


def _regions(item: EncodedItem, shares: Matrix) -> list[Attribution]:
    medium = next(name for name, features in item.media.items() if features.kind == "image")
    return [Attribution(region, round(float(share), 4), medium) for region, share in zip(REGIONS, shares, strict=True)]


def _strongest_words(shares: dict[str, float], count: int) -> list[Attribution]:
    named = {word: share for word, share in shares.items() if any(map(str.isalnum, word))}
    found = strongest([Attribution(word, round(share, 4)) for word, share in named.items()], count)
    return [word for word in found if abs(word.weight) >= MIN_RELATIVE_WEIGHT * abs(found[0].weight)]
