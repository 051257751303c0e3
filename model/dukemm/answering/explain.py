"""The examples that an item is closest to, and the sentences of an explanation."""

from collections.abc import Sequence

import numpy as np

from dukemm.domain.answers import Attribution, ConfirmedExample, Neighbour
from dukemm.domain.encoded import EncodedExample, EncodedItem, excerpt_of
from dukemm.experts.gaussian_kernels import GaussianBlock, LinearBlock
from dukemm.experts.views import FittedViews
from dukemm.versions.family import KnownFamily


def nearest_for(
    examples: Sequence[EncodedItem], items: Sequence[EncodedItem], views: Sequence[FittedViews], count: int
) -> list[list[Neighbour]]:
    """Closest examples: by the cosine of their texts, in a table of numbers by the Gaussian of their distance."""
    if not examples:
        return [[] for _ in items]
    points = ((each, fitted.block) for each in views for fitted in each.blocks if isinstance(fitted.block, GaussianBlock))
    own = next(((v, b) for v, b in points if not isinstance(b, LinearBlock) and b.count == len(examples)), None)
    if own is not None and not any(example.views.text for example in own[0].read(examples)):
        similarities = own[1].compare(own[0].read(items), 1.0)
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
    """Closest confirmed examples of the family, by all views together."""
    similarities = known.similarities(items)
    closest = np.argsort(-similarities, axis=1, kind="stable")[:, :count]
    return [
        [
            (known.records[i], Neighbour(int(i), round(float(similarities[row, i]), 4), known.records[i].excerpt))
            for i in closest[row]
        ]
        for row in range(len(items))
    ]


def neighbours_of(
    examples: Sequence[EncodedExample],
    known: KnownFamily | None,
    items: Sequence[EncodedItem],
    views: Sequence[FittedViews],
    count: int,
) -> list[list[tuple[EncodedExample | ConfirmedExample, Neighbour]]]:
    """The closest of the task's examples and of the family's confirmed ones, each content once."""
    own = nearest_for([example.encoded for example in examples], items, views, count)
    found: list[list[tuple[EncodedExample | ConfirmedExample, Neighbour]]] = [
        [(examples[n.example], n) for n in row] for row in own
    ]
    if known is not None:
        given = {example.digest for example in examples}
        for row, neighbours in zip(found, nearest_records(known, items, count), strict=True):
            row += [(record, neighbour) for record, neighbour in neighbours if record.digest not in given]
    return [sorted(row, key=lambda pair: -pair[1].similarity)[:count] for row in found]


def trained_on(examples: Sequence[EncodedExample], known: KnownFamily | None) -> list[bool]:
    """Whether the family was trained on each example's content."""
    trained = {record.digest for record in known.records} if known else set()
    return [example.digest in trained for example in examples]


def rounded_probability(value: float) -> float:
    """Within 0..1, four digits."""
    return round(min(max(float(value), 0.0), 1.0), 4)


def summary_of(
    words: Sequence[Attribution],
    nearest: Sequence[tuple[EncodedExample | ConfirmedExample, Neighbour]],
    view: str | None,
) -> str:
    """A sentence or two from what was computed; `view` is the one that spoke most, in words."""
    parts: list[str] = []
    if nearest:
        named = ", ".join(f"«{_short(str(example.expected))}» ({found.similarity:.2f})" for example, found in nearest)
        parts.append(f"Closest examples by similarity: {named}.")
    if view:
        parts.append(f"What speaks for it most is {view}.")
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
