"""How far experts, labels and numbers of a table count: shares by likelihood, smoothed frequencies, tails drawn in."""

import numpy as np
import pytest
from test_task import CONFIG, rows_of

from dukemm.ensemble.classifier import fit_weighted_experts
from dukemm.ensemble.fit import FitSettings, LabelledExamples
from dukemm.ensemble.mixture import SHARE_PRIOR_STD, TABLE_SHARE_PRIOR_STD, HeldOutScores, likelihood_shares
from dukemm.experts.fitting import LABEL_FREQUENCY_SMOOTHING
from dukemm.experts.gaussian_kernels import LinearBlock, NumberBlock, unpack_gaussian
from dukemm.experts.ridge import balanced_weights
from dukemm.features.columns import MAX_Z_SCORE, Z_SCORE_CLIP


def test_labels_have_equal_weight_if_few_and_their_frequency_if_many():
    few, many = np.repeat([0, 1], [2, 6]), np.repeat([0, 1], [2000, 6000])
    for answers, share in (
        (few, (2 + LABEL_FREQUENCY_SMOOTHING) / (8 + 2 * LABEL_FREQUENCY_SMOOTHING)),
        (many, (2000 + LABEL_FREQUENCY_SMOOTHING) / (8000 + 2 * LABEL_FREQUENCY_SMOOTHING)),
    ):
        weights = balanced_weights(answers, 3, LABEL_FREQUENCY_SMOOTHING)
        assert weights.mean() == pytest.approx(1)
        assert weights[answers == 0].sum() / len(answers) == pytest.approx(share)
    assert 0.4 < balanced_weights(few, 2, LABEL_FREQUENCY_SMOOTHING)[few == 0].sum() / 8 < 0.5
    assert balanced_weights(many, 2, LABEL_FREQUENCY_SMOOTHING)[many == 0].sum() / 8000 < 0.26


def test_experts_are_weighted_by_the_likelihood_of_left_out_answers():
    random, answers = np.random.default_rng(0), np.arange(400) % 2
    sign = np.where(answers == 1, 1.0, -1.0)[:, None] * np.array([-1.0, 1.0])
    good, poor = (sign * skill + random.normal(size=(400, 2)) for skill in (1.2, 0.2))
    shares = likelihood_shares(HeldOutScores([good, poor], answers, np.ones(400)), np.array([0.3, 0.7]))
    assert shares.sum() == pytest.approx(1) and shares[0] > 0.95
    few = likelihood_shares(HeldOutScores([good[:20], poor[:20]], answers[:20], np.ones(20)), np.array([0.3, 0.7]))
    assert 0.3 < few[0] < 0.7
    # Which scale a score comes in says nothing about it.
    assert likelihood_shares(
        HeldOutScores([good * 9, poor / 9], answers, np.ones(400)), np.array([0.3, 0.7])
    ) == pytest.approx(shares, abs=0.02)


@pytest.mark.parametrize("kind", [NumberBlock, LinearBlock])
def test_z_scores_are_clipped_for_classification_but_not_for_regression(kind):
    rows = rows_of(np.append(np.arange(60.0), 9000.0)[:, None])
    block, plain = kind.fit(rows, Z_SCORE_CLIP), kind.fit(rows)
    values, far = block.examples[:, 0], plain.examples[:, 0]
    assert far[-1] == MAX_Z_SCORE > Z_SCORE_CLIP > values[-1] and (np.diff(values) > 0).all()
    assert np.abs(values[:60] - far[:60]).max() < 0.01
    again = unpack_gaussian(*block.pack())
    assert again.standardise(again.table(rows)) == pytest.approx(block.examples, abs=1e-6)
    old = {name: value for name, value in plain.pack()[0].items() if name != "tails"}
    kept = unpack_gaussian(old, plain.pack()[1])
    assert kept.standardise(kept.table(rows)) == pytest.approx(plain.examples, abs=1e-6)


def test_one_outlier_does_not_hide_the_other_numbers():
    random = np.random.default_rng(3)
    table = random.normal(size=(120, 2))
    answers = (table[:, 0] > 0).astype(np.int64)
    table[::10, 1] *= 1e4  # says nothing, and is what most of the spread comes from
    examples = LabelledExamples(["low", "high"], rows_of(table), answers, np.ones(120))
    fitted = fit_weighted_experts(examples, FitSettings(CONFIG.ridge))
    assert fitted.share_std == TABLE_SHARE_PRIOR_STD != SHARE_PRIOR_STD
    kernel = fitted.left_out[fitted.experts.names.index("view")]
    assert (kernel.argmax(1) == answers).mean() > 0.9
