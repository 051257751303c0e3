from __future__ import annotations

import json
import re

import pytest
from conftest import answer, lost

from dukenet import ApiError, FileRejectedError, TaskTimeoutError

QUESTION = {"description": "Which?", "complexity": 1}


def task(status: str) -> dict[str, str]:
    return {"id": "t", "status": status}


def test_asks_the_server_to_wait_and_returns_a_task_that_it_finished(fake_api):
    api = fake_api(answer(201, task("completed")))
    assert api.duke.create_and_wait(QUESTION)["status"] == "completed"
    assert (api.routes, api.headers("prefer")) == (["POST /api/v2/tasks/create"], ["wait=25"])


def test_reads_the_task_until_it_has_ended_and_reports_each_state(fake_api):
    api = fake_api(answer(201, task("created")), answer(200, task("executing")), answer(200, task("failed")))
    states: list[str] = []
    done = api.duke.create_and_wait(QUESTION, on_update=lambda seen: states.append(seen["status"]))
    assert (done["status"], states) == ("failed", ["created", "executing", "failed"])


def test_raises_with_the_id_of_the_task_at_the_timeout(fake_api):
    api = fake_api(answer(201, task("created")))
    with pytest.raises(TaskTimeoutError) as raised:
        api.duke.create_and_wait(QUESTION, timeout=0.3)
    assert (raised.value.task_id, api.headers("prefer")[0]) == ("t", None)


ANNOUNCED = answer(
    201,
    {
        "file": {"id": "f", "filename": "a.csv", "status": "pending"},
        "upload": {"url": "http://storage.test/bucket", "fields": {"key": "k", "policy": "p"}, "expires_at": ""},
    },
)


def test_announces_the_size_sends_fields_before_bytes_without_a_token_and_waits(fake_api):
    pending, ready = answer(200, {"status": "pending"}), answer(200, {"id": "f", "status": "ready"})
    signed_in = answer(200, {"access_token": "t", "refresh_token": "r", "expires_in": 3600})
    api = fake_api(signed_in, ANNOUNCED, lost, answer(204), pending, ready)
    api.duke.login("a@example.com", "secret")
    assert api.duke.upload("a.csv", "text/csv", b"a,b\n")["status"] == "ready"
    assert json.loads(api.seen[1].content) == {"filename": "a.csv", "content_type": "text/csv", "size_bytes": 4}
    assert api.headers("authorization")[1:5] == ["Bearer t", None, None, "Bearer t"]
    assert re.findall(rb'name="\w+"', api.seen[3].content) == [b'name="key"', b'name="policy"', b'name="file"']


def test_raises_with_the_reason_when_the_inspection_rejects_the_file(fake_api):
    rejected = {"filename": "a.csv", "status": "rejected", "rejected_reason": "It is empty"}
    api = fake_api(ANNOUNCED, answer(204), answer(200, rejected))
    with pytest.raises(FileRejectedError, match="It is empty"):
        api.duke.upload("a.csv", "text/csv", b"x")


def test_raises_when_the_storage_rejects_the_bytes(fake_api):
    api = fake_api(ANNOUNCED, answer(403))
    with pytest.raises(ApiError) as raised:
        api.duke.send_file("a.csv", "text/csv", b"x")
    assert raised.value.status == 403
