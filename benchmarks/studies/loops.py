"""How a learner goes through a stream: retrained, frozen, by the seed's letter, or through the product's gate."""

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from benchmarks.contenders.learner import Answers, Fitted, Learner, Task
from benchmarks.data.rows import Domain, Row
from benchmarks.studies import measures
from benchmarks.studies.stream import Asked, Inbox, Segment, Stream

#: The seed learns from successes surer than this, and keeps a fifth of them to compare versions on.
SEED_SURE, SEED_KEPT = 0.7, 0.2
#: Of each domain's outcomes, frozen for comparing versions: a tenth, at most 1,000. Of the others a fifth is for
#: validation. Neither is ever learned from, so the product's way learns from 72 % of what contenders learn from.
RESERVOIR, RESERVOIR_MOST, VALIDATION = 0.1, 1000, 0.2
#: Examples that a task comes with at most where its buyer gives them; the API takes twice as many (contracts/limits.ts).
EXAMPLES = 1000
#: Confirmed items that the platform gives a task by itself (contracts/entities/training.ts).
RECALLED = 300
#: New outcomes after which tasks come with them, or so many more of what there are: each time something is fitted anew.
RENEWED, RENEWED_GROWTH = 10, 0.15


class Loop(Protocol):
    """Which version answers a segment."""

    #: How many of the newest items that their buyer has confirmed tasks come with, by domain.
    examples = 0

    def others(self) -> Mapping[str, Fitted]:
        """Versions that are asked beside it, by name."""
        return {}

    def version(self, known: Sequence[int], answered: "Answered") -> tuple[Fitted, dict[str, Any]]:
        """For outcomes of tasks that have arrived; and notes about how it came to be."""
        ...

    def given(self, fitted: Fitted, examples: Mapping[str, Sequence[Row]], domains: Mapping[str, Domain]) -> Fitted:
        """The version as it answers tasks that come with examples."""
        return fitted.with_examples(examples)


class Answered:
    """What was answered so far, by position in the stream."""

    def __init__(self, stream: Stream, domains: Mapping[str, Domain]) -> None:
        self.tasks, self.domains, self.seed = stream.tasks, domains, stream.seed
        self.predictions: list[str | None] = [None] * len(stream.tasks)
        self.confidences = np.zeros(len(stream.tasks))
        self.right = np.zeros(len(stream.tasks), bool)

    def by_domain(self, positions: Sequence[int]) -> dict[str, list[int]]:
        """Positions by domain, in order."""
        found: dict[str, list[int]] = {}
        for position in positions:
            found.setdefault(self.tasks[position].domain, []).append(position)
        return found

    def lessons(self, positions: Sequence[int]) -> list[Task]:
        """Their rows, to learn from; those answered wrongly are failures."""
        return [
            Task(
                self.domains[name],
                [self.tasks[p].row for p in places],
                frozenset(self.tasks[p].row.item.id for p in places if not self.right[p]),
            )
            for name, places in sorted(self.by_domain(positions).items())
        ]

    def ask(self, fitted: Fitted, positions: Sequence[int], variant: str = "whole") -> list[tuple[str, float, bool]]:
        """(prediction, confidence, whether right) by position."""
        found: dict[int, tuple[str, float, bool]] = {}
        for name, places in self.by_domain(positions).items():
            rows = [self.tasks[p].row for p in places]
            answers: Answers = fitted.predict(self.domains[name], rows, variant)
            sure = np.zeros(len(rows)) if answers.confidences is None else answers.confidences
            for place, row, prediction, confidence in zip(places, rows, answers.predictions, sure, strict=True):
                found[place] = (str(prediction), float(confidence), str(prediction) == str(row.expected))
        return [found[p] for p in positions]


class Retrained(Loop):
    """A new version each time, from everything that is known."""

    def __init__(self, learner: Learner, seed: int) -> None:
        self._learner, self._seed = learner, seed

    def version(self, known: Sequence[int], answered: Answered) -> tuple[Fitted, dict[str, Any]]:
        """See Loop."""
        return self._learner.fit(answered.lessons(known), self._seed), {}


