"""Keeps the tasks fitted last: a task comes in many chunks, and the next task often asks the same question."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Task = TypeVar("Task")


class TaskCache(Generic[Task]):
    """LRU cache of tasks whose weights sum up to at most `most`; concurrent callers of a key fit its task once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._tasks: OrderedDict[Hashable, tuple[Task, int]] = OrderedDict()
        self._fitting: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def of(self, key: Hashable, weight: int, fit: Callable[[], Task]) -> Task:
        """The task of this key, fitted if absent; other callers of the key wait. Raises what `fit` raises."""
        with self._lock:
            fitting = self._fitting.setdefault(key, threading.Lock())
        with fitting:
            try:
                task = self._known(key) or fit()
                self._keep(key, task, weight)
            finally:
                with self._lock:
                    self._fitting.pop(key, None)
        return task

    def _known(self, key: Hashable) -> Task | None:
        with self._lock:
            found = self._tasks.get(key)
        return found and found[0]

    def _keep(self, key: Hashable, task: Task, weight: int) -> None:
        with self._lock:
            self._tasks[key] = (task, weight)
            self._tasks.move_to_end(key)
            while len(self._tasks) > 1 and sum(each for _, each in self._tasks.values()) > self._most:
                self._tasks.popitem(last=False)
