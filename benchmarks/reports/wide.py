"""Duke MM on data that nobody tuned it for, beside what a good engineer tries first on the same rows.

Measures what has no kept figure, then compares over data sets (Demšar 2006): per kind of data and number of labels the mean
difference to the best contender of each set with an interval by bootstrap over sets, the sets more than a point above or
below it, and average ranks. «Best» is chosen for each set by its test score, which no user could do beforehand.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import rankdata, wilcoxon

from benchmarks import PUBLISHED, REPOSITORY
from benchmarks.data.letters import install_missing
from benchmarks.data.wide.sets import QUICK
from benchmarks.studies.wide import DUKE, run

REQUIREMENTS = REPOSITORY / "benchmarks" / "requirements-wide.txt"
#: A difference of accuracy or R² that counts as above or below.
POINT = 0.01
RESAMPLES = 2000
#: Ranks and signed-rank tests need so many sets.
ENOUGH_SETS = 5

Record = Mapping[str, Any]
#: By set: by learner the mean score over seeds.
Scores = Mapping[str, Mapping[str, float]]


def by_group(records: Sequence[Record]) -> dict[tuple[str, int], Scores]:
    """Mean scores over seeds by (group, number of labels)."""
    found: dict[tuple[str, int], dict[str, dict[str, list[float]]]] = {}
    for record in records:
        sets = found.setdefault((record["group"], record["size"]), {})
        sets.setdefault(record["set"], defaultdict(list))[record["learner"]].append(record["score"])
    return {
        key: {name: {who: float(np.mean(scores)) for who, scores in of.items()} for name, of in sets.items() if DUKE in of}
        for key, sets in found.items()
    }


def differences(scores: Scores) -> dict[str, tuple[float, str]]:
    """By set: Duke MM's score minus that of the set's best contender, and who that is."""
    best = {name: max((who for who in of if who != DUKE), key=of.__getitem__) for name, of in scores.items() if len(of) > 1}
    return {name: (scores[name][DUKE] - scores[name][who], who) for name, who in best.items()}


def interval(values: Sequence[float]) -> tuple[float, float]:
    """95 % interval of a mean by bootstrap over data sets."""
    random = np.random.default_rng(0)
    means = random.choice(np.asarray(values), (RESAMPLES, len(values))).mean(1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def average_ranks(scores: Scores) -> dict[str, float]:
    """Average rank over sets of the learners that every set has; 1 is best."""
    learners = sorted(set.intersection(*(set(of) for of in scores.values())))
    ranks = [rankdata([-of[who] for who in learners]) for of in scores.values()]
    return dict(zip(learners, np.mean(ranks, 0).tolist(), strict=True))


def signed_rank_p(scores: Scores, contender: str) -> float:
    """p of Wilcoxon's signed-rank test of Duke MM against a contender over data sets."""
    gaps = np.array([of[DUKE] - of[contender] for of in scores.values()])
    return float(wilcoxon(gaps).pvalue) if np.any(gaps) else 1.0


