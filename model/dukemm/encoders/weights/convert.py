"""Converts weights in a package's own format to safetensors, once, in a cache folder.

The folder is DUKEMM_CACHE, or ~/.cache/dukemm. Source and result are pinned by SHA-256; the source is checked before it
is parsed. PyTorch's restricted unpickler (`weights_only`) builds tensors and imports nothing else.
"""

import contextlib
import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load, save

from dukemm.domain.errors import DukeMMError
from dukemm.encoders.weights.onnx_file import read_initializers
from dukemm.encoders.weights.universal_sentence import read_vocabulary, read_weights

Tensors = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Conversion:
    """How files of a package become tensors."""

    #: Names below the path in the config; the empty name is the path itself.
    files: tuple[str, ...]
    read: Callable[[Sequence[bytes]], Mapping[str, NDArray[Any]]]
    #: SHA-256 of the resulting safetensors file.
    sha256: str


def _efficientnet(files: Sequence[bytes]) -> Mapping[str, NDArray[Any]]:
    state = torch.load(io.BytesIO(files[0]), map_location="cpu", weights_only=True)
    return {name: tensor.numpy() for name, tensor in state.items() if tensor.dtype == torch.float32}


def _speech(files: Sequence[bytes]) -> Mapping[str, NDArray[Any]]:
    # The names of the two files do not overlap; the pinned hash would differ otherwise.
    return {name: tensor for content in files for name, tensor in read_initializers(content).items()}


def _universal_sentence(files: Sequence[bytes]) -> Mapping[str, NDArray[Any]]:
    return {**read_vocabulary(files[0]), **read_weights(files[1])}


CONVERSIONS: dict[str, Conversion] = {
    "efficientnet-lite0": Conversion(
        ("",), _efficientnet, "0c677c314df2a69239bef9609a095a957201d5092462c5ace5d8bf3e0201bbd7"
    ),
    "speech-embedding": Conversion(
        ("melspectrogram.onnx", "embedding_model.onnx"),
        _speech,
        "c8fdb913e7eb7f42d1fc1ec32b72cb780f8c5c30920da6027f120f0697051944",
    ),
    "universal-sentence": Conversion(
        ("sp.model", "weights.npz"), _universal_sentence, "0ad9281b4269fad8aaa3a79368fd7c7a2df90e70f3502ed51423081b23887ebb"
    ),
}


def converted(architecture: str, place: Path, sha256: str) -> Tensors:
    """Tensors of an encoder that lies in another form at `place`; `sha256` is over its files, one after the other.

    Raises DukeMMError artifact_invalid if files are missing, or they or the result are not the pinned ones.
    """
    conversion = CONVERSIONS[architecture]
    kept = cache_folder() / f"{conversion.sha256}.safetensors"
    with contextlib.suppress(OSError):
        content = kept.read_bytes()
        if hashlib.sha256(content).hexdigest() == conversion.sha256:
            return load(content)
    try:
        files = [(place / name if name else place).read_bytes() for name in conversion.files]
    except OSError as error:
        raise DukeMMError("artifact_invalid", f"the weights of encoder {architecture} are missing: {error}") from error
    if hashlib.sha256(b"".join(files)).hexdigest() != sha256:
        raise DukeMMError("artifact_invalid", f"the weights of encoder {architecture} are not the pinned ones")
    content = save({name: np.ascontiguousarray(tensor) for name, tensor in conversion.read(files).items()})
    if hashlib.sha256(content).hexdigest() != conversion.sha256:
        raise DukeMMError("artifact_invalid", f"the conversion of encoder {architecture} does not have the pinned hash")
    _write(kept, content)
    return load(content)


def cache_folder() -> Path:
    """Folder of converted weights."""
    named = os.environ.get("DUKEMM_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "dukemm"


def _write(path: Path, content: bytes) -> None:
    """Write atomically. If the folder is not writable, the next process converts again, which takes 0.1 s."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as handle:
            handle.write(content)
        Path(handle.name).replace(path)
