"""Which words, values and media spoke for an answer: exact shares where a view is linear, occlusion elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dukemm.domain.answers import Attribution
from dukemm.domain.arrays import Matrix
from dukemm.domain.encoded import EXCERPT_CHARACTERS, EncodedItem
from dukemm.experts.gaussian_kernels import LinearBlock, MediumBlock, NumberBlock, ShapeBlock
from dukemm.experts.kernels import AttributeBlock, CharacterBlock, MeaningBlock, TermBlock, WordBlock
from dukemm.experts.views import FittedBlock, FittedViews, TableScore

#: Comparisons of numbers beyond which they are explained by the slope of the score, in one step.
MAX_OCCLUSIONS = 20_000_000
#: Longest word that an explanation names whole.
MAX_WORD_CHARACTERS = 24
#: Thai, Lao, Burmese, Khmer, Japanese and Chinese.
_WITHOUT_BLANKS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
VIEW_NAMES = {
    MeaningBlock: "its meaning",
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
    """Which output's score an explanation is of: `plus` over `minus`, (m,) each; `scale` is log-odds per score."""

    plus: np.ndarray
    minus: np.ndarray | None
    scale: float

    def of(self, table: Matrix, row: int) -> Matrix:
        """One column of a (…, outputs) table for an item: the difference that decided."""
        against = 0.0 if self.minus is None else table[..., self.minus[row]]
        return self.scale * (table[..., self.plus[row]] - against)


def words_for(
    views: Sequence[FittedViews], items: Sequence[EncodedItem], direction: Direction, count: int
) -> list[list[Attribution]]:
    """The `count` strongest words and values of each item, strongest first; what several views say is added up."""
    found: list[list[Attribution]] = [[] for _ in items]
    for each in views:
        read = each.read(items)
        for fitted in each.blocks:
            if isinstance(fitted.block, TermBlock):
                _add_terms(found, fitted, fitted.block, read, direction, count)
            elif isinstance(fitted.block, NumberBlock):
                _add_numbers(found, fitted, fitted.block, read, direction)
            elif isinstance(fitted.block, MediumBlock):
                _add_medium(found, fitted, fitted.block, read, direction)
        for table in each.tables:
            _add_columns(found, table, read, direction)
    return [strongest(_added_up(words), count) for words in found]


def strongest(words: Sequence[Attribution], count: int) -> list[Attribution]:
    """Those of the largest weights, for or against."""
    return sorted(words, key=lambda w: (-abs(w.weight), w.word))[:count]


def strongest_view(views: Sequence[FittedViews], items: Sequence[EncodedItem], direction: Direction) -> list[str | None]:
    """Which view spoke most for each answer, in words; None where only trees or the network did."""
    scores = []
    for each in views:
        read = each.read(items)
        scores += [(VIEW_NAMES[type(fitted.block)], fitted.scores(read)) for fitted in each.blocks]
        for table in each.tables:
            scores.append((VIEW_NAMES[NumberBlock], table.of_rows(table.block.standardise(table.block.table(read)))))
    return [
        max(((float(direction.of(table[row], row)), name) for name, table in scores), default=(0.0, None))[1]
        for row in range(len(items))
    ]


def _add_terms(
    found: list[list[Attribution]],
    fitted: FittedBlock,
    block: TermBlock,
    items: Sequence[EncodedItem],
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
                term, share = str(block.names[terms[i]]), round(float(shares[i]), 4)
                if isinstance(block, CharacterBlock):
                    words.append(Attribution(_word_around(term, items[row].views.text), share))
                    continue
                name, _, value = term.rpartition("=")
                words.append(Attribution((value or name)[:EXCERPT_CHARACTERS], share, name or None))


def _word_around(run: str, text: str) -> str:
    """The first word of the text that holds a run of characters; the run itself where words are not set apart by blanks."""
    wanted = run.strip()
    if _WITHOUT_BLANKS.search(wanted):
        return wanted
    word = next((word for word in text.lower().split() if wanted in word), wanted)
    return word if len(word) <= MAX_WORD_CHARACTERS else wanted


def _add_numbers(
    found: list[list[Attribution]],
    fitted: FittedBlock,
    block: NumberBlock,
    items: Sequence[EncodedItem],
    direction: Direction,
) -> None:
    """By occlusion: how far the score falls when one number is the mean of the examples."""
    values = block.standardise(block.table(items))
    if values.size * block.count > MAX_OCCLUSIONS:
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
    found: list[list[Attribution]],
    fitted: FittedBlock,
    block: NumberBlock,
    items: Sequence[EncodedItem],
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


def _add_columns(
    found: list[list[Attribution]], table: TableScore, items: Sequence[EncodedItem], direction: Direction
) -> None:
    """By occlusion, as `_add_numbers`, of a score over standardised rows."""
    values = table.block.standardise(table.block.table(items))
    whole = table.of_rows(values)
    for column, name in enumerate(table.block.columns):
        occluded = values.copy()
        occluded[:, column] = 0.0
        change = whole - table.of_rows(occluded)
        for row, words in enumerate(found):
            _add_number(words, items[row], name, float(direction.of(change[row], row)))


def _add_number(words: list[Attribution], item: EncodedItem, name: str, share: float) -> None:
    if abs(share) <= 1e-9:
        return
    if name in item.views.numbers:
        words.append(Attribution(f"{item.views.numbers[name]:g}", round(share, 4), name))
    elif name in item.views.attributes:
        field, _, value = name.rpartition("=")
        words.append(Attribution(value, round(share, 4), field))


def _add_medium(
    found: list[list[Attribution]],
    fitted: FittedBlock,
    block: MediumBlock,
    items: Sequence[EncodedItem],
    direction: Direction,
) -> None:
    """How far the score falls when the picture or sound is the mean of the examples'."""
    usual = np.zeros((1, len(block.mean)))
    change = fitted.of_kernel(block.compare(items, fitted.width)) - fitted.of_kernel(block.kernel(usual, fitted.width))
    for row, words in enumerate(found):
        if block.medium in items[row].media:
            share = round(float(direction.of(change[row], row)), 4)
            words.append(Attribution(DESCRIPTOR_NAMES.get(block.descriptor, block.descriptor), share, block.medium))


def _added_up(words: Sequence[Attribution]) -> list[Attribution]:
    sums: dict[tuple[str, str | None], float] = {}
    for word in words:
        sums[word.word, word.field] = sums.get((word.word, word.field), 0.0) + word.weight
    return [Attribution(word, round(weight, 4), field) for (word, field), weight in sums.items()]
