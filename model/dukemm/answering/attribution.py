"""Attributes an answer to words, values and media: exact shares if a view is linear, occlusion otherwise."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dukemm.domain.answers import Attribution
from dukemm.domain.arrays import Matrix
from dukemm.domain.encoded import EXCERPT_CHARACTERS, EncodedItem
from dukemm.experts.gaussian_kernels import LinearBlock, MediumBlock, NumberBlock, ShapeBlock
from dukemm.experts.kernels import AttributeBlock, CharacterBlock, MeaningBlock, MultilingualBlock, TermBlock, WordBlock
from dukemm.experts.views import FittedBlock, FittedViews, TableScore

#: Most kernel evaluations for occluding numbers; above it they are attributed by the gradient of the score instead.
MAX_OCCLUSIONS = 20_000_000
#: Longest word quoted in full for a run of characters; for a longer one the run itself is quoted.
MAX_WORD_CHARACTERS = 24
#: Scripts without blanks between words: Thai, Lao, Burmese, Khmer, Japanese and Chinese.
_UNSPACED_SCRIPTS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
VIEW_NAMES = {
    MeaningBlock: "its meaning",
    MultilingualBlock: "its meaning",
    WordBlock: "its words",
    CharacterBlock: "its words",
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
class Direction:
    """The score to explain: output `plus` over output `minus`, (m,) indices each; `scale`: log-odds per score."""

    plus: np.ndarray
    minus: np.ndarray | None
    scale: float

    def difference(self, table: Matrix, row: int) -> Matrix:
        """(…, outputs) → (…): scaled difference between the two outputs of item `row`."""
        against = 0.0 if self.minus is None else table[..., self.minus[row]]
        return self.scale * (table[..., self.plus[row]] - against)


def attribute_words(
    views: Sequence[FittedViews], items: Sequence[EncodedItem], direction: Direction, count: int
) -> list[list[Attribution]]:
    """The `count` strongest words and values of each item, strongest first; weights are summed over views."""
    attributions: list[list[Attribution]] = [[] for _ in items]
    for family in views:
        read = family.read(items)
        for fitted in family.blocks:
            if isinstance(fitted.block, TermBlock):
                _add_terms(attributions, fitted, fitted.block, read, direction, count)
            elif isinstance(fitted.block, NumberBlock):
                _add_numbers(attributions, fitted, fitted.block, read, direction)
            elif isinstance(fitted.block, MediumBlock):
                _add_medium(attributions, fitted, fitted.block, read, direction)
        for table in family.tables:
            _add_columns(attributions, table, read, direction)
    return [strongest(_sum_duplicates(words), count) for words in attributions]


def strongest(words: Sequence[Attribution], count: int) -> list[Attribution]:
    """The `count` attributions with the largest absolute weights."""
    return sorted(words, key=lambda w: (-abs(w.weight), w.word))[:count]


def strongest_view(views: Sequence[FittedViews], items: Sequence[EncodedItem], direction: Direction) -> list[str | None]:
    """Name of the view with the highest score for each answer; None if no view supports it."""
    scores = []
    for family in views:
        read = family.read(items)
        scores += [(VIEW_NAMES[type(fitted.block)], fitted.scores(read)) for fitted in family.blocks]
        for table in family.tables:
            scores.append((VIEW_NAMES[NumberBlock], table.score_rows(table.block.standardise(table.block.table(read)))))
    return [
        max(((float(direction.difference(table[row], row)), name) for name, table in scores), default=(0.0, None))[1]
        for row in range(len(items))
    ]


def _add_terms(
    attributions: list[list[Attribution]],
    fitted: FittedBlock,
    block: TermBlock,
    items: Sequence[EncodedItem],
    direction: Direction,
    count: int,
) -> None:
    """Add exact shares: the view is linear in its terms."""
    vectors = block.transform(items)
    weights = (block.examples.T @ fitted.ridge.dual) * (fitted.factor / fitted.centring.scale)
    for row, words in enumerate(attributions):
        terms = vectors.indices[vectors.indptr[row] : vectors.indptr[row + 1]]
        shares = vectors.data[vectors.indptr[row] : vectors.indptr[row + 1]] * direction.difference(weights[terms], row)
        for i in np.argsort(-np.abs(shares), kind="stable")[:count]:
            if shares[i]:
                term, share = str(block.names[terms[i]]), round(float(shares[i]), 4)
                if isinstance(block, CharacterBlock):
                    words.append(Attribution(_word_around(term, items[row].views.text), share))
                    continue
                name, _, value = term.rpartition("=")
                words.append(Attribution((value or name)[:EXCERPT_CHARACTERS], share, name or None))


def _word_around(run: str, text: str) -> str:
    """First word of the text that contains a run of characters; the run itself in scripts without blanks."""
    wanted = run.strip()
    if _UNSPACED_SCRIPTS.search(wanted):
        return wanted
    word = next((word for word in text.lower().split() if wanted in word), wanted)
    return word if len(word) <= MAX_WORD_CHARACTERS else wanted


def _add_numbers(
    attributions: list[list[Attribution]],
    fitted: FittedBlock,
    block: NumberBlock,
    items: Sequence[EncodedItem],
    direction: Direction,
) -> None:
    """Add occlusion shares: the fall of the score if a number is replaced by the examples' mean."""
    values = block.standardise(block.table(items))
    if values.size * block.count > MAX_OCCLUSIONS:
        return _add_numbers_by_slope(attributions, fitted, block, items, direction, values)
    score = fitted.score_kernel(block.kernel(values, fitted.width))
    for column, name in enumerate(block.columns):
        occluded = values.copy()
        occluded[:, column] = 0.0
        change = score - fitted.score_kernel(block.kernel(occluded, fitted.width))
        for row, words in enumerate(attributions):
            _add_number(words, items[row], name, float(direction.difference(change[row], row)))
    return None


