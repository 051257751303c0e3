"""Shares results within one request: scores, words and nearest examples all need the same kernels of the same items."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

Result = TypeVar("Result")

#: Results of the current request by method, object and items. Objects are kept alive, so that none takes over an id.
_RESULTS: ContextVar[dict[tuple[object, ...], tuple[object, ...]] | None] = ContextVar("results", default=None)


@contextmanager
def share_within_request() -> Iterator[None]:
    """Within it, `cached_per_request` methods compute each result once per list of items; on leaving, all is dropped."""
    token = _RESULTS.set({})
    try:
        yield
    finally:
        _RESULTS.reset(token)


def cached_per_request(method: Callable[..., Result]) -> Callable[..., Result]:
    """Decorates a pure method of (items, *hashable); callers must not change what it returns."""

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
