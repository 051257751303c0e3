"""The generated message classes, and how errors name their place."""

import copy
import json
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from dukemm.contract import messages, validation
from dukemm.contract.invocation import parse_examples, parse_request
from dukemm.contract.validation import read_json, read_message
from dukemm.domain.errors import Code, DukeMMError
from dukemm.domain.outcomes import LabelSource
from dukemm.domain.tasks import Kind

SCHEMAS = json.loads((Path(validation.__file__).parent / "schemas" / "messages.json").read_text())["$defs"]


@pytest.fixture
def contract(contract):
    return copy.deepcopy(contract)


@pytest.mark.parametrize(
    ("words", "message", "field"),
    [
        (Code, "InvocationError", "code"),
        (LabelSource, "TrainingExample", "label_source"),
        (Kind, "Kind", None),
    ],
)
def test_the_enumerations_of_the_domain_match_the_contract(words, message, field):
    schema = SCHEMAS[message] if field is None else SCHEMAS[message]["properties"][field]
    assert sorted(get_args(words)) == sorted(schema["enum"])


def refused(body: object) -> str:
    with pytest.raises(DukeMMError) as caught:
        parse_request(json.dumps(body).encode())
    assert caught.value.code == "invalid_request"
    return caught.value.message


@pytest.mark.parametrize("wrong", range(7))
def test_an_error_names_the_invalid_field_of_seven(contract, wrong):
    fields = {f"field {i}": {"nested": 1} if i == wrong else i for i in range(7)}
    contract["request"]["items"][0]["fields"] = fields
    assert refused(contract["request"]) == (
        f"items.0.fields.field {wrong}: expected `bool | int | float | str | null`, got `object`"
    )


def test_an_error_names_the_first_of_several_faults(contract):
    contract["request"]["items"][0]["fields"] = {"a": 1, "b": [], "c": 2, "d": []}
    contract["request"]["items"][1]["media"]["mail"]["size_bytes"] = -1
    assert refused(contract["request"]).startswith("items.0.fields.b: ")


def test_an_error_below_a_named_entry_names_the_entry(contract):
    media = contract["request"]["items"][1]["media"]
    media["second mail"] = {**media["mail"], "sha256": "zz"}
    assert refused(contract["request"]).startswith("items.1.media.second mail.sha256: expected `str` matching")


def test_a_long_name_is_cut_in_the_message(contract):
    contract["request"]["items"][0]["fields"] = {"x" * 1000: []}
    assert refused(contract["request"]).startswith(f"items.0.fields.{'x' * 80}: ")


@pytest.mark.parametrize("huge", [10**100 + 10**90, -(10**101), 10**400])
def test_integers_have_the_bounds_of_numbers(contract, huge):
    contract["request"]["items"][0]["fields"]["size"] = huge
    assert refused(contract["request"]) == "items.0.fields.size: expected a finite number of at most 1e+100"
    contract["example"]["expected"] = huge
    with pytest.raises(DukeMMError, match=r"examples\.0: expected: expected a finite number"):
        parse_examples(json.dumps(contract["example"]).encode(), 1)


def test_integers_stay_integers(contract):
    fields = {"whole": 36, "large": 2**70, "real": 36.0, "truth": True}
    contract["request"]["items"][0]["fields"] = fields
    parsed = parse_request(json.dumps(contract["request"]).encode()).items[0].fields
    assert [repr(value) for value in parsed.values()] == ["36", str(2**70), "36.0", "True"]


def test_lone_surrogates_are_preserved(contract):
    task, [item, _] = contract["request"]["task"], contract["request"]["items"]
    task["labels"] = ["\ud800", "\udfff", "\U0010f800"]
    item["fields"] = {"\ud83d": "half \udc00", "\U0010f83d": "none", "number": 36}
    request = parse_request(json.dumps(contract["request"]).encode())
    assert request.labels == tuple(task["labels"])
    assert request.items[0].fields == item["fields"]
    assert [type(value) for value in request.items[0].fields.values()] == [str, str, int]
    task["family"] = "\ud800" * 257
    assert refused(contract["request"]) == "task.family: expected `str` of length <= 256"


def test_both_parsers_give_the_same_message(contract):
    text = json.dumps(contract["request"]).encode()
    fast = msgspec.json.decode(text, type=messages.InvocationRequest)
    assert (
        msgspec.convert(read_json(text), type=messages.InvocationRequest)
        == fast
        == read_message(text, messages.InvocationRequest)
    )


def test_a_lone_surrogate_does_not_match_an_enumeration(contract):
    contract["request"]["task"]["kind"] = "\ud800"
    assert refused(contract["request"]).startswith("task.kind: invalid enum value")
