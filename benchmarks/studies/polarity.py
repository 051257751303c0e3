"""Fits the direction of sentiment in text embeddings (dukemm/answering/polarity.py) and measures it.

Usage: python -m benchmarks polarity --data DIR [--save]
Each corpus is measured with a direction that was fitted to the others, for pairs of label names; `--save` writes the one
that is fitted to all.
"""

import argparse
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.data.sentiment import load_sentiment
from dukemm.answering.polarity import WEIGHTS, Polarity
from dukemm.encoders.pool import Encoders
from dukemm.versions.artifact import first_config

#: Texts of a corpus, drawn by SEED, and the inverse of the ridge on the direction.
MAX_TEXTS, SEED, INVERSE_RIDGE = 3000, 0, 1.0
PAIRS = (
    ("positive", "negative"),
    ("good", "bad"),
    ("like", "dislike"),
    ("satisfied", "dissatisfied"),
    ("praise", "complaint"),
    ("love", "hate"),
    ("recommend", "do not recommend"),
    ("thumbs up", "thumbs down"),
    ("approval", "disapproval"),
    ("delighted", "disappointed"),
)

Embedded = Mapping[str, tuple[np.ndarray, np.ndarray]]


def fitted(corpora: Embedded, held_out: str | None = None) -> Polarity:
    """Fit to all corpora but one, each with the same weight and both sides of each equally."""
    used = [pair for name, pair in corpora.items() if name != held_out]
    vectors, positive = np.vstack([v for v, _ in used]), np.hstack([p for _, p in used])
    weights = np.hstack([np.full(len(p), 1.0 / len(p)) for _, p in used])
    model = LogisticRegression(C=INVERSE_RIDGE, max_iter=1000, class_weight="balanced")
    model.fit(vectors, positive, weights / weights.mean())
    length = float(np.linalg.norm(model.coef_[0]))
    return Polarity(model.coef_[0] / length, -float(model.intercept_[0]) / length)


def accuracy(polarity: Polarity | None, vectors: np.ndarray, positive: np.ndarray, labels: np.ndarray) -> float:
    """Share of texts whose more similar label, of (2, width) embeddings, positive first, is right."""
    scores = vectors @ labels.T
    if polarity is not None:
        scores = scores + polarity.of(vectors)[:, None] * polarity.label_factors(labels)
    return float(((scores[:, 0] > scores[:, 1]) == positive).mean())


def main(arguments: Sequence[str]) -> None:
    """Fit, print accuracies, and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that the release is downloaded to")
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args(arguments)
    encoder = Encoders().text(first_config("embedded", "polarity").text_encoder)

    def embedded(texts: Sequence[str]) -> np.ndarray:
        return np.asarray(encoder.vectors(list(texts), math.inf), np.float64)

    random = np.random.default_rng(SEED)
    corpora = {}
    for name, rows in load_sentiment(options.data).items():
        drawn = [rows[i] for i in random.permutation(len(rows))[:MAX_TEXTS]]
        corpora[name] = (embedded([text for text, _ in drawn]), np.array([positive for _, positive in drawn]))
    labels = {pair: embedded(pair) for pair in PAIRS}
    print("accuracy in %, mean over pairs of labels; the direction was fitted to the other corpora\n")
    print("| corpus | texts | majority | names alone | with polarity | worst pair |\n|---|---|---|---|---|---|")
    for name, (vectors, positive) in corpora.items():
        others = fitted(corpora, name)
        alone = [accuracy(None, vectors, positive, pair) for pair in labels.values()]
        found = [accuracy(others, vectors, positive, pair) for pair in labels.values()]
        majority = max(positive.mean(), 1 - positive.mean())
        cells = (majority, np.mean(alone), np.mean(found), min(found))
        print(f"| {name} | {len(positive)} | " + " | ".join(f"{100 * cell:.1f}" for cell in cells) + " |")
    if options.save:
        whole = fitted(corpora)
        np.savez(WEIGHTS, direction=whole.direction.astype(np.float32), neutral=np.float32(whole.neutral))
