"""Figures that were published and are not measured here stay: a new machine has no results, but what is known is known."""

from collections.abc import Mapping, Sequence
from typing import Any

Entry = Mapping[str, Any]
#: What a figure is of.
KEYS = ("study", "domain", "size", "learner", "variant")


def kept_cells(published: Sequence[Entry], fresh: Sequence[Entry]) -> list[dict[str, Any]]:
    """Fresh figures, and published ones where there is none of as many seeds, marked `kept`."""
    found = {_key(entry): {**entry, "kept": True} for entry in published}
    for entry in fresh:
        before = found.get(_key(entry))
        if before is None or len(entry["seeds"]) >= len(before["seeds"]):
            found[_key(entry)] = dict(entry)
    return [found[key] for key in sorted(found)]


def kept_streams(published: Sequence[Entry], fresh: Sequence[Entry]) -> list[dict[str, Any]]:
    """The same by stream and learner. Of a stream with fresh results, ratios are those of its fresh learners."""
    found = {_stream(entry): dict(entry) for entry in published}
    for entry in fresh:
        before = found.get(_stream(entry), {"learners": {}, "ratios": {}, "duke": []})
        learners = {name: {**of, "kept": True} for name, of in before["learners"].items()}
        for name, of in entry["learners"].items():
            if name not in learners or len(of["seeds"]) >= len(learners[name]["seeds"]):
                learners[name] = of
        newer = {name: entry[name] or before[name] for name in ("ratios", "duke")}
        found[_stream(entry)] = {**entry, **newer, "learners": dict(sorted(learners.items()))}
    return [found[key] for key in sorted(found)]


def _key(entry: Entry) -> tuple:
    return tuple(entry[name] for name in KEYS)


def _stream(entry: Entry) -> tuple:
    return tuple(entry["domains"]), entry["tasks"]
