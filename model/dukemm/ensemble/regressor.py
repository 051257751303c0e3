"""Regressor of one family: predicted value, probability of being within tolerance, and a 95 % interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtr

from dukemm.domain.arrays import Arrays, Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.ensemble.calibration import interval_factor
from dukemm.ensemble.extrapolation import Extrapolation, measure_extrapolation
from dukemm.ensemble.fit import (
    MIN_UNSEEN_TO_JOIN,
    ExternalScores,
    FitSettings,
    NumericExamples,
    assign_folds,
    network_share,
)
from dukemm.ensemble.mixture import fit_linear_mixture, regression_shares
from dukemm.ensemble.target_scale import TargetScale, log_likelihood, winsorise
from dukemm.experts.expert_set import Experts, strip_prefix
from dukemm.experts.fitting import AnsweredItems, FittedExperts, fit_experts, predict_left_out_by_views
from dukemm.experts.gaussian_kernels import LinearBlock
from dukemm.experts.views import FittedViews

#: A prediction is right if it is within this many standard deviations of the examples' targets.
TOLERANCE = 0.5
#: Neighbours whose held-out errors set the confidence of an item; the overall error counts as this many more.
NEIGHBOURS = 10
#: Shrinks the calibration slope towards zero, in pseudo-examples with the unexplained variance.
SLOPE_PRIOR = 1.0
#: Fewest examples, and least ratio of largest to smallest target, for considering logarithms; most examples for the choice.
MIN_LOG_EXAMPLES, MIN_LOG_RANGE, MAX_SCALE_EXAMPLES = 8, 3.0, 200
#: Least gain in log-likelihood of all examples for choosing logarithms: strong evidence (Kass & Raftery 1995).
MIN_LOG_GAIN = 5.0
#: Weight of an example whose target was winsorised.
OUTLIER_WEIGHT = 0.1
#: Half the width of a 95 % interval of a normal distribution, in standard deviations.
NORMAL_95 = 1.96


@dataclass(frozen=True)
class PredictedNumbers:
    """Predicted numbers, (m,), the probability that each is within the tolerance, and the ends of its 95 % interval."""

    values: Matrix
    confidences: Matrix
    #: (m,) lower and upper ends; None with few examples.
    intervals: tuple[Matrix, Matrix] | None

    @property
    def half_widths(self) -> Matrix | None:
        """(m,) half the width of each interval; None with few examples."""
        return None if self.intervals is None else (self.intervals[1] - self.intervals[0]) / 2.0


@dataclass(frozen=True)
class FamilyRegressor:
    """Predicts a number in the unit of the targets; deterministic."""

    scale: TargetScale
    #: Whether all targets were integers.
    integers: bool
    experts: Experts
    #: (experts,) mixture weights.
    weights: Matrix
    #: (2,) weights of own and external predictions; None if fitted without external ones.
    joined: Matrix | None
    #: Linear calibration of the mixed prediction.
    slope: float
    offset: float
    #: (n,) squared left-out errors of the examples, standardised.
    errors: Matrix
    #: Half the width of a 95 % interval in local deviations; None with few examples.
    factor: float | None
    #: None if no column holds numbers, or in artifacts of earlier releases.
    extrapolation: Extrapolation | None = None

    def predict(self, items: Sequence[EncodedItem], external: Matrix | None = None) -> PredictedNumbers:
        """Predict m items. `external` (m,): standardised predictions of the network or a trained family."""
        scores, similarities = self.experts.scores(items)
        mixed = _mix(scores, self.weights, len(items))
        if external is not None and self.joined is not None:
            mixed = self.joined[0] * mixed + self.joined[1] * self.scale.rescale_external(external)
        standard = self.slope * mixed + self.offset
        inside = np.sqrt(_local_error(similarities, self.errors, len(items)) + 1e-9)
        outside = np.zeros(len(items))
        if self.extrapolation is not None:
            read = self.experts.read(items)
            outside = self.extrapolation.deviations(read)
            if self.extrapolating_view is not None:
                beyond = 1.0 - np.exp(-self.extrapolation.distances(read))
                standard = (1.0 - beyond) * standard + beyond * scores[self.extrapolating_view][:, 0]
        if self.extrapolating_view is None:
            standard = self.scale.clip(standard)
        values = self.scale.restore(standard)
        confidences = self._within_tolerance(values, standard, np.hypot(inside, outside))
        if self.factor is None:
            return PredictedNumbers(values, confidences, None)
        half = np.hypot(self.factor * inside, NORMAL_95 * outside)
        return PredictedNumbers(
            values, confidences, (self.scale.restore(standard - half), self.scale.restore(standard + half))
        )

    def _within_tolerance(self, values: Matrix, standard: Matrix, deviations: Matrix) -> Matrix:
        """(m,) probability that the true number is within TOLERANCE, for Gaussian errors on the fitted scale."""
        tolerance = TOLERANCE * self.scale.raw_spread
        low, high = self.scale.standardise(values - tolerance), self.scale.standardise(values + tolerance)
        return ndtr((high - standard) / deviations) - ndtr((low - standard) / deviations)

    @property
    def extrapolating_view(self) -> int | None:
        """Index of the linear view if it fits the examples well enough to extrapolate; else None."""
        blocks = (view.block for view in self.experts.views)
        return next((i for i, b in enumerate(blocks) if isinstance(b, LinearBlock) and b.extrapolates), None)

    def weighted_views(self, share: float) -> FittedViews:
        """Scale the kernel views so that their scores are standardised numbers times `share`."""
        blocks = [
            replace(fitted, factor=float(share * weight * scale * self.slope))
            for fitted, weight, scale in zip(self.experts.views, self.weights, self.experts.scales, strict=False)
        ]
        return FittedViews(tuple(blocks), np.zeros((0, 1)), schema=self.experts.schema)

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """JSON spec and arrays for the artifact."""
        experts, arrays = self.experts.pack()
        numbers = {name: getattr(self, name) for name in ("slope", "offset", "factor", "integers")}
        numbers["scale"] = self.scale.pack()
        lists = {"weights": self.weights.tolist(), "joined": None if self.joined is None else self.joined.tolist()}
        spec = {"experts": experts, **numbers, **lists}
        if self.extrapolation is None:
            return spec, {**arrays, "errors": self.errors}
        spec["extrapolation"], own = self.extrapolation.pack()
        outside = {f"extrapolation.{name}": array for name, array in own.items()}
        return spec, {**arrays, **outside, "errors": self.errors}

    @staticmethod
    def unpack(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> "FamilyRegressor":
        """The inverse of `pack`."""
        numbers = {name: spec[name] for name in ("slope", "offset", "factor")} | {"integers": spec.get("integers", False)}
        outside = spec.get("extrapolation")
        return FamilyRegressor(
            scale=TargetScale.unpack(spec.get("scale", spec)),
            experts=Experts.unpack(spec["experts"], arrays),
            weights=np.array(spec["weights"]),
            joined=None if spec["joined"] is None else np.array(spec["joined"]),
            errors=arrays["errors"],
            extrapolation=outside and Extrapolation.unpack(outside, strip_prefix(arrays, "extrapolation.")),
            **numbers,
        )


def fit_regressor(
    examples: NumericExamples,
    settings: FitSettings,
    *,
    external: ExternalScores | None = None,
    fitted: FittedExperts | None = None,
) -> tuple[FamilyRegressor, FittedExperts]:
    """Fit experts, mixture and calibration to at least 3 examples.

    `external`: predictions to mix in. `fitted`: reuse these experts instead of fitting new ones.
    """
    items = examples.items
    integers = bool((examples.targets == np.round(examples.targets)).all())
    scale, targets = _choose_scale(examples, settings)
    weights = np.where(targets == examples.targets, examples.weights, OUTLIER_WEIGHT * examples.weights)
    standard = scale.standardise(targets)
    found = fitted or fit_experts(
        AnsweredItems(items, standard, 0, weights),
        assign_folds(len(targets), settings.seed),
        settings.penalties,
        settings.seed,
    )
    scores = [score[:, 0] for score in found.left_out]
    shares = regression_shares(scores, standard, weights, found.shares) if scores else np.zeros(0)
    mix = fit_linear_mixture(scores, standard, weights, shares) if scores else np.zeros(0)
    mixed = _mix(found.left_out, mix, len(targets))
    joined = None
    if external is not None:
        share = external.share
        share = network_share(len(targets), found.experts.joint is not None) if share is None else share
        joined, mixed = _join_external(mixed, scale.rescale_external(external.scores), standard, weights, share)
    # Linear calibration: averaging shrinks the spread of predictions.
    mean = float(np.average(mixed, weights=weights))
    centred = mixed - mean
    unexplained = min(float(np.average((mixed - standard) ** 2, weights=weights)), 1.0)
    slope = max(
        float((weights * centred) @ standard) / (float((weights * centred) @ centred) + SLOPE_PRIOR * unexplained), 0.0
    )
    left_out = slope * mixed - slope * mean
    errors = (left_out - standard) ** 2
    _, similarities = found.experts.scores(items)
    if len(similarities.T) == len(items):
        np.fill_diagonal(similarities, -np.inf)
    deviations = np.sqrt(_local_error(similarities, errors, len(items)) + 1e-9)
    factor = interval_factor(left_out - standard, deviations, weights)
    outside = measure_extrapolation(found.experts, found.experts.read(items), standard, found.left_out, slope * mix)
    regressor = FamilyRegressor(scale, integers, found.experts, mix, joined, slope, -slope * mean, errors, factor, outside)
    return regressor, found


def _choose_scale(examples: NumericExamples, settings: FitSettings) -> tuple[TargetScale, Matrix]:
    """Choose the scale by the likelihood of the targets under kernel views; also returns the (n,) winsorised targets."""
    clipped = winsorise(examples.targets)
    plain = TargetScale.fit(clipped, examples.weights, log=False)
    positive = examples.targets
    if len(positive) < MIN_LOG_EXAMPLES or positive.min() <= 0 or positive.max() < MIN_LOG_RANGE * positive.min():
        return plain, clipped
    sample = np.linspace(0, len(positive) - 1, min(len(positive), MAX_SCALE_EXAMPLES)).astype(np.int64)
    logs = np.log(positive)
    clipped_logs = winsorise(logs)
    clipped_positive = np.where(clipped_logs == logs, positive, np.exp(clipped_logs))
    logarithmic = TargetScale.fit(clipped_positive, examples.weights, log=True)
    likelihoods = []
    for scale, targets in ((plain, clipped[sample]), (logarithmic, clipped_positive[sample])):
        predictions = predict_left_out_by_views(
            [examples.items[i] for i in sample], scale.standardise(targets), settings.penalties
        )
        likelihoods.append(log_likelihood(predictions, targets, examples.weights[sample], scale))
    gain = len(sample) * (likelihoods[1] - likelihoods[0])
    return (logarithmic, clipped_positive) if gain > MIN_LOG_GAIN else (plain, clipped)


def _join_external(own: Matrix, external: Matrix, targets: Matrix, weights: Matrix, share: float) -> tuple[Matrix, Matrix]:
    """(2,) weights of own and external predictions, and (n,) joined predictions.

    For examples that the external model was trained on, the joined prediction is the own one.
    """
    unseen = ~np.isnan(external)
    joined = np.array([1.0 - share, share])
    if unseen.sum() >= MIN_UNSEEN_TO_JOIN:
        joined = fit_linear_mixture([own[unseen], external[unseen]], targets[unseen], weights[unseen], joined)
    return joined, np.where(unseen, joined[0] * own + joined[1] * np.nan_to_num(external), own)


def _mix(scores: Sequence[Matrix], weights: Matrix, count: int) -> Matrix:
    return sum((weight * score[:, 0] for weight, score in zip(weights, scores, strict=True)), np.zeros(count))


def _local_error(similarities: Matrix, errors: Matrix, count: int) -> Matrix:
    """(m,) mean squared left-out error of each item's neighbours, shrunk to the overall mean."""
    if not similarities.size:
        return np.full(count, errors.mean())
    nearest = np.argsort(-similarities, axis=1)[:, :NEIGHBOURS]
    return (errors[nearest].sum(1) + NEIGHBOURS * errors.mean()) / (nearest.shape[1] + NEIGHBOURS)
