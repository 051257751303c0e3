"""Permutation importance: how much a family's figures fall when a field's values change places between its items.

Breiman, "Random forests", 2001, section 10; rows with and without the field take part alike. Bounded in rows and fields,
and by a time after which no further family is begun.
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
from dukemm.evaluate.judged import Said
from dukemm.evaluate.scores import rounded

#: Rows of a family, fields of a family, repeats, families (those with most rows), characters of an item.
ROWS = 200
FIELDS = 20
REPEATS = 3
FAMILIES = 20
CHARACTERS = 100_000
#: A text that is longer is read as a text, a shorter one is a category.
CATEGORY_CHARACTERS = 80

_NUMBER = re.compile(r"\s*[+-]?\d*\.?\d+(?:[eE][+-]?\d+)?\s*")

#: What the candidate says about rows, in their order.
Ask = Callable[[Sequence[Outcome]], list[Said]]


@dataclass(frozen=True)
class Importance:
    """Of one field, or of all fields of one sort; see `FieldImportance` in contracts/learning/evaluation.ts."""

    field: str
    importance: float
    spread: float
    items: int

    def to_dict(self) -> dict[str, Any]:
        """As metrics.json holds it."""
        return rounded(dataclasses.asdict(self))


class Sample:
    """At most ROWS rows of each of some families, each row with the same chance (Vitter's algorithm R), seeded."""

    def __init__(self, families: Sequence[str], seed: int) -> None:
        self.rows: dict[str, list[Outcome]] = {family: [] for family in families}
        self._seen: Counter[str] = Counter()
        self._random = {family: np.random.default_rng([seed, zlib.crc32(family.encode())]) for family in families}

    def add(self, row: Outcome) -> None:
        """A row that comes by; refused ones and giants are let pass."""
        kept = self.rows.get(row.family)
        if kept is None or row.refused or sum(len(str(cell)) for cell in row.item.fields.values()) > CHARACTERS:
            return
        self._seen[row.family] += 1
        if len(kept) < ROWS:
            kept.append(row)
        elif (place := int(self._random[row.family].integers(self._seen[row.family]))) < ROWS:
            kept[place] = row


def importance_of(rows: Sequence[Outcome], ask: Ask, seed: int) -> tuple[list[Importance], list[Importance]]:
    """Of each field, and of each sort of fields, of one family; largest first."""
    sorts = _sorts(rows)
    groups: dict[str, list[str]] = defaultdict(list)
    for name, sort in sorts.items():
        groups[sort].append(name)
    rng = np.random.default_rng(seed)
    whole = _score(rows, ask(rows))
    alone = {name: _fall(rows, [name], ask, whole, rng) for name in sorts}
    fields = [Importance(name, *fall, len(rows)) for name, fall in alone.items()]
    together = {
        sort: alone[names[0]] if len(names) == 1 else _fall(rows, names, ask, whole, rng) for sort, names in groups.items()
    }
    return _ordered(fields), _ordered([Importance(sort, *fall, len(rows)) for sort, fall in together.items()])


def importances(
    sample: Sample, ask: Ask, seed: int, seconds: float, unusable: Unusable
) -> tuple[dict[str, list[Importance]], list[Importance]]:
    """By family, and by sort of field over all families, each counting with its rows. `seconds`: no family begins later.

    A family whose fields cannot be weighed is named in `unusable`, and has none.
    """
    end = time.monotonic() + seconds
    found: dict[str, list[Importance]] = {}
    sorts: dict[str, list[Importance]] = defaultdict(list)
    for family, rows in sample.rows.items():
        if len(rows) < 2 or time.monotonic() > end:
            continue
        try:
            fields, by_sort = importance_of(rows, ask, seed)
        except DukeMMError:
            raise
        except Exception as error:
            unusable.broken(family, "its fields could not be weighed", error, len(rows))
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
    """What each field is mostly: the FIELDS that are filled most often, in the order of their names."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for name, cell in row.item.fields.items():
            if cell is not None:
                seen[name][_sort(cell)] += 1
        for name, medium in row.item.media.items():
            seen[name][medium.file_type] += 1
    often = sorted(seen, key=lambda name: (-seen[name].total(), name))[:FIELDS]
    return {name: min(seen[name], key=lambda sort: (-seen[name][sort], sort)) for name in sorted(often)}


def _sort(cell: str | float | int | bool) -> str:
    if not isinstance(cell, str) or (len(cell) <= 64 and _NUMBER.fullmatch(cell)):
        return "number"
    return "category" if len(cell) <= CATEGORY_CHARACTERS else "text"


def _fall(
    rows: Sequence[Outcome], names: Sequence[str], ask: Ask, whole: float, rng: np.random.Generator
) -> tuple[float, float]:
    """Mean and standard deviation over repeats."""
    falls = []
    for _ in range(REPEATS):
        order = rng.permutation(len(rows))
        falls.append(whole - _score(rows, ask([_with(row, rows[i], names) for row, i in zip(rows, order, strict=True)])))
    return float(np.mean(falls)), float(np.std(falls, ddof=1))


def _with(row: Outcome, other: Outcome, names: Sequence[str]) -> Outcome:
    """The row with the other's values in these fields, also where the other has none."""
    fields = {name: cell for name, cell in row.item.fields.items() if name not in names}
    media = {name: medium for name, medium in row.item.media.items() if name not in names}
    fields |= {name: other.item.fields[name] for name in names if name in other.item.fields}
    media |= {name: other.item.media[name] for name in names if name in other.item.media}
    return dataclasses.replace(row, item=Item(row.item.id, fields, media))


def _score(rows: Sequence[Outcome], said: Sequence[Said]) -> float:
    """Share right; of numbers the share of variance explained, not below −1; of texts the mean F1 of words."""
    if rows[0].kind == "generation":
        return float(np.mean([one.token_f1 or 0.0 for one in said]))
    if rows[0].kind == "classification":
        return float(np.mean([one.equal for one in said]))
    truths = np.array([float(row.expected) for row in rows if row.expected is not None])
    values = np.array([truths.mean() if one.prediction is None else float(one.prediction) for one in said])
    spread = float(((truths - truths.mean()) ** 2).sum())
    return max(1 - float(((values - truths) ** 2).sum()) / spread, -1.0) if spread else 0.0


def _ordered(found: Sequence[Importance]) -> list[Importance]:
    return sorted(found, key=lambda one: (-one.importance, one.field))
