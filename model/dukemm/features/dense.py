"""Dense rows of items for tree ensembles: numbers, categories, text shape, and principal components of everything else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.utils.extmath import randomized_svd

from dukemm.domain.arrays import Arrays
from dukemm.domain.encoded import EncodedItem
from dukemm.features.columns import descriptor_table

Table = NDArray[np.float32]
#: Most category columns, by frequency.
MAX_CATEGORIES = 100
#: Most components of words, of embeddings and of each descriptor; with n examples at most n / 8.
MAX_COMPONENTS = 48
#: The same for the texts of a table, so that they do not outnumber its other columns.
MAX_TABLE_COMPONENTS = 8
#: Most rows that components are fitted to.
MAX_FITTED_ROWS = 3000


class WordVectors(Protocol):
    """TF-IDF vectors of words: the part of the fitted word kernel that the dense table uses."""

    #: (n, terms), TF-IDF of the examples.
    examples: csr_matrix
    #: (terms,)
    names: NDArray[np.str_]

    def transform(self, items: Sequence[EncodedItem]) -> csr_matrix:
        """(m, terms) of items."""
        ...


@dataclass(frozen=True)
class PrincipalComponents:
    """Principal components of vectors: (d,) mean, (c, d) rows of unit length."""

    mean: Table
    components: Table

    @staticmethod
    def fit(vectors: NDArray[Any] | csr_matrix, max_components: int, centre: bool = True) -> "PrincipalComponents":
        """Fit at most `max_components` to (n, d) vectors without missing values.

        Not centring keeps sparse vectors sparse.
        """
        count = min(max_components, max(row_count(vectors) // 8, 2), vectors.shape[1])
        sample = vectors[: min(MAX_FITTED_ROWS, row_count(vectors))]
        mean = np.asarray(sample.mean(0), np.float64).ravel() if centre else np.zeros(vectors.shape[1])
        _, _, components = randomized_svd(sample - mean if centre else sample, n_components=count, random_state=0)
        return PrincipalComponents(mean.astype(np.float32), components.astype(np.float32))

    def project(self, vectors: NDArray[Any] | csr_matrix) -> Table:
        """(m, d) vectors → (m, c) float32 coordinates."""
        return np.asarray(vectors @ self.components.T.astype(np.float64) - self.mean @ self.components.T, np.float32)


def row_count(vectors: NDArray[Any] | csr_matrix) -> int:
    """Number of rows of an array, dense or sparse."""
    return int(vectors.shape[0])


class DenseTable:
    """Converts items to dense rows, (m, D) float32."""

    def __init__(
        self,
        numbers: Sequence[str],
        categories: Sequence[str],
        shape: int,
        words: WordVectors | None,
        components: Mapping[str, PrincipalComponents],
    ) -> None:
        self.numbers = list(numbers)
        self.categories = list(categories)
        self.shape = shape
        self._category_columns = {name: i for i, name in enumerate(self.categories)}
        self._words = words
        self._components = dict(components)

    @staticmethod
    def fit(
        examples: Sequence[EncodedItem], words: WordVectors | None, max_components: int = MAX_COMPONENTS
    ) -> "DenseTable":
        """Choose the columns from examples.

        `words`: their fitted word kernel, if they have words. `max_components`: see PrincipalComponents.
        """
        counts: dict[str, int] = {}
        for item in examples:
            for name in set(item.views.attributes):
                counts[name] = counts.get(name, 0) + 1
        frequent = sorted((name for name, n in counts.items() if n >= 2), key=lambda name: (-counts[name], name))
        components: dict[str, PrincipalComponents] = {}
        if words is not None and len(words.names) > max_components:
            components["words"] = PrincipalComponents.fit(words.examples, max_components, centre=False)
        if any(item.views.text for item in examples):
            components["meaning"] = PrincipalComponents.fit(np.stack([item.vector for item in examples]), max_components)
        for medium, name in sorted({(m, d) for item in examples for m, f in item.media.items() for d in f.descriptors}):
            table = descriptor_table(examples, medium, name, None)
            components[f"{medium}\n{name}"] = PrincipalComponents.fit(table[~np.isnan(table[:, 0])], MAX_COMPONENTS)
        return DenseTable(
            sorted({name for item in examples for name in item.views.numbers}),
            frequent[:MAX_CATEGORIES],
            max((len(item.views.shape) for item in examples), default=0),
            words if "words" in components else None,
            components,
        )

    @property
    def width(self) -> int:
        """D, the number of columns."""
        components = sum(len(fitted.components) for fitted in self._components.values())
        return len(self.numbers) + len(self.categories) + self.shape + components

    def rows(self, items: Sequence[EncodedItem]) -> Table:
        """(m, D) float32; NaN if a number is missing."""
        parts: list[NDArray[Any]] = [
            np.array([[item.views.numbers.get(n, np.nan) for n in self.numbers] for item in items]).reshape(len(items), -1),
            self._one_hot(items),
            # No example may have had a text long enough for a shape.
            np.array([item.views.shape[: self.shape] or [np.nan] * self.shape for item in items]).reshape(len(items), -1),
        ]
        for name, fitted in self._components.items():
            parts.append(fitted.project(self._vectors(name, items, len(fitted.mean))))
        return np.nan_to_num(np.hstack(parts).clip(-3e38, 3e38), nan=np.nan).astype(np.float32)

    def _one_hot(self, items: Sequence[EncodedItem]) -> Table:
        table = np.zeros((len(items), len(self.categories)), np.float32)
        for row, item in enumerate(items):
            for name in item.views.attributes:
                if (column := self._category_columns.get(name)) is not None:
                    table[row, column] = 1.0
        return table

    def _vectors(self, name: str, items: Sequence[EncodedItem], width: int) -> NDArray[Any] | csr_matrix:
        if name == "words":
            assert self._words is not None
            return self._words.transform(items)
        if name == "meaning":
            return np.stack([item.vector for item in items]).astype(np.float64)
        medium, descriptor = name.split("\n")
        table = descriptor_table(items, medium, descriptor, width)
        return np.where(np.isnan(table), self._components[name].mean, table)

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """JSON spec and arrays for the artifact."""
        spec = {
            "numbers": self.numbers,
            "categories": self.categories,
            "shape": self.shape,
            "directions": list(self._components),
            "words": self._words is not None,
        }
        arrays: Arrays = {}
        for i, fitted in enumerate(self._components.values()):
            arrays |= {f"directions.{i}.mean": fitted.mean, f"directions.{i}.components": fitted.components}
        return spec, arrays

    @staticmethod
    def unpack(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray], words: WordVectors | None) -> "DenseTable":
        """The inverse of `pack`; `words` is the unpacked word kernel of the same family."""
        components = {
            name: PrincipalComponents(arrays[f"directions.{i}.mean"], arrays[f"directions.{i}.components"])
            for i, name in enumerate(spec["directions"])
        }
        return DenseTable(spec["numbers"], spec["categories"], spec["shape"], words if spec["words"] else None, components)
