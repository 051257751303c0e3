"""What the client raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    from dukenet.models import File, Problem


class DukeNetError(Exception):
    """Base of everything that the client raises on its own."""


class ApiError(DukeNetError):
    """A request without its documented success: the server's problem+json, or the equivalent for a lost answer."""

    def __init__(self, problem: Problem, retry_after: float | None = None) -> None:
        super().__init__(f"{problem['status']} {problem['code']}: {problem['detail'] or problem['title']}")
        self.problem = problem
        self.code: str = problem["code"]
        """Stable identifier of the error type, for example `insufficient_funds`."""
        self.status: int = problem["status"]
        """The HTTP status; 0 where no answer arrived."""
        self.retry_after = retry_after
        """Seconds to wait before the next attempt, where the server names them."""


class UnreachableError(ApiError):
    """No answer arrived."""


class AuthenticationError(ApiError):
    """401: the token, the password or the refresh token is refused."""


class InsufficientFundsError(ApiError):
    """402: the balance does not cover the price; nothing is held."""


class PermissionDeniedError(ApiError):
    """403: the role or the account may not do this."""


class NotFoundError(ApiError):
    """404: it does not exist, or you may not see it."""


class ConflictError(ApiError):
    """409: the current state does not allow this."""


class ValidationError(ApiError):
    """422: the request is not as documented; `problem["errors"]` names the fields."""


class ThrottledError(ApiError):
    """429: too many requests; nothing was done."""


class ServerError(ApiError):
    """5xx: something went wrong on the side of the service."""


class TaskTimeoutError(DukeNetError):
    """A task did not end in time. It goes on."""

    def __init__(self, task_id: str, timeout: float) -> None:
        super().__init__(f"Task {task_id} did not end within {timeout:g} s.")
        self.task_id = task_id


class FileRejectedError(DukeNetError):
    """The inspection rejected an uploaded file."""

    def __init__(self, file: File) -> None:
        reason = file.get("rejected_reason") or "no reason given"
        super().__init__(f"The file {file['filename']} was rejected: {reason}.")
        self.file = file


_BY_STATUS: dict[int, type[ApiError]] = {
    401: AuthenticationError,
    402: InsufficientFundsError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: ValidationError,
    429: ThrottledError,
}
# Statuses that the gateway answers itself, without problem+json.
_GATEWAY_CODES = {413: "body_too_large", 429: "throttled", 502: "unavailable", 503: "unavailable", 504: "unavailable"}


def error_of(response: httpx2.Response) -> ApiError:
    """Turn an answer that is no success into its exception."""
    status = response.status_code
    kind = ServerError if status >= 500 else _BY_STATUS.get(status, ApiError)
    return kind(_problem_of(response), _retry_after(response))


def unreachable(cause: httpx2.TransportError) -> UnreachableError:
    """The exception for a request that no answer came to."""
    return UnreachableError(_problem(0, "unreachable", f"DukeNET cannot be reached: {cause}"))


def _problem_of(response: httpx2.Response) -> Problem:
    try:
        body = response.json()
    except ValueError:  # the gateway and the storage do not answer problem+json
        body = None
    if isinstance(body, dict) and "code" in body and "title" in body:
        return body  # type: ignore[return-value]  # checked as far as it is used
    code = _GATEWAY_CODES.get(response.status_code, "internal")
    return _problem(response.status_code, code, f"The request failed with status {response.status_code}.")


def _problem(status: int, code: str, detail: str) -> Problem:
    return {
        "type": "about:blank",
        "title": "The request failed",
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": "",
    }


def _retry_after(response: httpx2.Response) -> float | None:
    """Seconds of a Retry-After header; the form with a date is not used by this API."""
    try:
        return float(response.headers.get("retry-after", ""))
    except ValueError:
        return None
