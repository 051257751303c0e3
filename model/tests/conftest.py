import hashlib
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

# Before boto3 looks: tests never reach for an account of whoever runs them.
os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="eu-central-1")
os.environ.pop("AWS_PROFILE", None)

from fakes import flowers
from starlette.testclient import TestClient

from dukemm.config import PRESETS
from dukemm.contract.messages import InvocationError, InvocationResponse
from dukemm.contract.validation import read_message
from dukemm.encoders.pool import Encoders
from dukemm.encoders.text import TextEncoder, load_text_encoder
from dukemm.fusion.training import FusionTraining
from dukemm.serve.app import make_app
from dukemm.serve.predict import Predictor
from dukemm.serve.registry import Registry
from dukemm.storage import Storage
from dukemm.train.run import TrainConfig, train
from dukemm.versions.artifact import ARCHIVE, pack, write_first_version

#: Texts of two labels that even random encoders tell apart.
WORDS = {"a": "alpha beta gamma", "b": "one two three"}
#: Trees of a forest in tests that do not measure how well it answers.
SMALL_FOREST = 20
T = TypeVar("T")
CONTRACT = Path(__file__).resolve().parents[2] / "test" / "contract" / "invocation.json"


@pytest.fixture(scope="module")
def encoders() -> Iterator[Encoders]:
    """Of one test module."""
    found = Encoders()
    yield found
    found.close()


@pytest.fixture(scope="module")
def small_forests() -> Iterator[None]:
    """Few trees, for tests of training and isolation: 500 trees are nine tenths of the time of a small training."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dukemm.experts.fitting.TREES", SMALL_FOREST)
        patch.setattr("dukemm.experts.forest.FOLD_TREES", SMALL_FOREST)
        yield


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


@pytest.fixture(scope="session")
def flower_files() -> dict[str, bytes]:
    """The files of a version that knows one family of random flowers."""
    config = TrainConfig(version="3", preset="tiny", training=FusionTraining(steps=20, max_epochs=2, min_epochs=1))
    return train(config, flowers(80, 0), Storage(), lambda _: None).files


@pytest.fixture
def trained(folder: Path, flower_files: dict[str, bytes]) -> Path:
    """That version in the registry, as version 3."""
    return put_version(folder, flower_files)


def put_version(folder: Path, files: dict[str, bytes]) -> Path:
    """Version 3 into a registry; where its archive lies."""
    (folder / "3").mkdir(exist_ok=True)
    (folder / "3" / ARCHIVE).write_bytes(pack(files))
    return folder / "3" / ARCHIVE


@pytest.fixture
def registry(folder: Path) -> Iterator[Registry]:
    registry = Registry(f"file://{folder}", Storage(folder), max_versions=2)
    yield registry
    registry.close()


@pytest.fixture
def client(registry: Registry, folder: Path) -> Iterator[TestClient]:
    with TestClient(make_app(registry, Predictor(Storage(folder)), deadline_seconds=20)) as client:
        yield client


@pytest.fixture
def ask(client: TestClient) -> Callable:
    """Posts a request to a version and validates the answer."""

    def post(body: object, version: str | None = "1", raw: bytes | None = None):
        headers = {"X-Amzn-SageMaker-Custom-Attributes": f"version={version}"} if version else {}
        answer = client.post("/invocations", content=json.dumps(body) if raw is None else raw, headers=headers)
        read_message(answer.content, InvocationResponse if answer.status_code == 200 else InvocationError)
        return answer

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


#: CPU seconds of `cpu_sample` on the machine that the bounds of `at_most` were measured on.
REFERENCE_SECONDS = 0.02


def cpu_sample() -> float:
    """CPU seconds of a fixed amount of work on this machine."""
    started = time.process_time()
    sum(i * i for i in range(300_000))
    return time.process_time() - started


def at_most(seconds: float, work: Callable[[], T]) -> T:
    """Check the CPU time of `work`, in seconds of the reference machine: independent of the load and of the machine."""
    before = cpu_sample()
    started = time.process_time()
    done = work()
    spent = time.process_time() - started
    slowness = max(1.0, before / REFERENCE_SECONDS, cpu_sample() / REFERENCE_SECONDS)
    assert spent < seconds * slowness
    return done


def examples_in(folder: Path, rows: list[dict]) -> dict:
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    (folder / "examples.jsonl").write_bytes(lines)
    return {"uri": f"file://{folder}/examples.jsonl", "sha256": hashlib.sha256(lines).hexdigest(), "count": len(rows)}


def some_examples(folder: Path, count: int = 10) -> dict:
    rows = [{"id": f"e{i}", "fields": {"text": f"{WORDS['ab'[i % 2]]} {i}"}, "expected": "ab"[i % 2]} for i in range(count)]
    return examples_in(folder, rows)
