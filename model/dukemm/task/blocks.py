"""Views of items as kernel blocks. A block is fitted on a task's examples and then compares items with them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from dukemm.features.item import ItemViews
from dukemm.features.media import MediumFeatures

Matrix = NDArray[np.float64]
#: Distinct words of a view at most: the memory that a task's words take.
VOCABULARY = 200_000
#: Standard deviations that an outlier is drawn in to.
FARTHEST = 4.0


@dataclass(frozen=True)
class Encoded:
    """An item with the embedding of its meaning, of length 1, and its images and sounds by name."""

    views: ItemViews
    vector: NDArray[np.float32]
    media: Mapping[str, MediumFeatures] = field(default_factory=dict)


class Block(Protocol):
    """One view of the examples."""

    def gram(self) -> Matrix:
        """Similarities of the examples with each other, (n, n)."""
        ...

    def compare(self, items: Sequence[Encoded]) -> Matrix:
        """Similarities of items with the examples, (m, n)."""
        ...


class MeaningBlock:
    """Cosine of the text embeddings."""

    def __init__(self, examples: Sequence[Encoded]) -> None:
        self._examples = _stacked(examples)

    def gram(self) -> Matrix:
        """See Block."""
        return self._examples @ self._examples.T

    def compare(self, items: Sequence[Encoded]) -> Matrix:
        """See Block."""
        return _stacked(items) @ self._examples.T


class TermBlock(ABC):
    """Cosine of TF-IDF vectors over terms that the examples use; fit raises ValueError where they use none."""

    def __init__(self, examples: Sequence[Encoded], vectorizer: TfidfVectorizer) -> None:
        self._vectorizer = vectorizer
        self.examples: csr_matrix = vectorizer.fit_transform(self.documents(examples))
        self.names: NDArray[np.str_] = vectorizer.get_feature_names_out()

    @abstractmethod
    def documents(self, items: Sequence[Encoded]) -> list[object]:
        """What the vectorizer reads of each item."""

    def transform(self, items: Sequence[Encoded]) -> csr_matrix:
        """TF-IDF vectors of items, (m, terms)."""
        return self._vectorizer.transform(self.documents(items))

    def gram(self) -> Matrix:
        """See Block."""
        return (self.examples @ self.examples.T).toarray()

    def compare(self, items: Sequence[Encoded]) -> Matrix:
        """See Block."""
        return (self.transform(items) @ self.examples.T).toarray()


class WordBlock(TermBlock):
    """The words of the readable text."""

    def __init__(self, examples: Sequence[Encoded]) -> None:
        super().__init__(examples, TfidfVectorizer(sublinear_tf=True, max_features=VOCABULARY))

    def documents(self, items: Sequence[Encoded]) -> list[object]:
        """See TermBlock."""
        return [item.views.text for item in items]


class AttributeBlock(TermBlock):
    """`name=word` attributes: categories of a table, headers of a mail."""

    def __init__(self, examples: Sequence[Encoded]) -> None:
        super().__init__(examples, TfidfVectorizer(analyzer=list, sublinear_tf=True, max_features=VOCABULARY))

    def documents(self, items: Sequence[Encoded]) -> list[object]:
        """See TermBlock."""
        return [item.views.attributes for item in items]


class GaussianBlock(ABC):
    """exp(−d²/2D) of D standardised numbers; a missing one is the mean of the examples."""

    def __init__(self, table: Matrix) -> None:
        known = ~np.isnan(table)
        counts = np.maximum(known.sum(0), 1)
        self._mean = np.where(known, table, 0.0).sum(0) / counts
        spread = np.sqrt((np.where(known, table - self._mean, 0.0) ** 2).sum(0) / counts)
        self._spread = np.where(spread > 0, spread, 1.0)
        self._examples = self.standardise(table)

    @abstractmethod
    def table(self, items: Sequence[Encoded]) -> Matrix:
        """Numbers of items, (m, D), NaN where missing."""

    def standardise(self, table: Matrix) -> Matrix:
        """In standard deviations of the examples."""
        return np.clip(np.nan_to_num((table - self._mean) / self._spread, posinf=0, neginf=0), -FARTHEST, FARTHEST)

    def kernel(self, values: Matrix) -> Matrix:
        """Similarities of standardised rows with the examples."""
        squared = (values**2).sum(1)[:, None] + (self._examples**2).sum(1)[None] - 2 * values @ self._examples.T
        return np.exp(-np.maximum(squared, 0.0) / (2.0 * values.shape[1]))

    def gram(self) -> Matrix:
        """See Block."""
        return self.kernel(self._examples)

    def compare(self, items: Sequence[Encoded]) -> Matrix:
        """See Block."""
        return self.kernel(self.standardise(self.table(items)))


class NumberBlock(GaussianBlock):
    """The numbers among the fields."""

    def __init__(self, examples: Sequence[Encoded]) -> None:
        self.fields = sorted({name for item in examples for name in item.views.numbers})
        super().__init__(self.table(examples))

    def table(self, items: Sequence[Encoded]) -> Matrix:
        """See GaussianBlock."""
        return np.array([[item.views.numbers.get(name, np.nan) for name in self.fields] for item in items], np.float64)


class ShapeBlock(GaussianBlock):
    """The shape of the text."""

    def __init__(self, examples: Sequence[Encoded]) -> None:
        self._width = max(len(item.views.shape) for item in examples)
        super().__init__(self.table(examples))

    def table(self, items: Sequence[Encoded]) -> Matrix:
        """See GaussianBlock."""
        return np.array([item.views.shape or [np.nan] * self._width for item in items], np.float64)


def blocks_for(examples: Sequence[Encoded]) -> list[Block]:
    """The views that these examples have something to say in."""
    blocks: list[Block] = []
    with_text = sum(bool(item.views.text) for item in examples)
    if with_text * 2 >= len(examples):
        blocks.append(MeaningBlock(examples))
    for terms in (WordBlock, AttributeBlock):
        try:
            blocks.append(terms(examples))
        except ValueError:
            continue  # no words in any example: there is no such view
    if sum(bool(item.views.shape) for item in examples) * 2 >= len(examples):
        blocks.append(ShapeBlock(examples))
    if any(item.views.numbers for item in examples):
        blocks.append(NumberBlock(examples))
    return blocks


def _stacked(items: Sequence[Encoded]) -> Matrix:
    return np.stack([item.vector for item in items]).astype(np.float64)
