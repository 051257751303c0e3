"""Reading JSON strictly: what is not in the contract is an error that names its place."""

import json
import re
from typing import Any

from dukemm.domain.errors import DukeMMError

_SHA256 = re.compile(r"[0-9a-f]{64}")


def invalid(path: str, wanted: str) -> DukeMMError:
    """The error for a value at `path` that is not `wanted`."""
    return DukeMMError("invalid_request", f"{path}: {wanted}")


def json_of(text: bytes, what: str = "the body") -> Any:
    """NaN and infinities are not JSON. Raises DukeMMError invalid_request."""

    def refuse(constant: str) -> float:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise DukeMMError("invalid_request", f"{what} is not JSON: {error}") from error


def object_of(value: Any, path: str, required: set[str], optional: set[str]) -> dict[str, Any]:
    """An object with these fields and no others, copied."""
    if not isinstance(value, dict):
        raise invalid(path, "an object")
    if missing := required - value.keys():
        raise invalid(path, f"{', '.join(sorted(missing))} missing")
    if unknown := value.keys() - required - optional:
        raise invalid(path, f"unknown field {sorted(unknown)[0]}")
    return dict(value)


def text_of(value: Any, path: str, longest: int) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise invalid(path, f"a text of 1 to {longest} characters")
    return value


def whole_of(value: Any, path: str, least: int = 0) -> int:
    """A whole number, `true` is none."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise invalid(path, f"a whole number of at least {least}")
    return value


def sha256_of(value: Any, path: str) -> str:
    """A hash as the contracts write it."""
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise invalid(path, "a SHA-256 in lower-case hex")
    return value
