"""Locates an encoder's files and verifies that they are the pinned ones."""

import importlib.metadata
import re
from pathlib import Path

from dukemm.config import EncoderWeights
from dukemm.domain.errors import DukeMMError
from dukemm.storage import file_sha256

WEIGHTS = "model.safetensors"
_COMMIT = re.compile(r"[0-9a-f]{40}")


def encoder_folder(config: EncoderWeights) -> Path:
    """Folder with config, tokenizer and weights. No code of a package is imported, only its files are read.

    Raises DukeMMError artifact_invalid if the files are missing or are not those that the config pins.
    """
    folder = located(config)
    weights = folder / WEIGHTS
    if not weights.is_file():
        raise DukeMMError("artifact_invalid", f"encoder {config.name} has no {WEIGHTS}; only safetensors are read")
    # A commit of a hub pins its files as well; a version that was made on a machine with them names their hash too.
    pinned_by_commit = config.source == "hub" and not config.sha256
    if not pinned_by_commit and file_sha256(weights) != config.sha256:
        raise DukeMMError("artifact_invalid", f"the weights of encoder {config.name} are not the pinned ones")
    return folder


def located(config: EncoderWeights) -> Path:
    """Where a config's files are, unchecked. Raises DukeMMError artifact_invalid."""
    if config.source == "directory":
        return Path(config.name) / config.path
    if config.source == "package":
        try:
            distribution = importlib.metadata.distribution(config.name)
        except importlib.metadata.PackageNotFoundError as error:
            raise DukeMMError("artifact_invalid", f"the package {config.name} is not installed") from error
        return Path(str(distribution.locate_file(config.path)))
    if config.source == "hub":
        return _in_hub_cache(config)
    raise DukeMMError("artifact_invalid", f"an encoder of source {config.source} has no files")


def check_commit(config: EncoderWeights) -> None:
    """Require a full commit hash: a branch may change. Raises DukeMMError artifact_invalid."""
    if not _COMMIT.fullmatch(config.revision):
        raise DukeMMError("artifact_invalid", f"encoder {config.name}: name the commit (40 hex digits) of its weights")


def _in_hub_cache(config: EncoderWeights) -> Path:
    """Folder of a hub id that was fetched when the image was built; nothing is downloaded at run time."""
    check_commit(config)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(config.name, revision=config.revision, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise DukeMMError(
            "artifact_invalid", f"encoder {config.name} at {config.revision} is not in the hub's cache"
        ) from error
