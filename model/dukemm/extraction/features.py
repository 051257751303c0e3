"""Features of candidates for the ranker: how well a cue fits what is asked, and names of what stands around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dukemm.extraction.candidates import Candidate
from dukemm.extraction.query import EmbeddingCache, TaskQuery
from dukemm.extraction.similarity import STOP_WORDS, dice, grams, stem, words
from dukemm.extraction.source import Source
from dukemm.extraction.values import number_of, shape_of

#: Places of one example's answer that enter the profile before the first fit.
MAX_PLACES_OF_AN_ANSWER = 3
#: Dense features, in this order. Their prior weights are in ranker.py.
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
#: Types of value that words of a question or of a target's name ask for.
_TYPES_BY_WORD = tuple(
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
class AnswerProfile:
    """What the examples' answers look like where they stand in their items: one entry per place."""

    cues: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    #: Characters.
    lengths: tuple[int, ...] = ()
    #: Index of the example that each entry is from.
    owners: tuple[int, ...] = ()

    @staticmethod
    def of(candidates: Sequence[Sequence[Candidate]], rows: Sequence[Sequence[int]]) -> "AnswerProfile":
        """Profile of examples from their candidates and, per example, the rows of those that are its answer."""
        right = [(owner, candidates[owner][row]) for owner, chosen in enumerate(rows) for row in chosen]
        return AnswerProfile(
            tuple(c.cue for _, c in right),
            tuple(c.type for _, c in right),
            tuple(shape_of(c.value) for _, c in right),
            tuple(len(c.value) for _, c in right),
            tuple(owner for owner, _ in right),
        )

    def without(self, owner: int) -> "AnswerProfile":
        """The profile as if one example did not exist."""
        others = [i for i, other in enumerate(self.owners) if other != owner]
        columns = (self.cues, self.types, self.shapes, self.lengths, self.owners)
        return AnswerProfile(*(tuple(values[i] for i in others) for values in columns))


@dataclass(frozen=True)
class CandidateFeatures:
    """Features of one item's candidates: `dense` (candidates, len(DENSE)), and names of the sparse ones per candidate."""

    dense: NDArray[np.float64]
    names: list[list[str]]


class FeatureExtractor:
    """Computes features of candidates for one task."""

    def __init__(self, query: TaskQuery, embeddings: EmbeddingCache) -> None:
        self._query, self._embeddings = query, embeddings

    def of(self, source: Source, candidates: Sequence[Candidate], profile: AnswerProfile) -> CandidateFeatures:
        """Features of an item's candidates, compared with the answers that `profile` describes."""
        dense = dense_features(self._query, source, candidates, profile, self._embeddings)
        return CandidateFeatures(dense, sparse_features(candidates))

    def without_own_answers(
        self, sources: Sequence[Source], candidates: Sequence[Sequence[Candidate]], rows: Sequence[Sequence[int]]
    ) -> list[CandidateFeatures]:
        """Features of each example's candidates, computed as if its own answer (`rows`) were unknown."""
        profile = AnswerProfile.of(candidates, rows)
        return [
            self.of(source, found, profile.without(i))
            for i, (source, found) in enumerate(zip(sources, candidates, strict=True))
        ]


def one_place_per_cue(candidates: Sequence[Candidate], marks: NDArray[np.bool_]) -> list[int]:
    """Rows of the marked candidates, the first of each cue, at most MAX_PLACES_OF_AN_ANSWER."""
    rows: dict[str, int] = {}
    for row in np.flatnonzero(marks):
        rows.setdefault(candidates[row].cue, int(row))
    return list(rows.values())[:MAX_PLACES_OF_AN_ANSWER]


