"""The experts of one family: kernel views, forest, memory. Each comes with scores on examples that it did not see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dukemm.learn import discriminant
from dukemm.learn.dense import DenseTable
from dukemm.learn.discriminant import Discriminant, fit_discriminant
from dukemm.learn.forest import TREES, Forest, grow, left_out
from dukemm.learn.joint import Joint, fit_joint
from dukemm.learn.logistic import Logistic, fit_logistic
from dukemm.learn.memory import Memory, fit_memory
from dukemm.task.blocks import Arrays, AttributeBlock, Encoded, Matrix, WordBlock
from dukemm.task.gaussian import LinearBlock, NumberBlock
from dukemm.task.once import once
from dukemm.task.views import LEAST_SKILL, MOST_LINEAR, FittedBlock, TableScore, fit_views

#: Fewer examples grow no forest: of tables, and of texts, images and sounds, of which trees see the main directions only.
FEWEST_FOR_TREES, FEWEST_FOR_TREES_OF_MEANINGS = 16, 100
FEWEST_FOR_MEMORY, FEWEST_FOR_JOINT = 60, 24
#: What an expert's skill is worth in the prior of the mixture: a memory says little that the views do not, and a forest is
#: the best there is for a table and the worst for texts.
PRIOR = {"view": 1.0, "joint": 3.0, "density": 3.0, "logistic": 1.0, "forest": 2.0, "memory": 0.3}
FOREST_OF_MEANINGS, FOREST_OF_AMOUNTS = 0.3, 1.0
#: Added to a share of votes before its logarithm is taken.
FLOOR = 0.01
VIEW, JOINT, DENSITY, LOGISTIC, FOREST, MEMORY = "view", "joint", "density", "logistic", "forest", "memory"


@dataclass(frozen=True)
class Experts:
    """Fitted experts in the order of their scores: every view, all modalities together, the forest, the memory."""

    views: tuple[FittedBlock, ...]
    joint: Joint | None
    density: Discriminant | None
    logistic: Logistic | None
    dense: DenseTable | None
    forest: Forest | None
    memory: Memory | None
    #: Share of each view in the similarity that the memory goes by.
    closeness: Matrix
    #: (experts,) that bring scores to a spread of one; means that are taken off first, for numbers.
    scales: Matrix
    labels: int

    @property
    def names(self) -> list[str]:
        """One an expert."""
        return (
            [VIEW] * len(self.views)
            + [JOINT] * (self.joint is not None)
            + [DENSITY] * (self.density is not None)
            + [LOGISTIC] * (self.logistic is not None)
            + [FOREST] * (self.forest is not None)
            + [MEMORY] * (self.memory is not None)
        )

    @once
    def scores(self, items: Sequence[Encoded]) -> tuple[list[Matrix], Matrix]:
        """(m, outputs) of each expert, of a spread of about one, and (m, n) similarities with the examples."""
        kernels = [fitted.block.compare(items, fitted.width) for fitted in self.views]
        found = [fitted.of_kernel(kernel) for fitted, kernel in zip(self.views, kernels, strict=True)]
        similarities = _joint(kernels, self.closeness) if self.joint is None else self.joint.similarities(kernels)
        if self.joint is not None:
            found.append(self.joint.scores(similarities))
        for table in self.tables():
            found.append(table.of_rows(table.block.standardise(table.block.table(items))))
        if self.forest is not None and self.dense is not None:
            found.append(self._comparable(self.forest.predict(self.dense.rows(items))))
        if self.memory is not None:
            found.append(self._comparable(self.memory.votes(similarities)))
        return [score * scale for score, scale in zip(found, self.scales, strict=True)], similarities

    def tables(self) -> list[TableScore]:
        """The density and the logistic regression, where there are such, as functions of standardised rows."""
        block = _numbers(self.views)
        found = [expert for expert in (self.density, self.logistic) if expert is not None]
        return [TableScore(block, partial(_log_shares, expert)) for expert in found if block is not None]

    def _comparable(self, predictions: Matrix) -> Matrix:
        return comparable(predictions) if self.labels else predictions

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """What an artifact keeps."""
        spec: dict[str, Any] = {
            "views": [],
            "labels": self.labels,
            "scales": self.scales.tolist(),
            "closeness": self.closeness.tolist(),
        }
        arrays: Arrays = {}
        for i, fitted in enumerate(self.views):
            view, own = fitted.pack()
            spec["views"].append(view)
            arrays |= {f"view.{i}.{name}": array for name, array in own.items()}
        if self.density is not None:
            spec["density"], own = self.density.pack()
            arrays |= {f"density.{name}": array for name, array in own.items()}
        if self.logistic is not None:
            spec["logistic"] = True
            arrays |= {f"logistic.{name}": array for name, array in self.logistic.pack().items()}
        if self.dense is not None and self.forest is not None:
            spec["dense"], own = self.dense.pack()
            arrays |= {f"dense.{name}": array for name, array in own.items()}
            arrays |= {f"forest.{name}": array for name, array in self.forest.pack().items()}
        if self.joint is not None:
            spec["joint"], own = self.joint.pack()
            arrays |= {f"joint.{name}": array for name, array in own.items()}
        if self.memory is not None:
            spec["memory"] = {"neighbours": self.memory.neighbours, "temperature": self.memory.temperature}
            arrays |= {"memory.weights": self.memory.weights, "memory.answers": self.memory.answers.astype(np.float32)}
        return spec, arrays

    @staticmethod
    def unpack(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> "Experts":
        """The experts that `pack` was called on."""
        views = tuple(FittedBlock.unpack(view, below(arrays, f"view.{i}.")) for i, view in enumerate(spec["views"]))
        dense = DenseTable.unpack(spec["dense"], below(arrays, "dense."), _words(views)) if "dense" in spec else None
        forest = Forest.unpack(below(arrays, "forest.")) if "dense" in spec else None
        joint = Joint.unpack(spec["joint"], below(arrays, "joint.")) if "joint" in spec else None
        density = Discriminant.unpack(spec["density"], below(arrays, "density.")) if "density" in spec else None
        logistic = Logistic.unpack(below(arrays, "logistic.")) if "logistic" in spec else None
        memory = None
        if "memory" in spec:
            kept = arrays["memory.weights"], arrays["memory.answers"].astype(np.float64)
            memory = Memory(spec["memory"]["neighbours"], spec["memory"]["temperature"], *kept)
        closeness, scales = np.array(spec["closeness"]), np.array(spec["scales"])
        return Experts(views, joint, density, logistic, dense, forest, memory, closeness, scales, spec["labels"])


@dataclass(frozen=True)
class FittedExperts:
    """Experts with what they said of the examples without having seen them, and what each is worth by its skill."""

    experts: Experts
    left_out: list[Matrix]
    shares: Matrix


def fit_experts(
    examples: Sequence[Encoded],
    answers: NDArray[Any],
    labels: int,
    weights: Matrix,
    balance: Matrix,
    folds: NDArray[np.int64],
    penalties: Sequence[float],
    seed: int,
) -> FittedExperts:
    """Fit all to places of labels, or with `labels` 0 to standardised numbers, (n,).

    `weights` (n,) say how sure each answer is, `balance` (n,) how much it counts for the views, where labels count alike.
    """
    targets = np.where(answers[:, None] == np.arange(labels), 1.0, -1.0) if labels else answers[:, None].astype(np.float64)
    counted = np.maximum(weights * balance, 1e-3)
    fitted = fit_views(examples, targets, counted, penalties)
    views = tuple(replace(view, factor=1.0) for view in fitted.blocks)
    scores = [view.ridge.left_out for view in views]
    skills = [_skill(targets, score, counted) for score in scores]
    own = list(skills)
    joint = fit_joint(views, own, targets, counted, penalties) if len(examples) >= FEWEST_FOR_JOINT else None
    if joint is not None:
        scores.append(joint.ridge.left_out)
        skills.append(_skill(targets, joint.ridge.left_out, counted))
    dense, forest = None, None
    tabular = all(isinstance(view.block, NumberBlock | AttributeBlock) for view in views)
    density, logistic, block = None, None, _numbers(views)
    if tabular and block is not None and len(examples) >= FEWEST_FOR_TREES and discriminant.fits(block.fields, labels):
        rows = block.examples
        density, said = fit_discriminant(rows, answers, counted, labels)
        skills.append(_skill(targets, 2 * np.exp(said) - 1, counted))
        scores.append(comparable(np.exp(said)))
        if len(examples) <= MOST_LINEAR:
            logistic, said = fit_logistic(rows, answers, counted, labels, folds)
            skills.append(_skill(targets, 2 * np.exp(said) - 1, counted))
            scores.append(comparable(np.exp(said)))
    if len(examples) >= (FEWEST_FOR_TREES if tabular or joint is not None else FEWEST_FOR_TREES_OF_MEANINGS):
        dense = DenseTable.fit(examples, _words(views))
        rows = dense.rows(examples)
        if dense.width:
            forest = grow(rows, answers.astype(np.float64), weights, labels, TREES, seed)
            guesses = left_out(rows, answers.astype(np.float64), weights, labels, folds, seed)
            skills.append(_skill(targets, 2 * guesses - 1 if labels else guesses, counted))
            scores.append(comparable(guesses) if labels else guesses)
        else:
            dense = None
    closeness = np.array(own) / max(sum(own), 1e-9)
    memory = None
    if len(examples) >= FEWEST_FOR_MEMORY and views:
        grams = [view.block.gram(view.width) for view in views]
        gram = _joint(grams, closeness) if joint is None else joint.similarities(grams)
        memory, votes = fit_memory(gram, (targets + 1) / 2 if labels else targets, weights)
        skills.append(_skill(targets, 2 * votes - 1 if labels else votes, counted))
        scores.append(comparable(votes) if labels else votes)
    scales = np.array([1.0 / max(float(score.std()), 1e-6) if labels else 1.0 for score in scores])
    experts = Experts(views, joint, density, logistic, dense, forest, memory, closeness, scales, labels)
    # Where labels have fewer than eight examples each, trees lead (letters, 100 examples of 26: 47 to 44 %), and a fold
    # takes more from a forest than one left-out example does from a kernel.
    rare = 1.0 + 6.0 * max(0.0, 1.0 - len(examples) / (8.0 * max(labels, 1)))
    mixed = joint is not None
    trees = FOREST_OF_MEANINGS if not (tabular or mixed) else PRIOR[FOREST] * rare if labels else FOREST_OF_AMOUNTS
    prior = {**PRIOR, FOREST: trees}
    believed = np.array([prior[name] * skill for name, skill in zip(experts.names, skills, strict=True)])
    shares = believed / max(believed.sum(), 1e-9)
    return FittedExperts(experts, [score * scale for score, scale in zip(scores, scales, strict=True)], shares)


def comparable(shares: Matrix) -> Matrix:
    """Logarithms of shares of votes, mean zero a row."""
    logs = np.log(shares + FLOOR)
    return logs - logs.mean(1, keepdims=True)


def _log_shares(expert: Discriminant | Logistic, rows: Matrix) -> Matrix:
    return comparable(np.exp(expert.log_probabilities(rows)))


def below(arrays: Mapping[str, np.ndarray], prefix: str) -> Arrays:
    """Those whose name begins so, without the beginning."""
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _skill(targets: Matrix, score: Matrix, weights: Matrix) -> float:
    """√(1 − squared error / variance): what a share is proportional to (see task/views.py)."""
    variance = float((weights[:, None] * (targets - targets.mean(0)) ** 2).mean())
    error = float((weights[:, None] * (score - targets) ** 2).mean())
    return max(1.0 - error / max(variance, 1e-12), LEAST_SKILL) ** 0.5


def _joint(kernels: Sequence[Matrix], closeness: Matrix) -> Matrix:
    if not kernels:
        return np.zeros((0, 0))
    return sum((share * kernel for share, kernel in zip(closeness, kernels, strict=True)), np.zeros_like(kernels[0]))


def _words(views: Sequence[FittedBlock]) -> WordBlock | None:
    return next((view.block for view in views if isinstance(view.block, WordBlock)), None)


def _numbers(views: Sequence[FittedBlock]) -> NumberBlock | None:
    blocks = (view.block for view in views)
    return next((b for b in blocks if isinstance(b, NumberBlock) and not isinstance(b, LinearBlock)), None)
