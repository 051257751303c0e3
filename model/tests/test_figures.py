from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeAnswer, FakeVersion, flower_rule, flowers, houses, outcome, price_rule

from dukemm.evaluate import calibration_error
from dukemm.evaluate.flips import build_pairs
from dukemm.evaluate.importance import Sample, field_importance
from dukemm.evaluate.judged import judge, normalise_text, token_f1
from dukemm.evaluate.scores import count_confusions, measure_scores
from dukemm.evaluate.table import build_family_table


def family(rows, candidate, production=None):
    judged = [
        judge(row, one, None if production is None else other, production is None)
        for row, one, other in zip(rows, candidate, production or [None] * len(rows), strict=True)
    ]
    return build_family_table(rows[0].family, judged, {}, 0)


def test_classification_metrics_equal_those_of_scikit_learn():
    from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

    rows = flowers(300, 0)
    answers = FakeVersion("2", flower_rule(0.2)).answer_rows(rows)
    found = family(rows, answers)
    truth, said = [row.expected for row in rows], [answer.prediction for answer in answers]
    scores = measure_scores(found.table, found.table.candidate, found.deviation, 0)
    assert scores["accuracy"] == pytest.approx(accuracy_score(truth, said), abs=1e-6)
    assert scores["f1"] == pytest.approx(f1_score(truth, said, average="macro"), abs=1e-6)
    assert scores["weighted"]["f1"] == pytest.approx(f1_score(truth, said, average="weighted"), abs=1e-6)
    matrix = count_confusions(found.table, found.table.candidate, found.labels, 0)
    assert matrix == {"labels": ["rose", "tulip"], "rest": False, "counts": confusion_matrix(truth, said).tolist()}
    assert scores["sets"]["items"] == 300 and 0.9 < scores["sets"]["coverage"] <= 1


def test_regression_metrics_equal_those_of_scikit_learn():
    from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

    rows = houses(200, 0)
    answers = FakeVersion("2", price_rule(90)).answer_rows(rows)
    found = family(rows, answers)
    truth, said = [row.expected for row in rows], [answer.prediction for answer in answers]
    scores = measure_scores(found.table, found.table.candidate, found.deviation, 0)
    assert scores["mae"] == pytest.approx(mean_absolute_error(truth, said), abs=1e-4)
    assert scores["rmse"] == pytest.approx(root_mean_squared_error(truth, said), abs=1e-4)
    assert scores["r2"] == pytest.approx(r2_score(truth, said), abs=1e-5)
    assert scores["accuracy"] == pytest.approx(np.mean(np.abs(np.subtract(truth, said)) <= 0.5 * np.std(truth)))
    assert scores["f1"] is None and scores["sets"]["size"] == pytest.approx(80 / np.std(truth), abs=1e-4)


def test_a_missing_number_costs_one_standard_deviation():
    rows = houses(40, 0)
    found = family(rows, FakeVersion("2", price_rule(100)).answer_rows(rows), [None] * 40)
    pairs = build_pairs([found.table])
    assert set(pairs.difference.tolist()) == {20} and not pairs.production_right.any()


def test_texts_are_scored_by_exact_match_and_words():
    assert normalise_text("  The Invoice\n412.5 ") == "the invoice 412.5" != normalise_text("the invoice 4125")
    assert token_f1("due on 12 May", "12 May") == pytest.approx(2 * 2 / 6)
    assert (token_f1("", ""), token_f1("a", ""), token_f1("b a a", "a a b")) == (1.0, 0.0, 1.0)
    rows = [outcome(i, "f", kind="generation", labels=(), expected="12 May", prediction="x") for i in range(2)]
    found = family(rows, [FakeAnswer("12  may", 0.9), FakeAnswer("on 12 May", 0.4)])
    scores = measure_scores(found.table, found.table.candidate, 1.0, 0)
    assert (scores["exact_match"], scores["accuracy"], scores["token_f1"]) == (0.5, 0.5, 0.9)


def test_excess_labels_are_merged():
    rows = [outcome(i, "f", labels=(), expected=f"l{i % 40:02}", prediction="x") for i in range(120)]
    said = [FakeAnswer(f"l{i % 40:02}" if i % 2 else "l00", 0.5) for i in range(120)]
    found = family(rows, [*said[:-1], None])
    matrix = count_confusions(found.table, found.table.candidate, found.labels, 0)
    assert len(matrix["labels"]) == 30 and matrix["rest"] and len(matrix["counts"]) == 31
    assert sum(map(sum, matrix["counts"])) == 120


