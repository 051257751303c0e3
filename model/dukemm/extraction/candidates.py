"""Candidates for a copied answer: values after their cues, leaves of records, dates, amounts, names, runs of words."""

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dukemm.extraction.source import Leaf, Line, Source
from dukemm.extraction.values import CURRENCY, TYPES, type_of

Kind = Literal["leaf", "value", "typed", "line", "words", "block"]
#: Kinds that are always searched, and kinds that are searched if examples show that answers need them.
DEFAULT_KINDS: frozenset[Kind] = frozenset({"leaf", "value", "typed", "line"})
OPTIONAL_KINDS: tuple[Kind, ...] = ("words", "block")

#: Candidates of one item.
MAX_CANDIDATES = 3000
#: Words of a cue, words of a run, lines of a block, values of one type in a line, words of a line that runs start in.
MAX_CUE_WORDS, MAX_RUN_WORDS, MAX_BLOCK_LINES, MAX_VALUES_OF_A_TYPE, MAX_LINE_WORDS = 5, 5, 5, 6, 60
_SEPARATOR = re.compile(r":\s+|:$|\s{2,}|\t|\s[-–—|]\s|\s?\|\s?|(?<=\w)\s?=\s?(?=\S)|\.{4,}\s?")
_TOKEN = re.compile(r"\S+")
_ABBREVIATED = re.compile(r"(?<!\w)[A-Za-z]{1,4}$")
_MONEY = re.compile(CURRENCY)
#: A column's heading begins with a capital; a value of a row of them has a digit.
_HEADING = re.compile(r"(?:[A-Z]{2,}|[A-Z#][^\sA-Z]*)(?: [^\sA-Z]+)*")
_VALUES = re.compile(rf"(?:{CURRENCY} )?[^\s\d]*\d\S*(?: {CURRENCY}(?!\w))?")
_EDGE_CHARACTERS = " \t,;:.()[]{}\"'«»“”*|"


@dataclass(frozen=True)
class Candidate:
    """A span that may be the answer, with its surroundings."""

    value: str
    kind: Kind
    type: str
    #: Words before it, or the line above if there are none, or the path of a leaf.
    cue: str
    #: Whether the cue is from the line above.
    above: bool
    #: Words before and after it, the nearest first.
    before: tuple[str, ...]
    after: tuple[str, ...]
    #: The line it is in, or the path of a leaf.
    context: str
    field: str
    #: Index of the line among the `line_count` lines of its field; of a leaf, among the values with its path.
    position: int
    line_count: int
    #: `key=value` of a leaf's siblings; `lines=n` of a block.
    siblings: tuple[str, ...] = ()


def candidates_of(source: Source, kinds: frozenset[Kind]) -> list[Candidate]:
    """At most MAX_CANDIDATES, each place once, in the order leaves, spans of lines, runs of words, blocks."""
    found: dict[tuple[str, str, str, int], Candidate] = {}
    for kind, candidate in _generate(source, kinds):
        if len(found) >= MAX_CANDIDATES:
            break
        if kind in kinds and candidate.value:
            found.setdefault((candidate.value, candidate.cue, candidate.field, candidate.position), candidate)
    return list(found.values())


def _generate(source: Source, kinds: frozenset[Kind]) -> Iterator[tuple[Kind, Candidate]]:
    for leaf in source.leaves:
        yield "leaf", _leaf_candidate(leaf)
    above = ["", *(line.text for line in source.lines)][: len(source.lines)]
    for line, over in zip(source.lines, above, strict=True):
        for kind, start, end in _spans(line.text):
            yield from _trimmed(line, over if line.position else "", start, end, kind)
    if "words" in kinds:
        for line, over in zip(source.lines, above, strict=True):
            for start, end in _runs(line.text):
                yield from _trimmed(line, over if line.position else "", start, end, "words")
    if "block" in kinds:
        yield from (("block", block) for block in _blocks(source.lines))


def _leaf_candidate(leaf: Leaf) -> Candidate:
    path = ".".join(leaf.path)
    cue = re.sub(r"[_\-.]+|(?<=[a-z])(?=[A-Z])", " ", path).strip()
    before = tuple(part.lower() for part in reversed(leaf.path))
    return Candidate(
        leaf.value.strip(),
        "leaf",
        type_of(leaf.value.strip()),
        cue,
        False,
        before,
        (),
        path,
        path,
        leaf.position,
        0,
        leaf.siblings,
    )


