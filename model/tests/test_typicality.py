"""Items far from all examples: a classifier is less sure of them than of items like its examples."""

import numpy as np
import pytest
from test_task import CONFIG, classifier, rows_of

from dukemm.ensemble.classifier import FamilyClassifier, fit_classifier
from dukemm.ensemble.fit import FitSettings, LabelledExamples
from dukemm.ensemble.typicality import Typicality

pytestmark = pytest.mark.usefixtures("small_forests")

LABELS = ("left", "right")


def points(count: int, seed: int, centre: float = 0.0) -> tuple[np.ndarray, list[str]]:
    """(count, 3) rows in two groups on both sides of `centre`, with their labels."""
    random = np.random.default_rng(seed)
    side = np.arange(count) % 2
    table = random.normal(size=(count, 3)) + np.where(side[:, None] == 1, 2.0, -2.0) + centre
    return table, [LABELS[each] for each in side]


def fitted(table: np.ndarray, labels: list[str]) -> FamilyClassifier:
    answers = np.array([LABELS.index(label) for label in labels])
    examples = LabelledExamples(LABELS, rows_of(table), answers, np.ones(len(labels)))
    return fit_classifier(examples, FitSettings(CONFIG.ridge))[0]


def factors(model: FamilyClassifier, table: np.ndarray) -> np.ndarray:
    return model.typical(rows_of(table))


@pytest.mark.parametrize("count", [20, 60, 200])
def test_unseen_items_like_the_examples_keep_their_log_odds_and_distant_ones_do_not(count):
    model = fitted(*points(count, seed=1))
    own = factors(model, points(200, seed=2)[0])
    distant = factors(model, points(200, seed=2, centre=40.0)[0])
    assert np.mean(own == 1.0) >= 0.85
    assert own.mean() >= 0.95
    assert distant.max() < 0.5


def test_confidence_falls_with_the_distance_and_the_answer_stays():
    table, labels = points(60, seed=1)
    task = classifier(list(LABELS), np.zeros((2, 8)), list(zip(rows_of(table), labels, strict=True)))
    asked = rows_of(np.array([[2.0, 2.0, 2.0], [8.0, 8.0, 8.0], [40.0, 40.0, 40.0]]))
    answers = task.answer(asked)
    assert [answer.prediction for answer in answers] == ["right"] * 3
    assert answers[0].confidence > answers[1].confidence >= answers[2].confidence
    assert answers[2].confidence < 0.75


def test_one_number_ten_ranges_away_suffices():
    table, labels = points(60, seed=1)
    asked = np.array([[2.0, 2.0, 2.0], [2.0, 2.0, 60.0]])
    assert factors(fitted(table, labels), asked) == pytest.approx([1.0, 0.0], abs=0.1)


def test_copies_of_the_examples_do_not_make_unseen_items_distant():
    table, labels = points(30, seed=1)
    once, thrice = fitted(table, labels), fitted(np.tile(table, (3, 1)), labels * 3)
    own = points(200, seed=2)[0]
    assert factors(thrice, own).mean() >= factors(once, own).mean() - 0.05


def test_few_or_few_distinct_examples_have_no_distances():
    assert fitted(*points(7, seed=1)).typicality is None
    table, labels = points(6, seed=1)
    assert fitted(np.tile(table, (4, 1)), labels * 4).typicality is None


def test_an_artifact_stores_the_distances_and_older_ones_are_still_read():
    model = fitted(*points(60, seed=1))
    distant = points(20, seed=2, centre=15.0)[0]
    spec, arrays = model.pack()
    assert factors(FamilyClassifier.unpack(spec, arrays), distant) == pytest.approx(factors(model, distant))
    del spec["typicality"]
    assert (factors(FamilyClassifier.unpack(spec, arrays), distant) == 1.0).all()
    assert Typicality.unpack(model.typicality.pack()) is not None
