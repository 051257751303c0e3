"""Runs `dukemm evaluate` with the paths of a SageMaker processing job."""

import argparse
import json
import tempfile
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from dukemm.answering.version import Version, load_version
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.cache import FeatureCache
from dukemm.encoders.pool import Encoders
from dukemm.evaluate.recompose import make_recomposer
from dukemm.evaluate.run import Job, evaluate
from dukemm.storage import Storage
from dukemm.versions.artifact import ARCHIVE


def run(parsed: argparse.Namespace) -> int:
    """Evaluate.

    Returns the exit code: 0 whatever the gate decides; 1 with the reason in `message` if the evaluation failed.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="dukemm-") as scratch:
            _run(parsed, Path(scratch))
    except Exception as error:
        reason = error.message if isinstance(error, DukeMMError) else f"{type(error).__name__}: {error}"
        _log({"event": "failed", "reason": reason})
        if parsed.message.parent.is_dir():
            parsed.message.write_text(reason[:1000])
        if not isinstance(error, DukeMMError):
            raise
        return 1
    return 0


def _has_version(folder: Path) -> bool:
    return (folder / ARCHIVE).is_file() or (folder / "config.json").is_file()


def _run(parsed: argparse.Namespace, scratch: Path) -> None:
    """Evaluate; both versions share encoders and encoded items."""
    load = _loader(Storage(parsed.media), scratch)
    candidate = load(parsed.candidate)
    production = load(parsed.production) if _has_version(parsed.production) else None
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    recomposer = make_recomposer(candidate, production, parsed.output, load)
    job = Job(
        parsed.data,
        candidate,
        production,
        parsed.output,
        parsed.curves,
        now,
        parsed.importance_seconds,
        recomposer,
        parsed.revenue_decides,
    )
    evaluate(job, _log)


def _loader(storage: Storage, scratch: Path) -> Callable[[Path], Version]:
    encoders, cache = Encoders(), FeatureCache(scratch)
    return lambda folder: load_version(folder, storage, encoders, cache)


def _log(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)
