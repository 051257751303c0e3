"""Kernels of an item's views: a block is fitted to examples and computes similarities of items to them."""

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

#: Fewest texts for word pairs. On 15 kinds of documents, accuracy with pairs is 1 point lower at 100 texts, 0.5 points
#: higher at 500 and 1 point higher at 1,000. With pairs, terms of a single text are dropped.
MIN_TEXTS_FOR_PAIRS = 200
#: Characters of all examples together that the vocabulary is taken from, and fewest of each: 8 MB a CPU second are read,
#: 1.5 with pairs of words.
MAX_FITTED_CHARACTERS, MIN_FITTED_CHARACTERS = 12_000_000, 24_000
#: Most terms of a view; bounds the memory of a task.
MAX_VOCABULARY = 200_000
#: Longest character n-gram, and characters of a text that n-grams are taken from.
MAX_CHARACTERS, MAX_CHARACTER_TEXT = 4, 4_000
#: Least share of non-ASCII letters and symbols for using character n-grams.
MIN_FOREIGN_SHARE = 0.01
#: Least mean readability of examples whose language the text encoder counts as reading.
MIN_MEAN_READABILITY = 0.5
#: Candidate widths of the Gaussian: γ in exp(−γ·d²/2), with d² relative to its mean over the examples.
WIDTHS = (0.5, 1.0, 2.0, 4.0)


class Block(Protocol):
    """Kernel of one view, fitted to n examples."""

    #: Candidate widths, of which `fit_ridge` chooses one; (1.0,) for a kernel without width.
    widths: Sequence[float]

    def gram(self, width: float) -> Matrix:
        """(n, n) similarities between the examples."""
        ...

    def compare(self, items: Sequence[EncodedItem], width: float) -> Matrix:
        """(m, n) similarities of items to the examples."""
        ...

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """JSON spec and arrays for the artifact; `unpack` is the inverse."""
        ...


class MeaningBlock:
    """Cosine of the text embeddings."""

    widths = (1.0,)
    name = "meaning"

    def __init__(self, vectors: NDArray[np.float32], *, by_readability: bool = False) -> None:
        """`by_readability`: move items that the encoder does not read towards the examples' mean similarity."""
        self._vectors = vectors
        self._examples = vectors.astype(np.float64)
        self._by_readability = by_readability

    @staticmethod
    def vectors(items: Sequence[EncodedItem]) -> NDArray[np.float32]:
        """(m, width) embeddings of items."""
        return np.stack([item.vector for item in items])

    @classmethod
    def fit(cls, examples: Sequence[EncodedItem]) -> "MeaningBlock":
        """Store the examples' embeddings."""
        return cls(cls.vectors(examples), by_readability=cls._is_read(examples))

    @staticmethod
    def _is_read(examples: Sequence[EncodedItem]) -> bool:
        """Whether the encoder reads the examples' language; it then says little about items that it does not read."""
        return float(np.mean([example.readability for example in examples])) >= MIN_MEAN_READABILITY

    def gram(self, width: float) -> Matrix:
        """See Block."""
        return self._examples @ self._examples.T

    @cached_per_request
    def compare(self, items: Sequence[EncodedItem], width: float) -> Matrix:
        """See Block."""
        similarities = self.vectors(items).astype(np.float64) @ self._examples.T
        if not self._by_readability:
            return similarities
        read = np.array([[item.readability] for item in items])
        return read * similarities + (1.0 - read) * (self._examples.mean(0) @ self._examples.T)

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """See Block."""
        return {"block": self.name, "by_readability": self._by_readability}, {"vectors": self._vectors}


class MultilingualBlock(MeaningBlock):
    """Cosine of the multilingual embeddings."""

    name = "multilingual"

    @staticmethod
    def vectors(items: Sequence[EncodedItem]) -> NDArray[np.float32]:
        """See MeaningBlock."""
        return np.stack([_multilingual(item) for item in items])

    @staticmethod
    def _is_read(examples: Sequence[EncodedItem]) -> bool:
        return False


def _multilingual(item: EncodedItem) -> NDArray[np.float32]:
    if item.multilingual is None:
        raise ValueError("an item without a multilingual embedding")
    return item.multilingual


