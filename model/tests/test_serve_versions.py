"""Versions that are broken, or not what they say: they are not served, and the others go on."""

import gzip
import io
import tarfile

import pytest
from conftest import put_version, request_of
from safetensors.numpy import load, save

from dukemm.versions.artifact import MANIFEST, write_first_version


def flower_request() -> dict:
    body = request_of([{"length": 1.0, "colour": "red"}], labels=["rose", "tulip"])
    body["task"]["family"] = "fam_flowers"
    return body


def archive_of(*entries: tarfile.TarInfo) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for entry in entries:
            tar.addfile(entry, io.BytesIO(b"x" * entry.size))
    return packed.getvalue()


def entry(name: str, **more: object) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    for key, value in more.items():
        setattr(made, key, value)
    return made


@pytest.mark.parametrize(
    "broken",
    [
        lambda good: good[: len(good) // 2],
        lambda good: good[:200] + bytes(100) + good[300:],
        lambda good: b"",
        lambda good: gzip.compress(b"no archive"),
        lambda good: archive_of(entry(MANIFEST, size=4)),
        lambda good: archive_of(entry("../../escaped", size=4)),
        lambda good: archive_of(entry("link", type=tarfile.SYMTYPE, linkname="/etc/passwd")),
    ],
    ids=["half", "changed", "empty", "no tar", "no manifest", "outside", "link"],
)
def test_a_broken_version_is_not_served_and_the_others_are(ask, registry, trained, broken):
    good = trained.read_bytes()
    trained.write_bytes(broken(good))
    answer = ask(flower_request(), version="3")
    assert (answer.status_code, answer.json()["code"]) == (500, "artifact_invalid")
    assert not (trained.parents[2] / "escaped").exists()
    assert ask(flower_request(), version="1").status_code == 200
    trained.write_bytes(good)
    assert ask(flower_request(), version="3").status_code == 200  # nothing of the broken one is remembered


def family_file(files: dict[str, bytes]) -> str:
    return next(name for name in files if name.startswith("memory/family-") and name.endswith(".safetensors"))


def without_an_array(content: bytes) -> bytes:
    arrays = load(content)
    arrays.pop(next(name for name in arrays if name.endswith("dual")))
    return save(arrays)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: b"",
        lambda content: (1 << 62).to_bytes(8, "little") + content[8:],
        lambda content: content[:-8],
        without_an_array,
    ],
    ids=["empty", "endless header", "cut", "an array missing"],
)
def test_an_unreadable_family_is_reported_as_an_error_of_the_version(ask, folder, flower_files, change):
    name = family_file(flower_files)
    put_version(folder, {**flower_files, name: change(flower_files[name])})
    answer = ask(flower_request(), version="3")
    assert (answer.status_code, answer.json()["code"]) == (500, "artifact_invalid")
    assert ask(request_of([{"x": 1}]), version="3").status_code == 200  # other families of it are answered


def test_a_file_of_a_version_has_a_size_limit(ask, folder, flower_files, monkeypatch):
    monkeypatch.setattr("dukemm.versions.artifact.MAX_FILE_BYTES", 1 << 20)
    put_version(folder, {**flower_files, family_file(flower_files): bytes((1 << 20) + 1)})
    answer = ask(flower_request(), version="3")
    assert (answer.status_code, answer.json()["code"]) == (500, "artifact_invalid")
    assert "bytes" in answer.json()["message"]


def test_a_version_with_another_number_is_not_served(ask, folder):
    write_first_version(folder / "3", "tiny", "4")
    answer = ask(request_of([{"x": 1}]), version="3")
    assert answer.json()["code"] == "artifact_invalid"
    assert "has version 4" in answer.json()["message"]
