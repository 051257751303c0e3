"""One buyer's data of every shape beside honest families: does a run ever end, and does any other figure move?

PYTHONPATH=model python model/tests/large_isolation.py [--cases 200] [--seed 0] [--spoiled 4]

Each case is one shape with one seed, beside two honest families of another buyer, through the product's own prepare step
(scripts/prepare-folder.ts), training and evaluation. Prints cases, failed runs, and the largest difference of any figure or
raw answer of the honest families from a run without the attacker. `--spoiled` cases go through the gate too: the labels of
one buyer are turned round after a first version, and the candidate must be promoted with that family as it was. Exits
with 1 unless no run failed, no figure moved, and all of these candidates were promoted.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from isolated import HONEST, Outcome, difference, isolation, run, run_on
from shapes import SHAPES, Line, honest, shaped
from spoiled import attack, honest_rows

from dukemm.encoders.pool import Encoders

ROOT = Path(__file__).resolve().parents[2]
DAY = "outcomes/2026/11/20"


def prepared(folder: Path, lines: list[Line]) -> Path:
    """What the prepare step makes of files of outcomes: one a family."""
    outcomes = folder / "bucket" / DAY
    outcomes.mkdir(parents=True)
    for number, family in enumerate(sorted({line.family for line in lines})):
        name = f"00000000-0000-4000-8000-{number:012d}.jsonl"
        (outcomes / name).write_bytes(b"".join(line.text for line in lines if line.family == family))
    node = ROOT / "node_modules" / ".bin" / "node"
    done = subprocess.run(
        [str(node), str(ROOT / "scripts" / "prepare-folder.ts"), str(folder / "bucket")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return folder / "bucket" / done.stdout.strip()


def one(lines: list[Line], encoders: Encoders) -> Outcome:
    folder = Path(tempfile.mkdtemp(prefix="isolation-"))
    try:
        return run_on(prepared(folder, lines), folder, encoders)
    finally:
        shutil.rmtree(folder)


@dataclass
class Gated:
    """Candidates with a spoiled family."""

    promoted: int = 0
    #: Largest difference of an honest figure or answer from the run in which the family did not change.
    others: float = 0.0
    #: Largest difference of an answer of the spoiled family from the version before.
    own: float = 0.0


def spoiled(cases: int, seed: int, encoders: Encoders) -> Gated:
    """Each case: a first version, the candidate with the family spoiled, and the one with it as it was."""
    found = Gated()
    for number in range(seed, seed + cases):
        with tempfile.TemporaryDirectory(prefix="isolation-") as name:
            folder = Path(name)
            before = run(folder / "before", [*attack(False, number), *honest_rows(False)], encoders)
            bad = run(folder / "bad", [*attack(True, number), *honest_rows(True)], encoders, before.version)
            same = run(folder / "same", [*attack(False, number), *honest_rows(True)], encoders, before.version)
        found.promoted += bad.report["gate"]["decision"] == "promote"
        found.others = max(found.others, isolation(same, bad))
        rows = [row for row in bad.rows if row.family == "attack"]
        then, now = (
            [(one.prediction, one.confidence, one.alternatives, one.label_set) for one in version.answer_rows(rows)]
            for version in (before.version, bad.version)
        )
        found.own = max(found.own, difference(then, now))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--spoiled", type=int, default=4, help="cases that go through the gate")
    parsed = parser.parse_args()
    encoders = Encoders()
    alone = one(honest(), encoders)
    failed: Counter[str] = Counter()
    worst, left_out, named = 0.0, 0, 0
    for number in range(parsed.cases):
        shape, seed = SHAPES[number % len(SHAPES)], parsed.seed + number // len(SHAPES)
        try:
            beside = one([*shaped(shape, seed), *honest()], encoders)
        except Exception as error:
            failed[f"{shape.__name__}: {type(error).__name__}: {error}"[:200]] += 1
            continue
        worst = max(worst, isolation(alone, beside))
        for step in (beside.unusable, beside.report["unusable"]):
            left_out += step["outcomes"]
            named += step["families"]
            assert not [entry for entry in step["entries"] if entry["family"] in HONEST]
    gated = spoiled(parsed.spoiled, parsed.seed, encoders)
    encoders.close()
    print(f"cases: {parsed.cases} of {len(SHAPES)} shapes; failed runs: {failed.total()}")
    print(f"largest difference of any honest figure or answer: {worst!r}")
    print(f"left out by training and evaluation: {left_out} outcomes, {named} families")
    print(f"candidates with a spoiled family: {gated.promoted} of {parsed.spoiled} promoted")
    print(f"  largest difference of any honest figure or answer: {gated.others!r}")
    print(f"  largest difference of the family's own answers from those of before: {gated.own!r}")
    for reason, count in failed.most_common():
        print(f"  {count} × {reason}")
    return 1 if failed or worst or gated.others or gated.own or gated.promoted < parsed.spoiled else 0


if __name__ == "__main__":
    sys.exit(main())
