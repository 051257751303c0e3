"""The image's commands as SageMaker runs them: with the Dockerfile's user, entry point, environment and port."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import botocore.session
import pytest
from taught import colours
from test_train import arguments, manifest_in

from dukemm.cli import main
from dukemm.config import PRESETS
from dukemm.contract.manifest_writer import write_manifest
from dukemm.encoders.weights.presets import prepare, preset_named
from dukemm.serve.run import run
from dukemm.versions.artifact import write_first_version

MODEL = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Image:
    """What of a Dockerfile decides how its container runs."""

    user: str
    entrypoint: list[str]
    command: list[str]
    environment: dict[str, str]
    ports: list[int]


def image_of(dockerfile: str) -> Image:
    lines = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", dockerfile)).splitlines()
    instructions = [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines) if rest]

    def last(name: str, default: str) -> str:
        return next((rest for word, rest in reversed(instructions) if word == name), default)

    pairs = [pair.partition("=") for word, rest in instructions if word == "ENV" for pair in shlex.split(rest)]
    return Image(
        user=last("USER", "root"),
        entrypoint=json.loads(last("ENTRYPOINT", "[]")),
        command=json.loads(last("CMD", "[]")),
        environment={name: value for name, _, value in pairs},
        ports=[int(rest) for word, rest in instructions if word == "EXPOSE"],
    )


IMAGE = image_of((MODEL / "Dockerfile").read_text())
#: Of the image's environment, what names folders that only the image has.
OF_THE_IMAGE = {"PATH", "PYTHONPATH", "HF_HOME", "DUKEMM_CACHE", "DUKEMM_PRESET", "DUKEMM_REVISIONS", "DUKEMM_SERVE_USER"}


def environment(**more: str) -> dict[str, str]:
    image = {name: value for name, value in IMAGE.environment.items() if name not in OF_THE_IMAGE}
    return {**os.environ, **image, "PYTHONPATH": str(MODEL), **more}


def program(*args: str) -> list[str]:
    python, *entry = IMAGE.entrypoint
    assert python == "python"
    return [sys.executable, *entry, *args]


def container(*args: str) -> subprocess.CompletedProcess[str]:
    """Runs the image with these arguments, as the image's user where this process may become that user."""
    user = (
        None
        if IMAGE.user == "root"
        else int(re.search(rf"--uid (\d+) {IMAGE.user}", (MODEL / "Dockerfile").read_text())[1])
    )
    more = {"user": user, "group": user} if user is not None and os.getuid() == 0 else {}
    return subprocess.run(
        program(*args), env=environment(), cwd="/", capture_output=True, text=True, timeout=2400, check=False, **more
    )


@pytest.fixture
def roots(tmp_path):
    """A folder that stands for /opt/ml, as SageMaker makes it: of this user alone, who is root in CI's container."""
    tmp_path.chmod(0o755)
    for folder in ("checkpoints", "model", "output"):
        (tmp_path / folder).mkdir(mode=0o755)
    return tmp_path


def test_jobs_run_as_the_owner_of_sagemakers_folders():
    assert IMAGE.user == "root"


def test_without_flags_jobs_use_the_folders_of_sagemaker(monkeypatch):
    seen, evaluated = {}, {}
    monkeypatch.setattr("dukemm.cli._train", lambda parsed: seen.update(vars(parsed)) or 0)
    monkeypatch.setattr("dukemm.cli._evaluate", lambda parsed: evaluated.update(vars(parsed)) or 0)
    main(["train"])
    main(["evaluate"])
    assert {
        name: str(seen[name]) for name in ("data", "parent", "model_dir", "output_dir", "checkpoint_dir", "hyperparameters")
    } == {
        "data": "/opt/ml/input/data/data",
        "parent": "/opt/ml/input/data/parent",
        "model_dir": "/opt/ml/model",
        "output_dir": "/opt/ml/output",
        "checkpoint_dir": "/opt/ml/checkpoints",
        "hyperparameters": "/opt/ml/input/config/hyperparameters.json",
    }
    folders = ("data", "candidate", "production", "output", "message")
    assert {name: str(evaluated[name]) for name in folders} == {
        "data": "/opt/ml/processing/input/data",
        "candidate": "/opt/ml/processing/input/candidate",
        "production": "/opt/ml/processing/input/production",
        "output": "/opt/ml/processing/output",
        "message": "/opt/ml/output/message",
    }


def test_train_writes_a_version_and_no_feature_cache_into_the_checkpoints(roots):
    manifest_in(roots / "data", colours(45))
    (roots / "hyperparameters.json").write_text(json.dumps({"version": "4", "preset": "tiny", "seed": "3"}))
    done = container(*arguments(roots))
    assert done.returncode == 0, done.stderr
    assert (roots / "model" / "config.json").is_file()
    assert not (roots / "output" / "failure").exists()
    # SageMaker uploads this folder again and again while it changes.
    kept = {file.suffix for file in (roots / "checkpoints").rglob("*") if file.is_file()}
    assert kept <= {".jsonl", ".safetensors"}
    assert not (roots / "checkpoints" / "features").exists()


def test_train_writes_its_failure_reason_where_sagemaker_reads_it(roots):
    done = container(*arguments(roots, "--version", "4", "--preset", "tiny"))
    assert done.returncode == 1
    assert "manifest.json" in (roots / "output" / "failure").read_text()


