"""Keeps DynamoDB stream records over a restart.

MiniStack 1.5.33 saves how far each consumer has read (an absolute position) but not the records, so after a restart
the stream counts from zero and a consumer at position N silently misses the next N changes. Here the unread records
are saved with the tables, together with the number of records before them.
"""

import copy
from collections.abc import Callable
from types import ModuleType
from typing import Any

RECORDS, TRIMMED = "dukenet_stream_records", "dukenet_stream_trimmed"


def install(app: ModuleType) -> None:
    """Wraps saving and loading of the `dynamodb` service of `ministack.app`."""
    dynamodb, functions = app._get_module("dynamodb"), app._get_module("lambda_svc")
    for module, names in (
        (dynamodb, ("_stream_records", "_stream_trimmed", "get_state", "load_persisted_state")),
        (functions, ("_iter_all_esms", "_dynamodb_stream_positions", "_dynamodb_stream_positions_lock")),
        (app, ("_load_persisted_state",)),
    ):
        for name in names:
            getattr(module, name)
    dynamodb.get_state = _saving(dynamodb, functions, dynamodb.get_state)
    dynamodb.load_persisted_state = _loading(dynamodb, dynamodb.load_persisted_state)
    app._load_persisted_state = _clamping(dynamodb, functions, app._load_persisted_state)


def _saving(dynamodb: ModuleType, functions: ModuleType, original: Callable[[], dict]) -> Callable[[], dict]:
    def get_state() -> dict:
        records = copy.deepcopy(dynamodb._stream_records)
        trimmed = copy.deepcopy(dynamodb._stream_trimmed)
        read = _read_by_all(functions)
        for key, kept in records._data.items():
            first = trimmed._data.get(key, 0)
            drop = max(0, min(read.get(key, first), first + len(kept)) - first)
            records._data[key] = kept[drop:]
            trimmed._data[key] = first + drop
        return {**original(), RECORDS: records, TRIMMED: trimmed}

    return get_state


def _read_by_all(functions: ModuleType) -> dict[tuple[str, str, str], int]:
    """The position up to which every consumer of a table has read, by (account, region, table)."""
    lowest: dict[tuple[str, str, str], int] = {}
    for account, region, mapping in functions._iter_all_esms():
        arn = mapping.get("EventSourceArn", "")
        if ":dynamodb:" not in arn or "/stream/" not in arn:
            continue
        key = (account, region, arn.split("/stream/")[0].split("/")[-1])
        with functions._dynamodb_stream_positions_lock:
            position = functions._dynamodb_stream_positions._data.get((account, region, mapping["UUID"]), 0)
        lowest[key] = min(position, lowest.get(key, position))
    return lowest


def _loading(dynamodb: ModuleType, original: Callable[[dict], Any]) -> Callable[[dict], Any]:
    def load(state: dict) -> Any:
        records, trimmed = state.pop(RECORDS, None), state.pop(TRIMMED, None)
        loaded = original(state)
        if records is not None and trimmed is not None:
            dynamodb._stream_trimmed._data.update(trimmed._data)
            dynamodb._stream_records._data.update(records._data)
        return loaded

    return load


def _clamping(
    dynamodb: ModuleType, functions: ModuleType, original: Callable[[], None]
) -> Callable[[], None]:
    """A snapshot may hold a position newer than the records saved just before it: never wait beyond the end."""

    def load() -> None:
        original()
        for account, region, mapping in functions._iter_all_esms():
            arn = mapping.get("EventSourceArn", "")
            if ":dynamodb:" not in arn or "/stream/" not in arn:
                continue
            table = arn.split("/stream/")[0].split("/")[-1]
            end = dynamodb.stream_end_position(table, account_id=account, region=region)
            key = (account, region, mapping["UUID"])
            with functions._dynamodb_stream_positions_lock:
                positions = functions._dynamodb_stream_positions._data
                if positions.get(key, 0) > end:
                    positions[key] = end

    return load
