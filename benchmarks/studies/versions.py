"""The study «versions»: v1, then v2 and v3 each after a hundred failures, learned from all outcomes so far."""

import time
from typing import Any

import numpy as np

from benchmarks.contenders.learner import Fitted, Learner, Task
from benchmarks.data.rows import Domain, Row, draw
from benchmarks.studies import measures

#: Labels that v1 learns from, failures that the next version waits for, versions.
FIRST, FAILURES, VERSIONS = 100, 100, 3
#: Items that are asked at once while failures are counted.
CHUNK = 50


def measure_versions(domain: Domain, learner: Learner, seed: int) -> dict[str, Any]:
    """Figures on the test set by version, with what flipped since the one before. Where the pool ends before there are a
    hundred failures, the last version learns from the pool as it is (`failures` tells).
    """
    order = draw(domain.pool, len(domain.pool), seed)
    known, rest = order[:FIRST], order[FIRST:]
    failures: set[str] = set()
    variants: dict[str, Any] = {}
    fit_seconds, before = 0.0, None
    for number in range(1, VERSIONS + 1):
        started = time.perf_counter()
        fitted = learner.fit([Task(domain, known, frozenset(failures))], seed)
        fit_seconds += time.perf_counter() - started
        figures = measures.of(domain, domain.test, fitted.predict(domain, domain.test))
        right = measures.unpacked(figures["right"], figures["n"])
        since = {} if before is None else measures.flips(before, right)
        variants[f"v{number}"] = {**figures, **since, "labels": len(known), "failures": len(failures)}
        before = right
        served = serve(fitted, domain, rest)
        failures |= {row.item.id for row, good in served if not good}
        known, rest = [*known, *(row for row, _ in served)], rest[len(served) :]
        if not served:
            break
    return {"variants": variants, "fit_seconds": round(fit_seconds, 3)}


def serve(fitted: Fitted, domain: Domain, rest: list[Row]) -> list[tuple[Row, bool]]:
    """Rows in order with whether they were answered rightly, up to the hundredth failure."""
    served: list[tuple[Row, bool]] = []
    for start in range(0, len(rest), CHUNK):
        rows = rest[start : start + CHUNK]
        predictions = fitted.predict(domain, rows).predictions
        served += [(row, str(p) == str(row.expected)) for row, p in zip(rows, predictions, strict=True)]
        if sum(not good for _, good in served) >= FAILURES:
            last = np.flatnonzero([not good for _, good in served])[FAILURES - 1]
            return served[: last + 1]
    return served
