"""The comparison of two runs of the quick subset."""

import json
from pathlib import Path

from benchmarks.studies.quick import ANSWERS, composed, differences


def write(folder: Path, answers: list[tuple[str, float]]) -> Path:
    folder.mkdir()
    lines = (json.dumps({"question": question, "confidence": sure}) + "\n" for question, sure in answers)
    (folder / ANSWERS).write_text("".join(lines))
    return folder


def test_an_answer_that_differs_in_its_last_digit_is_reported_once_per_question(tmp_path):
    before = write(tmp_path / "before", [("a", 0.5), ("a", 0.25), ("b", 0.1)])
    assert differences(before, write(tmp_path / "same", [("a", 0.5), ("a", 0.25), ("b", 0.1)])) == []
    (found,) = differences(before, write(tmp_path / "other", [("a", 0.5000000000000001), ("a", 0.3), ("b", 0.1)]))
    assert found.startswith("a:") and "0.5000000000000001" in found


def test_a_missing_answer_is_reported(tmp_path):
    before = write(tmp_path / "before", [("a", 0.5), ("a", 0.25)])
    assert differences(before, write(tmp_path / "fewer", [("a", 0.5)])) == ["2 answers before, 1 after"]


def test_composed_items_have_every_modality_and_every_label():
    rows = list(composed())
    assert {row.expected for row in rows} == {"reject", "review", "accept"}
    assert all(set(row.media) == {"picture", "sound"} and row.fields["message"] for row in rows)
