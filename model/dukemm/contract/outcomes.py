"""One confirmed outcome, a line of a shard (`TrainingExample` in contracts/entities/training.ts)."""

import dataclasses
import json

from msgspec import UNSET

from dukemm.contract.invocation import item_of
from dukemm.contract.messages import TrainingExample
from dukemm.contract.rules import check_labels, check_number
from dukemm.contract.trainable import answer_fault
from dukemm.contract.validation import invalid, read_message
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import DEFAULT_ENCODING
from dukemm.domain.outcomes import Outcome

#: Optional fields of a line, and their values in an outcome if the line lacks them.
_ABSENT = {"labels": (), "target": None, "expected": None, "model_version": None, "price_satoshis": None}


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
        return _outcome(read_message(line, TrainingExample, "the line"))
    except DukeMMError as error:
        raise DukeMMError(error.code, f"{place}: {error.message}") from error


def _outcome(row: TrainingExample) -> Outcome:
    values = {name: getattr(row, name) for name in row.__struct_fields__}
    values = {**_ABSENT, **{name: value for name, value in values.items() if value is not UNSET}}
    labels = tuple(values["labels"])
    check_labels(labels, "labels")
    check_number(row.prediction, "prediction")
    if row.expected is not UNSET and (fault := answer_fault(row.kind, labels, row.expected)) is not None:
        raise invalid("expected", fault)
    return Outcome(**{**values, "labels": labels, "item": item_of(row.item, "item")})
