"""Micro-batches of the encoders: shared, bounded, and going on where a request stops waiting."""

import json
import threading
import time
from collections.abc import Callable

import pytest
from conftest import request_of, some_examples
from starlette.testclient import TestClient

from dukemm.config import PRESETS
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.batching import EncoderService
from dukemm.serve.app import make_app
from dukemm.serve.predict import Predictor
from dukemm.serve.registry import Registry
from dukemm.storage import Storage


def test_the_service_gives_each_text_its_own_vector(tiny):
    service = EncoderService(PRESETS["tiny"].text)
    texts = [f"text {i % 40}" for i in range(100)]
    assert service.vectors(texts, time.monotonic() + 300) == pytest.approx(tiny.encode(texts), abs=1e-5)
    service.close()


def test_requests_waiting_at_shutdown_are_told_to_retry():
    service = EncoderService(PRESETS["tiny"].text)
    service._encoder.encode = SlowEncoder(service._encoder.encode, 0.3)
    threading.Timer(0.1, service.stop).start()
    with pytest.raises(DukeMMError) as caught:
        service.vectors([str(i) for i in range(1000)], time.monotonic() + 300)
    assert caught.value.code == "overloaded"
    service.close()


class SlowEncoder:
    """Takes its time, as MiniLM does with thousands of long texts."""

    def __init__(self, real: Callable, seconds: float) -> None:
        self.real, self.seconds, self.texts = real, seconds, 0

    def __call__(self, texts):
        self.texts += len(texts)
        time.sleep(self.seconds)
        return self.real(texts)


def test_work_that_outlasts_the_deadline_continues_and_a_retry_uses_it(folder):
    registry = Registry(f"file://{folder}", Storage(folder), max_versions=2)
    service = registry.encoders.text(registry.get("1").config.text_encoder)
    real, texts, released = service._encoder.encode, [], threading.Event()

    def blocked(batch):
        texts.extend(batch)
        assert released.wait(600)
        return real(batch)

    service._encoder.encode = blocked
    body = json.dumps(request_of([{"text": "alpha"}], examples=some_examples(folder, 150)))
    headers = {"X-Amzn-SageMaker-Custom-Attributes": "version=1"}
    with TestClient(make_app(registry, Predictor(Storage(folder)), deadline_seconds=0.6)) as client:
        first = client.post("/invocations", content=body, headers=headers)
        assert (first.status_code, first.json()["code"]) == (503, "warming")
        assert int(first.headers["retry-after"]) >= 1
        released.set()
        for _ in range(500):
            last = client.post("/invocations", content=body, headers=headers)
            if last.status_code == 200:
                break
        assert last.status_code == 200
    assert len(texts) == 150 + 2 + 1  # nothing was computed twice


def test_a_full_queue_rejects_requests(monkeypatch):
    monkeypatch.setattr("dukemm.encoders.batching.MAX_WAITING", 3)
    service = EncoderService(PRESETS["tiny"].text)
    with pytest.raises(DukeMMError) as caught:
        service.vectors(["1", "2", "3", "4"], time.monotonic() + 300)
    assert caught.value.code == "overloaded"
    service.close()


def test_an_encoder_recovers_from_a_failure():
    service = EncoderService(PRESETS["tiny"].text)
    real, failures = service._encoder.encode, iter([RuntimeError("out of memory")] * 2)

    def fails_once(texts):
        if error := next(failures, None):
            raise error
        return real(texts)

    service._encoder.encode = fails_once
    with pytest.raises(DukeMMError) as caught:
        service.vectors(["text"], time.monotonic() + 300)
    assert caught.value.code == "internal"
    assert service.vectors(["text"], time.monotonic() + 300).shape == (1, PRESETS["tiny"].text.width)
    service.close()


def test_an_input_that_the_encoder_rejects_fails_alone():
    service = EncoderService(PRESETS["tiny"].text)
    real = service._encoder.encode

    def refuses_one(texts):
        if "poison" in texts:
            raise ValueError("poison")
        return real(texts)

    service._encoder.encode = refuses_one
    with pytest.raises(DukeMMError) as caught:
        service.vectors(["one", "poison", "two"], time.monotonic() + 300)
    assert caught.value.code == "internal"
    assert service.vectors(["one", "two"], time.monotonic() + 0).shape == (2, PRESETS["tiny"].text.width)  # already there
    service.close()


def test_concurrent_requests_share_batches():
    service = EncoderService(PRESETS["tiny"].text)
    real, calls, all_waiting = service._encoder.encode, [], threading.Event()

    def counted(texts):
        assert all_waiting.wait(600)
        calls.append(len(texts))
        return real(texts)

    service._encoder.encode = counted
    threads = [threading.Thread(target=service.vectors, args=([f"text {i}"], time.monotonic() + 300)) for i in range(30)]
    for thread in threads:
        thread.start()
    while len(service._batches._waiting) < 30:
        time.sleep(0.01)
    all_waiting.set()
    for thread in threads:
        thread.join()
    assert sum(calls) == 30
    assert len(calls) <= 2  # the first batch starts with the first request
    service.close()
