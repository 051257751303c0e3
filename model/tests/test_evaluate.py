import itertools
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeAnswer, FakeVersion, flower_rule, flowers, houses, outcome, price_rule

from dukemm.cli import main
from dukemm.contract.curves import read_curves
from dukemm.contract.manifest_writer import write_manifest
from dukemm.contract.messages import ModelEvaluation
from dukemm.contract.validation import read_message
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import Medium
from dukemm.evaluate.run import Job, evaluate

CONTRACT = Path(__file__).resolve().parents[2] / "test" / "contract" / "evaluation.json"


def job_of(folder: Path, candidate, production, rows=None, **more) -> Job:
    rows = rows or [*flowers(400, 0), *houses(200, 0)]
    write_manifest(folder / "data", {"validation": rows[: len(rows) // 2], "reservoir": rows[len(rows) // 2 :]})
    return Job(folder / "data", candidate, production, folder / "out", None, "2026-11-25T02:30:00.000Z", **more)


def versions(cut: float = 0.0):
    def rule(flower, price):
        return lambda row: flower(row) if row.kind == "classification" else price(row)

    return FakeVersion("2", rule(flower_rule(cut), price_rule(100))), FakeVersion(
        "1", rule(flower_rule(0.8), price_rule(110))
    )


def test_a_better_candidate_is_promoted_with_a_report_that_repeats(tmp_path):
    told: list[dict] = []
    report = evaluate(job_of(tmp_path, *versions()), told.append)
    assert report["gate"]["decision"] == "promote"
    assert report["candidate"]["accuracy"] > report["production"]["accuracy"]
    written = (tmp_path / "out" / "metrics.json").read_text()
    assert json.loads(written) == report
    assert read_message(written.encode(), ModelEvaluation).gate.decision == "promote"
    assert told[0]["rows"] == 600 == told[-3]["rows"] and told[-2]["decision"] == "promote" and told[-1]["event"] == "end"
    again = evaluate(job_of(tmp_path, *versions()), told.append)
    assert {**again, "seconds": 0} == {**report, "seconds": 0}


def test_a_worse_candidate_is_archived_with_reasons(tmp_path):
    production, candidate = versions()
    report = evaluate(job_of(tmp_path, candidate, production), lambda _: None)
    assert report["gate"]["decision"] == "archive"
    assert len(report["gate"]["reasons"]) >= 2
    worse = {one["label"]: one["worse"] for one in report["families"]["fam_flowers"]["classes"]}
    assert worse == {"rose": True, "tulip": True}


def test_automatic_acceptance_never_decides_between_versions(tmp_path):
    rows = [replace(row, label_source="auto_accepted", weight=0.5) for row in flowers(300, 0)]
    report = evaluate(job_of(tmp_path, *versions(), rows), lambda _: None)
    assert report["data"]["by_silence"] == 300 == report["candidate"]["items"]
    assert report["flips"]["items"] == 0 and report["gate"]["decision"] == "archive"


def test_unlabelled_rows_are_left_out(tmp_path):
    rows = flowers(20, 0)
    rows[0] = replace(rows[0], weight=0.0)
    rows.append(replace(houses(1, 0)[0], expected="cheap"))
    report = evaluate(job_of(tmp_path, *versions(), rows), lambda _: None)
    assert report["data"]["no_label"] == 1 and report["candidate"]["items"] == 19
    assert [(one["reason"], one["count"]) for one in report["unusable"]["entries"]] == [
        ("expected: the answer is no number", 1)
    ]


def test_unreadable_rows_are_left_out(tmp_path):
    def gone(rule):
        def answer(row):
            if row.item.media:
                raise DukeMMError("invalid_request", "its file is gone")
            return rule(row)

        return answer

    rows = flowers(20, 0)
    rows[3] = replace(rows[3], item=replace(rows[3].item, media={"x": Medium("s3://bucket/gone", "text", "0" * 64, 1)}))
    for other, left in ((gone(flower_rule(0.5)), 19), (flower_rule(0.5), 20)):
        job = job_of(tmp_path, FakeVersion("2", gone(flower_rule(0.0))), FakeVersion("1", other), rows)
        report = evaluate(job, lambda _: None)
        assert (report["data"]["unreadable"], report["candidate"]["items"]) == (20 - left, left)
        assert report["candidate"]["unanswered"] == left - 19


def test_without_data_and_production_it_is_a_first_version(tmp_path):
    report = evaluate(job_of(tmp_path, versions()[0], None, rows=flowers(2, 0)), lambda _: None)
    assert report["production"] is None and report["gate"]["decision"] == "promote"
    write_manifest(tmp_path / "data", {})
    empty = evaluate(
        Job(tmp_path / "data", versions()[0], None, tmp_path / "out", None, "2026-11-25T02:30:00.000Z"), lambda _: None
    )
    assert empty["candidate"]["accuracy"] is None and empty["gate"]["decision"] == "promote"


def test_the_model_card_contains_no_label_field_or_item(tmp_path):
    report = evaluate(job_of(tmp_path, *versions()), lambda _: None)
    card = (tmp_path / "out" / "MODEL_CARD.md").read_text()
    outside = json.dumps({name: value for name, value in report.items() if name != "families"})
    for text in (card, outside):
        assert not [word for word in ("rose", "tulip", "length", "rooms", "colour", "price", "Which") if word in text]
    assert "fam_flowers" in card and "Gate: promote" in card


def test_the_report_matches_the_sample_of_the_contract(tmp_path):
    """`python tests/test_evaluate.py` regenerates it; the TypeScript side parses it."""
    report = sample_report(tmp_path)
    assert json.loads(json.dumps(report)) == json.loads(CONTRACT.read_text())


def sample_report(folder: Path) -> dict:
    rows = [*flowers(60, 0), *houses(30, 0)]
    rows[3] = replace(rows[3], expected=None, label_source="refused", success=False)
    rows.append(replace(houses(31, 0)[30], expected="cheap"))
    rows += [
        outcome(i, "fam_dates", kind="generation", labels=(), fields={"text": f"Due on {i} May " * 9}, expected=f"{i} May")
        for i in range(1, 9)
    ]
    candidate, production = versions()

    def with_texts(rule):
        return lambda row: (
            FakeAnswer(" ".join(str(row.item.fields["text"]).split()[2:4]), 0.7) if row.kind == "generation" else rule(row)
        )

    curves = folder / "metrics.jsonl"
    curves.write_text(
        '{"event":"epoch","epoch":1,"train_loss":0.9,"val_loss":0.8,"accuracy":0.7,"f1":0.69,"seconds":1.0}\n'
    )
    job = job_of(folder, *(FakeVersion(v.config.version, with_texts(v._rule)) for v in (candidate, production)), rows=rows)
    return {**evaluate(replace(job, curves=folder), lambda _: None), "seconds": 0.5}


@pytest.mark.parametrize("seed", range(12))
def test_for_any_answers_the_report_is_finite_and_adds_up(tmp_path, seed):
    """Random outcomes of three kinds, and versions that say anything: wrong types, other labels, no numbers, nothing."""
    rng = np.random.default_rng(seed)
    kinds = ("classification", "regression", "generation")
    answers = {
        "classification": ["a", "b", "c", "1", 1, 2.5],
        "regression": [0, 1.5, -3e90, "7"],
        "generation": ["x y", "", "y"],
    }
    strange = [float("nan"), float("inf"), "weed", 10**300]

    def row(i: int):
        family = int(rng.integers(0, 6))
        kind = kinds[family % 3]
        source = str(rng.choice(["accepted", "correction", "auto_accepted", "refused"]))
        known = None if source == "refused" else answers[kind][rng.integers(len(answers[kind]))]
        labels = ("a", "b", "c", "1") if kind == "classification" and family < 3 else ()
        said = answers[kind][rng.integers(len(answers[kind]))]
        more = {"kind": kind, "labels": labels, "expected": known, "prediction": said, "label_source": source}
        return outcome(i, f"fam_{family}", fields={"x": float(rng.normal()), "y": None}, **more)

    def rule(row):
        if rng.random() < 0.1:
            raise DukeMMError(["unsupported", "invalid_request"][int(rng.integers(2))], "no")
        from_where = strange if rng.random() < 0.1 else answers[row.kind]
        said = from_where[int(rng.integers(len(from_where)))]
        sure = float(rng.choice([rng.random(), 0.5, 1.0, np.nan, 7.0], p=[0.6, 0.2, 0.1, 0.05, 0.05]))
        return FakeAnswer(
            said, sure, [str(said)] if rng.random() < 0.5 else None, (-1.0, 1.0) if rng.random() < 0.5 else None
        )

    rows = [row(i) for i in range(int(rng.integers(1, 300)))]
    production = FakeVersion("1", rule) if seed % 4 else None
    report = evaluate(job_of(tmp_path, FakeVersion("2", rule), production, rows=rows), lambda _: None)
    data = report["data"]
    unread = report["unusable"]["outcomes"] - data["unreadable"]
    assert sum(data[name] for name in ("by_word", "by_silence", "refused", "no_label", "unreadable")) == len(rows) - unread
    assert report["candidate"]["items"] == sum(one["candidate"]["items"] for one in report["families"].values())
    for one in report["families"].values():
        if matrix := one["candidate"]["confusion_matrix"]:
            assert sum(map(sum, matrix["counts"])) == one["candidate"]["items"] == sum(c["items"] for c in one["classes"])
        if flips := one["flips"]:
            assert len(flips["negative_ids"]) == min(flips["negative"], 20)
    if production:
        assert report["flips"]["items"] == data["by_word"]
        assert report["flips"]["negative"] == sum(one["flips"]["negative"] for one in report["families"].values())


def test_curves_continue_after_a_killed_and_resumed_training(tmp_path):
    lines = [
        {"event": "start"},
        {"event": "epoch", "epoch": 1, "train_loss": 1.0, "val_loss": None, "accuracy": 0.5, "f1": 0.4},
        {"event": "epoch", "epoch": 2, "train_loss": 0.9},
        {"event": "epoch", "epoch": 2, "train_loss": 0.8, "val_loss": 0.7, "accuracy": 0.6, "f1": 0.5},
    ]
    (tmp_path / "metrics.jsonl").write_text("\n".join(map(json.dumps, lines)) + '\n{"event":"ep')
    found = read_curves(tmp_path)
    assert [epoch["train_loss"] for epoch in found] == [1.0, 0.8] and found[0]["val_loss"] is None
    assert read_curves(None) == read_curves(tmp_path / "nowhere") == []


def test_the_command_reports_progress_and_failure(tmp_path, monkeypatch, capsys):
    candidate, production = versions()
    job_of(tmp_path, candidate, production, rows=flowers(40, 0))
    (tmp_path / "candidate").mkdir()
    monkeypatch.setattr("dukemm.evaluate.command._loader", lambda storage, scratch: lambda folder: candidate)
    names = ("data", "candidate", "production", "curves", "output", "message")
    arguments = ["evaluate", *itertools.chain(*((f"--{name}", str(tmp_path / name)) for name in names))]
    assert main(arguments) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in told] == ["start", "progress", "gate", "end"]
    assert json.loads((tmp_path / "output" / "metrics.json").read_text())["compared_with"] is None
    (tmp_path / "data" / "manifest.json").write_text("{}")
    assert main(arguments) == 1
    assert json.loads(capsys.readouterr().out)["event"] == "failed"
    assert "manifest.json: object missing required field `format`" in (tmp_path / "message").read_text()


def test_memory_does_not_grow_with_the_texts_of_rows():
    """4,000 outcomes of 20 KB each are 80 MB: the process stays far below that above what it needs to begin."""
    code = """
import json, resource, sys, tempfile
from pathlib import Path
from dataclasses import replace
sys.path[:0] = ["tests", "."]
from fakes import FakeVersion, flower_rule, flowers
from dukemm.cli import main
from dukemm.contract.manifest_writer import write_manifest
from dukemm.evaluate.run import Job, evaluate
folder = Path(tempfile.mkdtemp())
def big(n):
    for row in flowers(n, 0):
        fields = {**row.item.fields, "text": row.id * 300}
        yield replace(row, item=replace(row.item, fields=fields))
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
import dukemm.contract.manifest_writer
dukemm.contract.manifest_writer.SHARD_ROWS = 200
def run(n):
    write_manifest(folder, {"validation": big(n)})
    rule = flower_rule(0.0)
    two = FakeVersion("2", rule), FakeVersion("1", rule)
    evaluate(Job(folder, *two, folder, None, "2026-11-25T02:30:00.000Z", 0.0), lambda _: None)
run(500)
before = peak()
run(4000)
print(peak() - before)
"""
    folder = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 30


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        CONTRACT.write_text(json.dumps(sample_report(Path(place)), indent=2, ensure_ascii=False) + "\n")
