"""Duke MM on data that nobody tuned it for, beside what a good engineer tries first on the same rows.

The development half is for work on the model. The test half is run once for a release, and nothing is chosen by it.
Every figure is kept in `.local/bench/wide.jsonl` by data set, number of labels, seed, learner and the learner's code, so
that after a change of the model Duke MM alone is measured again.
"""

import argparse
import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import CACHE, MODEL, REPOSITORY
from benchmarks.contenders.duke import Duke, FittedDuke
from benchmarks.contenders.duke_items import DukeItems
from benchmarks.contenders.learner import Answers, Task
from benchmarks.contenders.wide import WideFeatures, answer, contenders_of
from benchmarks.data.rows import Domain, Row, draw, load
from benchmarks.data.wide.sets import QUICK, SETS, WideSet
from benchmarks.studies.cells import Results
from benchmarks.studies.measures import of as figures_of

DUKE = "duke"
SIZES = (20, 100, 500)
#: Labels at which large sets are measured too, and the rows that a set must have for it.
MANY, LARGE = 2000, 2300
#: Up to so many labels come with the task; more are learned by a version.
EXAMPLES_OF_A_TASK = 500
RESULTS = CACHE / "wide.jsonl"


@dataclass(frozen=True)
class WideCell:
    """One measurement."""

    chosen: WideSet
    size: int
    seed: int
    learner: str
    #: Digest of the learner's code.
    code: str

    def key(self, rows: str) -> str:
        """What a kept result is found by; `rows` is the digest of the data set's rows."""
        return "/".join((self.chosen.source.title, rows, str(self.size), str(self.seed), self.learner, self.code))


def code_digest(folders: Sequence[Path]) -> str:
    """Of all Python files of some folders, or of single files."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [folder]:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def rows_digest(domain: Domain) -> str:
    """Of the ids of all rows, which are hashes of their content, and of their answers."""
    lines = "".join(f"{row.item.id} {row.expected}\n" for row in domain.rows)
    return hashlib.sha256(lines.encode()).hexdigest()[:12]


def sizes_of(domain: Domain) -> tuple[int, ...]:
    """Numbers of labels that a set has rows for."""
    found = tuple(size for size in SIZES if size <= len(domain.pool))
    return (*found, MANY) if len(domain.pool) >= LARGE else found


def cells_of(chosen: WideSet, domain: Domain, options: argparse.Namespace) -> Iterator[WideCell]:
    """What is measured on a set."""
    contenders = code_digest(
        [REPOSITORY / "benchmarks" / "contenders" / name for name in ("wide.py", "cells_of_tables.py")]
    )
    duke = code_digest([MODEL / "dukemm"])
    for seed in range(options.seeds):
        for size in sizes_of(domain):
            if options.sizes and size not in options.sizes:
                continue
            for learner in (DUKE, *contenders_of(domain)):
                if (
                    not options.learners
                    or learner in options.learners
                    or (learner != DUKE and "contenders" in options.learners)
                ):
                    yield WideCell(chosen, size, seed, learner, duke if learner == DUKE else contenders)


class Bench:
    """Measures cells of one data set after the other; encoders and features are shared."""

    def __init__(self) -> None:
        self._encoded = DukeItems(CACHE)
        self._first: Duke = Duke(CACHE, from_examples=True)
        self._version: FittedDuke | None = None
        self._features: dict[str, WideFeatures] = {}

    def measure(self, cell: WideCell, domain: Domain) -> dict[str, Any]:
        """Figures of one learner; CPU seconds of learning and answering without the encoders' part."""
        train, asked = draw(domain.pool, cell.size, cell.seed), list(domain.test)
        if cell.learner == DUKE:
            fitted = self._fitted(domain, train, cell)
            fitted.encode([*train, *asked])
            started = time.process_time()
            answers: Answers = fitted.predict(domain, asked)
        else:
            features = self._features.setdefault(domain.name, WideFeatures(domain, CACHE, self._encoded))
            started = time.process_time()
            answers = answer(cell.learner, domain, features, train, asked, cell.seed)
        spent = time.process_time() - started
        return {**figures_of(domain, asked, answers), "cpu_seconds": round(spent, 2)}

    def _fitted(self, domain: Domain, train: Sequence[Row], cell: WideCell) -> FittedDuke:
        if cell.size > EXAMPLES_OF_A_TASK:
            return Duke(CACHE).fit([Task(domain, train)], cell.seed)
        if self._version is None:
            self._version = self._first.fit([], 0)
        return self._version.with_examples({domain.name: train})


def run(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure what has no kept result, and return the records of everything that was chosen."""
    results, bench, found = Results(RESULTS), Bench(), []
    for chosen in chosen_sets(options):
        domain = load(chosen.source, CACHE)
        rows = rows_digest(domain)
        for cell in cells_of(chosen, domain, options):
            key = cell.key(rows)
            if key not in results.records:
                figures = bench.measure(cell, domain)
                record = {
                    "key": key, "study": "wide", "set": chosen.source.title, "group": chosen.group, "half": chosen.half,
                    "kind": chosen.source.kind, "size": cell.size, "seed": cell.seed, "learner": cell.learner, **figures,
                }  # fmt: skip
                results.add(record)
                print(f"{key}: {figures['score']:.4f}, {figures['cpu_seconds']} s", flush=True)
            found.append(results.records[key])
    return found


def chosen_sets(options: argparse.Namespace) -> list[WideSet]:
    """The sets of the half, or those that are named."""
    if options.quick or options.sets:
        names = options.sets or QUICK
        return [one for one in SETS if one.source.title in names]
    return [one for one in SETS if one.half == options.half]
