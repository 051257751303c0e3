"""Run one study, or write the report from kept results."""

import argparse
import os
import sys
from importlib import import_module

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before numpy is imported: one thread for every learner

#: By command: the module whose `main(arguments)` runs it, and what it does.
COMMANDS = {
    "encode": ("studies.encode", "encode the items of every domain with Duke MM's encoders, kept for later runs"),
    "cells": ("studies.cells_run", "every learner in every domain at every number of labels; continues a stopped run"),
    "stream": ("studies.stream_run", "the mixed stream of tasks; continues a stopped run"),
    "report": ("reports.report", "docs/benchmarks/README.md, learning.json and plots from the kept results"),
    "quick": ("studies.quick", "a small version and all of its answers; compare them before and after a change"),
    "wide": (
        "reports.wide",
        "60 public data sets of every kind in two halves, beside strong contenders; --quick for eight",
    ),
    "fewshot": ("studies.fewshot", "accuracy from the examples of a task alone"),
    "encoders": ("studies.encoders", "accuracy and speed of the frozen image and audio encoders"),
    "generation": ("studies.generation.command", "extracted fields, short answers and summaries"),
    "extraction-prior": ("studies.extraction_prior", "fit the prior of dukemm/extraction/prior.py and print it"),
    "polarity": ("studies.polarity", "fit the direction of sentiment in text embeddings and measure it"),
    "gate": ("studies.gate", "how often simulated equal, better and worse candidates pass the gate"),
    "gate-retrained": ("studies.gate_retrained", "the same with versions that were trained"),
    "quotes": ("studies.quotes", "labelled tasks that `npm run bench:quotes` and `bench:review` quote, post and deliver"),
    "serving": ("studies.serving", "throughput and latency of `dukemm serve` beside the bare encoders"),
}
#: The commands behind docs/benchmarks/README.md, in order.
ALL = ("cells", "stream", "report")


def main() -> int:
    """Read the command line and run; the exit code."""
    listed = [f"  {name:18}{what}" for name, (_, what) in COMMANDS.items()]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog="\n".join(["studies:", *listed, f"  {'all':18}{', '.join(ALL)}, with their defaults"]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("study", choices=[*COMMANDS, "all"], metavar="study")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="of the study; `--help` lists them")
    options = parser.parse_args()
    if options.study != "all":
        return run(options.study, options.arguments)
    if options.arguments:
        parser.error("`all` takes no arguments")
    return max([run(name, []) for name in ALL])


def run(name: str, arguments: list[str]) -> int:
    """Run one command; its exit code."""
    sys.argv[0] = f"python -m benchmarks {name}"  # what argparse shows as the program
    module, _ = COMMANDS[name]
    return import_module(f"benchmarks.{module}").main(arguments) or 0


if __name__ == "__main__":
    sys.exit(main())
