"""Families of every shape end no run and move no other buyer's figure, to the last digit.

`PYTHONPATH=model python model/tests/large_isolation.py --cases 200` is the same with many seeds, one shape a run, and
with the product's own prepare step.
"""

import json
from pathlib import Path

import pytest
from isolated import HONEST, Outcome, case, isolation, run
from shapes import SHAPES, Line, honest, item, media_gone, refused, row_of, shaped

from dukemm.encoders.pool import Encoders

pytestmark = pytest.mark.usefixtures("small_forests")


@pytest.fixture(scope="module")
def alone(tmp_path_factory, encoders: Encoders) -> Outcome:
    """The honest families without anybody beside them."""
    return run(tmp_path_factory.mktemp("alone"), honest(), encoders)


@pytest.mark.parametrize("seed", range(2))
def test_a_run_ends_with_any_outcomes_and_other_families_are_unchanged(tmp_path: Path, encoders, alone, seed):
    beside = case(tmp_path, SHAPES, seed, encoders)
    assert isolation(alone, beside) == 0.0
    for step in (beside.unusable, beside.report["unusable"]):
        assert 0 < step["outcomes"] <= step["of_outcomes"] and step["families"] <= step["of_families"]
        assert not [entry for entry in step["entries"] if entry["family"] in HONEST]


def lines_of(rows: list[dict]) -> list[Line]:
    return [Line("train", row["family"], json.dumps(row).encode() + b"\n") for row in rows]


def test_a_refusal_without_a_correction_between_two_labels_ends_no_run(tmp_path, encoders):
    rows = [*(row_of(n) for n in range(20)), *(refused(n) for n in range(20, 24))]
    left = run(tmp_path, [*lines_of(rows), *honest()], encoders)
    known = left.version.families.get("attack")
    assert known is not None and len(known.records) == 20


def test_a_number_out_of_range_ends_no_run_and_is_counted(tmp_path, encoders):
    numbers = [float(n) for n in range(20)] + [1e308, -1e150]
    rows = [
        row_of(n, kind="regression", labels=None, expected=number, prediction=1.0, item=item(n, x=n, y=n % 3))
        for n, number in enumerate(numbers)
    ]
    left = run(tmp_path, [*lines_of(rows), *honest()], encoders)
    known = left.version.families.get("attack")
    assert known is not None and len(known.records) == 20
    reasons = {entry["reason"]: entry["count"] for entry in left.unusable["entries"]}
    assert sum(reasons.values()) == 2 and left.unusable["outcomes"] == 2


def test_a_family_without_its_media_keeps_its_last_state_and_is_named(tmp_path: Path, encoders):
    before = run(tmp_path / "before", [*lines_of([row_of(n, "media_gone") for n in range(40)]), *honest()], encoders)
    beside = run(tmp_path / "after", [*shaped(media_gone, 0), *honest()], encoders, before.version)
    kept, known = (version.families.get("media_gone") for version in (beside.version, before.version))
    assert kept is not None and known is not None and kept.records == known.records
    rows = [row for row in before.rows if row.family == "media_gone"][:5]
    answers = [version.answer_rows(rows) for version in (before.version, beside.version)]
    assert [a.confidence for a in answers[0]] == [a.confidence for a in answers[1]]
    [entry] = [entry for entry in beside.unusable["entries"] if entry["what"] == "family"]
    assert entry["family"] == "media_gone" and entry["kept"] == "2"
    assert "cannot be read any more" in entry["reason"]
