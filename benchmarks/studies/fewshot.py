"""How far do a task's own examples take Duke MM? Against what a good engineer tries first, on the same examples.

Usage: python -m benchmarks fewshot [--seeds 20] [--examples 40] [--unseen 200] [--balanced] [--half unseen] [--tables]
Prints one line a contender: mean, standard deviation and minimum of the accuracy over seeds, and for Duke MM the expected
calibration error (15 equal bins over all answers of all seeds). Texts of the mails are as they were sent.
"""

import argparse
import time
from collections.abc import Sequence

import numpy as np
from sklearn import datasets
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.data.mails import Mail, load_mails
from dukemm.answering.classification import ClassificationTask
from dukemm.answering.label_scorer import LabelEmbeddings, LabelTexts
from dukemm.config import PRESETS, ClassifierConfig
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.domain.labels import label_texts
from dukemm.encoders.text import TextEncoder, load_text_encoder
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.media.views import views_of

DESCRIPTION = "Is this mail spam or ham?"
BINS = 15


class Corpus:
    """Mails with their embeddings, each computed when it is first drawn."""

    def __init__(self, mails: Sequence[Mail], encoder: TextEncoder) -> None:
        self.mails = mails
        self.encoder = encoder
        self._encoded: dict[int, EncodedItem] = {}

    def encoded(self, chosen: Sequence[int]) -> list[EncodedItem]:
        """The mails at these places, encoded."""
        missing = [i for i in chosen if i not in self._encoded]
        views = [views_of({"mail": self.mails[i].text}, {}) for i in missing]
        vectors = self.encoder.encode([view.meaning for view in views]) if missing else []
        self._encoded.update({i: EncodedItem(v, x) for i, v, x in zip(missing, views, vectors, strict=True)})
        return [self._encoded[i] for i in chosen]


def duke_mm(
    labels: Sequence[str], vectors: np.ndarray, examples: list[EncodedItem], known: Sequence[str], items: list[EncodedItem]
):
    """Predictions and confidences."""
    rows = [EncodedExample(str(i), label, encoded) for i, (label, encoded) in enumerate(zip(known, examples, strict=True))]
    task = ClassificationTask(
        ClassifierConfig(),
        CalibrationPrior(),
        LabelTexts(labels, LabelEmbeddings(vectors), 2.0),
        rows,
        lambda _text, _to: {},
    )
    answers = task.answer(items)
    return [a.prediction for a in answers], [a.confidence for a in answers]


