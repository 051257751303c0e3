"""How much a classifier of a table says beside the shares of the labels: with few examples often nothing."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_softmax

from dukemm.domain.arrays import Matrix
from dukemm.ensemble.mixture import LIKELIHOOD_TEMPERATURE, MIN_CROSS_FITTED, Mixture


def blend_with_rates(
    mixture: Mixture, held_out: Matrix, answers: NDArray[np.int64], weights: Matrix
) -> tuple[Mixture, Matrix]:
    """Move a mixture and its held-out log-odds, (n, labels), towards the labels' rates, by evidence.

    Of eleven development tables 20 examples gained 1.3 points and 100 examples 0.2; the calibration error at 20 fell from
    0.126 to 0.114 (LOG.md). With fewer than MIN_CROSS_FITTED examples the log-odds are not held out, and nothing is moved.
    """
    if len(answers) < MIN_CROSS_FITTED:
        return mixture, held_out
    rates, left_out = label_rates(answers, weights, held_out.shape[1])
    share = share_over_rates(held_out, left_out, answers, weights)
    return mixture.blended(rates, share), share * held_out + (1.0 - share) * left_out


def label_rates(answers: NDArray[np.int64], weights: Matrix, labels: int) -> tuple[Matrix, Matrix]:
    """Logarithms of the labels' shares among n examples, each label counted once more than it occurs.

    Returns (labels,) of all examples, and (n, labels) with each example left out of its own row.
    """
    counts = np.bincount(answers, weights, labels) + 1.0
    left_out = np.tile(counts, (len(answers), 1))
    left_out[np.arange(len(answers)), answers] -= weights
    return np.log(counts / counts.sum()), np.log(left_out / left_out.sum(1, keepdims=True))


def share_over_rates(logits: Matrix, left_out_rates: Matrix, answers: NDArray[np.int64], weights: Matrix) -> float:
    """Share of held-out log-odds, (n, labels), beside the labels' rates, by the tempered likelihoods of the answers.

    As `likelihood_shares`, for two candidates with equal prior. 1 where the items say much more than the rates; about a
    half or less where they say nothing that the rates do not.
    """
    truth = np.arange(len(answers)), answers
    gain = weights @ (log_softmax(logits, axis=1)[truth] - left_out_rates[truth])
    return float(expit(gain / LIKELIHOOD_TEMPERATURE))
