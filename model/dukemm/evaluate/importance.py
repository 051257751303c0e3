"""Permutation importance: fall of a family's score if a field's values are permuted among its items.

Breiman, "Random forests", 2001, section 10; rows without the field take part. Rows, fields and families are bounded, and
after a time limit no further family is started.
"""

import dataclasses
import re
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dukemm.contract.unusable import Unusable
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import Item
from dukemm.domain.outcomes import Outcome
from dukemm.evaluate.judged import JudgedAnswer
from dukemm.evaluate.scores import rounded

#: Most rows per family; most fields per family, the most often filled; permutations per field; most families, the largest;
#: most characters of an item.
MAX_ROWS = 200
MAX_FIELDS = 20
REPEATS = 3
MAX_FAMILIES = 20
MAX_ITEM_CHARACTERS = 100_000
#: Longest cell that counts as a category; longer ones are texts.
MAX_CATEGORY_CHARACTERS = 80

_NUMBER = re.compile(r"\s*[+-]?\d*\.?\d+(?:[eE][+-]?\d+)?\s*")

#: Rows → the candidate's judged answers, in order.
Ask = Callable[[Sequence[Outcome]], list[JudgedAnswer]]


@dataclass(frozen=True)
class Importance:
    """Importance of one field, or of all fields of one type; see `FieldImportance` in contracts/learning/evaluation.ts."""

    field: str
    importance: float
    spread: float
    items: int

    def to_dict(self) -> dict[str, Any]:
        """JSON for metrics.json."""
        return rounded(dataclasses.asdict(self))


class Sample:
    """Uniform sample of at most MAX_ROWS rows per family (Vitter's algorithm R), seeded."""

    def __init__(self, families: Sequence[str], seed: int) -> None:
        self.rows: dict[str, list[Outcome]] = {family: [] for family in families}
        self._seen: Counter[str] = Counter()
        self._random = {family: np.random.default_rng([seed, zlib.crc32(family.encode())]) for family in families}

    def add(self, row: Outcome) -> None:
        """Offer a row; refused and oversized rows are ignored."""
        sample = self.rows.get(row.family)
        if sample is None or row.refused or sum(len(str(cell)) for cell in row.item.fields.values()) > MAX_ITEM_CHARACTERS:
            return
        self._seen[row.family] += 1
        if len(sample) < MAX_ROWS:
            sample.append(row)
        elif (index := int(self._random[row.family].integers(self._seen[row.family]))) < MAX_ROWS:
            sample[index] = row


def field_importance(rows: Sequence[Outcome], ask: Ask, seed: int) -> tuple[list[Importance], list[Importance]]:
    """Importance of each field and of each field type of one family, largest first."""
    sorts = _sorts(rows)
    groups: dict[str, list[str]] = defaultdict(list)
    for name, sort in sorts.items():
        groups[sort].append(name)
    rng = np.random.default_rng(seed)
    score = _score(rows, ask(rows))
    single = {name: _permute(rows, [name], ask, score, rng) for name in sorts}
    fields = [Importance(name, *fall, len(rows)) for name, fall in single.items()]
    grouped = {
        sort: single[names[0]] if len(names) == 1 else _permute(rows, names, ask, score, rng)
        for sort, names in groups.items()
    }
    return _ordered(fields), _ordered([Importance(sort, *fall, len(rows)) for sort, fall in grouped.items()])


def importances(
    sample: Sample, ask: Ask, seed: int, seconds: float, unusable: Unusable
) -> tuple[dict[str, list[Importance]], list[Importance]]:
    """Importance by family, and by field type over all families, weighted by rows.

    `seconds`: time after which no further family is started. A family that fails is recorded in `unusable`.
    """
    end = time.monotonic() + seconds
    found: dict[str, list[Importance]] = {}
    sorts: dict[str, list[Importance]] = defaultdict(list)
    for family, rows in sample.rows.items():
        if len(rows) < 2 or time.monotonic() > end:
            continue
        try:
            fields, by_sort = field_importance(rows, ask, seed)
        except DukeMMError:
            raise
        except Exception as error:
            unusable.broken(family, "the importance of its fields could not be measured", error, len(rows))
            continue
        found[family] = fields
        for one in by_sort:
            sorts[one.field].append(one)
    return found, _ordered([_mean(sort, parts) for sort, parts in sorts.items()])


def _mean(sort: str, parts: Sequence[Importance]) -> Importance:
    items = np.array([part.items for part in parts])
    shares = items / items.sum()
    mean = float(shares @ [part.importance for part in parts])
    spread = float(np.sqrt((shares**2) @ [part.spread**2 for part in parts]))
    return Importance(sort, mean, spread, int(items.sum()))


def _sorts(rows: Sequence[Outcome]) -> dict[str, str]:
    """Predominant type of each field, for the MAX_FIELDS most often filled, sorted by name."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for name, cell in row.item.fields.items():
            if cell is not None:
                seen[name][_sort(cell)] += 1
        for name, medium in row.item.media.items():
            seen[name][medium.file_type] += 1
    often = sorted(seen, key=lambda name: (-seen[name].total(), name))[:MAX_FIELDS]
    return {name: min(seen[name], key=lambda sort: (-seen[name][sort], sort)) for name in sorted(often)}


def _sort(cell: str | float | int | bool) -> str:
    if not isinstance(cell, str) or (len(cell) <= 64 and _NUMBER.fullmatch(cell)):
        return "number"
    return "category" if len(cell) <= MAX_CATEGORY_CHARACTERS else "text"


def _permute(
    rows: Sequence[Outcome], names: Sequence[str], ask: Ask, score: float, rng: np.random.Generator
) -> tuple[float, float]:
    """Mean and standard deviation of the fall of the score over REPEATS permutations of these fields."""
    falls = []
    for _ in range(REPEATS):
        order = rng.permutation(len(rows))
        falls.append(
            score - _score(rows, ask([_replace_fields(row, rows[i], names) for row, i in zip(rows, order, strict=True)]))
        )
    return float(np.mean(falls)), float(np.std(falls, ddof=1))


def _replace_fields(row: Outcome, other: Outcome, names: Sequence[str]) -> Outcome:
    """Replace the row's values in these fields by the other row's, including missing ones."""
    fields = {name: cell for name, cell in row.item.fields.items() if name not in names}
    media = {name: medium for name, medium in row.item.media.items() if name not in names}
    fields |= {name: other.item.fields[name] for name in names if name in other.item.fields}
    media |= {name: other.item.media[name] for name in names if name in other.item.media}
    return dataclasses.replace(row, item=Item(row.item.id, fields, media))


def _score(rows: Sequence[Outcome], answers: Sequence[JudgedAnswer]) -> float:
    """Accuracy, R² (at least −1) for numbers, or mean word F1 for texts."""
    if rows[0].kind == "generation":
        return float(np.mean([one.token_f1 or 0.0 for one in answers]))
    if rows[0].kind == "classification":
        return float(np.mean([one.equal for one in answers]))
    truths = np.array([float(row.expected) for row in rows if row.expected is not None])
    values = np.array([truths.mean() if one.prediction is None else float(one.prediction) for one in answers])
    spread = float(((truths - truths.mean()) ** 2).sum())
    return max(1 - float(((values - truths) ** 2).sum()) / spread, -1.0) if spread else 0.0


def _ordered(found: Sequence[Importance]) -> list[Importance]:
    return sorted(found, key=lambda one: (-one.importance, one.field))
