"""Kernels of the views of an item: a block is fitted to examples and then compares items with them.

`pack` returns what an artifact keeps of a block, JSON and arrays, from which `unpack` restores it.
"""

import json
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from dukemm.domain.arrays import Arrays, Matrix
from dukemm.domain.encoded import EncodedItem
from dukemm.features.request_cache import cached_per_request

#: Fewest texts for word pairs: of 15 kinds of documents, accuracy with pairs is a point lower at 100 texts, half a point
#: higher at 500 and a whole one at 1,000. With pairs, terms of a single text are left out.
MIN_TEXTS_FOR_PAIRS = 200
#: Most terms of a view; bounds the memory of a task.
MAX_VOCABULARY = 200_000
#: Longest run of characters that is a term, and characters of a text that are looked at for them.
MAX_CHARACTERS, MAX_CHARACTER_TEXT = 4, 4_000
#: Share of characters outside ASCII from which on they are terms: letters and signs, not punctuation.
MIN_FOREIGN_SHARE = 0.01
#: Widths of the Gaussian to choose from: γ of exp(−γ·d²/2), with d² relative to its mean over the examples.
WIDTHS = (0.5, 1.0, 2.0, 4.0)


class Block(Protocol):
    """One view of the examples."""

    #: Choices of a width, where the view has one; the ridge takes the best.
    widths: Sequence[float]

    def gram(self, width: float) -> Matrix:
        """Similarities of the examples with each other, (n, n)."""
        ...

    def compare(self, items: Sequence[EncodedItem], width: float) -> Matrix:
        """Similarities of items with the examples, (m, n)."""
        ...

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """What an artifact keeps: JSON and arrays."""
        ...


class MeaningBlock:
    """Cosine of the text embeddings."""

    widths = (1.0,)

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self._vectors = vectors
        self._examples = vectors.astype(np.float64)

    @staticmethod
    def fit(examples: Sequence[EncodedItem]) -> "MeaningBlock":
        """From the examples' embeddings."""
        return MeaningBlock(np.stack([example.vector for example in examples]))

    def gram(self, width: float) -> Matrix:
        """See Block."""
        return self._examples @ self._examples.T

    @cached_per_request
    def compare(self, items: Sequence[EncodedItem], width: float) -> Matrix:
        """See Block."""
        return np.stack([item.vector for item in items]).astype(np.float64) @ self._examples.T

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """See Block."""
        return {"block": "meaning"}, {"vectors": self._vectors}


class TermBlock(ABC):
    """Cosine of TF-IDF vectors over terms that the examples use; `fit` raises ValueError where they use none."""

    widths = (1.0,)
    name: str

    def __init__(self, vectorizer: TfidfVectorizer, examples: csr_matrix) -> None:
        self._vectorizer = vectorizer
        self.examples = examples
        self.names: NDArray[np.str_] = vectorizer.get_feature_names_out()

    @classmethod
    @abstractmethod
    def vectorizer(cls, **more: Any) -> TfidfVectorizer:
        """An unfitted vectorizer of this view."""

    @staticmethod
    @abstractmethod
    def documents(items: Sequence[EncodedItem]) -> list[Any]:
        """What the vectorizer reads of each item."""

    @classmethod
    def fit(cls, examples: Sequence[EncodedItem]) -> "TermBlock":
        """Terms of the examples, the most frequent first where there are too many."""
        vectorizer = cls.vectorizer()
        return cls(vectorizer, vectorizer.fit_transform(cls.documents(examples)))

    @cached_per_request
    def transform(self, items: Sequence[EncodedItem]) -> csr_matrix:
        """TF-IDF vectors of items, (m, terms)."""
        return self._vectorizer.transform(self.documents(items))

    def gram(self, width: float) -> Matrix:
        """See Block."""
        return (self.examples @ self.examples.T).toarray()

    @cached_per_request
    def compare(self, items: Sequence[EncodedItem], width: float) -> Matrix:
        """See Block."""
        return (self.transform(items) @ self.examples.T).toarray()

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """See Block. The terms go as one JSON array of bytes: they are many, and arrays are read fast."""
        terms = json.dumps(self.names.tolist()).encode()
        return {"block": self.name}, {
            "terms": np.frombuffer(terms, np.uint8),
            "idf": self._vectorizer.idf_.astype(np.float64),
            "data": self.examples.data.astype(np.float32),
            "indices": self.examples.indices.astype(np.int32),
            "indptr": self.examples.indptr.astype(np.int32),
        }

    @classmethod
    def unpack(cls, arrays: Mapping[str, np.ndarray]) -> "TermBlock":
        """The block that `pack` was called on, its similarities in float32."""
        terms = json.loads(arrays["terms"].tobytes().decode())
        vectorizer = cls.vectorizer(vocabulary={term: i for i, term in enumerate(terms)})
        vectorizer.idf_ = arrays["idf"]
        shape = (len(arrays["indptr"]) - 1, len(terms))
        parts = (arrays["data"].astype(np.float64), arrays["indices"], arrays["indptr"])
        return cls(vectorizer, csr_matrix(parts, shape=shape))


