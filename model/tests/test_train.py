"""`dukemm train` with random encoders: what is learned, what is kept, what is taken up again."""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from taught import COLOURS, FAST, colours, heights, outcome, totals, version_of

from dukemm.cli import main
from dukemm.contract.manifest_writer import write_manifest
from dukemm.domain.errors import DukeMMError
from dukemm.domain.outcomes import Outcome
from dukemm.ensemble.classifier import FamilyClassifier
from dukemm.storage import Storage
from dukemm.train.command import hyperparameters
from dukemm.train.families import build_family
from dukemm.train.run import train
from dukemm.versions.artifact import load

pytestmark = pytest.mark.usefixtures("small_forests")


def test_three_kinds_are_learned_together_and_answered_from_the_written_artifact(tmp_path, encoders):
    told: list[dict] = []
    rows = [*colours(90), *heights(60), *totals(12)]
    version = version_of(train(FAST, rows, Storage(), told.append, encoders=encoders), tmp_path, encoders)
    assert version.families.names == ["colours", "heights", "totals"]
    unseen = colours(60, seed=1)
    answers = version.answer_rows(unseen)
    assert np.mean([a.prediction == row.expected for a, row in zip(answers, unseen, strict=True)]) > 0.9
    assert np.mean([row.expected in (a.label_set or []) for a, row in zip(answers, unseen, strict=True)]) > 0.9
    assert answers[0].nearest and answers[0].nearest[0][0].id.startswith("colours#")
    tall = version.answer_rows([outcome("heights", 99, {"age": 10, "shoe": 30}, None, kind="regression", target="height")])
    assert tall[0].prediction == pytest.approx(135, abs=6)
    assert tall[0].interval and tall[0].interval[0] < 135 < tall[0].interval[1]
    total = version.answer_rows(
        [outcome("totals", 99, {"letter": "Dear 5,\nTotal: 77.50 EUR\nThank you"}, None, kind="generation",
                 target="total", description="What is the total?")]
    )  # fmt: skip
    assert total[0].prediction == "77.50"
    assert [line["event"] for line in told].count("family") == 3
    assert {"train_loss", "val_loss", "accuracy", "f1"} <= next(line for line in told if line["event"] == "epoch").keys()


def test_the_same_data_and_seed_give_the_same_version(encoders):
    once, again = (train(FAST, colours(60), Storage(), lambda _line: None, encoders=encoders).files for _ in range(2))
    assert once == again
    other = train(replace(FAST, seed=1), colours(60), Storage(), lambda _line: None, encoders=encoders).files
    network = "memory/network-00000.safetensors"
    assert other[network] != once[network]


def test_an_interrupted_run_resumes_and_gives_the_same_version(tmp_path, encoders):
    whole = train(FAST, colours(60), Storage(), lambda _line: None, encoders=encoders, checkpoints=tmp_path / "a")
    epochs: list[dict] = []

    def interrupted(line: dict) -> None:
        epochs.append(line)
        if [each["event"] for each in epochs].count("epoch") == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(FAST, colours(60), Storage(), interrupted, encoders=encoders, checkpoints=tmp_path / "b")
    rest: list[dict] = []
    resumed = train(FAST, colours(60), Storage(), rest.append, encoders=encoders, checkpoints=tmp_path / "b")
    first = next(line for line in rest if line["event"] == "epoch")
    assert (first["member"], first["epoch"]) == (0, 3)  # the third was not kept yet when the process ended
    assert resumed.files == whole.files


def test_a_checkpoint_of_other_data_is_ignored(tmp_path, encoders):
    for key in ("one", "two"):
        epochs: list[dict] = []
        train(FAST, colours(60), Storage(), epochs.append, encoders=encoders, checkpoints=tmp_path, data_key=key)
        assert next(line for line in epochs if line["event"] == "epoch")["epoch"] == 1


def test_a_child_starts_from_its_parents_network(tmp_path, encoders):
    parent = version_of(train(FAST, colours(60), Storage(), lambda _line: None, encoders=encoders), tmp_path, encoders)
    losses: dict[str, float] = {}
    for name, start in (("fresh", None), ("inherited", parent)):
        lines: list[dict] = []
        train(replace(FAST, version="3"), colours(90), Storage(), lines.append, encoders=encoders, parent=start)
        losses[name] = next(line for line in lines if line["event"] == "epoch")["val_loss"]
    assert losses["inherited"] < losses["fresh"]


def test_a_refusal_among_three_labels_is_used_without_being_a_label(encoders):
    rows = colours(60)
    refused = [replace(row, expected=None, prediction="green", label_source="refused", success=False) for row in rows[:3]]
    trained = train(FAST, [*refused, *rows[3:]], Storage(), lambda _line: None, encoders=encoders)
    assert len(trained.families["colours"].records) == 57


def test_wrong_labels_get_less_weight(encoders):
    random = np.random.default_rng(0)
    rows = colours(240)
    flipped = [replace(row, expected=str(random.choice(list(COLOURS)))) if random.random() < 0.3 else row for row in rows]
    trained = train(replace(FAST, fusion=False), flipped, Storage(), lambda _line: None, encoders=encoders)
    model = trained.families["colours"].model
    assert isinstance(model, FamilyClassifier) and model.experts.memory is not None
    family = build_family("colours", flipped)
    truth = {row.id: row.expected for row in rows}
    right = np.array([family.labels[a] == truth[o.id] for a, o in zip(family.answers, family.outcomes, strict=True)])
    weights = model.experts.memory.weights
    assert weights[~right].mean() < 0.35 < 0.85 < weights[right].mean()


