"""Scale on which numbers are learned: linear, or logarithmic if that fits better."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dukemm.contract.limits import MAX_NUMBER
from dukemm.domain.arrays import Matrix

#: Targets are winsorised at this many robust standard deviations from their median, so that one wrong number among fifty
#: does not move every prediction.
MAX_ROBUST_DEVIATIONS = 12.0
#: Interquartile range of a normal distribution, in standard deviations.
NORMAL_QUARTILES = 1.349
#: How far a prediction may lie beyond the logarithms of the examples, as a share of their range: linear extrapolation of
#: logarithms is exponential, and rarely right.
LOG_EXTRAPOLATION = 0.25
#: Logarithm of the largest number in an answer.
MAX_LOG = float(np.log(MAX_NUMBER))


@dataclass(frozen=True)
class TargetScale:
    """Numbers y as (f(y) − mean) / spread, f the identity or the natural logarithm."""

    log: bool
    mean: float
    spread: float
    #: Mean and standard deviation of y, by which external predictions are standardised.
    raw_mean: float
    raw_spread: float
    #: Range of predicted logarithms, standardised; external predictions are raised to `least` before taking logarithms.
    low: float
    high: float
    least: float

    @staticmethod
    def fit(targets: Matrix, weights: Matrix, log: bool) -> "TargetScale":
        """Fit to (n,) numbers; with `log` all must be positive."""
        fitted = np.log(targets) if log else targets
        mean, spread = _moments(fitted, weights)
        standard = (fitted - mean) / spread
        beyond = LOG_EXTRAPOLATION * float(np.ptp(standard))
        ends = (float(standard.min()) - beyond, float(standard.max()) + beyond) if log else (-np.inf, np.inf)
        return TargetScale(log, mean, spread, *_moments(targets, weights), *ends, float(targets.min()))

    def standardise(self, numbers: Matrix) -> Matrix:
        """Convert numbers to standard deviations from the mean of the examples; −inf if a logarithm does not exist."""
        if not self.log:
            return (numbers - self.mean) / self.spread
        positive = numbers > 0
        return np.where(positive, (np.log(np.where(positive, numbers, 1.0)) - self.mean) / self.spread, -np.inf)

    def restore(self, standard: Matrix) -> Matrix:
        """The inverse of `standardise`."""
        fitted = self.mean + self.spread * standard
        return np.exp(np.minimum(fitted, MAX_LOG)) if self.log else fitted

    def clip(self, standard: Matrix) -> Matrix:
        """Clip standardised logarithms at LOG_EXTRAPOLATION beyond those of the examples; a linear scale is unchanged."""
        return np.clip(standard, self.low, self.high)

    def rescale_external(self, standard: Matrix) -> Matrix:
        """Convert predictions standardised by raw_mean and raw_spread to this scale; NaN is kept."""
        if not self.log:
            return standard
        return self.standardise(np.maximum(self.raw_mean + self.raw_spread * standard, self.least))

    def pack(self) -> dict[str, Any]:
        """JSON for the artifact."""
        return {"log": True, **asdict(self)} if self.log else {"mean": self.mean, "spread": self.spread}

    @staticmethod
    def unpack(spec: Mapping[str, Any]) -> "TargetScale":
        """The inverse of `pack`; artifacts of earlier releases hold `mean` and `spread` only."""
        if "log" in spec:
            return TargetScale(**spec)
        return TargetScale(False, spec["mean"], spec["spread"], spec["mean"], spec["spread"], -np.inf, np.inf, 0.0)


def winsorise(targets: Matrix) -> Matrix:
    """Clip (n,) numbers at MAX_ROBUST_DEVIATIONS from the median; unchanged if the interquartile range is 0."""
    low, median, high = np.quantile(targets, (0.25, 0.5, 0.75))
    reach = MAX_ROBUST_DEVIATIONS * (high - low) / NORMAL_QUARTILES
    return targets if reach == 0 else np.clip(targets, median - reach, median + reach)


def log_likelihood(left_out: Matrix, targets: Matrix, weights: Matrix, scale: TargetScale) -> float:
    """Mean Gaussian log-likelihood of y under left-out predictions, with the Jacobian of the scale (Box & Cox 1964).

    `targets` (n,): the numbers y. `left_out` (n,): predictions on the scale. Without the constant −log(2π) / 2 − 1 / 2.
    """
    error = float(np.average((left_out - scale.standardise(targets)) ** 2, weights=weights))
    jacobian = float(np.average(np.log(targets), weights=weights)) if scale.log else 0.0
    return -0.5 * np.log(max(error, 1e-12)) - np.log(scale.spread) - jacobian


def _moments(values: Matrix, weights: Matrix) -> tuple[float, float]:
    mean = float(np.average(values, weights=weights))
    return mean, max(float(np.sqrt(np.average((values - mean) ** 2, weights=weights))), 1e-12)
