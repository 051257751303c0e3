"""Nearest examples of an item, and the summary of an explanation."""

from collections.abc import Sequence

import numpy as np

from dukemm.domain.answers import Attribution, ConfirmedExample, Neighbour
from dukemm.domain.encoded import EncodedExample, EncodedItem, excerpt_of
from dukemm.experts.gaussian_kernels import GaussianBlock, LinearBlock
from dukemm.experts.views import FittedViews
from dukemm.versions.family import KnownFamily


def nearest_examples(
    examples: Sequence[EncodedItem], items: Sequence[EncodedItem], views: Sequence[FittedViews], count: int
) -> list[list[Neighbour]]:
    """The `count` most similar examples of each item.

    Similarity is the cosine of embeddings, or the Gaussian kernel of standardised rows for a table without text.
    """
    if not examples:
        return [[] for _ in items]
    blocks = ((family, view.block) for family in views for view in family.blocks if isinstance(view.block, GaussianBlock))
    own = next(((f, b) for f, b in blocks if not isinstance(b, LinearBlock) and b.count == len(examples)), None)
    if own is not None and not any(example.views.text for example in own[0].read(examples)):
        family, block = own
        similarities = block.compare(family.read(items), 1.0)
    else:
        vectors = np.stack([example.vector for example in examples]).astype(np.float64)
        similarities = np.clip(np.stack([item.vector for item in items]).astype(np.float64) @ vectors.T, -1.0, 1.0)
    closest = np.argsort(-similarities, axis=1, kind="stable")[:, :count]
    return [
        [Neighbour(int(i), round(float(similarities[row, i]), 4), excerpt_of(examples[i])) for i in closest[row]]
        for row in range(len(items))
    ]


def nearest_records(
    known: KnownFamily, items: Sequence[EncodedItem], count: int
) -> list[list[tuple[ConfirmedExample, Neighbour]]]:
    """The `count` most similar confirmed examples of the family, by all views together."""
    similarities = known.similarities(items)
    closest = np.argsort(-similarities, axis=1, kind="stable")[:, :count]
    return [
        [
            (known.records[i], Neighbour(int(i), round(float(similarities[row, i]), 4), known.records[i].excerpt))
            for i in closest[row]
        ]
        for row in range(len(items))
    ]


def nearest_neighbours(
    examples: Sequence[EncodedExample],
    known: KnownFamily | None,
    items: Sequence[EncodedItem],
    views: Sequence[FittedViews],
    count: int,
) -> list[list[tuple[EncodedExample | ConfirmedExample, Neighbour]]]:
    """The `count` nearest of the task's examples and the family's confirmed ones, without duplicate contents."""
    own = nearest_examples([example.encoded for example in examples], items, views, count)
    found: list[list[tuple[EncodedExample | ConfirmedExample, Neighbour]]] = [
        [(examples[n.example], n) for n in row] for row in own
    ]
    if known is not None:
        own_digests = {example.digest for example in examples}
        for row, neighbours in zip(found, nearest_records(known, items, count), strict=True):
            row += [(record, neighbour) for record, neighbour in neighbours if record.digest not in own_digests]
    return [sorted(row, key=lambda pair: -pair[1].similarity)[:count] for row in found]


def was_trained_on(examples: Sequence[EncodedExample], known: KnownFamily | None) -> list[bool]:
    """For each example, whether the family was trained on the same content."""
    trained = {record.digest for record in known.records} if known else set()
    return [example.digest in trained for example in examples]


def rounded_probability(value: float) -> float:
    """Clip to 0..1 and round to four digits."""
    return round(min(max(float(value), 0.0), 1.0), 4)


def summarise_explanation(
    words: Sequence[Attribution],
    nearest: Sequence[tuple[EncodedExample | ConfirmedExample, Neighbour]],
    view: str | None,
) -> str:
    """One to four sentences about nearest examples and words; `view`: name of the strongest view."""
    parts: list[str] = []
    if nearest:
        named = ", ".join(f"«{_short(str(example.expected))}» ({found.similarity:.2f})" for example, found in nearest)
        parts.append(f"Closest examples by similarity: {named}.")
    if view:
        parts.append(f"The strongest evidence is {view}.")
    for what, chosen in (("For", [w for w in words if w.weight > 0]), ("Against", [w for w in words if w.weight < 0])):
        if chosen:
            parts.append(f"{what} it: " + ", ".join(_named(word) for word in chosen[:3]) + ".")
    if not nearest:
        parts.insert(0, "Chosen by the meaning of the labels: the task has no examples.")
    return " ".join(parts)


def _named(word: Attribution) -> str:
    return f"{_short(word.field)} {_short(word.word)}" if word.field else f"«{_short(word.word)}»"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
