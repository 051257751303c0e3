"""Labels of one family with probabilities: from its confirmed examples, or from those that come with a task."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dukemm.domain.arrays import Arrays, Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.ensemble.calibration import MIN_CONFORMAL_EXAMPLES, ConfidenceHead, set_threshold
from dukemm.ensemble.fit import MIN_UNSEEN_TO_JOIN, ExternalScores, FitSettings, LabelledExamples, folds_for, network_share
from dukemm.ensemble.label_noise import label_trust
from dukemm.ensemble.mixture import (
    TABLE_SHARE_PRIOR_STD,
    HeldOutScores,
    Mixture,
    MixturePrior,
    cross_fitted,
    fit_mixture,
    likelihood_shares,
    mixture_prior,
)
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.experts.expert_set import Experts
from dukemm.experts.fitting import AnsweredItems, FittedExperts, fit_experts
from dukemm.experts.views import FittedViews, TableScore

#: Prior of the mixture of own and external log-odds (of the fusion network or a trained family).
JOINT_PRIOR = CalibrationPrior(sharpness=1.15, sharpness_spread=0.35, bias_spread=0.3)


@dataclass(frozen=True)
class HeldOut:
    """What was said of the n examples without having seen them."""

    #: (n, labels)
    probabilities: Matrix
    #: (n, labels) log-odds of the family's own experts.
    own: Matrix
    #: The experts as they were fitted, to be mixed in other ways.
    fitted: FittedExperts


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

    def logits(self, items: Sequence[EncodedItem], external: Matrix | None = None, offset: Matrix | float = 0.0) -> Matrix:
        """(m, labels) log-odds. `external` (m, labels): log-odds of the network or of a trained family."""
        scores = [typical(score, self.met) for score in self.experts.scores(items)[0]]
        own = (self.mixture.logits(scores) if scores else np.tile(self.mixture.biases, (len(items), 1))) + offset
        if external is None or self.joined is None:
            return own
        return self.joined.logits([centred(own), centred(external)])

    def weighted_views(self, share: float, places: NDArray[np.int64] | None = None) -> FittedViews:
        """The kernel views, scaled so that their scores are log-odds times `share`; `places` reorders the labels."""
        blocks = []
        for fitted, weight, scale in zip(self.experts.views, self.mixture.weights, self.experts.scales, strict=False):
            ridge = fitted.ridge
            if places is not None:
                at = np.maximum(places, 0)
                ridge = replace(ridge, dual=ridge.dual[:, at], bias=ridge.bias[at])
            blocks.append(replace(fitted, ridge=ridge, factor=float(share * weight * scale)))
        first = len(blocks) + (self.experts.joint is not None)
        tables = [
            TableScore(table.block, partial(_weighted, table.of_rows, float(share * weight * scale), places))
            for table, weight, scale in zip(
                self.experts.tables(), self.mixture.weights[first:], self.experts.scales[first:], strict=False
            )
        ]
        outputs = len(self.labels if places is None else places)
        return FittedViews(tuple(blocks), np.zeros((0, outputs)), tuple(tables), self.experts.schema)

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


def _weighted(of_rows: Callable[[Matrix], Matrix], weight: float, places: NDArray[np.int64] | None, rows: Matrix) -> Matrix:
    scores = weight * of_rows(rows)
    return scores if places is None else scores[:, np.maximum(places, 0)]


def typical(score: Matrix, met: np.ndarray) -> Matrix:
    """(m, labels) scores, those of labels without examples replaced by the mean of the others."""
    return score if met.all() else np.where(met[None], score, score[:, met].mean(1, keepdims=True))


def centred(logits: Matrix) -> Matrix:
    """Log-odds with mean zero a row."""
    return logits - logits.mean(1, keepdims=True)


def fit_weighted_experts(examples: LabelledExamples, settings: FitSettings) -> FittedExperts:
    """Experts with shares by skill; those of a table also by how likely they made the held-out answers."""
    answered = AnsweredItems(examples.items, examples.answers, len(examples.labels), examples.weights)
    folds = folds_for(len(examples.answers), settings.seed)
    fitted = fit_experts(answered, folds, settings.penalties, settings.seed)
    if fitted.experts.density is None:
        return fitted
    held_out = HeldOutScores(fitted.left_out, examples.answers, examples.weights)
    return replace(fitted, shares=likelihood_shares(held_out, fitted.shares), share_std=TABLE_SHARE_PRIOR_STD)


def fit_classifier(
    examples: LabelledExamples,
    settings: FitSettings,
    *,
    offset: Matrix | float = 0.0,
    external: ExternalScores | None = None,
    fitted: FittedExperts | None = None,
) -> tuple[FamilyClassifier, HeldOut]:
    """Fit experts, mixture and calibration.

    `offset` (n, labels): log-odds added to the experts', for labels whose names have a meaning. `fitted`: experts to
    be mixed anew instead of fitted.
    """
    answers, weights = examples.answers, examples.weights
    met = np.bincount(answers, minlength=len(examples.labels)) > 0

    def mixed(weighted: LabelledExamples) -> tuple[FittedExperts, HeldOutScores, Mixture]:
        found = _with_typical_scores(fitted or fit_weighted_experts(weighted, settings), examples, met)
        scores = HeldOutScores(found.left_out, answers, weights, offset)
        return found, scores, fit_mixture(scores, mixture_prior(found, settings.prior))

    found, scores, mixture = mixed(examples)
    if settings.filter_noise and fitted is None:
        trusted = label_trust(mixture.logits(found.left_out) + offset, answers)
        if trusted is not None:
            # Only the experts learn from these weights; calibration is measured on every label as the buyer gave it.
            found, scores, mixture = mixed(replace(examples, weights=weights * trusted))
    own = cross_fitted(scores, mixture_prior(found, settings.prior), mixture, settings.seed)
    joined, final, measured = _joined(own, external, examples, found.experts.joint is not None)
    probabilities = _softmax(final)
    head = ConfidenceHead.fit(probabilities[measured], answers[measured], weights[measured])
    threshold = set_threshold(probabilities[measured], answers[measured], weights[measured])
    classifier = FamilyClassifier(tuple(examples.labels), found.experts, mixture, joined, head, threshold, met)
    return classifier, HeldOut(probabilities, own, found)


def _with_typical_scores(found: FittedExperts, examples: LabelledExamples, met: np.ndarray) -> FittedExperts:
    found = replace(found, left_out=[typical(score, met) for score in found.left_out])
    if found.left_out:
        return found
    # Items with nothing in them still tell how frequent each label is.
    nothing = np.zeros((len(examples.answers), len(examples.labels)))
    return replace(found, left_out=[nothing], shares=np.ones(1))


def _joined(
    own: Matrix, external: ExternalScores | None, examples: LabelledExamples, multimodal: bool
) -> tuple[Mixture | None, Matrix, NDArray[np.bool_]]:
    """The mixture with what comes from elsewhere, (n, labels) log-odds, and (n,) which of them calibration may use."""
    if external is None:
        return None, own, np.ones(len(own), bool)
    share = network_share(len(own), multimodal) if external.share is None else external.share
    joined = _join(own, external.scores, examples.answers, examples.weights, share)
    unseen = ~np.isnan(external.scores[:, 0])
    both = joined.logits([centred(own), centred(np.nan_to_num(external.scores))])
    measured = unseen if unseen.sum() >= MIN_CONFORMAL_EXAMPLES else np.ones_like(unseen)
    return joined, np.where(unseen[:, None], both, own), measured


def memory_alone(found: FittedExperts) -> FittedExperts:
    """The same with every expert but the memory silenced."""
    heard = np.array([1.0 if name == "memory" else 0.0 for name in found.experts.names])
    left_out = [score * on for score, on in zip(found.left_out, heard, strict=True)]
    experts = replace(found.experts, scales=found.experts.scales * heard)
    return FittedExperts(experts, left_out, heard / max(heard.sum(), 1.0))


def _join(own: Matrix, external: Matrix, answers: np.ndarray, weights: Matrix, share: float) -> Mixture:
    unseen = ~np.isnan(external[:, 0])
    shares = (1.0 - share, share)
    if unseen.sum() < MIN_UNSEEN_TO_JOIN:
        return Mixture(JOINT_PRIOR.sharpness * np.array(shares), np.zeros(own.shape[1]))
    scores = [centred(own)[unseen], centred(external[unseen])]
    return fit_mixture(HeldOutScores(scores, answers[unseen], weights[unseen]), MixturePrior(shares, JOINT_PRIOR))


def _softmax(logits: Matrix) -> Matrix:
    shifted = np.exp(logits - logits.max(1, keepdims=True))
    return shifted / shifted.sum(1, keepdims=True)