def dense_features(
    query: TaskQuery, source: Source, candidates: Sequence[Candidate], profile: AnswerProfile, embeddings: EmbeddingCache
) -> NDArray[np.float64]:
    """Dense features, (candidates, len(DENSE)); zero for what does not apply."""
    table = np.zeros((len(candidates), len(DENSE)))
    if not candidates:
        return table
    cues, places = _indexed([c.cue for c in candidates])
    question = source.question or (query.description if "?" in query.description else "")
    if not source.question:
        table[:, :3] = _query_features(query, cues, embeddings)[places]
    table[:, 3] = [c.above for c in candidates]
    if profile.cues:
        table[:, 4:6] = _profile_cue_features(cues, profile, embeddings)[places]
        count = len(profile.types)
        table[:, 6] = [profile.types.count(c.type) / count for c in candidates]
        table[:, 7] = [profile.shapes.count(shape_of(c.value)) / count for c in candidates]
        typical, spread = np.mean(np.log1p(profile.lengths)), np.std(np.log1p(profile.lengths)) + 0.2
        table[:, 8] = [-min(abs(np.log1p(len(c.value)) - typical) / spread, 5.0) / 5.0 for c in candidates]
    for column, kind in enumerate(("leaf", "value", "typed", "line", "words"), start=9):
        table[:, column] = [c.kind == kind for c in candidates]
    content = {stem(w) for w in words(source.question or query.name) if w not in STOP_WORDS}
    table[:, 16:18] = _value_features(source.question or f"{query.name} {query.subject}", content, candidates)
    if question:
        _question_features(table, question, candidates, embeddings)
    table[:, 19] = [np.log1p(len(c.value)) / 5.0 for c in candidates]
    return table


def _query_features(query: TaskQuery, cues: Sequence[str], embeddings: EmbeddingCache) -> NDArray[np.float64]:
    wanted = list(dict.fromkeys([query.name, query.subject]))
    cosines = (embeddings.of([c or "-" for c in cues]) @ embeddings.of(wanted).T).max(1)
    name, content = grams(query.name), {w for w in words(query.name) if w not in STOP_WORDS}
    alike = [dice(grams(cue), name) for cue in cues]
    whole = [bool(content) and content <= set(words(cue)) for cue in cues]
    return np.stack([cosines, alike, whole], 1).astype(np.float64)


def _profile_cue_features(cues: Sequence[str], profile: AnswerProfile, embeddings: EmbeddingCache) -> NDArray[np.float64]:
    others = sorted(set(profile.cues))
    cosines = (embeddings.of([c or "-" for c in cues]) @ embeddings.of([c or "-" for c in others]).T).max(1)
    parts = [grams(other) for other in others]
    alike = [max(dice(grams(cue), part) for part in parts) for cue in cues]
    return np.stack([cosines, np.array(alike)], 1).astype(np.float64)


def _value_features(asks: str, content: set[str], candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    wanted = {t for pattern, types in _TYPES_BY_WORD if pattern.search(asks) for t in types}
    rows = []
    for c in candidates:
        own = [stem(w) for w in words(c.value)]
        right = c.type in wanted or ("year" in wanted and re.fullmatch(r"1\d{3}|20\d{2}", c.value) is not None)
        rows.append((float(right) if wanted else 0.5, sum(w in content for w in own) / max(len(own), 1)))
    return np.array(rows)


def _question_features(
    table: NDArray[np.float64], question: str, candidates: Sequence[Candidate], embeddings: EmbeddingCache
) -> None:
    contexts, places = _indexed([c.context for c in candidates])
    table[:, 14] = (embeddings.of(contexts) @ embeddings.of([question])[0])[places]
    content = {stem(w) for w in words(question) if w not in STOP_WORDS}
    in_line = np.array([len(content & {stem(w) for w in words(context)}) / max(len(content), 1) for context in contexts])
    table[:, 15] = in_line[places]
    for row, c in enumerate(candidates):
        near = [stem(w) for w in (*c.before[:4], *c.after)]
        table[row, 18] = sum(w in content for w in near) / max(len(near), 1)


def sparse_features(candidates: Sequence[Candidate]) -> list[list[str]]:
    """Names of the sparse features of each candidate; the ranker learns their weights from examples."""
    seen: dict[tuple[str, str], int] = {}
    counts: dict[tuple[str, str], int] = {}
    for c in candidates:
        counts[c.field, c.type] = counts.get((c.field, c.type), 0) + 1
    largest = {}
    for c in candidates:
        number = number_of(c.value) if c.type in ("amount", "number") else None
        if number is not None:
            largest[c.type] = max(largest.get(c.type, number), number)
    named = []
    for c in candidates:
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
        names += [f"beside {pair}" for pair in c.siblings]
        if c.kind == "leaf":
            names += [f"path {c.field} {c.position}", f"path {c.field}"]
        else:
            names += [f"from the top {min(c.position, 12)}", f"from the end {min(c.line_count - c.position, 8)}"]
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
