"""Training data and settings of a family's classifier or regressor."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dukemm.domain.arrays import Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.ensemble.prior import CalibrationPrior

#: Fewest examples unseen by the network (or the trained family) for fitting its share; with fewer, the prior share applies.
MIN_UNSEEN_TO_JOIN = 12


@dataclass(frozen=True)
class LabelledExamples:
    """n examples to fit a classifier to."""

    labels: Sequence[str]
    items: Sequence[EncodedItem]
    #: (n,) index of each item's label.
    answers: NDArray[np.int64]
    #: (n,) trust in each label, 0..1.
    weights: Matrix


@dataclass(frozen=True)
class ExternalScores:
    """Scores of the n examples by the fusion network or a trained family."""

    #: (n, labels) log-odds, or (n,) standardised numbers; NaN for examples of its training set.
    scores: Matrix
    #: Prior share in the joined answer, 0..1; None: `network_share`.
    share: float | None = None


@dataclass(frozen=True)
class FitSettings:
    """Hyperparameters of a fit."""

    #: Candidate ridge penalties.
    penalties: Sequence[float]
    #: Prior of the mixture; classification only.
    prior: CalibrationPrior = field(default_factory=CalibrationPrior)
    #: Whether to down-weight labels that look wrong; see `label_noise`.
    filter_noise: bool = True
    seed: int = 0


@dataclass(frozen=True)
class NumericExamples:
    """n examples to fit a regressor to."""

    items: Sequence[EncodedItem]
    #: (n,) in the unit of the task.
    targets: Matrix
    #: (n,) trust in each target, 0..1.
    weights: Matrix


def assign_folds(count: int, seed: int = 0) -> NDArray[np.int64]:
    """(n,) random fold indices: 10 folds, 5 above 500 examples to save time."""
    folds = 10 if count <= 500 else 5
    return np.random.default_rng(seed).permutation(count) % folds


def network_share(examples: int, multimodal: bool) -> float:
    """Prior share of the network, 0..1: higher for multimodal items, lower with few examples."""
    return 0.35 * examples / (examples + 200.0) if multimodal else 0.2 * examples / (examples + 1000.0)
