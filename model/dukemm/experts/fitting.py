"""Fits the experts of a family, each with what it says of the examples without having seen them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dukemm.domain.arrays import Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.experts import discriminant
from dukemm.experts.discriminant import Discriminant, fit_discriminant
from dukemm.experts.expert_set import FOREST, Experts, comparable, number_block, similarity_of, word_block
from dukemm.experts.forest import TREES, Forest, grow, left_out
from dukemm.experts.gaussian_kernels import NumberBlock
from dukemm.experts.joint import Joint, fit_joint
from dukemm.experts.logistic import Logistic, fit_logistic
from dukemm.experts.memory import Memory, fit_memory
from dukemm.experts.ridge import balanced_weights
from dukemm.experts.views import LEAST_SKILL, MOST_LINEAR, FittedBlock, fit_views
from dukemm.features.columns import Z_SCORE_CLIP, categories_of
from dukemm.features.dense import DenseTable

#: Fewer examples grow no forest: of tables, and of texts, images and sounds, of which trees see the main directions only.
FEWEST_FOR_TREES, FEWEST_FOR_TREES_OF_MEANINGS = 16, 100
FEWEST_FOR_MEMORY, FEWEST_FOR_JOINT = 60, 24
#: What an expert's skill is worth in the prior of the mixture: a memory says little that the views do not, and a forest is
#: the best there is for the labels of a table, no more than another for its amounts, and the worst for texts.
PRIOR = {"view": 1.0, "joint": 3.0, "density": 3.0, "logistic": 1.0, "forest": 2.0, "memory": 0.3}
FOREST_OF_MEANINGS, FOREST_OF_AMOUNTS = 0.3, 1.0
#: Examples of each label that a table's rows are taken to have been added to when labels are weighed: where they are few,
#: labels count alike, where they are many as often as they are met. Texts, images and sounds: always alike.
LABEL_FREQUENCY_SMOOTHING = 10.0
#: Where labels have fewer examples each than RARE, trees lead (letters, 100 examples of 26: 47 to 44 %), and a fold takes
#: more from a forest than one left-out example does from a kernel: up to so much more is expected of it.
RARE, RARELY = 8.0, 6.0


@dataclass(frozen=True)
class FittedExperts:
    """Experts with what they said of the examples without having seen them, and what each is worth by its skill."""

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
    #: (n,) how sure each answer is, 0..1.
    weights: Matrix


def fit_experts(examples: AnsweredItems, folds: NDArray[np.int64], penalties: Sequence[float], seed: int) -> FittedExperts:
    """Fit every expert that the examples are enough for.

    `folds` (n,) divide the examples where leaving one out has no closed form; `penalties`: see fit_ridge.
    """
    items, answers, labels, weights = examples.items, examples.answers, examples.labels, examples.weights
    tabular = not any(item.views.text or item.media for item in items) or bool(categories_of(items))
    balance = (
        balanced_weights(answers, labels, LABEL_FREQUENCY_SMOOTHING if tabular else None)
        if labels
        else np.ones(len(answers))
    )
    lesson = _Lesson(items, answers, labels, weights, np.maximum(weights * balance, 1e-3), folds, seed)
    # In the order of Experts.names.
    views = lesson.views(penalties)
    own = list(lesson.skills)
    joint = lesson.joint(views, penalties)
    density, logistic = lesson.table(number_block(views)) if tabular else (None, None)
    of_rows = tabular or joint is not None
    dense, forest = lesson.forest(views, FEWEST_FOR_TREES if of_rows else FEWEST_FOR_TREES_OF_MEANINGS)
    closeness = np.array(own) / max(sum(own), 1e-9)
    memory = lesson.memory(views, joint, closeness)
    scales = np.array([1.0 / max(float(score.std()), 1e-6) if labels else 1.0 for score in lesson.scores])
    experts = Experts(views, joint, density, logistic, dense, forest, memory, closeness, scales, labels)
    prior = {**PRIOR, FOREST: _worth_of_forest(len(items), labels, of_rows)}
    believed = np.array([prior[name] * skill for name, skill in zip(experts.names, lesson.skills, strict=True)])
    scores = [score * scale for score, scale in zip(lesson.scores, scales, strict=True)]
    shares = believed / max(believed.sum(), 1e-9)
    return FittedExperts(experts, scores, shares)


def _worth_of_forest(examples: int, labels: int, of_rows: bool) -> float:
    if not of_rows:
        return FOREST_OF_MEANINGS
    if not labels:
        return FOREST_OF_AMOUNTS
    return PRIOR[FOREST] * (1.0 + RARELY * max(0.0, 1.0 - examples / (RARE * labels)))


@dataclass
class _Lesson:
    """Examples to learn from; collects each expert's left-out scores and skill in the order in which they are fitted."""

    examples: Sequence[EncodedItem]
    answers: NDArray[Any]
    labels: int
    weights: Matrix
    #: (n,) weights, labels balanced.
    counted: Matrix
    folds: NDArray[np.int64]
    seed: int
    scores: list[Matrix] = field(default_factory=list)
    skills: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.targets = (
            np.where(self.answers[:, None] == np.arange(self.labels), 1.0, -1.0)
            if self.labels
            else self.answers[:, None].astype(np.float64)
        )

    def views(self, penalties: Sequence[float]) -> tuple[FittedBlock, ...]:
        """Every kernel view by itself."""
        z_score_clip = Z_SCORE_CLIP if self.labels else None
        fitted = fit_views(self.examples, self.targets, self.counted, penalties, z_score_clip)
        for block in fitted.blocks:
            self._heard(block.ridge.left_out)
        return tuple(replace(view, factor=1.0) for view in fitted.blocks)

    def joint(self, views: Sequence[FittedBlock], penalties: Sequence[float]) -> Joint | None:
        """The product of the views' kernels, where there are several modalities."""
        if len(self.examples) < FEWEST_FOR_JOINT:
            return None
        joint = fit_joint(views, self.skills, self.targets, self.counted, penalties)
        if joint is not None:
            self._heard(joint.ridge.left_out)
        return joint

    def table(self, block: NumberBlock | None) -> tuple[Discriminant | None, Logistic | None]:
        """The density of each label, and a straight line between them."""
        enough = len(self.examples) >= FEWEST_FOR_TREES
        if block is None or not enough or not discriminant.fits(block.columns, self.labels):
            return None, None
        density, said = fit_discriminant(block.examples, self.answers, self.counted, self.labels)
        self._voted(np.exp(said))
        if len(self.examples) > MOST_LINEAR:
            return density, None
        logistic, said = fit_logistic(block.examples, self.answers, self.counted, self.labels, self.folds)
        self._voted(np.exp(said))
        return density, logistic

    def forest(self, views: Sequence[FittedBlock], fewest: int) -> tuple[DenseTable | None, Forest | None]:
        """Trees over one dense row an item."""
        if len(self.examples) < fewest:
            return None, None
        dense = DenseTable.fit(self.examples, word_block(views))
        if not dense.width:
            return None, None
        rows, answers = dense.rows(self.examples), self.answers.astype(np.float64)
        forest = grow(rows, answers, self.weights, self.labels, TREES, self.seed)
        self._voted(left_out(rows, answers, self.weights, self.labels, self.folds, self.seed))
        return dense, forest

    def memory(self, views: Sequence[FittedBlock], joint: Joint | None, closeness: Matrix) -> Memory | None:
        """The nearest examples by all views together."""
        if len(self.examples) < FEWEST_FOR_MEMORY or not views:
            return None
        grams = [view.block.gram(view.width) for view in views]
        gram = similarity_of(grams, closeness) if joint is None else joint.similarities(grams)
        memory, votes = fit_memory(gram, (self.targets + 1) / 2 if self.labels else self.targets, self.weights)
        self._voted(votes)
        return memory

    def _heard(self, score: Matrix) -> None:
        self.scores.append(score)
        self.skills.append(self._skill(score))

    def _voted(self, votes: Matrix) -> None:
        """Shares of the labels, (n, labels), or numbers, (n, 1)."""
        self.scores.append(comparable(votes) if self.labels else votes)
        self.skills.append(self._skill(2 * votes - 1 if self.labels else votes))

    def _skill(self, score: Matrix) -> float:
        """√(1 − squared error / variance): what a share is proportional to (see experts/views.py)."""
        variance = float((self.counted[:, None] * (self.targets - self.targets.mean(0)) ** 2).mean())
        error = float((self.counted[:, None] * (score - self.targets) ** 2).mean())
        return max(1.0 - error / max(variance, 1e-12), LEAST_SKILL) ** 0.5
