"""From a parsed request to its answer."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from dukemm.errors import DukeMMError
from dukemm.features.clean import without_control
from dukemm.features.item import LARGEST
from dukemm.serve.protocol import Example as ExampleRow
from dukemm.serve.protocol import Prediction, Request, parse_examples
from dukemm.serve.registry import LoadedVersion
from dukemm.serve.storage import Storage
from dukemm.task.calibration import CalibrationPrior
from dukemm.task.context import Answer, ClassificationTask, Example, RegressionTask, Task
from dukemm.task.labels import label_texts

MAX_EXAMPLES_BYTES = 64 << 20
#: Tasks whose fitted models are kept.
KEPT_TASKS = 16
#: Fewer say nothing about how far a number may be off.
FEWEST_NUMBERS = 3


class Predictor:
    """Answers requests; keeps what it fitted for the last tasks, since a task comes in many chunks."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._tasks: OrderedDict[tuple[object, ...], Task] = OrderedDict()
        self._locks: dict[tuple[object, ...], threading.Lock] = {}
        self._lock = threading.Lock()

    def predict(self, version: LoadedVersion, request: Request, deadline: float) -> list[Prediction]:
        """One prediction an item, in order. `deadline` is of time.monotonic(). Raises DukeMMError."""
        if request.kind not in version.artifact.config.kinds:
            raise DukeMMError("unsupported", f"version {version.artifact.config.version} does not do {request.kind}")
        task = self._task(version, request, deadline)
        answers = task.answer(version.items.encode(request.items, deadline))
        return [_prediction(item.id, answer) for item, answer in zip(request.items, answers, strict=True)]

    def _task(self, version: LoadedVersion, request: Request, deadline: float) -> Task:
        examples = request.examples.sha256 if request.examples else None
        description = request.description if request.kind == "classification" else ""
        key = (version.artifact.config.version, request.kind, request.labels, description, examples)
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        # Chunks of one task come side by side: the first fits, the others wait for it.
        with lock:
            task = self._tasks.get(key) or self._fit(version, request, deadline)
            with self._lock:
                self._tasks[key] = task
                self._tasks.move_to_end(key)
                while len(self._tasks) > KEPT_TASKS:
                    oldest, _ = self._tasks.popitem(last=False)
                    self._locks.pop(oldest, None)
        return task

    def _fit(self, version: LoadedVersion, request: Request, deadline: float) -> Task:
        rows = self._example_rows(request)
        if request.kind == "regression":
            targets = [_number(row) for row in rows]
            if len(rows) < FEWEST_NUMBERS:
                raise DukeMMError("invalid_request", f"numbers need at least {FEWEST_NUMBERS} examples to learn from")
            return RegressionTask(version.artifact.config.classifier, self._examples(version, rows, targets, deadline))
        answers = [_label(row.expected) for row in rows]
        labels = request.labels or tuple(sorted(set(answers)))
        if len(labels) < 2:
            raise DukeMMError("invalid_request", "task.labels: a classification needs at least two labels")
        for row, answer in zip(rows, answers, strict=True):
            if answer not in labels:
                raise DukeMMError("invalid_request", f"example {row.item.id}: its answer is not one of the labels")
        meanings = [without_control(text) for text in label_texts(labels, request.description)]
        return ClassificationTask(
            version.artifact.config.classifier,
            CalibrationPrior(**version.artifact.calibration.get("prior", {})),
            float(version.artifact.tensors["classifier.label_text_examples"][0]),
            labels,
            version.encoder.vectors(meanings, deadline),
            self._examples(version, rows, answers, deadline),
            version.encoder.word_shares,
        )

    def _example_rows(self, request: Request) -> list[ExampleRow]:
        if request.examples is None:
            return []
        at = request.examples
        return parse_examples(self._storage.read_checked(at.uri, at.sha256, MAX_EXAMPLES_BYTES), at.count)

    def _examples(
        self, version: LoadedVersion, rows: Sequence[ExampleRow], answers: Sequence[str | float], deadline: float
    ) -> list[Example]:
        encoded = version.items.encode([row.item for row in rows], deadline)
        return [Example(row.item.id, answer, item) for row, answer, item in zip(rows, answers, encoded, strict=True)]


def _label(expected: str | float) -> str:
    """Labels are texts: the number 1, and 1.0, are the label «1»."""
    return expected if isinstance(expected, str) else f"{expected:.15g}"


def _number(row: ExampleRow) -> float:
    try:
        number = float(row.expected)
    except (ValueError, OverflowError) as error:
        raise DukeMMError("invalid_request", f"example {row.item.id}: its answer is not a number") from error
    if not abs(number) <= LARGEST:
        raise DukeMMError("invalid_request", f"example {row.item.id}: its answer is not a number of at most {LARGEST:g}")
    return number


def _prediction(item_id: str, answer: Answer) -> Prediction:
    nearest = [
        {"id": example.id, "expected": example.expected, "similarity": found.similarity, "excerpt": found.excerpt}
        for example, found in answer.nearest
    ]
    words = [
        {"word": word.word, "weight": word.weight, **({"field": word.field} if word.field else {})} for word in answer.words
    ]
    prediction: Prediction = {
        "id": item_id,
        "prediction": answer.prediction,
        "confidence": answer.confidence,
        "explanation": {"nearest": nearest, "words": words, "summary": answer.summary},
    }
    if answer.alternatives is not None:
        prediction["alternatives"] = [{"label": label, "probability": p} for label, p in answer.alternatives]
    return prediction
