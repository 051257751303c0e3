"""Request and answer of POST /invocations: the Python side of contracts/serving/invocation.ts.

`test/contract/invocation.json` holds samples that both sides parse in their tests.
"""

import json
import math
import re
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from dukemm.errors import DukeMMError
from dukemm.features.item import Value

MAX_ITEMS = 250
MAX_FIELDS = 500
MAX_CELL = 1_000_000
MAX_LABELS = 200

_SHA256 = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"(?:^|,)\s*version=([1-9][0-9]{0,8})\s*(?:,|$)")

Kind = Literal["classification", "regression", "generation"]


@dataclass(frozen=True)
class Medium:
    """A file of an item, in S3."""

    uri: str
    file_type: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Item:
    """One thing to answer."""

    id: str
    fields: dict[str, Value]
    media: dict[str, Medium]


@dataclass(frozen=True)
class Example:
    """An item with its answer."""

    item: Item
    expected: str | float | int


@dataclass(frozen=True)
class ExamplesAt:
    """Where a task's examples lie: JSON lines in S3."""

    uri: str
    sha256: str
    count: int


@dataclass(frozen=True)
class Request:
    """One invocation."""

    task_id: str
    family: str
    kind: Kind
    description: str
    labels: tuple[str, ...]
    target: str | None
    examples: ExamplesAt | None
    items: tuple[Item, ...]


class Alternative(TypedDict):
    """A label with its probability."""

    label: str
    probability: float


class Prediction(TypedDict, total=False):
    """The answer to one item."""

    id: str
    prediction: str | float
    confidence: float
    alternatives: list[Alternative]
    explanation: dict[str, Any]


def version_of(custom_attributes: str | None) -> str:
    """`version=3` → "3". Raises DukeMMError invalid_request."""
    found = _VERSION.search(custom_attributes or "")
    if not found:
        raise DukeMMError("invalid_request", "X-Amzn-SageMaker-Custom-Attributes must name the model: version=<n>")
    return found.group(1)


def parse_request(body: bytes) -> Request:
    """Strictly: a field that is not in the contract is an error. Raises DukeMMError invalid_request."""
    data = _object(_json(body), "body", {"task", "items"}, {"examples"})
    task = _object(data["task"], "task", {"id", "family", "kind", "description"}, {"labels", "target"})
    items = data["items"]
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_ITEMS:
        raise _invalid("items", f"a list of 1 to {MAX_ITEMS}")
    kind = task["kind"]
    if kind not in ("classification", "regression", "generation"):
        raise _invalid("task.kind", "classification, regression or generation")
    return Request(
        task_id=_text(task["id"], "task.id", 64),
        family=_text(task["family"], "task.family", 256),
        kind=kind,
        description=_text(task["description"], "task.description", 4000),
        labels=_labels(task.get("labels")),
        target=None if task.get("target") is None else _text(task["target"], "task.target", 200),
        examples=None if data.get("examples") is None else _examples_at(data["examples"]),
        items=tuple(_item(item, f"items.{i}") for i, item in enumerate(items)),
    )


def parse_examples(lines: bytes, expected_count: int) -> list[Example]:
    """JSON lines of examples. Raises DukeMMError invalid_request."""
    examples = []
    for i, line in enumerate(line for line in lines.split(b"\n") if line.strip()):
        data = _object(_json(line), f"examples.{i}", {"id", "fields", "expected"}, {"media"})
        expected = data.pop("expected")
        if isinstance(expected, bool) or not isinstance(expected, str | int | float):
            raise _invalid(f"examples.{i}.expected", "a text or a number")
        examples.append(Example(_item(data, f"examples.{i}"), expected))
    if len(examples) != expected_count:
        raise DukeMMError("invalid_request", f"{len(examples)} examples were found where {expected_count} were announced")
    return examples


def _invalid(path: str, wanted: str) -> DukeMMError:
    return DukeMMError("invalid_request", f"{path}: {wanted}")


def _json(text: bytes) -> Any:
    def refuse(constant: str) -> float:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise DukeMMError("invalid_request", f"the body is not JSON: {error}") from error


def _object(value: Any, path: str, required: set[str], optional: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _invalid(path, "an object")
    if missing := required - value.keys():
        raise _invalid(path, f"{', '.join(sorted(missing))} missing")
    if unknown := value.keys() - required - optional:
        raise _invalid(path, f"unknown field {sorted(unknown)[0]}")
    return dict(value)


def _text(value: Any, path: str, longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise _invalid(path, f"a text of 1 to {longest} characters")
    return value


def _labels(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_LABELS:
        raise _invalid("task.labels", f"a list of at most {MAX_LABELS}")
    labels = tuple(_text(label, f"task.labels.{i}", 200) for i, label in enumerate(value))
    if len(set(labels)) != len(labels):
        raise _invalid("task.labels", "each label once")
    return labels


def _examples_at(value: Any) -> ExamplesAt:
    data = _object(value, "examples", {"uri", "sha256", "count"}, set())
    if not isinstance(data["count"], int) or isinstance(data["count"], bool) or data["count"] < 0:
        raise _invalid("examples.count", "a whole number")
    return ExamplesAt(_text(data["uri"], "examples.uri", 2048), _sha256(data["sha256"], "examples.sha256"), data["count"])


def _sha256(value: Any, path: str) -> str:
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise _invalid(path, "a SHA-256 in lower-case hex")
    return value


def _item(value: Any, path: str) -> Item:
    data = _object(value, path, {"id", "fields"}, {"media"})
    fields = data["fields"]
    if not isinstance(fields, dict) or len(fields) > MAX_FIELDS:
        raise _invalid(f"{path}.fields", f"an object of at most {MAX_FIELDS} fields")
    for name, cell in fields.items():
        _check_cell(cell, f"{path}.fields.{name[:80]}")
    media = _object(data.get("media") or {}, f"{path}.media", set(), set((data.get("media") or {}).keys()))
    return Item(
        id=_text(data["id"], f"{path}.id", 256),
        fields=fields,
        media={name: _medium(medium, f"{path}.media.{name[:80]}") for name, medium in media.items()},
    )


def _check_cell(cell: Any, path: str) -> None:
    if cell is not None and not isinstance(cell, str | bool | int | float):
        raise _invalid(path, "a text, a number, true, false or null")
    if isinstance(cell, str) and len(cell) > MAX_CELL:
        raise _invalid(path, f"at most {MAX_CELL} characters")
    if isinstance(cell, int | float) and not math.isfinite(cell if abs(cell) < 1e300 else math.inf):
        raise _invalid(path, "a finite number")


def _medium(value: Any, path: str) -> Medium:
    data = _object(value, path, {"uri", "file_type", "sha256", "size_bytes"}, set())
    if not isinstance(data["size_bytes"], int) or data["size_bytes"] < 0:
        raise _invalid(f"{path}.size_bytes", "a whole number")
    return Medium(
        _text(data["uri"], f"{path}.uri", 2048),
        _text(data["file_type"], f"{path}.file_type", 40),
        _sha256(data["sha256"], f"{path}.sha256"),
        data["size_bytes"],
    )
