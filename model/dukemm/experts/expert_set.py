"""The fitted experts of one family: kernel views, joint kernel, densities, logistic regression, forest, memory."""

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

#: Added to vote shares before their logarithm is taken.
VOTE_SHARE_FLOOR = 0.01
VIEW, JOINT, DENSITY, LOGISTIC, FOREST, MEMORY = "view", "joint", "density", "logistic", "forest", "memory"


@dataclass(frozen=True)
class Experts:
    """Fitted experts in the order of their scores: every view, all modalities together, a table's density and
    line, the forest, the memory.
    """

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
    #: What the columns of a table hold; None where the items are read as they are.
    schema: TableSchema | None = None

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

    def read(self, items: Sequence[EncodedItem]) -> Sequence[EncodedItem]:
        """The items as the schema of the table says."""
        return items if self.schema is None else self.schema.read(items)

    @cached_per_request
    def scores(self, items: Sequence[EncodedItem]) -> tuple[list[Matrix], Matrix]:
        """(m, outputs) of each expert, of a spread of about one, and (m, n) similarities with the examples."""
        items = self.read(items)
        kernels = [fitted.block.compare(items, fitted.width) for fitted in self.views]
        found = [fitted.of_kernel(kernel) for fitted, kernel in zip(self.views, kernels, strict=True)]
        similarities = similarity_of(kernels, self.closeness) if self.joint is None else self.joint.similarities(kernels)
        if self.joint is not None:
            found.append(self.joint.scores(similarities))
        for table in self.tables():
            found.append(table.score_rows(table.block.standardise(table.block.table(items))))
        if self.forest is not None and self.dense is not None:
            found.append(self._comparable(self.forest.predict(self.dense.rows(items))))
        if self.memory is not None:
            found.append(self._comparable(self.memory.votes(similarities)))
        return [score * scale for score, scale in zip(found, self.scales, strict=True)], similarities

    def tables(self) -> list[TableScore]:
        """The density and the logistic regression, where there are such, as functions of standardised rows."""
        block = number_block(self.views)
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
        """The experts that `pack` was called on."""
        views = tuple(FittedBlock.unpack(view, below(arrays, f"view.{i}.")) for i, view in enumerate(spec["views"]))
        dense = DenseTable.unpack(spec["dense"], below(arrays, "dense."), word_block(views)) if "dense" in spec else None
        forest = Forest.unpack(below(arrays, "forest.")) if "dense" in spec else None
        joint = Joint.unpack(spec["joint"], below(arrays, "joint.")) if "joint" in spec else None
        density = Discriminant.unpack(spec["density"], below(arrays, "density.")) if "density" in spec else None
        logistic = Logistic.unpack(below(arrays, "logistic.")) if "logistic" in spec else None
        memory = None
        if "memory" in spec:
            kept = arrays["memory.weights"], arrays["memory.answers"].astype(np.float64)
            memory = Memory(spec["memory"]["neighbours"], spec["memory"]["temperature"], *kept)
        closeness, scales = np.array(spec["closeness"]), np.array(spec["scales"])
        schema = TableSchema.unpack(spec["schema"]) if "schema" in spec else None
        return Experts(views, joint, density, logistic, dense, forest, memory, closeness, scales, spec["labels"], schema)


def comparable(shares: Matrix) -> Matrix:
    """Logarithms of shares of votes, mean zero a row."""
    logs = np.log(shares + VOTE_SHARE_FLOOR)
    return logs - logs.mean(1, keepdims=True)


def _log_shares(expert: Discriminant | Logistic, rows: Matrix) -> Matrix:
    return comparable(np.exp(expert.log_probabilities(rows)))


def below(arrays: Mapping[str, np.ndarray], prefix: str) -> Arrays:
    """Those whose name begins so, without the beginning."""
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def similarity_of(kernels: Sequence[Matrix], closeness: Matrix) -> Matrix:
    """Kernels of all views, (m, n) each, by the share of each."""
    if not kernels:
        return np.zeros((0, 0))
    return sum((share * kernel for share, kernel in zip(closeness, kernels, strict=True)), np.zeros_like(kernels[0]))


def word_block(views: Sequence[FittedBlock]) -> WordBlock | None:
    """The view of the words, where there is one."""
    return next((view.block for view in views if isinstance(view.block, WordBlock)), None)


def number_block(views: Sequence[FittedBlock]) -> NumberBlock | None:
    """The view of the numbers, where there is one."""
    blocks = (view.block for view in views)
    return next((b for b in blocks if isinstance(b, NumberBlock) and not isinstance(b, LinearBlock)), None)
