"""Update loops of a stream: which version answers each segment, retrained, frozen or gated."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from benchmarks.contenders.learner import Fitted, Learner, Task
from benchmarks.data.rows import Domain, Row
from benchmarks.studies import measures
from benchmarks.studies.answered import Answered
from benchmarks.studies.stream import Asked

#: Least confidence of the answers that SeedLoop trains on, and the share of them that it compares versions on.
SEED_MIN_CONFIDENCE, SEED_VALIDATION_SHARE = 0.7, 0.2
#: Share of each domain's outcomes, and most outcomes, in the reservoir; share of the others that is for validation. Neither
#: is trained on, so the product trains on 72 % of what contenders train on.
RESERVOIR_SHARE, MAX_RESERVOIR, VALIDATION_SHARE = 0.1, 1000, 0.2
#: Most examples of a task given by its buyer; the API takes twice as many (contracts/limits.ts).
MAX_EXAMPLES = 1000
#: Most confirmed items that the platform adds to a task (contracts/entities/training.ts).
MAX_RECALLED = 300


class Loop(Protocol):
    """Decides which version answers a segment of the stream."""

    #: Most confirmed items of the buyer, the newest, that a task comes with, by domain.
    max_examples = 0

    def others(self) -> Mapping[str, Fitted]:
        """Further versions to ask, by name."""
        return {}

    def version(self, known: Sequence[int], answered: Answered) -> tuple[Fitted, dict[str, Any]]:
        """The version for the outcomes `known` so far, and notes about its training."""
        ...

    def with_examples(self, fitted: Fitted, examples: Mapping[str, Sequence[Row]], domains: Mapping[str, Domain]) -> Fitted:
        """The version for tasks that come with examples."""
        return fitted.with_examples(examples)


class Retrained(Loop):
    """Trains a new version for each segment, on all known outcomes."""

    def __init__(self, learner: Learner, seed: int) -> None:
        self._learner, self._seed = learner, seed

    def version(self, known: Sequence[int], answered: Answered) -> tuple[Fitted, dict[str, Any]]:
        """See Loop."""
        return self._learner.fit(answered.training_tasks(known), self._seed), {}


class RetrainedPerBatch(Retrained):
    """Also retrains whenever Duke MM's tasks would come with new examples: what a contender needs to keep up."""

    max_examples = MAX_EXAMPLES

    def with_examples(self, fitted: Fitted, examples: Mapping[str, Sequence[Row]], domains: Mapping[str, Domain]) -> Fitted:
        """See Loop."""
        return self._learner.fit([Task(domains[name], rows) for name, rows in sorted(examples.items())], self._seed)


class Frozen(Loop):
    """Keeps the first version that was trained on any outcome."""

    def __init__(self, learner: Learner, seed: int) -> None:
        self._learner, self._seed = learner, seed
        self._first: Fitted | None = None

    def version(self, known: Sequence[int], answered: Answered) -> tuple[Fitted, dict[str, Any]]:
        """See Loop."""
        if not known:
            return self._learner.fit([], self._seed), {}
        if self._first is None:
            self._first = self._learner.fit(answered.training_tasks(known), self._seed)
        return self._first, {}


class SeedLoop(Loop):
    """The loop of the original specification, taken literally.

    Trains only on right answers with a confidence above 0.7, and promotes a candidate if its accuracy is higher on a fifth
    of them. Starts with a version that was trained on the first outcomes and their labels.
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
            self._current = self._learner.fit(answered.training_tasks(known), self._seed)
            return self._current, {"promoted": True}
        confident = [
            p for p in known[len(self._first) :] if answered.right[p] and answered.confidences[p] > SEED_MIN_CONFIDENCE
        ]
        compared = [p for p in confident if hash_share(answered.tasks[p]) < SEED_VALIDATION_SHARE]
        training = [*self._first, *(p for p in confident if hash_share(answered.tasks[p]) >= SEED_VALIDATION_SHARE)]
        if not compared:
            return self._current, {"promoted": False}
        candidate = self._learner.fit(answered.training_tasks(training), self._seed)
        better = answered.right_by(candidate, compared).mean() > answered.right_by(self._current, compared).mean()
        if better:
            self._current = candidate
        return self._current, {"promoted": bool(better)}


class Gated(Loop):
    """The product's loop: a candidate serves if the gate promotes it.

    Versions are compared on a fixed reservoir and a fifth of the other outcomes, which are never trained on. Answers of the
    newest candidate are the variant `newest`.
    """

    def __init__(self, learner: Learner, seed: int) -> None:
        self._learner, self._seed = learner, seed
        self._current: Fitted | None = None
        self._newest: Fitted | None = None
        self._known_before = 0

    def version(self, known: Sequence[int], answered: Answered) -> tuple[Fitted, dict[str, Any]]:
        """See Loop. The notes hold the candidate's flips and the gate's reasons."""
        from benchmarks.studies.promotion import promotes

        tasks = answered.tasks
        reservoir = {p for group in answered.by_domain(known).values() for p in reservoir_of(tasks, group)}
        validation = {p for p in known if p not in reservoir and hash_share(tasks[p], "validation") < VALIDATION_SHARE}
        training = [p for p in known if p not in reservoir and p not in validation]
        candidate = self._newest = self._learner.fit(answered.training_tasks(training), self._seed)
        fresh = set(known[self._known_before :]) & validation
        self._known_before = len(known)
        compared = [p for p in known if p in reservoir or p in fresh]
        notes: dict[str, Any] = {"promoted": True, "learned": len(training), "compared": len(compared)}
        if self._current is None:
            self._current = candidate
            return candidate, notes
        before, after = answered.right_by(self._current, compared), answered.right_by(candidate, compared)
        labels = [str(tasks[p].row.expected) for p in compared]
        promoted, reasons = promotes(before, after, [tasks[p].domain for p in compared], labels)
        if promoted:
            self._current = candidate
        return self._current, {**notes, "promoted": promoted, "reasons": reasons, **measures.flips(before, after)}

    def others(self) -> dict[str, Fitted]:
        """See Loop."""
        return {"newest": self._newest} if self._newest else {}


class GatedWithExamples(Gated):
    """Gated, with the buyer's confirmed items so far as examples of each task."""

    max_examples = MAX_EXAMPLES


class GatedWithRecall(Gated):
    """Gated, with the items that the platform recalls for each task."""

    max_examples = MAX_RECALLED


def hash_share(asked: Asked, salt: str = "") -> float:
    """Uniform number in 0..1 from the hash of the item's id."""
    return int(hashlib.sha256(f"{salt}{asked.row.item.id}".encode()).hexdigest()[:8], 16) / 2**32


def reservoir_of(tasks: Sequence[Asked], positions: Sequence[int]) -> list[int]:
    """Positions of one domain, in order of arrival, that belong to its reservoir; later outcomes never remove one."""
    return [p for p in positions if hash_share(tasks[p]) < RESERVOIR_SHARE][:MAX_RESERVOIR]
