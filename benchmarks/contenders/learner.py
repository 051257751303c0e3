"""What a contender is to the benchmark, and what Duke MM is: it learns from rows and answers items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from benchmarks.data.rows import Domain, Row, Target


@dataclass(frozen=True)
class Answers:
    """One an item, in order. What a learner does not give is None."""

    predictions: Sequence[Target]
    #: The higher the surer; a probability to be right where `probabilistic`.
    confidences: np.ndarray | None = None
    probabilistic: bool = False
    #: 95 % sets of labels, or intervals (low, high) of numbers.
    label_sets: Sequence[Sequence[str]] | None = None
    intervals: Sequence[tuple[float, float]] | None = None


class Fitted(Protocol):
    """What was learned. Of the rows it is asked about it may read the items only."""

    variants: tuple[str, ...]

    def predict(self, domain: Domain, rows: Sequence[Row], variant: str = "whole") -> Answers:
        """Answer rows of a domain."""
        ...

    def with_examples(self, examples: Mapping[str, Sequence[Row]]) -> "Fitted":
        """The same, asked with examples that come with the tasks of each domain; of Duke MM only."""
        ...


class Learner(Protocol):
    """Learns several domains at once; a classical contender learns each by itself."""

    name: str

    def fit(self, tasks: Sequence["Task"], seed: int) -> Fitted:
        """Learn from labelled rows."""
        ...


@dataclass(frozen=True)
class Task:
    """Labelled rows of one domain to learn from. Rows of `failures` (ids) were answered wrongly before."""

    domain: Domain
    rows: Sequence[Row]
    failures: frozenset[str] = frozenset()
    options: Mapping[str, bool] = field(default_factory=dict)
