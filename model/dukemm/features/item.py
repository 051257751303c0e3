"""One item as the classifier sees it: texts, numbers and categories."""

import math
from dataclasses import dataclass

from dukemm.features.clean import readable, without_control

Value = str | float | int | bool | None

#: A text of one word or a few, such as a cell of a table, is a category as well.
CATEGORY_CHARACTERS = 40


@dataclass(frozen=True)
class ItemViews:
    """Views of one item."""

    #: All texts, as they are, with the name of each field where there are several.
    raw: str
    #: The same, as a person would read it.
    clean: str
    #: Finite numbers by field; booleans are 0 and 1.
    numbers: dict[str, float]
    #: `field=value` of short texts and booleans.
    categories: tuple[str, ...]


def views_of(fields: dict[str, Value], texts: dict[str, str]) -> ItemViews:
    """Split an item's fields and its text media by what they are; missing and non-finite values are left out."""
    numbers: dict[str, float] = {}
    categories: list[str] = []
    pieces: dict[str, str] = {}
    for name, value in {**fields, **texts}.items():
        if value is None:
            continue
        if isinstance(value, bool):
            numbers[name] = float(value)
            categories.append(f"{name}={value}".lower())
        elif isinstance(value, int | float):
            if math.isfinite(value):
                numbers[name] = float(value)
        else:
            text = without_control(value)
            if text.strip():
                pieces[name] = text
            if len(text) <= CATEGORY_CHARACTERS:
                categories.append(f"{name}={text.strip().lower()}")
    return ItemViews(
        raw=_joined(pieces),
        clean=_joined({name: readable(text) for name, text in pieces.items()}),
        numbers=numbers,
        categories=tuple(categories),
    )


def _joined(pieces: dict[str, str]) -> str:
    if len(pieces) == 1:
        return next(iter(pieces.values()))
    return "\n".join(f"{name}: {text}" for name, text in pieces.items())
