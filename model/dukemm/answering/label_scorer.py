"""Log-odds of a task's labels from the family's trained model, the task's examples and the meaning of the labels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dukemm.answering.explain import was_trained_on
from dukemm.answering.polarity import Polarity
from dukemm.domain.arrays import Matrix
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.domain.labels import label_keys
from dukemm.ensemble.classifier import FamilyClassifier, fit_classifier
from dukemm.ensemble.fit import ExternalScores, FitSettings, LabelledExamples
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.experts.kernels import MultilingualBlock
from dukemm.experts.views import FittedViews
from dukemm.versions.family import KnownFamily

#: Weight of the multilingual cosine beside that of the text encoder in what a label's text says. Best of 0.3 to 1.5 on 16
#: sets of English descriptions (LOG.md).
MULTILINGUAL_WEIGHT = 0.7
#: What the multilingual cosine weighs more for a text of a language that the text encoder does not read.
UNREAD_WEIGHT = 0.8
#: What sentiment adds to a label's score at most: 2 in log-odds between two labels. About one text in seven is not what its
#: sentiment says, however strong. Best calibrated of 0.13 to 0.2 and no bound (LOG.md).
MAX_SENTIMENT = 0.13
#: Log-odds of a label without examples in the family, relative to the family's least probable label.
UNSEEN_LABEL_LOG_ODDS = -2.0


@dataclass(frozen=True)
class LabelEmbeddings:
    """The labels' texts as one encoder embeds them."""

    #: (labels, width)
    vectors: NDArray[np.float32]
    #: Sentiment in the same embeddings; None if it was not fitted for their encoder.
    polarity: Polarity | None = None

    def similarities(self, vectors: Matrix) -> Matrix:
        """(m, width) embeddings of items → (m, labels) cosines with the labels."""
        return vectors @ self.vectors.astype(np.float64).T

    def sentiments(self, vectors: Matrix) -> Matrix:
        """(m, width) embeddings of items → (m, labels) what their polarity adds to the cosines; zero without polarity."""
        if self.polarity is None:
            return np.zeros((len(vectors), len(self.vectors)))
        return self.polarity.of(vectors)[:, None] * self.polarity.label_factors(self.vectors.astype(np.float64))

    def directions(self) -> Matrix:
        """(width, labels): gradient of each label's similarity by an item's embedding."""
        labels = self.vectors.astype(np.float64)
        if self.polarity is not None:
            labels = labels + self.polarity.label_factors(labels)[:, None] * self.polarity.direction
        return labels.T


