"""Finds an encoder's files and makes sure that they are the pinned ones."""

import hashlib
import importlib.metadata
from pathlib import Path

from dukemm.config import EncoderWeights
from dukemm.errors import DukeMMError

WEIGHTS = "model.safetensors"


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while piece := handle.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def encoder_folder(config: EncoderWeights) -> Path:
    """Folder with config, tokenizer and weights. No code of a package is imported, only its files are read.

    Raises DukeMMError artifact_invalid where the files are missing or are not those that the config pins.
    """
    folder = located(config)
    weights = folder / WEIGHTS
    if not weights.is_file():
        raise DukeMMError("artifact_invalid", f"encoder {config.name} has no {WEIGHTS}; only safetensors are read")
    if file_sha256(weights) != config.sha256:
        raise DukeMMError("artifact_invalid", f"the weights of encoder {config.name} are not the pinned ones")
    return folder


def located(config: EncoderWeights) -> Path:
    """File or folder that a config names, not checked. Raises DukeMMError artifact_invalid."""
    if config.source == "directory":
        return Path(config.name)
    if config.source == "package":
        try:
            distribution = importlib.metadata.distribution(config.name)
        except importlib.metadata.PackageNotFoundError as error:
            raise DukeMMError("artifact_invalid", f"the package {config.name} is not installed") from error
        return Path(str(distribution.locate_file(config.path)))
    if config.source == "hub":
        # Fetched when the image is built; at run time it is in the cache or the version does not load.
        from huggingface_hub import snapshot_download

        return Path(snapshot_download(config.name, revision=config.revision, local_files_only=True))
    raise DukeMMError("artifact_invalid", f"an encoder of source {config.source} has no files")
