"""An answer needs the same comparisons several times: for the scores, for the words, for the view that spoke most, for the
nearest examples. Within one call each is made once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

Found = TypeVar("Found")

#: What this call has made, with what it was made of: held on to, so that no other object takes its place in memory.
_MADE: ContextVar[dict[tuple[object, ...], tuple[object, ...]] | None] = ContextVar("made", default=None)


@contextmanager
def each_once() -> Iterator[None]:
    """Within it, methods that are `once` give the same result for the same list of items; afterwards all is forgotten."""
    token = _MADE.set({})
    try:
        yield
    finally:
        _MADE.reset(token)


def once(method: Callable[..., Found]) -> Callable[..., Found]:
    """For a pure method of (items, *hashable); callers leave what it gives as it is."""

    @wraps(method)
    def made_once(self: object, items: Sequence[Any], *rest: object) -> Found:
        made = _MADE.get()
        if made is None:
            return method(self, items, *rest)
        key = (method, id(self), id(items), *rest)
        if key not in made:
            made[key] = (method(self, items, *rest), self, items)
        return made[key][0]

    return made_once
