"""What an answer may be copied from: values after their cues, leaves of records, dates, amounts, names, runs of words."""

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dukemm.extraction.source import Leaf, Line, Source
from dukemm.extraction.values import CURRENCY, TYPES, type_of

Kind = Literal["leaf", "value", "typed", "line", "words", "block"]
#: Kinds that are always looked at, and those that are where examples show that answers need them.
ALWAYS: frozenset[Kind] = frozenset({"leaf", "value", "typed", "line"})
MORE: tuple[Kind, ...] = ("words", "block")

#: Candidates of one item at most.
CANDIDATES = 3000
#: Words of a cue, words of a run, lines of a block, values of a type in one line.
CUE_WORDS, RUN, BLOCK, OF_A_TYPE = 5, 5, 5, 6
_SEPARATOR = re.compile(r":\s+|:$|\s{2,}|\t|\s[-–—|]\s|\s?\|\s?|(?<=\w)\s?=\s?(?=\S)|\.{4,}\s?")
_TOKEN = re.compile(r"\S+")
_ABBREVIATED = re.compile(r"(?<!\w)[A-Za-z]{1,4}$")
_MONEY = re.compile(CURRENCY)
#: A column's heading begins with a capital; a value of a row of them has a digit.
_HEADING = re.compile(r"(?:[A-Z]{2,}|[A-Z#][^\sA-Z]*)(?: [^\sA-Z]+)*")
_VALUES = re.compile(rf"(?:{CURRENCY} )?[^\s\d]*\d\S*(?: {CURRENCY}(?!\w))?")
_EDGE = " \t,;:.()[]{}\"'«»“”*|"


@dataclass(frozen=True)
class Candidate:
    """A span that may be the answer, and where it stands."""

    value: str
    kind: Kind
    type: str
    #: What names it: the words before it, the line above where there are none, the path of a leaf.
    cue: str
    #: Whether the cue is the line above.
    above: bool
    #: Words before and after it, the closest first.
    before: tuple[str, ...]
    after: tuple[str, ...]
    #: The line it stands in, or the path.
    context: str
    field: str
    #: Place of the line among the lines of its field, and how many there are.
    place: int
    of: int
    #: `key=value` beside a leaf.
    beside: tuple[str, ...] = ()


def candidates_of(source: Source, kinds: frozenset[Kind]) -> list[Candidate]:
    """At most CANDIDATES, each place once; the most telling kinds first."""
    found: dict[tuple[str, str, str, int], Candidate] = {}
    for kind, candidate in _all(source, kinds):
        if len(found) >= CANDIDATES:
            break
        if kind in kinds and candidate.value:
            found.setdefault((candidate.value, candidate.cue, candidate.field, candidate.place), candidate)
    return list(found.values())


def _all(source: Source, kinds: frozenset[Kind]) -> Iterator[tuple[Kind, Candidate]]:
    for leaf in source.leaves:
        yield "leaf", _of_leaf(leaf)
    above = ["", *(line.text for line in source.lines)][: len(source.lines)]
    for line, over in zip(source.lines, above, strict=True):
        for kind, start, end in _spans(line.text):
            yield from _both(line, over if line.place else "", start, end, kind)
    if "words" in kinds:
        for line, over in zip(source.lines, above, strict=True):
            for start, end in _runs(line.text):
                yield from _both(line, over if line.place else "", start, end, "words")
    if "block" in kinds:
        yield from (("block", block) for block in _blocks(source.lines))


def _of_leaf(leaf: Leaf) -> Candidate:
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
        leaf.place,
        0,
        leaf.beside,
    )


