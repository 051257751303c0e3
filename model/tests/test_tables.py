"""Experts of tables that are no kernels, what their mixture is measured on, and pairs of words."""

import numpy as np
import pytest
from scipy.special import log_softmax
from sklearn import datasets
from test_task import CONFIG, rows_of

from dukemm.answering.classification import ClassificationTask
from dukemm.answering.label_scorer import LabelEmbeddings, LabelTexts
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.ensemble.mixture import HeldOutScores, MixturePrior, cross_fitted_logits, fit_mixture
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.experts.discriminant import MAX_COLUMNS, Discriminant, accepts, fit_discriminant, left_out_densities
from dukemm.experts.expert_set import Experts
from dukemm.experts.fitting import AnsweredItems, fit_experts
from dukemm.experts.kernels import MIN_TEXTS_FOR_PAIRS, WordBlock
from dukemm.experts.logistic import Logistic, fit_logistic
from dukemm.media.views import views_of

NOWHERE = np.zeros(8, np.float32)


def shells(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two labels with one mean: a tight one inside of a wide one, which no straight line parts."""
    random = np.random.default_rng(seed)
    answers = np.arange(count) % 2
    return random.normal(size=(count, 3)) * np.where(answers == 0, 0.3, 2.0)[:, None], answers


def test_labels_that_differ_in_variance_only_are_separated_by_density_but_not_linearly():
    rows, answers = shells(300)
    asked, truth = shells(2000, seed=1)
    density, _ = fit_discriminant(rows, answers, np.ones(300), 2)
    line, _ = fit_logistic(rows, answers, np.ones(300), 2, np.arange(300) % 5)
    right = (density.log_probabilities(asked).argmax(1) == truth).mean()
    assert right > 0.93
    assert (line.log_probabilities(asked).argmax(1) == truth).mean() < 0.65
    assert np.exp(density.log_probabilities(asked)).max(1).mean() == pytest.approx(right, abs=0.02)


@pytest.mark.parametrize("strength", [3.0, 40.0])
@pytest.mark.parametrize("load", [datasets.load_wine, datasets.load_iris])
def test_the_left_out_density_of_a_row_equals_that_of_a_model_without_it(load, strength):
    table, answers = load(return_X_y=True)
    some = np.random.default_rng(0).permutation(len(answers))[:60]
    rows, answers = (table[some] - table.mean(0)) / table.std(0), answers[some]
    left_out, seen = left_out_densities(rows, answers, np.ones(60), 3, strength, 0.1)
    truly = np.zeros_like(left_out)
    for out in range(60):
        kept = np.delete(np.arange(60), out)
        _, fields = left_out_densities(rows[kept], answers[kept], np.ones(59), 3, strength, 0.1)
        truly[out] = Discriminant(*fields, 1.0).log_densities(rows[[out]])[0]
    naive = Discriminant(*seen, 1.0).log_densities(rows)
    own = np.arange(60), answers
    # Differences between labels are what decides.
    flattered = (naive - naive[own][:, None]) - (truly - truly[own][:, None])
    honest = (left_out - left_out[own][:, None]) - (truly - truly[own][:, None])
    # The common covariance loses a row, but keeps its degrees of freedom: where it counts for 40 rows, that shows.
    assert np.abs(honest).mean() < (0.15 if strength == 3.0 else 0.5) * np.abs(flattered).mean()


def test_a_label_with_one_row_is_never_predicted_for_that_row_left_out():
    rows, answers = shells(40)
    rows, answers = np.vstack([rows, [[50.0, 50.0, 50.0]]]), np.append(answers, 2)
    density, left_out = fit_discriminant(rows, answers, np.ones(41), 4)
    assert left_out[-1].argmax() != 2
    assert density.log_probabilities(rows[-1:]).argmax() == 2
    assert np.isfinite(left_out).all()
    assert np.isfinite(density.log_probabilities(rows * 1e3)).all()


def test_constant_and_duplicate_columns_are_tolerated():
    rows, answers = shells(60)
    rows = np.hstack([rows, rows[:, :1], np.zeros((60, 1))])
    density, left_out = fit_discriminant(rows, answers, np.ones(60), 2)
    assert (left_out.argmax(1) == answers).mean() > 0.85
    assert np.isfinite(density.log_probabilities(rows + 1.0)).all()


def test_rows_with_weight_zero_are_ignored():
    rows, answers = shells(200)
    wrong = answers.copy()
    wrong[:60] = 1 - wrong[:60]
    weights = np.where(np.arange(200) < 60, 0.02, 1.0)
    asked, truth = shells(1000, seed=1)
    trusting = fit_discriminant(rows, wrong, np.ones(200), 2)[0].log_probabilities(asked)
    wary = fit_discriminant(rows, wrong, weights, 2)[0].log_probabilities(asked)
    own = np.arange(1000), truth
    assert wary[own].mean() > trusting[own].mean() + 0.1


def test_tables_that_are_too_wide_get_no_density():
    assert accepts(["a"], 2)
    assert not accepts([], 2)
    assert not accepts(["a"], 0)
    assert not accepts([str(i) for i in range(MAX_COLUMNS + 1)], 2)


@pytest.mark.parametrize("labels", [2, 4])
def test_a_linear_expert_round_trips(labels):
    random = np.random.default_rng(0)
    rows = random.normal(size=(80, 3))
    answers = (rows[:, 0] > 0).astype(np.int64) + (2 * (rows[:, 1] > 0) if labels == 4 else 0)
    fitted, left_out = fit_logistic(rows, answers, np.ones(80), labels + 1, np.arange(80) % 5)
    assert (fitted.log_probabilities(rows).argmax(1) == answers).mean() > 0.9
    assert (left_out.argmax(1) == answers).mean() > 0.85
    assert np.exp(fitted.log_probabilities(rows))[:, labels].max() < 1e-6  # a label that nobody gave
    again = Logistic.unpack({name: array.astype(np.float32) for name, array in fitted.pack().items()})
    assert again.log_probabilities(rows) == pytest.approx(fitted.log_probabilities(rows), abs=1e-4)


def test_experts_of_a_table_round_trip():
    table, answers = datasets.load_iris(return_X_y=True)
    fitted = fit_experts(
        AnsweredItems(rows_of(table), answers, 3, np.ones(150)), np.arange(150) % 5, CONFIG.ridge, seed=0
    ).experts
    assert {"density", "logistic"} < set(fitted.names)
    again = Experts.unpack(*fitted.pack())
    assert again.names == fitted.names
    for before, after in zip(fitted.scores(rows_of(table))[0], again.scores(rows_of(table))[0], strict=True):
        assert after == pytest.approx(before, abs=1e-2)
    assert Discriminant.unpack(*fitted.density.pack()).power == fitted.density.power


def test_the_decisive_number_of_a_density_is_named():
    rows, answers = shells(200)
    rows[:, 1:] = np.random.default_rng(2).normal(size=(200, 2))
    examples = [
        EncodedExample(f"e{i}", ("near", "far")[answer], encoded)
        for i, (encoded, answer) in enumerate(zip(rows_of(rows), answers, strict=True))
    ]
    task = ClassificationTask(
        CONFIG,
        CalibrationPrior(),
        LabelTexts(["near", "far"], LabelEmbeddings(np.zeros((2, 8), np.float32)), 2.0),
        examples,
        lambda _t, _to: {},
    )
    (answer,) = task.answer(rows_of(np.array([[3.0, 0.1, -0.1]])))
    assert answer.prediction == "far"
    assert (answer.words[0].field, answer.words[0].word) == ("n0", "3")
    assert answer.words[0].weight > 0


def test_a_mixture_of_noise_has_low_confidence_on_its_training_rows():
    random = np.random.default_rng(3)
    scores = [random.normal(size=(60, 3)) for _ in range(12)]
    answers = random.integers(0, 3, 60)
    held_out, prior = HeldOutScores(scores, answers, np.ones(60)), MixturePrior(np.full(12, 1 / 12), CalibrationPrior())
    whole = fit_mixture(held_out, prior)
    honest = cross_fitted_logits(held_out, prior, whole, seed=0)
    own = np.arange(60), answers
    flattered = log_softmax(whole.logits(scores), axis=1)[own].mean()
    assert log_softmax(honest, axis=1)[own].mean() < flattered - 0.02


def test_many_texts_are_distinguished_by_word_order():
    orders = ("the dog bites the man", "the man bites the dog")
    items = [
        EncodedItem(views_of({"text": f"{orders[i % 2]} today number{i % 7} once"}, {}), np.zeros(8, np.float32))
        for i in range(MIN_TEXTS_FOR_PAIRS)
    ]
    few, many = WordBlock.fit(items[:20]), WordBlock.fit(items)
    assert not any(" " in term for term in few.names)
    assert {"dog bites", "man bites"} <= set(many.names)
    _, arrays = many.pack()
    again = WordBlock.unpack(arrays)
    assert again.compare(items[:4], 1.0) == pytest.approx(many.compare(items[:4], 1.0), abs=1e-6)
    same, other = many.compare(items[:1], 1.0)[0, [14, 7]]
    assert same > other + 0.05


def test_numbers_of_any_size_and_missing_ones_are_answered():
    random = np.random.default_rng(4)
    items = [
        EncodedItem(
            views_of({"a": float(i % 2) + random.normal() / 5, **({"b": 1e100 * (i % 5)} if i % 3 else {})}, {}), NOWHERE
        )
        for i in range(60)
    ]
    examples = [EncodedExample(f"e{i}", "ab"[i % 2], item) for i, item in enumerate(items)]
    task = ClassificationTask(
        CONFIG,
        CalibrationPrior(),
        LabelTexts(["a", "b"], LabelEmbeddings(np.zeros((2, 8), np.float32)), 2.0),
        examples,
        lambda _t, _to: {},
    )
    strange = ({"a": -1e300}, {"b": 1e308}, {"a": 1.0, "b": -1e308}, {"c": 3.0}, {})
    for answer in task.answer([EncodedItem(views_of(fields, {}), NOWHERE) for fields in strange]):
        assert answer.prediction in ("a", "b")
        assert 0.0 <= answer.confidence <= 1.0
        assert all(np.isfinite(word.weight) for word in answer.words)