class WordBlock(TermBlock):
    """The words of the readable text, and where texts are many the pairs of words that follow each other."""

    name = "words"

    @classmethod
    def vectorizer(cls, **more: Any) -> TfidfVectorizer:
        """See TermBlock."""
        vocabulary = more.get("vocabulary")
        if vocabulary is not None and any(" " in term for term in vocabulary):
            more["ngram_range"] = (1, 2)
        return TfidfVectorizer(sublinear_tf=True, max_features=MAX_VOCABULARY, **more)

    @classmethod
    def fit(cls, examples: Sequence[EncodedItem]) -> "WordBlock":
        """See TermBlock."""
        pairs = {"ngram_range": (1, 2), "min_df": 2} if len(examples) >= MIN_TEXTS_FOR_PAIRS else {}
        vectorizer = cls.vectorizer(**pairs)
        return cls(vectorizer, vectorizer.fit_transform(cls.documents(examples)))

    @staticmethod
    def documents(items: Sequence[EncodedItem]) -> list[Any]:
        """See TermBlock."""
        return [item.views.text for item in items]


class CharacterBlock(TermBlock):
    """Runs of one to four characters of the readable text: what words are not in scripts without blanks, and signs."""

    name = "characters"

    @classmethod
    def vectorizer(cls, **more: Any) -> TfidfVectorizer:
        """See TermBlock."""
        settings = {"analyzer": "char_wb", "ngram_range": (1, MAX_CHARACTERS), "sublinear_tf": True}
        return TfidfVectorizer(**settings, max_features=MAX_VOCABULARY, **more)

    @staticmethod
    def documents(items: Sequence[EncodedItem]) -> list[Any]:
        """See TermBlock."""
        return [item.views.text[:MAX_CHARACTER_TEXT] for item in items]

    @staticmethod
    def helps(examples: Sequence[EncodedItem]) -> bool:
        """Whether the texts are written in more than the letters of English."""
        texts = [item.views.text[:MAX_CHARACTER_TEXT] for item in examples]
        foreign = sum(_is_foreign(character) for text in texts for character in text if not character.isascii())
        return foreign >= MIN_FOREIGN_SHARE * max(sum(map(len, texts)), 1)


def _is_foreign(character: str) -> bool:
    """A letter, a mark on one, or a sign such as an emoji; no punctuation, which English has as well."""
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "So"


class AttributeBlock(TermBlock):
    """`name=word` attributes: categories of a table, headers of a mail."""

    name = "attributes"

    @classmethod
    def vectorizer(cls, **more: Any) -> TfidfVectorizer:
        """See TermBlock."""
        return TfidfVectorizer(analyzer=list, sublinear_tf=True, max_features=MAX_VOCABULARY, **more)

    @staticmethod
    def documents(items: Sequence[EncodedItem]) -> list[Any]:
        """See TermBlock."""
        return [item.views.attributes for item in items]
