"""The commands of `python -m bench.learning`."""

import argparse
import json
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

from bench.learning import CACHE
from bench.learning.cells import Cell, Record, Results, apart, measure
from bench.learning.contenders import Contender
from bench.learning.domains import SOURCES, Domains
from bench.learning.features import Features
from bench.learning.learner import Learner
from bench.learning.plan import DUKE, DUKE_TRUSTING, Choice, cells
from bench.learning.rows import Domain


def run_cells(options: argparse.Namespace) -> int:
    """Measure what has no result yet; 1 where a cell failed."""
    warnings.simplefilter("ignore")  # of solvers that stop at their limit, and of labels with one example
    results, domains = Results(CACHE / "cells.jsonl"), Domains(CACHE)
    choice = Choice(options.studies, options.domains, options.sizes, options.seeds, options.learners)
    wanted = [c for c in cells(choice, domains) if options.again or c.key not in results.records]
    features: dict[str, Features] = {}
    preparing, encoded = threading.Lock(), set[str]()
    failed = 0
    started = time.monotonic()

    def one(cell: Cell) -> Record | Exception:
        try:
            with preparing:
                prepare(cell, domains, features, encoded)
            return apart(lambda: measure(cell, domains[cell.domain], learner_for(cell, features), _options(cell)))
        except Exception as error:  # it is told and left out; the others go on
            return error

    with ThreadPoolExecutor(options.jobs) as pool:
        for i, (cell, record) in enumerate(zip(wanted, pool.map(one, wanted), strict=True), 1):
            note = f"{i}/{len(wanted)} {time.monotonic() - started:6.0f} s  {cell.key:44s}"
            if isinstance(record, Exception):
                failed += 1
                print(f"{note} failed: {record}", flush=True)
                continue
            results.add(record)
            scores = ", ".join(f"{name} {100 * v['score']:.2f}" for name, v in record["variants"].items())
            print(f"{note} {scores}; fit {record['fit_seconds']:.1f} s, {record['peak_mb']:.0f} MB", flush=True)
    return 1 if failed else 0


def learner_for(cell: Cell, features: dict[str, Features]) -> Learner:
    """A contender, or Duke MM."""
    if cell.learner in (DUKE, DUKE_TRUSTING):
        from bench.learning.duke import Duke

        return Duke(CACHE, from_examples=cell.study == "few")
    return Contender(cell.learner, CACHE, features)


def prepare(cell: Cell, domains: Domains, features: dict[str, Features], encoded: set[str]) -> None:
    """What a learner sees of the items, once for all cells of a domain and outside of their time and memory."""
    domain = domains[cell.domain]
    if cell.learner not in (DUKE, DUKE_TRUSTING):
        Contender(cell.learner, CACHE, features).prepare(domain)
    elif domain.name not in encoded:
        apart(lambda: encode(domain))
        encoded.add(domain.name)


def encode(domain: Domain) -> Record:
    """Let Duke MM's encoders see all rows of a domain; what they said before is on disk."""
    from bench.learning.duke_items import DukeItems

    items, started = DukeItems(CACHE), time.monotonic()
    for done in items.warm(domain):
        print(f"{domain.name}: {done} of {len(domain.rows)} encoded, {time.monotonic() - started:.0f} s", flush=True)
    items.encoders.close()
    return {}


def _options(cell: Cell) -> dict[str, bool]:
    return {"neighbour_filter": cell.learner != DUKE_TRUSTING}


def run_encode(options: argparse.Namespace) -> int:
    """Fill the cache of encoded items."""
    domains = Domains(CACHE)
    for name in options.domains or SOURCES:
        encode(domains[name])
    return 0


def run_stream(options: argparse.Namespace) -> int:
    """Every learner over the same stream."""
    from bench.learning.stream_run import run

    return run(options)


def run_quick(options: argparse.Namespace) -> int:
    """Run the quick subset; 1 where an answer differs from that of the run to compare with."""
    from bench.learning import quick

    work = (options.work or CACHE / "quick-run").resolve()
    costs = quick.run(work, options.artifact_of)
    print(json.dumps(costs["answers"]), flush=True)
    if options.compare is None:
        return 0
    found = quick.differences(options.compare, work)
    print("\n".join(found) or f"every answer is the same as in {options.compare}")
    return 1 if found else 0


def run_report(_options: argparse.Namespace) -> int:
    """Write docs/benchmarks."""
    from bench.learning.report import publish

    publish()
    return 0
