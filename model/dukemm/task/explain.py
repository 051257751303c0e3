"""Why an item got its answer: the words and values that spoke for it, and the examples it is closest to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dukemm.learn.known import KnownFamily, Record
from dukemm.task.blocks import AttributeBlock, Encoded, Matrix, MeaningBlock, TermBlock, WordBlock
from dukemm.task.gaussian import GaussianBlock, LinearBlock, MediumBlock, NumberBlock, ShapeBlock
from dukemm.task.views import FittedBlock, FittedViews, TableScore

EXCERPT = 200
#: Comparisons of numbers beyond which they are explained by the slope of the score, in one step.
MOST_OCCLUSIONS = 20_000_000
VIEW_NAMES = {
    MeaningBlock: "its meaning",
    WordBlock: "its words",
    AttributeBlock: "its attributes",
    ShapeBlock: "the way it is written",
    NumberBlock: "its numbers",
    LinearBlock: "its numbers",
    MediumBlock: "how it looks or sounds",
}


DESCRIPTOR_NAMES = {
    "embedding": "what it shows",
    "gradients": "its outlines",
    "pixels": "its light and shade",
    "spectrum": "its sound",
}


@dataclass(frozen=True)
class Word:
    """A word, or the value of a field; a positive weight (in log-odds for labels) speaks for the answer."""

    word: str
    weight: float
    field: str | None = None


@dataclass(frozen=True)
class Neighbour:
    """An example, by its place in the list, and its similarity."""

    example: int
    similarity: float
    excerpt: str


@dataclass(frozen=True)
class Direction:
    """Which output's score an explanation is of: `plus` over `minus`, (m,) each; `scale` is log-odds per score."""

    plus: np.ndarray
    minus: np.ndarray | None
    scale: float

    def of(self, table: Matrix, row: int) -> Matrix:
        """One column of a (…, outputs) table for an item: the difference that decided."""
        against = 0.0 if self.minus is None else table[..., self.minus[row]]
        return self.scale * (table[..., self.plus[row]] - against)


def words_for(views: Sequence[FittedViews], items: Sequence[Encoded], direction: Direction, count: int) -> list[list[Word]]:
    """The `count` strongest words and values of each item, strongest first; what several views say is added up."""
    found: list[list[Word]] = [[] for _ in items]
    for fitted in _blocks(views):
        if isinstance(fitted.block, TermBlock):
            _add_terms(found, fitted, fitted.block, items, direction, count)
        elif isinstance(fitted.block, NumberBlock):
            _add_numbers(found, fitted, fitted.block, items, direction)
        elif isinstance(fitted.block, MediumBlock):
            _add_medium(found, fitted, fitted.block, items, direction)
    for table in (table for each in views for table in each.tables):
        _add_columns(found, table, items, direction)
    return [strongest(_added_up(words), count) for words in found]


def strongest(words: Sequence[Word], count: int) -> list[Word]:
    """Those of the largest weights, for or against."""
    return sorted(words, key=lambda w: (-abs(w.weight), w.word))[:count]


def strongest_view(views: Sequence[FittedViews], items: Sequence[Encoded], direction: Direction) -> list[str | None]:
    """Which view spoke most for each answer, in words; None where only trees or the network did."""
    scores = [(VIEW_NAMES[type(fitted.block)], fitted.scores(items)) for fitted in _blocks(views)]
    for table in (table for each in views for table in each.tables):
        scores.append((VIEW_NAMES[NumberBlock], table.of_rows(table.block.standardise(table.block.table(items)))))
    return [
        max(((float(direction.of(table[row], row)), name) for name, table in scores), default=(0.0, None))[1]
        for row in range(len(items))
    ]


def nearest_for(
    examples: Sequence[Encoded], items: Sequence[Encoded], views: Sequence[FittedViews], count: int
) -> list[list[Neighbour]]:
    """Closest examples: by the cosine of their texts, in a table of numbers by the Gaussian of their distance."""
    if not examples:
        return [[] for _ in items]
    points = [f for f in _blocks(views) if isinstance(f.block, GaussianBlock) and not isinstance(f.block, LinearBlock)]
    own = next((f.block for f in points if f.block.count == len(examples)), None)
    if own is not None and not any(example.views.text for example in examples):
        similarities = own.compare(items, 1.0)
    else:
        vectors = np.stack([example.vector for example in examples]).astype(np.float64)
        similarities = np.clip(np.stack([item.vector for item in items]).astype(np.float64) @ vectors.T, -1.0, 1.0)
    closest = np.argsort(-similarities, axis=1, kind="stable")[:, :count]
    return [
        [Neighbour(int(i), round(float(similarities[row, i]), 4), _excerpt(examples[i])) for i in closest[row]]
        for row in range(len(items))
    ]


def nearest_records(known: KnownFamily, items: Sequence[Encoded], count: int) -> list[list[tuple[Record, Neighbour]]]:
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


