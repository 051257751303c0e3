"""A version that is trained after a withdrawal is the same as one that never had the outcomes."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeRecomposer, FakeVersion, flower_rule, flowers, houses, price_rule
from taught import COLOURS, FAST, colours, heights, version_of
from test_evaluate import job_of

from dukemm.contract.manifest import read_manifest
from dukemm.contract.manifest_writer import write_manifest
from dukemm.evaluate.recompose import make_recomposer
from dukemm.evaluate.run import evaluate
from dukemm.storage import Storage
from dukemm.train.run import train

pytestmark = pytest.mark.usefixtures("small_forests")


def silent(_line: dict) -> None:
    """Ignore progress."""


@pytest.fixture(scope="module")
def parent(tmp_path_factory, encoders):
    """A version with two families of one buyer, which share a network; all outcomes of `shapes` will be withdrawn."""
    rows = [*colours(90), *colours(90, seed=2, family="shapes")]
    trained = train(FAST, rows, Storage(), silent, encoders=encoders)
    return version_of(trained, tmp_path_factory.mktemp("parent"), encoders)


def test_training_after_a_withdrawal_gives_the_version_of_training_without_the_outcomes(tmp_path, encoders, parent):
    rows = colours(90)
    child = replace(FAST, version="3")
    never = train(child, rows, Storage(), silent, encoders=encoders)
    after = train(child, rows, Storage(), silent, encoders=encoders, parent=parent, withdrawn=["shapes"])
    assert after.files == never.files
    unaware = train(child, rows, Storage(), silent, encoders=encoders, parent=parent)
    assert unaware.files != never.files and "shapes" in unaware.families
    versions = [version_of(one, tmp_path / str(i), encoders) for i, one in enumerate((never, after))]
    unknown = [replace(row, labels=tuple(COLOURS)) for row in colours(30, seed=3, family="shapes")]
    unseen = [*colours(30, seed=1), *unknown]
    answers = [[(a.prediction, a.confidence) for a in version.answer_rows(unseen)] for version in versions]
    assert answers[0] == answers[1]


def test_some_outcomes_of_a_family_can_be_withdrawn(encoders, parent):
    rows = [*colours(90), *colours(60, seed=2, family="shapes")]
    never = train(FAST, rows, Storage(), silent, encoders=encoders)
    after = train(FAST, rows, Storage(), silent, encoders=encoders, parent=parent, withdrawn=["shapes"])
    assert after.files == never.files


def test_families_share_state_if_their_networks_are_connected(tmp_path, encoders, parent):
    assert parent.families.sharing_state([]) == set()
    assert parent.families.sharing_state(["shapes"]) == {"colours", "shapes"}
    assert parent.families.sharing_state(["unknown"]) == {"unknown"}
    # `shapes` could not be fitted and keeps its old network, on which the new network of `colours` continues.
    child = train(replace(FAST, version="3"), colours(90), Storage(), silent, encoders=encoders, parent=parent)
    grandchild = version_of(child, tmp_path, encoders)
    assert grandchild.families.sharing_state(["shapes"]) == {"colours", "shapes"}
    others = [replace(row, buyer_id="00000000-0000-4000-8000-000000000009") for row in heights(60)]
    both = train(FAST, [*colours(90), *others], Storage(), silent, encoders=encoders)
    assert version_of(both, tmp_path / "both", encoders).families.sharing_state(["heights"]) == {"heights"}


def test_production_does_not_get_a_withdrawn_family_back(tmp_path, encoders, parent):
    candidate = version_of(train(FAST, colours(90), Storage(), silent, encoders=encoders), tmp_path / "new", encoders)
    recomposer = make_recomposer(candidate, parent, tmp_path / "out", lambda _folder: candidate)
    assert recomposer is not None
    withdrawn = recomposer.sharing_state(["shapes"])
    assert recomposer.without(["shapes"], ()).kept == {"shapes"}
    assert not recomposer.without(["shapes"], withdrawn).kept


def test_a_manifest_names_its_withdrawn_families(tmp_path):
    write_manifest(tmp_path, {"train": colours(9)})
    assert read_manifest(tmp_path).withdrawn_families == ()
    assert read_manifest(withdrawn_in(tmp_path, ["colours"])).withdrawn_families == ["colours"]


def withdrawn_in(folder: Path, families: list[str]) -> Path:
    """Names withdrawn families in the manifest of a folder."""
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "withdrawn_families": families}))
    return folder


def evaluated(folder: Path, flower_cut: float, price_factor: float, withdrawn: list[str]) -> dict:
    """A report on a candidate beside a production that answers flowers by the cut 0.8 and houses by the factor 110."""

    def version(name: str, cut: float, factor: float) -> FakeVersion:
        return FakeVersion(name, lambda r: flower_rule(cut)(r) if r.kind == "classification" else price_rule(factor)(r))

    candidate, production = version("2", flower_cut, price_factor), version("1", 0.8, 110)
    recomposer = FakeRecomposer(candidate, production, ["fam_flowers", "fam_houses"])
    job = job_of(folder, candidate, production, [*flowers(400, 0), *houses(200, 0)], recomposer=recomposer)
    withdrawn_in(job.data, withdrawn)
    return evaluate(job, silent)


def test_a_family_that_is_worse_after_a_withdrawal_is_not_held_back(tmp_path):
    held = evaluated(tmp_path / "held", 0.0, 170, [])
    assert "held_back" in held["families"]["fam_houses"]
    report = evaluated(tmp_path / "withdrawn", 0.0, 170, ["fam_houses"])
    assert report["gate"]["decision"] == "promote"
    assert "held_back" not in report["families"]["fam_houses"] and "recomposed" not in report
    assert report["families"]["fam_houses"]["candidate"] != report["families"]["fam_houses"]["production"]
    assert "1 family was not compared" in report["gate"]["reasons"][-1]


def test_a_candidate_without_withdrawn_outcomes_must_not_be_worse_and_need_not_be_better(tmp_path):
    equal = evaluated(tmp_path / "equal", 0.8, 110, [])
    assert equal["gate"]["decision"] == "archive"
    assert evaluated(tmp_path / "withdrawn", 0.8, 110, ["fam_houses"])["gate"]["decision"] == "promote"
    # The only family of a marketplace: nothing is left to compare.
    both = evaluated(tmp_path / "both", 0.8, 110, ["fam_flowers", "fam_houses"])
    assert both["gate"]["decision"] == "promote"
    rules = {rule["rule"]: rule["detail"] for rule in both["gate"]["rules"]}
    assert "no gain is required" in rules["better"]
    assert np.isfinite(both["candidate"]["accuracy"])
