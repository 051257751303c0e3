"""Sentiment of texts whose labels are names of it, and what examples do to what the names of labels say."""

import numpy as np
import pytest
from test_task import CONFIG

from dukemm.answering.classification import ClassificationTask
from dukemm.answering.label_scorer import LabelEmbeddings, LabelTexts
from dukemm.answering.polarity import polarity_for
from dukemm.config import PRESETS
from dukemm.domain.encoded import EncodedItem
from dukemm.encoders.text import TextEncoder
from dukemm.ensemble.mixture import HeldOutScores, MixturePrior, fit_mixture
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.media.views import views_of

REVIEWS = {
    "I love it": True,
    "Awful, it broke after a day": False,
    "Exactly what I needed, works perfectly": True,
    "Waste of money, I want my refund": False,
    "The staff were kind and quick": True,
    "It never arrived and nobody answers": False,
}


@pytest.mark.parametrize("labels", [("positive", "negative"), ("satisfied", "dissatisfied"), ("praise", "complaint")])
def test_sentiment_needs_no_examples(minilm: TextEncoder, labels: tuple[str, str]) -> None:
    """By the names alone, "I love it" is closer to "negative" than to "positive"."""
    texts = LabelTexts(labels, LabelEmbeddings(minilm.encode(labels), polarity_for(PRESETS["embedded"].text)), 8.0)
    task = ClassificationTask(CONFIG, CalibrationPrior(), texts, [], minilm.word_shares)
    items = [
        EncodedItem(views_of({"text": text}, {}), vector)
        for text, vector in zip(REVIEWS, minilm.encode(list(REVIEWS)), strict=True)
    ]
    answers = task.answer(items)
    assert [answer.prediction for answer in answers] == [labels[0 if positive else 1] for positive in REVIEWS.values()]
    assert min(answer.confidence for answer in answers[:2]) > 0.7
    assert answers[0].words[0].word == "love"


def test_topics_keep_their_scores(minilm: TextEncoder) -> None:
    """Names of topics hardly differ in sentiment, so polarity adds little to their cosines."""
    polarity = polarity_for(PRESETS["embedded"].text)
    assert polarity is not None
    topics = polarity.label_factors(minilm.encode(["sports", "computers", "medicine", "law", "food", "music"]))
    sentiment = polarity.label_factors(minilm.encode(["positive", "negative"]))
    assert np.abs(topics).max() < 0.2 * np.abs(sentiment).max()


def test_an_encoder_without_a_fitted_direction_has_no_polarity() -> None:
    assert polarity_for(PRESETS["tiny"].text) is None


@pytest.mark.parametrize(("skill", "heavier"), [(1.0, True), (-1.0, False)])
def test_examples_decide_the_weight_of_label_names(skill: float, heavier: bool) -> None:
    """Thirty examples whose names point at the right label weigh them more than before, and at wrong ones less."""
    random = np.random.default_rng(0)
    answers = random.integers(0, 5, 30)
    right = np.eye(5)[answers] - 0.2
    held_out = HeldOutScores([random.normal(size=(30, 5))], answers, np.ones(30), skill * right)
    weight = fit_mixture(held_out, MixturePrior([1.0], CalibrationPrior())).offset_weight
    assert (weight > 1.5) if heavier else (weight < 0.5)
