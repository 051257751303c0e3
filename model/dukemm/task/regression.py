"""Numbers with a confidence, learned from a task's examples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import erf

from dukemm.task.blocks import Encoded, Matrix
from dukemm.task.views import fit_views

#: A number is right when it is within this share of the standard deviation of the examples' targets.
TOLERANCE = 0.5
#: Neighbours whose left-out errors tell how sure the model may be, and how many of them the overall error is worth.
NEIGHBOURS = 10


@dataclass(frozen=True)
class Numbers:
    """Predicted numbers, (m,), and the probability that each is within the tolerance."""

    values: Matrix
    confidences: Matrix


class TaskRegressor:
    """The regressor of one task; needs at least three examples."""

    def __init__(self, examples: Sequence[Encoded], targets: Sequence[float], penalties: Sequence[float]) -> None:
        self.examples = list(examples)
        aims = np.asarray(targets, dtype=np.float64)
        self._mean = float(aims.mean())
        self._spread = max(float(aims.std()), 1e-12)
        standard = ((aims - self._mean) / self._spread)[:, None]
        self.views = fit_views(self.examples, standard, np.ones(len(aims)), penalties)
        mixed = self.views.left_out[:, 0]
        # The mixture is of standardised scores: one straight line puts it back in the unit of the targets. The ridge on the
        # slope keeps a handful of examples from turning it round.
        centred = mixed - mixed.mean()
        self.slope = max(float(centred @ standard[:, 0]) / (float(centred @ centred) + 1.0), 0.0)
        self._offset = -self.slope * float(mixed.mean())
        self._errors = (self.slope * mixed + self._offset - standard[:, 0]) ** 2

    def predict(self, items: Sequence[Encoded]) -> Numbers:
        """Values in the unit of the targets."""
        standard = self.slope * self.views.scores(items)[:, 0] + self._offset
        similarities = sum(
            (
                fitted.factor * fitted.centring.apply(fitted.block.compare(items, fitted.width))
                for fitted in self.views.blocks
            ),
            np.zeros((len(items), len(self.examples))),
        )
        nearest = np.argsort(-similarities, axis=1)[:, :NEIGHBOURS]
        around = self._errors[nearest].sum(1) + NEIGHBOURS * self._errors.mean()
        deviation = np.sqrt(around / (nearest.shape[1] + NEIGHBOURS)) + 1e-9
        return Numbers(values=self._mean + self._spread * standard, confidences=erf(TOLERANCE / (deviation * np.sqrt(2.0))))
