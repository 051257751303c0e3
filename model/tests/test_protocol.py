import copy
import json

import pytest

from dukemm.contract.invocation import parse_examples, parse_request, version_of
from dukemm.domain.errors import STATUS, DukeMMError


def refused(body: object) -> str:
    with pytest.raises(DukeMMError) as caught:
        parse_request(body if isinstance(body, bytes) else json.dumps(body).encode())
    assert caught.value.code == "invalid_request"
    return caught.value.message


def test_the_sample_request_of_the_contract(contract):
    request = parse_request(json.dumps(contract["request"]).encode())
    assert request.labels == ("ham", "spam")
    assert request.examples.count == 40
    assert request.recalled.count == 120
    assert request.items[0].fields == contract["request"]["items"][0]["fields"]
    assert request.items[1].media["mail"].size_bytes == 1024


def test_the_sample_example_and_error_of_the_contract(contract):
    [example] = parse_examples(json.dumps(contract["example"]).encode(), 1)
    assert example.expected == "spam"
    assert contract["error"]["code"] in STATUS


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("task", "extra"), 1),
        (("extra",), 1),
        (("items", 0, "extra"), 1),
        (("items", 0, "id"), ""),
        (("items", 0, "fields"), []),
        (("items", 0, "fields", "mail"), {"nested": 1}),
        (("items", 0, "fields", "mail"), "x" * 1_000_001),
        (("items", 0, "fields", "mail"), 10**400),
        (("items", 1, "media"), [1]),
        (("items", 1, "media", "mail", "sha256"), "zz"),
        (("items", 1, "media", "mail", "size_bytes"), 1.5),
        (("items",), []),
        (("items",), [{"id": "x", "fields": {}}] * 251),
        (("task", "kind"), "painting"),
        (("task", "labels"), ["a", "a"]),
        (("task", "labels"), "ab"),
        (("task", "description"), None),
        (("examples", "count"), -1),
        (("examples", "sha256"), None),
        (("recalled", "uri"), 1),
    ],
)
def test_unknown_fields_are_rejected_with_their_path(contract, path, value):
    body = copy.deepcopy(contract["request"])
    place = body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    message = refused(body)
    assert str(path[0]) in message or path == ("extra",)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"task": NaN}', b"[" * 100_000, b'{"a": Infinity}', b"1" * 5000],
)
def test_invalid_json_is_rejected(raw):
    assert refused(raw)


def test_a_number_too_large_for_a_float_is_rejected(contract):
    raw = json.dumps(contract["request"]).replace("36", "1e999").encode()
    assert refused(raw) == "items.0.fields.size: expected `float` <= 1e+100"


@pytest.mark.parametrize("line", [b'{"id":"x","fields":{}}', b'{"id":"x","fields":{},"expected":true}', b"nonsense"])
def test_broken_examples_are_rejected(line):
    with pytest.raises(DukeMMError):
        parse_examples(line, 1)


def test_a_wrong_count_of_examples_is_rejected(contract):
    with pytest.raises(DukeMMError, match="2 were announced"):
        parse_examples(json.dumps(contract["example"]).encode(), 2)


def test_the_version_is_read_from_the_header():
    assert version_of("version=3") == "3"
    assert version_of("tracing=x, version=12") == "12"
    for bad in (None, "", "version=", "version=../1", "version=0", "subversion=3"):
        with pytest.raises(DukeMMError):
            version_of(bad)
