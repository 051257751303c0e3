"""What is learned from a task's examples; numbers from tables that scikit-learn ships."""

import numpy as np
import pytest
import torch
from sklearn import datasets

from dukemm.answering.classification import ClassificationTask
from dukemm.answering.label_scorer import LabelEmbeddings, LabelTexts
from dukemm.answering.regression import RegressionTask
from dukemm.config import ClassifierConfig
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.domain.labels import label_texts
from dukemm.ensemble.mixture import HeldOutScores, MixturePrior, fit_mixture
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.experts.ridge import Centring, balanced_weights, fit_ridge
from dukemm.media.views import views_of

CONFIG = ClassifierConfig()


def rows_of(table: np.ndarray) -> list[EncodedItem]:
    nowhere = np.zeros(8, np.float32)
    return [EncodedItem(views_of({f"n{i}": float(x) for i, x in enumerate(row)}, {}), nowhere) for row in table]


def text(encoder, words: str) -> EncodedItem:
    views = views_of({"text": words}, {})
    return EncodedItem(views, encoder.encode([views.meaning])[0])


def classifier(
    labels, vectors, examples: list[tuple[EncodedItem, str]], shares=lambda _text, _to: {}
) -> ClassificationTask:
    rows = [EncodedExample(f"e{i}", label, encoded) for i, (encoded, label) in enumerate(examples)]
    return ClassificationTask(CONFIG, CalibrationPrior(), LabelTexts(labels, LabelEmbeddings(vectors), 2.0), rows, shares)


def test_left_out_scores_equal_those_of_a_model_without_the_example():
    random = np.random.default_rng(0)
    points = random.normal(size=(12, 4))
    gram = points @ points.T
    kernel = Centring.fit(gram).apply(gram)
    answers = random.integers(0, 2, 12)
    targets, weights = np.where(answers[:, None] == np.arange(2), 1.0, -1.0), balanced_weights(answers, 2)
    fitted, _, _ = fit_ridge(lambda _width: gram, [1.0], targets, weights, [0.3])
    for out in range(12):
        kept = np.delete(np.arange(12), out)
        system = np.zeros((12, 12))
        system[:11, :11] = kernel[np.ix_(kept, kept)] + np.diag(0.3 / weights[kept])
        system[11, :11] = system[:11, 11] = 1
        solution = np.linalg.solve(system, np.vstack([targets[kept], np.zeros((1, 2))]))
        assert fitted.left_out[out] == pytest.approx(kernel[out, kept] @ solution[:11] + solution[11], abs=1e-9)


def test_classes_have_equal_weight():
    weights = balanced_weights(np.array([0, 0, 0, 1]), 3)
    assert weights[:3].sum() == pytest.approx(weights[3])
    assert weights.mean() == pytest.approx(1)


def test_uninformative_scores_give_the_label_frequencies():
    random = np.random.default_rng(1)
    answers = (random.random(400) < 0.8).astype(np.int64)
    mixture = fit_mixture(
        HeldOutScores([random.normal(size=(400, 2))], answers, np.ones(400)), MixturePrior([1.0], CalibrationPrior())
    )
    assert mixture.probabilities([np.zeros((1, 2))])[0, 1] == pytest.approx(0.8, abs=0.05)
    assert mixture.weights[0] < 0.3


@pytest.mark.parametrize(("load", "least"), [(datasets.load_iris, 0.92), (datasets.load_wine, 0.92)])
def test_forty_rows_of_a_table_suffice(load, least):
    data = load()
    order = np.random.default_rng(0).permutation(len(data.target))
    rows, truth = rows_of(data.data), [data.target_names[i] for i in data.target]
    labels = list(data.target_names)
    examples = [(rows[i], truth[i]) for i in order[:40]]
    answers = classifier(labels, np.zeros((3, 8)), examples).answer([rows[i] for i in order[40:]])
    right = np.array([a.prediction == truth[i] for a, i in zip(answers, order[40:], strict=True)])
    assert right.mean() >= least
    assert abs(np.mean([a.confidence for a in answers]) - right.mean()) < 0.06
    assert all(a.words and a.words[0].field for a in answers)


def test_the_named_numbers_decide_the_answer():
    random = np.random.default_rng(0)
    table = random.normal(size=(60, 3))
    examples = [(row, "high" if values[1] > 0 else "low") for row, values in zip(rows_of(table), table, strict=True)]
    [answer] = classifier(["high", "low"], np.zeros((2, 8)), examples).answer(rows_of(np.array([[0.1, 2.0, -0.1]])))
    assert answer.prediction == "high"
    assert (answer.words[0].field, answer.words[0].word) == ("n1", "2")
    assert answer.words[0].weight > 0


