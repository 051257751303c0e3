"""How often do equal, better and worse candidates pass the gate? Simulated answers of two versions, through the real gate.

Usage: python -m benchmarks gate [--trials 400] [--equal 2000] [--output docs/benchmarks/gate.json]
Drawn in each trial: three classification families (2, 10 and 26 labels, frequencies by Zipf) and one of numbers, each a
quarter of the items; half of the items in tasks of their own, half in tasks of 25 that lean to one of the two versions.
Production is right in `accuracy`; an equal candidate differs in `churn` of the items, half each way.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import norm

from dukemm.evaluate import worse
from dukemm.evaluate.gate import decide
from dukemm.evaluate.pairs import Pairs, differences

LABELS = (2, 10, 26)
TASK = 25
#: Standard deviation of a task's leaning to one of the two versions, in log-odds.
LEANING = 0.5
#: Correlation of the errors of two regressors.
ALIKE = 0.9


@dataclass(frozen=True)
class Candidate:
    """How a candidate differs from production, as shares of items."""

    name: str
    better: float = 0.0
    #: Items on which an equal candidate disagrees with production about right and wrong.
    churn: float = 0.06
    accuracy: float = 0.85
    #: Loss in the most frequent of the ten labels, whatever happens elsewhere.
    one_class: float = 0.0


def draw(rng: np.random.Generator, n: int, candidate: Candidate) -> Pairs:
    """Answers of both versions on n items."""
    family = rng.integers(0, len(LABELS) + 1, n)
    label = np.full(n, -1)
    for i, count in enumerate(LABELS):
        shares = 1 / np.arange(1, count + 1)
        rows = family == i
        label[rows] = 1000 * i + rng.choice(count, rows.sum(), p=shares / shares.sum())
    alone = rng.random(n) < 0.5
    task = np.where(alone, np.arange(n), n + family * n + rng.integers(0, max(n // (8 * TASK), 1), n))
    _, task = np.unique(task, return_inverse=True)
    leaning = rng.normal(0, LEANING, task.max() + 1)[task]
    better = np.full(n, candidate.better)
    better[(family == 1) & (label == 1000)] -= candidate.one_class
    lost = candidate.churn / 2 + np.maximum(-better, 0)
    won = candidate.churn / 2 + np.maximum(better, 0)
    odds = np.log(won / lost) + np.where(alone, 0, leaning)
    differ = rng.random(n) < won + lost
    wins = rng.random(n) < 1 / (1 + np.exp(-odds))
    same = rng.random(n) < (candidate.accuracy - lost) / (1 - won - lost)
    candidate_right = np.where(differ, wins, same)
    production_right = np.where(differ, ~wins, same)
    numbers = family == len(LABELS)
    errors = np.full((n, 2), np.nan)
    errors[numbers] = _errors(rng, int(numbers.sum()), candidate)
    candidate_right[numbers], production_right[numbers] = (errors[numbers] <= 0.5).T
    wrong = _other(rng, label)
    return Pairs(
        family,
        label,
        task,
        differences(candidate_right, production_right, errors),
        candidate_right,
        production_right,
        np.where(candidate_right, label, np.where(rng.random(n) < 0.5, wrong, _other(rng, label))),
        np.where(production_right, label, wrong),
    )


def _other(rng: np.random.Generator, label: np.ndarray) -> np.ndarray:
    """Another label of the same family for each row."""
    counts = np.where(label >= 0, np.array(LABELS)[np.maximum(label, 0) // 1000], 1)
    step = 1 + (rng.random(len(label)) * np.maximum(counts - 1, 1)).astype(np.int64)
    return np.where(label >= 0, label // 1000 * 1000 + (label % 1000 + step) % counts, -1)


def _errors(rng: np.random.Generator, n: int, candidate: Candidate) -> np.ndarray:
    """(n, 2) absolute errors in standard deviations, candidate and production, right within half a deviation."""
    spread = [0.5 / norm.ppf((1 + min(a, 0.999)) / 2) for a in (candidate.accuracy + candidate.better, candidate.accuracy)]
    first = rng.normal(size=n)
    second = ALIKE * first + np.sqrt(1 - ALIKE**2) * rng.normal(size=n)
    return np.abs(np.stack([first, second], axis=1) * spread)


def measure(candidate: Candidate, n: int, trials: int) -> dict[str, object]:
    """Share promoted, and which rules stood in the way (of all trials)."""
    rng = np.random.default_rng(n + trials)
    failed: Counter[str] = Counter()
    promoted = 0
    for _ in range(trials):
        decision = decide(draw(rng, n, candidate), n, 0)
        promoted += decision.promote
        failed.update(rule.rule for rule in decision.rules if not rule.passed)
    share = promoted / trials
    return {
        "candidate": candidate.name,
        "items": n,
        "accuracy": candidate.accuracy,
        "churn": candidate.churn,
        "trials": trials,
        "promoted": round(share, 4),
        "standard_error": round(float(np.sqrt(share * (1 - share) / trials)), 4),
        "failed": {rule: round(count / trials, 4) for rule, count in sorted(failed.items())},
    }


def candidates() -> list[Candidate]:
    """Equal, better and worse ones; with errors that are common, and with few."""
    points = (-5, -3, -1, 0, 1, 3, 5)
    usual = [Candidate(f"{p:+d} points" if p else "equal", p / 100) for p in points]
    good = [
        Candidate(f"{p:+d} points, production at 95 %" if p else "equal, production at 95 %", p / 100, 0.03, 0.95)
        for p in (-3, 0, 1, 3)
    ]
    odd = [
        Candidate("+3 points, one class of ten -10 points", 0.03, one_class=0.13),
        Candidate("+3 points, one class of ten -25 points", 0.03, one_class=0.28),
        Candidate("+3 points, a fifth of all items changed", 0.03, churn=0.2),
    ]
    return [*usual, *good, *odd]


def main(arguments: Sequence[str]) -> None:
    """Simulate, print, and keep where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=400)
    parser.add_argument("--equal", type=int, default=2000, help="trials of equal candidates")
    parser.add_argument("--output", type=Path)
    parsed = parser.parse_args(arguments)
    started = time.monotonic()
    found = []
    for candidate in candidates():
        for n in (200, 1000, 5000):
            row = measure(candidate, n, parsed.trials if candidate.better else parsed.equal)
            found.append(row)
            print(
                f"{row['candidate']:45}{n:6} items  promoted {100 * row['promoted']:5.1f} %  failed {row['failed']}",
                flush=True,
            )
    if parsed.output:
        rules = {"alpha": worse.ALPHA, "margin": worse.MARGIN, "most_relative_flips": worse.MAX_RELATIVE_FLIPS}
        whole = {"rules": rules, "seconds": round(time.monotonic() - started, 1), "simulated": found}
        parsed.output.parent.mkdir(parents=True, exist_ok=True)
        parsed.output.write_text(json.dumps(whole, indent=2) + "\n")
