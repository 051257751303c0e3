"""Summaries made of the text's own sentences: nothing in them is invented."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from dukemm.extraction.cues import Meanings
from dukemm.extraction.similarity import rouge_l, words
from dukemm.extraction.source import sentences

#: Sentences that are looked at, words of a summary without examples, examples that the share is chosen on.
SENTENCES, WORDS, CHOSEN_ON = 80, 60, 40
#: Words of a line, where a description asks for so many of them.
A_LINE = 12
#: What a sentence loses for saying what a chosen one says (maximal marginal relevance, Carbonell & Goldstein 1998).
REPEATED = 0.5
#: By how much another share than the first must be closer to the examples, divided by the root of their number.
DOUBT = 0.3

_WANTED = re.compile(
    r"\b(one|a|an|single|two|three|four|five|\d{1,3})\s+(?:short\s+|single\s+)?(line|sentence|word)s?\b", re.I
)
_NUMBERS = {"one": 1, "a": 1, "an": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5}
#: Shares of centrality, the rest being position; the first is what is done without examples: the beginning is hard to beat
#: (Nenkova 2005).
SHARES = (0.0, 0.5, 1.0)


class Summariser:
    """Sentences close to the mean of all (centroid, Radev et al. 2004) or near the beginning, as long as the examples."""

    def __init__(self, meanings: Meanings, texts: Sequence[str], answers: Sequence[str], description: str = "") -> None:
        self._meanings = meanings
        self.words, self.sentences = wanted_length(description)
        if answers:
            self.words, self.sentences = int(np.median([len(words(a)) for a in answers])), SENTENCES
        self.share = SHARES[0]
        #: What would be written for each of the first CHOSEN_ON examples.
        self.left_out: list[str] = []
        tried = list(zip(texts, answers, strict=True))[:CHOSEN_ON]
        if tried:
            writers = [self._writer(text) for text, _ in tried]
            written = {share: [write(share) for write in writers] for share in SHARES}
            fits = {s: np.mean([rouge_l(t, a) for t, (_, a) in zip(written[s], tried, strict=True)]) for s in SHARES}
            self.share = max(SHARES, key=lambda share: fits[share] - (share != SHARES[0]) * DOUBT / len(tried) ** 0.5)
            self.left_out = written[self.share]

    def write(self, text: str) -> str:
        """A summary, in the order of the text; "" of an empty one."""
        return self._writer(text)(self.share)

    def _writer(self, text: str) -> Callable[[float], str]:
        found = sentences(text)[:SENTENCES]
        vectors = self._meanings.of(found).astype(np.float64) if found else np.zeros((0, 1))
        return lambda share: self._write(found, vectors, share) if found else ""

    def _write(self, found: Sequence[str], vectors: np.ndarray, share: float) -> str:
        middle = vectors.mean(0)
        central = vectors @ middle / max(float(np.linalg.norm(middle)), 1e-9)
        scores = share * central + (1.0 - share) / (1.0 + np.arange(len(found)))
        chosen: list[int] = []
        length = 0
        while len(chosen) < min(len(found), self.sentences):
            repeated = (vectors @ vectors[chosen].T).max(1) if chosen else np.zeros(len(found))
            open_ = [i for i in range(len(found)) if i not in chosen]
            best = max(open_, key=lambda i: scores[i] - REPEATED * share * repeated[i])
            size = len(words(found[best]))
            # Stop where the next sentence would lead further away from the wanted length than it is now.
            if chosen and length + size - self.words > self.words - length:
                break
            chosen.append(best)
            length += size
        return " ".join(found[i] for i in sorted(chosen))


def wanted_length(description: str) -> tuple[int, int]:
    """How long a summary is to be at most, in words and in sentences, by what a description says."""
    found = _WANTED.search(description)
    if found is None:
        return WORDS, SENTENCES
    said, unit = found[1].lower(), found[2].lower()
    number = _NUMBERS.get(said) or max(int(said), 1)
    if unit == "sentence":
        return 1_000 * number, number
    return (number, SENTENCES) if unit == "word" else (number * A_LINE, number)
