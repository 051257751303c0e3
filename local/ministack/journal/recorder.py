"""Writes what changed to the journal before each response, and forces it to the disk every second."""

import errno
import logging
import os
import re
import threading
import time
from collections.abc import Awaitable, Callable
from types import ModuleType

from . import objects
from .accounts import Users
from .configuration import STATE, Configuration
from .executions import Executions
from .folder import Folder
from .frames import Key, Record
from .part import Part, Records
from .queues import Messages
from .tables import Changes, Items, Positions
from .values import from_json

logger = logging.getLogger("dukenet.journal")

Handler = Callable[[str, str, dict, bytes, dict], Awaitable[tuple]]

# What no response waits for, such as how far a stream was read: written within this time.
TICK_SECONDS = 0.1
# A power cut loses at most what happened in this time; a kill loses nothing that was acknowledged.
SYNC_SECONDS = 1.0
# The number of ENOSPC, which whoever started this process explains.
EXIT_DISK_FULL = 28

_FORM_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")


class Recorder:
    """The journal of one running MiniStack."""

    def __init__(self, app: ModuleType, folder: Folder, records: Records) -> None:
        """Prepares `ministack.app`, before it serves; `records` are what the folder holds."""
        self._app, self._folder, self._records = app, folder, records
        module = app._get_module
        functions, dynamodb, s3 = module("lambda_svc"), module("dynamodb"), module("s3")
        self._changes = Changes(dynamodb, functions)
        self._executions = Executions(module("stepfunctions"))
        self._configuration = Configuration(app)
        self._objects = objects.Objects(s3)
        deliveries = [(module("eventbridge"), "_dispatch_to_sqs"), (s3, "_deliver_event_to_sqs")]
        self._parts: list[Part] = [
            Items(dynamodb),
            self._changes,
            Positions(functions),
            Messages(module("sqs"), deliveries),
            Users(module("cognito")),
            self._executions,
        ]
        # Old code is removed once the record that no longer names it is written.
        self._prune, functions._prune_orphan_code_blobs = functions._prune_orphan_code_blobs, self._keep_code
        self._in_use: set[str] | None = None
        self._is_closed = False

    def install(self) -> None:
        """Replaces MiniStack's own saving and loading, and records before each response from now on."""
        self._app._load_persisted_state = self.load
        self._app.save_all = lambda _services: self.close()
        for service, handler in self._app.SERVICE_HANDLERS.items():
            self._app.SERVICE_HANDLERS[service] = self._noting(service, handler)
        self._app.app = self._recording(self._app.app)

    def load(self) -> None:
        """Puts everything that was recorded back, and begins to record."""
        of_kind: dict[str, dict[Key, object]] = {}
        for key, value in self._records.items():
            of_kind.setdefault(key[0], {})[key] = value
        self._records = {}
        states = {key[1]: from_json(text) for key, text in of_kind.get(STATE, {}).items()}
        # Functions last: their loading starts what reads queues and streams.
        functions = states.pop("lambda", None)
        for name, state in states.items():
            self._complete(name, state, of_kind)
        for part in self._parts:
            part.watch(_records_of(part, of_kind))
        if functions is not None:
            self._complete("lambda", functions, of_kind)
        self._changes.anchor()
        self._configuration.watch(of_kind.get(STATE, {}))
        self._executions.announce()
        for work, pause in ((self._tick, TICK_SECONDS), (self._sync, SYNC_SECONDS)):
            threading.Thread(target=_repeat, args=(work, pause), name="dukenet-journal", daemon=True).start()

    def _complete(self, name: str, state: dict, of_kind: dict[str, Records]) -> None:
        for part in self._parts:
            if part.service == name:
                part.complete(state, _records_of(part, of_kind))
        self._app._get_module(self._app._state_map[name]).load_persisted_state(state)

    def record(self) -> None:
        """Writes what changed; on the event loop only, where no request is half done."""
        if self._is_closed:
            return
        try:
            records: list[Record] = [record for part in self._parts for record in part.changes()]
            records += self._configuration.changes()
            if records:
                self._folder.append(records)
                self._folder.compact_when_large()
            if self._in_use is not None:
                self._prune(self._in_use)
                self._in_use = None
        except Exception as error:  # noqa: BLE001 -- whatever the reason, what was not written must not be acknowledged
            _give_up(error)

    def close(self) -> None:
        """Writes what is left and forces it to the disk."""
        self._configuration.note_all()
        self.record()
        self._is_closed = True
        self._objects.sync()
        self._folder.close()

    def _keep_code(self, in_use: set[str]) -> None:
        self._in_use = in_use

    def _noting(self, service: str, handler: Handler) -> Handler:
        async def handle(method: str, path: str, headers: dict, body: bytes, query: dict) -> tuple:
            response = await handler(method, path, headers, body, query)
            self._configuration.note(service, method, path, _action(headers, body, query))
            return response

        return handle

    def _recording(self, app: Callable) -> Callable:
        async def serve(scope: dict, receive: Callable, send: Callable) -> None:
            async def send_recorded(message: dict) -> None:
                if message["type"] == "http.response.start":
                    self.record()
                await send(message)

            await app(scope, receive, send_recorded if scope["type"] == "http" else send)

        return serve

    def _tick(self) -> None:
        loop = self._app._MAIN_LOOP
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.record)

    def _sync(self) -> None:
        if self._is_closed:
            return
        try:
            self._objects.sync()
            self._folder.sync()
        except OSError as error:
            if not self._is_closed:
                _give_up(error)


def _records_of(part: Part, of_kind: dict[str, Records]) -> Records:
    return {key: value for kind in part.kinds for key, value in of_kind.get(kind, {}).items()}


def _action(headers: dict, body: bytes, query: dict) -> str:
    """The name of the operation: in a header, or in a form of the older protocol."""
    target = headers.get("x-amz-target", "")
    if target:
        return target.rsplit(".", 1)[-1]
    in_form = _FORM_ACTION.search(body[:4096])
    return in_form.group(1).decode() if in_form else next(iter(query.get("Action", [])), "")


def _repeat(work: Callable[[], None], pause: float) -> None:
    while True:
        time.sleep(pause)
        work()


def _give_up(error: Exception) -> None:
    """Ends the process: it could only go on by acknowledging what it cannot keep."""
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    logger.critical(
        "What changed could not be written to the journal, so nothing of it was acknowledged: %s", error
    )
    if not full:
        logger.exception("Recording failed", exc_info=error)
    logging.shutdown()
    os._exit(EXIT_DISK_FULL if full else 1)
