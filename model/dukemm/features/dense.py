"""Items as dense rows for trees: numbers, categories, text shape, and principal components of everything else."""

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
#: Most category columns; the most frequent categories get them.
MAX_CATEGORIES = 100
#: Most components of words, of embeddings and of each descriptor (fewer where examples are few).
MAX_COMPONENTS = 48
#: The same of a table's texts, which must not outnumber its other columns.
MAX_TABLE_COMPONENTS = 8
#: Rows that components are fitted on.
MAX_FITTED_ROWS = 3000


class WordVectors(Protocol):
    """TF-IDF vectors of words: what the dense table needs of the fitted word kernel."""

    #: (n, terms) of the examples.
    examples: csr_matrix
    #: (terms,)
    names: NDArray[np.str_]

    def transform(self, items: Sequence[EncodedItem]) -> csr_matrix:
        """(m, terms) of items."""
        ...


@dataclass(frozen=True)
class Directions:
    """Principal directions of vectors: (d,) mean, (c, d) rows of length one."""

    mean: Table
    components: Table

    @staticmethod
    def of(vectors: NDArray[Any] | csr_matrix, most: int, centre: bool = True) -> "Directions":
        """At most `most`, from (n, d) vectors without missing values; words are not centred, which keeps them sparse."""
        count = min(most, max(len_of(vectors) // 8, 2), vectors.shape[1])
        sample = vectors[: min(MAX_FITTED_ROWS, len_of(vectors))]
        mean = np.asarray(sample.mean(0), np.float64).ravel() if centre else np.zeros(vectors.shape[1])
        _, _, components = randomized_svd(sample - mean if centre else sample, n_components=count, random_state=0)
        return Directions(mean.astype(np.float32), components.astype(np.float32))

    def of_rows(self, vectors: NDArray[Any] | csr_matrix) -> Table:
        """(m, c) coordinates."""
        return np.asarray(vectors @ self.components.T.astype(np.float64) - self.mean @ self.components.T, np.float32)


def len_of(vectors: NDArray[Any] | csr_matrix) -> int:
    """Rows of an array, dense or sparse."""
    return int(vectors.shape[0])


class DenseTable:
    """(m, D) float32 rows; NaN where a number is missing."""

    def __init__(
        self,
        numbers: Sequence[str],
        categories: Sequence[str],
        shape: int,
        words: WordVectors | None,
        directions: Mapping[str, Directions],
    ) -> None:
        self.numbers = list(numbers)
        self.categories = list(categories)
        self.shape = shape
        self._places = {name: i for i, name in enumerate(self.categories)}
        self._words = words
        self._directions = dict(directions)

    @staticmethod
    def fit(examples: Sequence[EncodedItem], words: WordVectors | None, most: int = MAX_COMPONENTS) -> "DenseTable":
        """Columns of these examples; `words` is their fitted view, where they have words; `most`: see Directions.of."""
        counts: dict[str, int] = {}
        for item in examples:
            for name in set(item.views.attributes):
                counts[name] = counts.get(name, 0) + 1
        frequent = sorted((name for name, n in counts.items() if n >= 2), key=lambda name: (-counts[name], name))
        directions: dict[str, Directions] = {}
        if words is not None and len(words.names) > most:
            directions["words"] = Directions.of(words.examples, most, centre=False)
        if any(item.views.text for item in examples):
            directions["meaning"] = Directions.of(np.stack([item.vector for item in examples]), most)
        for medium, name in sorted({(m, d) for item in examples for m, f in item.media.items() for d in f.descriptors}):
            table = descriptor_table(examples, medium, name, None)
            directions[f"{medium}\n{name}"] = Directions.of(table[~np.isnan(table[:, 0])], MAX_COMPONENTS)
        return DenseTable(
            sorted({name for item in examples for name in item.views.numbers}),
            frequent[:MAX_CATEGORIES],
            max((len(item.views.shape) for item in examples), default=0),
            words if "words" in directions else None,
            directions,
        )

    @property
    def width(self) -> int:
        """D."""
        parts = sum(len(found.components) for found in self._directions.values())
        return len(self.numbers) + len(self.categories) + self.shape + parts

    def rows(self, items: Sequence[EncodedItem]) -> Table:
        """See the class."""
        parts: list[NDArray[Any]] = [
            np.array([[item.views.numbers.get(n, np.nan) for n in self.numbers] for item in items]).reshape(len(items), -1),
            self._one_hot(items),
            # An item may be the family's first with a text that has a shape.
            np.array([item.views.shape[: self.shape] or [np.nan] * self.shape for item in items]).reshape(len(items), -1),
        ]
        for name, found in self._directions.items():
            parts.append(found.of_rows(self._vectors(name, items, len(found.mean))))
        return np.nan_to_num(np.hstack(parts).clip(-3e38, 3e38), nan=np.nan).astype(np.float32)

    def _one_hot(self, items: Sequence[EncodedItem]) -> Table:
        table = np.zeros((len(items), len(self.categories)), np.float32)
        for row, item in enumerate(items):
            for name in item.views.attributes:
                if (place := self._places.get(name)) is not None:
                    table[row, place] = 1.0
        return table

    def _vectors(self, name: str, items: Sequence[EncodedItem], width: int) -> NDArray[Any] | csr_matrix:
        if name == "words":
            assert self._words is not None
            return self._words.transform(items)
        if name == "meaning":
            return np.stack([item.vector for item in items]).astype(np.float64)
        medium, descriptor = name.split("\n")
        table = descriptor_table(items, medium, descriptor, width)
        return np.where(np.isnan(table), self._directions[name].mean, table)

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """What an artifact keeps."""
        spec = {
            "numbers": self.numbers,
            "categories": self.categories,
            "shape": self.shape,
            "directions": list(self._directions),
            "words": self._words is not None,
        }
        arrays: Arrays = {}
        for i, found in enumerate(self._directions.values()):
            arrays |= {f"directions.{i}.mean": found.mean, f"directions.{i}.components": found.components}
        return spec, arrays

    @staticmethod
    def unpack(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray], words: WordVectors | None) -> "DenseTable":
        """The table that `pack` was called on; `words` is the unpacked view of the same family."""
        directions = {
            name: Directions(arrays[f"directions.{i}.mean"], arrays[f"directions.{i}.components"])
            for i, name in enumerate(spec["directions"])
        }
        return DenseTable(spec["numbers"], spec["categories"], spec["shape"], words if spec["words"] else None, directions)