class TermBlock(ABC):
    """Cosine of TF-IDF vectors over the examples' terms; `fit` raises ValueError if there are none."""

    widths = (1.0,)
    name: str

    def __init__(self, vectorizer: TfidfVectorizer, examples: csr_matrix) -> None:
        self._vectorizer = vectorizer
        self.examples = examples
        self.names: NDArray[np.str_] = vectorizer.get_feature_names_out()

    @classmethod
    @abstractmethod
    def vectorizer(cls, **options: Any) -> TfidfVectorizer:
        """An unfitted vectorizer of this view."""

    @staticmethod
    @abstractmethod
    def documents(items: Sequence[EncodedItem]) -> list[Any]:
        """Input of the vectorizer for each item."""

    @classmethod
    def fit(cls, examples: Sequence[EncodedItem]) -> "TermBlock":
        """Fit the vocabulary to the examples; the MAX_VOCABULARY most frequent terms are kept."""
        vectorizer = cls.vectorizer()
        return cls(vectorizer, vectorizer.fit_transform(cls.documents(examples)))

    @cached_per_request
    def transform(self, items: Sequence[EncodedItem]) -> csr_matrix:
        """(m, terms) TF-IDF vectors of items."""
        return self._vectorizer.transform(self.documents(items))

    def gram(self, width: float) -> Matrix:
        """See Block."""
        return (self.examples @ self.examples.T).toarray()

    @cached_per_request
    def compare(self, items: Sequence[EncodedItem], width: float) -> Matrix:
        """See Block."""
        return (self.transform(items) @ self.examples.T).toarray()

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """See Block. Terms are stored as the bytes of a JSON array, which loads faster than a JSON spec."""
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
        """The inverse of `pack`, with TF-IDF weights rounded to float32."""
        terms = json.loads(arrays["terms"].tobytes().decode())
        vectorizer = cls.vectorizer(vocabulary={term: i for i, term in enumerate(terms)})
        vectorizer.idf_ = arrays["idf"]
        shape = (len(arrays["indptr"]) - 1, len(terms))
        parts = (arrays["data"].astype(np.float64), arrays["indices"], arrays["indptr"])
        return cls(vectorizer, csr_matrix(parts, shape=shape))


class WordBlock(TermBlock):
    """Words of the readable text; from MIN_TEXTS_FOR_PAIRS texts on also word pairs."""

    name = "words"

    @classmethod
    def vectorizer(cls, **options: Any) -> TfidfVectorizer:
        """See TermBlock."""
        vocabulary = options.get("vocabulary")
        if vocabulary is not None and any(" " in term for term in vocabulary):
            options["ngram_range"] = (1, 2)
        return TfidfVectorizer(sublinear_tf=True, max_features=MAX_VOCABULARY, **options)

    @classmethod
    def fit(cls, examples: Sequence[EncodedItem]) -> "WordBlock":
        """See TermBlock."""
        pairs = {"ngram_range": (1, 2), "min_df": 2} if len(examples) >= MIN_TEXTS_FOR_PAIRS else {}
        vectorizer = cls.vectorizer(**pairs)
        limit = max(MAX_FITTED_CHARACTERS // len(examples), MIN_FITTED_CHARACTERS)
        return cls(vectorizer, vectorizer.fit_transform([text[:limit] for text in cls.documents(examples)]))

    @staticmethod
    def documents(items: Sequence[EncodedItem]) -> list[Any]:
        """See TermBlock."""
        return [item.views.text for item in items]


class CharacterBlock(TermBlock):
    """Character n-grams of the readable text, for scripts without blanks and for symbols such as emoji."""

    name = "characters"

    @classmethod
    def vectorizer(cls, **options: Any) -> TfidfVectorizer:
        """See TermBlock."""
        settings = {"analyzer": "char_wb", "ngram_range": (1, MAX_CHARACTERS), "sublinear_tf": True}
        return TfidfVectorizer(**settings, max_features=MAX_VOCABULARY, **options)

    @staticmethod
    def documents(items: Sequence[EncodedItem]) -> list[Any]:
        """See TermBlock."""
        return [item.views.text[:MAX_CHARACTER_TEXT] for item in items]

    @staticmethod
    def helps(examples: Sequence[EncodedItem]) -> bool:
        """Whether enough of the texts' characters are non-ASCII letters or symbols."""
        texts = [item.views.text[:MAX_CHARACTER_TEXT] for item in examples]
        non_ascii = sum(_is_foreign(character) for text in texts for character in text if not character.isascii())
        return non_ascii >= MIN_FOREIGN_SHARE * max(sum(map(len, texts)), 1)


def _is_foreign(character: str) -> bool:
    """Whether a character is a letter, a combining mark or a symbol such as an emoji; not punctuation."""
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "So"


class AttributeBlock(TermBlock):
    """`name=word` attributes: categories of a table, headers of a mail."""

    name = "attributes"

    @classmethod
    def vectorizer(cls, **options: Any) -> TfidfVectorizer:
        """See TermBlock."""
        return TfidfVectorizer(analyzer=list, sublinear_tf=True, max_features=MAX_VOCABULARY, **options)

    @staticmethod
    def documents(items: Sequence[EncodedItem]) -> list[Any]:
        """See TermBlock."""
        return [item.views.attributes for item in items]
