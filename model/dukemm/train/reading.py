"""Encodes the items of a family for its experts and its network."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from dukemm.config import ModelConfig
from dukemm.contract.unusable import Unusable
from dukemm.domain.encoded import EncodedItem
from dukemm.domain.errors import DukeMMError
from dukemm.domain.labels import label_texts
from dukemm.encoders.items import ItemEncoder
from dukemm.encoders.pool import Encoders
from dukemm.media.text import without_control
from dukemm.train.ensemble import FamilyInput
from dukemm.train.families import FamilyData

Progress = Callable[[dict[str, Any]], None]

#: Error codes caused by a row's content; every other code is a fault of this machine and ends the run.
CONTENT_ERRORS = ("invalid_request", "unsupported")


def read_family(
    family: FamilyData,
    items: ItemEncoder,
    model: ModelConfig,
    encoders: Encoders,
    progress: Progress,
    unusable: Unusable,
) -> FamilyInput | None:
    """Encode a family; None, and recorded in `unusable`, if too few of its items can be read.

    Raises DukeMMError for a fault of this machine (overloaded, warming, internal).
    """
    started = time.monotonic()
    try:
        readable, encoded = _encoded(family, items, unusable)
        total = len(family.outcomes)
        family = family.rows(readable)
        if not family.is_enough:
            lost = f"{total - len(encoded)} of {total} outcomes cannot be read any more, and the others are too few"
            unusable.family(family.name, lost, total)
            return None
        text = encoders.text(model.text_encoder)
        meanings = [without_control(meaning) for meaning in label_texts(family.labels, family.description)]
        instruction = text.vectors([without_control(family.description)], float("inf"))[0]
        vectors = text.vectors(meanings, float("inf")) if meanings else np.zeros((0, len(instruction)), np.float32)
    except DukeMMError:
        raise
    except Exception as error:
        unusable.broken(family.name, "its items could not be encoded", error, len(family.outcomes))
        return None
    spent = round(time.monotonic() - started, 3)
    progress({"event": "encoded", "family": family.name, "rows": len(encoded), "seconds": spent})
    return FamilyInput(family, encoded, instruction, vectors)


def _encoded(family: FamilyData, items: ItemEncoder, unusable: Unusable) -> tuple[np.ndarray, list[EncodedItem]]:
    """Indices and encodings of the rows that can still be read: files may have been deleted since."""
    rows = [outcome.item for outcome in family.outcomes]
    try:
        return np.arange(len(rows)), items.encode(rows, float("inf"))
    except DukeMMError as error:
        if error.code not in CONTENT_ERRORS:
            raise
    encoded: dict[int, EncodedItem] = {}
    for index, row in enumerate(rows):
        try:
            encoded[index] = items.encode([row], float("inf"))[0]
        except DukeMMError as error:
            if error.code not in CONTENT_ERRORS:
                raise
    unusable.outcomes(family.name, "a file of the item cannot be read any more", len(rows) - len(encoded))
    return np.array(list(encoded), np.int64), list(encoded.values())
