"""Tables that went wrong: identifiers, copies, outliers, skewed numbers, lines, few rows. Seeded, without an encoder."""

import numpy as np
import pytest
from test_task import CONFIG

from dukemm.answering.classification import ClassificationTask
from dukemm.answering.label_scorer import LabelEmbeddings, LabelTexts
from dukemm.answering.regression import RegressionTask
from dukemm.answering.task import drop_copies
from dukemm.domain.answers import Answer
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.media.views import views_of

NOWHERE = np.zeros(8, np.float32)
Row = dict[str, object]


def examples_of(rows: list[Row], answers: list[object]) -> list[EncodedExample]:
    return [EncodedExample(str(i), a, encoded(row)) for i, (row, a) in enumerate(zip(rows, answers, strict=True))]


def encoded(row: Row) -> EncodedItem:
    return EncodedItem(views_of(row, {}), NOWHERE)


def labelled(rows: list[Row], answers: list[str], asked: list[Row]) -> list[Answer]:
    names = tuple(sorted(set(answers)))
    texts = LabelTexts(names, LabelEmbeddings(np.zeros((len(names), 8), np.float32)), 8.0)
    examples = drop_copies(examples_of(rows, answers))
    task = ClassificationTask(CONFIG, CalibrationPrior(), texts, examples, lambda *_: {})
    return task.answer([encoded(row) for row in asked])


def numbered(rows: list[Row], answers: list[float], asked: list[Row]) -> list[Answer]:
    task = RegressionTask(CONFIG, drop_copies(examples_of(rows, answers)))
    return task.answer([encoded(row) for row in asked])


def two_groups(count: int, seed: int) -> tuple[list[Row], list[str]]:
    random = np.random.default_rng(seed)
    sides = np.arange(count) % 2
    rows = [{"a": float(random.normal(1 - 2 * s)), "b": float(random.normal())} for s in sides]
    return rows, ["no" if s else "yes" for s in sides]


def right(found: list[Answer], truth: list[str]) -> float:
    return float(np.mean([answer.prediction == t for answer, t in zip(found, truth, strict=True)]))


def test_a_row_number_in_sorted_examples_is_ignored():
    rows, answers = two_groups(80, 0)
    order = np.argsort(answers, kind="stable")
    rows, answers = [{"id": i, **rows[j]} for i, j in enumerate(order)], [answers[j] for j in order]
    asked, truth = two_groups(200, 1)
    found = labelled(rows, answers, [{"id": 80 + i, **row} for i, row in enumerate(asked)])
    assert right(found, truth) > 0.78  # the best rule has 0.84
    assert np.mean([answer.confidence for answer in found]) < 0.9


@pytest.mark.parametrize("noise", ["%Y-%m-%d", "C-%j"])
def test_an_uninformative_column_barely_weakens_an_informative_one(noise):
    days = [np.datetime64("2020-01-05") + 3 * i for i in range(300)]
    rows, answers = two_groups(130, 2)
    asked, truth = two_groups(170, 3)
    written = [day.astype(object).strftime(noise) for day in days]
    with_noise = [{**row, "when": cell} for row, cell in zip(rows + asked, written, strict=True)]
    plain = right(labelled(rows, answers, asked), truth)
    assert right(labelled(with_noise[:130], answers, with_noise[130:]), truth) > plain - 0.05


def test_near_duplicates_of_one_template_count_as_one_example():
    written = [f"Your order {i} was sent on day {i % 28}: it arrives within {i % 5 + 1} days." for i in range(12)]
    rows: list[Row] = [{"text": text} for text in [*written, "Please send me the invoice of my last order again"]]
    assert len(drop_copies(examples_of(rows, ["info"] * 12 + ["request"]))) == 2
    # Where the numbers decide, every example counts.
    assert len(drop_copies(examples_of(rows, ["early"] * 5 + ["late"] * 7 + ["request"]))) == 13


def test_duplicated_examples_change_nothing():
    rows, answers = two_groups(60, 4)
    asked, _ = two_groups(50, 5)
    once = labelled(rows, answers, asked)
    thrice = labelled(rows * 3, answers * 3, asked)
    spelt = labelled(rows + [{"a": f"  {row['a']} ", "b": row["b"]} for row in rows], answers * 2, asked)
    for found in (thrice, spelt):
        assert [(a.prediction, a.confidence) for a in found] == [(a.prediction, a.confidence) for a in once]


