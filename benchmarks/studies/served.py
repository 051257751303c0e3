"""A registry with a first and a trained version, and a process that serves it."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import MODEL
from benchmarks.contenders.duke import NOBODY, outcome_of
from benchmarks.data.domains.images import DIGITS
from benchmarks.data.domains.tables import LETTER
from benchmarks.data.domains.texts import SPAM
from benchmarks.data.rows import Domain, Row, Source, draw, load
from dukemm.contract.manifest_writer import write_manifest
from dukemm.versions.artifact import ARCHIVE, MANIFEST, pack, write_first_version

DOMAINS = {"texts": SPAM, "images": DIGITS, "tables": LETTER}
#: Rows that the trained version learns from.
LEARNED = {"texts": 500, "images": 500, "tables": 1000}
#: Bound on the training: how fast a version answers does not depend on how long it has learned.
SECONDS = 120
PORT = 18_080
#: Of a request: a machine with other work must not make it fail.
DEADLINE = 600
#: Environment of processes that run `dukemm` from the source tree.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(MODEL)}
ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"


def make_registry(work: Path) -> tuple[Path, dict[str, Any]]:
    """Versions 1 and 2, the second trained, and the files that items name; made once. Returns what the training said."""
    registry = work / "registry"
    if not (registry / "2" / ARCHIVE).is_file():
        write_first_version(registry / "1", "embedded", "1")
        outcomes = [
            outcome_of(domain, row, place, failed=False)
            for name, source in DOMAINS.items()
            for domain in [load(source, registry)]
            for place, row in enumerate(draw(domain.pool, LEARNED[name], seed=0))
        ]
        write_manifest(work / "data", {"train": outcomes})
        started = time.perf_counter()
        model = work / "model"
        places = ["--data", work / "data", "--parent", work / "none", "--media", registry, "--model-dir", model]
        more = ["--output-dir", work / "output", "--checkpoint-dir", work / "checkpoints", "--version", "2"]
        more += ["--max-seconds", str(SECONDS)]
        subprocess.run([sys.executable, "-m", "dukemm", "train", *map(str, [*places, *more])], check=True, env=ENVIRONMENT)
        files = {str(path.relative_to(model)): path.read_bytes() for path in model.rglob("*") if path.is_file()}
        archive = pack({name: content for name, content in files.items() if name != MANIFEST})
        (registry / "2").mkdir(exist_ok=True)
        told = {"seconds": round(time.perf_counter() - started, 1), "rows": len(outcomes), "bytes": len(archive)}
        (work / "training.json").write_text(json.dumps(told))
        (registry / "2" / ARCHIVE).write_bytes(archive)
    return registry, json.loads((work / "training.json").read_text())


def rows_to_ask(registry: Path, source: Source) -> tuple[Domain, Iterator[Row]]:
    """A domain with its rows that nobody has learned from, each once."""
    domain = load(source, registry)
    name = next(name for name, each in DOMAINS.items() if each is source)
    return domain, iter([*draw(domain.pool, len(domain.pool), seed=0)[LEARNED[name] :], *domain.test])


class Server:
    """`dukemm serve`; each request has a connection of its own."""

    def __init__(self, registry: Path) -> None:
        self.started = time.perf_counter()
        command = [sys.executable, "-m", "dukemm", "serve", "--host", "127.0.0.1", "--port", str(PORT)]
        command += ["--registry", registry.as_uri(), "--deadline-seconds", str(DEADLINE)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
        while not self._pings():
            if self._process.poll() is not None:
                raise RuntimeError("dukemm serve has ended")
            time.sleep(0.02)
        self.ready_seconds = time.perf_counter() - self.started

    def __enter__(self) -> "Server":
        """Start is in the constructor."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait(timeout=30)

    def ask(self, version: str, domain: Domain, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Answers of one request."""
        source = domain.source
        task = {"id": NOBODY, "family": domain.name, "kind": source.kind, "description": source.description}
        items = [{"id": row.item.id, "fields": dict(row.item.fields), **_media(row)} for row in rows]
        body = json.dumps({"task": {**task, "labels": list(domain.labels)}, "items": items})
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2 * DEADLINE)
        try:
            connection.request("POST", "/invocations", body, {ATTRIBUTES: f"version={version}"})
            response = connection.getresponse()
            content = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {content}")
        return content["items"]

    def peak_memory_mb(self) -> int:
        """The most that the process has had in memory."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) // 1024

    def _pings(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
        try:
            connection.request("GET", "/ping")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


def _media(row: Row) -> dict[str, Any]:
    media = {
        name: {"uri": m.uri, "file_type": m.file_type, "sha256": m.sha256, "size_bytes": m.size_bytes}
        for name, m in row.item.media.items()
    }
    return {"media": media} if media else {}
