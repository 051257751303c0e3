"""Encoded items: the input of every learner and of every answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

#: A text up to this long, such as a cell of a table, counts as an attribute as well.
ATTRIBUTE_CHARACTERS = 80
#: Characters of an item that explanations quote.
EXCERPT_CHARACTERS = 200

MediumKind = Literal["image", "audio"]


@dataclass(frozen=True)
class ItemViews:
    """What an item's fields and text files say, read but not yet encoded."""

    #: Readable texts of all fields, in the order of their names.
    text: str
    #: Input of the text encoder: the same, tidied; for an item without texts, its numbers written out.
    meaning: str
    #: `name=word` of short texts, booleans and headers.
    attributes: tuple[str, ...]
    #: See media/text_shape.py; empty for short texts.
    shape: tuple[float, ...]
    #: Finite numbers by field; booleans are 0 and 1.
    numbers: Mapping[str, float]
    #: Every field as it is written, in the order of their names: what extraction copies from.
    source: Mapping[str, str] = field(default_factory=dict)
    #: Cells of category columns by column; empty until a schema of the table has been applied (features/table_schema.py).
    categories: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MediumFeatures:
    """An image or a sound, encoded. Documents (pdf, json, text) have none: they are read into the item's fields."""

    kind: MediumKind
    #: (t, width) tokens of the frozen encoder; t is small, and the same for all media of one encoder.
    tokens: NDArray[np.float32]
    #: Vectors of fixed length by name: "embedding" of the encoder, the others computed without learned weights.
    descriptors: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)


@dataclass(frozen=True)
class EncodedItem:
    """An item's views, the unit-length embedding of its meaning, (width,), and the features of its media by name."""

    views: ItemViews
    vector: NDArray[np.float32]
    media: Mapping[str, MediumFeatures] = field(default_factory=dict)
    #: Unit-length embedding by the multilingual encoder, (its width,); None if the version has none.
    multilingual: NDArray[np.float32] | None = None
    #: How far the text encoder reads the text's language: 1 for its own, 0 for others.
    readability: float = 1.0


@dataclass(frozen=True)
class EncodedExample:
    """An example of a task with its answer."""

    id: str
    expected: str | float
    encoded: EncodedItem
    #: `content_digest` of its item; empty if it does not matter whether the family was trained on it.
    digest: str = ""


def excerpt_of(item: EncodedItem) -> str:
    """The beginning of what the text encoder reads of an item."""
    text = item.views.meaning
    return text if len(text) <= EXCERPT_CHARACTERS else text[: EXCERPT_CHARACTERS - 1] + "…"
