import hashlib
import json
import math
import re
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import WORDS, examples_in, request_of, some_examples
from starlette.testclient import TestClient

from dukemm.contract.limits import MAX_LABEL_SET
from dukemm.domain.answers import Answer
from dukemm.serve.app import MAX_BODY_BYTES, make_app
from dukemm.serve.predict import CHUNK, Predictor, _format_prediction
from dukemm.serve.registry import Registry
from dukemm.storage import Storage


def test_ping(client):
    assert client.get("/ping").status_code == 200


def test_an_answer_matches_the_contract(ask, folder, contract):
    answer = ask(request_of([{"text": "alpha gamma"}, {"text": "two"}], examples=some_examples(folder, 50)))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["model_version"] == "1"
    assert [item["prediction"] for item in body["items"]] == ["a", "b"]
    sample = contract["response"]["items"][0]
    for item in body["items"]:
        assert item.keys() == sample.keys()
        assert item["explanation"].keys() == sample["explanation"].keys()
        assert item["alternatives"][0] == {"label": item["prediction"], "probability": item["confidence"]}
        for neighbour in item["explanation"]["nearest"]:
            assert neighbour.keys() == sample["explanation"]["nearest"][0].keys()
            assert -1 <= neighbour["similarity"] <= 1
            assert len(neighbour["excerpt"]) <= 200
        assert all(word.keys() <= {"word", "weight", "field"} for word in item["explanation"]["words"])
        assert 0 < len(item["explanation"]["summary"]) <= 1000
        assert item["label_set"][0] == item["prediction"]
    assert body["items"][0]["explanation"]["nearest"][0]["expected"] == "a"


def test_an_answer_names_its_instance(ask, registry):
    first = ask(request_of([{"text": "alpha"}]))
    attributes = first.headers["x-amzn-sagemaker-custom-attributes"]
    assert re.fullmatch("instance=[0-9a-f]{16}", attributes)
    assert ask(request_of([{"text": "beta"}])).headers["x-amzn-sagemaker-custom-attributes"] == attributes


def test_an_item_gets_the_same_answer_beside_any_others(ask, folder):
    examples = some_examples(folder)
    alone = ask(request_of([{"text": "alpha"}], examples=examples)).json()["items"][0]
    among = ask(request_of([{"text": "alpha"}, {"text": "word " * 300}], examples=examples)).json()["items"][0]
    assert among["confidence"] == pytest.approx(alone["confidence"], abs=0.01)
    assert among["prediction"] == alone["prediction"]


def test_words_far_into_a_long_text_decide(ask, folder):
    def text_of(label: str, n: int) -> str:
        return f"{'about this paper and its pages ' * 2_000} {WORDS[label]} {n}"

    examples = examples_in(
        folder, [{"id": f"e{n}", "fields": {"text": text_of("ab"[n % 2], n)}, "expected": "ab"[n % 2]} for n in range(12)]
    )
    items = [{"text": text_of("ab"[n % 2], 50 + n)} for n in range(10)]
    answers = ask(request_of(items, examples=examples)).json()["items"]
    assert [answer["prediction"] for answer in answers] == ["a", "b"] * 5


def test_loaded_versions_share_the_encoder(ask, registry):
    assert ask(request_of([{"text": "x"}]), version="1").json()["model_version"] == "1"
    assert ask(request_of([{"text": "x"}]), version="2").json()["model_version"] == "2"
    assert registry.loaded == ["1", "2"]
    assert registry.get("1").items is not registry.get("2").items
    assert len({id(registry.encoders.text(registry.get(v).config.text_encoder)) for v in "12"}) == 1


def test_the_least_recently_used_version_is_evicted(folder):
    registry = Registry(f"file://{folder}", Storage(folder), max_versions=1)
    registry.get("1")
    registry.get("2")
    assert registry.loaded == ["2"]
    registry.close()


@pytest.mark.parametrize(
    ("body", "version", "status", "code"),
    [
        (request_of([{"x": 1}]), "9", 404, "unknown_version"),
        (request_of([{"x": 1}]), None, 400, "invalid_request"),
        (request_of([{"x": 1}], labels=["only"]), "1", 400, "invalid_request"),
        (request_of([{"x": 1}], kind="regression", labels=None), "1", 400, "invalid_request"),
        (request_of([{"x": 1}], surprise=True), "1", 400, "invalid_request"),
        (
            request_of([{"x": 1}], examples={"uri": "file:///etc/passwd", "sha256": "0" * 64, "count": 1}),
            "1", 400, "invalid_request",
        ),
        ({"task": request_of([])["task"], "items": [{"id": "i", "fields": {}, "media": {"photo": {
            "uri": "s3://b/k", "file_type": "video", "sha256": "0" * 64, "size_bytes": 1}}}]}, "1", 400, "unsupported"),
    ],
)  # fmt: skip
def test_invalid_requests_get_a_reason(ask, body, version, status, code):
    answer = ask(body, version)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


def test_a_broken_artifact_is_not_served(ask, folder):
    (folder / "1" / "model.tar.gz").write_bytes(b"broken")
    assert ask(request_of([{"x": 1}])).json()["code"] == "artifact_invalid"


def test_a_body_that_is_too_large_is_rejected(ask):
    answer = ask(None, raw=json.dumps(request_of([{"x": 1}])).encode() + b" " * MAX_BODY_BYTES)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sha256": "0" * 64}, "hash"),
        ({"count": 11}, "announced"),
        ({"uri": "s3://"}, "not an s3"),
    ],
)
def test_examples_with_another_hash_are_rejected(ask, folder, change, says):
    answer = ask(request_of([{"x": 1}], examples={**some_examples(folder), **change}))
    assert answer.status_code == 400
    assert says in answer.json()["message"]