@dataclass(frozen=True)
class LabelTexts:
    """The labels of a task with the embeddings of their texts."""

    labels: Sequence[str]
    meanings: LabelEmbeddings
    #: Weight of a label's text, in examples of that label.
    equivalent_examples: float
    #: By the multilingual encoder; None without one.
    multilingual: LabelEmbeddings | None = None

    def scores(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m, labels) similarities of items with the labels, each row with mean zero."""
        vectors = np.stack([item.vector for item in items]).astype(np.float64)
        similarities, sentiments = self.meanings.similarities(vectors), self.meanings.sentiments(vectors)
        if self.multilingual is not None:
            # Where the text encoder does not read the language, the multilingual one speaks for both.
            read = np.array([[item.readability] for item in items])
            weights = MULTILINGUAL_WEIGHT + UNREAD_WEIGHT * (1.0 - read)
            other = MultilingualBlock.vectors(items).astype(np.float64)
            similarities = read * similarities + weights * self.multilingual.similarities(other)
            sentiments = read * sentiments + weights * self.multilingual.sentiments(other)
        sentiments = sentiments - sentiments.mean(1, keepdims=True)
        scores = similarities + MAX_SENTIMENT * np.tanh(sentiments / MAX_SENTIMENT)
        return scores - scores.mean(1, keepdims=True)

    def directions(self) -> Matrix:
        """(width, labels): gradient of each label's similarity by an item's embedding of its meaning."""
        return self.meanings.directions()


class LabelScorer:
    """Log-odds of any set of labels, from zero to thousands of examples."""

    def __init__(
        self,
        penalties: Sequence[float],
        prior: CalibrationPrior,
        texts: LabelTexts,
        examples: Sequence[EncodedExample],
        known: KnownFamily | None = None,
    ) -> None:
        """`penalties`: see fit_ridge. `known`'s scores of its own training examples are not used to weigh it."""
        self.known = known
        self._labels = list(texts.labels)
        self._texts = texts
        self._prior = prior
        indices = {label: i for i, label in enumerate(self._labels)}
        answers = np.array([indices[str(example.expected)] for example in examples], np.int64)
        counts = np.bincount(answers, minlength=len(self._labels))
        # The largest of k similarities by chance grows with the square root of log k; 1 for two labels.
        self._text_scale = prior.label_text_scale / math.sqrt(max(math.log2(len(self._labels)), 1.0))
        # Weight of a label's text: 1 without examples, falling as they grow.
        self._text_share = texts.equivalent_examples / (texts.equivalent_examples + counts)
        self.own: FamilyClassifier | None = None
        if (counts > 0).sum() >= 2:
            items = [example.encoded for example in examples]
            external = None
            if known is not None:
                logits = self._known_logits(items)
                logits[np.asarray(was_trained_on(examples, known), bool)] = np.nan
                external = ExternalScores(logits, len(known.records) / (len(known.records) + len(items)))
            self.own, _ = fit_classifier(
                LabelledExamples(self._labels, items, answers, np.ones(len(answers))),
                FitSettings(penalties, prior, filter_noise=False),
                offset=None if known is not None else self._text_logits(items),
                external=external,
            )

    def logits(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m, labels) log-odds."""
        if self.known is not None:
            external = self._known_logits(items)
            return external if self.own is None else self.own.logits(items, external)
        offset = self._text_logits(items)
        return offset if self.own is None else self.own.logits(items, None, offset)

    @property
    def calibrated(self) -> FamilyClassifier | None:
        """The classifier that provides confidence and label sets: the task's own, else the family's."""
        if self.own is not None:
            return self.own
        return self.known.model if self.known is not None else None

    @property
    def _known_share(self) -> float:
        return 1.0 if self.own is None or self.own.joined is None else float(self.own.joined.weights[1])

    def views(self) -> list[FittedViews]:
        """Kernel views of the task's own classifier and of the family's, scaled to log-odds of the answer."""
        found = []
        if self.own is not None:
            found.append(self.own.weighted_views(1.0 if self.own.joined is None else float(self.own.joined.weights[0])))
        if self.known is not None:
            model = self.known.model
            assert isinstance(model, FamilyClassifier)
            inner = 1.0 if model.joined is None else float(model.joined.weights[0])
            found.append(model.weighted_views(self._known_share * inner, self._family_columns(model)))
        return found

    def text_directions(self) -> Matrix:
        """(width, labels): gradient of each label's log-odds by an item's embedding, without examples."""
        return self._texts.directions() / self._text_scale

    def regions(self, items: Sequence[EncodedItem], plus: NDArray[np.int64], minus: NDArray[np.int64]) -> Matrix | None:
        """(m, 4) share of each quarter of a picture in the log-odds of `plus` over `minus`; None without a network."""
        if self.known is None or self.known.fusion is None or not items:
            return None
        model = self.known.model
        assert isinstance(model, FamilyClassifier)
        columns = self._family_columns(model)
        if model.joined is None or (columns < 0).any():
            return None
        found = self.known.fusion.region_shares(items, columns[plus], columns[minus])
        return None if found is None else self._known_share * float(model.joined.weights[1]) * found

    def _known_logits(self, items: Sequence[EncodedItem]) -> Matrix:
        assert self.known is not None
        model = self.known.model
        assert isinstance(model, FamilyClassifier)
        logits = self.known.logits(items)
        logits = logits - logits.mean(1, keepdims=True)
        columns = self._family_columns(model)
        return np.where(
            (columns >= 0)[None], logits[:, np.maximum(columns, 0)], logits.min(1, keepdims=True) + UNSEEN_LABEL_LOG_ODDS
        )

    def _family_columns(self, model: FamilyClassifier) -> NDArray[np.int64]:
        """(labels,) index of each of the task's labels among the family's; −1 if the family lacks it."""
        key = label_keys((model.labels, self._labels))
        columns = {key(label): i for i, label in enumerate(model.labels)}
        return np.array([columns.get(key(label), -1) for label in self._labels], np.int64)

    def _text_logits(self, items: Sequence[EncodedItem]) -> Matrix:
        scores = self._texts.scores(items) / self._text_scale
        return self._prior.sharpness * self._text_share[None] * scores