def test_without_data_it_trains_a_first_version(tmp_path, encoders):
    version = version_of(train(FAST, [], Storage(), lambda _line: None, encoders=encoders), tmp_path, encoders)
    assert version.families.names == []
    assert version.config.version == "2"


def manifest_in(folder: Path, rows: list[Outcome]) -> None:
    write_manifest(
        folder, {"train": rows, "validation": [], "reservoir": []}, run_id="run", parent=None, seed=0,
        created_at="2026-11-20T00:00:00Z",
    )  # fmt: skip


def arguments(tmp_path: Path, *more: str) -> list[str]:
    places = {
        "data": "data",
        "parent": "parent",
        "model-dir": "model",
        "output-dir": "output",
        "checkpoint-dir": "checkpoints",
    }
    flags = [part for flag, name in places.items() for part in (f"--{flag}", str(tmp_path / name))]
    return ["train", *flags, "--hyperparameters", str(tmp_path / "hyperparameters.json"), *more]


def test_the_command_writes_what_sagemaker_packs(tmp_path, capsys):
    manifest_in(tmp_path / "data", colours(45))
    (tmp_path / "hyperparameters.json").write_text(json.dumps({"version": "4", "preset": "tiny", "seed": "3"}))
    assert main(arguments(tmp_path)) == 0
    artifact = load(tmp_path / "model")
    assert artifact.config.version == "4"
    lines = [json.loads(line) for line in (tmp_path / "checkpoints" / "metrics.jsonl").read_text().splitlines()]
    epochs = [line["epoch"] for line in lines if line["event"] == "epoch"]
    assert epochs == list(range(1, len(epochs) + 1)) and len(epochs) > 8
    assert json.loads(capsys.readouterr().out.splitlines()[0])["event"] == "start"


#: `dukemm` with few trees, for processes that fixtures do not reach.
SMALL = """
import sys
from dukemm.cli import main
from dukemm.experts import fitting, forest
fitting.TREES = forest.FOLD_TREES = 20
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""
#: The same on a machine where the clock of the second process is an hour ahead.
EARLY = """
import os, sys, time, types
from small import main
from dukemm.fusion import training
if os.environ["RANK"] == "1":
    training.time = types.SimpleNamespace(monotonic=lambda: time.monotonic() + 3600)
sys.exit(main(sys.argv[1:]))
"""


def torchrun(tmp_path: Path, *program: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", *program]
    flags = arguments(tmp_path, "--version", "4", "--preset", "tiny", "--max-seconds", "1800")
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([*command, *flags], capture_output=True, text=True, timeout=2400, env=here, check=False)
    assert done.returncode == 0, done.stderr[:4000]
    return done


def test_processes_of_torchrun_stop_together_when_one_is_out_of_time(tmp_path):
    manifest_in(tmp_path / "data", colours(45))
    (tmp_path / "small.py").write_text(SMALL)
    (tmp_path / "early.py").write_text(EARLY)
    done = torchrun(tmp_path, str(tmp_path / "early.py"))
    assert '"event": "end"' in done.stdout and '"event": "epoch"' not in done.stdout


def test_two_processes_of_torchrun_train_one_network(tmp_path):
    manifest_in(tmp_path / "data", colours(45))
    (tmp_path / "small.py").write_text(SMALL)
    done = torchrun(tmp_path, str(tmp_path / "small.py"))
    starts = [line for line in done.stdout.splitlines() if line.startswith('{"event": "start"')]
    assert len(starts) == 1  # one process speaks, and writes
    assert load(tmp_path / "model").families["networks"]["network-00000"]["heads"] == {"colours": [3, 2]}


def test_a_truncated_log_line_is_skipped_and_epochs_continue(tmp_path):
    manifest_in(tmp_path / "data", colours(45))
    metrics = tmp_path / "checkpoints" / "metrics.jsonl"
    metrics.parent.mkdir()
    metrics.write_text('{"event": "epoch", "epoch": 7, "accuracy": 0.5}\n{"event": "epoch", "more": {"a": 1}')
    assert main(arguments(tmp_path, "--version", "4", "--preset", "tiny")) == 0
    rows = [line for line in metrics.read_text().splitlines() if '"event": "epoch"' in line]
    assert json.loads(rows[2])["epoch"] == 8


def test_the_failure_reason_is_written_where_sagemaker_reads_it(tmp_path):
    assert main(arguments(tmp_path, "--version", "4", "--preset", "tiny")) == 1
    assert "manifest.json" in (tmp_path / "output" / "failure").read_text()


def test_flags_override_hyperparameters_and_invalid_ones_are_reported(tmp_path):
    file = tmp_path / "hyperparameters.json"
    file.write_text(json.dumps({"version": '"7"', "seed": "5"}))
    parsed = argparse.Namespace(hyperparameters=file, version=None, preset=None, seed=6, max_seconds=None)
    assert hyperparameters(parsed) == {"version": "7", "seed": 6}
    file.write_text(json.dumps({"version": "7", "max_seconds": "soon"}))
    with pytest.raises(DukeMMError, match="max_seconds"):
        hyperparameters(argparse.Namespace(hyperparameters=file, version=None, preset=None, seed=None, max_seconds=None))
