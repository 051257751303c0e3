"""The learning benchmark. Data and results lie in .local/bench; what is published, in docs/benchmarks.

python -m bench.learning encode   what Duke MM's encoders say of every item, kept for what follows
python -m bench.learning cells    each learner in each domain at each number of labels; goes on where it was
python -m bench.learning stream   the mixed stream of tasks
python -m bench.learning quick    a small version and all of its answers; --compare with those of another state of the code
python -m bench.learning report   tables and plots from the results
python -m bench.learning all      the three, with their defaults
"""

import argparse
import os
import sys
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before numpy looks: every learner has one thread


def main() -> None:
    """Read the command line and run."""
    from bench.learning import commands
    from bench.learning.cells import STUDIES

    parser = argparse.ArgumentParser(
        prog="python -m bench.learning", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    sub = parser.add_subparsers(dest="command", required=True)
    cells = sub.add_parser("cells", help="each learner in each domain at each number of labels")
    cells.add_argument("--studies", nargs="+", default=[], choices=STUDIES)
    cells.add_argument("--domains", nargs="+", default=[])
    cells.add_argument("--sizes", nargs="+", type=int, default=[], help="0: ten-fold, and ten examples of each label")
    cells.add_argument("--seeds", type=int, default=5)
    cells.add_argument("--learners", nargs="+", default=[], help="by name; «contenders» are all but duke and duke_trusting")
    cells.add_argument("--jobs", type=int, default=1, help="cells side by side")
    cells.add_argument("--again", action="store_true", help="also what has a result already")
    cells.set_defaults(run=commands.run_cells)
    stream = sub.add_parser("stream", help="the mixed stream of tasks")
    stream.add_argument("--tasks", type=int, default=5000)
    stream.add_argument("--domains", nargs="+", default=["letter", "fashion", "spam", "digits"])
    stream.add_argument("--seeds", type=int, default=5)
    stream.add_argument("--learners", nargs="+", default=[])
    stream.add_argument("--again", action="store_true")
    stream.set_defaults(run=commands.run_stream)
    encode = sub.add_parser("encode", help="let Duke MM's encoders see all items, once")
    encode.add_argument("--domains", nargs="+", default=[])
    encode.set_defaults(run=commands.run_encode)
    quick = sub.add_parser("quick", help="every answer of a small version, to be compared before and after a change")
    quick.add_argument("--work", type=Path, help="folder for answers, costs and the version")
    quick.add_argument("--compare", type=Path, help="folder of an earlier run: exits with 1 where an answer differs")
    quick.add_argument("--artifact-of", type=Path, help="ask the version of this earlier run; nothing is trained")
    quick.set_defaults(run=commands.run_quick)
    report = sub.add_parser("report", help="tables and plots from the results")
    report.set_defaults(run=commands.run_report)
    sub.add_parser("all", help="cells, stream and report, with their defaults").set_defaults(run=None)
    options = parser.parse_args()
    if options.command == "all":
        failed = [run.run(run) for run in (parser.parse_args([name]) for name in ("cells", "stream", "report"))]
        sys.exit(max(failed))
    sys.exit(options.run(options))


if __name__ == "__main__":
    main()
