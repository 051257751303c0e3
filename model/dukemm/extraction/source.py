"""Sources to copy from: lines of an item's texts, and leaves of its records with their paths."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dukemm.domain.encoded import ItemViews

#: Lines and leaves of an item, characters of one line, and nesting of records; the rest is left out.
MAX_LINES = 400
MAX_LEAVES = 1500
MAX_LINE_CHARACTERS = 400
MAX_DEPTH = 20
#: A line of at least this many characters is taken as wrapped, unless it ends a sentence.
WRAPPED_LINE_CHARACTERS = 70
#: A text of up to this many characters may tell one record of a list from another.
MAX_SIBLING_CHARACTERS = 24
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”»)]?\s+(?=[\"'“«(]?[A-Z0-9])")
_ASKS = re.compile(r"^(question|query|frage|asked|q)$", re.I)


@dataclass(frozen=True)
class Line:
    """A non-empty line of a text."""

    field: str
    text: str
    #: Its index among the `line_count` lines of the field.
    position: int
    line_count: int


@dataclass(frozen=True)
class Leaf:
    """A value of a record; the path leaves out list indices."""

    path: tuple[str, ...]
    value: str
    #: Its index among the values with this path.
    position: int
    #: `key=value` of short sibling texts: they tell the buyer in a list of parties from the seller.
    siblings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """What can be copied from an item, and the question that it asks."""

    lines: tuple[Line, ...]
    leaves: tuple[Leaf, ...]
    #: The item's own question; "" if it has none.
    question: str


def source_of(views: ItemViews) -> Source:
    """Read an item's fields as they are written. A text that is a JSON object or array becomes leaves."""
    question, lines, leaves = "", [], []
    for name, text in views.source.items():
        record = _record(text)
        if record is not None:
            leaves += _numbered(_leaves(record, (), 0))
        elif (_ASKS.match(name) or (text.rstrip().endswith("?") and "\n" not in text.strip())) and not question:
            question = text.strip()[:MAX_LINE_CHARACTERS]
        else:
            if "\n" not in text and len(text) <= MAX_LINE_CHARACTERS:
                leaves += [Leaf(tuple(re.split(r"[./]|\[\d*\]", name)), text, 0)]
            lines += _lines(name, text)
    return Source(tuple(lines[:MAX_LINES]), tuple(leaves[:MAX_LEAVES]), question)


def sentences(text: str) -> list[str]:
    """Split running text into sentences; an empty line also ends one."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        whole = re.sub(r"\s+", " ", paragraph).strip()
        found += [sentence for sentence in _SENTENCE.split(whole) if sentence]
    return found


def _lines(name: str, text: str) -> list[Line]:
    lines = [piece for line in _unwrapped(text) for piece in _pieces(line)]
    return [Line(name, line, position, len(lines)) for position, line in enumerate(lines)]


def _unwrapped(text: str) -> list[str]:
    """Non-empty lines, wrapped ones joined with their continuation."""
    lines: list[str] = []
    full = False
    for line in (found.strip() for found in text.split("\n")):
        if full and line:
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
        full = len(line) >= WRAPPED_LINE_CHARACTERS and line[-1] not in ".:;!?"
    return lines


def _pieces(line: str) -> list[str]:
    """Split a line that is a paragraph into its sentences."""
    if len(line) <= WRAPPED_LINE_CHARACTERS:
        return [line]
    return [
        sentence[i : i + MAX_LINE_CHARACTERS]
        for sentence in _SENTENCE.split(line)
        for i in range(0, len(sentence), MAX_LINE_CHARACTERS)
    ]


def _record(text: str) -> Any:
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        # Numbers stay as they are written: 12.50 is not 12.5.
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None


def _leaves(value: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[tuple[str, ...], Any, tuple[str, ...]]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        siblings = [
            f"{key}={inner}"[:60]
            for key, inner in value.items()
            if isinstance(inner, str) and len(inner) <= MAX_SIBLING_CHARACTERS
        ]
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _leaves(inner, (*path, str(key)[:80]), depth + 1)
            else:
                others = tuple(pair for pair in siblings[:6] if not pair.startswith(f"{key}="))
                yield (*path, str(key)[:80]), inner, others
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path, depth + 1)
    else:
        yield path, value, ()


def _numbered(found: Iterator[tuple[tuple[str, ...], Any, tuple[str, ...]]]) -> list[Leaf]:
    seen: dict[tuple[str, ...], int] = {}
    leaves: list[Leaf] = []
    for path, value, siblings in found:
        if value is None or len(leaves) >= MAX_LEAVES:
            continue
        text = ("true" if value else "false") if isinstance(value, bool) else str(value)
        seen[path] = position = seen.get(path, -1) + 1
        if text.strip():
            leaves.append(Leaf(path, text[: 4 * MAX_LINE_CHARACTERS], position, siblings))
    return leaves


def full_text(views: ItemViews) -> str:
    """All text of an item: its one field, or all of them with their names."""
    fields = views.source
    if len(fields) == 1:
        return next(iter(fields.values()))
    return "\n".join(f"{name}: {text}" for name, text in fields.items())
