"""Numbers of one task: what a version knows of the family, and the task's own examples."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dukemm.learn.known import KnownFamily
from dukemm.learn.regressor import FamilyRegressor, Numbers, fit_regressor
from dukemm.task.blocks import Encoded
from dukemm.task.views import FittedViews

#: Fewer say nothing about how far a number may be off.
FEWEST = 3


class TaskRegressor:
    """The regressor of one task; needs at least three examples, or a family that is known."""

    def __init__(
        self,
        examples: Sequence[Encoded],
        targets: Sequence[float],
        penalties: Sequence[float],
        known: KnownFamily | None = None,
        seen_in_training: Sequence[bool] = (),
    ) -> None:
        """`seen_in_training` (n,): examples that `known` was trained on say nothing about how good it is."""
        self.known = known
        self.own: FamilyRegressor | None = None
        if len(examples) >= FEWEST:
            aims = np.asarray(targets, np.float64)
            elsewhere, share = None, 0.0
            if known is not None:
                elsewhere = self._standard(known.numbers(examples).values, aims)
                elsewhere[np.asarray(seen_in_training, bool)] = np.nan
                share = len(known.records) / (len(known.records) + len(examples))
            self._place = float(aims.mean()), max(float(aims.std()), 1e-12)
            self.own, _ = fit_regressor(
                examples, aims, np.ones(len(aims)), penalties, elsewhere=elsewhere, elsewhere_share=share
            )

    def predict(self, items: Sequence[Encoded]) -> Numbers:
        """Values in the unit of the targets."""
        if self.known is None:
            assert self.own is not None
            return self.own.predict(items)
        found = self.known.numbers(items)
        if self.own is None:
            return found
        return self.own.predict(items, (found.values - self._place[0]) / self._place[1])

    def views(self) -> list[FittedViews]:
        """The kernel views with what a unit of each is worth in the end, in standard deviations of the targets."""
        found = []
        if self.own is not None:
            found.append(weighted_views(self.own, 1.0 if self.own.joined is None else float(self.own.joined[0])))
        if self.known is not None and isinstance(self.known.model, FamilyRegressor):
            share = 1.0 if self.own is None or self.own.joined is None else float(self.own.joined[1])
            model = self.known.model
            found.append(weighted_views(model, share * (1.0 if model.joined is None else float(model.joined[0]))))
        return found

    @staticmethod
    def _standard(values: np.ndarray, aims: np.ndarray) -> np.ndarray:
        return (values - aims.mean()) / max(float(aims.std()), 1e-12)


def weighted_views(model: FamilyRegressor, share: float) -> FittedViews:
    """A regressor's views with factors that make their scores shares of the standardised number."""
    blocks = [
        replace(fitted, factor=float(share * weight * scale * model.slope))
        for fitted, weight, scale in zip(model.experts.views, model.weights, model.experts.scales, strict=False)
    ]
    return FittedViews(tuple(blocks), np.zeros((0, 1)))
