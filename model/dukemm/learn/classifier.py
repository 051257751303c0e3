"""Labels of one family with probabilities: from its confirmed examples, or from those that come with a task."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dukemm.learn.calibrated import FEWEST_FOR_SETS, ConfidenceHead, set_threshold
from dukemm.learn.experts import Experts
from dukemm.learn.fitting import FittedExperts, fit_experts
from dukemm.learn.mixture import Mixture, cross_fitted, fit_mixture
from dukemm.learn.noise import trust
from dukemm.task.blocks import Arrays, Encoded, Matrix
from dukemm.task.calibration import CalibrationPrior

#: Sharpness and share of what comes from elsewhere (the fusion network, a trained family) beside the family's own experts.
JOINING = CalibrationPrior(sharpness=1.15, sharpness_spread=0.35, bias_spread=0.3)
#: Rows that must have been left out by the network before its share is learned and not only believed.
FEWEST_TO_JOIN = 12


@dataclass(frozen=True)
class Left:
    """What was said of the examples without having seen them, (n, labels): probabilities, and the own experts' log-odds."""

    probabilities: Matrix
    own: Matrix
    #: The experts as they were fitted, to be mixed in other ways.
    found: FittedExperts


@dataclass(frozen=True)
class FamilyClassifier:
    """Answers with one of `labels`; pure: the same items give the same probabilities."""

    labels: tuple[str, ...]
    experts: Experts
    mixture: Mixture
    #: How the family's own log-odds and those from elsewhere are joined, where there is something from elsewhere.
    joined: Mixture | None
    head: ConfidenceHead
    threshold: float | None
    #: (labels,) which have examples: a label without was the wrong one for every example, which says nothing about it.
    met: np.ndarray

    def logits(self, items: Sequence[Encoded], elsewhere: Matrix | None = None, offset: Matrix | float = 0.0) -> Matrix:
        """(m, labels) log-odds. `elsewhere` (m, labels) are log-odds of the network or of a trained family."""
        scores = [typical(score, self.met) for score in self.experts.scores(items)[0]]
        own = (self.mixture.logits(scores) if scores else np.tile(self.mixture.biases, (len(items), 1))) + offset
        if elsewhere is None or self.joined is None:
            return own
        return self.joined.logits([centred(own), centred(elsewhere)])

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """What an artifact keeps."""
        experts, arrays = self.experts.pack()
        spec = {
            "labels": list(self.labels),
            "experts": experts,
            "mixture": self.mixture.pack(),
            "joined": self.joined.pack() if self.joined else None,
            "head": asdict(self.head),
            "threshold": self.threshold,
            "met": self.met.tolist(),
        }
        return spec, arrays

    @staticmethod
    def unpack(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> "FamilyClassifier":
        """The classifier that `pack` was called on."""
        return FamilyClassifier(
            tuple(spec["labels"]),
            Experts.unpack(spec["experts"], arrays),
            Mixture.unpack(spec["mixture"]),
            Mixture.unpack(spec["joined"]) if spec["joined"] else None,
            ConfidenceHead(**spec["head"]),
            spec["threshold"],
            np.array(spec["met"], bool),
        )


def typical(score: Matrix, met: np.ndarray) -> Matrix:
    """(m, labels) scores, those of labels without examples replaced by the mean of the others."""
    return score if met.all() else np.where(met[None], score, score[:, met].mean(1, keepdims=True))


def centred(logits: Matrix) -> Matrix:
    """Log-odds with mean zero a row."""
    return logits - logits.mean(1, keepdims=True)


def folds_for(count: int, seed: int = 0) -> NDArray[np.int64]:
    """(n,) folds of a random tenth, or fifth where examples are many and each costs time."""
    folds = 10 if count <= 500 else 5
    return np.random.default_rng(seed).permutation(count) % folds


def fit_classifier(
    labels: Sequence[str],
    examples: Sequence[Encoded],
    answers: NDArray[np.int64],
    weights: Matrix,
    penalties: Sequence[float],
    prior: CalibrationPrior,
    *,
    offset: Matrix | float = 0.0,
    elsewhere: Matrix | None = None,
    elsewhere_share: float | None = None,
    filter_noise: bool = True,
    fitted_before: FittedExperts | None = None,
    seed: int = 0,
) -> tuple[FamilyClassifier, Left]:
    """Fit on examples with (n,) places of labels.

    `offset` (n, labels): log-odds added to the experts', for labels that speak for themselves. `elsewhere` (n, labels):
    log-odds of a network that had not seen the row, NaN where it had. Labels that disagree with all else count less
    (`filter_noise`). `fitted_before`: experts that are to be mixed anew, and not fitted.
    """
    met = np.bincount(answers, minlength=len(labels)) > 0

    def fitted(learned: Matrix) -> tuple[FittedExperts, Mixture]:
        found = fitted_before or fit_experts(
            examples, answers, len(labels), learned, folds_for(len(answers), seed), penalties, seed
        )
        found = replace(found, left_out=[typical(score, met) for score in found.left_out])
        if not found.left_out:
            # Examples with nothing in them still tell how often each label is right.
            found = replace(found, left_out=[np.zeros((len(answers), len(labels)))], shares=np.ones(1))
        return found, fit_mixture(found.left_out, answers, weights, found.shares, prior, offset, found.spread)

    found, mixture = fitted(weights)
    if filter_noise and fitted_before is None:
        trusted = trust(mixture.logits(found.left_out) + offset, answers)
        if trusted is not None:
            # Only what the experts learn from: how often the buyer agrees is still to be said of all that the buyer says.
            found, mixture = fitted(weights * trusted)
    own = cross_fitted(found.left_out, answers, weights, found.shares, prior, offset, mixture, seed, found.spread)
    joined, final = None, own
    if elsewhere is not None:
        mixed = found.experts.joint is not None
        share = network_share(len(answers), mixed) if elsewhere_share is None else elsewhere_share
        joined = _join(own, elsewhere, answers, weights, share)
        known = ~np.isnan(elsewhere[:, 0])
        final = np.where(known[:, None], joined.logits([centred(own), centred(np.nan_to_num(elsewhere))]), own)
        measured = known if known.sum() >= FEWEST_FOR_SETS else np.ones_like(known)
    else:
        measured = np.ones(len(answers), bool)
    probabilities = _softmax(final)
    head = ConfidenceHead.fit(probabilities[measured], answers[measured], weights[measured])
    threshold = set_threshold(probabilities[measured], answers[measured], weights[measured])
    classifier = FamilyClassifier(tuple(labels), found.experts, mixture, joined, head, threshold, met)
    return classifier, Left(probabilities, own, found)


def memory_alone(found: FittedExperts) -> FittedExperts:
    """The same with every expert but the memory silenced."""
    heard = np.array([1.0 if name == "memory" else 0.0 for name in found.experts.names])
    left_out = [score * on for score, on in zip(found.left_out, heard, strict=True)]
    experts = replace(found.experts, scales=found.experts.scales * heard)
    return FittedExperts(experts, left_out, heard / max(heard.sum(), 1.0))


def network_share(examples: int, mixed: bool) -> float:
    """What the network's word is expected to be worth: most where modalities mix, little with few examples."""
    return 0.35 * examples / (examples + 200.0) if mixed else 0.2 * examples / (examples + 1000.0)


def _join(own: Matrix, elsewhere: Matrix, answers: np.ndarray, weights: Matrix, share: float) -> Mixture:
    known = ~np.isnan(elsewhere[:, 0])
    shares = (1.0 - share, share)
    if known.sum() < FEWEST_TO_JOIN:
        return Mixture(JOINING.sharpness * np.array(shares), np.zeros(own.shape[1]))
    scores = [centred(own)[known], centred(elsewhere[known])]
    return fit_mixture(scores, answers[known], weights[known], shares, JOINING)


def _softmax(logits: Matrix) -> Matrix:
    shifted = np.exp(logits - logits.max(1, keepdims=True))
    return shifted / shifted.sum(1, keepdims=True)
