"""Answers requests that wait for the same task as one batch: 30 items take network and kernels about as long as one."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

#: Most items of a batch: as many as one request may have.
MAX_BATCH_ITEMS = 250

Input = TypeVar("Input")
Output = TypeVar("Output")


class _Waiting(Generic[Input, Output]):
    """One request's items, and their outputs or error once known."""

    def __init__(self, items: Sequence[Input]) -> None:
        self.items = items
        self.found: list[Output] | Exception | None = None


class Coalescer(Generic[Input, Output]):
    """One waiting thread answers for all; the others find their outputs when they get the lock."""

    def __init__(self, answer: Callable[[Sequence[Input]], list[Output]]) -> None:
        """`answer` returns one output per item, in order, whatever the other items of a batch are."""
        self._answer = answer
        self._queue: deque[_Waiting[Input, Output]] = deque()
        self._turn = threading.Lock()

    def __call__(self, items: Sequence[Input]) -> list[Output]:
        """Outputs in order. Raises what `answer` raises for these items alone."""
        mine: _Waiting[Input, Output] = _Waiting(items)
        self._queue.append(mine)
        with self._turn:
            while mine.found is None:
                self._work()
        if isinstance(mine.found, Exception):
            raise mine.found
        return mine.found

    def _work(self) -> None:
        """Answer the requests at the head of the queue, as many as fit a batch. Called only with the lock held."""
        some = [self._queue.popleft()]
        count = len(some[0].items)
        while self._queue and count + len(self._queue[0].items) <= MAX_BATCH_ITEMS:
            count += len(self._queue[0].items)
            some.append(self._queue.popleft())
        try:
            found = self._answer([item for each in some for item in each.items])
        except Exception as error:  # any item may have caused it, and the other requests must not fail with it
            if len(some) == 1:
                some[0].found = error
            else:
                for each in some:
                    each.found = self._alone(each)
            return
        start = 0
        for each in some:
            each.found = found[start : start + len(each.items)]
            start += len(each.items)

    def _alone(self, each: _Waiting[Input, Output]) -> list[Output] | Exception:
        try:
            return self._answer(each.items)
        except Exception as error:
            return error
