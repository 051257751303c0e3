"""One confirmed outcome, a line of a shard: the Python side of `TrainingExample` in contracts/entities/training.ts.

`test/contract/manifest.json` holds samples that both sides parse in their tests.
"""

import dataclasses
import json
import re
from datetime import datetime
from typing import Any

from dukemm.contract.invocation import check_cell, parse_item, parse_labels
from dukemm.contract.trainable import answer_fault
from dukemm.contract.validation import invalid, json_of, object_of, text_of
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import DEFAULT_ENCODING
from dukemm.domain.outcomes import Outcome

_REQUIRED = {
    "id",
    "task_id",
    "result_id",
    "buyer_id",
    "family",
    "kind",
    "description",
    "item",
    "prediction",
    "confidence",
    "success",
    "label_source",
    "weight",
    "agent_name",
    "created_at",
}
_OPTIONAL = {"labels", "target", "expected", "model_version"}
_KINDS = ("classification", "regression", "generation")
_SOURCES = ("correction", "accepted", "auto_accepted", "refused")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z")
_VERSION = re.compile(r"[1-9][0-9]{0,8}")
#: `<result>#<item>`.
_LONGEST_ID = 400


def outcome_line(outcome: Outcome) -> bytes:
    """An outcome as one JSON line; absent fields and default encodings are left out."""
    row = {name: value for name, value in dataclasses.asdict(outcome).items() if value is not None}
    row["confidence"] = outcome.confidence
    if not outcome.labels:
        del row["labels"]
    if not outcome.item.media:
        del row["item"]["media"]
    for medium in row["item"].get("media", {}).values():
        if medium["encoding"] == DEFAULT_ENCODING:
            del medium["encoding"]
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def parse_outcome(line: bytes, place: str) -> Outcome:
    """One line of a shard; `place` («train-00.jsonl:17») begins every message. Raises DukeMMError invalid_request."""
    try:
        return _outcome(json_of(line, "the line"))
    except DukeMMError as error:
        raise DukeMMError(error.code, f"{place}: {error.message}") from error


def _outcome(value: Any) -> Outcome:
    row = object_of(value, "row", _REQUIRED, _OPTIONAL)
    kind, source = row["kind"], row["label_source"]
    if kind not in _KINDS:
        raise invalid("kind", ", ".join(_KINDS))
    if source not in _SOURCES:
        raise invalid("label_source", ", ".join(_SOURCES))
    if not isinstance(row["success"], bool):
        raise invalid("success", "true or false")
    version = row.get("model_version")
    labels = parse_labels(row.get("labels"), "labels")
    expected = _answer(row["expected"], "expected") if "expected" in row else None
    if expected is not None and (fault := answer_fault(kind, labels, expected)) is not None:
        raise invalid("expected", fault)
    return Outcome(
        id=text_of(row["id"], "id", _LONGEST_ID),
        task_id=_match(row["task_id"], "task_id", _UUID),
        result_id=_match(row["result_id"], "result_id", _UUID),
        buyer_id=_match(row["buyer_id"], "buyer_id", _UUID),
        family=text_of(row["family"], "family", 256),
        kind=kind,
        description=text_of(row["description"], "description", 4000),
        labels=labels,
        target=None if "target" not in row else text_of(row["target"], "target", 200),
        item=parse_item(row["item"], "item"),
        expected=expected,
        prediction=_answer(row["prediction"], "prediction"),
        confidence=None if row["confidence"] is None else _share(row["confidence"], "confidence"),
        success=row["success"],
        label_source=source,
        weight=_share(row["weight"], "weight"),
        agent_name=text_of(row["agent_name"], "agent_name", 80),
        model_version=None if version is None else _match(version, "model_version", _VERSION),
        created_at=_time(row["created_at"], "created_at"),
    )


def _match(value: Any, path: str, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise invalid(path, f"a text of the form {pattern.pattern}")
    return value


def _time(value: Any, path: str) -> str:
    text = _match(value, path, _TIME)
    try:
        datetime.fromisoformat(text.removesuffix("Z").partition(".")[0])
    except ValueError as error:
        raise invalid(path, "a day and a time that exist") from error
    return text


def _answer(value: Any, path: str) -> str | float:
    """A text of at most MAX_CELL characters, or a finite number."""
    if value is None or isinstance(value, bool):
        raise invalid(path, "a text or a number")
    check_cell(value, path)
    return value


def _share(value: Any, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise invalid(path, "a number from 0 to 1")
    return float(value)
