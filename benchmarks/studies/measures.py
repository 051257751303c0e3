"""What is measured on answers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import f1_score, r2_score

from benchmarks.contenders.learner import Answers
from benchmarks.data.rows import Domain, Row

BINS = 15
#: Test items from which a calibration error is taken by itself; below, its interval counts.
ENOUGH = 2000
RESAMPLES = 200
#: Of what is asked, the surest share that is answered without a human.
ANSWERED = 0.7


def calibration_error(confidences: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error over 15 equal bins (Guo et al. 2017)."""
    bins = np.minimum((np.clip(confidences, 0, 1) * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, confidences - right, BINS)
    return float(np.abs(gaps).sum() / len(right))


def calibration_interval(confidences: np.ndarray, right: np.ndarray, seed: int = 0) -> tuple[float, float]:
    """95 % interval by bootstrap over items."""
    random = np.random.default_rng(seed)
    draws = [random.integers(len(right), size=len(right)) for _ in range(RESAMPLES)]
    errors = [calibration_error(confidences[d], right[d]) for d in draws]
    return float(np.quantile(errors, 0.025)), float(np.quantile(errors, 0.975))


def surest(confidences: np.ndarray, right: np.ndarray, share: float = ANSWERED) -> float:
    """Share right among the surest; ties in the order of the items, which says nothing."""
    order = np.argsort(-confidences, kind="stable")
    return float(right[order[: max(1, round(share * len(right)))]].mean())


def of_labels(domain: Domain, rows: Sequence[Row], answers: Answers) -> dict[str, Any]:
    """Figures of a classification; `right` packs which items were right, as hex, for paired comparisons."""
    truth = [str(row.expected) for row in rows]
    right = np.array([p == t for p, t in zip(answers.predictions, truth, strict=True)])
    found: dict[str, Any] = {
        "score": float(right.mean()),
        "errors": int((~right).sum()),
        "n": len(rows),
        "f1": float(f1_score(truth, list(map(str, answers.predictions)), average="macro", zero_division=0)),
        "right": np.packbits(right).tobytes().hex(),
    }
    if answers.confidences is not None:
        sure = np.asarray(answers.confidences, np.float64)
        found["surest_70"] = surest(sure, right)
        if answers.probabilistic:
            found["ece"] = calibration_error(sure, right)
            if len(rows) < ENOUGH:
                found["ece_low"], found["ece_high"] = calibration_interval(sure, right)
    if answers.label_sets is not None:
        inside = [t in s for t, s in zip(truth, answers.label_sets, strict=True)]
        found["coverage"] = float(np.mean(inside))
        found["set_size"] = float(np.mean([len(s) for s in answers.label_sets]))
    return found


def of_numbers(rows: Sequence[Row], answers: Answers) -> dict[str, Any]:
    """Figures of a regression; the score is R². `surest_70` is R² too."""
    truth = np.array([float(row.expected) for row in rows])
    guessed = np.array([float(p) for p in answers.predictions])
    found: dict[str, Any] = {
        "score": float(r2_score(truth, guessed)),
        "mae": float(np.abs(truth - guessed).mean()),
        "n": len(rows),
    }
    if answers.intervals is not None:
        low, high = np.array(answers.intervals, np.float64).T
        found["coverage"] = float(((low <= truth) & (truth <= high)).mean())
        found["set_size"] = float((high - low).mean() / truth.std())
    return found


def of(domain: Domain, rows: Sequence[Row], answers: Answers) -> dict[str, Any]:
    """Figures of answers to rows."""
    return of_labels(domain, rows, answers) if domain.labels else of_numbers(rows, answers)


def joined(parts: Sequence[Answers]) -> Answers:
    """Answers of several folds as one."""

    def every(name: str) -> Any:
        values = [getattr(part, name) for part in parts]
        return None if any(v is None for v in values) else [x for v in values for x in v]

    sure = every("confidences")
    return Answers(
        every("predictions"),
        None if sure is None else np.array(sure),
        all(part.probabilistic for part in parts),
        every("label_sets"),
        every("intervals"),
    )


def unpacked(right: str, n: int) -> np.ndarray:
    """Which items were right, from `of_labels`."""
    return np.unpackbits(np.frombuffer(bytes.fromhex(right), np.uint8), count=n).astype(bool)


def flips(before: np.ndarray, after: np.ndarray) -> dict[str, Any]:
    """Negative flips (right before, wrong after; Yan et al. 2021) and the exact paired test (McNemar)."""
    lost, won = int((before & ~after).sum()), int((~before & after).sum())
    p = float(binomtest(lost, lost + won).pvalue) if lost + won else 1.0
    return {"lost": lost, "won": won, "p": p}
