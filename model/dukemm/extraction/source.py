"""An item as what can be copied from: lines of its texts, and leaves of its records with their paths."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dukemm.domain.encoded import ItemViews

#: Lines and leaves that are looked at, characters of one of them, and how deep records may be nested.
LINES = 400
LEAVES = 1500
LINE = 400
DEPTH = 20
#: A line so long was broken for its length, unless it ends a sentence.
WRAPPED = 70
#: A text so short may tell one record of a list from another.
BESIDE = 24
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”»)]?\s+(?=[\"'“«(]?[A-Z0-9])")
_ASKS = re.compile(r"^(question|query|frage|asked|q)$", re.I)


@dataclass(frozen=True)
class Line:
    """A line of a text, not empty."""

    field: str
    text: str
    #: Its place among the lines of the field, and how many there are.
    place: int
    of: int


@dataclass(frozen=True)
class Leaf:
    """A value of a record; list places are left out of the path."""

    path: tuple[str, ...]
    value: str
    #: Which of the values with this path it is.
    place: int
    #: `key=value` of short texts beside it: what tells the buyer of a list of parties from the seller.
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """What an item offers for copying, and what it asks."""

    lines: tuple[Line, ...]
    leaves: tuple[Leaf, ...]
    #: The item's own question, where it has one; "" otherwise.
    question: str


def source_of(views: ItemViews) -> Source:
    """Read the fields of an item as they are written. A text that is a JSON object or list gives leaves."""
    question, lines, leaves = "", [], []
    for name, text in views.source.items():
        record = _record(text)
        if record is not None:
            leaves += _numbered(_leaves(record, (), 0))
        elif (_ASKS.match(name) or (text.rstrip().endswith("?") and "\n" not in text.strip())) and not question:
            question = text.strip()[:LINE]
        else:
            if "\n" not in text and len(text) <= LINE:
                leaves += [Leaf(tuple(re.split(r"[./]|\[\d*\]", name)), text, 0)]
            lines += _lines(name, text)
    return Source(tuple(lines[:LINES]), tuple(leaves[:LEAVES]), question)


def sentences(text: str) -> list[str]:
    """Sentences of running text; an empty line ends one too."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        whole = re.sub(r"\s+", " ", paragraph).strip()
        found += [sentence for sentence in _SENTENCE.split(whole) if sentence]
    return found


def _lines(name: str, text: str) -> list[Line]:
    kept = [piece for line in _unwrapped(text) for piece in _pieces(line)]
    return [Line(name, line, place, len(kept)) for place, line in enumerate(kept)]


def _unwrapped(text: str) -> list[str]:
    """Lines that are not empty; one that was broken because it was full goes on in the next."""
    lines: list[str] = []
    full = False
    for line in (found.strip() for found in text.split("\n")):
        if full and line:
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
        full = len(line) >= WRAPPED and line[-1] not in ".:;!?"
    return lines


def _pieces(line: str) -> list[str]:
    """A line that is a paragraph falls into its sentences."""
    if len(line) <= WRAPPED:
        return [line]
    return [sentence[i : i + LINE] for sentence in _SENTENCE.split(line) for i in range(0, len(sentence), LINE)]


def _record(text: str) -> Any:
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        # Numbers stay as they are written: 12.50 is not 12.5.
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None


def _leaves(value: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[tuple[str, ...], Any, tuple[str, ...]]]:
    if depth > DEPTH:
        return
    if isinstance(value, dict):
        beside = [f"{key}={inner}"[:60] for key, inner in value.items() if isinstance(inner, str) and len(inner) <= BESIDE]
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _leaves(inner, (*path, str(key)[:80]), depth + 1)
            else:
                others = tuple(pair for pair in beside[:6] if not pair.startswith(f"{key}="))
                yield (*path, str(key)[:80]), inner, others
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path, depth + 1)
    else:
        yield path, value, ()


def _numbered(found: Iterator[tuple[tuple[str, ...], Any, tuple[str, ...]]]) -> list[Leaf]:
    seen: dict[tuple[str, ...], int] = {}
    leaves: list[Leaf] = []
    for path, value, beside in found:
        if value is None or len(leaves) >= LEAVES:
            continue
        text = ("true" if value else "false") if isinstance(value, bool) else str(value)
        seen[path] = place = seen.get(path, -1) + 1
        if text.strip():
            leaves.append(Leaf(path, text[: 4 * LINE], place, beside))
    return leaves