def test_an_example_with_an_undeclared_label_is_rejected(ask, folder):
    examples = examples_in(folder, [{"id": "e", "fields": {"t": "x"}, "expected": "c"}])
    assert "not one of the labels" in ask(request_of([{"t": "x"}], examples=examples)).json()["message"]


def test_labels_may_come_from_the_examples(ask, folder):
    rows = [{"id": str(i), "fields": {"n": i}, "expected": int(i > 5)} for i in range(12)]
    answer = ask(request_of([{"n": 1}, {"n": 11}], labels=None, examples=examples_in(folder, rows)))
    assert [item["prediction"] for item in answer.json()["items"]] == ["0", "1"]


def test_numbers_are_answered_with_numbers(ask, folder):
    rows = [{"id": str(i), "fields": {"n": i}, "expected": 10 * i} for i in range(20)]
    body = request_of([{"n": 4.5}, {"n": 14.5}], kind="regression", labels=None, examples=examples_in(folder, rows))
    low, high = ask(body).json()["items"]
    assert low["prediction"] == pytest.approx(45, abs=15)
    assert high["prediction"] == pytest.approx(145, abs=15)
    assert "alternatives" not in low
    assert "interval" not in low  # twenty examples do not tell


def test_a_number_comes_with_its_interval(ask, folder, contract):
    rows = [{"id": str(i), "fields": {"n": i % 50}, "expected": 10 * (i % 50) + i // 50} for i in range(100)]
    [item] = ask(request_of([{"n": 14.5}], kind="regression", labels=None, examples=examples_in(folder, rows))).json()[
        "items"
    ]
    assert item.keys() == contract["response"]["items"][1].keys()
    low, high = item["interval"]
    assert low < item["prediction"] < high
    assert low < 145 < high


def test_an_uninformative_label_set_is_left_out():
    said = Answer("l0", 0.1, None, [], [], "", label_set=[f"l{i}" for i in range(MAX_LABEL_SET)])
    assert _format_prediction("i", said)["label_set"] == said.label_set
    assert "label_set" not in _format_prediction("i", replace(said, label_set=[*said.label_set, "more"]))
    assert "interval" not in _format_prediction("i", replace(said, interval=(-math.inf, 1.0)))


def test_excess_requests_are_told_to_retry(registry, folder, monkeypatch):
    monkeypatch.setattr("dukemm.serve.app.MAX_REQUESTS", 0)
    with TestClient(make_app(registry, Predictor(Storage(folder)), deadline_seconds=5)) as client:
        answer = client.post("/invocations", content=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (503, "overloaded")
    assert answer.headers["retry-after"]


@pytest.fixture
def s3(monkeypatch):
    """An S3 that knows GET with path-style addresses, which is all that is asked of it."""
    objects: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = objects.get(self.path.split("?")[0])
            self.send_response(200 if content is not None else 404)
            body = content if content is not None else b"<Error><Code>NoSuchKey</Code></Error>"
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Not into the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://localhost:{server.server_port}")
    yield objects
    server.shutdown()
    server.server_close()


def test_versions_examples_and_texts_come_from_s3(s3, folder):
    s3["/models/prefix/1/model.tar.gz"] = (folder / "1" / "model.tar.gz").read_bytes()
    examples = some_examples(folder)
    s3["/work/examples.jsonl"] = (folder / "examples.jsonl").read_bytes()
    s3["/files/some%20text"] = b"alpha beta gamma"
    medium = {
        "uri": "s3://files/some text",
        "file_type": "text",
        "sha256": hashlib.sha256(b"alpha beta gamma").hexdigest(),
        "size_bytes": 16,
    }
    body = request_of([{}], examples={**examples, "uri": "s3://work/examples.jsonl"})
    body["items"][0]["media"] = {"document": medium}
    storage = Storage()
    registry = Registry("s3://models/prefix/", storage, max_versions=1)
    with TestClient(make_app(registry, Predictor(storage), deadline_seconds=20)) as client:
        headers = {"X-Amzn-SageMaker-Custom-Attributes": "version=1"}
        answer = client.post("/invocations", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["items"][0]["prediction"] == "a"
        medium["sha256"] = "0" * 64
        assert client.post("/invocations", json=body, headers=headers).status_code == 400
        missing = {**headers, "X-Amzn-SageMaker-Custom-Attributes": "version=2"}
        assert client.post("/invocations", json=body, headers=missing).json()["code"] == "unknown_version"


def test_a_long_request_is_answered_in_parts_and_in_order(ask, folder):
    examples = some_examples(folder)
    items = [{"text": f"{('alpha', 'two')[n % 3 == 0]} {n}"} for n in range(2 * CHUNK + 7)]
    together = ask(request_of(items, examples=examples)).json()["items"]
    assert [item["id"] for item in together] == [f"i{n}" for n in range(len(items))]
    for n in (0, CHUNK - 1, CHUNK, 2 * CHUNK + 6):
        alone = ask(request_of([items[n]], examples=examples)).json()["items"][0]
        assert together[n]["prediction"] == alone["prediction"]
        assert together[n]["confidence"] == pytest.approx(alone["confidence"], abs=0.01)


def test_an_unreadable_file_in_any_part_fails_the_request(ask, folder):
    request = request_of([{"text": f"alpha {n}"} for n in range(3 * CHUNK)], examples=some_examples(folder))
    missing = {"uri": (folder / "nowhere.json").as_uri(), "sha256": "0" * 64, "file_type": "json", "size_bytes": 1}
    request["items"][CHUNK + 3]["media"] = {"page": missing}
    answer = ask(request)
    assert answer.status_code == 400, answer.text
    assert "nowhere" in answer.text or "page" in answer.text
