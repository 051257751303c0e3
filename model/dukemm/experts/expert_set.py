"""Fitted experts of a family: kernel views, joint kernel, densities, logistic regression, forest, memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from dukemm.domain.arrays import Arrays, Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.experts.discriminant import Discriminant
from dukemm.experts.forest import Forest
from dukemm.experts.gaussian_kernels import LinearBlock, NumberBlock
from dukemm.experts.joint import Joint
from dukemm.experts.kernels import WordBlock
from dukemm.experts.logistic import Logistic
from dukemm.experts.memory import Memory
from dukemm.experts.views import FittedBlock, TableScore
from dukemm.features.dense import DenseTable
from dukemm.features.request_cache import cached_per_request
from dukemm.features.table_schema import TableSchema

#: Added to vote shares before taking logarithms.
VOTE_SHARE_FLOOR = 0.01
VIEW, JOINT, DENSITY, LOGISTIC, FOREST, MEMORY = "view", "joint", "density", "logistic", "forest", "memory"


@dataclass(frozen=True)
class Experts:
    """Fitted experts.

    Scores are ordered as in `names`: views, joint kernel, density, logistic regression, forest, memory.
    """

    views: tuple[FittedBlock, ...]
    joint: Joint | None
    density: Discriminant | None
    logistic: Logistic | None
    dense: DenseTable | None
    forest: Forest | None
    memory: Memory | None
    #: (views,) weight of each view in the similarity used by the memory.
    similarity_shares: Matrix
    #: (experts,) factors that scale scores to a standard deviation of one; ones for regression.
    scales: Matrix
    #: Number of labels; 0 for regression.
    labels: int
    #: Schema of a table's columns; None if items are used unconverted.
    schema: TableSchema | None = None

    @property
    def names(self) -> list[str]:
        """(experts,) kind of each expert."""
        return (
            [VIEW] * len(self.views)
            + [JOINT] * (self.joint is not None)
            + [DENSITY] * (self.density is not None)
            + [LOGISTIC] * (self.logistic is not None)
            + [FOREST] * (self.forest is not None)
            + [MEMORY] * (self.memory is not None)
        )

    def read(self, items: Sequence[EncodedItem]) -> Sequence[EncodedItem]:
        """Apply the table's schema, if there is one."""
        return items if self.schema is None else self.schema.read(items)

    @cached_per_request
    def scores(self, items: Sequence[EncodedItem]) -> tuple[list[Matrix], Matrix]:
        """Scores of each expert, (m, outputs) with unit standard deviation, and (m, n) similarities to the examples."""
        items = self.read(items)
        kernels = [fitted.block.compare(items, fitted.width) for fitted in self.views]
        scores = [fitted.score_kernel(kernel) for fitted, kernel in zip(self.views, kernels, strict=True)]
        similarities = (
            weighted_similarity(kernels, self.similarity_shares) if self.joint is None else self.joint.similarities(kernels)
        )
        if self.joint is not None:
            scores.append(self.joint.scores(similarities))
        for table in self.tables():
            scores.append(table.score_rows(table.block.standardise(table.block.table(items))))
        if self.forest is not None and self.dense is not None:
            scores.append(self._scores_of_votes(self.forest.predict(self.dense.rows(items))))
        if self.memory is not None:
            scores.append(self._scores_of_votes(self.memory.votes(similarities)))
        return [score * scale for score, scale in zip(scores, self.scales, strict=True)], similarities

    def tables(self) -> list[TableScore]:
        """The fitted density and logistic regression as functions of standardised rows."""
        block = number_block(self.views)
        experts = [expert for expert in (self.density, self.logistic) if expert is not None]
        return [TableScore(block, partial(_score_rows, expert)) for expert in experts if block is not None]

    def _scores_of_votes(self, predictions: Matrix) -> Matrix:
        return log_vote_shares(predictions) if self.labels else predictions

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """JSON spec and arrays for the artifact."""
        spec: dict[str, Any] = {
            "views": [],
            "labels": self.labels,
            "scales": self.scales.tolist(),
            "closeness": self.similarity_shares.tolist(),
        }
        if self.schema is not None:
            spec["schema"] = self.schema.pack()
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
        """The inverse of `pack`."""
        views = tuple(FittedBlock.unpack(view, strip_prefix(arrays, f"view.{i}.")) for i, view in enumerate(spec["views"]))
        dense = (
            DenseTable.unpack(spec["dense"], strip_prefix(arrays, "dense."), word_block(views)) if "dense" in spec else None
        )
        forest = Forest.unpack(strip_prefix(arrays, "forest.")) if "dense" in spec else None
        joint = Joint.unpack(spec["joint"], strip_prefix(arrays, "joint.")) if "joint" in spec else None
        density = Discriminant.unpack(spec["density"], strip_prefix(arrays, "density.")) if "density" in spec else None
        logistic = Logistic.unpack(strip_prefix(arrays, "logistic.")) if "logistic" in spec else None
        memory = None
        if "memory" in spec:
            examples = arrays["memory.weights"], arrays["memory.answers"].astype(np.float64)
            memory = Memory(spec["memory"]["neighbours"], spec["memory"]["temperature"], *examples)
        similarity_shares, scales = np.array(spec["closeness"]), np.array(spec["scales"])
        schema = TableSchema.unpack(spec["schema"]) if "schema" in spec else None
        return Experts(
            views, joint, density, logistic, dense, forest, memory, similarity_shares, scales, spec["labels"], schema
        )


def log_vote_shares(shares: Matrix) -> Matrix:
    """Log vote shares, centred per row."""
    logs = np.log(shares + VOTE_SHARE_FLOOR)
    return logs - logs.mean(1, keepdims=True)


def _score_rows(expert: Discriminant | Logistic, rows: Matrix) -> Matrix:
    return log_vote_shares(np.exp(expert.log_probabilities(rows)))


def strip_prefix(arrays: Mapping[str, np.ndarray], prefix: str) -> Arrays:
    """The arrays whose names start with `prefix`, without it."""
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def weighted_similarity(kernels: Sequence[Matrix], similarity_shares: Matrix) -> Matrix:
    """(m, n) weighted sum of the views' kernels, (m, n) each."""
    if not kernels:
        return np.zeros((0, 0))
    return sum(
        (share * kernel for share, kernel in zip(similarity_shares, kernels, strict=True)), np.zeros_like(kernels[0])
    )


def word_block(views: Sequence[FittedBlock]) -> WordBlock | None:
    """The word kernel, if there is one."""
    return next((view.block for view in views if isinstance(view.block, WordBlock)), None)


def number_block(views: Sequence[FittedBlock]) -> NumberBlock | None:
    """The Gaussian kernel of numbers, if there is one."""
    blocks = (view.block for view in views)
    return next((b for b in blocks if isinstance(b, NumberBlock) and not isinstance(b, LinearBlock)), None)
