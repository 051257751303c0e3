"""From the outcomes of a family to what its experts and its network read."""

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

#: What a row's own content can be the reason of; everything else is this machine's, and ends the run.
OWN_FAULTS = ("invalid_request", "unsupported")


def read_family(
    family: FamilyData,
    items: ItemEncoder,
    model: ModelConfig,
    encoders: Encoders,
    progress: Progress,
    unusable: Unusable,
) -> FamilyInput | None:
    """A family with its items encoded; None, and named in `unusable`, where too little of it can be read.

    Raises DukeMMError where the machine is at fault (overloaded, warming, internal).
    """
    begun = time.monotonic()
    try:
        readable, encoded = _encoded(family, items, unusable)
        whole = len(family.outcomes)
        family = family.rows(readable)
        if not family.is_enough:
            lost = f"of {whole} outcomes {whole - len(encoded)} cannot be read any more, and the others are too few"
            unusable.family(family.name, lost, whole)
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
    spent = round(time.monotonic() - begun, 3)
    progress({"event": "encoded", "family": family.name, "rows": len(encoded), "seconds": spent})
    return FamilyInput(family, encoded, instruction, vectors)


def _encoded(family: FamilyData, items: ItemEncoder, unusable: Unusable) -> tuple[np.ndarray, list[EncodedItem]]:
    """Places and encodings of the rows that can still be read: a file may have been deleted since."""
    rows = [outcome.item for outcome in family.outcomes]
    try:
        return np.arange(len(rows)), items.encode(rows, float("inf"))
    except DukeMMError as error:
        if error.code not in OWN_FAULTS:
            raise
    found: dict[int, EncodedItem] = {}
    for place, row in enumerate(rows):
        try:
            found[place] = items.encode([row], float("inf"))[0]
        except DukeMMError as error:
            if error.code not in OWN_FAULTS:
                raise
    unusable.outcomes(family.name, "a file of the item cannot be read any more", len(rows) - len(found))
    return np.array(list(found), np.int64), list(found.values())
