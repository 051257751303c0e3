"""Versions of the model, loaded when first asked for; the least recently used leaves."""

import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

from dukemm.answering.version import Version
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.pool import Encoders
from dukemm.storage import MissingObjectError, Storage
from dukemm.versions.artifact import ARCHIVE, load, unpack

MAX_ARCHIVE = 2 << 30


class Registry:
    """`<prefix>/<version>/model.tar.gz`; several versions at once over the same frozen encoders."""

    def __init__(self, prefix: str, storage: Storage, keep: int) -> None:
        self._prefix = prefix.rstrip("/")
        self._storage = storage
        self._keep = keep
        self._versions: OrderedDict[str, Version] = OrderedDict()
        self.encoders = Encoders()
        self._lock = threading.Lock()
        self._loading = threading.Lock()

    @property
    def loaded(self) -> list[str]:
        """Versions in memory, least recently used first."""
        return list(self._versions)

    def get(self, version: str) -> Version:
        """Raises DukeMMError unknown_version, artifact_invalid or overloaded."""
        found = self._known(version)
        if found is None:
            # One after the other: a version that ten requests name is loaded once; those that name another go on.
            with self._loading:
                found = self._known(version) or self._load(version)
                with self._lock:
                    self._versions[version] = found
                    while len(self._versions) > self._keep:
                        self._versions.popitem(last=False)
        return found

    def _known(self, version: str) -> Version | None:
        with self._lock:
            if version in self._versions:
                self._versions.move_to_end(version)
            return self._versions.get(version)

    def _load(self, version: str) -> Version:
        try:
            archive = self._storage.read(f"{self._prefix}/{version}/{ARCHIVE}", MAX_ARCHIVE)
        except MissingObjectError as error:
            raise DukeMMError("unknown_version", f"the registry has no version {version}") from error
        with tempfile.TemporaryDirectory(prefix="dukemm-") as name:
            folder = Path(name)
            (folder / ARCHIVE).write_bytes(archive)
            (folder / "version").mkdir()
            unpack(folder / ARCHIVE, folder / "version")
            artifact = load(folder / "version")
        if artifact.config.version != version:
            raise DukeMMError("artifact_invalid", f"the artifact of version {version} says it is {artifact.config.version}")
        return Version(artifact, self.encoders, self._storage)

    def stop(self) -> None:
        """Let no request wait for an encoder any longer: the process is about to end."""
        self.encoders.stop()

    def close(self) -> None:
        """Stop the encoders' threads."""
        self.encoders.close()
