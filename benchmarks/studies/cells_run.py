"""`python -m benchmarks cells`: each learner in each domain at each number of labels."""

import argparse
import threading
import time
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks import CACHE
from benchmarks.contenders.contender import Contender
from benchmarks.contenders.features import Features
from benchmarks.contenders.learner import Learner
from benchmarks.data.domains import Domains
from benchmarks.studies.cells import STUDIES, Cell, Record, Results, apart, measure
from benchmarks.studies.encode import encode
from benchmarks.studies.plan import DUKE, DUKE_TRUSTING, Choice, cells


def main(arguments: Sequence[str]) -> int:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", nargs="+", default=[], choices=STUDIES)
    parser.add_argument("--domains", nargs="+", default=[])
    parser.add_argument("--sizes", nargs="+", type=int, default=[], help="0: ten-fold, and ten examples of each label")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument(
        "--learners", nargs="+", default=[], help="by name; «contenders» are all but duke and duke_trusting"
    )
    parser.add_argument("--jobs", type=int, default=1, help="cells side by side")
    parser.add_argument("--again", action="store_true", help="also what has a result already")
    return run(parser.parse_args(arguments))


def run(options: argparse.Namespace) -> int:
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
        from benchmarks.contenders.duke import Duke

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


def _options(cell: Cell) -> dict[str, bool]:
    return {"neighbour_filter": cell.learner != DUKE_TRUSTING}
