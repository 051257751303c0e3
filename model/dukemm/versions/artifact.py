"""Artifact of a version: a reproducible `model.tar.gz` whose manifest of hashes is checked at load."""

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
#: Most bytes of an unpacked artifact. A first version has kilobytes, a trained one megabytes.
MAX_BYTES = 2 << 30
MAX_FILES = 50_000
#: Most bytes of a file, which is read into memory. A family of 16,000 examples has about 100 MB.
MAX_FILE_BYTES = 512 << 20


@dataclass(frozen=True)
class Artifact:
    """Verified contents of a version's artifact."""

    config: ModelConfig
    tensors: dict[str, np.ndarray]
    calibration: dict[str, Any]
    families: dict[str, Any]
    #: Contents of the files under `memory/`, by name; parsed when a family is first requested.
    memory: dict[str, bytes]


def first_config(preset: str, version: str) -> ModelConfig:
    """Configuration of an untrained version with the encoders of a preset."""
    encoders = preset_named(preset)
    kinds = ("classification", "regression", *(("generation",) if encoders.language else ()))
    return ModelConfig(
        version=version,
        kinds=kinds,
        text_encoder=encoders.text,
        multilingual_encoder=encoders.multilingual,
        image_encoder=encoders.image,
        audio_encoder=encoders.audio,
        reader=encoders.reader,
        language=encoders.language,
    )


def write_first_version(output: Path, preset: str, version: str) -> dict[str, Any]:
    """Write an untrained version: it answers from each task's examples only.

    Returns the registry's record: path, sha256, size_bytes, version, kinds and parameters (weights of the text encoder).
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
    """The files of a version without its manifest; `families` and `calibration` by family, `memory` by file name.

    `networks`: configuration and heads of each fusion network, by the name of its file in `memory`.
    """
    # Weight of a label's text, in examples of that label.
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
    """Write the files of a version and their manifest, unpacked: SageMaker packs the folder."""
    for name, content in with_manifest(files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def with_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Add the manifest with the files' hashes."""
    manifest = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    return {**files, MANIFEST: _json({"format": 1, "sha256": manifest})}


def pack(files: Mapping[str, bytes]) -> bytes:
    """Pack files and their manifest to a tar.gz whose bytes depend on the contents only."""
    entries = with_manifest(files)
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as compressed, tarfile.open(fileobj=compressed, mode="w") as tar:
        for name in sorted(entries):
            entry = tarfile.TarInfo(name)
            entry.size = len(entries[name])
            entry.mode = 0o644
            tar.addfile(entry, io.BytesIO(entries[name]))
    return packed.getvalue()


def unpack(archive: Path, folder: Path) -> None:
    """Extract an archive of regular files within the limits. Raises DukeMMError artifact_invalid."""
    size = 0
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for count, entry in enumerate(tar, start=1):
                size += entry.size
                if entry.size > MAX_FILE_BYTES:
                    raise DukeMMError("artifact_invalid", f"{entry.name[:100]} has more than {MAX_FILE_BYTES} bytes")
                if count > MAX_FILES or size > MAX_BYTES:
                    raise DukeMMError(
                        "artifact_invalid", f"the artifact has more than {MAX_FILES} files or {MAX_BYTES} bytes"
                    )
                # The `data` filter rejects devices, and files or links outside the folder.
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
                raise DukeMMError("artifact_invalid", f"{name} does not match its hash in the manifest")
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
    encoders = [
        config.text_encoder,
        config.multilingual_encoder,
        config.image_encoder,
        config.audio_encoder,
        config.reader,
        config.language,
    ]
    encoder_list = "; ".join(f"{e.source} `{e.name}` (sha256 `{e.sha256 or 'none'}`)" for e in encoders if e is not None)
    counts = Counter(family["kind"] for family in families.values())
    learned = ", ".join(f"{count} of {kind}" for kind, count in sorted(counts.items())) or "none"
    return f"""# Duke MM, version {config.version}

- **Tasks**: {", ".join(config.kinds)} of texts, tables, images, sounds and documents.
- **Frozen encoders**, pinned by hash, not in the artifact: {encoder_list}; {parameters:,} weights in the text encoder.
- **Trained families**: {learned}; {sum(family["count"] for family in families.values()):,} confirmed examples.
- **Method**: experts of a family (kernel ridge per view, forest, kNN memory) and the fusion network, weighted by their
  predictions for held-out examples. A label without examples is scored by the meaning of its name.
- **Input limits**: the first {config.classifier.max_characters:,} characters of a text, embedded from the first
  {config.text_encoder.max_tokens} word pieces.
- **Metrics**: the evaluation of this version writes a model card beside its metrics.
"""