class AtOnce(Retrained):
    """Retrained wherever Duke MM's tasks come with new examples: what a contender would have to do for it."""

    examples = EXAMPLES

    def given(self, fitted: Fitted, examples: Mapping[str, Sequence[Row]], domains: Mapping[str, Domain]) -> Fitted:
        """See Loop."""
        return self._learner.fit([Task(domains[name], rows) for name, rows in sorted(examples.items())], self._seed)


class Frozen(Loop):
    """What the first version that saw any outcome knows, for ever."""

    def __init__(self, learner: Learner, seed: int) -> None:
        self._learner, self._seed = learner, seed
        self._first: Fitted | None = None

    def version(self, known: Sequence[int], answered: Answered) -> tuple[Fitted, dict[str, Any]]:
        """See Loop."""
        if not known:
            return self._learner.fit([], self._seed), {}
        if self._first is None:
            self._first = self._learner.fit(answered.lessons(known), self._seed)
        return self._first, {}


class SeedLoop(Loop):
    """To the letter: train on successes with a confidence above 0.7 only, promote where accuracy on a kept fifth of them is
    higher. It begins with a version that has learned the first outcomes with their labels.
    """

    def __init__(self, learner: Learner, seed: int) -> None:
        self._learner, self._seed = learner, seed
        self._current: Fitted | None = None
        self._first: tuple[int, ...] = ()

    def version(self, known: Sequence[int], answered: Answered) -> tuple[Fitted, dict[str, Any]]:
        """See Loop."""
        if not known:
            return self._learner.fit([], self._seed), {}
        if self._current is None:
            self._first = tuple(known)
            self._current = self._learner.fit(answered.lessons(known), self._seed)
            return self._current, {"promoted": True}
        good = [p for p in known[len(self._first) :] if answered.right[p] and answered.confidences[p] > SEED_SURE]
        kept = [p for p in good if _share(answered.tasks[p]) < SEED_KEPT]
        learned = [*self._first, *(p for p in good if _share(answered.tasks[p]) >= SEED_KEPT)]
        if not kept:
            return self._current, {"promoted": False}
        candidate = self._learner.fit(answered.lessons(learned), self._seed)
        better = _rights(answered, candidate, kept).mean() > _rights(answered, self._current, kept).mean()
        if better:
            self._current = candidate
        return self._current, {"promoted": bool(better)}


class Gated(Loop):
    """The product's way: a frozen reservoir and a fifth of the rest are compared on and never learned from; a candidate
    serves when the gate lets it. What the newest candidate would have answered is the variant «newest».
    """

    def __init__(self, learner: Learner, seed: int) -> None:
        self._learner, self._seed = learner, seed
        self._current: Fitted | None = None
        self._newest: Fitted | None = None
        self._compared = 0

    def version(self, known: Sequence[int], answered: Answered) -> tuple[Fitted, dict[str, Any]]:
        """See Loop. Notes: negative flips of the candidate, and the gate's reasons."""
        from benchmarks.studies.promotion import promotes

        tasks = answered.tasks
        reservoir = {p for places in answered.by_domain(known).values() for p in reservoir_of(tasks, places)}
        validation = {p for p in known if p not in reservoir and _share(tasks[p], "validation") < VALIDATION}
        learned = [p for p in known if p not in reservoir and p not in validation]
        candidate = self._newest = self._learner.fit(answered.lessons(learned), self._seed)
        fresh = set(known[self._compared :]) & validation
        self._compared = len(known)
        kept = [p for p in known if p in reservoir or p in fresh]
        notes: dict[str, Any] = {"promoted": True, "learned": len(learned), "compared": len(kept)}
        if self._current is None:
            self._current = candidate
            return candidate, notes
        before, after = _rights(answered, self._current, kept), _rights(answered, candidate, kept)
        labels = [str(tasks[p].row.expected) for p in kept]
        promoted, reasons = promotes(before, after, [tasks[p].domain for p in kept], labels)
        if promoted:
            self._current = candidate
        return self._current, {**notes, "promoted": promoted, "reasons": reasons, **measures.flips(before, after)}

    def others(self) -> dict[str, Fitted]:
        """Versions that are asked beside the one that serves."""
        return {"newest": self._newest} if self._newest else {}


