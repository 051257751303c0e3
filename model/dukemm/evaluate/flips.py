"""What changed from production to the candidate, over the items that the buyer judged by word.

Silence confirms whatever was served: where production said it, a candidate could only lose. So silent labels count in the
figures of each version, and never between the two.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dukemm.evaluate.pairs import Pairs, differences
from dukemm.evaluate.scores import rounded
from dukemm.evaluate.table import KINDS, Table
from dukemm.evaluate.worse import relative_flips

#: Ids of each sort in a report.
SHOWN = 20


def pairs_of(tables: Sequence[Table]) -> Pairs | None:
    """The rows that count between the versions; None where there is only one."""
    if any(table.production is None for table in tables):
        return None
    parts = [_pairs(number, table) for number, table in enumerate(tables)]
    if not parts:
        whole, no = np.zeros(0, np.int64), np.zeros(0, bool)
        return Pairs(whole, whole, whole, whole, no, no, whole, whole)
    return Pairs(*(np.concatenate([getattr(part, name) for part in parts]) for name in Pairs.__dataclass_fields__))


def _pairs(number: int, table: Table) -> Pairs:
    production = table.production
    assert production is not None
    rows = table.by_word
    candidate_right, production_right = table.candidate.right[rows], production.right[rows]
    errors = np.stack([table.candidate.error[rows], production.error[rows]], axis=1)
    # Who has no number is as far away as who is off by a deviation more.
    silent = np.isnan(errors) & (table.kind[rows] == KINDS.index("regression"))[:, None]
    errors = np.where(silent, np.inf, errors)
    return Pairs(
        np.full(int(rows.sum()), number),
        table.label[rows],
        table.task[rows],
        differences(candidate_right, production_right, errors),
        candidate_right,
        production_right,
        table.candidate.label[rows],
        production.label[rows],
    )


def flips_of(pairs: Pairs | None) -> dict[str, Any] | None:
    """`Flips` of contracts/learning/evaluation.ts."""
    if pairs is None:
        return None
    return rounded(
        {
            "items": len(pairs),
            "negative": int((pairs.production_right & ~pairs.candidate_right).sum()),
            "positive": int((~pairs.production_right & pairs.candidate_right).sum()),
            "relative": relative_flips(pairs.candidate_right, pairs.production_right),
        }
    )


def flipped_ids(table: Table, ids: Sequence[str]) -> dict[str, list[str]]:
    """The first ids of either sort."""
    production = table.production
    assert production is not None
    now, before = table.candidate.right, production.right

    def first(rows: np.ndarray) -> list[str]:
        return [ids[i] for i in np.flatnonzero(rows & table.by_word)[:SHOWN]]

    return {"negative_ids": first(before & ~now), "positive_ids": first(now & ~before)}
