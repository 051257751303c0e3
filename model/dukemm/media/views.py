"""One item as the classifier sees it: readable text, attributes, shape and numbers."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from dukemm.contract.limits import MAX_NUMBER
from dukemm.domain.encoded import ATTRIBUTE_CHARACTERS, ItemViews
from dukemm.domain.items import Value
from dukemm.media.text import MAX_CHARACTERS, Reading, read, without_control
from dukemm.media.text_shape import shape_of

#: Words of one header that become attributes.
MAX_HEADER_WORDS = 12
#: An item without texts has its numbers written out for the text encoder if there are at most this many.
MAX_NAMED_NUMBERS = 4
#: Characters that a text must exceed to have a shape.
MIN_SHAPE_CHARACTERS = 200

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\s*[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?\s*")


def views_of(fields: Mapping[str, Value], texts: Mapping[str, str], max_characters: int = MAX_CHARACTERS) -> ItemViews:
    """Split an item's fields and text media by what they are; missing and non-finite values are left out.

    Of each text the first `max_characters` characters are read.
    """
    numbers: dict[str, float] = {}
    written: dict[str, str] = {}
    fields, texts = _with_clean_names(fields), _with_clean_names(texts)
    given = {**fields, **texts}
    for name, value in sorted(given.items()):
        number = _number(value)
        if number is not None:
            numbers[name] = number
        elif isinstance(value, str) and value.strip():
            written[name] = without_control(value[:max_characters])
    source = {
        name: written.get(name) or f"{value}" for name, value in sorted(given.items()) if name in written or name in numbers
    }
    readings = {name: read(text) for name, text in written.items()}
    whole = "\n".join(written.values())
    return ItemViews(
        text="\n".join(reading.text for reading in readings.values()),
        meaning=_meaning(readings, numbers),
        attributes=tuple(_attributes(written, readings, fields)),
        shape=tuple(shape_of(whole)) if len(whole) > MIN_SHAPE_CHARACTERS else (),
        numbers=numbers,
        source=source,
    )


def _with_clean_names(values: Mapping[str, Value]) -> dict[str, Any]:
    """The values with control characters and lone surrogates of their names replaced, which no tokenizer accepts."""
    return {without_control(name): value for name, value in values.items()}


def _number(value: Value) -> float | None:
    """The number that a value is or spells (cells of a CSV come as texts), within ±MAX_NUMBER; None otherwise."""
    if isinstance(value, str):
        if len(value) > 64 or not _NUMBER.fullmatch(value):
            return None
    elif not isinstance(value, bool | int | float):
        return None
    number = float(value)
    return max(-MAX_NUMBER, min(MAX_NUMBER, number)) if math.isfinite(number) else None


def _meaning(readings: Mapping[str, Reading], numbers: Mapping[str, float]) -> str:
    if len(readings) == 1:
        return next(iter(readings.values())).meaning
    if readings:
        return "\n".join(f"{name}: {reading.meaning}" for name, reading in readings.items())
    # A few named numbers mean something to a text encoder («age 71»); many do not.
    few = numbers if len(numbers) <= MAX_NAMED_NUMBERS else {}
    return ", ".join(f"{name} {value:g}" for name, value in few.items())


def _attributes(written: Mapping[str, str], readings: Mapping[str, Reading], fields: Mapping[str, Value]) -> Iterable[str]:
    for name, text in written.items():
        if len(text) <= ATTRIBUTE_CHARACTERS:
            yield from (f"{name}={word}" for word in _WORD.findall(text.lower()))
        for header, value in readings[name].headers:
            yield from (f"{header}={word}" for word in _WORD.findall(value.lower())[:MAX_HEADER_WORDS])
    for name, value in fields.items():
        if isinstance(value, bool):
            yield f"{name}={value}".lower()
