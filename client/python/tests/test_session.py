from __future__ import annotations

import json
import threading

import httpx2
import pytest
from conftest import answer, problem

from dukenet import AuthenticationError, DukeNet


def session(token: str, expires_in: int = 3600) -> dict[str, object]:
    return {"access_token": token, "refresh_token": "r1", "expires_in": expires_in}


def test_signs_in_and_renews_a_token_before_it_expires(fake_api):
    api = fake_api(answer(200, session("t1", 30)), answer(200, session("t2")), answer(200, {}))
    api.duke.login("a@example.com", "secret")
    api.duke.get_wallet()
    assert [route.rsplit("/", 1)[1] for route in api.routes] == ["login", "refresh", "wallet"]
    assert api.headers("authorization") == [None, None, "Bearer t2"]
    assert json.loads(api.seen[1].content) == {"refresh_token": "r1"}


def test_renews_a_rejected_token_once_for_several_threads_and_repeats_each_request():
    seen: list[str] = []
    together = threading.Barrier(4)

    def serve(request: httpx2.Request) -> httpx2.Response:
        token = request.headers.get("authorization")
        seen.append(f"{request.url.path.rsplit('/', 1)[1]} {token}")
        if request.url.path.endswith("/login"):
            return httpx2.Response(200, json=session("t1"))
        if request.url.path.endswith("/refresh"):
            return httpx2.Response(200, json=session("t2"))
        if token == "Bearer t2":
            return httpx2.Response(200, json={})
        together.wait(timeout=300)
        return problem(401, "unauthenticated")()

    duke = DukeNet("http://api.test", http=httpx2.Client(transport=httpx2.MockTransport(serve)))
    duke.login("a@example.com", "secret")
    threads = [threading.Thread(target=duke.get_wallet) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen.count("refresh None") == 1
    assert seen.count("wallet Bearer t2") == 4


def test_is_signed_out_if_the_refresh_token_is_rejected(fake_api):
    api = fake_api(answer(200, session("t1", 30)), problem(401, "refresh_token_invalid"), problem(401, "unauthenticated"))
    api.duke.login("a@example.com", "secret")
    with pytest.raises(AuthenticationError, match="unauthenticated"):
        api.duke.get_wallet()
    assert api.headers("authorization") == [None, None, None]


def test_does_not_renew_a_token_for_a_wrong_password(fake_api):
    api = fake_api(answer(200, session("t1")), problem(401, "bad_credentials"))
    api.duke.login("a@example.com", "secret")
    with pytest.raises(AuthenticationError, match="bad_credentials"):
        api.duke.update_profile({"current_password": "x", "new_password": "y"})
    assert len(api.seen) == 2


def test_ends_the_session_on_the_server_and_in_the_client(fake_api):
    api = fake_api(answer(200, session("t1")), answer(204), answer(200, {}))
    api.duke.login("a@example.com", "secret")
    api.duke.logout()
    api.duke.health()
    assert json.loads(api.seen[1].content) == {"refresh_token": "r1"}
    assert api.headers("authorization") == [None, "Bearer t1", None]
