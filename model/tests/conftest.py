import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Before boto3 looks: tests never reach for an account of whoever runs them.
os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="eu-central-1")
os.environ.pop("AWS_PROFILE", None)

from starlette.testclient import TestClient

from dukemm.artifact import write_first_version
from dukemm.config import PRESETS
from dukemm.encoders.text import TextEncoder, load_text_encoder
from dukemm.serve.app import make_app
from dukemm.serve.predict import Predictor
from dukemm.serve.registry import Registry
from dukemm.serve.storage import Storage

CONTRACT = Path(__file__).resolve().parents[2] / "test" / "contract" / "invocation.json"


@pytest.fixture(scope="session")
def contract() -> dict:
    """The samples that the TypeScript side parses too."""
    return json.loads(CONTRACT.read_text())


@pytest.fixture(scope="session")
def tiny() -> TextEncoder:
    return load_text_encoder(PRESETS["tiny"].text)


@pytest.fixture(scope="session")
def minilm() -> TextEncoder:
    return load_text_encoder(PRESETS["embedded"].text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A registry with versions 1 and 2 of the tiny preset."""
    for version in ("1", "2"):
        write_first_version(tmp_path / version, "tiny", version)
    return tmp_path


@pytest.fixture
def registry(folder: Path) -> Iterator[Registry]:
    registry = Registry(f"file://{folder}", Storage(folder), keep=2)
    yield registry
    registry.close()


@pytest.fixture
def client(registry: Registry, folder: Path) -> Iterator[TestClient]:
    with TestClient(make_app(registry, Predictor(Storage(folder)), deadline_seconds=20)) as client:
        yield client


@pytest.fixture
def ask(client: TestClient) -> Callable:
    """Posts a request to a version."""

    def post(body: object, version: str | None = "1", raw: bytes | None = None):
        headers = {"X-Amzn-SageMaker-Custom-Attributes": f"version={version}"} if version else {}
        return client.post("/invocations", content=json.dumps(body) if raw is None else raw, headers=headers)

    return post


def request_of(items: list[dict], **more) -> dict:
    task = {
        "id": str(uuid.uuid4()),
        "family": "f",
        "kind": more.pop("kind", "classification"),
        "description": "Sort it",
        **({"labels": ["a", "b"]} if "labels" not in more else {}),
        **({"labels": more.pop("labels")} if more.get("labels") else {}),
    }
    more.pop("labels", None)
    return {"task": task, "items": [{"id": f"i{n}", "fields": fields} for n, fields in enumerate(items)], **more}


def at_most(seconds: float, work: Callable[[], object]) -> None:
    started = time.monotonic()
    work()
    assert time.monotonic() - started < seconds
