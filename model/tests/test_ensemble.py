"""The ensemble's formulas against independent computations: fast, and used by mutation testing (npm run mutate:model)."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, logit
from scipy.stats import norm

from dukemm.ensemble import fit, label_noise
from dukemm.ensemble.calibration import (
    HEAD_PRIOR_STD,
    MIN_CONFORMAL_EXAMPLES,
    MIN_HEAD_EXAMPLES,
    MIN_SLOPE_EXAMPLES,
    ConfidenceHead,
    conformal_quantile,
    interval_factor,
    set_threshold,
)
from dukemm.ensemble.label_noise import label_trust
from dukemm.ensemble.mixture import (
    CROSS_FOLDS,
    LIKELIHOOD_TEMPERATURE,
    LINEAR_PRIOR_WEIGHT,
    MAX_CROSS_FITTED,
    OFFSET_WEIGHT_STD,
    REGRESSION_LIKELIHOOD_TEMPERATURE,
    REGRESSION_SHARE_PRIOR_STD,
    SHARE_PRIOR_STD,
    SINGLE_EXPERT_PRIOR,
    HeldOutScores,
    Mixture,
    MixturePrior,
    cross_fitted_logits,
    fit_linear_mixture,
    fit_mixture,
    likelihood_shares,
    mixture_prior,
    regression_shares,
    share_std_for,
)
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.ensemble.target_scale import MAX_LOG, TargetScale, log_likelihood, winsorise
from dukemm.experts.fitting import FittedExperts

PRIOR = CalibrationPrior(sharpness=1.3, sharpness_spread=0.6, bias_spread=0.9)


def scores_of(n: int, labels: int = 3, experts: int = 2, seed: int = 0) -> HeldOutScores:
    random = np.random.default_rng(seed)
    answers = random.integers(0, labels, n)
    scores = [random.normal(size=(n, labels)) + (1.0 + e) * np.eye(labels)[answers] for e in range(experts)]
    return HeldOutScores(scores, answers, random.uniform(0.5, 1.5, n), 0.2 * random.normal(size=(n, labels)))


def objective(held_out: HeldOutScores, prior: MixturePrior, log_sharpness: float, log_offset, shares, biases) -> float:
    """Negative log-posterior of a mixture, written independently of fit_mixture."""
    n, labels = held_out.scores[0].shape
    mixed = sum(share * score for share, score in zip(shares, held_out.scores, strict=True))
    logits = np.exp(log_sharpness) * mixed + np.exp(log_offset) * held_out.offset + biases
    logs = log_softmax(logits, axis=1)[np.arange(n), held_out.answers]
    std = prior.share_std * np.sqrt(max(n, 40) / 40)
    c = prior.calibration
    penalty = ((log_sharpness - np.log(c.sharpness)) / c.sharpness_spread) ** 2
    penalty += (log_offset / OFFSET_WEIGHT_STD) ** 2
    penalty += (((np.asarray(shares) - np.asarray(prior.shares)) / std) ** 2).sum()
    penalty += (np.asarray(biases) ** 2).sum() / (c.bias_spread**2 * 2 / labels)
    return float(-(held_out.weights * logs).sum() + penalty / 2)


@pytest.mark.parametrize("n", [30, 120])
def test_a_mixture_is_the_mode_of_its_posterior(n):
    held_out, prior = scores_of(n), MixturePrior((0.6, 0.4), PRIOR, 0.15)
    found = fit_mixture(held_out, prior)

    def value(parameters):
        return objective(held_out, prior, parameters[0], parameters[1], parameters[2:4], parameters[4:])

    best = minimize(value, np.array([0.0, 0.0, 0.5, 0.5, 0.0, 0.0, 0.0]), method="BFGS", options={"gtol": 1e-6})
    assert found.weights == pytest.approx(np.exp(best.x[0]) * best.x[2:4], abs=2e-3)
    assert found.biases == pytest.approx(best.x[4:], abs=2e-3)
    assert found.offset_weight == pytest.approx(np.exp(best.x[1]), rel=2e-3)


def test_shares_of_a_mixture_are_not_negative_and_the_sharpness_is_bounded():
    held_out = scores_of(100)
    wrong = HeldOutScores([-held_out.scores[0], held_out.scores[1]], held_out.answers, held_out.weights)
    assert fit_mixture(wrong, MixturePrior((0.1, 0.9), PRIOR)).weights[0] == 0.0
    sure = HeldOutScores([1e-3 * np.eye(3)[held_out.answers]], held_out.answers, 1e4 * held_out.weights)
    assert fit_mixture(sure, MixturePrior((4.0,), PRIOR)).weights[0] <= 4 * np.exp(4.0) + 1e-9


def test_a_mixture_adds_weighted_scores_and_biases():
    mixture = Mixture(np.array([2.0, 0.5]), np.array([0.1, -0.3]))
    scores = [np.array([[1.0, 0.0]]), np.array([[0.0, 4.0]])]
    assert mixture.logits(scores) == pytest.approx(np.array([[2.1, 1.7]]))
    assert mixture.probabilities(scores)[0, 0] == pytest.approx(expit(0.4))
    again = Mixture.unpack(mixture.pack())
    assert (again.weights == mixture.weights).all() and (again.biases == mixture.biases).all()


def test_the_prior_of_a_share_widens_with_the_root_of_the_examples():
    assert [share_std_for(n, 0.1) for n in (1, 40, 160)] == pytest.approx([0.1, 0.1, 0.2])
    experts = FittedExperts(None, [], np.array([0.3, 0.7]))
    assert mixture_prior(experts, PRIOR) == MixturePrior(experts.shares, PRIOR, SHARE_PRIOR_STD)
    experts = FittedExperts(None, [], np.array([0.3, 0.7]), 0.02)
    assert mixture_prior(experts, PRIOR).share_std == 0.02


def test_shares_are_weighted_by_the_tempered_likelihood_of_each_expert():
    held_out = scores_of(80)
    shares = np.array([0.7, 0.3])
    logs = []
    for score in held_out.scores:
        alone = HeldOutScores([score], held_out.answers, held_out.weights, held_out.offset)
        logits = fit_mixture(alone, MixturePrior([1.0], SINGLE_EXPERT_PRIOR)).logits([score])
        truth = log_softmax(logits, axis=1)[np.arange(80), held_out.answers]
        logs.append(80 * np.average(truth, weights=held_out.weights))
    expected = shares * np.exp(np.array(logs) / LIKELIHOOD_TEMPERATURE)
    assert likelihood_shares(held_out, shares) == pytest.approx(expected / expected.sum(), rel=1e-6)


def test_shares_of_numbers_are_weighted_by_a_gaussian_likelihood():
    targets, weights = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 1.0, 1.0, 2.0])
    scores = [targets + 0.5, targets + np.array([1.0, -1.0, 1.0, -2.0])]
    variances = np.array([0.25, (1 + 1 + 1 + 8) / 5])
    expected = np.array([0.4, 0.6]) * variances ** (-2 / REGRESSION_LIKELIHOOD_TEMPERATURE)
    found = regression_shares(scores, targets, weights, np.array([0.4, 0.6]))
    assert found == pytest.approx(expected / expected.sum())
    exact = regression_shares([targets, targets + 1], targets, weights, np.array([0.5, 0.5]))
    assert np.isfinite(exact).all() and exact[0] > 0.99


@pytest.mark.parametrize("n", [10, 90])
def test_a_linear_mixture_is_weighted_ridge_around_the_shares(n):
    random = np.random.default_rng(1)
    targets, weights = random.normal(size=n), random.uniform(0.5, 1.5, n)
    scores = [targets + 0.4 * random.normal(size=n), targets + 0.6 * random.normal(size=n)]
    table, prior = np.stack(scores, 1), np.array([0.5, 0.5])
    penalty = LINEAR_PRIOR_WEIGHT / (REGRESSION_SHARE_PRIOR_STD * np.sqrt(max(n, 40) / 40)) ** 2
    gram = table.T @ (weights[:, None] * table) + penalty * np.eye(2)
    expected = np.linalg.solve(gram, table.T @ (weights * targets) + penalty * prior)
    assert fit_linear_mixture(scores, targets, weights, prior) == pytest.approx(expected, abs=1e-4)
    assert (fit_linear_mixture([-targets, targets], targets, weights, prior) >= 0).all()
    assert fit_linear_mixture([targets / 50], targets, 1e4 * weights, [1.0])[0] == pytest.approx(2.0)


def test_cross_fitted_log_odds_come_from_mixtures_of_the_other_folds():
    held_out, prior = scores_of(60), MixturePrior((0.5, 0.5), PRIOR)
    whole = fit_mixture(held_out, prior)
    folds = np.random.default_rng(5).permutation(60) % CROSS_FOLDS
    found = cross_fitted_logits(held_out, prior, whole, seed=5)
    for fold in (0, CROSS_FOLDS - 1):
        inside = held_out.subset(folds == fold)
        mixture = fit_mixture(held_out.subset(folds != fold), prior)
        assert found[folds == fold] == pytest.approx(mixture.logits(inside.scores, inside.offset))
    few = scores_of(2 * CROSS_FOLDS - 1)
    assert cross_fitted_logits(few, prior, whole, 0) == pytest.approx(whole.logits(few.scores, few.offset))
    least = scores_of(2 * CROSS_FOLDS)
    assert cross_fitted_logits(least, prior, whole, 0) != pytest.approx(whole.logits(least.scores, least.offset))
    many = scores_of(MAX_CROSS_FITTED + 1)
    assert cross_fitted_logits(many, prior, whole, 0) == pytest.approx(whole.logits(many.scores, many.offset))


def test_a_subset_has_the_rows_of_its_mask():
    held_out, rows = scores_of(5), np.array([True, False, True, False, False])
    part = held_out.subset(rows)
    assert (part.answers == held_out.answers[rows]).all() and (part.weights == held_out.weights[rows]).all()
    assert all((a == b[rows]).all() for a, b in zip(part.scores, held_out.scores, strict=True))
    assert (part.offset == held_out.offset[rows]).all()
    assert HeldOutScores(held_out.scores, held_out.answers, held_out.weights).subset(rows).offset is None


def forecasts(n: int, sharpness: float = 2.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    logits = random.normal(size=(n, 3))
    truth = np.exp(log_softmax(logits, axis=1))
    answers = np.array([random.choice(3, p=row) for row in truth])
    return np.exp(log_softmax(sharpness * logits, axis=1)), answers, random.uniform(0.5, 1.5, n)


def test_the_confidence_head_is_regularised_logistic_regression():
    probabilities, answers, weights = forecasts(300)
    found = ConfidenceHead.fit(probabilities, answers, weights)
    ordered = np.sort(probabilities, axis=1)
    features = np.stack([logit(ordered[:, -1].clip(1e-4, 1 - 1e-4)), ordered[:, -1] - ordered[:, -2], np.ones(300)], axis=1)
    right = probabilities.argmax(1) == answers

    def loss(parameters):
        odds = features @ parameters
        penalty = (((parameters - np.array([1.0, 0.0, 0.0])) / HEAD_PRIOR_STD) ** 2).sum() / 2
        return (weights * (np.log1p(np.exp(odds)) - right * odds)).sum() + penalty

    best = minimize(loss, np.array([1.0, 0.0, 0.0]), method="BFGS").x
    assert [found.slope, found.margin, found.intercept] == pytest.approx(best, abs=2e-3)
    assert found.confidences(probabilities) == pytest.approx(expit(features @ best), abs=1e-3)


def test_the_confidence_head_fits_as_much_as_its_examples_allow():
    few = ConfidenceHead.fit(*forecasts(MIN_SLOPE_EXAMPLES - 1, 4.0))
    assert few == ConfidenceHead()
    some = ConfidenceHead.fit(*forecasts(MIN_HEAD_EXAMPLES - 1, 4.0))
    assert 0.1 <= some.slope < 0.9 and some.margin == some.intercept == 0.0
    assert ConfidenceHead.fit(*forecasts(MIN_SLOPE_EXAMPLES, 4.0)).slope < 1.0
    assert ConfidenceHead.fit(*forecasts(MIN_HEAD_EXAMPLES, 4.0)).intercept != 0.0
    # All answers are right with a probability of 0.6: few examples may not raise the slope above 1, many may.
    timid = (
        np.tile([0.6, 0.3, 0.1], (MIN_HEAD_EXAMPLES, 1)),
        np.zeros(MIN_HEAD_EXAMPLES, np.int64),
        np.ones(MIN_HEAD_EXAMPLES),
    )
    assert ConfidenceHead.fit(*(array[1:] for array in timid)).slope == 1.0
    assert ConfidenceHead.fit(*timid).slope > 1.0
    assert ConfidenceHead().confidences(np.array([[1.0]]))[0] == pytest.approx(1 - 1e-4)
    assert ConfidenceHead(1.0, 1.0).confidences(np.array([[0.3, 0.7]]))[0] == pytest.approx(expit(logit(0.7) + 0.4))


def test_conformal_quantiles_count_the_new_item():
    scores = np.arange(40.0)
    assert conformal_quantile(scores, np.ones(40)) == 38.0  # ⌈0.95 · 41⌉ = 39th smallest
    assert conformal_quantile(scores[::-1].copy(), np.ones(40)) == 38.0
    heavy = np.ones(40)
    heavy[0] = 100.0  # (100 + k) / (139 + 100) reaches 0.95 at no score
    assert conformal_quantile(scores, heavy) == 39.0
    assert conformal_quantile(np.arange(100.0), np.ones(100)) == 95.0
    assert conformal_quantile(np.array([3.0]), np.ones(1)) == 3.0


def test_sets_and_intervals_need_forty_examples():
    probabilities, answers, weights = forecasts(MIN_CONFORMAL_EXAMPLES)
    own = probabilities[np.arange(40), answers]
    assert set_threshold(probabilities, answers, weights) == pytest.approx(1 - conformal_quantile(1 - own, weights))
    assert set_threshold(probabilities[:39], answers[:39], weights[:39]) is None
    assert set_threshold(*forecasts(MIN_CONFORMAL_EXAMPLES + 1)) is not None
    errors, deviations = np.linspace(-2, 2, 40), np.linspace(0.5, 1.5, 40)
    expected = conformal_quantile(np.abs(errors) / deviations, weights)
    assert interval_factor(errors, deviations, weights) == expected
    assert interval_factor(errors[:39], deviations[:39], weights[:39]) is None


def test_trust_compares_the_own_label_with_the_most_probable_one():
    n = label_noise.MIN_EXAMPLES
    answers = np.arange(n) % 2
    logits = np.where(answers[:, None] == np.arange(2), 2.0, 0.0)
    logits[:6] = np.where(answers[:6, None] == np.arange(2), -3.0, 0.0)  # six of 60 are contradicted, more surely
    trust = label_trust(logits, answers)
    assert trust is not None and trust[6:] == pytest.approx(np.ones(n - 6))
    own, best = expit(-3.0), expit(3.0)
    assert trust[:6] == pytest.approx(2 * own / (own + best))
    logits[0] = np.where(answers[0] == np.arange(2), -50.0, 0.0)
    assert label_trust(logits, answers)[0] == 0.02
    assert label_trust(logits[1:], answers[1:]) is None  # one example fewer
    assert label_trust(np.where(logits < -1, -1.0, logits), answers) is None  # contradicted less surely than confirmed
    assert label_trust(np.where(answers[:, None] == np.arange(2), 2.0, 0.0), answers) is None  # nothing contradicted
    assert label_trust(np.where(answers[:, None] == np.arange(2), -2.0, 0.0), answers) is None  # everything is


def test_a_linear_scale_standardises_and_restores():
    targets, weights = np.array([1.0, 2.0, 3.0, 6.0]), np.array([1.0, 1.0, 1.0, 3.0])
    scale = TargetScale.fit(targets, weights, log=False)
    assert scale.mean == scale.raw_mean == pytest.approx(4.0)
    assert scale.spread == scale.raw_spread == pytest.approx(np.sqrt((9 + 4 + 1 + 12) / 6))
    assert scale.restore(scale.standardise(targets)) == pytest.approx(targets)
    assert (scale.clip(np.array([-99.0, 99.0])) == [-99.0, 99.0]).all()
    external = np.array([0.5, np.nan])
    assert scale.rescale_external(external) is external
    again = TargetScale.unpack(scale.pack())
    assert again.restore(np.array([1.5])) == pytest.approx(scale.restore(np.array([1.5])))
    assert (again.raw_mean, again.raw_spread, again.log) == (scale.mean, scale.spread, False)
    assert TargetScale.fit(np.ones(3), np.ones(3), log=False).spread == 1e-12


def test_a_logarithmic_scale_is_that_of_logarithms():
    targets = np.exp(np.array([0.0, 1.0, 2.0, 5.0]))
    scale = TargetScale.fit(targets, np.ones(4), log=True)
    assert (scale.mean, scale.spread) == pytest.approx((2.0, np.std([0, 1, 2, 5])))
    assert scale.restore(scale.standardise(targets)) == pytest.approx(targets)
    assert scale.standardise(np.array([0.0, -1.0])).tolist() == [-np.inf, -np.inf]
    low, high = (np.array([-1.25, 6.25]) - 2.0) / scale.spread  # a quarter of the range 5 beyond each end
    assert scale.clip(np.array([-99.0, 0.1, 99.0])) == pytest.approx([low, 0.1, high])
    assert scale.restore(np.array([1e6]))[0] == pytest.approx(np.exp(MAX_LOG))
    external = scale.rescale_external(np.array([(targets[2] - targets.mean()) / targets.std(), -99.0]))
    assert external == pytest.approx([0.0, (0.0 - 2.0) / scale.spread])  # the second one is raised to the least target
    assert TargetScale.unpack(scale.pack()) == scale


def test_winsorising_clips_at_twelve_robust_deviations():
    targets = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 1e6, -1e6])
    low, median, high = np.quantile(targets, (0.25, 0.5, 0.75))
    reach = 12.0 * (high - low) / (norm.ppf(0.75) - norm.ppf(0.25))
    assert winsorise(targets)[5:] == pytest.approx([median + reach, median - reach], rel=1e-3)
    assert (winsorise(targets)[:5] == targets[:5]).all()
    constant = np.array([1.0, 1.0, 1.0, 1.0, 99.0])
    assert winsorise(constant) is constant


@pytest.mark.parametrize("log", [False, True])
def test_the_likelihood_of_a_scale_is_gaussian_with_its_jacobian(log):
    random = np.random.default_rng(2)
    targets, weights = np.exp(random.normal(1.0, 0.5, 50)), np.ones(50)
    scale = TargetScale.fit(targets, weights, log)
    left_out = scale.standardise(targets) + random.normal(0, 0.3, 50)
    errors = (left_out - scale.standardise(targets)) * scale.spread
    density = norm.logpdf(errors, scale=np.sqrt((errors**2).mean())) - (np.log(targets) if log else 0.0)
    found = log_likelihood(left_out, targets, weights, scale)
    assert found - 0.5 * np.log(2 * np.pi) - 0.5 == pytest.approx(density.mean())


def test_folds_are_balanced_seeded_and_fewer_for_many_examples():
    assert np.bincount(fit.assign_folds(500)).tolist() == [50] * 10
    assert len(np.bincount(fit.assign_folds(501))) == 5
    assert (fit.assign_folds(40, 3) == fit.assign_folds(40, 3)).all()
    assert (fit.assign_folds(40, 3) != fit.assign_folds(40, 4)).any() and (np.diff(fit.assign_folds(40)) != 1).any()


def test_the_network_has_the_larger_share_where_modalities_mix():
    assert [fit.network_share(n, True) for n in (0, 200)] == pytest.approx([0.0, 0.175])
    assert [fit.network_share(n, False) for n in (0, 1000)] == pytest.approx([0.0, 0.1])