def test_repetitions_with_different_answers_are_kept():
    examples = examples_of([{"a": "x"}] * 4, ["yes", "yes", "yes", "no"])
    assert len(drop_copies(examples)) == 4
    assert len(drop_copies(examples[:3])) == 1


def test_a_runner_up_is_never_more_probable_than_the_answer():
    for seed in range(8):
        rows, answers = two_groups(30 + 15 * seed, seed)
        asked, _ = two_groups(60, 100 + seed)
        for answer in labelled(rows, answers, asked):
            assert answer.alternatives[0][0] == answer.prediction
            assert answer.alternatives[0][1] >= max(p for _, p in answer.alternatives) - 1e-9


@pytest.mark.parametrize(("count", "most"), [(10, 0.72), (20, 0.72), (100, 0.6)])
def test_confidence_on_noise_is_low(count, most):
    sure = []
    for seed in range(5):
        random = np.random.default_rng(seed)
        rows = [{f"x{j}": float(v) for j, v in enumerate(row)} for row in random.normal(size=(count + 40, 5))]
        answers = [("a", "b")[i] for i in random.integers(0, 2, count)]
        if len(set(answers)) == 2:
            sure += [answer.confidence for answer in labelled(rows[:count], answers, rows[count:])]
    assert np.mean(sure) < most


def test_a_line_is_extrapolated_and_whole_numbers_stay_whole():
    rows = [{"x": float(i)} for i in range(11)]
    near, far = numbered(rows, [3.0 * i + 1 for i in range(11)], [{"x": 5.5}, {"x": 100.0}])
    assert near.prediction == pytest.approx(17.5, abs=0.6)
    assert far.prediction == pytest.approx(301, rel=0.02)
    assert far.confidence < 0.5 and near.confidence > 0.9
    assert float(near.prediction).is_integer()


def test_beyond_the_examples_only_the_line_answers():
    random = np.random.default_rng(0)
    x = random.uniform(0, 10, 40)
    targets = 3 * x + 1 + random.normal(size=40)
    near, far = numbered([{"x": float(v)} for v in x], targets.tolist(), [{"x": 20.0}, {"x": 100.0}])
    assert near.prediction == pytest.approx(61, rel=0.1)
    assert far.prediction == pytest.approx(301, rel=0.1)
    assert far.interval[0] < 301 < far.interval[1]


def test_one_outlier_does_not_move_every_answer():
    random = np.random.default_rng(0)
    rows = [{"a": float(a), "b": float(b)} for a, b in random.normal(size=(50, 2))]
    targets = [100 + 20 * row["a"] + 5 * row["b"] for row in rows]
    found = numbered([*rows, {"a": 0.1, "b": 0.2}], [*targets, 1e9], [{"a": 0.0, "b": 0.0}, {"a": -1.0, "b": 0.0}])
    assert found[0].prediction == pytest.approx(100, abs=10)
    assert found[1].prediction == pytest.approx(80, abs=10)


def test_exponentially_growing_numbers_are_never_negative():
    random = np.random.default_rng(1)
    x = random.normal(size=(300, 2))
    targets = np.exp(3 + 1.2 * x[:, 0] - 0.7 * x[:, 1] + 0.1 * random.normal(size=300))
    rows = [{"a": float(a), "b": float(b)} for a, b in x]
    found = numbered(rows[:100], targets[:100].tolist(), rows[100:])
    values = np.array([answer.prediction for answer in found])
    assert (values > 0).all()
    assert np.abs(np.log(values) - np.log(targets[100:])).mean() < 0.25
    held = [answer.interval[0] <= target <= answer.interval[1] for answer, target in zip(found, targets[100:], strict=True)]
    assert np.mean(held) >= 0.9
    assert all(answer.interval[0] > 0 for answer in found)


def test_twenty_wide_rows_suffice_for_a_linear_expert():
    random = np.random.default_rng(2)
    x = random.normal(size=(220, 8))
    targets = x @ np.array([3.0, -2.0, 1.5, 1.0, 0.5, 0.0, 0.0, 0.0]) + random.normal(size=220)
    rows = [{f"x{j}": float(v) for j, v in enumerate(row)} for row in x]
    values = np.array([answer.prediction for answer in numbered(rows[:20], targets[:20].tolist(), rows[20:])])
    assert 1 - ((values - targets[20:]) ** 2).sum() / ((targets[20:] - targets[20:].mean()) ** 2).sum() > 0.8
