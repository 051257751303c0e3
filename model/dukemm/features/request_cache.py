"""Caches results within one request: scores, words and nearest examples all use the same kernels of the same items."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

Result = TypeVar("Result")

#: Results of the current request by method, object and items. Entries hold references to the objects: no id is reused.
_RESULTS: ContextVar[dict[tuple[object, ...], tuple[object, ...]] | None] = ContextVar("results", default=None)


@contextmanager
def share_within_request() -> Iterator[None]:
    """Cache the results of `cached_per_request` methods inside the context; they are dropped on exit."""
    token = _RESULTS.set({})
    try:
        yield
    finally:
        _RESULTS.reset(token)


def cached_per_request(method: Callable[..., Result]) -> Callable[..., Result]:
    """Cache a pure method of (items, *hashable) by object and list of items. Callers must not mutate the result."""

    @wraps(method)
    def cached(self: object, items: Sequence[Any], *rest: object) -> Result:
        results = _RESULTS.get()
        if results is None:
            return method(self, items, *rest)
        key = (method, id(self), id(items), *rest)
        if key not in results:
            results[key] = (method(self, items, *rest), self, items)
        return results[key][0]

    return cached
