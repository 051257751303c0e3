"""The gate over versions that were really trained: equal ones, and ones with more or fewer examples.

Usage: python -m benchmarks gate-retrained [--learners trees network family] [--versions 40] [--output FILE]
LetterRecognition (Debian r-cran-mlbench, 26 labels, 16 numbers). Learners: scikit-learn's extra trees (fast, steady between
seeds), a network of 64 neurons (less so), and the classifier of one family of Duke MM (seconds a version). Versions of 300
examples that differ by the seed alone, by the sample of those examples (drawn with replacement), or by all examples; and
versions of the same examples with more added, or half of them gone. Items to judge are 4,000 others, of which `items` are
drawn for each pair. Pairs share versions, so they are not independent.
"""

import argparse
import json
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.data.letters import read_letters
from dukemm.config import ClassifierConfig
from dukemm.domain.encoded import EncodedItem
from dukemm.evaluate.gate import decide
from dukemm.evaluate.pairs import Pairs, differences
from dukemm.media.views import views_of

EXAMPLES = 300
JUDGED = 4000
ITEMS = (300, 1000, 4000)
GROWN = {"half of the examples gone": 150, "a sixth more": 350, "a third more": 400, "twice as many": 600}


class Letters:
    """Rows in a fixed random order: the first JUDGED are to judge, the others to learn from."""

    def __init__(self, rows: int) -> None:
        table = read_letters().sample(JUDGED + rows, random_state=0)
        names = [str(name) for name in table.columns if name != "lettr"]
        cells = table[names].to_numpy(float)
        self.labels = sorted(set(table["lettr"]))
        self.answers = np.array([self.labels.index(letter) for letter in table["lettr"]])
        self.names, self.cells = names, cells

    def encoded(self, rows: np.ndarray) -> list[EncodedItem]:
        """As the model sees them."""
        nothing = np.zeros(384, np.float32)
        return [
            EncodedItem(views_of(dict(zip(self.names, map(float, self.cells[i]), strict=True)), {}), nothing) for i in rows
        ]


def trees(letters: Letters, rows: np.ndarray, seed: int) -> np.ndarray:
    """What a version trained on these rows says of the items to judge."""
    model = ExtraTreesClassifier(100, random_state=seed)
    return model.fit(letters.cells[rows], letters.answers[rows]).predict(letters.cells[:JUDGED])


def network(letters: Letters, rows: np.ndarray, seed: int) -> np.ndarray:
    """The same by a network."""
    model = make_pipeline(StandardScaler(), MLPClassifier((64,), max_iter=100, random_state=seed))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(letters.cells[rows], letters.answers[rows])
    return model.predict(letters.cells[:JUDGED])


def family(letters: Letters, rows: np.ndarray, seed: int) -> np.ndarray:
    """The same by Duke MM's own learner."""
    from dukemm.ensemble.classifier import fit_classifier
    from dukemm.ensemble.fit import FitSettings, LabelledExamples

    examples = LabelledExamples(letters.labels, letters.encoded(rows), letters.answers[rows], np.ones(len(rows)))
    classifier, _ = fit_classifier(examples, FitSettings(ClassifierConfig().ridge, seed=seed))
    return classifier.logits(letters.encoded(np.arange(JUDGED))).argmax(1)


LEARNERS = {"trees": trees, "network": network, "family": family}


def judged(letters: Letters, candidate: np.ndarray, production: np.ndarray, chosen: np.ndarray) -> bool:
    """Whether the gate lets it pass, on these items."""
    truth, now, before = letters.answers[chosen], candidate[chosen], production[chosen]
    n = len(chosen)
    right = now == truth, before == truth
    pairs = Pairs(np.zeros(n, np.int64), truth, np.arange(n), differences(*right), *right, now, before)
    return decide(pairs, n, 0).promote


def measure(letters: Letters, name: str, pairs: list[tuple[np.ndarray, np.ndarray]]) -> list[dict[str, object]]:
    """Share promoted by number of items; pairs are candidate and production."""
    truth = letters.answers[:JUDGED]
    gains = [100 * ((now == truth).mean() - (before == truth).mean()) for now, before in pairs]
    found = []
    for n in ITEMS:
        rng = np.random.default_rng(n)
        promoted = np.mean([judged(letters, now, before, rng.permutation(JUDGED)[:n]) for now, before in pairs])
        row = {
            "candidate": name,
            "items": n,
            "pairs": len(pairs),
            "promoted": round(float(promoted), 4),
            "points": {"mean": round(float(np.mean(gains)), 2), "standard_deviation": round(float(np.std(gains)), 2)},
        }
        found.append(row)
        print(json.dumps(row), flush=True)
    return found


def equals(make: Callable[[int], np.ndarray], versions: int, pairs: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pairs of different versions of one sort, each ordered pair at most once."""
    made = [make(i) for i in range(versions)]
    ordered = [(a, b) for a in range(versions) for b in range(versions) if a != b]
    chosen = np.random.default_rng(0).permutation(len(ordered))[:pairs]
    return [(made[ordered[i][0]], made[ordered[i][1]]) for i in chosen]


def study(letters: Letters, learner: str, versions: int, pairs: int) -> list[dict[str, object]]:
    """Equal, better and worse versions of one learner."""

    def version(chosen: np.ndarray, seed: int) -> np.ndarray:
        return LEARNERS[learner](letters, chosen + JUDGED, seed)

    same = np.arange(EXAMPLES)
    sorts: dict[str, Callable[[int], np.ndarray]] = {
        "equal, another seed": lambda i: version(same, i),
        "equal, examples resampled": lambda i: version(np.random.default_rng(i).integers(0, EXAMPLES, EXAMPLES), 0),
        "equal, other examples": lambda i: version(i * EXAMPLES + same, 0),
    }
    found = []
    for name, make in sorts.items():
        found += measure(letters, f"{learner}: {name}", equals(make, versions, pairs))
    starts = [i * 2 * EXAMPLES for i in range(versions // 2)]
    before = [version(start + same, 0) for start in starts]
    for name, count in GROWN.items():
        after = [version(start + np.arange(count), 1) for start in starts]
        found += measure(letters, f"{learner}: {name}", list(zip(after, before, strict=True)))
    return found


def main(arguments: Sequence[str]) -> None:
    """Train, judge, print, and keep where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", nargs="+", choices=list(LEARNERS), default=list(LEARNERS))
    parser.add_argument("--versions", type=int, default=40)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--output", type=Path)
    parsed = parser.parse_args(arguments)
    started = time.monotonic()
    letters = Letters(EXAMPLES * parsed.versions)
    found = [row for learner in parsed.learners for row in study(letters, learner, parsed.versions, parsed.pairs)]
    if parsed.output:
        whole = {"seconds": round(time.monotonic() - started, 1), "versions": parsed.versions, "retrained": found}
        parsed.output.write_text(json.dumps(whole, indent=2) + "\n")