def summary_of(words: Sequence[Word], nearest: Sequence[tuple[str, float]], view: str | None) -> str:
    """A sentence or two from what was computed. `nearest` are answer and similarity of the closest examples."""
    parts: list[str] = []
    if nearest:
        named = ", ".join(f"«{_short(expected)}» ({similarity:.2f})" for expected, similarity in nearest)
        parts.append(f"Closest examples by similarity: {named}.")
    if view:
        parts.append(f"What speaks for it most is {view}.")
    for what, chosen in (("For", [w for w in words if w.weight > 0]), ("Against", [w for w in words if w.weight < 0])):
        if chosen:
            parts.append(f"{what} it: " + ", ".join(_named(word) for word in chosen[:3]) + ".")
    if not nearest:
        parts.insert(0, "Chosen by the meaning of the labels: the task has no examples.")
    return " ".join(parts)


def _add_terms(
    found: list[list[Word]],
    fitted: FittedBlock,
    block: TermBlock,
    items: Sequence[Encoded],
    direction: Direction,
    count: int,
) -> None:
    """Exact shares: the view is linear in its terms, so each has its own part of the score."""
    vectors = block.transform(items)
    weights = (block.examples.T @ fitted.ridge.dual) * (fitted.factor / fitted.centring.scale)
    for row, words in enumerate(found):
        terms = vectors.indices[vectors.indptr[row] : vectors.indptr[row + 1]]
        shares = vectors.data[vectors.indptr[row] : vectors.indptr[row + 1]] * direction.of(weights[terms], row)
        for i in np.argsort(-np.abs(shares), kind="stable")[:count]:
            if shares[i]:
                name, _, value = str(block.names[terms[i]]).rpartition("=")
                words.append(Word((value or name)[:EXCERPT], round(float(shares[i]), 4), name or None))


def _add_numbers(
    found: list[list[Word]], fitted: FittedBlock, block: NumberBlock, items: Sequence[Encoded], direction: Direction
) -> None:
    """By occlusion: how far the score falls when one number is the mean of the examples."""
    values = block.standardise(block.table(items))
    if values.size * block.count > MOST_OCCLUSIONS:
        return _add_numbers_by_slope(found, fitted, block, items, direction, values)
    whole = fitted.of_kernel(block.kernel(values, fitted.width))
    for column, name in enumerate(block.columns):
        occluded = values.copy()
        occluded[:, column] = 0.0
        change = whole - fitted.of_kernel(block.kernel(occluded, fitted.width))
        for row, words in enumerate(found):
            _add_number(words, items[row], name, float(direction.of(change[row], row)))
    return None


def _add_numbers_by_slope(
    found: list[list[Word]],
    fitted: FittedBlock,
    block: NumberBlock,
    items: Sequence[Encoded],
    direction: Direction,
    values: Matrix,
) -> None:
    """Slope of the score times the distance from the mean: what occlusion is to the first order, at the price of one."""
    weights = fitted.ridge.dual * (fitted.factor / fitted.centring.scale)
    decisive = np.stack([direction.of(weights, row) for row in range(len(items))])
    slopes = block.slopes(values, fitted.width, decisive - decisive.mean(1, keepdims=True))
    for row, words in enumerate(found):
        for column, name in enumerate(block.columns):
            _add_number(words, items[row], name, float(slopes[row, column] * values[row, column]))


def _add_columns(found: list[list[Word]], table: TableScore, items: Sequence[Encoded], direction: Direction) -> None:
    """By occlusion, as `_add_numbers`, of a score over standardised rows."""
    values = table.block.standardise(table.block.table(items))
    whole = table.of_rows(values)
    for column, name in enumerate(table.block.columns):
        occluded = values.copy()
        occluded[:, column] = 0.0
        change = whole - table.of_rows(occluded)
        for row, words in enumerate(found):
            _add_number(words, items[row], name, float(direction.of(change[row], row)))


def _add_number(words: list[Word], item: Encoded, name: str, share: float) -> None:
    if abs(share) <= 1e-9:
        return
    if name in item.views.numbers:
        words.append(Word(f"{item.views.numbers[name]:g}", round(share, 4), name))
    elif name in item.views.attributes:
        field, _, value = name.rpartition("=")
        words.append(Word(value, round(share, 4), field))


def _add_medium(
    found: list[list[Word]], fitted: FittedBlock, block: MediumBlock, items: Sequence[Encoded], direction: Direction
) -> None:
    """How far the score falls when the picture or sound is the mean of the examples'."""
    usual = np.zeros((1, len(block.mean)))
    change = fitted.of_kernel(block.compare(items, fitted.width)) - fitted.of_kernel(block.kernel(usual, fitted.width))
    for row, words in enumerate(found):
        if block.medium in items[row].media:
            share = round(float(direction.of(change[row], row)), 4)
            words.append(Word(DESCRIPTOR_NAMES.get(block.descriptor, block.descriptor), share, block.medium))


def _added_up(words: Sequence[Word]) -> list[Word]:
    sums: dict[tuple[str, str | None], float] = {}
    for word in words:
        sums[word.word, word.field] = sums.get((word.word, word.field), 0.0) + word.weight
    return [Word(word, round(weight, 4), field) for (word, field), weight in sums.items()]


def _blocks(views: Sequence[FittedViews]) -> list[FittedBlock]:
    return [fitted for each in views for fitted in each.blocks]


def excerpt_of(item: Encoded) -> str:
    """The beginning of what the text encoder reads of an item."""
    return _excerpt(item)


def _excerpt(item: Encoded) -> str:
    text = item.views.meaning
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"


def _named(word: Word) -> str:
    return f"{_short(word.field)} {_short(word.word)}" if word.field else f"«{_short(word.word)}»"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
