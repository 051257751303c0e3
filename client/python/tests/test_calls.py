from __future__ import annotations

import json
import time

import pytest
from conftest import answer, lost, problem

from dukenet import ApiError, InsufficientFundsError, NotFoundError, ServerError, UnreachableError, ValidationError

QUESTION = {"description": "Which?", "complexity": 1, "labels": ["a", "b"]}


def test_fills_path_query_and_body_in_and_returns_the_body_of_the_answer(fake_api):
    api = fake_api(answer(200, {"items": [], "next_cursor": None}), answer(201, {"id": "t"}))
    assert api.duke.list_task_items("a/b", limit=7) == {"items": [], "next_cursor": None}
    assert api.duke.create_task(QUESTION) == {"id": "t"}
    assert api.routes == ["GET /api/v2/tasks/a%2Fb/items?limit=7", "POST /api/v2/tasks/create"]
    assert json.loads(api.seen[1].content) == QUESTION


def test_returns_none_for_a_success_without_a_body(fake_api):
    assert fake_api(answer(204)).duke.delete_file("f") is None


def test_sends_one_key_for_all_attempts_if_the_api_accepts_one(fake_api):
    api = fake_api(lost, problem(500, "internal"), answer(201, {"id": "t"}))
    api.duke.create_task(QUESTION)
    api.duke.create_task(QUESTION, idempotency_key="mine")
    api.duke.cancel_task("t")
    first, second, third, mine, none = api.headers("idempotency-key")
    assert first and first == second == third
    assert (mine, none) == ("mine", None)


def test_does_not_repeat_non_idempotent_requests_after_a_lost_response(fake_api):
    api = fake_api(lost, answer(200, {}))
    with pytest.raises(UnreachableError) as raised:
        api.duke.cancel_task("t")
    assert (raised.value.code, raised.value.status, len(api.seen)) == ("unreachable", 0, 1)


def test_repeats_any_request_that_was_rejected_with_retry_after(fake_api):
    unavailable = answer(503, {"message": "Service Unavailable"})
    api = fake_api(problem(429, "throttled", {"retry-after": "0"}), unavailable, answer(200, {"id": "t"}))
    api.duke.cancel_task("t")
    assert len(api.seen) == 3


def test_waits_as_long_as_retry_after_says(fake_api):
    api = fake_api(problem(429, "throttled", {"retry-after": "0.2"}), answer(200, {}))
    started = time.monotonic()
    api.duke.get_wallet()
    assert time.monotonic() - started >= 0.2


def test_gives_up_with_the_last_error(fake_api):
    api = fake_api(problem(503, "unavailable"))
    with pytest.raises(ServerError):
        api.duke.get_wallet()
    assert len(api.seen) == 4


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (402, "insufficient_funds", InsufficientFundsError),
        (404, "not_found", NotFoundError),
        (422, "no_items", ValidationError),
    ],
)
def test_raises_the_problem_of_the_server(fake_api, status, code, kind):
    with pytest.raises(kind, match=f"{status} {code}: {code}!") as raised:
        fake_api(problem(status, code)).duke.create_task(QUESTION)
    assert raised.value.problem["request_id"] == "r"


def test_raises_an_equivalent_for_responses_of_the_gateway(fake_api):
    with pytest.raises(ApiError) as raised:
        fake_api(answer(413, {"message": "Request Too Long"})).duke.create_task(QUESTION)
    assert (raised.value.code, raised.value.status) == ("body_too_large", 413)


def test_reads_the_items_of_a_list_page_by_page_as_far_as_they_are_needed(fake_api):
    api = fake_api(
        answer(200, {"items": [1, 2], "next_cursor": "c1"}),
        answer(200, {"items": [], "next_cursor": "c2"}),
        answer(200, {"items": [3], "next_cursor": None}),
    )
    assert list(api.duke.iter_tasks(status="completed")) == [1, 2, 3]
    assert api.routes == [
        "GET /api/v2/tasks/list?status=completed&limit=100",
        "GET /api/v2/tasks/list?status=completed&limit=100&cursor=c1",
        "GET /api/v2/tasks/list?status=completed&limit=100&cursor=c2",
    ]
    assert next(api.duke.iter_tasks()) == 3
    assert len(api.seen) == 4