def test_removing_the_most_influential_word_lowers_the_confidence(tiny):
    spam = [text(tiny, f"cheap pills offer number {i} buy today") for i in range(6)]
    ham = [text(tiny, f"meeting notes for the team part {i} see you") for i in range(6)]
    task = classifier(
        ["ham", "spam"], tiny.encode(["ham", "spam"]), [*((x, "spam") for x in spam), *((x, "ham") for x in ham)]
    )
    words = "dear team cheap pills tomorrow"
    [whole] = task.answer([text(tiny, words)])
    best = next(w for w in whole.words if w.weight > 0 and not w.field)
    [less] = task.answer([text(tiny, words.replace(best.word, ""))])
    probability = dict(less.alternatives)[whole.prediction]
    assert probability < whole.confidence
    assert best.word in whole.summary


@pytest.mark.parametrize("labels", [["a", "b"], [f"label {i}" for i in range(50)]])
def test_without_examples_labels_are_chosen_by_their_meaning(tiny, labels):
    task = classifier(labels, tiny.encode(labels), [], tiny.word_shares)
    [answer] = task.answer([text(tiny, labels[-1])])
    assert answer.prediction == labels[-1]
    assert not answer.nearest
    assert 1 / len(labels) < answer.confidence < 1
    assert "no examples" in answer.summary


def test_one_example_suffices_and_a_label_without_examples_can_still_win(tiny):
    labels = ["apples", "pears", "zebras"]
    examples = [(text(tiny, "apples"), "apples")]
    assert classifier(labels, tiny.encode(labels), examples, tiny.word_shares).answer([text(tiny, "zebras")])
    more = [*examples, (text(tiny, "pears"), "pears")] * 2
    [answer] = classifier(labels, tiny.encode(labels), more).answer([text(tiny, "zebras")])
    assert dict(answer.alternatives)["zebras"] > 0.1


def test_empty_examples_and_items_are_answered(tiny):
    empty = text(tiny, "")
    task = classifier(["a", "b"], tiny.encode(["a", "b"]), [(empty, "a"), (empty, "b"), (empty, "a")])
    [answer] = task.answer([empty])
    assert sum(p for _, p in answer.alternatives) == pytest.approx(1, abs=1e-3)
    assert answer.prediction == "a"  # two of the three
    numbers = [EncodedExample(str(i), float(i), empty) for i in range(3)]
    assert RegressionTask(CONFIG, numbers).answer([empty])[0].prediction == pytest.approx(1)


def test_word_contributions_sum_to_the_whole_score(tiny):
    direction = np.random.default_rng(0).normal(size=tiny.config.width)
    shares = tiny.word_shares("two small words", direction)
    assert set(shares) == {"two", "small", "words"}
    product = float(tiny.encode(["two small words"])[0] @ direction)
    with torch.inference_mode():
        states = tiny._states([tiny._tokenizer.encode("two small words").ids])[0][0].double().numpy()
    # The marks of beginning and end have their share too, but are no words.
    marks = (states[[0, -1]] @ direction).sum() / (len(states) * np.linalg.norm(states.mean(0)))
    assert sum(shares.values()) + marks == pytest.approx(product, abs=1e-5)


def test_regression_beats_the_mean_with_calibrated_confidence():
    data = datasets.load_diabetes()
    order = np.random.default_rng(0).permutation(len(data.target))
    rows = rows_of(data.data)
    examples = [EncodedExample(f"e{i}", float(data.target[i]), rows[i]) for i in order[:100]]
    answers = RegressionTask(CONFIG, examples).answer([rows[i] for i in order[100:]])
    truth = data.target[order[100:]]
    errors = np.array([float(a.prediction) for a in answers]) - truth
    assert 1 - (errors**2).mean() / truth.var() > 0.3
    within = np.abs(errors) <= 0.5 * np.std([float(e.expected) for e in examples])
    assert abs(np.mean([a.confidence for a in answers]) - within.mean()) < 0.08


def test_a_label_takes_its_meaning_from_the_description():
    assert label_texts(["spam", "not_spam"], "Sort mails. spam: unwanted advertising; not_spam means the rest.") == [
        "spam: unwanted advertising",
        "not spam: the rest",
    ]
    assert label_texts(["a.*(", " "], "a.*(") == ["a.*(", " "]
