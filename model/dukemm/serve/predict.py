"""From a parsed request to its answer."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dukemm.classify.explain import Reasons, reasons_for
from dukemm.classify.task import TaskClassifier
from dukemm.errors import DukeMMError
from dukemm.features.clean import without_control
from dukemm.features.item import ItemViews, views_of
from dukemm.serve.protocol import Example, Item, Medium, Prediction, Request, parse_examples
from dukemm.serve.registry import LoadedVersion
from dukemm.serve.storage import Storage

MAX_EXAMPLES_BYTES = 64 << 20
MAX_MEDIUM_BYTES = 25 << 20
#: Of a text file only so many characters are looked at.
MAX_TEXT = 200_000
ALTERNATIVES = 5
#: Tasks whose fitted classifier is kept.
KEPT_TASKS = 16


@dataclass(frozen=True)
class EncodedItem:
    """An item with its views and embeddings."""

    views: ItemViews
    clean: np.ndarray
    raw: np.ndarray


@dataclass(frozen=True)
class FittedTask:
    """A task's classifier and the ids of its examples."""

    classifier: TaskClassifier
    example_ids: list[str]


class Predictor:
    """Answers requests; keeps the classifiers of the last tasks, since a task comes in many chunks."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._tasks: OrderedDict[tuple[object, ...], FittedTask] = OrderedDict()
        self._locks: dict[tuple[object, ...], threading.Lock] = {}
        self._lock = threading.Lock()

    def predict(self, version: LoadedVersion, request: Request, deadline: float) -> list[Prediction]:
        """One prediction an item, in order. Raises DukeMMError."""
        if request.kind not in version.artifact.config.kinds:
            raise DukeMMError("unsupported", f"version {version.artifact.config.version} does not do {request.kind}")
        if len(request.labels) < 2:
            raise DukeMMError("invalid_request", "task.labels: a classification needs at least two labels")
        fitted = self._fitted(version, request, deadline)
        items = self._encode(version, request.items, deadline)
        probabilities = fitted.classifier.probabilities(items)
        config = version.artifact.config.classifier
        reasons = reasons_for(fitted.classifier, items, probabilities, config)
        return [
            _prediction(item.id, request.labels, row, reason, fitted)
            for item, row, reason in zip(request.items, probabilities, reasons, strict=True)
        ]

    def _fitted(self, version: LoadedVersion, request: Request, deadline: float) -> FittedTask:
        examples_hash = request.examples.sha256 if request.examples else None
        key = (version.artifact.config.version, request.labels, request.description, examples_hash)
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        # Chunks of one task come side by side: the first fits, the others wait for it.
        with lock:
            fitted = self._tasks.get(key) or self._fit(version, request, deadline)
            with self._lock:
                self._tasks[key] = fitted
                self._tasks.move_to_end(key)
                while len(self._tasks) > KEPT_TASKS:
                    oldest, _ = self._tasks.popitem(last=False)
                    self._locks.pop(oldest, None)
        return fitted

    def _fit(self, version: LoadedVersion, request: Request, deadline: float) -> FittedTask:
        examples: list[Example] = []
        if request.examples:
            at = request.examples
            lines = self._storage.read_checked(at.uri, at.sha256, MAX_EXAMPLES_BYTES)
            examples = parse_examples(lines, at.count)
        positions = {label: i for i, label in enumerate(request.labels)}
        answers = []
        for example in examples:
            position = positions.get(str(example.expected))
            if position is None:
                raise DukeMMError("invalid_request", f"example {example.item.id}: its answer is not one of the labels")
            answers.append(position)
        encoded = self._encode(version, [example.item for example in examples], deadline)
        classifier = TaskClassifier(
            version.artifact.config.classifier,
            label_vectors(version, request, deadline),
            encoded,
            answers,
        )
        return FittedTask(classifier, [example.item.id for example in examples])

    def _encode(self, version: LoadedVersion, items: Sequence[Item], deadline: float) -> list[EncodedItem]:
        views = [views_of(item.fields, self._texts(item.media)) for item in items]
        texts = [text for view in views for text in (view.clean, view.raw)]
        if not texts:
            return []
        vectors = version.encoder.vectors(texts, deadline)
        return [EncodedItem(view, vectors[2 * i], vectors[2 * i + 1]) for i, view in enumerate(views)]

    def _texts(self, media: dict[str, Medium]) -> dict[str, str]:
        texts = {}
        for name, medium in media.items():
            if medium.file_type != "text":
                raise DukeMMError("unsupported", f"{name}: this version does not read {medium.file_type}")
            content = self._storage.read_checked(medium.uri, medium.sha256, MAX_MEDIUM_BYTES)
            texts[name] = content.decode("utf-8-sig", "replace")[:MAX_TEXT]
        return texts


def label_vectors(version: LoadedVersion, request: Request, deadline: float) -> np.ndarray:
    """What each label means: its text alone and after the task's description, (labels, width), length 1."""
    description = without_control(request.description)
    alone = [without_control(label) for label in request.labels]
    texts = [*alone, *[f"{description} {label}" for label in alone]]
    vectors = version.encoder.vectors(texts, deadline)
    both = vectors[: len(alone)] + vectors[len(alone) :]
    return both / np.linalg.norm(both, axis=1, keepdims=True)


def _prediction(item_id: str, labels: Sequence[str], row: np.ndarray, reasons: Reasons, fitted: FittedTask) -> Prediction:
    order = np.argsort(-row, kind="stable")[:ALTERNATIVES]
    label = labels[int(order[0])]
    nearest = [
        {
            "id": fitted.example_ids[neighbour.example],
            "expected": labels[int(fitted.classifier.answers[neighbour.example])],
            "similarity": neighbour.similarity,
            "excerpt": neighbour.excerpt,
        }
        for neighbour in reasons.nearest
    ]
    words = [
        {"word": word.word, "weight": word.weight, **({"field": word.field} if word.field else {})}
        for word in reasons.words
    ]
    return {
        "id": item_id,
        "prediction": label,
        "confidence": round(float(row[order[0]]), 6),
        "alternatives": [{"label": labels[int(i)], "probability": round(float(row[i]), 6)} for i in order],
        "explanation": {"nearest": nearest, "words": words, "summary": _summary(label, reasons, nearest)},
    }


def _summary(label: str, reasons: Reasons, nearest: list[dict[str, object]]) -> str:
    def named(sign: int) -> str:
        chosen = [w for w in reasons.words if w.weight * sign > 0][:3]
        return ", ".join(f"{w.field} {w.word}" if w.field else f"«{w.word}»" for w in chosen)

    parts = [f"{label}:"]
    if speaks := named(1):
        parts.append(f"{speaks} speak for it")
        if against := named(-1):
            parts.append(f"and {against} against it")
        parts.append(";")
    if nearest:
        parts.append(f"the closest example is {nearest[0]['expected']} (similarity {nearest[0]['similarity']:.2f}).")
    else:
        parts.append("from the meaning of the labels, since the task has no examples.")
    return " ".join(parts).replace(" ;", ";")[:1000]
