"""Requests that wait for the same task are answered in one go: the network, the forest and the kernels take thirty items in
about the time of one."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

#: Items answered at a time: what one request may bring.
MOST = 250

Input = TypeVar("Input")
Output = TypeVar("Output")


class _Waiting(Generic[Input, Output]):
    """One request's items, and what became of them."""

    def __init__(self, items: Sequence[Input]) -> None:
        self.items = items
        self.found: list[Output] | Exception | None = None


class Together(Generic[Input, Output]):
    """One caller answers for all who wait; the others find themselves answered when it is their turn."""

    def __init__(self, answer: Callable[[Sequence[Input]], list[Output]]) -> None:
        """`answer` gives one output an item, in order, the same in any company."""
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
        """Answer the longest waiting, as many as go together. Only whoever has the turn takes from the queue."""
        some = [self._queue.popleft()]
        count = len(some[0].items)
        while self._queue and count + len(self._queue[0].items) <= MOST:
            count += len(self._queue[0].items)
            some.append(self._queue.popleft())
        try:
            found = self._answer([item for each in some for item in each.items])
        except Exception as error:  # whosever item it was: the others' must not fail with it
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
