"""Rows and a learner for tests of benchmarks."""

from collections.abc import Iterable

import numpy as np

from benchmarks.contenders.learner import Answers
from benchmarks.data.rows import Raw, Source

COLOURS = ("red", "green", "blue")


def raws(count: int, seed: int = 0) -> Iterable[Raw]:
    """Rows whose label their numbers tell, most of the time; every tenth row comes twice."""
    random = np.random.default_rng(seed)
    for i in range(count):
        label = int(random.integers(3))
        fields = {f"n{j}": round(float(random.normal(label == j, 0.4)), 6) for j in range(3)}
        yield Raw(fields, {}, COLOURS[label])
        if i % 10 == 0:
            yield Raw(fields, {}, COLOURS[label])


def source_of(name: str, count: int, test: int = 0, seed: int = 0, **more) -> Source:
    return Source(
        name=name,
        title=name,
        kind="classification",
        modality=more.pop("modality", "numbers"),
        description="Which colour?",
        raws=more.pop("raws", lambda: raws(count, seed)),
        sizes=(40,) if test else (),
        test=test,
        **more,
    )


class Spy:
    """Learns nothing, remembers what it was given; is sure and right about every other item."""

    name = "spy"
    variants = ("whole",)

    def __init__(self) -> None:
        self.learned: list[set[str]] = []
        self.failures: set[str] = set()

    def fit(self, tasks, seed):
        self.learned.append({row.item.id for task in tasks for row in task.rows})
        self.failures = {i for task in tasks for i in task.failures}
        return self

    def predict(self, domain, rows, variant="whole"):
        right = [int(row.item.id[:6], 16) % 2 == 0 for row in rows]
        wrong = {label: domain.labels[i - 1] for i, label in enumerate(domain.labels)}
        predictions = [r.expected if ok else wrong[r.expected] for r, ok in zip(rows, right, strict=True)]
        return Answers(predictions, np.where(right, 0.9, 0.2), probabilistic=True)
