"""The shape of a text: length, punctuation, capitals and markup, independent of language and topic."""

import math
import re

#: Characters that are read.
MAX_CHARACTERS = 16_000

_MARKS = [
    re.compile(pattern, re.M)
    for pattern in (
        r"<[a-zA-Z/!]",
        r"https?://",
        r"!",
        r"\$",
        r"\?",
        r"@",
        r"\b[A-Z]{3,}\b",
        r"=[0-9A-F]{2}",
        r"[A-Za-z0-9+/=]{60,}",
        r"^>",
    )
]
_CLASSES = [re.compile(pattern) for pattern in (r"\d+", r"[^\w\s]+", r"[^\x00-\x7f]+", r"\s+")]
_CAPITALS, _LETTERS = re.compile(r"[A-Z]+"), re.compile(r"[A-Za-z]+")

#: Length of what `shape_of` returns.
SHAPE = 6 + len(_MARKS) + len(_CLASSES)


def shape_of(text: str) -> list[float]:
    """SHAPE numbers: logarithms of lengths and of marks per 1,000 characters, and shares of character classes."""
    text = text[:MAX_CHARACTERS]
    length = max(len(text), 1)
    lines = text.split("\n")
    words = text.split()
    letters = _covered(_LETTERS, text)
    return [
        math.log(length),
        math.log(len(lines)),
        math.log1p(length / len(lines)),
        math.log1p(max(map(len, lines))),
        math.log1p(sum(map(len, words)) / max(len(words), 1)),
        _covered(_CAPITALS, text) / max(letters, 1),
        *(math.log1p(sum(1 for _ in pattern.finditer(text)) / length * 1000) for pattern in _MARKS),
        *(_covered(pattern, text) / length for pattern in _CLASSES),
    ]


def _covered(pattern: re.Pattern[str], text: str) -> int:
    return sum(found.end() - found.start() for found in pattern.finditer(text))