class GatedWithExamples(Gated):
    """Versions behind the gate, and with each task what its buyer has confirmed so far as the task's examples."""

    examples = EXAMPLES


class GatedWithRecall(Gated):
    """Versions behind the gate, and with each task what the platform recalls of its family."""

    examples = RECALLED


def _share(asked: Asked, salt: str = "") -> float:
    """0 to 1 by the hash of the content."""
    return int(hashlib.sha256(f"{salt}{asked.row.item.id}".encode()).hexdigest()[:8], 16) / 2**32


def reservoir_of(tasks: Sequence[Asked], places: Sequence[int]) -> list[int]:
    """Of outcomes of one domain in order of arrival, those that are frozen; more outcomes never take one out."""
    return [p for p in places if _share(tasks[p]) < RESERVOIR][:RESERVOIR_MOST]


def _rights(answered: Answered, fitted: Fitted, places: Sequence[int]) -> np.ndarray:
    return np.array([right for _, _, right in answered.ask(fitted, places)], bool)


@dataclass(frozen=True)
class Given:
    """Tasks `start` to `stop` come with these examples, by domain."""

    start: int
    stop: int
    examples: Mapping[str, Sequence[Row]]


def given(stream: Stream, segment: Segment, most: int) -> Iterator[Given]:
    """Parts of a segment in which examples, `most` by domain, stay the same."""
    inbox = Inbox()
    for messages in stream.arrivals[: segment.start]:
        for task in messages:
            inbox.receive(task)
    start, shared = segment.start, len(inbox.order)
    examples = _newest(stream, inbox, most)
    for position in range(segment.start, segment.stop):
        for task in stream.arrivals[position]:
            inbox.receive(task)
        if len(inbox.order) - shared >= max(RENEWED, round(RENEWED_GROWTH * shared)):
            yield Given(start, position + 1, examples)
            start, shared = position + 1, len(inbox.order)
            examples = _newest(stream, inbox, most)
    if start < segment.stop:
        yield Given(start, segment.stop, examples)


def _newest(stream: Stream, inbox: Inbox, most: int) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for task in reversed(inbox.order):
        rows = found.setdefault(stream.tasks[task].domain, [])
        if len(rows) < most:
            rows.append(stream.tasks[task].row)
    return found


def go_through(stream: Stream, domains: Mapping[str, Domain], loop: Loop) -> dict[str, Any]:
    """Answer the whole stream. By variant: errors, and by task `right` and `sure` (confidence in 255ths) as hex."""
    answered, notes, started = Answered(stream, domains), [], time.perf_counter()
    others: dict[str, np.ndarray] = {}
    for segment in stream.segments:
        before = time.perf_counter()
        fitted, note = loop.version(segment.known, answered)
        seconds = round(time.perf_counter() - before, 2)
        positions = range(segment.start, segment.stop)
        unaided = [Given(segment.start, segment.stop, {})]
        for part in given(stream, segment, loop.examples) if loop.examples else unaided:
            asks = loop.given(fitted, part.examples, domains) if part.examples else fitted
            some = range(part.start, part.stop)
            for p, answer in zip(some, answered.ask(asks, some), strict=True):
                answered.predictions[p], answered.confidences[p], answered.right[p] = answer
        asked = {name: (fitted, name) for name in fitted.variants if name != "whole"}
        asked |= {name: (version, "whole") for name, version in loop.others().items()}
        for name in {*others, *asked}:
            # Before there was a variant, and where a version has none, it is the whole that answers.
            found = others.setdefault(name, answered.right.copy())
            version, variant = asked.get(name, (fitted, "whole"))
            found[list(positions)] = [right for *_, right in answered.ask(version, positions, variant)]
        notes.append({"at": segment.start, "known": len(segment.known), "fit_seconds": seconds, **note})
    sure = np.clip(np.rint(answered.confidences * 255), 0, 255).astype(np.uint8)
    variants = {"whole": answered.right, **others}
    return {
        "n": len(stream.tasks),
        "variants": {
            name: {"errors": int((~right).sum()), "right": np.packbits(right).tobytes().hex()}
            for name, right in variants.items()
        },
        "sure": sure.tobytes().hex(),
        "versions": notes,
        "seconds": round(time.perf_counter() - started, 1),
    }
