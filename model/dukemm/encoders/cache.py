"""On-disk cache of encoder outputs, by encoder and content."""

import sqlite3
import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

#: Features, or the bytes of a text.
Arrays = dict[str, NDArray[np.float32] | NDArray[np.uint8]]


class FeatureCache:
    """One SQLite file in a folder; threads and processes may share it. An unreadable entry counts as missing."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "features.sqlite"
        self._lock = threading.Lock()
        self._database = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            return self._ready()
        except sqlite3.DatabaseError:  # not a database, or a broken one
            self._path.unlink(missing_ok=True)
            return self._ready()

    def _ready(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=30, check_same_thread=False, isolation_level=None)
        # A power cut may lose the last entries, which are then recomputed; waiting for the disk costs more.
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("CREATE TABLE IF NOT EXISTS features (key TEXT PRIMARY KEY, arrays BLOB NOT NULL) WITHOUT ROWID")
        return database

    def get(self, key: str) -> Arrays | None:
        """Arrays stored under a key; None if missing."""
        with self._lock:
            row = self._database.execute("SELECT arrays FROM features WHERE key = ?", (key,)).fetchone()
        try:
            return None if row is None else load(row[0])
        except SafetensorError:
            return None

    def put(self, entries: dict[str, Arrays]) -> None:
        """Store arrays by key, all or none."""
        rows = [
            (key, save({name: np.ascontiguousarray(a) for name, a in arrays.items()})) for key, arrays in entries.items()
        ]
        with self._lock:
            self._database.execute("BEGIN")
            self._database.executemany("INSERT OR REPLACE INTO features VALUES (?, ?)", rows)
            self._database.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()
