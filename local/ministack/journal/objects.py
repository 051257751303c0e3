"""The files in which MiniStack 1.5.33 keeps the objects of S3.

An object is a data file and a sidecar with its size, type and version, each written before the request is answered. A kill
between the two leaves new bytes under an old description. Events about an object are delivered by a thread after the answer,
where a kill loses them.
"""

import json
import logging
import os
import shutil
from pathlib import Path
from types import ModuleType

logger = logging.getLogger("dukenet.journal")

SIDECAR = ".meta.json"
VERSIONS = ".versions"


def repair(root: Path) -> None:
    """Undoes what a kill left half written; called before MiniStack reads the folder."""
    if not root.is_dir():
        return
    for account in (folder for folder in root.iterdir() if folder.is_dir() and folder.name != VERSIONS):
        for bucket in (folder for folder in account.iterdir() if folder.is_dir()):
            for file in [path for path in bucket.rglob("*") if path.is_file()]:
                _repair(root, account.name, bucket, file)


def _repair(root: Path, account: str, bucket: Path, file: Path) -> None:
    if file.name.endswith(".tmp"):
        file.unlink()
    elif not file.name.endswith(SIDECAR):
        sidecar = file.with_name(file.name + SIDECAR)
        if not sidecar.exists():
            logger.warning("An upload was not finished: %s is removed", file)
            file.unlink()
            return
        try:
            meta = json.loads(sidecar.read_text())
        except ValueError:
            # Cut off by a power cut; MiniStack describes the object again from its bytes.
            logger.warning("The description of %s is damaged", file)
            return
        # The version that is described as current was set aside already: the one to replace it was never acknowledged.
        aside = (
            root / VERSIONS / account / bucket.name / str(meta.get("version_id")) / file.relative_to(bucket)
        )
        if aside.is_file() and not meta.get("is_delete_marker"):
            logger.warning("An upload was not finished: %s is put back to the version before", file)
            shutil.copyfile(aside, file)
        elif "size" in meta and meta["size"] != file.stat().st_size:
            # Without a version before: MiniStack computes size and tag from the bytes.
            sidecar.write_text(json.dumps({**meta, "size": None, "etag": None}))


class Objects:
    """Notes which files were written, for the next fsync, and delivers events before the answer."""

    def __init__(self, s3: ModuleType) -> None:
        """Wraps the writing of files and the sending of events of `ministack.services.s3`."""
        self._written: dict[str, None] = {}
        write = s3._atomic_write

        def noting(path: str, data, **options) -> None:
            write(path, data, **options)
            self._written[path] = None

        def fire(bucket, key, event, size=0, etag="", deletion_type=None, **details) -> None:
            if bucket in s3._bucket_notifications:
                sequencer = s3._next_event_sequencer(event)
                s3._fire_s3_event(
                    bucket, key, event, size, etag, deletion_type, sequencer=sequencer, **details
                )

        s3._atomic_write = noting
        s3._fire_s3_event_async = fire

    def sync(self) -> None:
        """Forces the files that were written since the last call, and their folders, to the disk."""
        written, self._written = self._written, {}
        for path in {*written, *(os.path.dirname(path) for path in written)}:
            try:
                file = os.open(path, os.O_RDONLY)
            except FileNotFoundError:
                # Removed or replaced by now.
                continue
            try:
                os.fsync(file)
            finally:
                os.close(file)
