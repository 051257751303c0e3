"""Loads model versions on demand; the least recently used one is evicted."""

import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

from dukemm.answering.version import Version
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.pool import Encoders
from dukemm.storage import MissingObjectError, Storage
from dukemm.versions.artifact import ARCHIVE, load, unpack

MAX_ARCHIVE_BYTES = 2 << 30


class Registry:
    """Versions in `<prefix>/<version>/model.tar.gz`, sharing frozen encoders. Thread-safe."""

    def __init__(self, prefix: str, storage: Storage, max_versions: int) -> None:
        self._prefix = prefix.rstrip("/")
        self._storage = storage
        self._max_versions = max_versions
        self._versions: OrderedDict[str, Version] = OrderedDict()
        self.encoders = Encoders()
        self._lock = threading.Lock()
        self._loading = threading.Lock()

    @property
    def loaded(self) -> list[str]:
        """Loaded versions, least recently used first."""
        return list(self._versions)

    def get(self, version: str) -> Version:
        """Load or reuse a version. Raises DukeMMError unknown_version, artifact_invalid or overloaded."""
        loaded = self._cached(version)
        if loaded is None:
            # One load at a time, so that concurrent requests load a version once; requests for loaded versions do not wait.
            with self._loading:
                loaded = self._cached(version) or self._load(version)
                with self._lock:
                    self._versions[version] = loaded
                    while len(self._versions) > self._max_versions:
                        self._versions.popitem(last=False)
        return loaded

    def _cached(self, version: str) -> Version | None:
        with self._lock:
            if version in self._versions:
                self._versions.move_to_end(version)
            return self._versions.get(version)

    def _load(self, version: str) -> Version:
        try:
            archive = self._storage.read(f"{self._prefix}/{version}/{ARCHIVE}", MAX_ARCHIVE_BYTES)
        except MissingObjectError as error:
            raise DukeMMError("unknown_version", f"the registry has no version {version}") from error
        with tempfile.TemporaryDirectory(prefix="dukemm-") as name:
            folder = Path(name)
            (folder / ARCHIVE).write_bytes(archive)
            (folder / "version").mkdir()
            unpack(folder / ARCHIVE, folder / "version")
            artifact = load(folder / "version")
        if artifact.config.version != version:
            raise DukeMMError(
                "artifact_invalid", f"the artifact of version {version} has version {artifact.config.version}"
            )
        return Version(artifact, self.encoders, self._storage)

    def stop(self) -> None:
        """Fail the requests that wait for an encoder, before the process ends."""
        self.encoders.stop()

    def close(self) -> None:
        """Stop the encoders' threads."""
        self.encoders.close()
