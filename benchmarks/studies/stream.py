"""A stream of single labelled tasks over several domains, and when their feedback arrives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.data.rows import Domain, Row

#: Share of feedback that is late, and by how many tasks at least and most.
LATE, DELAY = 0.1, (50, 500)
#: Share of feedback that is sent twice, the second time so many tasks later at most.
TWICE, AGAIN = 0.05, 300
#: The product retrains at so many new outcomes. Past LITERAL_UP_TO outcomes the benchmark waits for a quarter more than
#: there are, since on two cores retraining every hundred would take days for all contenders and seeds.
EVERY, LITERAL_UP_TO, GROWTH = 100, 1000, 0.25


@dataclass(frozen=True)
class Asked:
    """One task of the stream."""

    domain: str
    row: Row


@dataclass(frozen=True)
class Segment:
    """Tasks `start` to `stop` are answered by a version that knows the outcomes of `known`, tasks in order of arrival."""

    start: int
    stop: int
    known: tuple[int, ...]


@dataclass(frozen=True)
class Stream:
    """The same for every learner: arrivals do not depend on answers."""

    seed: int
    tasks: tuple[Asked, ...]
    segments: tuple[Segment, ...]
    #: By position, the tasks whose feedback comes right after it.
    arrivals: tuple[tuple[int, ...], ...]
    #: Messages of feedback, more than tasks since some come twice.
    messages: int


class Inbox:
    """Outcomes by task: a second message about one task changes nothing."""

    def __init__(self) -> None:
        self.order: list[int] = []
        self._known: set[int] = set()

    def receive(self, task: int) -> bool:
        """Whether this is news."""
        if task in self._known:
            return False
        self._known.add(task)
        self.order.append(task)
        return True


def due(outcomes: int) -> int:
    """New outcomes after which a version that knows `outcomes` is followed by the next."""
    return EVERY if outcomes < LITERAL_UP_TO else max(EVERY, round(GROWTH * outcomes))


def make_stream(domains: Mapping[str, Domain], tasks: int, seed: int) -> Stream:
    """Each task from a domain at random, while it has rows; no content comes twice."""
    random = np.random.default_rng([seed, 3])
    left = {name: [domain.rows[i] for i in random.permutation(len(domain.rows))] for name, domain in domains.items()}
    asked: list[Asked] = []
    while len(asked) < tasks and any(left.values()):
        name = random.choice(sorted(name for name, rows in left.items() if rows))
        asked.append(Asked(str(name), left[name].pop()))
    arrivals = arrive(len(asked), random)
    return Stream(seed, tuple(asked), tuple(cut(arrivals)), tuple(map(tuple, arrivals)), sum(map(len, arrivals)))


def arrive(tasks: int, random: np.random.Generator) -> list[list[int]]:
    """For each task, whose feedback comes right after it; what would come after the last task never does."""
    arrivals: list[list[int]] = [[] for _ in range(tasks)]
    for task in range(tasks):
        at = task + (int(random.integers(*DELAY)) if random.random() < LATE else 0)
        again = [at + int(random.integers(1, AGAIN))] if random.random() < TWICE else []
        for moment in (at, *again):
            if moment < tasks:
                arrivals[moment].append(task)
    return arrivals


def cut(arrivals: Sequence[Sequence[int]]) -> list[Segment]:
    """Retrain whenever enough new outcomes have come."""
    inbox, segments, start, known = Inbox(), [], 0, 0
    for position, messages in enumerate(arrivals):
        for task in messages:
            inbox.receive(task)
        if len(inbox.order) - known >= due(known):
            segments.append(Segment(start, position + 1, tuple(inbox.order[:known])))
            start, known = position + 1, len(inbox.order)
    segments.append(Segment(start, len(arrivals), tuple(inbox.order[:known])))
    return [segment for segment in segments if segment.stop > segment.start]
