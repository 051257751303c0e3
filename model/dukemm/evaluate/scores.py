"""Metrics of one version over one family or all; fields as in contracts/learning/evaluation.ts."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import precision_recall_fscore_support

from dukemm.evaluate.calibration_error import measure_calibration
from dukemm.evaluate.revenue import measure_revenue
from dukemm.evaluate.table import KINDS, Column, Table

#: Share of the most confident answers whose accuracy is reported, and target accuracy whose share is reported.
SUREST_SHARE = 0.7
DELIVERED_ACCURACY = 0.97
#: Most labels of a confusion matrix.
MAX_CONFUSION_LABELS = 30
DIGITS = 6


def measure_scores(table: Table, column: Column, deviation: float, seed: int) -> dict[str, Any]:
    """Measure `MeasuredScores`. `deviation`: unit of `mae` and `rmse`; 1 for several families."""
    n = len(table)
    numbers = (table.kind == KINDS.index("regression")) & column.answered
    texts = table.kind == KINDS.index("generation")
    classes = _class_scores(table, column)
    calibrated = column.answered
    calibration = measure_calibration(column.confidence[calibrated], column.right[calibrated], table.task[calibrated], seed)
    spread = float(((table.value[numbers] - table.value[numbers].mean()) ** 2).sum()) if numbers.any() else 0.0
    squares = column.error[numbers] ** 2
    scores = {
        "items": n,
        "accuracy": float(column.right.mean()) if n else None,
        "precision": classes["macro"]["precision"] if classes else None,
        "recall": classes["macro"]["recall"] if classes else None,
        "f1": classes["macro"]["f1"] if classes else None,
        "ece": calibration.ece if calibration else None,
        "r2": 1 - float(squares.sum()) / spread if spread > 0 else None,
        "mae": deviation * float(column.error[numbers].mean()) if numbers.any() else None,
        "accuracy_interval": share_interval(int(column.right.sum()), n),
        "weighted": classes["weighted"] if classes else None,
        "rmse": deviation * float(np.sqrt(squares.mean())) if numbers.any() else None,
        "exact_match": float(column.right[texts].mean()) if texts.any() else None,
        "token_f1": float(np.nan_to_num(column.token_f1[texts]).mean()) if texts.any() else None,
        "calibration": None,
        "surest": _surest(column),
        "sets": _sets(column),
        "unanswered": int((~column.answered).sum()),
    }
    revenue = measure_revenue(table, column)
    if revenue:
        scores["revenue"] = revenue
    if calibration:
        scores["calibration"] = {
            "interval": list(calibration.interval),
            "if_true": {"mean": calibration.if_true_mean, "most": calibration.if_true_most},
            "brier": calibration.brier,
            "negative_log_likelihood": calibration.negative_log_likelihood,
            "bins": [{"confidence": c, "accuracy": a, "items": items} for c, a, items in calibration.bins],
        }
    return rounded(scores)


def share_interval(right: int, n: int) -> list[float] | None:
    """95 % interval of a proportion (Wilson 1927); None without items."""
    if not n:
        return None
    found = binomtest(right, n).proportion_ci(0.95, "wilson")
    return [float(found.low), float(found.high)]


def _class_scores(table: Table, column: Column) -> dict[str, dict[str, float]] | None:
    """Macro and weighted means over the classes that occur; a missing answer is in no class."""
    rows = table.label >= 0
    if not rows.any():
        return None
    occurring = np.unique(table.label[rows])
    found = {}
    for average in ("macro", "weighted"):
        precision, recall, f1, _ = precision_recall_fscore_support(
            table.label[rows], column.label[rows], labels=occurring, average=average, zero_division=0
        )
        found[average] = {"precision": float(precision), "recall": float(recall), "f1": float(f1)}
    return found


def _surest(column: Column) -> dict[str, float] | None:
    """Accuracy of the most confident answers. Ties count with their mean, so that their order does not matter."""
    n = len(column.right)
    if not n:
        return None
    confidence = np.where(column.answered, column.confidence, -1.0)
    _, place, counts = np.unique(-confidence, return_inverse=True, return_counts=True)
    means = np.bincount(place, column.right, len(counts)) / counts
    right = np.cumsum(np.repeat(means, counts))
    share = right / np.arange(1, n + 1)
    most = int(np.ceil(SUREST_SHARE * n))
    enough = np.flatnonzero(share >= DELIVERED_ACCURACY - 1e-12)
    return {
        "share": most / n,
        "accuracy": float(share[most - 1]),
        "share_at_97": float((enough[-1] + 1) / n) if len(enough) else 0.0,
    }


def _sets(column: Column) -> dict[str, Any] | None:
    rows = ~np.isnan(column.covered)
    items = int(rows.sum())
    if not items:
        return None
    covered = column.covered[rows]
    return {
        "items": items,
        "coverage": float(covered.mean()),
        "coverage_interval": share_interval(int(covered.sum()), items),
        "size": float(column.size[rows].mean()),
    }


def count_confusions(table: Table, column: Column, labels: list[str], first_label: int) -> dict[str, Any]:
    """Counts by right label and answer for the most frequent labels; other labels and missing answers are `rest`."""
    truth, answered = table.label - first_label, column.label - first_label
    count = len(labels)
    frequency = np.bincount(truth[truth >= 0], minlength=count) + np.bincount(answered[answered >= 0], minlength=count)
    order = np.argsort(-frequency, kind="stable")
    shown = np.sort(order[:MAX_CONFUSION_LABELS])
    place = np.full(count + 1, len(shown))  # the last entry, index −1, is for missing answers
    place[shown] = np.arange(len(shown))
    counts = np.zeros((len(shown) + 1, len(shown) + 1), np.int64)
    np.add.at(counts, (place[np.maximum(truth, -1)], place[np.where(answered >= 0, answered, -1)]), 1)
    rest = bool(counts[-1].any() or counts[:, -1].any())
    shown_counts = counts if rest else counts[:-1, :-1]
    return {"labels": [labels[i] for i in shown], "rest": rest, "counts": shown_counts.tolist()}


def recalls(label: NDArray[np.int64], right: NDArray[np.bool_]) -> dict[int, tuple[int, float]]:
    """(items, recall) of each class."""
    return {int(c): (int((label == c).sum()), float(right[label == c].mean())) for c in np.unique(label[label >= 0])}


def rounded(value: Any) -> Any:
    """Round the floats of a report to DIGITS decimals, as further digits differ between machines."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    return [rounded(inner) for inner in value] if isinstance(value, list | tuple) else value
