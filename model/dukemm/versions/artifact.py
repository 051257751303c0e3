"""The artifact of a version: `model.tar.gz` with a manifest, written the same byte for byte each time, checked at load."""

import dataclasses
import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from dukemm.config import ModelConfig
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.text import load_text_encoder
from dukemm.encoders.weights.presets import preset_named
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.storage import file_sha256

ARCHIVE = "model.tar.gz"
MANIFEST = "manifest.json"
#: A first version weighs kilobytes; trained heads and memory megabytes. More than this is no artifact of ours.
MAX_BYTES = 2 << 30
MAX_FILES = 50_000
#: A family of 16,000 examples weighs about a hundred megabytes, and is read whole.
MAX_FILE = 512 << 20


@dataclass(frozen=True)
class Artifact:
    """A version as it lies on disk, checked."""

    config: ModelConfig
    tensors: dict[str, np.ndarray]
    calibration: dict[str, Any]
    families: dict[str, Any]
    #: Content of the files under `memory/`, by name; read when a family is first asked for.
    memory: dict[str, bytes]


def first_config(preset: str, version: str) -> ModelConfig:
    """A version that stands on the encoders of a preset alone."""
    encoders = preset_named(preset)
    kinds = ("classification", "regression", *(("generation",) if encoders.language else ()))
    return ModelConfig(
        version=version,
        kinds=kinds,
        text_encoder=encoders.text,
        image_encoder=encoders.image,
        audio_encoder=encoders.audio,
        language=encoders.language,
    )


def write_first_version(output: Path, preset: str, version: str) -> dict[str, Any]:
    """Make a version from the encoders alone. Nothing is trained: its classifier is fitted on each task's examples.

    Returns what a registry records: path, sha256, size_bytes, version, kinds and how many weights it stands on.
    """
    config = first_config(preset, version)
    encoder = load_text_encoder(config.text_encoder)
    files = version_files(config, {}, {}, {}, encoder.parameters)
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


def version_files(
    config: ModelConfig,
    families: Mapping[str, Any],
    calibration: Mapping[str, Any],
    memory: Mapping[str, bytes],
    parameters: int,
    networks: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """The files of a version but for its manifest; `families` and `calibration` by family, `memory` by file name.

    `networks`: shape and heads of each fusion network, by the name of its file in `memory`.
    """
    # How far a label's own text is trusted beside examples.
    tensors = {"classifier.label_text_examples": np.array([config.classifier.label_text_examples], np.float32)}
    return {
        "config.json": config.to_json().encode(),
        "model.safetensors": save(tensors),
        "calibration.json": _json({"prior": dataclasses.asdict(CalibrationPrior()), "families": calibration}),
        "families.json": (json.dumps({"families": families, "networks": networks or {}}, indent=1) + "\n").encode(),
        "memory/index.json": _json({"examples": sum(family["count"] for family in families.values())}),
        **{f"memory/{name}": content for name, content in memory.items()},
        "MODEL_CARD.md": _card(config, parameters, families).encode(),
    }


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """The files of a version and their manifest, unpacked: SageMaker packs the folder itself."""
    for name, content in with_manifest(files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def with_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files and the manifest that names their hashes."""
    manifest = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    return {**files, MANIFEST: _json({"format": 1, "sha256": manifest})}


def pack(files: Mapping[str, bytes]) -> bytes:
    """Files and their manifest as a tar.gz whose bytes depend on the content alone."""
    whole = with_manifest(files)
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
                if entry.size > MAX_FILE:
                    raise DukeMMError("artifact_invalid", f"{entry.name[:100]} has more than {MAX_FILE} bytes")
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
            memory={path.name: path.read_bytes() for path in sorted((folder / "memory").iterdir()) if path.is_file()},
        )
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise DukeMMError("artifact_invalid", f"the artifact cannot be read: {error}") from error


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True) + "\n").encode()


def _card(config: ModelConfig, parameters: int, families: Mapping[str, Any]) -> str:
    encoders = [config.text_encoder, config.image_encoder, config.audio_encoder, config.language]
    named = "; ".join(f"{e.source} `{e.name}` (sha256 `{e.sha256 or 'none'}`)" for e in encoders if e is not None)
    counts = Counter(family["kind"] for family in families.values())
    learned = ", ".join(f"{count} of {kind}" for kind, count in sorted(counts.items())) or "none"
    return f"""# Duke MM, version {config.version}

- **Does**: {", ".join(config.kinds)} over texts, tables, images, sounds and documents.
- **Stands on** frozen encoders, named and pinned, not contained: {named}; {parameters:,} weights read text.
- **Has learned**: families: {learned}; {sum(family["count"] for family in families.values()):,} confirmed examples.
- **How**: experts of a family (kernel ridge a view, a forest, a memory) and the fusion network, each weighed by what it
  says of examples that it had not seen. A label without examples is found by the meaning of its name.
- **Reads**: the first {config.classifier.max_characters:,} characters of a text, its meaning from the first
  {config.text_encoder.max_tokens} word pieces.
- **Measured**: the evaluation of this version writes a card with its figures beside its metrics.
"""
