"""Answers a parsed request: fits or reuses its task, encodes its items, and formats the predictions."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from dukemm.answering.task import Task
from dukemm.answering.version import Version
from dukemm.contract.invocation import Request, parse_examples, parse_recalled
from dukemm.contract.limits import MAX_EXAMPLES_BYTES, MAX_LABEL_SET
from dukemm.contract.messages import ExamplesAt
from dukemm.contract.responses import ItemPrediction
from dukemm.domain.answers import Answer
from dukemm.domain.encoded import EncodedItem
from dukemm.domain.errors import MissingContentError
from dukemm.domain.items import Item
from dukemm.features.request_cache import share_within_request
from dukemm.serve.coalescing import Coalescer
from dukemm.serve.task_cache import TaskCache
from dukemm.storage import Storage

#: Items per chunk; the next chunk is encoded while one is answered.
CHUNK = 64
#: Memory of a task besides its examples (label vectors), in examples of up to 80 KB (a picture).
TASK_OVERHEAD = 100
#: Capacity of the cache of fitted tasks, in examples: 64 tasks with 300 recalled examples each.
CACHE_SIZE = 64 * (300 + TASK_OVERHEAD)

#: (items, deadline) → answers.
AnswerItems = Callable[[Sequence[EncodedItem], float], list[Answer]]


class Predictor:
    """Answers requests; caches fitted tasks, as a task is sent in many requests."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._tasks = TaskCache[AnswerItems](CACHE_SIZE)

    def predict(self, version: Version, request: Request, deadline: float) -> list[ItemPrediction]:
        """Predict the items, in order. `deadline` is of time.monotonic(). Raises DukeMMError."""
        task = self._task(version, request, deadline)
        if request.kind == "generation" or len(request.items) <= CHUNK:
            answers = task(version.items.encode(request.items, deadline), deadline)
        else:
            answers = _in_chunks(task, version, request.items, deadline)
        return [_format_prediction(item.id, answer) for item, answer in zip(request.items, answers, strict=True)]

    def _task(self, version: Version, request: Request, deadline: float) -> AnswerItems:
        sources = (request.examples, request.recalled)
        description = "" if request.kind == "regression" else request.description
        question = (request.family, request.kind, request.labels, request.target, description, request.options)
        key = (version.config.version, *question, *(source and source.sha256 for source in sources))
        weight = sum(source.count for source in sources if source) + TASK_OVERHEAD
        return self._tasks.get(key, weight, lambda: _answer_function(self._fit(version, request, deadline), request))

    def _fit(self, version: Version, request: Request, deadline: float) -> Task:
        at = request.examples
        rows = [] if at is None else parse_examples(self._read(at), at.count)
        try:
            recalled = [] if request.recalled is None else parse_recalled(self._read(request.recalled))
        except MissingContentError:  # replaced by a newer file while the task was queued
            recalled = []
        return version.task(request, rows, deadline, recalled, request.options)

    def _read(self, at: ExamplesAt) -> bytes:
        return self._storage.read_checked(at.uri, at.sha256, MAX_EXAMPLES_BYTES)


def _in_chunks(task: AnswerItems, version: Version, items: Sequence[Item], deadline: float) -> list[Answer]:
    """Encode the next chunk while one is answered."""
    reader = ThreadPoolExecutor(1, "reader")
    try:
        chunks = [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
        encoded = [reader.submit(version.items.encode, chunk, deadline) for chunk in chunks]
        return [answer for chunk in encoded for answer in task(chunk.result(), deadline)]
    finally:
        reader.shutdown(cancel_futures=True)


def _answer_function(task: Task, request: Request) -> AnswerItems:
    if request.kind == "generation":  # texts use the request's own deadline, so they are not batched
        return task.answer

    def answer(items: Sequence[EncodedItem]) -> list[Answer]:
        with share_within_request():
            return task.answer(items)

    coalescer = Coalescer(answer)
    return lambda items, _deadline: coalescer(items)


def _format_prediction(item_id: str, answer: Answer) -> ItemPrediction:
    nearest = [
        {"id": example.id, "expected": example.expected, "similarity": neighbour.similarity, "excerpt": neighbour.excerpt}
        for example, neighbour in answer.nearest
    ]
    words = [
        {"word": word.word, "weight": word.weight, **({"field": word.field} if word.field else {})} for word in answer.words
    ]
    prediction: ItemPrediction = {
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
