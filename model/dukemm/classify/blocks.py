"""Views of items as kernel blocks. A block is fitted on a task's examples and then compares items with them."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from dukemm.features.item import ItemViews

Matrix = NDArray[np.float64]


class Encoded(Protocol):
    """An item with its embeddings."""

    views: ItemViews
    clean: NDArray[np.float32]
    raw: NDArray[np.float32]


class Block(Protocol):
    """One view of the examples."""

    name: str

    def gram(self) -> Matrix:
        """Similarities of the examples with each other, (n, n)."""
        ...

    def compare(self, items: Sequence[Encoded]) -> Matrix:
        """Similarities of items with the examples, (m, n)."""
        ...


class EmbeddingBlock:
    """Cosine of text embeddings, of the readable text or of the text as it is."""

    def __init__(self, examples: Sequence[Encoded], which: str) -> None:
        self.name = f"meaning_{which}"
        self._which = which
        self._examples = self._stack(examples)

    def _stack(self, items: Sequence[Encoded]) -> Matrix:
        return np.stack([getattr(item, self._which) for item in items]).astype(np.float64)

    def gram(self) -> Matrix:
        """See Block."""
        return self._examples @ self._examples.T

    def compare(self, items: Sequence[Encoded]) -> Matrix:
        """See Block."""
        return self._stack(items) @ self._examples.T


class WordBlock:
    """Cosine of TF-IDF vectors over words or characters; knows the words that the examples use."""

    def __init__(self, examples: Sequence[Encoded], max_characters: int, characters: bool) -> None:
        self.name = "characters" if characters else "words"
        self._max = max_characters
        self.vectorizer = (
            TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5), max_features=200_000)
            if characters
            else TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\b\w+\b", max_features=200_000)
        )
        self.examples = self.vectorizer.fit_transform(self._texts(examples))

    def _texts(self, items: Sequence[Encoded]) -> list[str]:
        return [item.views.raw[: self._max] for item in items]

    def transform(self, items: Sequence[Encoded]):
        """TF-IDF vectors of items, sparse (m, vocabulary)."""
        return self.vectorizer.transform(self._texts(items))

    def gram(self) -> Matrix:
        """See Block."""
        return (self.examples @ self.examples.T).toarray()

    def compare(self, items: Sequence[Encoded]) -> Matrix:
        """See Block."""
        return (self.transform(items) @ self.examples.T).toarray()


class NumberBlock:
    """Gaussian kernel over standardised numbers; a missing number is the mean. Width: one per dimension on average."""

    def __init__(self, examples: Sequence[Encoded]) -> None:
        self.name = "numbers"
        self.fields = sorted({name for item in examples for name in item.views.numbers})
        values = self._table(examples)
        self._mean = np.nan_to_num(np.nanmean(values, axis=0))
        spread = np.nanstd(values, axis=0)
        self._spread = np.where(spread > 0, spread, 1.0)
        self._examples = self.standardised(examples)

    def _table(self, items: Sequence[Encoded]) -> Matrix:
        return np.array([[item.views.numbers.get(name, np.nan) for name in self.fields] for item in items], np.float64)

    def standardised(self, items: Sequence[Encoded]) -> Matrix:
        """Values in standard deviations of the examples, (m, fields); far outliers are drawn in to ±10."""
        return np.clip(np.nan_to_num((self._table(items) - self._mean) / self._spread), -10.0, 10.0)

    def kernel(self, values: Matrix) -> Matrix:
        """Similarities of standardised rows with the examples."""
        squared = (values**2).sum(1)[:, None] + (self._examples**2).sum(1)[None] - 2 * values @ self._examples.T
        return np.exp(-np.maximum(squared, 0.0) / (2.0 * len(self.fields)))

    def gram(self) -> Matrix:
        """See Block."""
        return self.kernel(self._examples)

    def compare(self, items: Sequence[Encoded]) -> Matrix:
        """See Block."""
        return self.kernel(self.standardised(items))


class CategoryBlock:
    """Share of equal categories."""

    def __init__(self, examples: Sequence[Encoded]) -> None:
        self.name = "categories"
        self._index = {c: i for i, c in enumerate(sorted({c for item in examples for c in item.views.categories}))}
        self._examples = self._one_hot(examples)

    def _one_hot(self, items: Sequence[Encoded]) -> Matrix:
        table = np.zeros((len(items), len(self._index)))
        for row, item in enumerate(items):
            known = [self._index[c] for c in item.views.categories if c in self._index]
            table[row, known] = 1.0 / np.sqrt(max(1, len(item.views.categories)))
        return table

    def gram(self) -> Matrix:
        """See Block."""
        return self._examples @ self._examples.T

    def compare(self, items: Sequence[Encoded]) -> Matrix:
        """See Block."""
        return self._one_hot(items) @ self._examples.T


#: A column whose every value differs is a name or a text, not a category.
_MOST_CATEGORIES = 0.5


def blocks_for(examples: Sequence[Encoded], max_characters: int) -> list[Block]:
    """The views that these examples have something to say in."""
    blocks: list[Block] = []
    if sum(bool(item.views.raw.strip()) for item in examples) * 2 >= len(examples):
        blocks.append(EmbeddingBlock(examples, "clean"))
        if any(item.views.raw != item.views.clean for item in examples):
            blocks.append(EmbeddingBlock(examples, "raw"))
        for characters in (False, True):
            try:
                blocks.append(WordBlock(examples, max_characters, characters))
            except ValueError:
                continue  # an empty vocabulary: texts of punctuation alone
    if any(item.views.numbers for item in examples):
        blocks.append(NumberBlock(examples))
    categories = [c for item in examples for c in item.views.categories]
    if categories and len(set(categories)) <= max(2, _MOST_CATEGORIES * len(categories)):
        blocks.append(CategoryBlock(examples))
    return blocks
