"""A client whose requests are answered in order by given answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from dukenet import DukeNet, Retries

Answer = httpx2.Response | Exception


class FakeApi:
    """Keeps what was sent; the last answer repeats."""

    def __init__(self, answers: list[Callable[[], Answer]]) -> None:
        self.answers = answers
        self.seen: list[httpx2.Request] = []
        http = httpx2.Client(transport=httpx2.MockTransport(self._answer))
        self.duke = DukeNet("http://api.test/", http=http, retries=Retries(4, 0.001, 0.002))

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.seen.append(request)
        answer = self.answers[min(len(self.seen), len(self.answers)) - 1]()
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def routes(self) -> list[str]:
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.seen]

    def headers(self, name: str) -> list[str | None]:
        return [request.headers.get(name) for request in self.seen]


@pytest.fixture
def fake_api() -> Callable[..., FakeApi]:
    return lambda *answers: FakeApi(list(answers))


def answer(status: int, body: Any = None, headers: dict[str, str] | None = None) -> Callable[[], Answer]:
    if body is None:
        return lambda: httpx2.Response(status, headers=headers)
    return lambda: httpx2.Response(status, json=body, headers=headers)


def problem(status: int, code: str, headers: dict[str, str] | None = None) -> Callable[[], Answer]:
    body = {"type": "", "title": code, "status": status, "detail": f"{code}!", "code": code, "request_id": "r"}
    return answer(status, body, headers)


def lost() -> Answer:
    return httpx2.ConnectError("no connection")
