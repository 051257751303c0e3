"""Files in parts."""

from __future__ import annotations

import hashlib
import json

import httpx2
import pytest

from dukenet import ApiError, DukeNet
from dukenet.transport import Retries

PART_BYTES = 1000
DATA = bytes(i % 251 for i in range(3500))
PLAN = {"part_bytes": PART_BYTES, "parts": 4}


class PartServer:
    """The API and the storage of one file in parts; `lose` drops every other request."""

    def __init__(self, *, lose: bool = False, status: int = 200) -> None:
        self.stored: dict[int, bytes] = {}
        self.sent = self.completed = 0
        self._lose, self._status = lose, status
        self._counts: dict[str, int] = {}
        http = httpx2.Client(transport=httpx2.MockTransport(self._answer))
        self.duke = DukeNet("http://api.test", retries=Retries(attempts=4, first_delay=0.001), http=http)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        route = f"{request.method} {request.url.path}"
        self._counts[route] = self._counts.get(route, 0) + 1
        if self._lose and self._counts[route] % 2 == 1 and route != "POST /api/v2/files/upload":
            raise httpx2.ConnectError("lost")
        if route == "POST /api/v2/files/upload":
            upload = {"url": "http://storage.test/", "fields": {}, "expires_at": ""}
            return httpx2.Response(201, json={"file": {"id": "f"}, "upload": upload, "multipart": PLAN})
        if route == "GET /api/v2/files/f/parts":
            parts = [{"part_number": n, "size_bytes": len(b), "sha256": _sha256(b)} for n, b in self.stored.items()]
            return httpx2.Response(200, json={"multipart": PLAN, "parts": parts})
        if route == "POST /api/v2/files/f/parts":
            [part] = json.loads(request.content)["parts"]
            signed = {
                "part_number": part["part_number"],
                "url": f"http://storage.test/part?n={part['part_number']}",
                "headers": {"x-amz-checksum-sha256": part["sha256"]},
            }
            return httpx2.Response(200, json={"parts": [signed]})
        if route == "PUT /part":
            assert request.headers["x-amz-checksum-sha256"] == _sha256(request.content)
            assert "authorization" not in request.headers
            self.sent += 1
            if self._status == 200:
                self.stored[int(request.url.params["n"])] = request.content
            return httpx2.Response(self._status)
        assert route == "POST /api/v2/files/f/complete"
        self.completed += 1
        return httpx2.Response(200, json={"id": "f", "status": "pending"})


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("lose", [False, True])
def test_sends_all_parts_and_completes_the_upload_over_dropped_connections(lose):
    server = PartServer(lose=lose)
    assert server.duke.send_file("a.zip", "application/zip", DATA)["status"] == "pending"
    assert b"".join(server.stored[n] for n in range(1, 5)) == DATA
    assert server.completed == 1


def test_resumes_with_the_parts_that_are_missing_or_have_changed():
    server = PartServer()
    server.stored = {1: DATA[:PART_BYTES], 2: bytes(PART_BYTES)}
    server.duke.resume_file("f", DATA)
    assert server.sent == 3
    assert b"".join(server.stored[n] for n in range(1, 5)) == DATA


def test_does_not_complete_an_upload_whose_part_the_storage_rejects():
    server = PartServer(status=400)
    with pytest.raises(ApiError) as raised:
        server.duke.send_file("a.zip", "application/zip", DATA)
    assert (raised.value.status, server.completed) == (400, 0)
