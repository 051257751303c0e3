"""What a candidate looks like to the ranker: how well its cue fits what is asked, and names of what is around it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from dukemm.extraction.candidates import Candidate
from dukemm.extraction.similarity import dice, grams, words
from dukemm.extraction.source import Source
from dukemm.extraction.values import number_of, shape_of

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
#: Embeddings in the cache, 1.5 KB each at width 384.
CACHED_EMBEDDINGS = 20_000

#: Dense features, in this order. What each is worth before any example is in prior.py.
DENSE = (
    "cue means what is asked",
    "cue reads like what is asked",
    "every word asked for is in the cue",
    "cue is the line above",
    "cue means what the examples' cues mean",
    "cue reads like an example's cue",
    "type of the examples' answers",
    "shape of the examples' answers",
    "length of the examples' answers",
    "leaf of a record",
    "value after a separator",
    "typed value",
    "whole line",
    "run of words",
    "its line means what the question means",
    "words of the question in its line",
    "type that is asked for",
    "words that are asked for in the value",
    "words of the question close by",
    "length",
)
_ORDER = re.compile(
    r"^(please )?(extract|find|return|give|get|read|tell|write|copy|take|name|state|report|identify|output)"
    r"( (me|us|out|down))?\b|^(what|which|who|when) (is|are|was|were)\b|^fill in\b"
    r"|\b((from|in) (the|this|each|every|a|an|its)|of (this|each|every)) [^.]*$|\bexactly as\b.*$|[.?!]+\s*$",
    re.I,
)
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "the a an of in on at to from for is are was were be been it its this that these those and or by with as into who "
        "what when where which how many much did do does has have had whose whom why",
    )
)
#: What the words of a question or of a target's name ask for.
_WANTED = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.I), frozenset(types.split()))
    for pattern, types in (
        (r"when|dates?|day|deadline|due|birthday|datum", "date time"),
        (r"time|hour", "time"),
        (r"year", "year date"),
        (
            r"how (?:many|much|long|old|far|tall|high|large|big|deep|wide|heavy)|count|quantity|qty|area|height|length",
            "number",
        ),
        (r"how much|total|amount|price|cost|sum|balance|fee|subtotal|net|gross|tax|vat|budget|salary", "amount number"),
        (r"percent(?:age)?|rate|share", "percent"),
        (
            r"who|whose|whom|where|name|customer|client|buyer|seller|vendor|supplier|person|company|author|sender|recipient",
            "name",
        ),
        (r"city|town|country|place|river|university|street|address", "name word"),
        (r"number|no|id|code|ref|reference|sku|iban|serial", "code number"),
        (r"e ?mail", "email"),
        (r"phone|telephone|fax|mobile", "phone"),
        (r"url|website|link|homepage", "url"),
    )
)


@dataclass(frozen=True)
class Asked:
    """What a task asks: its description, and the name of the field to fill, where there is one."""

    description: str
    target: str | None = None

    @property
    def short(self) -> str:
        """The thing asked for, bare: `Extract the invoice number from this PDF.` → `invoice number`."""
        text = self.description.strip().split("\n")[0][:200]
        for _ in range(3):
            text = re.sub(r"^\W*(the|a|an)\b", "", _ORDER.sub("", text).strip(), flags=re.I).strip()
        return text or self.description[:200]

    @property
    def name(self) -> str:
        """The target in words, or the thing asked for."""
        return re.sub(r"[_\-./]+|(?<=[a-z])(?=[A-Z])", " ", self.target).strip() if self.target else self.short


@dataclass(frozen=True)
class Known:
    """What the examples' answers looked like where they were found: one entry an example that has such a place."""

    cues: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    lengths: tuple[int, ...] = ()

    def without(self, owner: int, owners: Sequence[int]) -> "Known":
        """As if one example had not been there."""
        kept = [i for i, o in enumerate(owners) if o != owner]
        return Known(*(tuple(values[i] for i in kept) for values in (self.cues, self.types, self.shapes, self.lengths)))


class Meanings:
    """Embeddings of short texts, cached: the same labels come in every document."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._cache: LRUCache[str, NDArray[np.float32]] = LRUCache(CACHED_EMBEDDINGS)

    def of(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts: (n,) → (n, width), each of length 1."""
        vectors = {text: self._cache[text] for text in set(texts) if text in self._cache}
        missing = sorted(set(texts) - vectors.keys())
        if missing:
            embedded = dict(zip(missing, self._embed(missing), strict=True))
            vectors |= embedded
            self._cache.update(embedded)
        return np.stack([vectors[text] for text in texts])


