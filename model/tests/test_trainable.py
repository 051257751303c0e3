"""The rule for answers that can be learned from, on the cases that the TypeScript side runs too."""

import json
from pathlib import Path

import pytest

from dukemm.contract.trainable import answer_fault

CASES = json.loads((Path(__file__).resolve().parents[2] / "test" / "contract" / "trainable.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_answer_is_rejected_for_the_same_reason_in_both_languages(case):
    assert answer_fault(case["kind"], case["labels"], case["answer"]) == case["fault"]
