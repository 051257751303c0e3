"""Tasks as they are quoted and reviewed: the confidence of each answer, and whether it is right.

Each task is of one domain, with random examples and items that no other task of the domain has beside it. The first version
answers, as it does for a buyer that has no confirmed items. `benchmarks/platform/quotes.ts` states the odds of each task by
the product's own function and compares them with the outcomes; `benchmarks/platform/review.ts` gives unsure answers to an
agent of stated accuracy.
"""

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import CACHE
from benchmarks.contenders.duke import NOBODY
from benchmarks.data.domains.images import DIGITS
from benchmarks.data.domains.tables import BREAST_CANCER, WINE
from benchmarks.data.domains.texts import SPAM
from benchmarks.data.rows import Domain, load
from benchmarks.studies.quick import write_examples
from dukemm.contract.invocation import Request
from dukemm.serve.predict import Predictor
from dukemm.serve.registry import Registry
from dukemm.storage import Storage
from dukemm.versions.artifact import write_first_version

DOMAINS = (BREAST_CANCER, WINE, DIGITS, SPAM)
#: Examples that come with a task.
EXAMPLES = (0, 5, 20, 60)
ITEMS = 40
TASKS = "quotes.jsonl"


def outcomes(work: Path, domains: Sequence[Domain], tasks: int, seed: int) -> Iterator[dict[str, Any]]:
    """One line per task: its domain, its examples, and each answer."""
    storage = Storage(work.parent)
    write_first_version(work / "registry" / "1", "embedded", "1")
    registry = Registry((work / "registry").as_uri(), storage, keep=1)
    version, predictor = registry.get("1"), Predictor(storage)
    random = np.random.default_rng(seed)
    for number in range(tasks):
        domain = domains[number % len(domains)]
        shown = EXAMPLES[number // len(domains) % len(EXAMPLES)]
        rows = [domain.pool[i] for i in random.permutation(len(domain.pool))[: shown + ITEMS]]
        given = write_examples(work, f"quote-{number}", rows[:shown]) if shown else None
        source = domain.source
        request = Request(NOBODY, domain.name, source.kind, source.description, domain.labels, None, given, None, ())
        asked = rows[shown:]
        answers = predictor.predict(version, replace(request, items=tuple(row.item for row in asked)), math.inf)
        yield {
            "domain": domain.name,
            "examples": shown,
            # In random order: the first are a random sample.
            "answers": [
                {"confidence": answer["confidence"], "right": answer["prediction"] == row.expected}
                for answer, row in zip(answers, asked, strict=True)
            ],
        }
    registry.close()


def main(arguments: Sequence[str]) -> int:
    """Answer the tasks and write their outcomes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", type=Path, default=CACHE / "quotes-run", help="folder for the outcomes")
    options = parser.parse_args(arguments)
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    domains = [load(source, work.parent / "quick") for source in DOMAINS]
    with (work / TASKS).open("w") as file:
        for line in outcomes(work, domains, options.tasks, options.seed):
            file.write(json.dumps(line) + "\n")
    print(work / TASKS, flush=True)
    return 0
