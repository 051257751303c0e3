"""Fits the direction of sentiment in the embeddings of both text encoders (dukemm/answering/polarity.py), and measures it.

Usage: python -m benchmarks polarity --data DIR [--save]
Each corpus is measured with directions that were fitted to the others, for pairs of label names; `--save` writes those that
are fitted to all.
"""

import argparse
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.data.sentiment import load_sentiment
from dukemm.answering.label_scorer import MULTILINGUAL_WEIGHT, LabelEmbeddings
from dukemm.answering.polarity import FACTOR_PER_SHARE, WEIGHTS, Polarity
from dukemm.encoders.batching import EncoderService
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

#: Corpora or pairs of labels as one encoder embeds them.
Corpora = Mapping[str, tuple[np.ndarray, np.ndarray]]
Labels = Mapping[tuple[str, str], np.ndarray]


def fitted(corpora: Corpora, encoder: str, held_out: str | None = None) -> Polarity:
    """Fit to all corpora but one, each with the same weight and both sides of each equally."""
    used = [pair for name, pair in corpora.items() if name != held_out]
    vectors, positive = np.vstack([v for v, _ in used]), np.hstack([p for _, p in used])
    weights = np.hstack([np.full(len(p), 1.0 / len(p)) for _, p in used])
    model = LogisticRegression(C=INVERSE_RIDGE, max_iter=1000, class_weight="balanced")
    model.fit(vectors, positive, weights / weights.mean())
    length = float(np.linalg.norm(model.coef_[0]))
    return Polarity(model.coef_[0] / length, -float(model.intercept_[0]) / length, FACTOR_PER_SHARE[encoder])


def accuracies(scores: Mapping[tuple[str, str], np.ndarray], positive: np.ndarray) -> list[float]:
    """For each pair of labels, the share of texts whose more similar label, positive first, is right: (m, 2) scores."""
    return [float(((pair[:, 0] > pair[:, 1]) == positive).mean()) for pair in scores.values()]


def main(arguments: Sequence[str]) -> None:
    """Fit, print accuracies, and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that the release is downloaded to")
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args(arguments)
    config, encoders = first_config("embedded", "polarity"), Encoders()
    assert config.multilingual_encoder is not None
    weights = {"text": 1.0, "multilingual": MULTILINGUAL_WEIGHT}
    services = {"text": encoders.text(config.text_encoder), "multilingual": encoders.text(config.multilingual_encoder)}
    random = np.random.default_rng(SEED)
    drawn = {
        name: [rows[i] for i in random.permutation(len(rows))[:MAX_TEXTS]]
        for name, rows in load_sentiment(options.data).items()
    }
    corpora: dict[str, Corpora] = {}
    labels: dict[str, Labels] = {}
    for encoder, service in services.items():

        def embedded(texts: Sequence[str], service: EncoderService = service) -> np.ndarray:
            return np.asarray(service.vectors(list(texts), math.inf), np.float64)

        corpora[encoder] = {
            name: (embedded([text for text, _ in rows]), np.array([positive for _, positive in rows]))
            for name, rows in drawn.items()
        }
        labels[encoder] = {pair: embedded(pair) for pair in PAIRS}
    print("accuracy in %, mean over pairs of labels; the directions were fitted to the other corpora\n")
    print("| corpus | texts | majority | names alone | text encoder | multilingual encoder | both | worst pair of both |")
    print("|---|---|---|---|---|---|---|---|")
    for name, rows in drawn.items():
        positive = np.array([positive for _, positive in rows])
        scores = {
            encoder: _scores(corpora[encoder][name][0], labels[encoder], fitted(corpora[encoder], encoder, name))
            for encoder in services
        }
        both = {pair: sum(weights[encoder] * scores[encoder][pair] for encoder in services) for pair in PAIRS}
        names = _scores(corpora["text"][name][0], labels["text"], None)
        found = [accuracies(each, positive) for each in (names, scores["text"], scores["multilingual"], both)]
        cells = [max(positive.mean(), 1 - positive.mean()), *map(np.mean, found), min(found[-1])]
        print(f"| {name} | {len(rows)} | " + " | ".join(f"{100 * cell:.1f}" for cell in cells) + " |")
    if options.save:
        arrays: dict[str, np.ndarray] = {}
        for encoder in services:
            whole = fitted(corpora[encoder], encoder)
            arrays[f"{encoder}.direction"] = whole.direction.astype(np.float32)
            arrays[f"{encoder}.neutral"] = np.array(whole.neutral, np.float32)
        np.savez(WEIGHTS, **arrays)


def _scores(vectors: np.ndarray, labels: Labels, polarity: Polarity | None) -> dict[tuple[str, str], np.ndarray]:
    embeddings = {pair: LabelEmbeddings(embedded, polarity) for pair, embedded in labels.items()}
    return {pair: each.similarities(vectors) + each.sentiments(vectors) for pair, each in embeddings.items()}
