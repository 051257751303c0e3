"""Bayesian quadratic discriminant analysis over a table's numbers (Srivastava, Gupta & Frigyik 2007).

Each label is a Gaussian with its own mean and covariance under a normal–inverse-Wishart prior; a row is scored by the
posterior predictive density, a multivariate t (Murphy 2007, "Conjugate Bayesian analysis of the Gaussian distribution").
The prior covariance is the pooled covariance within labels, so few examples give a linear discriminant and many a quadratic
one. The strength of the prior maximises the leave-one-out likelihood.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve
from scipy.optimize import minimize_scalar
from scipy.special import gammaln, log_softmax

from dukemm.domain.arrays import Arrays, Matrix

#: Candidates: prior strength of the pooled covariance, in examples, and its shrinkage towards a spherical covariance.
PRIOR_STRENGTHS, SHRINKAGES = (3.0, 10.0, 40.0), (0.02, 0.1, 0.4)
#: Prior strength of the overall mean, in examples.
MEAN_STRENGTH = 0.1
#: Added to the within-label variance of standardised columns, so that no variance is zero.
JITTER = 1e-3
#: Most columns d and labels k, which bound the memory for k covariances of d × d.
MAX_COLUMNS, MAX_LABELS = 64, 100
#: Range of log(power): densities are tempered by a power, as correlated columns make them overconfident.
MIN_LOG_POWER, MAX_LOG_POWER = -4.0, 0.5


@dataclass(frozen=True)
class Discriminant:
    """Fitted discriminant of d columns and k labels; a label without examples has the density of all rows."""

    #: (k, d)
    means: Matrix
    #: (k, d, d) matrices that whiten the difference of a row and the label's mean.
    whitening: Matrix
    #: (k,) log normalisers.
    normalisers: Matrix
    #: (k,) degrees of freedom.
    freedom: Matrix
    #: Exponent of the densities (tempering).
    power: float

    def log_probabilities(self, rows: Matrix) -> Matrix:
        """(m, d) standardised rows → (m, k) log-probabilities, with equal label frequencies."""
        return log_softmax(self.power * self.log_densities(rows), axis=1)

    def log_densities(self, rows: Matrix) -> Matrix:
        """(m, d) standardised rows → (m, k) log-densities, up to a constant common to all labels."""
        squared = np.stack(
            [(((rows - mean) @ white) ** 2).sum(1) for mean, white in zip(self.means, self.whitening, strict=True)], axis=1
        )
        return _log_density(squared, self.normalisers, self.freedom, rows.shape[1])

    def pack(self) -> tuple[float, Arrays]:
        """The power and the arrays for the artifact."""
        arrays = {name: getattr(self, name) for name in ("means", "whitening", "normalisers", "freedom")}
        return self.power, {name: array.astype(np.float32) for name, array in arrays.items()}

    @staticmethod
    def unpack(power: float, arrays: Arrays) -> "Discriminant":
        """The inverse of `pack`."""
        names = ("means", "whitening", "normalisers", "freedom")
        return Discriminant(*(arrays[name].astype(np.float64) for name in names), power)


def fit_discriminant(rows: Matrix, answers: NDArray[np.int64], weights: Matrix, labels: int) -> tuple[Discriminant, Matrix]:
    """Fit to (n, d) standardised rows with (n,) label indices; also returns (n, labels) leave-one-out log-probabilities."""
    relative_weights = weights / weights.mean()
    best: tuple[float, Discriminant, Matrix] | None = None
    for strength, shrinkage in product(PRIOR_STRENGTHS, SHRINKAGES):
        densities, fitted = left_out_densities(rows, answers, relative_weights, labels, strength, shrinkage)
        truth = np.arange(len(answers))

        def loss(log_power: float, densities: Matrix = densities, truth: NDArray[np.int64] = truth) -> float:
            logs = log_softmax(np.exp(log_power) * densities, axis=1)[truth, answers]
            return -float(relative_weights @ np.maximum(logs, -20.0)) / len(answers)

        found = minimize_scalar(loss, bounds=(MIN_LOG_POWER, MAX_LOG_POWER), method="bounded", options={"xatol": 0.02})
        if best is None or found.fun < best[0]:
            power = float(np.exp(found.x))
            best = (float(found.fun), Discriminant(*fitted, power), log_softmax(power * densities, axis=1))
    assert best is not None
    return best[1], best[2]


def left_out_densities(
    rows: Matrix, answers: NDArray[np.int64], weights: Matrix, labels: int, strength: float, shrinkage: float
) -> tuple[Matrix, tuple[Matrix, Matrix, Matrix, Matrix]]:
    """(n, labels) log-densities, each row left out of its own label, and the array fields of a Discriminant.

    `weights` (n,) have mean one; `strength` and `shrinkage`: see PRIOR_STRENGTHS and SHRINKAGES.
    """
    n, d = rows.shape
    prior = _Prior.fit(rows, answers, weights, labels, strength, shrinkage)
    densities = np.zeros((n, labels))
    means, whitening = np.zeros((labels, d)), np.zeros((labels, d, d))
    normalisers, freedom = np.zeros(labels), np.zeros(labels)
    for k in range(labels):
        # The prior mean is the mean of all rows, zero.
        total = prior.totals[k]
        kappa, nu = MEAN_STRENGTH + total, strength + d + 1 + total
        means[k] = total * prior.centres[k] / kappa
        differences = rows - means[k]
        own = (answers == k) & ~prior.only_one
        members = differences[answers == k]
        scatter = strength * prior.covariance(k) + MEAN_STRENGTH * np.outer(means[k], means[k])
        scatter += (members * weights[answers == k, None]).T @ members
        lower = np.linalg.cholesky(scatter)
        white = np.linalg.cholesky(cho_solve((lower, True), np.eye(d)))
        log_det = 2.0 * float(np.log(np.diag(lower)).sum())
        freedom[k] = nu - d + 1
        # Leaving a row out is a rank-one downdate of the scatter (Sherman & Morrison 1950), and of its label's total.
        left_kappa = np.where(own, np.maximum(kappa - weights, MEAN_STRENGTH), kappa)
        from_mean = np.where(own[:, None], differences * (kappa / left_kappa)[:, None], differences) @ white
        removed = np.where(own[:, None], differences, prior.from_centre) @ white
        factor = prior.downdate + np.where(own, weights * kappa / left_kappa, 0.0)
        det_ratio = np.maximum(1.0 - factor * (removed**2).sum(1), 1e-6)
        squared = (from_mean**2).sum(1) + factor * (from_mean * removed).sum(1) ** 2 / det_ratio
        left_scale = (left_kappa + 1) / left_kappa
        left_freedom = freedom[k] - np.where(own, weights, 0.0)
        normaliser = _normaliser(log_det + np.log(det_ratio) + d * np.log(left_scale), left_freedom, d)
        densities[:, k] = _log_density(squared / left_scale, normaliser, left_freedom, d)
        scale = (kappa + 1) / kappa
        whitening[k] = white / np.sqrt(scale)
        normalisers[k] = _normaliser(log_det + d * np.log(scale), freedom[k], d)
    _set_to_least(densities, answers, prior.only_one)
    return densities, (means, whitening, normalisers, freedom)


@dataclass(frozen=True)
class _Prior:
    """Statistics of n weighted rows that the posterior of each of k labels starts from."""

    #: (k,) total weight and (k, d) mean of each label.
    totals: Matrix
    centres: Matrix
    #: (n, d) differences from the mean of the row's label.
    from_centre: Matrix
    #: (d, d) shrunk covariance within labels, and covariance of all rows.
    within: Matrix
    overall: Matrix
    #: (n,) whether a row is the only one of its label.
    only_one: NDArray[np.bool_]
    #: (n,) factor of the outer product of `from_centre` by which leaving a row out reduces the prior's scatter.
    downdate: Matrix

    @staticmethod
    def fit(
        rows: Matrix, answers: NDArray[np.int64], weights: Matrix, labels: int, strength: float, shrinkage: float
    ) -> "_Prior":
        d = rows.shape[1]
        totals = np.bincount(answers, weights, labels)
        sums = np.stack([np.bincount(answers, weights * column, labels) for column in rows.T], axis=1)
        centres = sums / np.maximum(totals, 1e-12)[:, None]
        from_centre = rows - centres[answers]
        degrees = max(float(weights.sum() - (totals > 0).sum()), 1.0)
        pooled = (from_centre * weights[:, None]).T @ from_centre / degrees + JITTER * np.eye(d)
        within = (1 - shrinkage) * pooled + shrinkage * np.trace(pooled) / d * np.eye(d)
        overall = np.cov(rows.T, aweights=weights, ddof=0).reshape(d, d) + JITTER * np.eye(d)
        others = totals[answers] - weights
        only_one = others <= 1e-9
        downdate = strength * (1 - shrinkage) / degrees * weights * totals[answers] / np.maximum(others, 1e-9)
        downdate[only_one] = 0.0
        return _Prior(totals, centres, from_centre, within, overall, only_one, downdate)

    def covariance(self, label: int) -> Matrix:
        """(d, d) prior covariance of a label: without examples that of all rows."""
        return self.within if self.totals[label] > 0 else self.overall


def _set_to_least(densities: Matrix, answers: NDArray[np.int64], only_one: NDArray[np.bool_]) -> None:
    """Give the own label of each row that is its only example the row's least density: left out, it would be unknown."""
    own = np.arange(len(answers))[only_one], answers[only_one]
    densities[own] = -np.inf
    densities[own] = densities.min(1, where=np.isfinite(densities), initial=np.inf)[only_one]


def _normaliser(log_det: Matrix | float, freedom: Matrix | float, d: int) -> Matrix:
    return gammaln((np.asarray(freedom) + d) / 2) - gammaln(np.asarray(freedom) / 2) - 0.5 * np.asarray(log_det)


def _log_density(squared: Matrix, normaliser: Matrix | float, freedom: Matrix | float, d: int) -> Matrix:
    """Log-density of a multivariate t up to a constant; `squared`: squared distances by the unscaled scatter."""
    return normaliser - 0.5 * (np.asarray(freedom) + d) * np.log1p(squared)


def accepts(columns: Sequence[str], labels: int) -> bool:
    """Whether a table has few enough columns and labels."""
    return 0 < len(columns) <= MAX_COLUMNS and 1 < labels <= MAX_LABELS
