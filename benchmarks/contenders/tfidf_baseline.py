"""TF-IDF + logistic regression on one table to fill in: what a good engineer tries first.

Usage: python benchmarks/contenders/tfidf_baseline.py TABLE.csv TRUTH.json
Rows whose last column is filled are learned from, the others are answered. TRUTH.json lists the right answers of all
rows in order. Prints one JSON line: {"accuracy": share of right answers, "answers": how many}.
"""

import csv
import json
import sys
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline


def main(table_path: str, truth_path: str) -> None:
    """Fit on the filled rows, answer the others, and print the accuracy."""
    csv.field_size_limit(10_000_000)
    with Path(table_path).open(newline="", encoding="utf-8") as handle:
        rows = list(csv.reader(handle))[1:]
    truth = json.loads(Path(truth_path).read_text(encoding="utf-8"))
    labelled = [(row[0], row[1]) for row in rows if row[1]]
    open_rows = [(row[0], right) for row, right in zip(rows, truth, strict=True) if not row[1]]

    model = make_pipeline(
        TfidfVectorizer(sublinear_tf=True),
        # The best of the settings that benchmarks/studies/fewshot.py compares.
        LogisticRegression(C=10.0, max_iter=2000, class_weight="balanced"),
    )
    model.fit([text for text, _ in labelled], [label for _, label in labelled])
    answers = model.predict([text for text, _ in open_rows])
    right = sum(answer == expected for answer, (_, expected) in zip(answers, open_rows, strict=True))
    print(json.dumps({"accuracy": right / len(open_rows), "answers": len(open_rows)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
