"""A task's views, each fitted by itself and mixed by what it is worth on examples that were left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dukemm.task.blocks import Block, Encoded, Matrix, blocks_for
from dukemm.task.ridge import Centring, Ridge, fit_ridge

#: Skill of a view that does no better than the mean: it is kept, but hardly heard.
LEAST_SKILL = 1e-3


@dataclass(frozen=True)
class FittedBlock:
    """A view with its weights for this task."""

    block: Block
    centring: Centring
    ridge: Ridge
    #: Share in the mixture, divided by the spread of the left-out scores, which makes views comparable.
    factor: float

    def scores(self, items: Sequence[Encoded]) -> Matrix:
        """What this view adds to the scores of items, (m, outputs)."""
        return self.of_kernel(self.block.compare(items))

    def of_kernel(self, kernel: Matrix) -> Matrix:
        """The same from similarities with the examples, (m, n)."""
        return (self.centring.apply(kernel) @ self.ridge.dual + self.ridge.bias) * self.factor


@dataclass(frozen=True)
class FittedViews:
    """All views of one task; `left_out` are the mixed scores of the examples as if each had not been there."""

    blocks: tuple[FittedBlock, ...]
    left_out: Matrix

    def scores(self, items: Sequence[Encoded]) -> Matrix:
        """Mixed scores of items, (m, outputs), of the order of one."""
        return sum((fitted.scores(items) for fitted in self.blocks), np.zeros((len(items), self.left_out.shape[1])))


def fit_views(examples: Sequence[Encoded], targets: Matrix, weights: Matrix, penalties: Sequence[float]) -> FittedViews:
    """Fit every view to (n, outputs) targets.

    A view's share is proportional to the square root of its skill, 1 − left-out squared error / variance: on mails as good
    as equal shares, and views that know nothing do not disturb those that do.
    """
    variance = float((weights[:, None] * (targets - targets.mean(0)) ** 2).mean())
    found: list[tuple[Block, Centring, Ridge, float]] = []
    for block in blocks_for(examples):
        gram = block.gram()
        centring = Centring.of(gram)
        ridge = fit_ridge(centring.apply(gram), targets, weights, penalties)
        error = float((weights[:, None] * (ridge.left_out - targets) ** 2).mean())
        found.append((block, centring, ridge, max(1.0 - error / max(variance, 1e-12), LEAST_SKILL) ** 0.5))
    whole = sum(share for *_, share in found)
    blocks = tuple(
        FittedBlock(block, centring, ridge, share / whole / max(float(ridge.left_out.std()), 1e-6))
        for block, centring, ridge, share in found
    )
    left_out = sum((fitted.ridge.left_out * fitted.factor for fitted in blocks), np.zeros_like(targets))
    return FittedViews(blocks, left_out)