def _spans(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Spans of a line: after and between separators, values of each type, and the whole."""
    cuts = [0, *(found.end() for found in _SEPARATOR.finditer(text))]
    ends = [*(found.start() for found in _SEPARATOR.finditer(text)), len(text)]
    # After each separator: to the next one, and to the end of the line.
    for i, start in enumerate(cuts[: OF_A_TYPE + 1]):
        if i:
            yield "value", start, len(text)
        if len(cuts) > 1:
            yield "value", start, ends[i]
    for _, pattern in TYPES:
        for count, found in enumerate(pattern.finditer(text)):
            if count >= OF_A_TYPE:
                break
            left = text[found.start() - 1 : found.start()]
            if not (left.isalnum() or text[found.end() : found.end() + 1].isalnum()):
                yield "typed", found.start(), found.end()
    yield "line", 0, len(text)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    tokens = [(found.start(), found.end()) for found in _TOKEN.finditer(text)][:60]
    for size in range(1, RUN + 1):
        for i in range(len(tokens) - size + 1):
            yield tokens[i][0], tokens[i + size - 1][1]


def _both(line: Line, above: str, start: int, end: int, kind: Kind) -> Iterator[tuple[Kind, Candidate]]:
    """A span without the signs at its edges; where it ends like an abbreviation, also with the dot: `Inc.`."""
    bare = _of_line(line, above, start, end, kind)
    yield kind, bare
    stop = line.text.find(bare.value, start) + len(bare.value)
    if line.text[stop : stop + 1] == "." and _ABBREVIATED.search(bare.value):
        yield kind, dataclasses.replace(bare, value=f"{bare.value}.")


def _of_line(line: Line, above: str, start: int, end: int, kind: Kind) -> Candidate:
    text = line.text
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    value = text[start:end]
    # A bracket that opens inside of the value closes in it.
    if "(" in value and ")" not in value and text[end : end + 1] == ")":
        value = text[start : end + 1]
    before = tuple(reversed([word.strip(_EDGE).lower() for word in text[max(start - 80, 0) : start].split()]))
    cue = _cue(text[:start])
    return Candidate(
        value=value,
        kind=kind,
        type=type_of(value),
        cue=cue or _over(above, text, start, end),
        above=not cue,
        before=tuple(word for word in before if word)[:CUE_WORDS],
        after=tuple(word.strip(_EDGE).lower() for word in text[end : end + 60].split()[:2]),
        context=text,
        field=line.field,
        place=line.place,
        of=line.of,
    )


def _cue(before: str) -> str:
    """The last words before a value, back to a number or a separator: `Date 2024-01-02 Number` → `Number`."""
    # The separator that ends the text belongs to the cue.
    text = before.rstrip(_EDGE + "=-–—#|")
    pieces = [piece for piece in _SEPARATOR.split(text[-120:]) if piece.strip(_EDGE)]
    words: list[str] = []
    for word in reversed(pieces[-1].split() if pieces else []):
        if any(map(str.isdigit, word)) or len(words) >= CUE_WORDS:
            break
        if _MONEY.fullmatch(word):
            continue
        words.append(word.strip(_EDGE))
    return " ".join(reversed(words)).strip()


def _over(above: str, text: str, start: int, end: int) -> str:
    """What stands over a value: of a row of headings the one of its column, else the end of the line."""
    if above.count(" ") < 2 or (start == 0 and end == len(text)) or any(map(str.isdigit, above)):
        return _cue(above)
    headings = _HEADING.findall(above)
    values = [found.start() for found in _VALUES.finditer(text)]
    if len(headings) == len(values) and start in values:
        return headings[values.index(start)].strip(_EDGE)
    words = [((found.start() + found.end()) / 2 / len(above), found.group()) for found in _TOKEN.finditer(above)]
    left, right = start / len(text) - 0.02, end / len(text) + 0.02
    return " ".join(word.strip(_EDGE) for middle, word in words if left <= middle <= right)


def _blocks(lines: Sequence[Line]) -> Iterator[Candidate]:
    for i, first in enumerate(lines):
        for size in range(2, BLOCK + 1):
            chunk = lines[i : i + size]
            if len(chunk) < size or chunk[-1].field != first.field:
                break
            above = lines[i - 1].text if first.place else ""
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
                first.place,
                first.of,
                (f"lines={size}",),
            )
