"""What the parts of the journal have in common."""

from collections.abc import Iterable
from typing import Protocol

from .frames import Key, Record

Records = dict[Key, object]


class Part(Protocol):
    """The records of one kind of state: which there are, which changed, and how they become state again."""

    # The name under which MiniStack saves and loads the state that the records belong to.
    service: str
    # First part of the keys of its records.
    kinds: frozenset[str]

    def changes(self) -> Iterable[Record]:
        """What changed since the last call, in the order in which it is to be replayed."""

    def complete(self, state: dict, records: Records) -> None:
        """Adds the records to a service's state before the service loads it."""

    def watch(self, records: Records) -> None:
        """Begins to notice changes of what the service has loaded; `records` are in the journal already."""
