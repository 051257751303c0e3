"""Answers to the tasks of a stream, and what versions may learn from them."""

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.contenders.learner import Answers, Fitted, Task
from benchmarks.data.rows import Domain
from benchmarks.studies.stream import Stream


class Answered:
    """Answers so far, by position in the stream."""

    def __init__(self, stream: Stream, domains: Mapping[str, Domain]) -> None:
        self.tasks, self.domains, self.seed = stream.tasks, domains, stream.seed
        self.predictions: list[str | None] = [None] * len(stream.tasks)
        self.confidences = np.zeros(len(stream.tasks))
        self.right = np.zeros(len(stream.tasks), bool)

    def by_domain(self, positions: Sequence[int]) -> dict[str, list[int]]:
        """Group positions by domain, in order."""
        groups: dict[str, list[int]] = {}
        for position in positions:
            groups.setdefault(self.tasks[position].domain, []).append(position)
        return groups

    def training_tasks(self, positions: Sequence[int]) -> list[Task]:
        """Training tasks of these positions by domain; wrongly answered rows are marked as failures."""
        return [
            Task(
                self.domains[name],
                [self.tasks[p].row for p in group],
                frozenset(self.tasks[p].row.item.id for p in group if not self.right[p]),
            )
            for name, group in sorted(self.by_domain(positions).items())
        ]

    def ask(self, fitted: Fitted, positions: Sequence[int], variant: str = "whole") -> list[tuple[str, float, bool]]:
        """(prediction, confidence, whether right) of each position, by a variant of a version."""
        results: dict[int, tuple[str, float, bool]] = {}
        for name, group in self.by_domain(positions).items():
            rows = [self.tasks[p].row for p in group]
            answers: Answers = fitted.predict(self.domains[name], rows, variant)
            confidences = np.zeros(len(rows)) if answers.confidences is None else answers.confidences
            for position, row, prediction, confidence in zip(group, rows, answers.predictions, confidences, strict=True):
                results[position] = (str(prediction), float(confidence), str(prediction) == str(row.expected))
        return [results[p] for p in positions]

    def right_by(self, fitted: Fitted, positions: Sequence[int]) -> np.ndarray:
        """(positions,) whether a version answers each position right."""
        return np.array([right for _, _, right in self.ask(fitted, positions)], bool)