def _spans(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Spans of a line: after and between separators, values of each type, and the whole line."""
    cuts = [0, *(found.end() for found in _SEPARATOR.finditer(text))]
    ends = [*(found.start() for found in _SEPARATOR.finditer(text)), len(text)]
    # After each separator: to the next one, and to the end of the line.
    for i, start in enumerate(cuts[: MAX_VALUES_OF_A_TYPE + 1]):
        if i:
            yield "value", start, len(text)
        if len(cuts) > 1:
            yield "value", start, ends[i]
    for _, pattern in TYPES:
        for count, found in enumerate(pattern.finditer(text)):
            if count >= MAX_VALUES_OF_A_TYPE:
                break
            left = text[found.start() - 1 : found.start()]
            if not (left.isalnum() or text[found.end() : found.end() + 1].isalnum()):
                yield "typed", found.start(), found.end()
    yield "line", 0, len(text)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    tokens = [(found.start(), found.end()) for found in _TOKEN.finditer(text)][:MAX_LINE_WORDS]
    for size in range(1, MAX_RUN_WORDS + 1):
        for i in range(len(tokens) - size + 1):
            yield tokens[i][0], tokens[i + size - 1][1]


def _trimmed(line: Line, above: str, start: int, end: int, kind: Kind) -> Iterator[tuple[Kind, Candidate]]:
    """A span without punctuation at its edges; also with its dot if it ends like an abbreviation: `Inc.`."""
    bare = _candidate(line, above, start, end, kind)
    yield kind, bare
    stop = line.text.find(bare.value, start) + len(bare.value)
    if line.text[stop : stop + 1] == "." and _ABBREVIATED.search(bare.value):
        yield kind, dataclasses.replace(bare, value=f"{bare.value}.")


def _candidate(line: Line, above: str, start: int, end: int, kind: Kind) -> Candidate:
    text = line.text
    while start < end and text[start] in _EDGE_CHARACTERS:
        start += 1
    while end > start and text[end - 1] in _EDGE_CHARACTERS:
        end -= 1
    value = text[start:end]
    # A bracket that opens in the value also closes in it.
    if "(" in value and ")" not in value and text[end : end + 1] == ")":
        value = text[start : end + 1]
    before = tuple(reversed([word.strip(_EDGE_CHARACTERS).lower() for word in text[max(start - 80, 0) : start].split()]))
    cue = _cue(text[:start])
    return Candidate(
        value=value,
        kind=kind,
        type=type_of(value),
        cue=cue or _cue_above(above, text, start, end),
        above=not cue,
        before=tuple(word for word in before if word)[:MAX_CUE_WORDS],
        after=tuple(word.strip(_EDGE_CHARACTERS).lower() for word in text[end : end + 60].split()[:2]),
        context=text,
        field=line.field,
        position=line.position,
        line_count=line.line_count,
    )


def _cue(before: str) -> str:
    """The last words before a value, back to a number or a separator: `Date 2024-01-02 Number` → `Number`."""
    # The separator at the end of the text belongs to the cue.
    text = before.rstrip(_EDGE_CHARACTERS + "=-–—#|")
    pieces = [piece for piece in _SEPARATOR.split(text[-120:]) if piece.strip(_EDGE_CHARACTERS)]
    words: list[str] = []
    for word in reversed(pieces[-1].split() if pieces else []):
        if any(map(str.isdigit, word)) or len(words) >= MAX_CUE_WORDS:
            break
        if _MONEY.fullmatch(word):
            continue
        words.append(word.strip(_EDGE_CHARACTERS))
    return " ".join(reversed(words)).strip()


def _cue_above(above: str, text: str, start: int, end: int) -> str:
    """Cue from the line above: the heading of the value's column in a row of headings, else the end of the line."""
    if above.count(" ") < 2 or (start == 0 and end == len(text)) or any(map(str.isdigit, above)):
        return _cue(above)
    headings = _HEADING.findall(above)
    values = [found.start() for found in _VALUES.finditer(text)]
    if len(headings) == len(values) and start in values:
        return headings[values.index(start)].strip(_EDGE_CHARACTERS)
    words = [((found.start() + found.end()) / 2 / len(above), found.group()) for found in _TOKEN.finditer(above)]
    left, right = start / len(text) - 0.02, end / len(text) + 0.02
    return " ".join(word.strip(_EDGE_CHARACTERS) for middle, word in words if left <= middle <= right)


def _blocks(lines: Sequence[Line]) -> Iterator[Candidate]:
    for i, first in enumerate(lines):
        for size in range(2, MAX_BLOCK_LINES + 1):
            chunk = lines[i : i + size]
            if len(chunk) < size or chunk[-1].field != first.field:
                break
            above = lines[i - 1].text if first.position else ""
            value = "\n".join(line.text for line in chunk)
            yield Candidate(
                value,
                "block",
                "text",
                _cue(above),
                True,
                (),
                (),
                first.text,
                first.field,
                first.position,
                first.line_count,
                (f"lines={size}",),
            )
