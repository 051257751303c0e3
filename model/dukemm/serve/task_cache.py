"""Caches fitted tasks: a task is sent in many requests, and later tasks often ask the same question."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from cachetools import LRUCache

Task = TypeVar("Task")


class TaskCache(Generic[Task]):
    """Least-recently-used cache of tasks with a bound on the sum of their weights; thread-safe.

    Concurrent callers of a key fit its task once. A task above the bound is cached alone.
    """

    def __init__(self, max_weight: int) -> None:
        self._max_weight = max_weight
        self._entries: LRUCache[Hashable, tuple[Task, int]] = LRUCache(max_weight, getsizeof=lambda entry: entry[1])
        self._fitting: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, weight: int, fit: Callable[[], Task]) -> Task:
        """Get the task of a key; fit it if absent, while other callers of the key wait. Raises what `fit` raises."""
        with self._lock:
            fitting = self._fitting.setdefault(key, threading.Lock())
        with fitting:
            try:
                task = self._cached(key) or fit()
                with self._lock:
                    # LRUCache rejects an entry above its bound.
                    self._entries[key] = (task, min(weight, self._max_weight))
            finally:
                with self._lock:
                    self._fitting.pop(key, None)
        return task

    def _cached(self, key: Hashable) -> Task | None:
        with self._lock:
            entry = self._entries.get(key)
        return entry and entry[0]