def dense_of(
    asked: Asked, source: Source, found: Sequence[Candidate], known: Known, meanings: Meanings
) -> NDArray[np.float64]:
    """(candidates, len(DENSE))."""
    table = np.zeros((len(found), len(DENSE)))
    if not found:
        return table
    cues, places = _indexed([c.cue for c in found])
    question = source.question or (asked.description if "?" in asked.description else "")
    if not source.question:
        table[:, :3] = _asked_features(asked, cues, meanings)[places]
    table[:, 3] = [c.above for c in found]
    if known.cues:
        table[:, 4:6] = _known_cue_features(cues, known, meanings)[places]
        count = len(known.types)
        table[:, 6] = [known.types.count(c.type) / count for c in found]
        table[:, 7] = [known.shapes.count(shape_of(c.value)) / count for c in found]
        typical, spread = np.mean(np.log1p(known.lengths)), np.std(np.log1p(known.lengths)) + 0.2
        table[:, 8] = [-min(abs(np.log1p(len(c.value)) - typical) / spread, 5.0) / 5.0 for c in found]
    for column, kind in enumerate(("leaf", "value", "typed", "line", "words"), start=9):
        table[:, column] = [c.kind == kind for c in found]
    content = {_stem(w) for w in words(source.question or asked.name) if w not in _EMPTY}
    table[:, 16:18] = _value_features(source.question or f"{asked.name} {asked.short}", content, found)
    if question:
        _question_features(table, question, found, meanings)
    table[:, 19] = [np.log1p(len(c.value)) / 5.0 for c in found]
    return table


def _asked_features(asked: Asked, cues: Sequence[str], meanings: Meanings) -> NDArray[np.float64]:
    wanted = list(dict.fromkeys([asked.name, asked.short]))
    cosines = (meanings.of([c or "-" for c in cues]) @ meanings.of(wanted).T).max(1)
    name, content = grams(asked.name), {w for w in words(asked.name) if w not in _EMPTY}
    alike = [dice(grams(cue), name) for cue in cues]
    whole = [bool(content) and content <= set(words(cue)) for cue in cues]
    return np.stack([cosines, alike, whole], 1).astype(np.float64)


def _known_cue_features(cues: Sequence[str], known: Known, meanings: Meanings) -> NDArray[np.float64]:
    others = sorted(set(known.cues))
    cosines = (meanings.of([c or "-" for c in cues]) @ meanings.of([c or "-" for c in others]).T).max(1)
    parts = [grams(other) for other in others]
    alike = [max(dice(grams(cue), part) for part in parts) for cue in cues]
    return np.stack([cosines, np.array(alike)], 1).astype(np.float64)


def _value_features(asks: str, content: set[str], found: Sequence[Candidate]) -> NDArray[np.float64]:
    wanted = {t for pattern, types in _WANTED if pattern.search(asks) for t in types}
    rows = []
    for c in found:
        own = [_stem(w) for w in words(c.value)]
        right = c.type in wanted or ("year" in wanted and re.fullmatch(r"1\d{3}|20\d{2}", c.value) is not None)
        rows.append((float(right) if wanted else 0.5, sum(w in content for w in own) / max(len(own), 1)))
    return np.array(rows)


def _question_features(table: NDArray[np.float64], question: str, found: Sequence[Candidate], meanings: Meanings) -> None:
    contexts, places = _indexed([c.context for c in found])
    table[:, 14] = (meanings.of(contexts) @ meanings.of([question])[0])[places]
    content = {_stem(w) for w in words(question) if w not in _EMPTY}
    in_line = np.array([len(content & {_stem(w) for w in words(context)}) / max(len(content), 1) for context in contexts])
    table[:, 15] = in_line[places]
    for row, c in enumerate(found):
        near = [_stem(w) for w in (*c.before[:4], *c.after)]
        table[row, 18] = sum(w in content for w in near) / max(len(near), 1)


def sparse_of(found: Sequence[Candidate]) -> list[list[str]]:
    """Names of what is around each candidate: the ranker learns what each is worth from examples."""
    seen: dict[tuple[str, str], int] = {}
    counts: dict[tuple[str, str], int] = {}
    for c in found:
        counts[c.field, c.type] = counts.get((c.field, c.type), 0) + 1
    largest = {}
    for c in found:
        number = number_of(c.value) if c.type in ("amount", "number") else None
        if number is not None:
            largest[c.type] = max(largest.get(c.type, number), number)
    named = []
    for c in found:
        place = seen[c.field, c.type] = seen.get((c.field, c.type), -1) + 1
        names = [
            f"kind {c.kind}",
            f"type {c.type}",
            f"shape {shape_of(c.value)}",
            f"field {c.field}",
            f"cue {c.cue.lower()}",
        ]
        names += [f"before{i} {w}" for i, w in enumerate(c.before[:2])]
        names += [f"before {w}" for w in c.before] + [f"after {w}" for w in c.after]
        names += [f"beside {pair}" for pair in c.beside]
        if c.kind == "leaf":
            names += [f"path {c.field} {c.place}", f"path {c.field}"]
        else:
            names += [f"from the top {min(c.place, 12)}", f"from the end {min(c.of - c.place, 8)}"]
            names += [f"{c.type} {min(place, 6)}", f"{c.type} from the last {min(counts[c.field, c.type] - place, 4)}"]
            if c.above and c.cue:
                names += [f"above {w}" for w in words(c.cue)]
        if c.type in largest and number_of(c.value) == largest[c.type]:
            names.append(f"largest {c.type}")
        named.append(names)
    return named


def _indexed(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    places: dict[str, int] = {}
    index = [places.setdefault(text, len(places)) for text in texts]
    return list(places), index


def _stem(word: str) -> str:
    for end in ("ing", "ed", "es", "s", "e"):
        if len(word) > len(end) + 3 and word.endswith(end):
            return word[: -len(end)]
    return word
