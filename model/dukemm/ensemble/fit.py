"""What classifiers and regressors of a family are fitted to, and how."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dukemm.domain.arrays import Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.ensemble.prior import CalibrationPrior

#: Examples unseen by the network or the trained family that it takes to fit its share; with fewer the prior share applies.
MIN_UNSEEN_TO_JOIN = 12


@dataclass(frozen=True)
class LabelledExamples:
    """n examples to fit a classifier to."""

    labels: Sequence[str]
    items: Sequence[EncodedItem]
    #: (n,) index of each item's label.
    answers: NDArray[np.int64]
    #: (n,) how sure each label is, 0..1.
    weights: Matrix


@dataclass(frozen=True)
class ExternalScores:
    """What the fusion network or a trained family says of the n examples."""

    #: (n, labels) log-odds, or (n,) standardised numbers; NaN for examples that were seen in training.
    scores: Matrix
    #: Prior of its share in the joined answer, 0..1; None: `network_share`.
    share: float | None = None


@dataclass(frozen=True)
class FitSettings:
    """How a family is fitted."""

    #: Ridge penalties to choose from.
    penalties: Sequence[float]
    #: Of the mixture; classification only.
    prior: CalibrationPrior = field(default_factory=CalibrationPrior)
    #: Down-weight labels that disagree with everything else.
    filter_noise: bool = True
    seed: int = 0


@dataclass(frozen=True)
class NumericExamples:
    """n examples to fit a regressor to."""

    items: Sequence[EncodedItem]
    #: (n,) in their own unit.
    targets: Matrix
    #: (n,) how sure each is, 0..1.
    weights: Matrix


def folds_for(count: int, seed: int = 0) -> NDArray[np.int64]:
    """(n,) folds of a random tenth, or fifth where examples are many and each costs time."""
    folds = 10 if count <= 500 else 5
    return np.random.default_rng(seed).permutation(count) % folds


def network_share(examples: int, mixed: bool) -> float:
    """What the network's word is expected to be worth: most where modalities mix, little with few examples."""
    return 0.35 * examples / (examples + 200.0) if mixed else 0.2 * examples / (examples + 1000.0)
