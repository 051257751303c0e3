"""Batches concurrent requests of the same task: network and kernels take about as long for 30 items as for one."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

#: Most items of a batch: the limit of one request.
MAX_BATCH_ITEMS = 250

Input = TypeVar("Input")
Output = TypeVar("Output")


class _Waiting(Generic[Input, Output]):
    """Items of a waiting request, with its outputs or error once answered."""

    def __init__(self, items: Sequence[Input]) -> None:
        self.items = items
        self.result: list[Output] | Exception | None = None


class Coalescer(Generic[Input, Output]):
    """One waiting thread answers the queued requests; the others find their results when they get the lock."""

    def __init__(self, answer: Callable[[Sequence[Input]], list[Output]]) -> None:
        """`answer` returns one output per item, in order, independent of the other items."""
        self._answer = answer
        self._queue: deque[_Waiting[Input, Output]] = deque()
        self._turn = threading.Lock()

    def __call__(self, items: Sequence[Input]) -> list[Output]:
        """Answer the items, in order. Raises what `answer` raises for these items alone."""
        own: _Waiting[Input, Output] = _Waiting(items)
        self._queue.append(own)
        with self._turn:
            while own.result is None:
                self._answer_batch()
        if isinstance(own.result, Exception):
            raise own.result
        return own.result

    def _answer_batch(self) -> None:
        """Answer as many queued requests as fit a batch. The caller must hold the lock."""
        batch = [self._queue.popleft()]
        count = len(batch[0].items)
        while self._queue and count + len(self._queue[0].items) <= MAX_BATCH_ITEMS:
            count += len(self._queue[0].items)
            batch.append(self._queue.popleft())
        try:
            outputs = self._answer([item for request in batch for item in request.items])
        except Exception as error:  # caused by one request; the others must not fail with it
            if len(batch) == 1:
                batch[0].result = error
            else:
                for request in batch:
                    request.result = self._answer_alone(request)
            return
        start = 0
        for request in batch:
            request.result = outputs[start : start + len(request.items)]
            start += len(request.items)

    def _answer_alone(self, request: _Waiting[Input, Output]) -> list[Output] | Exception:
        try:
            return self._answer(request.items)
        except Exception as error:
            return error
