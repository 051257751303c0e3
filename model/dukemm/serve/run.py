"""Starts the server: logs as JSON lines, encoders warm before the first /ping."""

import json
import logging
import sys
import time
from types import FrameType

import torch
import uvicorn

from dukemm.config import PRESETS
from dukemm.serve.app import make_app
from dukemm.serve.predict import Predictor
from dukemm.serve.registry import Registry
from dukemm.storage import storage_of

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Level, message, what was added by `extra`, and the traceback where there is one."""
        more = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        line = {"at": round(time.time(), 3), "level": record.levelname, "message": record.getMessage(), **more}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class _Server(uvicorn.Server):
    """Tells at SIGTERM those who wait for an encoder to come back, where uvicorn would break their connections off."""

    def __init__(self, config: uvicorn.Config, registry: Registry) -> None:
        super().__init__(config)
        self._registry = registry

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """See uvicorn.Server. No request runs in the main thread, so a lock taken here is not one that it holds."""
        self._registry.stop()
        super().handle_exit(sig, frame)


def run(host: str, port: int, registry_prefix: str, deadline_seconds: float, versions: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for noisy in ("botocore", "httpx", "transformers"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    started = time.monotonic()
    storage = storage_of(registry_prefix)
    registry = Registry(registry_prefix, storage, keep=versions)
    registry.encoders.warm(PRESETS["embedded"], deadline=time.monotonic() + 120)
    log = logging.getLogger("dukemm")
    log.info("ready", extra={"seconds": round(time.monotonic() - started, 2), "threads": torch.get_num_threads()})
    app = make_app(registry, Predictor(storage), deadline_seconds)
    config = uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=10)
    _Server(config, registry).run()
