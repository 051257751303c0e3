import dataclasses
import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from dukemm.config import PRESETS, ModelConfig
from dukemm.domain.errors import DukeMMError
from dukemm.versions.artifact import ARCHIVE, load, pack, unpack, write_first_version


def opened(archive: bytes, tmp_path: Path):
    folder = tmp_path / "version"
    folder.mkdir()
    (tmp_path / ARCHIVE).write_bytes(archive)
    unpack(tmp_path / ARCHIVE, folder)
    return load(folder)


def files() -> dict[str, bytes]:
    config = ModelConfig(version="7", kinds=("classification",), text_encoder=PRESETS["tiny"].text)
    return {
        "config.json": config.to_json().encode(),
        "model.safetensors": save({"classifier.label_text_examples": np.ones(1, np.float32)}),
        "calibration.json": b"{}",
        "families.json": b"{}",
    }


def test_the_same_version_has_the_same_bytes(tmp_path):
    first = write_first_version(tmp_path / "a", "tiny", "1")
    again = write_first_version(tmp_path / "b", "tiny", "1")
    assert first["sha256"] == again["sha256"]
    assert first["sha256"] != write_first_version(tmp_path / "c", "tiny", "2")["sha256"]


def test_an_artifact_round_trips(tmp_path):
    write_first_version(tmp_path, "tiny", "3")
    artifact = opened((tmp_path / ARCHIVE).read_bytes(), tmp_path)
    tiny = PRESETS["tiny"]
    assert artifact.config == ModelConfig(
        "3",
        ("classification", "regression", "generation"),
        tiny.text,
        image_encoder=tiny.image,
        audio_encoder=tiny.audio,
        language=tiny.language,
    )
    assert artifact.calibration["prior"]["sharpness"] > 0


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "families.json"])
def test_a_changed_file_is_detected(tmp_path, name):
    folder = tmp_path / "version"
    folder.mkdir()
    (tmp_path / ARCHIVE).write_bytes(pack(files()))
    unpack(tmp_path / ARCHIVE, folder)
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(DukeMMError, match="does not match its hash in the manifest"):
        load(folder)


def test_a_file_that_is_not_in_the_manifest_is_detected(tmp_path):
    folder = tmp_path / "version"
    folder.mkdir()
    (tmp_path / ARCHIVE).write_bytes(pack(files()))
    unpack(tmp_path / ARCHIVE, folder)
    (folder / "extra.pkl").write_bytes(b"x")
    with pytest.raises(DukeMMError, match=r"extra\.pkl"):
        load(folder)


def test_an_unknown_format_is_rejected(tmp_path):
    changed = json.loads(files()["config.json"]) | {"unheard_of": 1}
    with pytest.raises(DukeMMError) as caught:
        opened(pack(files() | {"config.json": json.dumps(changed).encode()}), tmp_path)
    assert caught.value.code == "artifact_invalid"


def tar_of(*entries: tarfile.TarInfo) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for entry in entries:
            tar.addfile(entry, io.BytesIO(b"\0" * entry.size))
    return packed.getvalue()


def entry(name: str, **attributes) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    for attribute, value in attributes.items():
        setattr(found, attribute, value)
    return found


@pytest.mark.parametrize(
    "archive",
    [
        tar_of(entry("../outside", size=3)),
        tar_of(entry("/etc/outside", size=3)),
        tar_of(entry("link", type=tarfile.SYMTYPE, linkname="/etc/passwd")),
        tar_of(entry("link", type=tarfile.LNKTYPE, linkname="../x")),
        tar_of(entry("pipe", type=tarfile.FIFOTYPE)),
        tar_of(*[entry(f"f{i}") for i in range(1001)]),
        b"not an archive",
        b"",
        pack(files())[:-40],
    ],
)
def test_hostile_archives_are_rejected(archive, tmp_path):
    with pytest.raises(DukeMMError) as caught:
        opened(archive, tmp_path)
    assert caught.value.code == "artifact_invalid"
    assert not (tmp_path / "outside").exists()


def test_a_config_of_the_first_format_is_read():
    config = ModelConfig(version="7", kinds=("classification",), text_encoder=PRESETS["tiny"].text)
    old = json.loads(config.to_json()) | {"format": 1}
    for later in ("image_encoder", "audio_encoder", "language"):
        del old[later]
    assert ModelConfig.from_json(json.dumps(old)) == dataclasses.replace(config, format=1)
