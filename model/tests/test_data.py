import copy
import json
from pathlib import Path

import numpy as np
import pytest

from dukemm.contract.manifest import read_manifest
from dukemm.contract.manifest_writer import write_manifest
from dukemm.contract.outcomes import outcome_line, parse_outcome
from dukemm.domain.errors import DukeMMError
from dukemm.domain.outcomes import label_of
from dukemm.storage import Storage

SAMPLES = json.loads((Path(__file__).resolve().parents[2] / "test" / "contract" / "manifest.json").read_text())


def line_of(name: str = "accepted", **changes) -> bytes:
    row = copy.deepcopy(SAMPLES["examples"][name])
    row.update(changes)
    return json.dumps(row).encode()


def refused(line: bytes) -> str:
    with pytest.raises(DukeMMError) as caught:
        parse_outcome(line, "train-00000.jsonl:17")
    assert caught.value.code == "invalid_request"
    assert caught.value.message.startswith("train-00000.jsonl:17: ")
    return caught.value.message


@pytest.mark.parametrize("name", sorted(SAMPLES["examples"]))
def test_the_samples_of_the_contract_are_read_and_written_without_loss(name):
    outcome = parse_outcome(line_of(name), "x:1")
    assert json.loads(outcome_line(outcome)) == SAMPLES["examples"][name]
    assert outcome.refused == (name == "refused")
    assert parse_outcome(outcome_line(outcome), "x:1") == outcome


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("surprise",), 1),
        (("task_id",), "../../etc"),
        (("buyer_id",), None),
        (("kind",), "painting"),
        (("description",), "x" * 4001),
        (("labels",), ["a", "a"]),
        (("item", "fields"), []),
        (("item", "fields", "mail"), "x" * 1_000_001),
        (("item", "fields", "mail"), {"nested": 1}),
        (("item", "media"), [1]),
        (("expected",), None),
        (("expected",), True),
        (("expected",), "x" * 1_000_001),
        (("prediction",), 10**400),
        (("confidence",), 1.01),
        (("success",), 1),
        (("label_source",), "rumour"),
        (("weight",), -0.1),
        (("model_version",), "0"),
        (("created_at",), "yesterday"),
    ],
)
def test_unknown_fields_are_rejected_with_their_path(path, value):
    row = copy.deepcopy(SAMPLES["examples"]["accepted"])
    place = row
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert path[0] in refused(json.dumps(row).encode())


@pytest.mark.parametrize("gone", ["id", "item", "prediction", "confidence", "weight", "created_at"])
def test_a_missing_field_is_named(gone):
    row = {name: value for name, value in SAMPLES["examples"]["accepted"].items() if name != gone}
    assert gone in refused(json.dumps(row).encode())


def test_non_finite_numbers_are_rejected():
    assert "NaN" in refused(line_of(expected=float("nan")))
    assert "item.fields.size: expected `float` <= 1e+100" in refused(line_of().replace(b"36", b"1e999"))
    assert refused(b"[" * 100_000)


def test_control_characters_and_half_surrogates_pass_and_can_be_written_again():
    outcome = parse_outcome(line_of(prediction="\x00\x1b[2J", description="\ud800 half"), "x:1")
    assert outcome.prediction == "\x00\x1b[2J"
    assert parse_outcome(outcome_line(outcome), "x:1").description == "? half"


def test_labels_are_texts():
    assert [label_of(value) for value in (1, 1.0, "1", 0.1, "ham")] == ["1", "1", "1", "0.1", "ham"]


@pytest.fixture
def rows():
    """Twelve outcomes of two families, drawn from the samples."""
    rng = np.random.default_rng(0)
    names = [str(name) for name in rng.choice(sorted(SAMPLES["examples"]), 12)]
    return [parse_outcome(line_of(name, id=f"r#{i}"), "x:1") for i, name in enumerate(names)]


def test_shards_are_read_in_order(tmp_path, rows, monkeypatch):
    monkeypatch.setattr("dukemm.contract.manifest_writer.SHARD_ROWS", 3)
    manifest = write_manifest(tmp_path, {"train": iter(rows[:7]), "validation": rows[7:10], "reservoir": rows[10:]})
    assert [shard.count for shard in manifest.shards("train")] == [3, 3, 1]
    assert list(manifest.rows("train")) == rows[:7]
    assert list(manifest.rows("validation")) == rows[7:10]
    assert sum(family.train for family in manifest.families.values()) == 7 == manifest.counts.train
    again = write_manifest(tmp_path, {"train": rows[:7], "validation": rows[7:10], "reservoir": rows[10:]})
    assert again.sha256 == manifest.sha256
    by_address = read_manifest(f"file://{tmp_path}", Storage(tmp_path))
    assert list(by_address.rows("train")) == rows[:7]


def test_a_shard_that_was_changed_is_never_parsed(tmp_path, rows):
    manifest = write_manifest(tmp_path, {"train": rows})
    path = tmp_path / manifest.shards("train")[0].path
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"ham"', b'"yam"', 1))
    for source in (manifest, read_manifest(f"file://{tmp_path}", Storage(tmp_path))):
        with pytest.raises(DukeMMError, match="hash"):
            next(source.rows("train"))
    path.unlink()
    with pytest.raises(DukeMMError, match=r"train-00000\.jsonl"):
        next(manifest.rows("train"))


def test_missing_and_too_long_lines_raise(tmp_path, rows, monkeypatch):
    write_manifest(tmp_path, {"train": rows})
    whole = json.loads((tmp_path / "manifest.json").read_text())
    whole["splits"]["train"][0]["count"] = whole["counts"]["train"] = 13
    next(iter(whole["families"].values()))["train"] += 1
    (tmp_path / "manifest.json").write_text(json.dumps(whole))
    with pytest.raises(DukeMMError, match="13 lines as the manifest says, not 12"):
        list(read_manifest(tmp_path).rows("train"))
    monkeypatch.setattr("dukemm.contract.manifest.MAX_LINE", 100)
    with pytest.raises(DukeMMError, match=r"train-00000\.jsonl:1: a line of at most 100"):
        list(read_manifest(tmp_path).rows("train"))


def test_a_missing_manifest_raises(tmp_path):
    for at, storage in ((tmp_path, None), (f"file://{tmp_path}", Storage(tmp_path))):
        with pytest.raises(DukeMMError, match=r"there is no manifest\.json"):
            read_manifest(at, storage)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), 2),
        (("surprise",), 1),
        (("seed",), True),
        (("splits", "train", 0, "path"), "../train.jsonl"),
        (("splits", "train", 0, "path"), "a/../../train.jsonl"),
        (("splits", "train", 0, "path"), "/etc/train.jsonl"),
        (("splits", "train", 0, "sha256"), "zz"),
        (("splits", "train", 0, "count"), 71),
        (("splits", "test"), []),
        (("families",), []),
        (("counts", "validation"), 17),
        (("lineage", "sha256"), None),
    ],
)
def test_an_invalid_manifest_is_rejected(tmp_path, path, value):
    manifest = copy.deepcopy(SAMPLES["manifest"])
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert read_manifest(tmp_path).counts.train == 82
    place = manifest
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(DukeMMError) as caught:
        read_manifest(tmp_path)
    assert caught.value.code == "invalid_request"
