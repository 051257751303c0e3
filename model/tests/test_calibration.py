"""Conformal quantiles, confidence, label trust and calibration error, compared with NumPy and scikit-learn."""

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss

from dukemm.ensemble.calibration import (
    COVERAGE,
    MIN_CONFORMAL_EXAMPLES,
    MIN_SLOPE_EXAMPLES,
    ConfidenceHead,
    conformal_quantile,
    interval_factor,
    set_threshold,
)
from dukemm.ensemble.label_noise import MIN_EXAMPLES, label_trust
from dukemm.evaluate.calibration_error import BINS, measure_calibration


@pytest.mark.parametrize("count", [40, 57, 99, 100, 400])
def test_conformal_quantile_with_equal_weights_is_the_standard_split_conformal_quantile(count):
    scores = np.random.default_rng(count).normal(size=count)
    rank = np.ceil((count + 1) * COVERAGE) / count
    assert conformal_quantile(scores, np.ones(count)) == np.quantile(scores, rank, method="inverted_cdf")


def test_conformal_quantile_of_whole_weights_is_that_of_repeated_scores_up_to_the_weight_of_the_new_item():
    random = np.random.default_rng(1)
    scores, weights = random.normal(size=300), random.integers(1, 4, 300)
    repeated = np.sort(np.repeat(scores, weights))
    place = int(np.ceil((len(repeated) + weights.max()) * COVERAGE)) - 1
    assert conformal_quantile(scores, weights.astype(float)) == repeated[place]


def test_label_sets_and_intervals_cover_new_items_at_the_nominal_rate():
    random = np.random.default_rng(2)
    sets, intervals = [], []
    for _ in range(200):
        probabilities = random.dirichlet([2.0, 1.0, 1.0], 300)
        answers = np.array([random.choice(3, p=row) for row in probabilities])
        threshold = set_threshold(probabilities[:200], answers[:200], np.ones(200))
        sets.append((probabilities[200:][np.arange(100), answers[200:]] >= threshold).mean())
        deviations = random.uniform(0.5, 2.0, 300)
        errors = random.normal(size=300) * deviations
        factor = interval_factor(errors[:200], deviations[:200], np.ones(200))
        intervals.append((np.abs(errors[200:]) <= factor * deviations[200:]).mean())
    assert np.mean(sets) == pytest.approx(0.95, abs=0.01)
    assert np.mean(intervals) == pytest.approx(0.95, abs=0.01)


def test_sets_and_intervals_need_forty_held_out_examples():
    few, enough = MIN_CONFORMAL_EXAMPLES - 1, MIN_CONFORMAL_EXAMPLES
    for count, found in ((few, False), (enough, True)):
        probabilities = np.full((count, 2), 0.5)
        assert (set_threshold(probabilities, np.zeros(count, int), np.ones(count)) is not None) is found
        assert (interval_factor(np.ones(count), np.ones(count), np.ones(count)) is not None) is found


def test_the_confidence_head_recovers_the_logistic_regression_of_scikit_learn():
    random = np.random.default_rng(3)
    top = random.uniform(0.5, 0.999, 20_000)
    right = random.random(20_000) < expit(0.6 * logit(top))
    probabilities = np.stack([top, 1 - top], 1)
    head = ConfidenceHead.fit(probabilities, np.where(right, 0, 1), np.ones(20_000))
    features = np.stack([logit(top), 2 * top - 1], 1)
    oracle = LogisticRegression(C=1e6).fit(features, right).predict_proba(features)[:, 1]
    assert head.confidences(probabilities) == pytest.approx(oracle, abs=0.01)


def test_the_confidence_head_is_the_identity_with_few_examples_and_never_above_it_below_a_hundred():
    random = np.random.default_rng(4)
    top = random.uniform(0.6, 0.9, 50)
    probabilities = np.stack([top, 1 - top], 1)
    few = MIN_SLOPE_EXAMPLES - 1
    assert ConfidenceHead.fit(probabilities[:few], np.zeros(few, int), np.ones(few)) == ConfidenceHead()
    head = ConfidenceHead.fit(probabilities, np.zeros(50, int), np.ones(50))
    assert (head.slope, head.margin, head.intercept) == (1.0, 0.0, 0.0)
    half = ConfidenceHead.fit(probabilities, np.arange(50) % 2, np.ones(50))
    assert half.slope < 0.5 and (half.margin, half.intercept) == (0.0, 0.0)


def test_flipped_labels_lose_weight_and_clean_ones_keep_it():
    random = np.random.default_rng(5)
    answers = np.arange(400) % 2
    logits = random.normal(0, 0.3, (400, 2)) + 3 * np.eye(2)[answers]
    assert label_trust(logits, answers) is None
    flipped = random.random(400) < 0.2
    trust = label_trust(logits, np.where(flipped, 1 - answers, answers))
    assert trust is not None and trust[flipped].max() < 0.5 and (trust[~flipped] == 1.0).all() and trust.min() >= 0.02
    few = MIN_EXAMPLES - 1
    assert label_trust(logits[:few], np.where(flipped, 1 - answers, answers)[:few]) is None


def test_calibration_error_brier_score_and_likelihood_equal_those_of_scikit_learn():
    random = np.random.default_rng(6)
    confidence = random.uniform(0.3, 0.99, 1500)
    right = random.random(1500) < confidence**1.5
    found = measure_calibration(confidence, right, np.arange(1500), 0)
    assert found is not None
    share_right, mean = calibration_curve(right, confidence, n_bins=BINS, strategy="quantile")
    # 1,500 distinct confidences: every bin holds a hundred.
    assert found.ece == pytest.approx(np.abs(mean - share_right).mean(), abs=1e-3)
    assert found.brier == pytest.approx(brier_score_loss(right, confidence))
    assert found.negative_log_likelihood == pytest.approx(log_loss(right, confidence))
