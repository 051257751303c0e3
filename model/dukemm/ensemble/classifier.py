"""Classifier of one family, fitted to its confirmed examples or to the examples of a task."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dukemm.domain.arrays import Arrays, Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.ensemble.calibration import MIN_CONFORMAL_EXAMPLES, ConfidenceHead, set_threshold
from dukemm.ensemble.fit import (
    MIN_UNSEEN_TO_JOIN,
    ExternalScores,
    FitSettings,
    LabelledExamples,
    assign_folds,
    network_share,
)
from dukemm.ensemble.label_noise import label_trust
from dukemm.ensemble.label_rates import blend_with_rates
from dukemm.ensemble.mixture import (
    TABLE_SHARE_PRIOR_STD,
    HeldOutScores,
    Mixture,
    MixturePrior,
    cross_fitted_logits,
    fit_mixture,
    likelihood_shares,
    mixture_prior,
)
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.ensemble.typicality import Typicality
from dukemm.experts.expert_set import Experts
from dukemm.experts.fitting import AnsweredItems, FittedExperts, fit_experts
from dukemm.experts.views import FittedViews, TableScore

#: Prior of the mixture of own log-odds and external ones (from the fusion network or a trained family).
JOINT_PRIOR = CalibrationPrior(sharpness=1.15, sharpness_spread=0.35, bias_spread=0.3)


@dataclass(frozen=True)
class HeldOut:
    """Held-out predictions for the n examples."""

    #: (n, labels)
    probabilities: Matrix
    #: (n, labels) log-odds by the family's own experts, cross-fitted.
    own: Matrix
    #: The fitted experts, for fitting another mixture of them.
    fitted: FittedExperts


@dataclass(frozen=True)
class FamilyClassifier:
    """Predicts one of `labels` for an item; deterministic."""

    labels: tuple[str, ...]
    experts: Experts
    mixture: Mixture
    #: Mixture of (own, external) log-odds; None if fitted without external scores.
    joined: Mixture | None
    head: ConfidenceHead
    threshold: float | None
    #: (labels,) bool: labels with examples. The others were wrong for every example, so their learned scores mean nothing.
    has_examples: np.ndarray
    #: None with few examples, and in versions that were made before it.
    typicality: Typicality | None = None

    def typical(self, items: Sequence[EncodedItem]) -> Matrix:
        """(m,) factors in (0, 1] on the items' log-odds; below 1 for items far from all examples."""
        if self.typicality is None:
            return np.ones(len(items))
        return self.typicality.factors(self.experts.views, self.experts.read(items))

    def logits(self, items: Sequence[EncodedItem], external: Matrix | None = None, offset: Matrix | None = None) -> Matrix:
        """(m, labels) log-odds of m items.

        `external` (m, labels): log-odds by the network or a trained family. `offset` (m, labels): log-odds that were not
        learned.
        """
        scores = [impute_unseen_labels(score, self.has_examples) for score in self.experts.scores(items)[0]]
        # Without experts the mixture was fitted to one score of zeros.
        own = self.mixture.logits(scores or [np.zeros((len(items), len(self.labels)))], offset)
        if external is None or self.joined is None:
            return own
        return self.joined.logits([centre_rows(own), centre_rows(external)])

    def weighted_views(self, share: float, columns: NDArray[np.int64] | None = None) -> FittedViews:
        """Scale the kernel views so that their scores are log-odds times `share`.

        `columns` (outputs,): the label of each output, -1 for none; None: all labels in order.
        """
        blocks = []
        for fitted, weight, scale in zip(self.experts.views, self.mixture.weights, self.experts.scales, strict=False):
            ridge = fitted.ridge
            if columns is not None:
                known = np.maximum(columns, 0)
                ridge = replace(ridge, dual=ridge.dual[:, known], bias=ridge.bias[known])
            blocks.append(replace(fitted, ridge=ridge, factor=float(share * weight * scale)))
        first = len(blocks) + (self.experts.joint is not None)
        tables = [
            TableScore(table.block, partial(_scaled_scores, table.score_rows, float(share * weight * scale), columns))
            for table, weight, scale in zip(
                self.experts.tables(), self.mixture.weights[first:], self.experts.scales[first:], strict=False
            )
        ]
        outputs = len(self.labels if columns is None else columns)
        return FittedViews(tuple(blocks), np.zeros((0, outputs)), tuple(tables), self.experts.schema)

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """JSON spec and arrays for the artifact."""
        experts, arrays = self.experts.pack()
        spec = {
            "labels": list(self.labels),
            "experts": experts,
            "mixture": self.mixture.pack(),
            "joined": self.joined.pack() if self.joined else None,
            "head": asdict(self.head),
            "threshold": self.threshold,
            "met": self.has_examples.tolist(),
            "typicality": None if self.typicality is None else self.typicality.pack(),
        }
        return spec, arrays

    @staticmethod
    def unpack(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> "FamilyClassifier":
        """The inverse of `pack`."""
        return FamilyClassifier(
            tuple(spec["labels"]),
            Experts.unpack(spec["experts"], arrays),
            Mixture.unpack(spec["mixture"]),
            Mixture.unpack(spec["joined"]) if spec["joined"] else None,
            ConfidenceHead(**spec["head"]),
            spec["threshold"],
            np.array(spec["met"], bool),
            Typicality.unpack(spec["typicality"]) if spec.get("typicality") else None,
        )


def _scaled_scores(
    score_rows: Callable[[Matrix], Matrix], factor: float, columns: NDArray[np.int64] | None, rows: Matrix
) -> Matrix:
    scores = factor * score_rows(rows)
    return scores if columns is None else scores[:, np.maximum(columns, 0)]


def impute_unseen_labels(score: Matrix, has_examples: np.ndarray) -> Matrix:
    """Replace the scores, (m, labels), of labels without examples by the row's mean over the others."""
    if has_examples.all():
        return score
    return np.where(has_examples[None], score, score[:, has_examples].mean(1, keepdims=True))


def centre_rows(logits: Matrix) -> Matrix:
    """Subtract each row's mean."""
    return logits - logits.mean(1, keepdims=True)


def fit_weighted_experts(examples: LabelledExamples, settings: FitSettings) -> FittedExperts:
    """Fit experts with shares by skill; for a table the shares also include the likelihood of held-out answers."""
    answered = AnsweredItems(examples.items, examples.answers, len(examples.labels), examples.weights)
    folds = assign_folds(len(examples.answers), settings.seed)
    fitted = fit_experts(answered, folds, settings.penalties, settings.seed)
    if fitted.experts.density is None:
        return fitted
    held_out = HeldOutScores(fitted.left_out, examples.answers, examples.weights)
    return replace(fitted, shares=likelihood_shares(held_out, fitted.shares), share_std=TABLE_SHARE_PRIOR_STD)


def fit_classifier(
    examples: LabelledExamples,
    settings: FitSettings,
    *,
    offset: Matrix | None = None,
    external: ExternalScores | None = None,
    fitted: FittedExperts | None = None,
) -> tuple[FamilyClassifier, HeldOut]:
    """Fit experts, mixture and calibration.

    `offset` (n, labels): log-odds from the meaning of the label names; the mixture fits their weight. `external`: scores to
    mix in. `fitted`: reuse these experts instead of fitting new ones.
    """
    answers, weights = examples.answers, examples.weights
    has_examples = np.bincount(answers, minlength=len(examples.labels)) > 0

    def fit_own_mixture(weighted: LabelledExamples) -> tuple[FittedExperts, HeldOutScores, Mixture]:
        found = _with_imputed_scores(fitted or fit_weighted_experts(weighted, settings), examples, has_examples)
        scores = HeldOutScores(found.left_out, answers, weights, offset)
        return found, scores, fit_mixture(scores, mixture_prior(found, settings.prior))

    found, scores, mixture = fit_own_mixture(examples)
    if settings.filter_noise and fitted is None:
        trust = label_trust(mixture.logits(found.left_out, offset), answers)
        if trust is not None:
            # Only the experts use these weights; calibration is measured on every label as the buyer gave it.
            found, scores, mixture = fit_own_mixture(replace(examples, weights=weights * trust))
    own = cross_fitted_logits(scores, mixture_prior(found, settings.prior), mixture, settings.seed)
    if found.experts.density is not None:  # a table
        mixture, own = blend_with_rates(mixture, own, answers, weights)
    joined, final, calibrating = _join_external(own, external, examples, found.experts.joint is not None)
    probabilities = _softmax(final)
    head = ConfidenceHead.fit(probabilities[calibrating], answers[calibrating], weights[calibrating])
    threshold = set_threshold(probabilities[calibrating], answers[calibrating], weights[calibrating])
    typicality = Typicality.fit(found.experts.views, examples.items)
    classifier = FamilyClassifier(
        tuple(examples.labels), found.experts, mixture, joined, head, threshold, has_examples, typicality
    )
    return classifier, HeldOut(probabilities, own, found)


def _with_imputed_scores(found: FittedExperts, examples: LabelledExamples, has_examples: np.ndarray) -> FittedExperts:
    found = replace(found, left_out=[impute_unseen_labels(score, has_examples) for score in found.left_out])
    if found.left_out:
        return found
    # Empty items have no expert, but the frequency of their labels still fits the biases.
    no_scores = np.zeros((len(examples.answers), len(examples.labels)))
    return replace(found, left_out=[no_scores], shares=np.ones(1))


def _join_external(
    own: Matrix, external: ExternalScores | None, examples: LabelledExamples, multimodal: bool
) -> tuple[Mixture | None, Matrix, NDArray[np.bool_]]:
    """(mixture of own and external, (n, labels) log-odds, (n,) mask of examples for calibration).

    Calibration uses the examples that the external model was not trained on, or all if these are too few.
    """
    if external is None:
        return None, own, np.ones(len(own), bool)
    share = network_share(len(own), multimodal) if external.share is None else external.share
    joined = _fit_joint_mixture(own, external.scores, examples.answers, examples.weights, share)
    unseen = ~np.isnan(external.scores[:, 0])
    both = joined.logits([centre_rows(own), centre_rows(np.nan_to_num(external.scores))])
    calibrating = unseen if unseen.sum() >= MIN_CONFORMAL_EXAMPLES else np.ones_like(unseen)
    return joined, np.where(unseen[:, None], both, own), calibrating


def silence_all_but_memory(found: FittedExperts) -> FittedExperts:
    """Set the scale and share of every expert except the memory to zero."""
    kept = np.array([1.0 if name == "memory" else 0.0 for name in found.experts.names])
    left_out = [score * factor for score, factor in zip(found.left_out, kept, strict=True)]
    experts = replace(found.experts, scales=found.experts.scales * kept)
    return FittedExperts(experts, left_out, kept / max(kept.sum(), 1.0))


def _fit_joint_mixture(own: Matrix, external: Matrix, answers: np.ndarray, weights: Matrix, share: float) -> Mixture:
    unseen = ~np.isnan(external[:, 0])
    shares = (1.0 - share, share)
    if unseen.sum() < MIN_UNSEEN_TO_JOIN:
        return Mixture(JOINT_PRIOR.sharpness * np.array(shares), np.zeros(own.shape[1]))
    scores = [centre_rows(own)[unseen], centre_rows(external[unseen])]
    return fit_mixture(HeldOutScores(scores, answers[unseen], weights[unseen]), MixturePrior(shares, JOINT_PRIOR))


def _softmax(logits: Matrix) -> Matrix:
    shifted = np.exp(logits - logits.max(1, keepdims=True))
    return shifted / shifted.sum(1, keepdims=True)
