"""Errors that a caller receives. Codes are those of contracts/serving/invocation.ts."""

from typing import Literal

Code = Literal["invalid_request", "unsupported", "unknown_version", "artifact_invalid", "warming", "overloaded", "internal"]

STATUS: dict[Code, int] = {
    "invalid_request": 400,
    "unsupported": 400,
    "unknown_version": 404,
    "artifact_invalid": 500,
    "warming": 503,
    "overloaded": 503,
    "internal": 500,
}


class DukeMMError(Exception):
    """An error with a code for the caller; `retry_after_seconds` if a retry makes sense."""

    def __init__(self, code: Code, message: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message
        self.retry_after_seconds = retry_after_seconds

    @property
    def status(self) -> int:
        """HTTP status of this error."""
        return STATUS[self.code]


class MissingContentError(DukeMMError):
    """The content at an address in a request does not exist, or no longer exists."""

    def __init__(self, uri: str) -> None:
        super().__init__("invalid_request", f"there is nothing at {uri[:200]}")
