"""One family's outcomes of every shape end no run and move no other family's figure, to the last digit.

`python model/bench/isolation.py --cases 400` is the same with more of each shape, and with the product's prepare step.
"""

from pathlib import Path

import pytest
from isolated import HONEST, Outcome, case, isolation, run
from shapes import SHAPES, Line, honest, media_gone, row_of, shaped

from dukemm.serve.encoders import Encoders


@pytest.fixture(scope="module")
def alone(tmp_path_factory, encoders: Encoders) -> Outcome:
    """The honest families without anybody beside them."""
    return run(tmp_path_factory.mktemp("alone"), honest(), encoders)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_whatever_one_buyer_leaves_the_run_ends_and_others_stay_as_they_are(tmp_path: Path, encoders, alone, shape):
    beside = case(tmp_path, shape, 0, encoders)
    assert isolation(alone, beside) == 0.0
    for step in (beside.unusable, beside.report["unusable"]):
        assert step["outcomes"] <= step["of_outcomes"] and step["families"] <= step["of_families"]
        assert not [entry for entry in step["entries"] if entry["family"] in HONEST]


def test_a_family_whose_media_are_gone_keeps_its_last_state_and_is_named(tmp_path: Path, encoders, alone):
    rows = [Line("train", "attack", _line(row_of(n))) for n in range(40)]
    before = run(tmp_path / "before", [*rows, *honest()], encoders)
    assert before.version.families.get("attack") is not None
    beside = run(tmp_path / "after", [*shaped(media_gone, 0), *honest()], encoders, before.version)
    kept = beside.version.families.get("attack")
    assert kept is not None and kept.kind == "classification"
    [entry] = [entry for entry in beside.unusable["entries"] if entry["what"] == "family"]
    assert entry["family"] == "attack" and entry["kept"] == "2"
    assert "cannot be read any more" in entry["reason"]


def _line(row: dict) -> bytes:
    import json

    return json.dumps(row).encode() + b"\n"
