"""Numbers of one family: predicted value, how far it may be off, and a 95 % interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import erf

from dukemm.learn.calibrated import interval_factor
from dukemm.learn.classifier import FEWEST_TO_JOIN, folds_for, network_share
from dukemm.learn.experts import Experts, below
from dukemm.learn.extrapolation import Extrapolation, measure_extrapolation
from dukemm.learn.fitting import FittedExperts, fit_experts
from dukemm.learn.mixture import fit_linear_mixture
from dukemm.task.blocks import Arrays, Encoded, Matrix

#: A number is right when it is within this share of the standard deviation of the examples' targets.
TOLERANCE = 0.5
#: Neighbours whose left-out errors tell how sure the model may be, and how many of them the overall error is worth.
NEIGHBOURS = 10
#: Examples that a slope has seen before it has seen any: a handful must not turn it round.
SLOPE_PRIOR = 1.0
#: Half the width of a 95 % interval of a normal distribution, in standard deviations.
NORMAL_95 = 1.96


@dataclass(frozen=True)
class Numbers:
    """Predicted numbers, (m,), the probability that each is within the tolerance, and half the width of its interval."""

    values: Matrix
    confidences: Matrix
    half_widths: Matrix | None


@dataclass(frozen=True)
class FamilyRegressor:
    """Answers with a number in the unit of the targets."""

    mean: float
    spread: float
    experts: Experts
    #: (experts,) and, where there is a network, its share and the experts'.
    weights: Matrix
    joined: Matrix | None
    slope: float
    offset: float
    #: (n,) squared left-out errors of the examples, standardised.
    errors: Matrix
    factor: float | None
    #: None where no column holds numbers, and in artifacts of earlier releases.
    extrapolation: Extrapolation | None = None

    def predict(self, items: Sequence[Encoded], elsewhere: Matrix | None = None) -> Numbers:
        """`elsewhere` (m,): standardised numbers of the network."""
        scores, similarities = self.experts.scores(items)
        mixed = _mix(scores, self.weights, len(items))
        if elsewhere is not None and self.joined is not None:
            mixed = self.joined[0] * mixed + self.joined[1] * elsewhere
        standard = self.slope * mixed + self.offset
        inside = np.sqrt(_around(similarities, self.errors, len(items)) + 1e-9)
        outside = np.zeros(len(items)) if self.extrapolation is None else self.extrapolation.deviations(items)
        confidences = erf(TOLERANCE / (np.hypot(inside, outside) * np.sqrt(2.0)))
        half = None if self.factor is None else np.hypot(self.factor * inside, NORMAL_95 * outside) * self.spread
        return Numbers(self.mean + self.spread * standard, confidences, half)

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """What an artifact keeps."""
        experts, arrays = self.experts.pack()
        numbers = {name: getattr(self, name) for name in ("mean", "spread", "slope", "offset", "factor")}
        lists = {"weights": self.weights.tolist(), "joined": None if self.joined is None else self.joined.tolist()}
        spec = {"experts": experts, **numbers, **lists}
        if self.extrapolation is None:
            return spec, {**arrays, "errors": self.errors}
        spec["extrapolation"], own = self.extrapolation.pack()
        outside = {f"extrapolation.{name}": array for name, array in own.items()}
        return spec, {**arrays, **outside, "errors": self.errors}

    @staticmethod
    def unpack(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> "FamilyRegressor":
        """The regressor that `pack` was called on."""
        numbers = {name: spec[name] for name in ("mean", "spread", "slope", "offset", "factor")}
        outside = spec.get("extrapolation")
        return FamilyRegressor(
            experts=Experts.unpack(spec["experts"], arrays),
            weights=np.array(spec["weights"]),
            joined=None if spec["joined"] is None else np.array(spec["joined"]),
            errors=arrays["errors"],
            extrapolation=outside and Extrapolation.unpack(outside, below(arrays, "extrapolation.")),
            **numbers,
        )


def fit_regressor(
    examples: Sequence[Encoded],
    targets: Matrix,
    weights: Matrix,
    penalties: Sequence[float],
    *,
    elsewhere: Matrix | None = None,
    elsewhere_share: float | None = None,
    fitted_before: FittedExperts | None = None,
    seed: int = 0,
) -> tuple[FamilyRegressor, FittedExperts]:
    """Fit to (n,) numbers, n ≥ 3. `elsewhere` (n,): standardised numbers of the network, NaN for rows that it has seen.

    `fitted_before`: experts that are to be mixed anew, and not fitted.
    """
    mean = float(np.average(targets, weights=weights))
    spread = max(float(np.sqrt(np.average((targets - mean) ** 2, weights=weights))), 1e-12)
    standard = (targets - mean) / spread
    found = fitted_before or fit_experts(examples, standard, 0, weights, folds_for(len(targets), seed), penalties, seed)
    scores = [score[:, 0] for score in found.left_out]
    mix = fit_linear_mixture(scores, standard, weights, found.shares) if scores else np.zeros(0)
    mixed = _mix(found.left_out, mix, len(targets))
    joined = None
    if elsewhere is not None:
        known = ~np.isnan(elsewhere)
        share = network_share(len(targets), found.experts.joint is not None) if elsewhere_share is None else elsewhere_share
        joined = np.array([1.0 - share, share])
        if known.sum() >= FEWEST_TO_JOIN:
            joined = fit_linear_mixture([mixed[known], elsewhere[known]], standard[known], weights[known], joined)
        mixed = np.where(known, joined[0] * mixed + joined[1] * np.nan_to_num(elsewhere), mixed)
    # One straight line puts the mixture back in its place.
    middle = float(np.average(mixed, weights=weights))
    off = mixed - middle
    slope = max(float((weights * off) @ standard) / (float((weights * off) @ off) + SLOPE_PRIOR), 0.0)
    left_out = slope * mixed - slope * middle
    errors = (left_out - standard) ** 2
    _, similarities = found.experts.scores(examples)
    if len(similarities.T) == len(examples):
        np.fill_diagonal(similarities, -np.inf)
    deviations = np.sqrt(_around(similarities, errors, len(examples)) + 1e-9)
    factor = interval_factor(left_out - standard, deviations, weights)
    outside = measure_extrapolation(found.experts, examples, standard, found.left_out, slope * mix)
    regressor = FamilyRegressor(mean, spread, found.experts, mix, joined, slope, -slope * middle, errors, factor, outside)
    return regressor, found


def _mix(scores: Sequence[Matrix], weights: Matrix, count: int) -> Matrix:
    return sum((weight * score[:, 0] for weight, score in zip(weights, scores, strict=True)), np.zeros(count))


def _around(similarities: Matrix, errors: Matrix, count: int) -> Matrix:
    """(m,) mean squared left-out error near each item, drawn to the overall one."""
    if not similarities.size:
        return np.full(count, errors.mean())
    nearest = np.argsort(-similarities, axis=1)[:, :NEIGHBOURS]
    return (errors[nearest].sum(1) + NEIGHBOURS * errors.mean()) / (nearest.shape[1] + NEIGHBOURS)
