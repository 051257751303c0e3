"""Items as a request, an example or an outcome brings them."""

import hashlib
import json
from dataclasses import dataclass

#: What a field holds.
Value = str | float | int | bool | None

#: Encoding of a text whose encoding is not named.
DEFAULT_ENCODING = "utf-8"


@dataclass(frozen=True)
class Medium:
    """A file of an item, in S3."""

    uri: str
    file_type: str
    sha256: str
    size_bytes: int
    #: Of texts: a label of the WHATWG Encoding Standard.
    encoding: str = DEFAULT_ENCODING


@dataclass(frozen=True)
class Item:
    """One thing to answer."""

    id: str
    fields: dict[str, Value]
    media: dict[str, Medium]


@dataclass(frozen=True)
class LabelledItem:
    """An item with its answer, as a task's examples and recalled items come."""

    item: Item
    expected: str | float | int


def content_digest(item: Item) -> str:
    """Hex SHA-256 of an item's fields and of its media's hashes: items with the same content have the same digest."""
    media = {name: medium.sha256 for name, medium in item.media.items()}
    whole = json.dumps([item.fields, media], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def fold_of(digest: str, folds: int) -> int:
    """Fold of an item, 0..folds-1. The same in every version, so a network member never sees its held-out items."""
    return int(digest[:12], 16) % folds
