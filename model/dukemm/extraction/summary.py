"""Extractive summaries: sentences of the text itself."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from dukemm.extraction.query import EmbeddingCache
from dukemm.extraction.similarity import rouge_l, words
from dukemm.extraction.source import sentences

#: Sentences of a text that are read, words of a summary without examples, examples that the share is chosen on.
MAX_SENTENCES, DEFAULT_WORDS, MAX_EXAMPLES = 80, 60, 40
#: Words per line, for descriptions that ask for lines.
WORDS_PER_LINE = 12
#: Weight of a sentence's similarity to those already chosen (maximal marginal relevance, Carbonell & Goldstein 1998).
REDUNDANCY_WEIGHT = 0.5
#: Margin in ROUGE-L by which another share must beat the first, divided by the square root of the number of examples.
MARGIN = 0.3

_WANTED = re.compile(
    r"\b(one|a|an|single|two|three|four|five|\d{1,3})\s+(?:short\s+|single\s+)?(line|sentence|word)s?\b", re.I
)
_NUMBERS = {"one": 1, "a": 1, "an": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5}
#: Weights of centrality against position. The first is used without examples: the beginning is hard to beat (Nenkova 2005).
SHARES = (0.0, 0.5, 1.0)


class Summariser:
    """Sentences close to the mean of all (centroid, Radev et al. 2004) or near the beginning, as long as the examples."""

    def __init__(
        self, embeddings: EmbeddingCache, texts: Sequence[str], answers: Sequence[str], description: str = ""
    ) -> None:
        self._embeddings = embeddings
        self.words, self.sentences = wanted_length(description)
        if answers:
            self.words, self.sentences = int(np.median([len(words(a)) for a in answers])), MAX_SENTENCES
        self.share = SHARES[0]
        #: What would be written for each of the first MAX_EXAMPLES examples.
        self.left_out: list[str] = []
        tried = list(zip(texts, answers, strict=True))[:MAX_EXAMPLES]
        if tried:
            writers = [self._writer(text) for text, _ in tried]
            written = {share: [write(share) for write in writers] for share in SHARES}
            fits = {s: np.mean([rouge_l(t, a) for t, (_, a) in zip(written[s], tried, strict=True)]) for s in SHARES}
            self.share = max(SHARES, key=lambda share: fits[share] - (share != SHARES[0]) * MARGIN / len(tried) ** 0.5)
            self.left_out = written[self.share]

    def write(self, text: str) -> str:
        """A summary, in the order of the text; "" of an empty one."""
        return self._writer(text)(self.share)

    def _writer(self, text: str) -> Callable[[float], str]:
        found = sentences(text)[:MAX_SENTENCES]
        vectors = self._embeddings.of(found).astype(np.float64) if found else np.zeros((0, 1))
        return lambda share: self._write(found, vectors, share) if found else ""

    def _write(self, found: Sequence[str], vectors: np.ndarray, share: float) -> str:
        mean = vectors.mean(0)
        central = vectors @ mean / max(float(np.linalg.norm(mean)), 1e-9)
        scores = share * central + (1.0 - share) / (1.0 + np.arange(len(found)))
        chosen: list[int] = []
        length = 0
        while len(chosen) < min(len(found), self.sentences):
            repeated = (vectors @ vectors[chosen].T).max(1) if chosen else np.zeros(len(found))
            remaining = [i for i in range(len(found)) if i not in chosen]
            best = max(remaining, key=lambda i: scores[i] - REDUNDANCY_WEIGHT * share * repeated[i])
            size = len(words(found[best]))
            # Stop if the next sentence would exceed the wanted length by more than it now falls short.
            if chosen and length + size - self.words > self.words - length:
                break
            chosen.append(best)
            length += size
        return " ".join(found[i] for i in sorted(chosen))


def wanted_length(description: str) -> tuple[int, int]:
    """Maximum length of a summary, (words, sentences), that a description asks for."""
    found = _WANTED.search(description)
    if found is None:
        return DEFAULT_WORDS, MAX_SENTENCES
    said, unit = found[1].lower(), found[2].lower()
    number = _NUMBERS.get(said) or max(int(said), 1)
    if unit == "sentence":
        return 1_000 * number, number
    return (number, MAX_SENTENCES) if unit == "word" else (number * WORDS_PER_LINE, number)
