"""Run learners over the stream, each in its own process."""

import argparse
import warnings
from collections.abc import Sequence

from benchmarks import CACHE
from benchmarks.contenders.contender import EVERYWHERE, Contender
from benchmarks.contenders.features import Features
from benchmarks.contenders.learner import Learner
from benchmarks.data.domains import Domains
from benchmarks.studies.cells import Record, Results, apart
from benchmarks.studies.loops import (
    Frozen,
    Gated,
    GatedWithExamples,
    GatedWithRecall,
    Loop,
    Retrained,
    RetrainedPerBatch,
    SeedLoop,
)
from benchmarks.studies.plan import CONTENDERS, DUKE
from benchmarks.studies.stream import make_stream
from benchmarks.studies.stream_walk import run_stream

#: Single contenders of the stream.
SINGLE = (*EVERYWHERE, "svc_hog")
#: Selects all loops of Duke MM.
DUKES = "dukes"
#: Loops other than retraining by the product's trigger: frozen, retrained per batch, and those of Duke MM.
LOOPS: dict[str, tuple[type[Loop], str]] = {
    "frozen": (Frozen, "lr10"),
    "seed_loop": (SeedLoop, "lr10"),
    "trees_at_once": (RetrainedPerBatch, "trees"),
    "svc_at_once": (RetrainedPerBatch, "svc"),
    "svc_hog_at_once": (RetrainedPerBatch, "svc_hog"),
    DUKE: (GatedWithRecall, DUKE),
    "duke_given": (GatedWithExamples, DUKE),
    "duke_versions": (Gated, DUKE),
    "duke_frozen": (Frozen, DUKE),
    "duke_seed_loop": (SeedLoop, DUKE),
}


def main(arguments: Sequence[str]) -> int:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=5000)
    parser.add_argument("--domains", nargs="+", default=["letter", "fashion", "spam", "digits"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--learners", nargs="+", default=[])
    parser.add_argument("--again", action="store_true")
    return run(parser.parse_args(arguments))


def run(options: argparse.Namespace) -> int:
    """Measure what has no result yet; 1 where a learner failed."""
    warnings.simplefilter("ignore")  # of solvers that stop at their limit, and of labels with one example
    results, loaded = Results(CACHE / "stream.jsonl"), Domains(CACHE)
    domains = {name: loaded[name] for name in options.domains}
    features: dict[str, Features] = {}
    failed = 0
    for seed in range(options.seeds):
        stream = make_stream(domains, options.tasks, seed)
        for name in (*SINGLE, *LOOPS):
            group = DUKES if name.startswith(DUKE) else CONTENDERS
            if options.learners and not {name, group} & set(options.learners):
                continue
            key = f"stream/{'+'.join(options.domains)}/{options.tasks}/{seed}/{name}"
            if key in results.records and not options.again:
                continue
            kind, learner = LOOPS.get(name, (Retrained, name))
            if learner != DUKE:
                for domain in domains.values():
                    Contender(learner, CACHE, features).prepare(domain)

            def work(kind=kind, learner=learner, stream=stream, seed=seed) -> Record:
                return run_stream(stream, domains, kind(_learner(learner, features), seed))

            try:
                record = apart(work)
            except RuntimeError as error:
                failed += 1
                print(f"{key} failed: {error}", flush=True)
                continue
            about = {"key": key, "study": "stream", "domains": options.domains, "tasks": options.tasks}
            results.add({**about, "seed": seed, "learner": name, "messages": stream.messages, **record})
            errors = " ".join(f"{variant} {found['errors']}" for variant, found in record["variants"].items())
            print(f"{key}: errors {errors} of {record['n']}, {record['seconds']:.0f} s", flush=True)
    return 1 if failed else 0


def _learner(name: str, features: dict[str, Features]) -> Learner:
    if name == DUKE:
        from benchmarks.contenders.duke import Duke

        return Duke(CACHE)
    return Contender(name, CACHE, features)
