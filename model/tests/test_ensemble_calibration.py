"""The formulas of confidences, conformal sets and label trust against independent computations."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, logit

from dukemm.ensemble import label_noise
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


def test_trust_compares_the_given_label_with_the_most_probable_one():
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
