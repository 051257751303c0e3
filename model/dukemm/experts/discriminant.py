"""Labels by the density of their numbers: Bayesian quadratic discriminant analysis (Srivastava, Gupta & Frigyik 2007).

Every label is a Gaussian with its own mean and covariance under a normal–inverse-Wishart prior; the score of a row is its
posterior predictive density, a multivariate t (Murphy 2007, "Conjugate Bayesian analysis of the Gaussian distribution").
The prior covariance is the pooled one within labels, so few examples give a linear discriminant and many a quadratic one.
The strength of the prior maximises the leave-one-out likelihood.
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

#: To choose from: prior strength of the pooled covariance, in examples, and its shrinkage towards a spherical one.
PRIOR_STRENGTHS, SHRINKAGES = (3.0, 10.0, 40.0), (0.02, 0.1, 0.4)
#: Prior strength of the common mean, in examples.
MEAN_STRENGTH = 0.1
#: Added to the within-label variance of standardised columns, so that a constant column has some.
JITTER = 1e-3
#: Bounds of the table, for memory: k covariances of d × d.
MAX_COLUMNS, MAX_LABELS = 64, 100
#: Range of log(power) of the densities, which corrects for the overconfidence of correlated columns.
MIN_LOG_POWER, MAX_LOG_POWER = -4.0, 0.5


@dataclass(frozen=True)
class Discriminant:
    """Fitted to d columns and k labels; a label without examples has the density of all rows."""

    #: (k, d), (k, d, d) that whiten a row's distance from a mean, (k,) logarithms of normalisers, (k,) degrees of freedom.
    means: Matrix
    whitening: Matrix
    normalisers: Matrix
    freedom: Matrix
    #: Power of the densities.
    power: float

    def log_probabilities(self, rows: Matrix) -> Matrix:
        """(m, d) standardised rows → (m, k), labels being equally frequent."""
        return log_softmax(self.power * self.log_densities(rows), axis=1)

    def log_densities(self, rows: Matrix) -> Matrix:
        """(m, d) standardised rows → (m, k) without what all labels share."""
        squared = np.stack(
            [(((rows - mean) @ white) ** 2).sum(1) for mean, white in zip(self.means, self.whitening, strict=True)], axis=1
        )
        return _log_density(squared, self.normalisers, self.freedom, rows.shape[1])

    def pack(self) -> tuple[float, Arrays]:
        """What an artifact keeps: the power, and the arrays."""
        arrays = {name: getattr(self, name) for name in ("means", "whitening", "normalisers", "freedom")}
        return self.power, {name: array.astype(np.float32) for name, array in arrays.items()}

    @staticmethod
    def unpack(power: float, arrays: Arrays) -> "Discriminant":
        """The one that `pack` was called on."""
        names = ("means", "whitening", "normalisers", "freedom")
        return Discriminant(*(arrays[name].astype(np.float64) for name in names), power)


def fit_discriminant(rows: Matrix, answers: NDArray[np.int64], weights: Matrix, labels: int) -> tuple[Discriminant, Matrix]:
    """Fit to (n, d) standardised rows with (n,) places of labels. Returns it with (n, labels) logarithms of
    probabilities, of each row as if its own label had not had it.
    """
    shares = weights / weights.mean()
    best: tuple[float, Discriminant, Matrix] | None = None
    for strength, shrinkage in product(PRIOR_STRENGTHS, SHRINKAGES):
        densities, fitted = densities_of(rows, answers, shares, labels, strength, shrinkage)
        truth = np.arange(len(answers))

        def loss(log_power: float, densities: Matrix = densities, truth: NDArray[np.int64] = truth) -> float:
            logs = log_softmax(np.exp(log_power) * densities, axis=1)[truth, answers]
            return -float(shares @ np.maximum(logs, -20.0)) / len(answers)

        found = minimize_scalar(loss, bounds=(MIN_LOG_POWER, MAX_LOG_POWER), method="bounded", options={"xatol": 0.02})
        if best is None or found.fun < best[0]:
            power = float(np.exp(found.x))
            best = (float(found.fun), Discriminant(*fitted, power), log_softmax(power * densities, axis=1))
    assert best is not None
    return best[1], best[2]


def densities_of(
    rows: Matrix, answers: NDArray[np.int64], shares: Matrix, labels: int, strength: float, shrinkage: float
) -> tuple[Matrix, tuple[Matrix, Matrix, Matrix, Matrix]]:
    """(n, labels) logarithms of the densities of rows, each left out of its own label, and the fields of a Discriminant.

    `shares` (n,) weigh rows, one on average; `strength` and `shrinkage` as PRIOR_STRENGTHS and SHRINKAGES.
    """
    n, d = rows.shape
    totals = np.bincount(answers, shares, labels)
    sums = np.stack([np.bincount(answers, shares * column, labels) for column in rows.T], axis=1)
    centres = sums / np.maximum(totals, 1e-12)[:, None]
    from_centre = rows - centres[answers]
    degrees = max(float(shares.sum() - (totals > 0).sum()), 1.0)
    within = (from_centre * shares[:, None]).T @ from_centre / degrees + JITTER * np.eye(d)
    common = (1 - shrinkage) * within + shrinkage * np.trace(within) / d * np.eye(d)
    everything = np.cov(rows.T, aweights=shares, ddof=0).reshape(d, d) + JITTER * np.eye(d)
    # What the common covariance loses with a row: a multiple of the square of its distance from its label's centre.
    others = totals[answers] - shares
    lost_in_common = strength * (1 - shrinkage) / degrees * shares * totals[answers] / np.maximum(others, 1e-9)
    alone = others <= 1e-9
    lost_in_common[alone] = 0.0
    densities = np.zeros((n, labels))
    means, whitening = np.zeros((labels, d)), np.zeros((labels, d, d))
    normalisers, freedom = np.zeros(labels), np.zeros(labels)
    for k in range(labels):
        # The prior's mean is that of all rows, zero. A label nobody has met is as wide as all rows together.
        kappa, nu = MEAN_STRENGTH + totals[k], strength + d + 1 + totals[k]
        means[k] = totals[k] * centres[k] / kappa
        off = rows - means[k]
        own = (answers == k) & ~alone
        members = off[answers == k]
        scatter = strength * (common if totals[k] > 0 else everything) + MEAN_STRENGTH * np.outer(means[k], means[k])
        scatter += (members * shares[answers == k, None]).T @ members
        lower = np.linalg.cholesky(scatter)
        white = np.linalg.cholesky(cho_solve((lower, True), np.eye(d)))
        log_det = 2.0 * float(np.log(np.diag(lower)).sum())
        freedom[k] = nu - d + 1
        # Rows left out: scatters lose squares (Sherman & Morrison 1950), a row's own label also its weight.
        left = np.where(own, np.maximum(kappa - shares, MEAN_STRENGTH), kappa)
        away = np.where(own[:, None], off * (kappa / left)[:, None], off) @ white
        gone = np.where(own[:, None], off, from_centre) @ white
        lost = lost_in_common + np.where(own, shares * kappa / left, 0.0)
        rest = np.maximum(1.0 - lost * (gone**2).sum(1), 1e-6)
        squared = (away**2).sum(1) + lost * (away * gone).sum(1) ** 2 / rest
        wider = (left + 1) / left
        degree = freedom[k] - np.where(own, shares, 0.0)
        normal = _normaliser(log_det + np.log(rest) + d * np.log(wider), degree, d)
        densities[:, k] = _log_density(squared / wider, normal, degree, d)
        wide = (kappa + 1) / kappa
        whitening[k] = white / np.sqrt(wide)
        normalisers[k] = _normaliser(log_det + d * np.log(wide), freedom[k], d)
    # A label that only the row itself had would not have been known.
    places = np.arange(n)[alone], answers[alone]
    densities[places] = -np.inf
    densities[places] = np.where(alone, densities.min(1, where=np.isfinite(densities), initial=np.inf), 0.0)[alone]
    return densities, (means, whitening, normalisers, freedom)


def _normaliser(log_det: Matrix | float, freedom: Matrix | float, d: int) -> Matrix:
    return gammaln((np.asarray(freedom) + d) / 2) - gammaln(np.asarray(freedom) / 2) - 0.5 * np.asarray(log_det)


def _log_density(squared: Matrix, normaliser: Matrix | float, freedom: Matrix | float, d: int) -> Matrix:
    """Of a multivariate t without what all labels share; `squared` are distances by the unscaled scatter."""
    return normaliser - 0.5 * (np.asarray(freedom) + d) * np.log1p(squared)


def fits(columns: Sequence[str], labels: int) -> bool:
    """Whether a table is narrow enough."""
    return 0 < len(columns) <= MAX_COLUMNS and 1 < labels <= MAX_LABELS
