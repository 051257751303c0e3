"""Labelled tasks for `npm run bench:quotes` and `npm run bench:review`, and the first version that answers them.

Each task is of one domain, with random examples and items that do not overlap. The marketplace's own use cases quote, post
and deliver it (`test/large/quotes`); here is only what they need from Python.
"""

import argparse
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import CACHE
from benchmarks.data.domains.documents import pages
from benchmarks.data.domains.tables import BREAST_CANCER, IRIS, WINE
from benchmarks.data.domains.texts import SPAM
from benchmarks.data.rows import Domain, Raw, Row, Source, load
from benchmarks.data.wide.sets import SETS
from dukemm.versions.artifact import write_first_version

#: Characters of a section's text: enough to tell the section, and a fifth of the encoder's work.
TEXT_CHARACTERS = 600


def _sections() -> Iterable[Raw]:
    for text, section in pages():
        yield Raw({"text": text[:TEXT_CHARACTERS]}, {}, section)


#: Fifteen labels that overlap: odds far from 1, unlike those of the tables.
SECTIONS = Source(
    name="sections",
    title="sections of a documentation",
    kind="classification",
    modality="text",
    description="Which section of a library's documentation is this text from?",
    raws=_sections,
    note="Documentation of SciPy, NumPy and scikit-learn (BSD) as text, names of modules and imports left out.",
)
#: The constants of the odds were fitted to tasks of these domains.
FITTED = (BREAST_CANCER, WINE, IRIS, SPAM, SECTIONS)
#: Domains that nothing of the odds was fitted to: two to seven labels, accuracies from chance to nearly 1.
HELD_OUT_NAMES = (
    "benefits",
    "chile",
    "german_credit",
    "glass",
    "hdma",
    "males",
    "orange_juice",
    "segment",
    "shelf",
    "movie_opinions",
)
HELD_OUT = tuple(one.source for one in SETS if one.half == "development" and one.source.title in HELD_OUT_NAMES)
#: Number of examples of a task; every domain has as many tasks of each.
EXAMPLE_COUNTS = (0, 5, 20, 60)
ITEM_COUNT = 40
#: Rows of a domain that tasks are drawn from: the model keeps what it has encoded, so 500 tasks take an hour, not a day.
POOL_SIZE = 300
TASKS_FILE = "tasks.jsonl"


def make_tasks(domains: Sequence[Domain], count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Tasks with the expected answer of each item; the domain changes with every task, the examples after all domains."""
    random = np.random.default_rng(seed)
    for number in range(count):
        domain = domains[number % len(domains)]
        shown = EXAMPLE_COUNTS[number // len(domains) % len(EXAMPLE_COUNTS)]
        pool = domain.pool[:POOL_SIZE]
        rows = [pool[i] for i in random.permutation(len(pool))[: shown + ITEM_COUNT]]
        yield {
            "domain": domain.name,
            "description": domain.source.description,
            "labels": domain.labels,
            "examples": [_row(row) for row in rows[:shown]],
            "items": [_row(row) for row in rows[shown:]],
        }


def _row(row: Row) -> dict[str, Any]:
    fields = {name: value for name, value in row.item.fields.items() if value is not None}
    return {"fields": fields, "expected": row.expected}


def main(arguments: Sequence[str]) -> int:
    """Write the tasks and the first version."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--held-out", action="store_true", help="tasks of domains that the odds were not fitted to")
    parser.add_argument("--work", type=Path, default=CACHE / "quotes-run", help="folder for tasks and version")
    options = parser.parse_args(arguments)
    work = options.work.resolve()
    # Answers that were kept are those of an earlier version or of other tasks.
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    write_first_version(work / "registry" / "1", "embedded", "1")
    sources, cache = (HELD_OUT, CACHE) if options.held_out else (FITTED, work.parent / "quick")
    domains = [load(source, cache) for source in sources]
    with (work / TASKS_FILE).open("w") as file:
        for task in make_tasks(domains, options.tasks, options.seed):
            file.write(json.dumps(task) + "\n")
    print(work / TASKS_FILE, flush=True)
    return 0
