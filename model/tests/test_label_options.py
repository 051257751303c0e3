"""Descriptions of labels and costs of missing them, through the request that the endpoint gets."""

import numpy as np
import pytest
from conftest import examples_in, request_of

from dukemm.answering.label_costs import label_costs
from dukemm.domain.labels import label_texts
from dukemm.domain.tasks import LabelOptions


def predictions(answer) -> list[dict]:
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def asked(folder, rows: list[dict], **task) -> dict:
    """Two clouds of numbers that overlap; one in eight examples is rare."""
    body = request_of(rows, labels=["common", "rare"], examples=clouds(folder))
    body["task"].update(task)
    return body


def clouds(folder) -> dict:
    random = np.random.default_rng(0)
    rows = []
    for i in range(96):
        rare = i % 8 == 0
        fields = {"x": float(random.normal(1.2 if rare else 0.0)), "y": float(random.normal())}
        rows.append({"id": f"e{i}", "fields": fields, "expected": "rare" if rare else "common"})
    return examples_in(folder, rows)


def between(count: int = 24) -> list[dict]:
    return [{"x": float(x), "y": 0.0} for x in np.linspace(-1.0, 3.0, count)]


def rare_share(answers: list[dict]) -> float:
    return float(np.mean([answer["prediction"] == "rare" for answer in answers]))


def test_a_rare_label_is_answered_more_often_where_missing_it_costs_more(ask, folder):
    plain = predictions(ask(asked(folder, between())))
    balanced = predictions(ask(asked(folder, between(), class_weight="balanced")))
    dear = predictions(ask(asked(folder, between(), class_weight={"rare": 1000.0})))
    assert rare_share(plain) < rare_share(balanced) <= rare_share(dear)
    assert rare_share(dear) == 1.0


def test_confidence_is_the_probability_of_the_answer_and_not_its_cost(ask, folder):
    plain = {a["id"]: a for a in predictions(ask(asked(folder, between())))}
    dear = predictions(ask(asked(folder, between(), class_weight={"rare": 1000.0})))
    changed = [a for a in dear if plain[a["id"]]["prediction"] != a["prediction"]]
    assert changed
    for answer in changed:
        before = plain[answer["id"]]
        assert answer["confidence"] <= 1 - before["confidence"] + 0.01
        assert sum(a["probability"] for a in answer["alternatives"]) == pytest.approx(1.0, abs=0.01)
        assert answer["alternatives"][0]["label"] == answer["prediction"]


def test_costs_that_are_all_alike_change_nothing(ask, folder):
    plain, same = asked(folder, between()), asked(folder, between(), class_weight={"rare": 1.0, "common": 1.0})
    assert predictions(ask(plain)) == predictions(ask(same))


def test_a_task_with_other_costs_is_another_task(ask, folder):
    """A fitted task is cached: the second request must not get the answers of the first."""
    task = {"id": "00000000-0000-4000-8000-000000000001"}
    first = predictions(ask(asked(folder, between(), class_weight={"common": 1000.0}, **task)))
    second = predictions(ask(asked(folder, between(), class_weight={"rare": 1000.0}, **task)))
    assert rare_share(first) == 0.0 and rare_share(second) == 1.0


def test_an_unknown_class_weight_is_refused(ask, folder):
    assert ask(asked(folder, between(), class_weight="rare")).status_code == 400
    assert ask(asked(folder, between(), class_weight={"rare": 0.0})).status_code == 400


def test_balanced_costs_are_inverse_to_the_shares():
    found = label_costs(["a", "b"], LabelOptions((), "balanced"), ["a"] * 8 + ["b"] * 2, None)
    assert found == pytest.approx([12 / (2 * 9), 12 / (2 * 3)])


def test_a_label_without_a_cost_costs_one():
    found = label_costs(["a", "B"], LabelOptions.of({}, {"b": 5.0}), [], None)
    assert found.tolist() == [1.0, 5.0]
    assert label_costs(["a"], LabelOptions(), [], None) is None


def test_a_description_of_a_label_comes_before_the_meaning_in_the_task():
    texts = label_texts(["ham", "spam", "other"], "spam: unwanted mail; ham: wanted mail", {"spam": "advertising"})
    assert texts == ["ham: wanted mail", "spam: advertising", "other"]
