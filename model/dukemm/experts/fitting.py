"""Fits the experts of a family, with held-out scores of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dukemm.domain.arrays import Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.experts import discriminant
from dukemm.experts.discriminant import Discriminant, fit_discriminant
from dukemm.experts.expert_set import FOREST, Experts, log_vote_shares, number_block, weighted_similarity, word_block
from dukemm.experts.forest import TREES, Forest, grow, predict_left_out
from dukemm.experts.gaussian_kernels import NumberBlock
from dukemm.experts.joint import Joint, fit_joint
from dukemm.experts.logistic import Logistic, fit_logistic
from dukemm.experts.memory import Memory, fit_memory
from dukemm.experts.ridge import balanced_weights
from dukemm.experts.views import MAX_LINEAR_EXAMPLES, MIN_SKILL, FittedBlock, fit_views
from dukemm.features.columns import Z_SCORE_CLIP, frequent_categories
from dukemm.features.dense import MAX_COMPONENTS, MAX_TABLE_COMPONENTS, DenseTable
from dukemm.features.table_schema import TableSchema

#: Fewest examples for a forest: of tables, and of embedded content, where trees see only principal components.
MIN_FOREST_EXAMPLES, MIN_FOREST_EXAMPLES_EMBEDDED = 16, 100
MIN_MEMORY_EXAMPLES, MIN_JOINT_EXAMPLES = 60, 24
#: Factor on an expert's skill in the mixture prior. A memory adds little to the views; a forest is the best expert for
#: labels of a table, no better than others for its numbers, and the worst for texts.
SKILL_FACTORS = {"view": 1.0, "joint": 3.0, "density": 3.0, "logistic": 1.0, "forest": 2.0, "memory": 0.3}
EMBEDDED_FOREST_FACTOR, REGRESSION_FOREST_FACTOR = 0.3, 1.0
#: Additive smoothing of label frequencies in tables, in examples per label: with few examples labels have equal weight,
#: with many they are weighted by frequency. For texts, images and sounds weights are always equal.
LABEL_FREQUENCY_SMOOTHING = 10.0
#: A forest's factor grows by up to RARE_LABEL_BONUS as the examples per label fall below FEW_EXAMPLES_PER_LABEL: trees lead
#: there (letters, 100 examples of 26 labels: 47 to 44 %), and a fold costs a forest more than leave-one-out costs a kernel.
FEW_EXAMPLES_PER_LABEL, RARE_LABEL_BONUS = 8.0, 6.0


@dataclass(frozen=True)
class FittedExperts:
    """Experts with their scores of held-out examples, (n, outputs) each, and shares by skill, (experts,)."""

    experts: Experts
    left_out: list[Matrix]
    shares: Matrix
    #: Prior standard deviation of the shares in a mixture; None: that of the mixture.
    share_std: float | None = None


@dataclass(frozen=True)
class AnsweredItems:
    """n items with their answers, to fit experts to."""

    items: Sequence[EncodedItem]
    #: (n,) index of each item's label; with `labels` 0, (n,) standardised numbers.
    answers: NDArray[Any]
    labels: int
    #: (n,) trust in each answer, 0..1.
    weights: Matrix


def fit_experts(examples: AnsweredItems, folds: NDArray[np.int64], penalties: Sequence[float], seed: int) -> FittedExperts:
    """Fit every expert for which there are enough examples.

    `folds` (n,): for experts without closed-form leave-one-out. `penalties`: see fit_ridge.
    """
    answers, labels, weights = examples.answers, examples.labels, examples.weights
    schema = TableSchema.fit(examples.items, labels)
    items = examples.items if schema is None else schema.read(examples.items)
    media = any(item.media for item in items)
    tabular = not media and (
        schema is not None or not any(item.views.text for item in items) or bool(frequent_categories(items))
    )
    balance = (
        balanced_weights(answers, labels, LABEL_FREQUENCY_SMOOTHING if tabular else None)
        if labels
        else np.ones(len(answers))
    )
    fitting = _ExpertFitting(items, answers, labels, weights, np.maximum(weights * balance, 1e-3), folds, seed, tabular)
    # In the order of Experts.names.
    views = fitting.views(penalties)
    view_skills = list(fitting.skills)
    joint = fitting.joint(views, penalties)
    density, logistic = fitting.table(number_block(views)) if tabular else (None, None)
    row_based = tabular or joint is not None
    dense, forest = fitting.forest(views, MIN_FOREST_EXAMPLES if row_based else MIN_FOREST_EXAMPLES_EMBEDDED)
    similarity_shares = np.array(view_skills) / max(sum(view_skills), 1e-9)
    memory = fitting.memory(views, joint, similarity_shares)
    scales = np.array([1.0 / max(float(score.std()), 1e-6) if labels else 1.0 for score in fitting.scores])
    experts = Experts(views, joint, density, logistic, dense, forest, memory, similarity_shares, scales, labels, schema)
    factors = {**SKILL_FACTORS, FOREST: _forest_factor(len(items), labels, row_based)}
    prior_shares = np.array([factors[name] * skill for name, skill in zip(experts.names, fitting.skills, strict=True)])
    scores = [score * scale for score, scale in zip(fitting.scores, scales, strict=True)]
    shares = prior_shares / max(prior_shares.sum(), 1e-9)
    return FittedExperts(experts, scores, shares)


def predict_left_out_by_views(items: Sequence[EncodedItem], targets: Matrix, penalties: Sequence[float]) -> Matrix:
    """(n,) leave-one-out predictions of the kernel views, weighted by skill: a fast estimate of learnability."""
    schema = TableSchema.fit(items, 0)
    read = items if schema is None else schema.read(items)
    fitted = fit_views(read, targets[:, None], np.ones(len(targets)), penalties)
    skills = np.array(
        [max(1.0 - float(((b.ridge.left_out[:, 0] - targets) ** 2).mean()), MIN_SKILL) for b in fitted.blocks]
    )
    weights = skills**4 / max(float((skills**4).sum()), 1e-12)
    return sum((w * b.ridge.left_out[:, 0] for w, b in zip(weights, fitted.blocks, strict=True)), np.zeros(len(targets)))


def _forest_factor(examples: int, labels: int, row_based: bool) -> float:
    if not row_based:
        return EMBEDDED_FOREST_FACTOR
    if not labels:
        return REGRESSION_FOREST_FACTOR
    return SKILL_FACTORS[FOREST] * (1.0 + RARE_LABEL_BONUS * max(0.0, 1.0 - examples / (FEW_EXAMPLES_PER_LABEL * labels)))


@dataclass
class _ExpertFitting:
    """Training examples; collects the left-out scores and skill of each expert in the order of fitting."""

    examples: Sequence[EncodedItem]
    answers: NDArray[Any]
    labels: int
    weights: Matrix
    #: (n,) weights with labels balanced.
    balanced_weights: Matrix
    folds: NDArray[np.int64]
    seed: int
    #: Whether the items are rows of a table.
    tabular: bool
    scores: list[Matrix] = field(default_factory=list)
    skills: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.targets = (
            np.where(self.answers[:, None] == np.arange(self.labels), 1.0, -1.0)
            if self.labels
            else self.answers[:, None].astype(np.float64)
        )

    def views(self, penalties: Sequence[float]) -> tuple[FittedBlock, ...]:
        """Fit each kernel view separately."""
        z_score_clip = Z_SCORE_CLIP if self.labels else None
        fitted = fit_views(self.examples, self.targets, self.balanced_weights, penalties, z_score_clip)
        for block in fitted.blocks:
            self._add_scores(block.ridge.left_out)
        return tuple(replace(view, factor=1.0) for view in fitted.blocks)

    def joint(self, views: Sequence[FittedBlock], penalties: Sequence[float]) -> Joint | None:
        """Fit the product of the views' kernels; None with one modality."""
        if len(self.examples) < MIN_JOINT_EXAMPLES:
            return None
        joint = fit_joint(views, self.skills, self.targets, self.balanced_weights, penalties)
        if joint is not None:
            self._add_scores(joint.ridge.left_out)
        return joint

    def table(self, block: NumberBlock | None) -> tuple[Discriminant | None, Logistic | None]:
        """Fit the label densities and the logistic regression of a table."""
        enough = len(self.examples) >= MIN_FOREST_EXAMPLES
        if block is None or not enough or not discriminant.accepts(block.columns, self.labels):
            return None, None
        density, log_probabilities = fit_discriminant(block.examples, self.answers, self.balanced_weights, self.labels)
        self._add_votes(np.exp(log_probabilities))
        if len(self.examples) > MAX_LINEAR_EXAMPLES:
            return density, None
        logistic, log_probabilities = fit_logistic(
            block.examples, self.answers, self.balanced_weights, self.labels, self.folds
        )
        self._add_votes(np.exp(log_probabilities))
        return density, logistic

    def forest(self, views: Sequence[FittedBlock], min_examples: int) -> tuple[DenseTable | None, Forest | None]:
        """Fit trees over dense rows."""
        if len(self.examples) < min_examples:
            return None, None
        dense = DenseTable.fit(self.examples, word_block(views), MAX_TABLE_COMPONENTS if self.tabular else MAX_COMPONENTS)
        if not dense.width:
            return None, None
        rows, answers = dense.rows(self.examples), self.answers.astype(np.float64)
        forest = grow(rows, answers, self.weights, self.labels, TREES, self.seed, self.tabular)
        self._add_votes(predict_left_out(rows, answers, self.weights, self.labels, self.folds, self.seed, self.tabular))
        return dense, forest

    def memory(self, views: Sequence[FittedBlock], joint: Joint | None, similarity_shares: Matrix) -> Memory | None:
        """Fit the kNN memory over all views."""
        if len(self.examples) < MIN_MEMORY_EXAMPLES or not views:
            return None
        grams = [view.block.gram(view.width) for view in views]
        gram = weighted_similarity(grams, similarity_shares) if joint is None else joint.similarities(grams)
        memory, votes = fit_memory(gram, (self.targets + 1) / 2 if self.labels else self.targets, self.weights)
        self._add_votes(votes)
        return memory

    def _add_scores(self, score: Matrix) -> None:
        self.scores.append(score)
        self.skills.append(self._skill(score))

    def _add_votes(self, votes: Matrix) -> None:
        """Record (n, labels) vote shares or (n, 1) predictions."""
        self.scores.append(log_vote_shares(votes) if self.labels else votes)
        self.skills.append(self._skill(2 * votes - 1 if self.labels else votes))

    def _skill(self, score: Matrix) -> float:
        """√(1 − squared error / variance), to which a prior share is proportional; see experts/views.py."""
        variance = float((self.balanced_weights[:, None] * (self.targets - self.targets.mean(0)) ** 2).mean())
        error = float((self.balanced_weights[:, None] * (score - self.targets) ** 2).mean())
        return max(1.0 - error / max(variance, 1e-12), MIN_SKILL) ** 0.5