def _add_numbers_by_slope(
    attributions: list[list[Attribution]],
    fitted: FittedBlock,
    block: NumberBlock,
    items: Sequence[EncodedItem],
    direction: Direction,
    values: Matrix,
) -> None:
    """Add gradient × distance from the mean: occlusion to first order, for the cost of one evaluation."""
    weights = fitted.ridge.dual * (fitted.factor / fitted.centring.scale)
    dual = np.stack([direction.difference(weights, row) for row in range(len(items))])
    slopes = block.slopes(values, fitted.width, dual - dual.mean(1, keepdims=True))
    for row, words in enumerate(attributions):
        for column, name in enumerate(block.columns):
            _add_number(words, items[row], name, float(slopes[row, column] * values[row, column]))


def _add_columns(
    attributions: list[list[Attribution]], table: TableScore, items: Sequence[EncodedItem], direction: Direction
) -> None:
    """Add occlusion shares, as `_add_numbers`, for an expert that scores standardised rows."""
    values = table.block.standardise(table.block.table(items))
    score = table.score_rows(values)
    for column, name in enumerate(table.block.columns):
        occluded = values.copy()
        occluded[:, column] = 0.0
        change = score - table.score_rows(occluded)
        for row, words in enumerate(attributions):
            _add_number(words, items[row], name, float(direction.difference(change[row], row)))


def _add_number(words: list[Attribution], item: EncodedItem, name: str, share: float) -> None:
    if abs(share) <= 1e-9:
        return
    if name in item.views.numbers:
        words.append(Attribution(f"{item.views.numbers[name]:g}", round(share, 4), name))
    elif name in item.views.attributes:
        field, _, value = name.rpartition("=")
        words.append(Attribution(value, round(share, 4), field))


def _add_medium(
    attributions: list[list[Attribution]],
    fitted: FittedBlock,
    block: MediumBlock,
    items: Sequence[EncodedItem],
    direction: Direction,
) -> None:
    """Add occlusion shares: the fall of the score if a picture or sound is replaced by the examples' mean."""
    mean_descriptor = np.zeros((1, len(block.mean)))
    score = fitted.score_kernel(block.compare(items, fitted.width))
    change = score - fitted.score_kernel(block.kernel(mean_descriptor, fitted.width))
    for row, words in enumerate(attributions):
        if block.medium in items[row].media:
            share = round(float(direction.difference(change[row], row)), 4)
            words.append(Attribution(DESCRIPTOR_NAMES.get(block.descriptor, block.descriptor), share, block.medium))


def _sum_duplicates(words: Sequence[Attribution]) -> list[Attribution]:
    sums: dict[tuple[str, str | None], float] = {}
    for word in words:
        sums[word.word, word.field] = sums.get((word.word, word.field), 0.0) + word.weight
    return [Attribution(word, round(weight, 4), field) for (word, field), weight in sums.items()]
