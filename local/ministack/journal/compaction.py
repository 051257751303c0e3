"""Replaces journal files by one that holds the last value of each key.

Runs as `python -m journal.compaction TARGET FILE…` beside MiniStack, so that reading and writing all records takes nothing
from the process that answers requests. It writes TARGET and removes nothing: whoever started it renames and removes.
"""

import os
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from .frames import MAGIC, DamagedJournalError, Key, apply, encode, read

RECORDS_PER_FRAME = 500


def write_whole(target: Path, records: Iterable[tuple[Key, object]]) -> None:
    """Writes a file with these records and forces it to the disk."""
    with target.open("wb") as file:
        file.write(MAGIC)
        remaining = iter(records)
        while batch := list(islice(remaining, RECORDS_PER_FRAME)):
            file.write(encode(batch))
        file.flush()
        os.fsync(file.fileno())


def compact(target: Path, sources: Iterable[Path]) -> None:
    """Writes the last value of each key of closed files, oldest file first.

    Raises:
        DamagedJournalError: a source does not end with a whole frame.
    """
    records: dict[Key, object] = {}
    for source in sources:
        found = read(source)
        if not found.is_whole:
            raise DamagedJournalError(
                f"{source} is damaged at byte {found.good_bytes} of {found.total_bytes}."
            )
        apply(records, found.frames)
    write_whole(target, records.items())


if __name__ == "__main__":
    os.nice(10)
    compact(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
