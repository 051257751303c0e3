"""Summaries made of the text's own sentences: nothing in them is invented."""

from collections.abc import Sequence

import numpy as np

from dukemm.generation.cues import Meanings
from dukemm.generation.similarity import rouge_l, words
from dukemm.generation.source import sentences

#: Sentences that are looked at, words of a summary without examples, examples that the mixture is chosen on.
SENTENCES, WORDS, CHOSEN_ON = 80, 60, 40
#: Shares of centrality, the rest being position, that are tried on the examples; the middle one without examples.
SHARES = (0.0, 0.5, 1.0)
#: What a sentence loses for saying what a chosen one says (maximal marginal relevance, Carbonell & Goldstein 1998).
REPEATED = 0.5


class Summariser:
    """Sentences close to the mean of all (centroid, Radev et al. 2004) and near the beginning, as long as the examples."""

    def __init__(self, meanings: Meanings, texts: Sequence[str], answers: Sequence[str]) -> None:
        self._meanings = meanings
        self.words = int(np.median([len(words(a)) for a in answers])) if answers else WORDS
        self.share = SHARES[1]
        #: What would be written for each of the first CHOSEN_ON examples.
        self.left_out: list[str] = []
        tried = list(zip(texts, answers, strict=True))[:CHOSEN_ON]
        if tried:
            written = {share: [self._write(text, share) for text, _ in tried] for share in SHARES}
            fits = {s: np.mean([rouge_l(w, a) for w, (_, a) in zip(written[s], tried, strict=True)]) for s in SHARES}
            self.share = max(SHARES, key=lambda share: fits[share])
            self.left_out = written[self.share]

    def write(self, text: str) -> str:
        """A summary, in the order of the text; "" of an empty one."""
        return self._write(text, self.share)

    def _write(self, text: str, share: float) -> str:
        found = sentences(text)[:SENTENCES]
        if not found:
            return ""
        vectors = self._meanings.of(found).astype(np.float64)
        middle = vectors.mean(0)
        central = vectors @ middle / max(float(np.linalg.norm(middle)), 1e-9)
        scores = share * central + (1.0 - share) / (1.0 + np.arange(len(found)))
        chosen: list[int] = []
        length = 0
        while len(chosen) < len(found):
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
