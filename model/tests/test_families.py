"""Outcomes of one family as rows to learn from: whose word counts, which labels are one, what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from taught import FAST, colours, outcome, version_of

from dukemm.storage import Storage
from dukemm.train.families import build_family
from dukemm.train.run import train

pytestmark = pytest.mark.usefixtures("small_forests")


def test_the_most_certain_and_newest_verdict_on_an_item_counts():
    old, new = colours(30), colours(30)
    new[0] = replace(new[0], expected="blue", label_source="correction", created_at="2026-12-01T00:00:00Z", id="new")
    family = build_family("colours", [*old, *new])
    assert family is not None
    assert len(family.outcomes) == 30
    newest = family.outcomes[-1]
    assert newest.id == "new" and family.labels[family.answers[-1]] == "blue"
    assert family.weights[-1] == pytest.approx(1.5)


def test_labels_that_differ_in_case_alone_are_two_where_a_task_declares_both():
    rows = [replace(row, expected={"red": "hid", "green": "hId", "blue": "Hod"}[str(row.expected)]) for row in colours(30)]
    folded = build_family("vowels", rows)
    assert folded is not None and len(folded.labels) == 2
    apart = build_family("vowels", [replace(row, labels=("hid", "hId", "Hod")) for row in rows] + [
        outcome("vowels", 99, {"x": 9.0, "y": 9.0}, "hod", created_at="2026-01-01T00:00:00Z")
    ])  # fmt: skip
    assert apart is not None and set(apart.labels) == {"hid", "hId", "Hod"}
    said = [apart.labels[place] for place in apart.answers]
    assert said.count("hId") == 10 and said.count("hid") == 10 and said.count("Hod") == 11


def test_a_task_with_labels_that_differ_in_case_alone_is_answered_with_the_right_one(tmp_path, encoders):
    names = {"red": "hid", "green": "hId", "blue": "Hod"}
    rows = [
        replace(row, expected=names[str(row.expected)], prediction="hid", labels=tuple(names.values()))
        for row in colours(150)
    ]
    version = version_of(train(FAST, rows[:90], Storage(), lambda _line: None, encoders=encoders), tmp_path, encoders)
    answers = version.answer_rows(rows[90:])
    right = [answer.prediction == row.expected for answer, row in zip(answers, rows[90:], strict=True)]
    assert np.mean(right) > 0.9


def test_a_refusal_without_a_correction_between_two_labels_is_not_a_label():
    rows = [
        replace(row, labels=("a", "b"), expected="a" if n % 2 else "b", prediction="a") for n, row in enumerate(colours(20))
    ]
    rows[3] = replace(rows[3], expected=None, prediction="a", label_source="refused", success=False)
    family = build_family("colours", rows)
    assert family is not None and not family.refused.any()
    assert rows[3].id not in [outcome.id for outcome in family.outcomes] and len(family.outcomes) == 19


def test_too_few_or_equal_answers_make_no_family():
    assert build_family("colours", colours(5)) is None
    assert build_family("colours", [replace(row, expected="red") for row in colours(30)]) is None
