"""The files of S3 after a kill between any two of the writes of one request."""

import json
from pathlib import Path

import pytest
from journal.objects import SIDECAR, VERSIONS, repair

ACCOUNT, BUCKET = "000000000000", "files"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ACCOUNT / BUCKET / "folder").mkdir(parents=True)
    return tmp_path


def put(root: Path, content: bytes, version: str | None = None, size: int | None = None) -> Path:
    """An object as MiniStack writes it: bytes, then the sidecar."""
    file = root / ACCOUNT / BUCKET / "folder" / "object"
    file.write_bytes(content)
    meta = {"size": len(content) if size is None else size, "etag": "tag", "version_id": version}
    file.with_name(file.name + SIDECAR).write_text(json.dumps(meta))
    return file


def set_aside(root: Path, content: bytes, version: str) -> None:
    aside = root / VERSIONS / ACCOUNT / BUCKET / version / "folder" / "object"
    aside.parent.mkdir(parents=True)
    aside.write_bytes(content)


def test_a_complete_object_is_unchanged(root):
    file = put(root, b"content", version="1")
    set_aside(root, b"older", version="0")
    repair(root)
    assert file.read_bytes() == b"content"


def test_bytes_without_metadata_were_never_acknowledged_and_are_removed(root):
    file = put(root, b"content")
    file.with_name(file.name + SIDECAR).unlink()
    repair(root)
    assert not file.exists()


@pytest.mark.parametrize("replaced", [False, True])
def test_an_overwrite_without_metadata_is_undone(root, replaced):
    file = put(root, b"acknowledged", version="1")
    set_aside(root, b"acknowledged", version="1")
    if replaced:
        file.write_bytes(b"never acknowledged")
    repair(root)
    assert file.read_bytes() == b"acknowledged"


def test_without_versions_the_metadata_is_rebuilt_from_the_bytes(root):
    file = put(root, b"longer than described", size=3)
    repair(root)
    meta = json.loads(file.with_name(file.name + SIDECAR).read_text())
    assert (meta["size"], meta["etag"]) == (None, None)


def test_partial_files_are_removed_and_damaged_metadata_does_not_stop_the_start(root):
    file = put(root, b"content")
    half = file.with_name("object.tmp")
    half.write_bytes(b"con")
    file.with_name(file.name + SIDECAR).write_text('{"size": 7, "et')
    repair(root)
    assert file.read_bytes() == b"content"
    assert not half.exists()


def test_there_are_no_objects_at_first(tmp_path):
    repair(tmp_path / "not made yet")
