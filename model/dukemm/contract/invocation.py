"""The request of POST /invocations and the examples that it names (contracts/serving/invocation.ts)."""

import logging
import re
from dataclasses import dataclass, field
from typing import TypeVar

from msgspec import UNSET, UnsetType

from dukemm.contract import messages
from dukemm.contract.messages import ExamplesAt
from dukemm.contract.rules import check_labels, check_number, check_numbers
from dukemm.contract.validation import read_message
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import DEFAULT_ENCODING, Item, LabelledItem, Medium
from dukemm.domain.tasks import Kind, LabelOptions

log = logging.getLogger("dukemm")
_VERSION = re.compile(r"(?:^|,)\s*version=([1-9][0-9]{0,8})\s*(?:,|$)")
T = TypeVar("T")


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
    #: Of a classification.
    options: LabelOptions = field(default_factory=LabelOptions)


def version_of(custom_attributes: str | None) -> str:
    """`version=3` → "3". Raises DukeMMError invalid_request."""
    found = _VERSION.search(custom_attributes or "")
    if not found:
        raise DukeMMError("invalid_request", "X-Amzn-SageMaker-Custom-Attributes must name the model: version=<n>")
    return found.group(1)


def parse_request(body: bytes) -> Request:
    """Strictly: a field that is not in the contract is an error. Raises DukeMMError invalid_request."""
    request = read_message(body, messages.InvocationRequest)
    task = request.task
    labels = tuple(value_or(task.labels, ()))
    check_labels(labels, "task.labels")
    return Request(
        task_id=task.id,
        family=task.family,
        kind=task.kind,
        description=task.description,
        labels=labels,
        target=value_or(task.target, None),
        options=LabelOptions.of(value_or(task.label_descriptions, {}), value_or(task.class_weight, None)),
        examples=value_or(request.examples, None),
        recalled=value_or(request.recalled, None),
        items=tuple(item_of(item, f"items.{i}") for i, item in enumerate(request.items)),
    )


def parse_examples(lines: bytes, expected_count: int) -> list[LabelledItem]:
    """JSON lines of examples. Raises DukeMMError invalid_request."""
    examples = [_example(line, f"examples.{i}") for i, line in enumerate(_filled(lines))]
    if len(examples) != expected_count:
        raise DukeMMError("invalid_request", f"{len(examples)} examples were found where {expected_count} were announced")
    return examples


def parse_recalled(lines: bytes) -> list[LabelledItem]:
    """JSON lines of items confirmed earlier, by the rules of that time: a line that is not valid now is left out."""
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
    try:
        example = read_message(line, messages.ExamplePayload, "the line")
        check_number(example.expected, "expected")
        return LabelledItem(item_of(example), example.expected)
    except DukeMMError as error:
        raise DukeMMError(error.code, f"{path}: {error.message}") from error


def item_of(item: messages.Item | messages.ExamplePayload, path: str = "") -> Item:
    """The item of a message. `path` begins the place of an error. Raises DukeMMError invalid_request."""
    check_numbers(item.fields, f"{path}.fields" if path else "fields")
    media = value_or(item.media, {})
    return Item(item.id, item.fields, {name: _medium(medium) for name, medium in media.items()})


def _medium(medium: messages.ItemMedium) -> Medium:
    encoding = value_or(medium.encoding, DEFAULT_ENCODING)
    return Medium(medium.uri, medium.file_type, medium.sha256, medium.size_bytes, encoding)


def value_or(value: T | UnsetType, default: T) -> T:
    """The value of an optional field; `default` if the message lacks it."""
    return default if value is UNSET else value
