"""An answer in words with what is known of how it came about."""

import re
from dataclasses import dataclass

from dukemm.domain.answers import Attribution
from dukemm.domain.encoded import EXCERPT_CHARACTERS
from dukemm.extraction.copying import Copy
from dukemm.extraction.similarity import words


@dataclass(frozen=True)
class Made:
    """An answer, how sure it is, what of the item spoke for it, and how it was found."""

    text: str
    confidence: float
    words: list[Attribution]
    reason: str


def copied(copy: Copy) -> Made:
    """Shares of what spoke for a copy, added up by what they are of."""
    if copy.chosen is None:
        return Made("", copy.probability, [], "The item has no text to copy from.")
    chosen = copy.chosen
    named = {
        "cue": chosen.cue or chosen.field,
        "value": copy.value,
        "place": chosen.context,
    }
    weights = dict.fromkeys(named, 0.0)
    for name, share in copy.shares.items():
        weights[_part(name)] += share
    spoken = [
        Attribution(named[part][:EXCERPT_CHARACTERS], round(weight, 4), chosen.field or None)
        for part, weight in sorted(weights.items(), key=lambda pair: -abs(pair[1]))
        if abs(weight) > 1e-6 and named[part]
    ]
    where = f"after «{chosen.cue[:60]}»" if chosen.cue else "at its usual place"
    return Made(copy.value, copy.probability, spoken, f"Copied from {chosen.field or 'the item'}, {where}.")


def _part(name: str) -> str:
    if re.match(r"cue|every word|before|after|above|path|beside|field", name):
        return "cue"
    return "value" if re.match(r"type|shape|length|kind|leaf|value|typed|whole|run of|words that", name) else "place"


def grounded(text: str, source: str) -> list[Attribution]:
    """Words of an answer that stand in the item, each with its share of the answer."""
    own = words(text)
    there = set(words(source))
    counts = {word: own.count(word) for word in dict.fromkeys(own) if word in there and len(word) > 3}
    return [Attribution(w, round(n / len(own), 4)) for w, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]
