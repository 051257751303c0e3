"""The study «parts»: a composed item beside each of its parts alone, and beside each two of them."""

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from benchmarks.contenders.learner import Learner, Task
from benchmarks.data.domains.mixed import PARTS
from benchmarks.data.rows import Domain, Row
from benchmarks.studies import measures
from dukemm.domain.items import Item

#: Labels that are learned from.
LABELS = 1000


def only(item: Item, parts: Sequence[str]) -> Item:
    """The item with some of its parts; it keeps its id."""
    fields = {
        name: value for name, value in item.fields.items() if ("text" if isinstance(value, str) else "numbers") in parts
    }
    return replace(item, fields=fields, media=item.media if "picture" in parts else {})


def measure_parts(domain: Domain, train: Sequence[Row], learner: Learner, seed: int) -> dict[str, Any]:
    """Figures by what the learner is shown of the items, both when it learns and when it is asked."""
    variants, fit_seconds = {}, 0.0
    for parts in (parts for count in (1, 2, 3) for parts in combinations(PARTS, count)):
        known = [Row(only(row.item, parts), row.expected) for row in train]
        asked = [Row(only(row.item, parts), row.expected) for row in domain.test]
        started = time.perf_counter()
        fitted = learner.fit([Task(domain, known)], seed)
        fit_seconds += time.perf_counter() - started
        variants[" + ".join(parts)] = measures.of(domain, asked, fitted.predict(domain, asked))
    return {"variants": variants, "fit_seconds": round(fit_seconds, 3)}
