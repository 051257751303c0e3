"""The formulas of mixtures of experts against independent computations: fast, and used by `npm run mutate:model`."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, log_softmax

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
