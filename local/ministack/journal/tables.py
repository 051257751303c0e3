"""Items of DynamoDB tables, the changes in their streams, and how far each consumer has read.

MiniStack 1.5.33 changes items in two functions only; both replace an item and never change one in place. It saves how far a
consumer has read (an absolute position) but not the changes themselves.
"""

import threading
from collections.abc import Iterable
from types import ModuleType

from .frames import Record
from .part import Records

ITEM, CHANGE, POSITION = "item", "change", "position"


class Items:
    """One record for each item: ("item", account, region, table, partition key, sort key)."""

    service = "dynamodb"
    kinds = frozenset({ITEM})

    def __init__(self, dynamodb: ModuleType) -> None:
        """Wraps the functions of `ministack.services.dynamodb` that change items."""
        self._dynamodb = dynamodb
        self._changed: dict[tuple[str, ...], None] = {}
        # Expired items are removed by a thread.
        self._lock = threading.Lock()
        dynamodb._set_item = self._noting(dynamodb._set_item)
        dynamodb._remove_item = self._noting(dynamodb._remove_item)

    def _noting(self, original):
        def change(table: dict, pk: str, sk: str, *item: dict):
            with self._lock:
                previous = original(table, pk, sk, *item)
                self._changed[(*_scope(table), pk, sk)] = None
                return previous

        return change

    def changes(self) -> Iterable[Record]:
        with self._lock:
            changed, self._changed = self._changed, {}
        for account, region, name, pk, sk in changed:
            table = self._dynamodb._tables.get_scoped(account, region, name)
            item = table["items"].get(pk, {}).get(sk) if table else None
            yield (ITEM, account, region, name, pk, sk), item

    def complete(self, state: dict, records: Records) -> None:
        tables = state["tables"]._data
        for (_, account, region, name, pk, sk), item in records.items():
            table = tables.get((account, region, name))
            # A table that was removed takes its items along.
            if table is not None:
                table["items"].setdefault(pk, {})[sk] = item

    def watch(self, records: Records) -> None:
        for table in self._dynamodb._tables.all_values():
            self._dynamodb._update_counts(table)


class Changes:
    """The changes of a table that not every consumer has read: ("change", account, region, table, position)."""

    service = "dynamodb"
    kinds = frozenset({CHANGE})

    def __init__(self, dynamodb: ModuleType, functions: ModuleType) -> None:
        """Reads the streams of `ministack.services.dynamodb` and the consumers of `lambda_svc`."""
        self._dynamodb, self._functions = dynamodb, functions
        # Of each stream, the positions from and up to which its changes are in the journal.
        self._kept: dict[tuple[str, str, str], tuple[int, int]] = {}

    def changes(self) -> Iterable[Record]:
        read: dict[tuple[str, str, str], int] | None = None
        streams = self._dynamodb._stream_records._data
        for scope, stream in list(streams.items()):
            first = self._dynamodb._stream_trimmed._data.get(scope, 0)
            end = first + len(stream)
            low, high = self._kept.get(scope, (first, first))
            for at in range(max(high, first), end):
                yield (CHANGE, *scope, f"{at:012d}"), stream[at - first]
            # Most of the time there is nothing unread, and nobody has to be asked.
            if low < end and read is None:
                read = self._read_by_all()
            # Read by every consumer, or dropped by MiniStack after a day.
            done = max(first, min((read or {}).get(scope, low), end))
            for at in range(low, done):
                yield (CHANGE, *scope, f"{at:012d}"), None
            self._kept[scope] = (max(low, done), end)
        for scope in self._kept.keys() - streams.keys():
            low, high = self._kept.pop(scope)
            for at in range(low, high):
                yield (CHANGE, *scope, f"{at:012d}"), None

    def _read_by_all(self) -> dict[tuple[str, str, str], int]:
        """The position up to which every consumer of a stream has read."""
        lowest: dict[tuple[str, str, str], int] = {}
        for scope, position in _consumers(self._functions):
            lowest[scope] = min(position, lowest.get(scope, position))
        return lowest

    def complete(self, state: dict, records: Records) -> None:
        """Streams are no part of what the service saves: `watch` puts them back."""

    def watch(self, records: Records) -> None:
        streams: dict[tuple[str, str, str], list[tuple[int, dict]]] = {}
        for (_, account, region, table, position), change in records.items():
            streams.setdefault((account, region, table), []).append((int(position), change))
        for scope, found in streams.items():
            found.sort(key=lambda each: each[0])
            first = found[0][0]
            self._dynamodb._stream_trimmed._data[scope] = first
            self._dynamodb._stream_records._data[scope] = [change for _, change in found]
            self._kept[scope] = (first, first + len(found))

    def anchor(self) -> None:
        """Where all changes were read, the next one continues the count of the consumers, which are loaded by now."""
        for scope, position in _consumers(self._functions):
            if scope not in self._dynamodb._stream_records._data:
                self._dynamodb._stream_trimmed._data[scope] = position
                self._dynamodb._stream_records._data[scope] = []


class Positions:
    """How far a consumer has read its stream: ("position", account, region, mapping)."""

    service = "lambda"
    kinds = frozenset({POSITION})

    def __init__(self, functions: ModuleType) -> None:
        """Reads the positions of `ministack.services.lambda_svc`."""
        self._functions = functions
        self._kept: dict[tuple[str, str, str], int] = {}

    def changes(self) -> Iterable[Record]:
        for scope, position in list(self._functions._dynamodb_stream_positions._data.items()):
            if self._kept.get(scope) != position:
                self._kept[scope] = position
                yield (POSITION, *scope), position

    def complete(self, state: dict, records: Records) -> None:
        positions = state["dynamodb_stream_positions"]._data
        for (_, *scope), position in records.items():
            positions[tuple(scope)] = position

    def watch(self, records: Records) -> None:
        self._kept = {tuple(scope): position for (_, *scope), position in records.items()}


def _scope(table: dict) -> tuple[str, str, str]:
    """Account, region and name of a table, from its ARN."""
    *_, region, account, resource = table["TableArn"].split(":")
    return account, region, resource.removeprefix("table/")


def _consumers(functions: ModuleType) -> Iterable[tuple[tuple[str, str, str], int]]:
    """Each consumer of a table's stream: (account, region, table) and the position up to which it has read."""
    for account, region, mapping in functions._iter_all_esms():
        arn = mapping.get("EventSourceArn", "")
        if ":dynamodb:" not in arn or "/stream/" not in arn:
            continue
        table = arn.split("/stream/")[0].split("/")[-1]
        position = functions._dynamodb_stream_positions._data.get((account, region, mapping["UUID"]), 0)
        yield (account, region, table), position