def summary_lines(records: Sequence[Record]) -> list[str]:
    """Tables of Markdown: one line a kind of data and number of labels, then one a data set."""
    groups = {key: scores for key, scores in sorted(by_group(records).items()) if scores and differences(scores)}
    lines = [
        "| kind | labels | sets | to the best of each set | above / level / below | rank | strongest contender, rank | p |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (group, size), scores in groups.items():
        gaps = [gap for gap, _ in differences(scores).values()]
        low, high = interval(gaps)
        above, below = sum(g > POINT for g in gaps), sum(g < -POINT for g in gaps)
        ranks = average_ranks(scores)
        strongest = min((who for who in ranks if who != DUKE), key=ranks.__getitem__)
        p = f"{signed_rank_p(scores, strongest):.3f}" if len(gaps) >= ENOUGH_SETS else "–"
        gap = f"{100 * np.mean(gaps):+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"
        counts = f"{above} / {len(gaps) - above - below} / {below}"
        lines.append(
            f"| {group} | {size} | {len(gaps)} | {gap} | {counts} | {ranks[DUKE]:.1f} | "
            f"{strongest}, {ranks[strongest]:.1f} | {p} |"
        )
    return [*lines, "", *calibration_lines(records), "", *set_lines(groups)]


def calibration_lines(records: Sequence[Record]) -> list[str]:
    """Calibration error of labels and coverage of 95 % sets and intervals of Duke MM, by number of labels."""
    duke = [record for record in records if record["learner"] == DUKE]
    lines = [
        "| labels | calibration error | coverage of 95 % sets | coverage of 95 % intervals | CPU s a fit, median |",
        "|---|---|---|---|---|",
    ]
    for size in sorted({record["size"] for record in duke}):
        some = [record for record in duke if record["size"] == size]

        def mean(name: str, kind: str, some: Sequence[Record] = some) -> str:
            values = [record[name] for record in some if record["kind"] == kind and name in record]
            return f"{np.mean(values):.3f}" if values else "–"

        spent = float(np.median([record["cpu_seconds"] for record in some]))
        lines.append(
            f"| {size} | {mean('ece', 'classification')} | {mean('coverage', 'classification')} | "
            f"{mean('coverage', 'regression')} | {spent:.1f} |"
        )
    return lines


def set_lines(groups: Mapping[tuple[str, int], Scores]) -> list[str]:
    """Score of Duke MM and of the best contender in every set, in %; of regressions R²."""
    lines = ["| kind | set | labels | Duke MM | best contender | difference |", "|---|---|---|---|---|---|"]
    for (group, size), scores in groups.items():
        for name, (gap, who) in sorted(differences(scores).items()):
            lines.append(
                f"| {group} | {name} | {size} | {100 * scores[name][DUKE]:.1f} | {100 * scores[name][who]:.1f} ({who}) | "
                f"{100 * gap:+.1f} |"
            )
    return lines


def publish(half: str, records: Sequence[Record], lines: Sequence[str]) -> None:
    """Write the tables and the figures behind them to docs/benchmarks."""
    seeds = len({record["seed"] for record in records})
    purpose = (
        "Nothing was chosen by these sets: they are run once for a release."
        if half == "test"
        else "The model was worked on with these sets."
    )
    head = [
        f"# Data that the model was not made for: the {half} half",
        "",
        f"{purpose} {seeds} draw{'s' if seeds > 1 else ''} of the labels; each set has a fixed test of 80 to 400 rows.",
        "Scores are accuracies in %, of regressions R² × 100. The best contender is chosen for each set by its test score.",
        f"Written by `python -m benchmarks wide --half {half} --publish`.",
        "",
    ]
    (PUBLISHED / f"wide-{half}.md").write_text("\n".join([*head, *lines]) + "\n")
    kept = ("set", "group", "kind", "size", "seed", "learner", "score", "ece", "coverage", "cpu_seconds")
    figures = [{name: record[name] for name in kept if name in record} for record in records]
    (PUBLISHED / f"wide-{half}.json").write_text("[\n" + ",\n".join(json.dumps(figure) for figure in figures) + "\n]\n")


def main(arguments: Sequence[str]) -> int:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("development", "test"), default="development")
    parser.add_argument("--quick", action="store_true", help=f"sets of the development half: {', '.join(QUICK)}")
    parser.add_argument("--sets", nargs="+", default=[], help="by title")
    parser.add_argument("--sizes", nargs="+", type=int, default=[], help="numbers of labels")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--learners", nargs="+", default=[], help="by name; «contenders» are all but duke")
    parser.add_argument("--publish", action="store_true", help="write docs/benchmarks/wide-HALF.md and .json")
    options = parser.parse_args(arguments)
    install_missing("catboost", REQUIREMENTS)
    records = run(options)
    lines = summary_lines(records)
    print("\n".join(lines))
    if options.publish:
        publish(options.half, records, lines)
    return 0
