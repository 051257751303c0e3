"""The formulas of target scales and folds against independent computations."""

import numpy as np
import pytest
from scipy.stats import norm

from dukemm.ensemble import fit
from dukemm.ensemble.target_scale import MAX_LOG, TargetScale, log_likelihood, winsorise


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