def test_the_most_confident_rows_do_not_depend_on_the_order_of_ties():
    rows = [outcome(i, "f") for i in range(10)]
    said = [FakeAnswer("rose" if i < 5 else "tulip", 0.8) for i in range(10)]
    for answers in (said, said[::-1]):
        found = family(rows, answers)
        assert measure_scores(found.table, found.table.candidate, 1.0, 0)["surest"] == {
            "share": 0.7,
            "accuracy": 0.5,
            "share_at_97": 0,
        }


def test_undeliverable_answers_are_wrong_and_counted():
    rows = [outcome(i, "f") for i in range(4)]
    found = family(rows, [FakeAnswer("rose", 0.9), FakeAnswer("weed", 0.9), FakeAnswer("rose", float("nan")), None])
    assert found.table.candidate.right.tolist() == [True, False, False, False]
    assert found.table.candidate.broken.tolist() == [False, True, True, False]
    numbers = [outcome(i, "g", kind="regression", labels=(), expected=i, prediction=0) for i in range(2)]
    assert family(numbers, [FakeAnswer("no", 0.5), FakeAnswer(float("inf"), 0.5)]).table.candidate.broken.all()


def test_refused_rows_only_measure_repeated_answers():
    rows = flowers(20, 0)
    refused = [replace(row, expected=None, prediction="rose", label_source="refused", success=False) for row in rows[:6]]
    answers = [FakeAnswer("rose", 0.9)] * 4 + [FakeAnswer("tulip", 0.9)] * 16
    found = family([*refused, *rows[6:]], answers, [FakeAnswer("rose", 0.5)] * 20)
    assert found.refused == (6, 4, 6)
    assert len(found.table) == 14


def forecast(n: int, sharp: float, seed: int):
    rng = np.random.default_rng(seed)
    odds = rng.normal(2.5, 1.5, n)
    return 1 / (1 + np.exp(-sharp * odds)), rng.random(n) < 1 / (1 + np.exp(-odds))


def test_calibrated_confidences_score_better_than_uncalibrated_ones():
    true = calibration_error.measure_calibration(*forecast(3000, 1.0, 0), np.arange(3000), 0)
    false = calibration_error.measure_calibration(*forecast(3000, 2.5, 0), np.arange(3000), 0)
    assert true.ece < true.if_true_most < 0.03 and true.interval[0] == 0
    assert false.ece > 0.06 > false.if_true_most and false.interval[0] > 0.05 and false.brier > true.brier
    assert sum(items for *_, items in true.bins) == 3000 and len(true.bins) == 15


def test_the_confidence_interval_contains_the_error():
    confidence, _ = forecast(500_000, 1.5, 1)
    odds = np.log(confidence / (1 - confidence)) / 1.5
    truth = np.abs(confidence - 1 / (1 + np.exp(-odds))).mean()
    held = 0
    for seed in range(60):
        low, high = calibration_error.measure_calibration(*forecast(1000, 1.5, seed + 10), np.arange(1000), seed).interval
        held += low <= truth <= high
    assert held >= 48


def test_equal_confidences_are_one_bin():
    found = calibration_error.measure_calibration(np.full(100, 0.8), np.arange(100) < 80, np.arange(100), 0)
    assert found.ece == pytest.approx(0) and found.bins == [(pytest.approx(0.8), 0.8, 100)]
    assert calibration_error.measure_calibration(np.zeros(0), np.zeros(0, bool), np.zeros(0, np.int64), 0) is None


def test_the_relevant_field_is_found_and_the_other_is_not():
    rows = flowers(200, 2)
    version = FakeVersion("2", flower_rule(0.0))

    def said(asked):
        return [
            judge(row, answer, None, True).candidate for row, answer in zip(asked, version.answer_rows(asked), strict=True)
        ]

    fields, sorts = field_importance(rows, said, 0)
    assert [one.field for one in fields] == ["length", "colour"] and [one.field for one in sorts] == ["number", "category"]
    assert fields[0].importance > 0.25 and fields[1].importance == 0
    assert field_importance(rows, said, 0) == (fields, sorts)


def test_a_sample_is_fair_and_bounded(monkeypatch):
    monkeypatch.setattr("dukemm.evaluate.importance.MAX_ROWS", 10)
    kept = np.zeros(50)
    rows = flowers(50, 0, "f")
    for seed in range(300):
        sample = Sample(["f"], seed)
        for row in [*rows, outcome(1, "other"), replace(rows[0], expected=None), replace(rows[0], id="big")]:
            big = {"text": "x" * 200_000}
            sample.add(replace(row, item=replace(row.item, fields=big)) if row.id == "big" else row)
        assert len(sample.rows["f"]) == 10
        for row in sample.rows["f"]:
            kept[int(row.id.split("#")[1])] += 1
    assert kept.min() > 30 and kept.max() < 95  # 60 expected, standard deviation 7
