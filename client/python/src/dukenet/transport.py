"""Requests with a token, retries and pages: what the generated methods of `Api` use."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote as url_quote

import httpx2

from dukenet.errors import ApiError, AuthenticationError, PermissionDeniedError, error_of, unreachable

T = TypeVar("T")

PAGE_LIMIT = 100
RENEW_BEFORE_S = 60.0


def quote(value: str) -> str:
    """Encode a path parameter."""
    return url_quote(value, safe="")


def new_key() -> str:
    """Make a new idempotency key."""
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Retries:
    """How often a request is repeated where that is safe, with exponential backoff and full jitter."""

    attempts: int = 6
    first_delay: float = 0.3
    """Upper bound of the first delay in seconds; it doubles with each attempt."""
    max_delay: float = 5.0

    def delay(self, error: ApiError, failures: int) -> float:
        """Seconds before the next attempt: `Retry-After`, or a random share of the bound."""
        if error.retry_after is not None:
            return error.retry_after
        return random.random() * min(self.max_delay, self.first_delay * 2 ** (failures - 1))


@dataclass(frozen=True)
class _Session:
    access_token: str
    expires_at: float
    """By `time.monotonic`."""
    refresh_token: str | None


def _is_retryable(error: ApiError, repeatable: bool) -> bool:
    """429 and 503 say that nothing was done; other failures leave open whether the work was done."""
    outcome_unknown = error.status == 0 or error.status >= 500 or error.code == "idempotency_in_progress"
    return error.status in (429, 503) or (repeatable and outcome_unknown)


class Transport:
    """Sends requests to the API. Safe to use from several threads."""

    def __init__(self, base_url: str, *, retries: Retries | None = None, http: httpx2.Client | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self._retries = retries or Retries()
        # The service answers within 30 s.
        self._http = http or httpx2.Client(timeout=httpx2.Timeout(35.0, connect=10.0))
        self._session: _Session | None = None
        self._renewal = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _request(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: dict[str, Any] | None = None,
        idempotency_key: str | None = None,
        wait_seconds: int | None = None,
    ) -> Any:
        headers = {}
        if idempotency_key is not None:
            headers["idempotency-key"] = idempotency_key
        if wait_seconds is not None:
            headers["prefer"] = f"wait={wait_seconds}"
        params = {name: value for name, value in (query or {}).items() if value is not None}

        def attempt() -> Any:
            return _content(
                self._send_authorized(
                    lambda token: self._http.build_request(
                        method, self._base_url + path, json=body, params=params, headers={**headers, **token}
                    )
                )
            )

        return self._with_retries(attempt, repeatable=method == "GET" or idempotency_key is not None)

    def _items(self, path: str, query: dict[str, Any]) -> Iterator[Any]:
        cursor: str | None = None
        while True:
            page = self._request("GET", path, query={**query, "limit": PAGE_LIMIT, "cursor": cursor})
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def _with_retries(self, attempt: Callable[[], T], *, repeatable: bool) -> T:
        failures = 0
        while True:
            try:
                return attempt()
            except ApiError as error:
                failures += 1
                if failures >= self._retries.attempts or not _is_retryable(error, repeatable):
                    raise
                time.sleep(self._retries.delay(error, failures))

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return self._http.send(request)
        except httpx2.TransportError as error:
            raise unreachable(error) from error

    def _send_authorized(self, build: Callable[[dict[str, str]], httpx2.Request]) -> httpx2.Response:
        """Send with the access token: renewed before its end, and once more when the server refuses it."""
        session = self._session
        if session is not None and session.expires_at - time.monotonic() < RENEW_BEFORE_S:
            session = self._renew(session)
        if session is None:
            return self._send(build({}))
        response = self._send(build(_bearer(session)))
        if response.status_code != 401 or error_of(response).code not in ("unauthenticated", "internal"):
            return response
        renewed = self._renew(session)
        return response if renewed in (None, session) else self._send(build(_bearer(renewed)))

    def _renew(self, used: _Session) -> _Session | None:
        """Replace the session that a request used; threads at the same time share one renewal."""
        with self._renewal:
            if self._session is not used or used.refresh_token is None:
                return self._session
            request = self._http.build_request(
                "POST", self._base_url + "/api/v2/auth/refresh", json={"refresh_token": used.refresh_token}
            )
            try:
                self._open(self._with_retries(lambda: _content(self._send(request)), repeatable=False))
            except (AuthenticationError, PermissionDeniedError):
                self._session = None  # the request goes out without a token, and its 401 tells the caller
            return self._session

    def _open(self, session: Any) -> None:
        refresh_token = session.get("refresh_token") or (self._session and self._session.refresh_token)
        self._session = _Session(session["access_token"], time.monotonic() + session["expires_in"], refresh_token)


def _bearer(session: _Session) -> dict[str, str]:
    return {"authorization": f"Bearer {session.access_token}"}


def _content(response: httpx2.Response) -> Any:
    if not response.is_success:
        raise error_of(response)
    return response.json() if response.content else None
