"""The scale that a family's numbers are learned on: their own, or their logarithm where it fits better."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dukemm.contract.limits import MAX_NUMBER
from dukemm.domain.arrays import Matrix

#: Targets are winsorised at so many robust standard deviations from their median: one wrong number among fifty must not
#: move every answer.
MAX_ROBUST_DEVIATIONS = 12.0
#: Interquartile range of a normal distribution, in standard deviations.
NORMAL_QUARTILES = 1.349
#: How far beyond the logarithms of the examples an answer may lie, in their range: exponential growth is rarely meant.
LOG_EXTRAPOLATION = 0.25
#: Logarithm of the largest number that is answered.
MAX_LOG = float(np.log(MAX_NUMBER))


@dataclass(frozen=True)
class TargetScale:
    """Numbers y as (f(y) − mean) / spread, f the identity or the natural logarithm."""

    log: bool
    mean: float
    spread: float
    #: Mean and standard deviation of y itself, which external numbers are standardised by.
    raw_mean: float
    raw_spread: float
    #: Range of the logarithms answered, standardised; logarithms are taken of at least the number `least`.
    low: float
    high: float
    least: float

    @staticmethod
    def fit(targets: Matrix, weights: Matrix, log: bool) -> "TargetScale":
        """From (n,) numbers, all above zero where `log`."""
        fitted = np.log(targets) if log else targets
        mean, spread = _moments(fitted, weights)
        standard = (fitted - mean) / spread
        beyond = LOG_EXTRAPOLATION * float(np.ptp(standard))
        ends = (float(standard.min()) - beyond, float(standard.max()) + beyond) if log else (-np.inf, np.inf)
        return TargetScale(log, mean, spread, *_moments(targets, weights), *ends, float(targets.min()))

    def standardise(self, numbers: Matrix) -> Matrix:
        """Numbers to standard deviations from the mean of the examples; −inf for what has no logarithm."""
        if not self.log:
            return (numbers - self.mean) / self.spread
        above = numbers > 0
        return np.where(above, (np.log(np.where(above, numbers, 1.0)) - self.mean) / self.spread, -np.inf)

    def restore(self, standard: Matrix) -> Matrix:
        """The inverse of `standardise`."""
        fitted = self.mean + self.spread * standard
        return np.exp(np.minimum(fitted, MAX_LOG)) if self.log else fitted

    def bounded(self, standard: Matrix) -> Matrix:
        """Standardised logarithms no further beyond those of the examples than LOG_EXTRAPOLATION; numbers unchanged."""
        return np.clip(standard, self.low, self.high)

    def of_external(self, standard: Matrix) -> Matrix:
        """Numbers that are standardised by the mean and the standard deviation of y itself, on this scale; NaN stays."""
        if not self.log:
            return standard
        return self.standardise(np.maximum(self.raw_mean + self.raw_spread * standard, self.least))

    def pack(self) -> dict[str, Any]:
        """As JSON."""
        return {"log": True, **asdict(self)} if self.log else {"mean": self.mean, "spread": self.spread}

    @staticmethod
    def unpack(spec: Mapping[str, Any]) -> "TargetScale":
        """What `pack` wrote; of an artifact of earlier releases `mean` and `spread` alone."""
        if "log" in spec:
            return TargetScale(**spec)
        return TargetScale(False, spec["mean"], spec["spread"], spec["mean"], spec["spread"], -np.inf, np.inf, 0.0)


def winsorised(targets: Matrix) -> Matrix:
    """(n,) numbers, clipped at MAX_ROBUST_DEVIATIONS from the median; unchanged where the interquartile range is 0."""
    low, median, high = np.quantile(targets, (0.25, 0.5, 0.75))
    reach = MAX_ROBUST_DEVIATIONS * (high - low) / NORMAL_QUARTILES
    return targets if reach == 0 else np.clip(targets, median - reach, median + reach)


def log_likelihood(left_out: Matrix, targets: Matrix, weights: Matrix, scale: TargetScale) -> float:
    """Mean Gaussian log-likelihood of y by (n,) left-out errors on a scale, its Jacobian included (Box & Cox 1964).

    `targets` (n,) are the numbers y; `left_out` (n,) answers on the scale.
    """
    error = float(np.average((left_out - scale.standardise(targets)) ** 2, weights=weights))
    jacobian = float(np.average(np.log(targets), weights=weights)) if scale.log else 0.0
    return -0.5 * np.log(max(error, 1e-12)) - np.log(scale.spread) - jacobian


def _moments(values: Matrix, weights: Matrix) -> tuple[float, float]:
    mean = float(np.average(values, weights=weights))
    return mean, max(float(np.sqrt(np.average((values - mean) ** 2, weights=weights))), 1e-12)
