"""How alike two texts are, by their words."""

import re
from collections import Counter

from rapidfuzz.distance import LCSseq

_WORD = re.compile(r"\w+")
#: Words of a text that are compared: the longest common subsequence takes their product of steps.
LONGEST = 400


def words(text: str) -> list[str]:
    """Words in small letters."""
    return _WORD.findall(text.lower())[:LONGEST]


def f1(common: float, left: int, right: int) -> float:
    """Harmonic mean of the shares that are common."""
    return 2.0 * common / (left + right) if common else 0.0


def token_f1(found: str, expected: str) -> float:
    """F1 of the bags of words (ROUGE-1; Rajpurkar et al. 2016 for short answers). Two empty texts are alike."""
    a, b = words(found), words(expected)
    return f1(sum((Counter(a) & Counter(b)).values()), len(a), len(b)) if a or b else 1.0


def rouge_l(found: str, expected: str) -> float:
    """F1 of the longest common subsequence of words (Lin 2004)."""
    a, b = words(found), words(expected)
    return f1(LCSseq.similarity(a, b), len(a), len(b)) if a or b else 1.0


def grams(text: str, size: int = 3) -> set[str]:
    """Character n-grams of the words, with their ends marked."""
    marked = " " + " ".join(words(text)) + " "
    return {marked[i : i + size] for i in range(len(marked) - size + 1)}


def dice(a: set[str], b: set[str]) -> float:
    """Share that two sets have in common (Dice 1945)."""
    return 2.0 * len(a & b) / (len(a) + len(b)) if a and b else 0.0
