"""What a version earns: the prices of items, less the refunds of wrong answers.

An item costs its buyer a share of its task's price, which is refunded if the answer is wrong. Serving costs both versions
the same, since they share encoders and container, and does not count. Only explicit verdicts count, as in the gate.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dukemm.evaluate.gate import Rule
from dukemm.evaluate.paired import exchangeable_units, sign_flip_p_value
from dukemm.evaluate.table import Bools, Column, Table, stack
from dukemm.evaluate.worse import ALPHA

#: Differences of money are rounded to this many steps of the largest one: the exact test counts in integers, and its time
#: grows with their sum.
STEPS = 100


def _priced(table: Table) -> Bools:
    """Rows with an explicit verdict and a price. Outcomes of earlier releases have none."""
    return table.by_word & (table.price > 0)


def measure_revenue(table: Table, column: Column) -> dict[str, Any] | None:
    """Measure `Revenue` (contracts/learning/scores.ts) of one version; None without priced rows."""
    rows = _priced(table)
    if not rows.any():
        return None
    price = table.price[rows]
    earned = float((price * column.right[rows]).sum())
    return {
        "items": int(rows.sum()),
        "net_satoshis_per_item": earned / int(rows.sum()),
        "refund_rate": 1 - earned / float(price.sum()),
    }


def revenue_rule(tables: Sequence[Table], *, decisive: bool) -> Rule | None:
    """The candidate must not earn less than production, beyond noise; None if nothing can be compared.

    An exact test by sign flips of the money per task, like the gate's other rules. The level is ALPHA.
    """
    table = stack(tables)
    rows = _priced(table)
    if table.production is None or not rows.any():
        return None
    candidate, production = (measure_revenue(table, column) for column in (table.candidate, table.production))
    assert candidate is not None and production is not None
    money = table.price[rows] * (table.candidate.right[rows].astype(float) - table.production.right[rows])
    by_task = np.bincount(table.task[rows], weights=money)
    scale = max(float(np.abs(by_task).max()), float(np.abs(money).max())) / STEPS
    steps = np.round(money / scale).astype(np.int64) if scale > 0 else np.zeros(len(money), np.int64)
    units = exchangeable_units(steps, table.task[rows])
    p = sign_flip_p_value(units, -int(units.sum())) if len(units) else 1.0
    before, after = production["net_satoshis_per_item"], candidate["net_satoshis_per_item"]
    detail = (
        f"of {candidate['items']:,} items the candidate earns {after:,.0f} satoshis each after refunds, production "
        f"{before:,.0f}; refunds are {100 * candidate['refund_rate']:.1f} % instead of "
        f"{100 * production['refund_rate']:.1f} %; test for a loss: p = {p:.4f}, limit {ALPHA}"
    )
    numbers = {
        "items": candidate["items"],
        "candidate_net": after,
        "production_net": before,
        "candidate_refund_rate": candidate["refund_rate"],
        "production_refund_rate": production["refund_rate"],
        "p": p,
    }
    return Rule("revenue", p > ALPHA, detail, numbers, decisive)
