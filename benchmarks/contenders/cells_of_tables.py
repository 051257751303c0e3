"""Cells of a table as numbers, as an engineer prepares them: numbers imputed, categories one-hot, free text as TF-IDF."""

import math
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import OneHotEncoder

from benchmarks.data.rows import Row

#: Share of known cells that must be numbers for the column to be one.
NUMERIC = 0.9
#: A column whose cells have more words than these on average is free text.
WORDS = 3.0
#: Categories of a column at most; the rarest are one.
CATEGORIES = 50
#: Words of a text column at most.
VOCABULARY = 500


class CellColumns:
    """How the columns of a table become numbers, learned from the rows that may be learned from."""

    def __init__(self, train: Sequence[Row]) -> None:
        self._numeric: dict[str, float] = {}
        self._categories: dict[str, OneHotEncoder] = {}
        self._texts: dict[str, TfidfVectorizer] = {}
        for name in sorted({name for row in train for name in row.item.fields}):
            cells = [str(v) for row in train if (v := row.item.fields.get(name)) is not None]
            numbers = [x for cell in cells if math.isfinite(x := _number(cell))]
            if not cells:
                continue
            if len(numbers) >= NUMERIC * len(cells):
                self._numeric[name] = float(np.median(numbers))
            elif np.mean([len(cell.split()) for cell in cells]) > WORDS:
                self._texts[name] = TfidfVectorizer(sublinear_tf=True, max_features=VOCABULARY).fit(cells)
            else:
                encoder = OneHotEncoder(
                    handle_unknown="ignore", min_frequency=2, max_categories=CATEGORIES, sparse_output=False
                )
                self._categories[name] = encoder.fit([[str(row.item.fields.get(name) or "")] for row in train])

    def transform(self, rows: Sequence[Row]) -> np.ndarray:
        """(rows, columns)."""
        parts = [np.zeros((len(rows), 1))]  # a table may have no usable column
        for name, median in self._numeric.items():
            cells = np.array([_number(str(row.item.fields.get(name))) for row in rows])
            parts.append(np.where(np.isfinite(cells), cells, median)[:, None])
        for name, encoder in self._categories.items():
            parts.append(encoder.transform([[str(row.item.fields.get(name) or "")] for row in rows]))
        for name, words in self._texts.items():
            parts.append(words.transform([str(row.item.fields.get(name) or "") for row in rows]).toarray())
        return np.hstack(parts)


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan
