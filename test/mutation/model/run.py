"""`npm run mutate:model`: mutation testing of the ensemble's formulas with cosmic-ray.

Mutates a copy of the model in a temporary folder, runs model/tests/test_ensemble_*.py against each mutant of a seeded sample, and
prints the score of each file and the survivors. Runs in an environment of its own, made by the npm script.
"""

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
#: Fast tests exist for these; classifier, regressor and extrapolation need minutes of fitting per mutant.
FILES = ("calibration", "fit", "label_noise", "mixture", "target_scale")
TESTS = tuple(
    f"tests/test_ensemble_{part}.py" for part in ("mixture", "calibration", "targets")
)
#: Annotations and the messages of type checkers: mutants of these change nothing at run time.
EQUIVALENT_OPERATORS = ("core/ReplaceBinaryOperator_BitOr_",)
CONFIG = """
[cosmic-ray]
module-path = [{modules}]
timeout = 120.0
excluded-modules = []
test-command = "{python} -m pytest -c pyproject.toml --noconftest -q -x -p no:cacheprovider {tests}"

[cosmic-ray.distributor]
name = "local"
"""


def main() -> int:
    """Run the mutants of the sample. Returns 1 if the score is below `--least`."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--python",
        default=str(REPOSITORY / ".venv/bin/python"),
        help="interpreter of the tests",
    )
    parser.add_argument("--sample", type=int, default=150, help="most mutants; 0: all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--least", type=float, default=0.8, help="score below which the exit code is 1"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mutate-") as name:
        copy = Path(name) / "model"
        shutil.copytree(
            REPOSITORY / "model",
            copy,
            ignore=shutil.ignore_patterns("__pycache__", ".*"),
        )
        session = Path(name) / "session.sqlite"
        config = Path(name) / "cosmic-ray.toml"
        modules = ", ".join(f'"dukemm/ensemble/{file}.py"' for file in FILES)
        config.write_text(
            CONFIG.format(modules=modules, python=options.python, tests=" ".join(TESTS))
        )
        cosmic_ray = Path(sys.executable).parent / "cosmic-ray"
        for command in (["baseline", config], ["init", config, session]):
            subprocess.run([cosmic_ray, *command], cwd=copy, check=True)
        keep_sample(session, options.sample, options.seed)
        subprocess.run([cosmic_ray, "exec", config, session], cwd=copy, check=True)
        return report(session, options.least)


def keep_sample(session: Path, size: int, seed: int) -> None:
    """Delete mutants of module constants, equivalent ones, and all but a seeded sample of the others, from a session."""
    with sqlite3.connect(session) as database:
        rows = database.execute(
            "select job_id, operator_name from mutation_specs where definition_name is not null"
            " order by module_path, start_pos_row, start_pos_col, operator_name, occurrence"
        )
        jobs = [
            job
            for job, operator in rows
            if not operator.startswith(EQUIVALENT_OPERATORS)
        ]
        chosen = set(
            random.Random(seed).sample(jobs, size) if 0 < size < len(jobs) else jobs
        )
        removed = [
            (job,)
            for (job,) in database.execute("select job_id from work_items")
            if job not in chosen
        ]
        for table in ("mutation_specs", "work_items"):
            database.executemany(f"delete from {table} where job_id = ?", removed)
    print(f"{len(chosen)} of {len(jobs)} mutants")


def report(session: Path, least: float) -> int:
    """Print the score of each file and the survivors."""
    with sqlite3.connect(session) as database:
        rows = database.execute(
            "select m.module_path, m.start_pos_row, m.operator_name, r.test_outcome from mutation_specs m"
            " join work_results r on r.job_id = m.job_id order by 1, 2"
        ).fetchall()
    killed, total = Counter[str](), Counter[str]()
    for path, line, operator, outcome in rows:
        file = Path(path).name
        total[file] += 1
        killed[file] += str(outcome).upper().endswith("KILLED")
        if not str(outcome).upper().endswith("KILLED"):
            print(f"survived: {file}:{line} {operator}")
    for file in sorted(total):
        print(
            f"{file}: {killed[file]} of {total[file]} ({killed[file] / total[file]:.1%})"
        )
    score = killed.total() / max(total.total(), 1)
    print(f"all: {killed.total()} of {total.total()} ({score:.1%})")
    return int(score < least)


if __name__ == "__main__":
    sys.exit(main())
