import json
import random
import struct
from pathlib import Path

import pytest

from dukemm.domain.spelling import comparable, spelling_of

#: test/unit/contracts/spelling.test.ts runs the same cases.
CASES = json.loads((Path(__file__).resolve().parents[2] / "test" / "contract" / "spelling.json").read_text())


@pytest.mark.parametrize("case", CASES["spellings"], ids=lambda case: repr(case["value"]))
def test_spellings_equal_those_of_the_contract(case):
    assert spelling_of(case["value"]) == case["spelling"]


@pytest.mark.parametrize("case", CASES["comparables"], ids=lambda case: ascii(case["text"]))
def test_comparable_texts_equal_those_of_the_contract(case):
    assert comparable(case["text"]) == case["comparable"]


def test_a_spelling_gives_the_same_number_back():
    numbers = random.Random(11)
    for _ in range(20_000):
        value = struct.unpack("<d", numbers.randbytes(8))[0]
        if value == value and abs(value) != float("inf"):
            assert float(spelling_of(value)) == value


@pytest.mark.parametrize(
    ("value", "spelling"),
    [(float("nan"), "NaN"), (float("inf"), "Infinity"), (float("-inf"), "-Infinity"), (10**400, "Infinity")],
    ids=["nan", "inf", "-inf", "huge"],
)
def test_non_finite_numbers_have_a_spelling_too(value, spelling):
    assert spelling_of(value) == spelling