def calibration_error(confidences: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error: mean distance of confidence and accuracy over equal bins, weighted by their size."""
    bins = np.minimum((confidences * BINS).astype(int), BINS - 1)
    return float(
        sum(
            abs(confidences[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
            for b in range(BINS)
            if (bins == b).any()
        )
    )


def draw(labels: Sequence[str], seed: int, examples: int, unseen: int, balanced: bool) -> tuple[list[int], list[int]]:
    """Places of examples and of items to answer; a plain random draw, or the same number of examples of each label."""
    order = [int(i) for i in np.random.default_rng(seed).permutation(len(labels))]
    if not balanced:
        return order[:examples], order[examples : examples + unseen]
    names = sorted(set(labels))
    chosen = [i for name in names for i in [j for j in order if labels[j] == name][: examples // len(names)]]
    return chosen, [i for i in order if i not in set(chosen)][:unseen]


def report(title: str, results: dict[str, list[float]], confidences: list[float], right: list[bool]) -> None:
    """Print the accuracies of all contenders, and Duke MM's calibration error."""
    print(title)
    for name, accuracies in results.items():
        a = 100 * np.array(accuracies)
        print(f"  {name:34s} {a.mean():6.2f} %   sd {a.std():4.2f}   worst {a.min():5.1f}")
    error = calibration_error(np.array(confidences), np.array(right))
    print(f"  Duke MM: mean confidence {np.mean(confidences):.3f}, calibration error {error:.3f}\n", flush=True)


def mails(options: argparse.Namespace) -> None:
    """The mails."""
    encoder = load_text_encoder(PRESETS["embedded"].text)
    corpus = Corpus(load_mails(options.half), encoder)
    labels = ["ham", "spam"]
    vectors = encoder.encode(label_texts(labels, DESCRIPTION))
    truth = [mail.label for mail in corpus.mails]
    results: dict[str, list[float]] = {}
    confidences: list[float] = []
    right: list[bool] = []
    for seed in range(options.seeds):
        chosen, asked = draw(truth, seed, options.examples, options.unseen, options.balanced)
        known, expected = [truth[i] for i in chosen], np.array([truth[i] for i in asked])
        examples, items = corpus.encoded(chosen), corpus.encoded(asked)
        predicted, sure = duke_mm(labels, vectors, examples, known, items)
        confidences += sure
        right += list(np.array(predicted) == expected)
        texts, questions = [corpus.mails[i].text for i in chosen], [corpus.mails[i].text for i in asked]
        answers = {"Duke MM": predicted, **baselines(texts, known, questions, examples, items)}
        for name, answer in answers.items():
            results.setdefault(name, []).append(float((np.array(answer) == expected).mean()))
    kind = "balanced" if options.balanced else "plain random"
    report(
        f"mails ({options.half} half): {options.examples} examples ({kind}), {options.unseen} unseen",
        results,
        confidences,
        right,
    )


def baselines(
    texts: list[str], known: list[str], questions: list[str], examples: list[EncodedItem], items: list[EncodedItem]
) -> dict[str, np.ndarray]:
    """Answers of the contenders."""
    found: dict[str, np.ndarray] = {}
    if len(set(known)) > 1:
        for name, model in {
            "TF-IDF + LR": make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=2000)),
            "TF-IDF 1-2 + LR, C=10": make_pipeline(
                TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)), LogisticRegression(C=10, max_iter=2000)
            ),
            "TF-IDF + LR, C=10, balanced": make_pipeline(
                TfidfVectorizer(sublinear_tf=True), LogisticRegression(C=10, max_iter=2000, class_weight="balanced")
            ),
        }.items():
            found[name] = model.fit(texts, known).predict(questions)
    nearest = KNeighborsClassifier(min(5, len(known)), metric="cosine").fit([e.vector for e in examples], known)
    found["kNN (5) on MiniLM"] = nearest.predict([item.vector for item in items])
    return found


def tables(options: argparse.Namespace) -> None:
    """Tables of numbers that scikit-learn ships."""
    for name, load in {
        "iris": datasets.load_iris,
        "wine": datasets.load_wine,
        "breast cancer": datasets.load_breast_cancer,
        "digits": datasets.load_digits,
    }.items():
        data = load()
        truth = [str(label) for label in data.target]
        nowhere = np.zeros(384, np.float32)
        rows = [EncodedItem(views_of({f"n{i}": float(x) for i, x in enumerate(row)}, {}), nowhere) for row in data.data]
        labels = sorted(set(truth))
        results: dict[str, list[float]] = {}
        confidences: list[float] = []
        right: list[bool] = []
        for seed in range(options.seeds):
            chosen, asked = draw(truth, seed, options.examples, options.unseen, options.balanced)
            known, expected = [truth[i] for i in chosen], np.array([truth[i] for i in asked])
            vectors = np.zeros((len(labels), 384), np.float32)
            predicted, sure = duke_mm(labels, vectors, [rows[i] for i in chosen], known, [rows[i] for i in asked])
            confidences += sure
            right += list(np.array(predicted) == expected)
            results.setdefault("Duke MM", []).append(float((np.array(predicted) == expected).mean()))
            linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
            answer = linear.fit(data.data[chosen], known).predict(data.data[asked])
            results.setdefault("standardised + LR", []).append(float((answer == expected).mean()))
        report(f"{name}: {options.examples} examples, {len(asked)} unseen", results, confidences, right)


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--examples", type=int, default=40)
    parser.add_argument("--unseen", type=int, default=200)
    parser.add_argument("--balanced", action="store_true", help="as many examples of each label")
    parser.add_argument("--half", choices=["tried", "unseen"], default="unseen", help="of the mails")
    parser.add_argument("--tables", action="store_true", help="tables of numbers in place of mails")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    (tables if options.tables else mails)(options)
    print(f"{time.monotonic() - started:.0f} s")
