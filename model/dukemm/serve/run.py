"""Starts the server, with logs as JSON lines and encoders loaded before the first /ping."""

import json
import logging
import os
import pwd
import sys
import time
from types import FrameType

import torch
import uvicorn

from dukemm.encoders.device import cuda_problem
from dukemm.encoders.weights.presets import preset_named
from dukemm.serve.app import make_app
from dukemm.serve.predict import Predictor
from dukemm.serve.registry import Registry
from dukemm.storage import open_storage

_STANDARD_FIELDS = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JsonLines(logging.Formatter):
    """Formats log records as JSON lines."""

    def format(self, record: logging.LogRecord) -> str:
        """Level, message, fields of `extra`, and the traceback of an exception."""
        extra = {name: value for name, value in vars(record).items() if name not in _STANDARD_FIELDS}
        line = {"at": round(time.time(), 3), "level": record.levelname, "message": record.getMessage(), **extra}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class _Server(uvicorn.Server):
    """On SIGTERM answers requests that wait for an encoder with `overloaded`; uvicorn would drop their connections."""

    def __init__(self, config: uvicorn.Config, registry: Registry) -> None:
        super().__init__(config)
        self._registry = registry

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """See uvicorn.Server. Requests run in other threads, so taking a lock here cannot deadlock."""
        self._registry.stop()
        super().handle_exit(sig, frame)


def drop_privileges(user: str | None) -> None:
    """Become this user for good if the process is root: requests come from strangers, and root's files stay root's.

    Raises KeyError if there is no such user.
    """
    if user is None or os.getuid() != 0:
        return
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def run(host: str, port: int, registry_prefix: str, deadline_seconds: float, versions: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    drop_privileges(os.environ.get("DUKEMM_SERVE_USER"))
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for noisy in ("botocore", "httpx", "transformers"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    started = time.monotonic()
    storage = open_storage(registry_prefix)
    registry = Registry(registry_prefix, storage, max_versions=versions)
    log = logging.getLogger("dukemm")
    problem = cuda_problem()
    if problem is None:
        # The image names the preset whose encoders it carries; elsewhere they come from packages.
        preset = preset_named(os.environ.get("DUKEMM_PRESET", "embedded"))
        registry.encoders.warm(preset, deadline=time.monotonic() + 120)
        log.info("ready", extra={"seconds": round(time.monotonic() - started, 2), "threads": torch.get_num_threads()})
    else:
        log.error("unhealthy", extra={"reason": problem})
    app = make_app(registry, Predictor(storage), deadline_seconds, problem)
    config = uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=10)
    _Server(config, registry).run()
