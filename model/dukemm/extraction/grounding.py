"""Composed answers, and which of their words stand in the item."""

from dataclasses import dataclass

from dukemm.domain.answers import Attribution
from dukemm.extraction.similarity import words


@dataclass(frozen=True)
class ComposedAnswer:
    """A text with its confidence (0..1), the parts of the item that support it, and how it was found, in a sentence."""

    text: str
    confidence: float
    words: list[Attribution]
    reason: str


def grounded(text: str, source: str) -> list[Attribution]:
    """Words of an answer that stand in the item, each with its share of the answer's words."""
    own = words(text)
    there = set(words(source))
    counts = {word: own.count(word) for word in dict.fromkeys(own) if word in there and len(word) > 3}
    return [Attribution(w, round(n / len(own), 4)) for w, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]
