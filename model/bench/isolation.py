"""One buyer's data of every shape beside honest families: does a run ever end, and does any other figure move?

PYTHONPATH=model:model/tests:. python model/bench/isolation.py [--cases 200] [--seed 0]

Each case is one shape with one seed, beside two honest families of another buyer, through the product's own prepare step
(scripts/prepare-folder.ts), training and evaluation. Prints cases, failed runs, and the largest difference of any figure or
raw answer of the honest families from a run without the attacker. Exits with 1 unless both are 0.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from isolated import HONEST, Outcome, isolation, run_on
from shapes import SHAPES, Line, honest, shaped

from dukemm.serve.encoders import Encoders

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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
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
    encoders.close()
    print(f"cases: {parsed.cases} of {len(SHAPES)} shapes; failed runs: {failed.total()}")
    print(f"largest difference of any honest figure or answer: {worst!r}")
    print(f"left out by training and evaluation: {left_out} outcomes, {named} families")
    for reason, count in failed.most_common():
        print(f"  {count} × {reason}")
    return 1 if failed or worst else 0


if __name__ == "__main__":
    sys.exit(main())
