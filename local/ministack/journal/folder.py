"""The files of one journal.

`000007.log` is appended to; a start and every compaction begin the next one. `000006.base` holds the last value of each key
of all files up to number 6, which are then removed.
"""

import errno
import fcntl
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from .compaction import write_whole
from .frames import MAGIC, DamagedJournalError, Key, Record, apply, encode, read

logger = logging.getLogger("dukenet.journal")

# Below this, compacting costs more than it frees.
MIN_COMPACTION_BYTES = 32 * 1024 * 1024
# A journal takes at most so many times the space of its last base file before it is compacted.
MAX_GROWTH = 2


class JournalInUseError(RuntimeError):
    """Another process holds the journal."""


class Folder:
    """The journal in a folder, held by this process alone until it ends."""

    def __init__(self, path: Path, smallest_compaction_bytes: int = MIN_COMPACTION_BYTES) -> None:
        """Takes the folder.

        Raises:
            JournalInUseError: another process holds it.
        """
        self._path = path
        self._smallest = smallest_compaction_bytes
        path.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as cause:
            raise JournalInUseError(f"Another process uses {path}.") from cause
        current = self._files()
        for leftover in path.iterdir():
            if leftover.name != "lock" and leftover not in current:
                leftover.unlink()
        self._number = max((int(file.stem) for file in current), default=0)
        self._file = -1
        self._written = 0
        self._base_bytes = 0
        self._compacting: threading.Thread | None = None

    def load(self) -> dict[Key, object]:
        """Every record, and a new file to append to. What a kill or a power cut left half written is cut off.

        Raises:
            DamagedJournalError: a file that was complete once is damaged.
        """
        records: dict[Key, object] = {}
        files = self._files()
        for file in files:
            found = read(file)
            if not found.is_whole:
                if file != files[-1] or file.suffix == ".base":
                    raise DamagedJournalError(
                        f"{file} is damaged at byte {found.good_bytes} of {found.total_bytes}. Delete the state with "
                        "`npm start -- --reset`, or put the file back from a copy."
                    )
                logger.warning(
                    "The last write was not finished: %d bytes at the end of %s are dropped",
                    found.total_bytes - found.good_bytes,
                    file.name,
                )
            apply(records, found.frames)
        self._begin(records)
        return records

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever written here."""
        return not self._files()

    @property
    def total_bytes(self) -> int:
        """What all files take on the disk."""
        return sum(file.stat().st_size for file in self._files())

    def append(self, records: Iterable[Record]) -> None:
        """Hands records to the system in one write: they survive the end of this process, not yet a power cut.

        Raises:
            OSError: nothing of them is in the journal.
        """
        frame = encode(records)
        start = self._written
        done = 0
        try:
            while done < len(frame):
                done += os.write(self._file, memoryview(frame)[done:])
        except OSError:
            os.ftruncate(self._file, start)
            raise
        self._written += len(frame)

    def sync(self) -> None:
        """Forces what was appended to the disk: from now on it survives a power cut."""
        try:
            os.fdatasync(self._file) if hasattr(os, "fdatasync") else os.fsync(self._file)
        except OSError as error:
            # The file was closed by a compaction, which forced it to the disk before.
            if error.errno != errno.EBADF:
                raise

    def compact_when_large(self) -> None:
        """Begins a new file and replaces all others by one, in the background, once they take too much space."""
        limit = max(self._smallest, MAX_GROWTH * self._base_bytes)
        if self._written < limit or (self._compacting and self._compacting.is_alive()):
            return
        closed = self._files()
        self._open_next()
        self._compacting = threading.Thread(target=self._compact, args=(closed,), name="dukenet-compaction")
        self._compacting.daemon = True
        self._compacting.start()

    def close(self) -> None:
        """Forces everything to the disk and lets go of the folder."""
        if self._compacting:
            self._compacting.join()
        if self._file >= 0:
            os.fsync(self._file)
            os.close(self._file)
            self._file = -1
        os.close(self._lock)

    def _files(self) -> list[Path]:
        """The newest base and the logs after it, in the order in which they were written."""
        logs = sorted(self._path.glob("*.log"))
        bases = sorted(self._path.glob("*.base"))
        if not bases:
            return logs
        return [bases[-1], *(log for log in logs if int(log.stem) > int(bases[-1].stem))]

    def _begin(self, records: dict[Key, object]) -> None:
        """Writes what was loaded as one base file: a start is when compacting disturbs nobody."""
        old = self._files()
        if old:
            self._replace(old, records)
        self._open_next()

    def _replace(self, old: list[Path], records: dict[Key, object]) -> None:
        base = self._path / f"{int(old[-1].stem):06d}.base"
        if old == [base]:
            self._base_bytes = base.stat().st_size
            return
        written = base.with_suffix(f".{os.getpid()}.tmp")
        write_whole(written, records.items())
        self._finish(base, written, old)

    def _finish(self, base: Path, written: Path, old: list[Path]) -> None:
        written.rename(base)
        self._sync_folder()
        for file in old:
            if file != base:
                file.unlink()
        self._base_bytes = base.stat().st_size

    def _compact(self, closed: list[Path]) -> None:
        base = self._path / f"{int(closed[-1].stem):06d}.base"
        written = base.with_suffix(f".{os.getpid()}.tmp")
        command = [sys.executable, "-m", "journal.compaction", str(written), *map(str, closed)]
        done = subprocess.run(
            command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            self._finish(base, written, closed)
        else:
            # The old files stay and remain readable; the next try comes when the new one has grown as large.
            logger.error("The journal could not be compacted: %s", done.stderr.strip())
            written.unlink(missing_ok=True)

    def _open_next(self) -> None:
        if self._file >= 0:
            os.fsync(self._file)
            os.close(self._file)
        self._number += 1
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        self._file = os.open(self._path / f"{self._number:06d}.log", flags, 0o600)
        os.write(self._file, MAGIC)
        self._written = len(MAGIC)
        self._sync_folder()

    def _sync_folder(self) -> None:
        folder = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
