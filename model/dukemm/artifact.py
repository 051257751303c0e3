"""The artifact of a version: `model.tar.gz` with a manifest, written the same byte for byte each time, checked at load."""

import dataclasses
import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from dukemm.config import PRESETS, ClassifierConfig, ModelConfig
from dukemm.encoders.text import load_text_encoder
from dukemm.encoders.weights import file_sha256
from dukemm.errors import DukeMMError
from dukemm.task.calibration import CalibrationPrior

ARCHIVE = "model.tar.gz"
MANIFEST = "manifest.json"
#: A first version weighs kilobytes; trained heads and memory megabytes. More than this is no artifact of ours.
MAX_BYTES = 2 << 30
MAX_FILES = 1000


@dataclass(frozen=True)
class Artifact:
    """A version as it lies on disk, checked."""

    config: ModelConfig
    tensors: dict[str, np.ndarray]
    calibration: dict[str, Any]
    families: dict[str, Any]


def write_first_version(output: Path, preset: str, version: str) -> dict[str, Any]:
    """Make a version from the encoders alone. Nothing is trained: its classifier is fitted on each task's examples.

    Returns what a registry records: path, sha256, size_bytes, version, kinds and how many weights it stands on.
    """
    config = ModelConfig(version=version, kinds=("classification", "regression"), text_encoder=PRESETS[preset].text)
    encoder = load_text_encoder(config.text_encoder)
    # How far a label's own text is trusted beside examples; training will move it.
    tensors = {"classifier.label_text_examples": np.array([ClassifierConfig().label_text_examples], np.float32)}
    files = {
        "config.json": config.to_json().encode(),
        "model.safetensors": save(tensors),
        "calibration.json": _json({"prior": dataclasses.asdict(CalibrationPrior()), "families": {}}),
        "families.json": _json({"families": {}}),
        "memory/index.json": _json({"examples": 0}),
        "MODEL_CARD.md": _card(config, encoder.parameters).encode(),
    }
    output.mkdir(parents=True, exist_ok=True)
    archive = output / ARCHIVE
    archive.write_bytes(pack(files))
    return {
        "path": str(archive),
        "version": version,
        "sha256": file_sha256(archive),
        "size_bytes": archive.stat().st_size,
        "kinds": list(config.kinds),
        "parameters": encoder.parameters,
    }


def pack(files: dict[str, bytes]) -> bytes:
    """Files and their manifest as a tar.gz whose bytes depend on the content alone."""
    manifest = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    whole = {**files, MANIFEST: _json({"format": 1, "sha256": manifest})}
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as compressed, tarfile.open(fileobj=compressed, mode="w") as tar:
        for name in sorted(whole):
            entry = tarfile.TarInfo(name)
            entry.size = len(whole[name])
            entry.mode = 0o644
            tar.addfile(entry, io.BytesIO(whole[name]))
    return packed.getvalue()


def unpack(archive: Path, folder: Path) -> None:
    """Extract an archive whose files are regular, few and not huge. Raises DukeMMError artifact_invalid."""
    size = 0
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for count, entry in enumerate(tar, start=1):
                size += entry.size
                if count > MAX_FILES or size > MAX_BYTES:
                    raise DukeMMError(
                        "artifact_invalid", f"the artifact has more than {MAX_FILES} files or {MAX_BYTES} bytes"
                    )
                # `data` refuses devices, and whatever is or points outside of the folder.
                tar.extract(entry, folder, set_attrs=False, filter="data")
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise DukeMMError("artifact_invalid", f"the artifact cannot be unpacked: {error}") from error


def load(folder: Path) -> Artifact:
    """Read an unpacked version. Every file must be in the manifest with its hash. Raises DukeMMError artifact_invalid."""
    try:
        manifest: dict[str, str] = json.loads((folder / MANIFEST).read_text())["sha256"]
        present = {os.path.relpath(path, folder) for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
        if present != set(manifest):
            raise DukeMMError("artifact_invalid", f"files and manifest differ: {sorted(present ^ set(manifest))[:5]}")
        for name, expected in manifest.items():
            if file_sha256(folder / name) != expected:
                raise DukeMMError("artifact_invalid", f"{name} is not what the manifest says")
        return Artifact(
            config=ModelConfig.from_json((folder / "config.json").read_text()),
            tensors=load_file(folder / "model.safetensors"),
            calibration=json.loads((folder / "calibration.json").read_text()),
            families=json.loads((folder / "families.json").read_text()),
        )
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise DukeMMError("artifact_invalid", f"the artifact cannot be read: {error}") from error


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True) + "\n").encode()


def _card(config: ModelConfig, parameters: int) -> str:
    encoder = config.text_encoder
    return f"""# Duke MM, version {config.version}

- **Does**: {", ".join(config.kinds)} over texts and tables, with the labels and examples that come with a task.
- **Contains**: no trained weights. The text encoder is named and pinned: {encoder.source} `{encoder.name}`
  (model.safetensors sha256 `{encoder.sha256 or "random"}`), {parameters:,} weights, {encoder.max_tokens} word pieces.
- **How**: views of an item (meaning, words, attributes, shape of the text, numbers) are compared with the examples; one
  kernel ridge a view, mixed by skill and calibrated on examples left out. A label without examples is found by the
  meaning of its text.
- **Reads**: the first {config.classifier.max_characters:,} characters of a text, its meaning from the first
  {encoder.max_tokens} word pieces.
- **Does not**: generation, images, sound. It answers those with an error.
- **Measured**: see model/LOG.md of the release that made it.
"""
