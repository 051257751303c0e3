"""Request and answer of POST /invocations: the Python side of contracts/serving/invocation.ts.

`test/contract/invocation.json` holds samples that both sides parse in their tests.
"""

import logging
import re
from dataclasses import dataclass
from typing import Any, TypedDict

from dukemm.contract.limits import (
    MAX_CELL,
    MAX_DESCRIPTION,
    MAX_FIELD_NAME,
    MAX_FIELDS,
    MAX_ITEM_ID,
    MAX_ITEMS,
    MAX_LABEL,
    MAX_LABELS,
    MAX_NUMBER,
)
from dukemm.contract.validation import invalid, json_of, object_of, sha256_of, text_of, whole_of
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import DEFAULT_ENCODING, Item, LabelledItem, Medium
from dukemm.domain.tasks import Kind

#: A set of more labels says nothing, and 250 items must fit into an answer of 6 MB.
MAX_LABEL_SET = 20

log = logging.getLogger("dukemm")
_VERSION = re.compile(r"(?:^|,)\s*version=([1-9][0-9]{0,8})\s*(?:,|$)")


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
    #: What the buyer confirmed in earlier tasks of the same question.
    recalled: ExamplesAt | None
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
    label_set: list[str]
    interval: tuple[float, float]
    explanation: dict[str, Any]


def version_of(custom_attributes: str | None) -> str:
    """`version=3` → "3". Raises DukeMMError invalid_request."""
    found = _VERSION.search(custom_attributes or "")
    if not found:
        raise DukeMMError("invalid_request", "X-Amzn-SageMaker-Custom-Attributes must name the model: version=<n>")
    return found.group(1)


def parse_request(body: bytes) -> Request:
    """Strictly: a field that is not in the contract is an error. Raises DukeMMError invalid_request."""
    data = object_of(json_of(body), "body", {"task", "items"}, {"examples", "recalled"})
    task = object_of(data["task"], "task", {"id", "family", "kind", "description"}, {"labels", "target"})
    items = data["items"]
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_ITEMS:
        raise invalid("items", f"a list of 1 to {MAX_ITEMS}")
    kind = task["kind"]
    if kind not in ("classification", "regression", "generation"):
        raise invalid("task.kind", "classification, regression or generation")
    return Request(
        task_id=text_of(task["id"], "task.id", 64),
        family=text_of(task["family"], "task.family", 256),
        kind=kind,
        description=text_of(task["description"], "task.description", MAX_DESCRIPTION),
        labels=parse_labels(task.get("labels"), "task.labels"),
        target=None if task.get("target") is None else text_of(task["target"], "task.target", MAX_FIELD_NAME),
        examples=_examples_at(data.get("examples"), "examples"),
        recalled=_examples_at(data.get("recalled"), "recalled"),
        items=tuple(parse_item(item, f"items.{i}") for i, item in enumerate(items)),
    )


def parse_examples(lines: bytes, expected_count: int) -> list[LabelledItem]:
    """JSON lines of examples. Raises DukeMMError invalid_request."""
    examples = [_example(line, f"examples.{i}") for i, line in enumerate(_filled(lines))]
    if len(examples) != expected_count:
        raise DukeMMError("invalid_request", f"{len(examples)} examples were found where {expected_count} were announced")
    return examples


def parse_recalled(lines: bytes) -> list[LabelledItem]:
    """JSON lines of what was confirmed earlier, by whatever rules held then: a line that these refuse is left out."""
    examples = []
    for i, line in enumerate(_filled(lines)):
        try:
            examples.append(_example(line, f"recalled.{i}"))
        except DukeMMError as error:
            log.warning("recalled line left out", extra={"detail": error.message})
    return examples


def _filled(lines: bytes) -> list[bytes]:
    return [line for line in lines.split(b"\n") if line.strip()]


def _example(line: bytes, path: str) -> LabelledItem:
    data = object_of(json_of(line), path, {"id", "fields", "expected"}, {"media"})
    expected = data.pop("expected")
    if isinstance(expected, bool) or not isinstance(expected, str | int | float):
        raise invalid(f"{path}.expected", "a text or a number")
    check_cell(expected, f"{path}.expected")
    return LabelledItem(parse_item(data, path), expected)


def parse_labels(value: Any, path: str) -> tuple[str, ...]:
    """The labels of a task, () where it names none. Raises DukeMMError invalid_request."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_LABELS:
        raise invalid(path, f"a list of at most {MAX_LABELS}")
    labels = tuple(text_of(label, f"{path}.{i}", MAX_LABEL) for i, label in enumerate(value))
    if len(set(labels)) != len(labels):
        raise invalid(path, "each label once")
    return labels


def _examples_at(value: Any, path: str) -> ExamplesAt | None:
    if value is None:
        return None
    data = object_of(value, path, {"uri", "sha256", "count"}, set())
    count = whole_of(data["count"], f"{path}.count")
    return ExamplesAt(text_of(data["uri"], f"{path}.uri", 2048), sha256_of(data["sha256"], f"{path}.sha256"), count)


def parse_item(value: Any, path: str) -> Item:
    """One item (`ItemPayload`). Raises DukeMMError invalid_request naming the place."""
    data = object_of(value, path, {"id", "fields"}, {"media"})
    fields = data["fields"]
    if not isinstance(fields, dict) or len(fields) > MAX_FIELDS:
        raise invalid(f"{path}.fields", f"an object of at most {MAX_FIELDS} fields")
    for name, cell in fields.items():
        check_cell(cell, f"{path}.fields.{name[:80]}")
    media = data.get("media") or {}
    if not isinstance(media, dict):
        raise invalid(f"{path}.media", "an object")
    return Item(
        id=text_of(data["id"], f"{path}.id", MAX_ITEM_ID),
        fields=fields,
        media={name: _medium(medium, f"{path}.media.{name[:80]}") for name, medium in media.items()},
    )


def check_cell(cell: Any, path: str) -> None:
    """What a field may hold. Raises DukeMMError invalid_request."""
    if cell is not None and not isinstance(cell, str | bool | int | float):
        raise invalid(path, "a text, a number, true, false or null")
    if isinstance(cell, str) and len(cell) > MAX_CELL:
        raise invalid(path, f"at most {MAX_CELL} characters")
    if isinstance(cell, int | float) and not abs(cell) <= MAX_NUMBER:
        raise invalid(path, f"a finite number of at most {MAX_NUMBER:g}")


def _medium(value: Any, path: str) -> Medium:
    data = object_of(value, path, {"uri", "file_type", "sha256", "size_bytes"}, {"encoding"})
    return Medium(
        text_of(data["uri"], f"{path}.uri", 2048),
        text_of(data["file_type"], f"{path}.file_type", 40),
        sha256_of(data["sha256"], f"{path}.sha256"),
        whole_of(data["size_bytes"], f"{path}.size_bytes"),
        text_of(data.get("encoding", DEFAULT_ENCODING), f"{path}.encoding", 40),
    )
