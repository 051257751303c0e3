"""Runs `dukemm train` with the paths of a SageMaker training job."""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from dukemm.answering.version import load_version
from dukemm.contract.curves import read_curves
from dukemm.contract.manifest import read_manifest
from dukemm.contract.unusable import Unusable
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.cache import FeatureCache
from dukemm.encoders.pool import Encoders
from dukemm.fusion import distributed
from dukemm.storage import Storage
from dukemm.train.run import TrainConfig, checkpoint_key, train
from dukemm.versions.artifact import ARCHIVE, write_folder

#: Types of the hyperparameters that SageMaker's file may hold, as strings.
HYPERPARAMETERS = {"version": str, "preset": str, "seed": int, "max_seconds": float}
METRICS = "metrics.jsonl"


def run(parsed: argparse.Namespace) -> int:
    """Train. Returns the exit code: 1 with the reason in <output-dir>/failure, else 0."""
    try:
        # Not in the checkpoint folder: SageMaker uploads that one again and again, and features can be computed again.
        with tempfile.TemporaryDirectory(prefix="dukemm-") as scratch:
            _train(parsed, Path(scratch))
    except Exception as error:
        reason = error.message if isinstance(error, DukeMMError) else f"{type(error).__name__}: {error}"
        parsed.output_dir.mkdir(parents=True, exist_ok=True)
        (parsed.output_dir / "failure").write_text(reason[:1000])
        print(json.dumps({"event": "failed", "reason": reason[:1000]}), flush=True)
        if not isinstance(error, DukeMMError):
            raise
        return 1
    return 0


def _train(parsed: argparse.Namespace, scratch: Path) -> None:
    distributed.start()
    config = TrainConfig(**hyperparameters(parsed))
    manifest = read_manifest(parsed.data)
    storage = Storage(parsed.media)
    encoders = Encoders()
    parent = load_version(parsed.parent, storage, encoders) if has_version(parsed.parent) else None
    log = _Log(parsed.checkpoint_dir, sys.stdout.isatty())
    unusable = Unusable("train")
    trained = train(
        config,
        manifest.rows("train", unusable),
        storage,
        log.write,
        encoders=encoders,
        cache=FeatureCache(scratch),
        parent=parent,
        checkpoints=parsed.checkpoint_dir,
        data_key=checkpoint_key(manifest.sha256, config),
        unusable=unusable,
        withdrawn=manifest.withdrawn_families,
    )
    if distributed.is_first():
        write_folder(trained.files, parsed.model_dir)
    encoders.close()


def hyperparameters(parsed: argparse.Namespace) -> dict[str, Any]:
    """Hyperparameters from flags, else from SageMaker's file. Raises DukeMMError invalid_request."""
    file: Path = parsed.hyperparameters
    from_file = json.loads(file.read_text()) if file.is_file() else {}
    values: dict[str, Any] = {}
    for name, kind in HYPERPARAMETERS.items():
        value = getattr(parsed, name)
        if value is None and name in from_file:
            try:
                # The SageMaker SDK writes values as JSON, other clients as plain text.
                value = kind(str(from_file[name]).strip('"'))
            except ValueError as error:
                raise DukeMMError("invalid_request", f"hyperparameter {name}: {from_file[name]!r}") from error
        if value is not None:
            values[name] = value
    if "version" not in values:
        raise DukeMMError("invalid_request", "--version is required")
    return values


def has_version(folder: Path) -> bool:
    """Whether a folder holds a version."""
    return (folder / ARCHIVE).is_file() or (folder / "config.json").is_file()


class _Log:
    """Writes JSON lines to stdout and to METRICS beside the checkpoints.

    On a terminal, one overwritten line of progress.
    """

    def __init__(self, folder: Path, terminal: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / METRICS
        self._terminal = terminal
        self._epochs = 0
        if self._file.is_file():
            # Continue the epoch count of an interrupted run, so that its curve is continuous.
            self._epochs = max((row["epoch"] for row in read_curves(self._file)), default=0)
            if not self._file.read_bytes().endswith(b"\n"):  # partial line of a killed run
                with self._file.open("a") as file:
                    file.write("\n")

    def write(self, line: dict[str, Any]) -> None:
        if not distributed.is_first():
            return
        if line["event"] == "epoch":
            self._epochs += 1
            line = {**line, "epoch": self._epochs, "member_epoch": line["epoch"]}
        text = json.dumps({**line, "at": round(time.time(), 3)})
        with self._file.open("a") as file:
            file.write(text + "\n")
        if self._terminal:
            print(f"\r\033[K{_format_progress(line)}", end="" if line["event"] == "epoch" else "\n", flush=True)
        else:
            print(text, flush=True)


def _format_progress(line: dict[str, Any]) -> str:
    if line["event"] != "epoch":
        return " ".join(f"{name} {value}" for name, value in line.items() if name != "event") or line["event"]
    numbers = " ".join(f"{name} {line[name]:.3f}" for name in ("train_loss", "val_loss", "accuracy", "f1"))
    return f"network {line['member'] + 1}, epoch {line['member_epoch']}: {numbers}"
