"""Reads JSON into the generated message classes. Errors name the place and what was expected there."""

import json
import re
import sys
from typing import Any, TypeVar

import msgspec

from dukemm.domain.errors import DukeMMError

#: Characters of a name of the sender that a message repeats.
MAX_NAME_CHARACTERS = 80

_PATH = re.compile(r"(?P<reason>.*) - at `\$(?P<path>.*)`", re.DOTALL)
#: As many characters as there are surrogates.
_BLOCK = 0x800
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_STEP = re.compile(r"\.(?P<name>\w+)|\[(?P<index>\d+)\]|\[(?P<any>\.\.\.)\]")


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the generated classes. Fields that are not in the contract are errors."""


M = TypeVar("M", bound=Message)


def invalid(path: str, reason: str) -> DukeMMError:
    """The error for the value at `path`."""
    return DukeMMError("invalid_request", f"{path}: {reason}")


def read_json(text: bytes, what: str = "the body") -> Any:
    """NaN and infinities are not JSON. Raises DukeMMError invalid_request."""

    def refuse(constant: str) -> float:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise DukeMMError("invalid_request", f"{what} is not JSON: {error}") from error


def read_message(text: bytes, kind: type[M], what: str = "the body") -> M:
    """A message of this class. Raises DukeMMError invalid_request.

    msgspec parses and validates in one step, but refuses lone surrogates, which the contract allows, and does not name keys
    of dictionaries in errors. What it refuses is therefore parsed by `json` and validated again.
    """
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, RecursionError):
        value = read_json(text, what)
    encodable = _without_lone_surrogates(value, what)
    message = _validated(encodable, kind, what)
    return message if encodable is value else _with_texts_of(value, message)


def _without_lone_surrogates(value: Any, what: str) -> Any:
    """A copy with another character for each lone surrogate; `value` itself if it has none.

    msgspec reads texts as UTF-8, which has no lone surrogates. The others come from a block of 2048 characters that is not
    in use, so lengths stay the same, different texts stay different, and no pattern or enum accepts what it would not.
    """
    text = json.dumps(value, ensure_ascii=False)
    if not _LONE_SURROGATE.search(text):
        return value
    used = {ord(character) // _BLOCK for character in set(text)}
    free = next((block for block in range(sys.maxunicode // _BLOCK, 0, -1) if block not in used), None)
    if free is None:
        raise invalid(what, "lone surrogates in a text with characters of every block of Unicode")
    return json.loads(_LONE_SURROGATE.sub(lambda found: chr(free * _BLOCK + ord(found[0]) % _BLOCK), text))


def _with_texts_of(value: Any, message: Any) -> Any:
    """The message with the texts of `value`, the parsed JSON of the same form."""
    if isinstance(message, Message):
        fields = [field for field in msgspec.structs.fields(message) if field.encode_name in value]
        return type(message)(
            **{field.name: _with_texts_of(value[field.encode_name], getattr(message, field.name)) for field in fields}
        )
    if isinstance(message, dict):
        return {name: _with_texts_of(value[name], part) for name, part in zip(value, message.values(), strict=True)}
    if isinstance(message, list | tuple):
        return type(message)(map(_with_texts_of, value, message))
    return value if isinstance(message, str) else message


def _validated(value: Any, kind: type[M], what: str) -> M:
    """A message from parsed JSON, which is changed if it is not valid."""
    try:
        return msgspec.convert(value, type=kind)
    except msgspec.ValidationError as error:
        raise _located(error, value, kind, what) from error


def _located(error: msgspec.ValidationError, value: Any, kind: type[Message], what: str) -> DukeMMError:
    found = _PATH.fullmatch(str(error))
    if found is None:
        return invalid(what, _uncapitalized(str(error)))
    steps: list[str | int] = []
    place = value
    for step in _STEP.finditer(found["path"]):
        if step["any"]:
            steps.append(_failing_key(place, value, kind, found["path"]))
        else:
            steps.append(int(step["index"]) if step["index"] else step["name"])
        place = place[steps[-1]]
    return invalid(".".join(str(step)[:MAX_NAME_CHARACTERS] for step in steps), _uncapitalized(found["reason"]))


def _failing_key(entries: dict[str, Any], value: Any, kind: type[Message], path: str) -> str:
    """The key of `entries`, a part of `value`, whose value is not valid: found by bisection, leaving out half of them."""
    candidates = list(entries.items())
    while len(candidates) > 1:
        half = candidates[: len(candidates) // 2]
        entries.clear()
        entries.update(half)
        candidates = half if _fails_at(path, value, kind) else candidates[len(half) :]
    entries.clear()
    entries.update(candidates)
    return candidates[0][0]


def _fails_at(path: str, value: Any, kind: type[Message]) -> bool:
    try:
        msgspec.convert(value, type=kind)
    except msgspec.ValidationError as error:
        found = _PATH.fullmatch(str(error))
        return found is not None and found["path"] == path
    return False


def _uncapitalized(text: str) -> str:
    return text[:1].lower() + text[1:]
