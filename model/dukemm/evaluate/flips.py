"""Changes from production to the candidate over explicitly reviewed items.

Automatic acceptance confirms whatever was served, usually production's answer, so a candidate could only lose. Such labels
count in the metrics of each version, not in comparisons.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dukemm.evaluate.pairs import Pairs, differences
from dukemm.evaluate.scores import rounded
from dukemm.evaluate.table import KINDS, Table
from dukemm.evaluate.worse import relative_flips

#: Most ids of positive and of negative flips in a report.
MAX_LISTED_IDS = 20


def build_pairs(tables: Sequence[Table]) -> Pairs | None:
    """Pairs of answers to explicitly reviewed items; None without a version in production."""
    if any(table.production is None for table in tables):
        return None
    parts = [_pairs(number, table) for number, table in enumerate(tables)]
    if not parts:
        ints, bools = np.zeros(0, np.int64), np.zeros(0, bool)
        return Pairs(ints, ints, ints, ints, bools, bools, ints, ints)
    return Pairs(*(np.concatenate([getattr(part, name) for part in parts]) for name in Pairs.__dataclass_fields__))


def _pairs(number: int, table: Table) -> Pairs:
    production = table.production
    assert production is not None
    rows = table.by_word
    candidate_right, production_right = table.candidate.right[rows], production.right[rows]
    errors = np.stack([table.candidate.error[rows], production.error[rows]], axis=1)
    # A missing number counts as an infinite error; `differences` clips it at one deviation.
    unanswered = np.isnan(errors) & (table.kind[rows] == KINDS.index("regression"))[:, None]
    errors = np.where(unanswered, np.inf, errors)
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


def count_flips(pairs: Pairs | None) -> dict[str, Any] | None:
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
    """The first ids of negative and of positive flips."""
    production = table.production
    assert production is not None
    now, before = table.candidate.right, production.right

    def first(rows: np.ndarray) -> list[str]:
        return [ids[i] for i in np.flatnonzero(rows & table.by_word)[:MAX_LISTED_IDS]]

    return {"negative_ids": first(before & ~now), "positive_ids": first(now & ~before)}
