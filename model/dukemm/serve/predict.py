"""From a parsed request to its answer."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from dukemm.answering import Task, Version
from dukemm.errors import MissingContentError
from dukemm.limits import MAX_EXAMPLES_BYTES
from dukemm.serve.fitted import Fitted
from dukemm.serve.protocol import MAX_LABEL_SET, ExamplesAt, Item, Prediction, Request, parse_examples, parse_recalled
from dukemm.serve.storage import Storage
from dukemm.serve.together import Together
from dukemm.task.blocks import Encoded
from dukemm.task.context import Answer
from dukemm.task.once import each_once

#: Items of one request that are encoded and answered together.
PART = 64
#: What a task takes beside its examples (vectors of its labels), in examples; of a picture, the largest, 80 KB.
BESIDE_EXAMPLES = 100
#: Fitted models that are kept: those of 64 questions that recall 300 examples each.
KEPT = 64 * (300 + BESIDE_EXAMPLES)


#: Items and a deadline to answers.
Answering = Callable[[Sequence[Encoded], float], list[Answer]]


class Predictor:
    """Answers requests; keeps what it fitted for the last tasks, since a task comes in many chunks."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._tasks = Fitted[Answering](KEPT)

    def predict(self, version: Version, request: Request, deadline: float) -> list[Prediction]:
        """One prediction an item, in order. `deadline` is of time.monotonic(). Raises DukeMMError."""
        task = self._task(version, request, deadline)
        if request.kind == "generation" or len(request.items) <= PART:
            answers = task(version.items.encode(request.items, deadline), deadline)
        else:
            answers = _in_parts(task, version, request.items, deadline)
        return [_prediction(item.id, answer) for item, answer in zip(request.items, answers, strict=True)]

    def _task(self, version: Version, request: Request, deadline: float) -> Answering:
        given = (request.examples, request.recalled)
        description = "" if request.kind == "regression" else request.description
        asked = (request.family, request.kind, request.labels, request.target, description)
        key = (version.config.version, *asked, *(at and at.sha256 for at in given))
        weight = sum(at.count for at in given if at) + BESIDE_EXAMPLES
        return self._tasks.of(key, weight, lambda: _answering(self._fitted(version, request, deadline), request))

    def _fitted(self, version: Version, request: Request, deadline: float) -> Task:
        at = request.examples
        rows = [] if at is None else parse_examples(self._read(at), at.count)
        try:
            recalled = [] if request.recalled is None else parse_recalled(self._read(request.recalled))
        except MissingContentError:  # a newer one took its place while the task waited
            recalled = []
        return version.task(request, rows, deadline, recalled)

    def _read(self, at: ExamplesAt) -> bytes:
        return self._storage.read_checked(at.uri, at.sha256, MAX_EXAMPLES_BYTES)


def _in_parts(task: Answering, version: Version, items: Sequence[Item], deadline: float) -> list[Answer]:
    """While some are answered, the encoders see the next."""
    reader = ThreadPoolExecutor(1, "reader")
    try:
        parts = [items[start : start + PART] for start in range(0, len(items), PART)]
        encoded = [reader.submit(version.items.encode, part, deadline) for part in parts]
        return [answer for part in encoded for answer in task(part.result(), deadline)]
    finally:
        reader.shutdown(cancel_futures=True)


def _answering(task: Task, request: Request) -> Answering:
    if request.kind == "generation":  # a text takes as long as its request may
        return task.answer

    def answer(items: Sequence[Encoded]) -> list[Answer]:
        with each_once():
            return task.answer(items)

    together = Together(answer)
    return lambda items, _deadline: together(items)


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
    if answer.label_set is not None and len(answer.label_set) <= MAX_LABEL_SET:
        prediction["label_set"] = answer.label_set
    if answer.interval is not None and all(map(math.isfinite, answer.interval)):
        prediction["interval"] = answer.interval
    return prediction
