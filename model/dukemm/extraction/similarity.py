"""Similarity of texts by their words."""

import re
from collections import Counter

from rapidfuzz.distance import LCSseq

_WORD = re.compile(r"\w+")
#: Words of a text that are compared.
MAX_WORDS = 400

#: English words without content, left out of comparisons.
STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the a an of in on at to from for is are was were be been it its this that these those and or by with as into who "
        "what when where which how many much did do does has have had whose whom why",
    )
)


def words(text: str) -> list[str]:
    """The first MAX_WORDS words in lower case."""
    return _WORD.findall(text.lower())[:MAX_WORDS]


def f1(common: float, left: int, right: int) -> float:
    """F1 from the size of the overlap and the two lengths."""
    return 2.0 * common / (left + right) if common else 0.0


def token_f1(found: str, expected: str) -> float:
    """F1 of the bags of words (ROUGE-1; Rajpurkar et al. 2016 for short answers). Two empty texts score 1."""
    a, b = words(found), words(expected)
    return f1(sum((Counter(a) & Counter(b)).values()), len(a), len(b)) if a or b else 1.0


def rouge_l(found: str, expected: str) -> float:
    """F1 of the longest common subsequence of words (Lin 2004)."""
    a, b = words(found), words(expected)
    return f1(LCSseq.similarity(a, b), len(a), len(b)) if a or b else 1.0


def grams(text: str, size: int = 3) -> set[str]:
    """Character n-grams of the words, with blanks around each word."""
    marked = " " + " ".join(words(text)) + " "
    return {marked[i : i + size] for i in range(len(marked) - size + 1)}


def dice(a: set[str], b: set[str]) -> float:
    """Dice coefficient of two sets (Dice 1945); 0 if one is empty."""
    return 2.0 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def answer_similarity(found: str, expected: str, long: bool) -> float:
    """Score of an answer, 0..1: mean of ROUGE-1 and ROUGE-L if `long`, else 1 if equal and half the token F1 if not."""
    if long:
        return (token_f1(found, expected) + rouge_l(found, expected)) / 2
    return 1.0 if found.split() == expected.split() else 0.5 * token_f1(found, expected)


def stem(word: str) -> str:
    """Strip common English endings; crude, but 250 times as fast as Snowball and what the prior was fitted with."""
    for end in ("ing", "ed", "es", "s", "e"):
        if len(word) > len(end) + 3 and word.endswith(end):
            return word[: -len(end)]
    return word
