"""Confirmed examples, found again by their similarity in all views together: a kernel nearest-neighbour vote."""

from dataclasses import dataclass

import numpy as np

from dukemm.domain.arrays import Matrix

NEIGHBOURS = (5, 15)
#: Similarities are compared on this scale, in spreads of the closest ones.
TEMPERATURES = (0.25, 1.0)
#: Votes that every label has from nobody: a vote of few is not certain.
NOBODY = 0.3


@dataclass(frozen=True)
class Memory:
    """How the examples vote: how many, and how much closer ones count for more."""

    neighbours: int
    temperature: float
    #: (n,) weights and (n, outputs) answers of the examples: one-hot labels, or numbers.
    weights: Matrix
    answers: Matrix

    def votes(self, similarities: Matrix) -> Matrix:
        """(m, n) similarities → (m, outputs): shares of the labels, or the mean of the numbers."""
        count = min(self.neighbours, similarities.shape[1])
        closest = np.argpartition(-similarities, count - 1, axis=1)[:, :count]
        near = np.take_along_axis(similarities, closest, axis=1)
        scale = self.temperature * (near.std(1, keepdims=True) + 1e-6)
        heard = np.exp((near - near.max(1, keepdims=True)) / scale) * self.weights[closest]
        total = np.einsum("mk,mko->mo", heard, self.answers[closest])
        if self.answers.shape[1] == 1:
            return total / np.maximum(heard.sum(1, keepdims=True), 1e-9)
        share = NOBODY / self.answers.shape[1]
        return (total + share) / (heard.sum(1, keepdims=True) + NOBODY)


def fit_memory(gram: Matrix, answers: Matrix, weights: Matrix) -> tuple[Memory, Matrix]:
    """Choose how they vote, no example being its own neighbour. Returns the memory and (n, outputs) votes."""
    others = gram.copy()
    np.fill_diagonal(others, -np.inf)
    best: tuple[float, Memory, Matrix] | None = None
    for neighbours in NEIGHBOURS:
        if best is not None and neighbours >= len(gram):
            continue
        for temperature in TEMPERATURES:
            memory = Memory(min(neighbours, len(gram) - 1), temperature, weights, answers)
            votes = memory.votes(others)
            if answers.shape[1] == 1:
                loss = float(np.average((votes - answers)[:, 0] ** 2, weights=weights + 1e-9))
            else:
                loss = float(np.average(-np.log((votes * answers).sum(1) + 1e-9), weights=weights + 1e-9))
            if best is None or loss < best[0]:
                best = (loss, memory, votes)
    assert best is not None
    return best[1], best[2]
