"""kNN memory: kernel-weighted vote of the confirmed examples most similar over all views."""

from dataclasses import dataclass

import numpy as np

from dukemm.domain.arrays import Matrix

#: Candidate numbers of neighbours.
NEIGHBOURS = (5, 15)
#: Candidate temperatures of the kernel weights, in standard deviations of the neighbours' similarities.
TEMPERATURES = (0.25, 1.0)
#: Additive smoothing: pseudo-votes, shared equally by the labels.
PSEUDO_VOTES = 0.3


@dataclass(frozen=True)
class Memory:
    """A fitted kNN vote."""

    neighbours: int
    temperature: float
    #: (n,) weights and (n, outputs) answers of the examples: one-hot labels, or numbers.
    weights: Matrix
    answers: Matrix

    def votes(self, similarities: Matrix) -> Matrix:
        """(m, n) similarities → (m, outputs): label shares or the weighted mean of the numbers."""
        count = min(self.neighbours, similarities.shape[1])
        closest = np.argpartition(-similarities, count - 1, axis=1)[:, :count]
        near = np.take_along_axis(similarities, closest, axis=1)
        scale = self.temperature * (near.std(1, keepdims=True) + 1e-6)
        votes = np.exp((near - near.max(1, keepdims=True)) / scale) * self.weights[closest]
        total = np.einsum("mk,mko->mo", votes, self.answers[closest])
        if self.answers.shape[1] == 1:
            return total / np.maximum(votes.sum(1, keepdims=True), 1e-9)
        share = PSEUDO_VOTES / self.answers.shape[1]
        return (total + share) / (votes.sum(1, keepdims=True) + PSEUDO_VOTES)


def fit_memory(gram: Matrix, answers: Matrix, weights: Matrix) -> tuple[Memory, Matrix]:
    """Choose neighbours and temperature by leave-one-out loss. Returns the memory and leave-one-out votes, (n, outputs)."""
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