def test_evaluate_writes_its_report(roots):
    rows = colours(60)
    write_manifest(roots / "data", {"train": [], "validation": rows[:30], "reservoir": rows[30:]})
    write_first_version(roots / "candidate", "tiny", "2")
    folders = [part for name in ("data", "candidate", "production", "output") for part in (f"--{name}", str(roots / name))]
    done = container("evaluate", *folders, "--message", str(roots / "output" / "message"), "--importance-seconds", "0")
    assert done.returncode == 0, done.stderr
    assert (roots / "output" / "metrics.json").is_file()


def ping(port: int, process: subprocess.Popen[str]) -> tuple[int, dict]:
    until = time.monotonic() + 1200
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer; exit code {process.poll()}")


@pytest.fixture(scope="session")
def weights():
    """Folder of converted weights that every user can read, filled as the image's build does."""
    with tempfile.TemporaryDirectory(prefix="dukemm-weights-") as name, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUKEMM_CACHE", name)
        prepare(preset_named("embedded"))
        for path in (Path(name), *Path(name).iterdir()):
            path.chmod(0o755)
        yield name


@pytest.fixture
def serve(roots, weights):
    """Starts the image's default command on a free port of this machine."""
    started: list[subprocess.Popen[str]] = []

    def start(**variables: str) -> tuple[int, subprocess.Popen[str]]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (roots / "registry").mkdir(exist_ok=True)
        args = [*IMAGE.command, "--host", "127.0.0.1", "--port", str(port)]
        env = environment(DUKEMM_REGISTRY=(roots / "registry").as_uri(), DUKEMM_CACHE=weights, **variables)
        process = subprocess.Popen(program(*args), env=env, cwd="/", stdout=subprocess.PIPE, text=True)
        started.append(process)
        return port, process

    yield start
    for process in started:
        process.terminate()
        process.wait(300)
        process.stdout.close()


def test_serve_answers_ping_on_the_exposed_port_as_an_ordinary_user(serve, monkeypatch):
    seen = {}
    monkeypatch.setenv("DUKEMM_REGISTRY", "file:///nowhere")
    monkeypatch.setattr("dukemm.serve.run.run", lambda *args: seen.update(port=args[1]))
    main(["serve"])
    assert IMAGE.ports == [seen["port"]] == [8080]

    port, process = serve(DUKEMM_SERVE_USER="nobody")
    assert ping(port, process) == (200, {"status": "ok", "versions": []})
    status = Path(f"/proc/{process.pid}/status").read_text()
    users = set(re.search(r"^Uid:\s+(.*)$", status, re.M)[1].split())
    assert users == ({"65534"} if os.getuid() == 0 else {str(os.getuid())})
    assert IMAGE.environment["DUKEMM_SERVE_USER"] in (MODEL / "Dockerfile").read_text().split("useradd", 1)[1]


def test_serve_warms_the_encoders_that_the_image_carries(tmp_path, monkeypatch):
    warmed = []
    monkeypatch.setenv("DUKEMM_PRESET", "tiny")
    monkeypatch.delenv("DUKEMM_SERVE_USER", raising=False)
    monkeypatch.setattr("dukemm.encoders.pool.Encoders.warm", lambda _self, preset, **_: warmed.append(preset))
    monkeypatch.setattr("dukemm.serve.run._Server.run", lambda _self: None)
    run("127.0.0.1", 0, tmp_path.as_uri(), 1.0, 1)
    assert warmed == [PRESETS["tiny"]]
    assert IMAGE.environment["DUKEMM_PRESET"] == "$PRESET"


def test_a_gpu_instance_without_cuda_fails_its_health_check_with_the_reason(serve):
    port, process = serve(DUKEMM_REQUIRE_CUDA="1", CUDA_VISIBLE_DEVICES="")
    status, body = ping(port, process)
    assert (status, body["status"]) == (503, "unhealthy")
    assert "a GPU is required" in body["reason"]


def test_a_job_on_a_gpu_instance_without_cuda_fails_with_the_reason(roots, monkeypatch):
    monkeypatch.setenv("DUKEMM_REQUIRE_CUDA", "1")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    manifest_in(roots / "data", colours(20))
    done = container(*arguments(roots, "--version", "4", "--preset", "tiny"))
    assert done.returncode == 1
    assert "a GPU is required" in (roots / "output" / "failure").read_text()


#: CUDA of the driver of each image for instances of endpoints, by SageMaker's developer guide (InferenceAmiVersion).
CUDA_OF_AMI = {
    "al2-ami-sagemaker-inference-gpu-2": (12, 2),
    "al2-ami-sagemaker-inference-gpu-2-1": (12, 2),
    "al2-ami-sagemaker-inference-gpu-3-1": (12, 4),
    "al2023-ami-sagemaker-inference-gpu-4-1": (13, 0),
}
#: CUDA of the wheels on PyPI, by version of torch.
CUDA_OF_TORCH = {"2.13": (13, 0)}


def test_the_driver_of_the_endpoint_supports_the_cuda_of_torch_and_the_base_image_has_no_other():
    serving = (MODEL.parent / "lib" / "serving" / "model-endpoint.ts").read_text()
    ami = re.search(r"INFERENCE_AMI = '([^']+)'", serving)[1]
    shapes = botocore.session.get_session().get_service_model("sagemaker")
    known = shapes.shape_for("ProductionVariantInferenceAmiVersion").enum
    assert set(CUDA_OF_AMI) == {name for name in known if "-gpu-" in name}
    torch_version = re.search(r"^torch==(\d+\.\d+)", (MODEL / "requirements-torch.txt").read_text(), re.M)[1]
    assert CUDA_OF_AMI[ami] >= CUDA_OF_TORCH[torch_version]
    base = re.search(r"^ARG BASE=(.+)$", (MODEL / "Dockerfile").read_text(), re.M)[1]
    assert "cuda" not in base
