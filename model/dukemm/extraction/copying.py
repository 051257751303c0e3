"""Answers that are copied from the item: fields of documents and records, short answers from a passage."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit, softmax

from dukemm.extraction.candidates import ALWAYS, MORE, Candidate, Kind, candidates_of
from dukemm.extraction.cues import Asked, Known, Meanings, dense_of, sparse_of
from dukemm.extraction.prior import prior_mean
from dukemm.extraction.ranker import Matrix, Ranker, Sheet
from dukemm.extraction.source import Source
from dukemm.extraction.values import REWRITES, folded, proven_rewrite, shape_of

#: Examples that the ranker is fitted on, and of them those that are left out in turn.
FITTED_ON, LEFT_OUT = 200, 40
#: Share of the examples that a further kind of candidate must add to be looked at.
WORTH = 0.05
#: What log-odds are worth before any example: slope and offset of the calibration, and how far examples may move them.
SLOPE, OFFSET, SPREADS = 0.7, -0.3, (0.4, 1.0)
#: What is copied where the answer is empty.
NOTHING = Candidate("", "line", "none", "", False, (), (), "", "", 0, 0)


@dataclass(frozen=True)
class Copy:
    """A copied answer; `chosen` is where it stands and `shares` what spoke for it, in log-odds over the runner-up."""

    value: str
    probability: float
    chosen: Candidate | None
    shares: dict[str, float]


class Copier:
    """Finds answers that are spans; works without examples, and learns from them where the answer stands."""

    def __init__(self, asked: Asked, meanings: Meanings, sources: Sequence[Source], answers: Sequence[str]) -> None:
        self._asked, self._meanings = asked, meanings
        if len(sources) > FITTED_ON:
            some = np.linspace(0, len(sources) - 1, FITTED_ON).astype(int)
            sources, answers = [sources[i] for i in some], [answers[i] for i in some]
        self._maybe_nothing = any(not answer.strip() for answer in answers)
        self._kinds, self.rewrite, explained = self._learned(sources, [folded(a) for a in answers])
        #: Share of the examples whose answer is a span of the item.
        self.coverage = float(np.mean(explained)) if explained else 0.0
        #: What would have been copied for an example had it not been there, and its answer; of those that were tried.
        self.left_out: list[tuple[str, str]] = []
        self._slope, self._offset = SLOPE, OFFSET
        self._known = Known()
        self._ranker: Ranker | None = None
        self._fit(sources, [folded(a) for a in answers], explained)

    def answer(self, source: Source) -> Copy:
        """The most probable span of an item; "" with probability 0 where it has none."""
        found = self._candidates(source)
        if not found:
            return Copy("", 0.0, None, {})
        sheet = self._sheet(source, found, self._known)
        ranker = self._ranker or Ranker(prior_mean(bool(source.question), False), [], [])
        scores = ranker.scores(sheet)
        values = [self._written(c) for c in found]
        value, probability = _best(values, scores)
        row = max((i for i, v in enumerate(values) if v == value), key=lambda i: scores[i])
        others = [i for i, v in enumerate(values) if v != value]
        runner_up = max(others, key=lambda i: scores[i]) if others else None
        shares = ranker.shares(sheet, row, runner_up)
        return Copy(value, self._calibrated(probability), found[row], shares)

    def _learned(self, sources: Sequence[Source], answers: Sequence[str]) -> tuple[frozenset[Kind], str, list[bool]]:
        """Kinds of candidate and the rewriting that these answers need."""
        kinds: frozenset[Kind] = ALWAYS
        # What answers a question may be any run of words, whatever those of a few examples are.
        if self._asks() or 2 * sum(bool(source.question) for source in sources) > len(sources):
            kinds |= {"words"}
        if not answers:
            return kinds, "copy", []
        rewrite, explained = self._proven(sources, answers, kinds)
        for kind in MORE:
            if kind not in kinds and sum(explained) < len(answers):
                more = self._proven(sources, answers, kinds | {kind})
                if sum(more[1]) >= sum(explained) + max(1.0, WORTH * len(answers)):
                    kinds, (rewrite, explained) = kinds | {kind}, more
        return kinds, rewrite, explained

    def _asks(self) -> bool:
        return "?" in self._asked.description or "question" in self._asked.description.lower()

    def _proven(self, sources: Sequence[Source], answers: Sequence[str], kinds: frozenset[Kind]) -> tuple[str, list[bool]]:
        return proven_rewrite(answers, [{c.value for c in candidates_of(s, kinds)} | {""} for s in sources])

    def _candidates(self, source: Source) -> list[Candidate]:
        kinds = self._kinds | {"words"} if source.question and not self._known.cues else self._kinds
        return candidates_of(source, kinds) + ([NOTHING] if self._maybe_nothing else [])

    def _sheet(self, source: Source, found: Sequence[Candidate], known: Known) -> Sheet:
        return Sheet(dense_of(self._asked, source, found, known, self._meanings), sparse_of(found))

    def _written(self, candidate: Candidate) -> str:
        if self.rewrite == "copy" or not candidate.value:
            return candidate.value
        rewritten = REWRITES[self.rewrite](candidate.value)
        return candidate.value if rewritten is None else rewritten

    def _fit(self, sources: Sequence[Source], answers: Sequence[str], explained: Sequence[bool]) -> None:
        chosen = [i for i, is_copy in enumerate(explained) if is_copy]
        if not chosen:
            return
        found = [self._candidates(sources[i]) for i in chosen]
        written = [[folded(self._written(c)) for c in candidates] for candidates in found]
        marks = [np.array([v == answers[i] for v in values]) for i, values in zip(chosen, written, strict=True)]
        first = self._sheets(sources, chosen, found, [_rarest(f, m) for f, m in zip(found, marks, strict=True)])
        # Where a value stands at several places, the first fit tells which of them is meant: only that one says what
        # an answer looks like.
        prior = prior_mean(bool(sources[chosen[0]].question), len(chosen) > 1)
        draft = Ranker(prior, first, marks)
        best = [[_argmax(draft.scores(s), m)] for s, m in zip(first, marks, strict=True)]
        sheets = self._sheets(sources, chosen, found, best)
        ranker = self._ranker = Ranker(prior, sheets, marks)
        self._known, _ = known_of(found, best)
        hits: list[tuple[float, bool]] = []
        for place in (
            [int(p) for p in np.linspace(0, len(chosen) - 1, min(len(chosen), LEFT_OUT))] if len(chosen) > 1 else []
        ):
            value, probability = _best(written[place], ranker.left_out(place, sheets[place]))
            self.left_out.append((value, answers[chosen[place]]))
            hits.append((probability, value == answers[chosen[place]]))
        # An answer that is no span is one that copying gets wrong, and it counts.
        misses = [(float(np.median([p for p, _ in hits])), False)] * explained.count(False) if hits else []
        self._slope, self._offset = _calibration([*hits, *misses])

    def _sheets(
        self, sources: Sequence[Source], chosen: Sequence[int], found: list[list[Candidate]], rows: list[list[int]]
    ) -> list[Sheet]:
        """Of each example, as if its own answer were not known."""
        known, owners = known_of(found, rows)
        return [self._sheet(sources[i], found[p], known.without(p, owners)) for p, i in enumerate(chosen)]

    def _calibrated(self, probability: float) -> float:
        return float(expit(self._slope * logit(np.clip(probability, 1e-6, 1 - 1e-6)) + self._offset))


def _best(values: Sequence[str], scores: Matrix) -> tuple[str, float]:
    """The most probable value, its places taken together."""
    totals: dict[str, float] = {}
    for value, probability in zip(values, softmax(scores), strict=True):
        totals[value] = totals.get(value, 0.0) + float(probability)
    value = max(totals, key=lambda v: totals[v])
    return value, totals[value]


def known_of(found: Sequence[Sequence[Candidate]], rows: Sequence[Sequence[int]]) -> tuple[Known, list[int]]:
    """What the right candidates look like, and which example each is of."""
    owners = [owner for owner, chosen in enumerate(rows) for _ in chosen]
    right = [found[owner][row] for owner, chosen in enumerate(rows) for row in chosen]
    return Known(
        tuple(c.cue for c in right),
        tuple(c.type for c in right),
        tuple(shape_of(c.value) for c in right),
        tuple(len(c.value) for c in right),
    ), owners


def _rarest(found: Sequence[Candidate], marks: np.ndarray) -> list[int]:
    """Of the places that a value stands at, the first of each cue; at most three."""
    seen: dict[str, int] = {}
    for row in np.flatnonzero(marks):
        seen.setdefault(found[row].cue, int(row))
    return list(seen.values())[:3]


def _argmax(scores: Matrix, marks: np.ndarray) -> int:
    return int(max(np.flatnonzero(marks), key=lambda row: scores[row]))


def _calibration(hits: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and offset on log-odds of left-out answers (Platt 1999), held by the prior."""
    if not hits:
        return SLOPE, OFFSET
    odds = logit(np.clip([p for p, _ in hits], 1e-6, 1 - 1e-6))
    right = np.array([hit for _, hit in hits], float)

    def loss(parameters: Matrix) -> tuple[float, Matrix]:
        z = parameters[0] * odds + parameters[1]
        away = (parameters - (SLOPE, OFFSET)) / SPREADS
        surplus = expit(z) - right
        value = float(np.logaddexp(0, z).sum() - right @ z + 0.5 * away @ away)
        return value, np.array([surplus @ odds, surplus.sum()]) + away / SPREADS

    best = minimize(loss, np.array([SLOPE, OFFSET]), method="L-BFGS-B", jac=True, bounds=[(0.05, 3.0), (-6.0, 6.0)]).x
    return float(best[0]), float(best[1])
