"""The client: the methods of `Api`, with sessions, uploads and waiting."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

from typing_extensions import Self

from dukenet.api import Api
from dukenet.errors import FileRejectedError, TaskTimeoutError, error_of
from dukenet.models import CreateTask, File, PartToSign, Session, Task, Upload

MAX_SERVER_WAIT_S = 25
"""Longest `Prefer: wait` of the API."""
UNFINISHED = frozenset({"created", "assigned", "executing"})
FIRST_POLL_S = 0.2
POLL_FACTOR = 1.5
MAX_POLL_S = 2.0


def _poll_delays() -> Iterator[float]:
    """Seconds between two reads: short tasks are seen at once, long ones cost little."""
    delay = FIRST_POLL_S
    while True:
        yield delay
        delay = min(MAX_POLL_S, delay * POLL_FACTOR)


class DukeNet(Api):
    """A client of DukeNET.

    It adds the access token and renews it, sends an `Idempotency-Key` wherever the API takes one, and repeats requests
    where that is safe: after 429 and 503, and after a lost answer to a GET or to a request with a key.
    """

    def __enter__(self) -> Self:
        """Close the connections at the end of the block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the connections."""
        self.close()

    def login(self, email: str, password: str) -> Session:
        """Sign in; later requests carry the token, and it is renewed until `logout`."""
        self._session = None
        session = self._request("POST", "/api/v2/auth/login", body={"email": email, "password": password})
        self._open(session)
        return session

    def logout(self) -> None:
        """End the session on the server too."""
        refresh_token = self._session.refresh_token if self._session else None
        self._request("POST", "/api/v2/auth/logout", body={"refresh_token": refresh_token} if refresh_token else {})
        self._session = None

    def create_and_wait(
        self,
        body: CreateTask,
        *,
        timeout: float = 600.0,
        idempotency_key: str | None = None,
        on_update: Callable[[Task], object] | None = None,
    ) -> Task:
        """Post a task and wait for its end; whether it is `completed` or `failed` is in its status.

        Raises TaskTimeoutError.
        """
        until = time.monotonic() + timeout
        wait = min(MAX_SERVER_WAIT_S, int(timeout))
        task = self.create_task(body, idempotency_key=idempotency_key, wait_seconds=wait or None)
        if on_update:
            on_update(task)
        if task["status"] not in UNFINISHED:
            return task
        return self.wait_for_task(task["id"], timeout=until - time.monotonic(), on_update=on_update)

    def wait_for_task(
        self, task_id: str, *, timeout: float = 600.0, on_update: Callable[[Task], object] | None = None
    ) -> Task:
        """Wait until a task has ended. Raises TaskTimeoutError."""
        until = time.monotonic() + timeout
        for delay in _poll_delays():
            task = self.get_task(task_id)
            if on_update:
                on_update(task)
            if task["status"] not in UNFINISHED:
                return task
            if time.monotonic() + delay > until:
                break
            time.sleep(delay)
        raise TaskTimeoutError(task_id, timeout)

    def upload(self, filename: str, content_type: str, data: bytes, *, timeout: float = 120.0) -> File:
        """Send a file and wait until it is ready for tasks. Raises FileRejectedError, or TimeoutError."""
        return self.wait_for_file(self.send_file(filename, content_type, data)["id"], timeout=timeout)

    def send_file(self, filename: str, content_type: str, data: bytes) -> File:
        """Announce a file and send its bytes, above 25 MB in parts; its inspection begins."""
        announcement: Upload = {
            "filename": filename,
            "content_type": content_type,  # type: ignore[typeddict-item]  # the server checks it
            "size_bytes": len(data),
        }
        announced = self.upload_file(announcement)
        if "multipart" in announced:
            return self.resume_file(announced["file"]["id"], data)
        target = announced["upload"]
        # Fields first: the storage ignores those after the file. The form authorizes the request, so no token is sent.
        form = {name: (None, str(value)) for name, value in target["fields"].items()}
        parts: dict[str, Any] = {**form, "file": (filename, data, content_type)}

        def attempt() -> None:
            response = self._send(self._http.build_request("POST", target["url"], files=parts))
            if not response.is_success:
                raise error_of(response)

        self._with_retries(attempt, repeatable=True)  # the form allows one key: twice has the same effect as once
        return announced["file"]

    def resume_file(self, file_id: str, data: bytes) -> File:
        """Send the parts of an announced file that have not arrived, and complete it."""
        state = self.list_parts(file_id)
        arrived = {part["part_number"]: part["sha256"] for part in state["parts"]}
        size = state["multipart"]["part_bytes"]
        for number in range(1, state["multipart"]["parts"] + 1):
            part = data[(number - 1) * size : number * size]
            digest = hashlib.sha256(part).hexdigest()
            # A part that arrived with other bytes, as after a change of the file, is sent again.
            if arrived.get(number) != digest:
                self._send_part(file_id, {"part_number": number, "sha256": digest}, part)
        # Repeated after a lost answer it finds the upload completed.
        return self._with_retries(lambda: self.complete_upload(file_id), repeatable=True)

    def _send_part(self, file_id: str, part: PartToSign, data: bytes) -> None:
        def attempt() -> None:
            [signed] = self.sign_parts(file_id, {"parts": [part]})["parts"]
            headers = {name: str(value) for name, value in signed["headers"].items()}
            response = self._send(self._http.build_request("PUT", signed["url"], content=data, headers=headers))
            if not response.is_success:
                raise error_of(response)

        self._with_retries(attempt, repeatable=True)  # each attempt signs the part, because a URL expires

    def wait_for_file(self, file_id: str, *, timeout: float = 120.0) -> File:
        """Wait for the inspection of a file. Raises FileRejectedError, or TimeoutError."""
        until = time.monotonic() + timeout
        for delay in _poll_delays():
            file = self.get_file(file_id)
            if file["status"] == "ready":
                return file
            if file["status"] == "rejected":
                raise FileRejectedError(file)
            if time.monotonic() + delay > until:
                break
            time.sleep(delay)
        raise TimeoutError(f"File {file_id} was not inspected within {timeout:g} s.")
