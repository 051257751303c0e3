"""A classifier beside the shares of its labels."""

import numpy as np
import pytest
from scipy.special import softmax

from dukemm.ensemble.label_rates import blend_with_rates, label_rates, share_over_rates
from dukemm.ensemble.mixture import LIKELIHOOD_TEMPERATURE, MIN_CROSS_FITTED, Mixture


def answers_of(count: int, rare: int) -> np.ndarray:
    return np.array([1] * rare + [0] * (count - rare))


def test_rates_count_each_label_once_more_and_leave_the_example_out():
    whole, left_out = label_rates(np.array([0, 0, 1]), np.ones(3), 3)
    assert np.exp(whole) == pytest.approx([3 / 6, 2 / 6, 1 / 6])
    assert np.exp(left_out[0]) == pytest.approx([2 / 5, 2 / 5, 1 / 5])
    assert np.exp(left_out[2]) == pytest.approx([3 / 5, 1 / 5, 1 / 5])


def test_the_share_follows_from_the_gain_in_likelihood():
    answers, weights = answers_of(40, 10), np.ones(40)
    _, left_out = label_rates(answers, weights, 2)
    assert share_over_rates(left_out, left_out, answers, weights) == pytest.approx(0.5)
    logits = 3.0 * np.eye(2)[answers]
    gain = np.log(softmax(logits, axis=1))[np.arange(40), answers].sum() - left_out[np.arange(40), answers].sum()
    expected = 1 / (1 + np.exp(-gain / LIKELIHOOD_TEMPERATURE))
    assert share_over_rates(logits, left_out, answers, weights) == pytest.approx(expected)


def test_noise_is_moved_to_the_most_frequent_label():
    random = np.random.default_rng(0)
    answers = answers_of(40, 10)
    noise = random.normal(0, 3.0, (40, 2))
    mixture, held_out = blend_with_rates(Mixture(np.array([1.0]), np.zeros(2)), noise, answers, np.ones(40))
    items = random.normal(0, 3.0, (500, 2))
    share_of_rare = [(m.logits([items]).argmax(1) == 1).mean() for m in (Mixture(np.array([1.0]), np.zeros(2)), mixture)]
    assert share_of_rare[0] > 0.4 and share_of_rare[1] < 0.1
    assert held_out.shape == noise.shape


def test_what_the_items_say_is_kept():
    answers = answers_of(200, 80)
    scores = 4.0 * (np.eye(2)[answers] - 0.5)
    mixture, held_out = blend_with_rates(Mixture(np.array([1.0]), np.zeros(2)), scores, answers, np.ones(200))
    assert mixture.weights[0] > 0.99
    assert held_out == pytest.approx(scores, abs=0.01)


def test_too_few_examples_change_nothing():
    answers = answers_of(MIN_CROSS_FITTED - 1, 4)
    scores = np.random.default_rng(0).normal(size=(len(answers), 2))
    mixture = Mixture(np.array([1.0]), np.zeros(2))
    assert blend_with_rates(mixture, scores, answers, np.ones(len(answers))) == (mixture, scores)
