"""A family that became worse keeps production's state, and the rest of the candidate is judged and promoted without it."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeAnswer, FakeRecomposer, FakeVersion, flower_rule, flowers, houses, price_rule
from isolated import HONEST, Outcome, difference, isolation, run
from spoiled import attack, honest_rows
from test_evaluate import job_of

from dukemm.encoders.pool import Encoders
from dukemm.evaluate.gate import Decision, decide
from dukemm.evaluate.held_back import held_back, select_held_back
from dukemm.evaluate.pairs import Pairs, differences
from dukemm.evaluate.run import evaluate
from dukemm.evaluate.table import Column, Family, Table
from dukemm.versions.artifact import load, unpack

pytestmark = pytest.mark.usefixtures("small_forests")


def column(right: np.ndarray, label: np.ndarray) -> Column:
    n = len(right)
    nothing = np.full(n, np.nan)
    wrong = np.where(right, label, -1)
    return Column(np.ones(n, bool), np.full(n, 0.9), right, wrong, nothing, nothing, nothing, nothing, np.zeros(n, bool))


def family(name: str, number: int, candidate: np.ndarray, production: np.ndarray) -> Family:
    n = len(candidate)
    label = 2 * number + np.arange(n) % 2
    table = Table(
        np.zeros(n, np.int64), number * 100_000 + np.arange(n), np.ones(n, bool), label, np.zeros(n),
        column(candidate, label), column(production, label), np.full(n, np.nan),
    )  # fmt: skip
    return Family(name, "classification", ["a", "b"], 2 * number, 1.0, [""] * n, table, (0, 0, 0), None)


def pairs_of(families: list[Family]) -> Pairs:
    whole = [
        (f.table.candidate.right, f.table.production.right, f.table.label, f.table.task, i) for i, f in enumerate(families)
    ]
    now, before, label, task = (np.concatenate([part[i] for part in whole]) for i in range(4))
    number = np.concatenate([np.full(len(part[0]), part[4]) for part in whole])
    said = [np.where(right, label, -1) for right in (now, before)]
    return Pairs(number, label, task, differences(now, before), now, before, *said)


def judged(families: list[Family]) -> tuple[Decision, dict]:
    """The gate with families held back: these answer as production does."""
    reasons = select_held_back(families, (), ())
    before = pairs_of(families)
    back = [family.name in reasons for family in families]
    now = [
        family if not held else replace(family, table=replace(family.table, candidate=family.table.production))
        for family, held in zip(families, back, strict=True)
    ]
    return decide(pairs_of(now), 1, 0, held_back(before, families, reasons)), reasons


def drawn(rng: np.random.Generator, number: int, n: int, won: float, lost: float) -> Family:
    which = rng.choice(4, n, p=[won, lost, 0.9 - won - lost, 0.1])
    return family(f"fam_{number}", number, (which == 0) | (which == 2), (which == 1) | (which == 2))


def test_a_degraded_family_is_held_back_and_the_others_are_promoted():
    rng = np.random.default_rng(0)
    families = [drawn(rng, 0, 300, 0.0, 0.3), *(drawn(rng, number, 300, 0.08, 0.01) for number in (1, 2))]
    assert not decide(pairs_of(families), 900, 0).promote
    decision, reasons = judged(families)
    assert decision.promote and list(reasons) == ["fam_0"] and reasons["fam_0"].worse
    assert "worse than before" in reasons["fam_0"].text


def test_a_large_held_back_family_does_not_raise_the_bar_for_the_others():
    rng = np.random.default_rng(1)
    decision, reasons = judged([drawn(rng, 0, 30_000, 0.0, 0.05), drawn(rng, 1, 300, 0.08, 0.01)])
    assert decision.promote and list(reasons) == ["fam_0"]


@pytest.mark.parametrize(("churn", "spoiled"), [(0.06, 1), (0.4, 0)])
def test_holding_families_back_does_not_let_equal_families_pass_more_often(churn, spoiled):
    """With much churn nearly every family is held back for its flips: those left are no better than chance."""
    rng = np.random.default_rng(2)
    promoted = []
    for _ in range(120):
        bad = [drawn(rng, number, 200, 0.01, 0.2) for number in range(spoiled)]
        equal = [drawn(rng, number, 60, churn / 2, churn / 2) for number in range(spoiled, spoiled + 6)]
        decision, reasons = judged([*bad, *equal])
        assert {family.name for family in bad} <= set(reasons)
        promoted.append(decision.promote)
    assert np.mean(promoted) <= 0.06


def test_a_family_held_back_for_its_flips_counts_its_losses_but_not_its_gains():
    rng = np.random.default_rng(3)
    half = np.arange(2000) % 2 == 0
    for shift, promoted in ((-16, False), (16, False)):
        # 25 % of all items change sides: far beyond the bound on flips, and no significant loss.
        which = rng.permutation(np.repeat([0, 1, 2, 3], [500 + shift // 2, 500 - shift // 2, 800, 200]))
        churned = family("fam_0", 0, (which == 0) | (which == 2), (which == 1) | (which == 2))
        other = family("fam_1", 1, half, half)
        decision, reasons = judged([churned, other])
        assert not reasons["fam_0"].worse and "are now wrong" in reasons["fam_0"].text
        assert decision.promote is promoted
        better = next(rule for rule in decision.rules if rule.rule == "better")
        assert better.numbers["points"] == pytest.approx(100 * min(shift, 0) / 4000)


def two_families(cut: float, factor: float):
    def rule(row):
        return flower_rule(cut)(row) if row.kind == "classification" else price_rule(factor)(row)

    return rule


def evaluated(folder: Path, candidate: FakeVersion, production: FakeVersion, known=("fam_flowers", "fam_houses"), **more):
    rows = [*flowers(400, 0), *houses(200, 0)]
    recomposer = FakeRecomposer(candidate, production, known, **more)
    return evaluate(job_of(folder, candidate, production, rows, recomposer=recomposer), lambda _: None)


SPOILED = FakeVersion("2", two_families(0.0, 170))
PRODUCTION = FakeVersion("1", two_families(0.8, 110))


def test_the_report_covers_the_promoted_families_and_names_those_held_back(tmp_path):
    report = evaluated(tmp_path, SPOILED, PRODUCTION)
    assert report["gate"]["decision"] == "promote"
    houses_ = report["families"]["fam_houses"]
    assert houses_["candidate"] == houses_["production"] and houses_["flips"]["negative"] == 0
    assert "worse than before" in houses_["held_back"] and "held_back" not in report["families"]["fam_flowers"]
    [entry] = report["unusable"]["entries"]
    assert (entry["what"], entry["family"], entry["count"], entry["kept"]) == ("held_back", "fam_houses", 200, "1")
    assert report["unusable"]["families"] == 1
    assert report["recomposed"] == {"sha256": "5" * 64, "size_bytes": 4096}
    assert "1 family is held back" in report["gate"]["reasons"][-1]
    alone = evaluated(tmp_path, FakeVersion("2", two_families(0.0, 110)), PRODUCTION)
    assert difference(alone["families"]["fam_flowers"], report["families"]["fam_flowers"]) == 0.0
    assert "recomposed" not in alone and not alone["unusable"]["entries"]


CONTRACT = Path(__file__).resolve().parents[2] / "test" / "contract" / "evaluation-held-back.json"


def test_the_report_matches_the_sample_of_the_contract(tmp_path):
    """`PYTHONPATH=model python model/tests/test_held_back.py` regenerates it; the TypeScript side parses it."""
    assert sample_report(tmp_path) == json.loads(CONTRACT.read_text())


def sample_report(folder: Path) -> dict:
    rows = [*flowers(120, 0), *houses(40, 0)]
    recomposer = FakeRecomposer(SPOILED, PRODUCTION, ["fam_houses"])
    job = job_of(folder, SPOILED, PRODUCTION, rows, recomposer=recomposer, importance_seconds=0.0)
    return json.loads(json.dumps({**evaluate(job, lambda _: None), "seconds": 0.5}))


def test_a_family_without_an_earlier_state_is_left_out(tmp_path):
    [entry] = evaluated(tmp_path, SPOILED, PRODUCTION, known=["fam_flowers"])["unusable"]["entries"]
    assert "kept" not in entry and entry["reason"].endswith("there is no earlier state of it, so it is left out")


def test_broken_answers_of_a_family_do_not_affect_others(tmp_path):
    def rule(row):
        answer = two_families(0.0, 110)(row)
        return FakeAnswer(float("nan"), 0.5) if row.id.endswith("#7") and row.kind == "regression" else answer

    report = evaluated(tmp_path, FakeVersion("2", rule), PRODUCTION)
    assert report["gate"]["decision"] == "promote"
    assert report["families"]["fam_houses"]["held_back"] == "1 of 200 answers cannot be delivered"


def test_a_candidate_that_cannot_be_recomposed_is_judged_with_all_its_families(tmp_path):
    report = evaluated(tmp_path, SPOILED, PRODUCTION, broken=True)
    assert report["gate"]["decision"] == "archive" and "recomposed" not in report


@dataclass(frozen=True)
class Runs:
    """A first version, and two candidates after it: with the family of one buyer spoiled, and with it as it was."""

    before: Outcome
    #: Here the buyer has a new family too, which is wrong from the start.
    spoiled: Outcome
    untouched: Outcome
    #: Of the candidate with the spoiled family.
    folder: Path


@pytest.fixture(scope="module")
def runs(tmp_path_factory, encoders: Encoders) -> Runs:
    folder = tmp_path_factory.mktemp("runs")
    before = run(folder / "before", [*attack(False), *honest_rows(False)], encoders)
    lines = [*attack(True), *attack(True, family="newcomer"), *honest_rows(True)]
    spoiled = run(folder / "spoiled", lines, encoders, before.version)
    untouched = run(folder / "untouched", [*attack(False), *honest_rows(True)], encoders, before.version)
    return Runs(before, spoiled, untouched, folder / "spoiled")


def attacked(outcome: Outcome) -> list[tuple]:
    rows = [row for row in outcome.rows if row.family == "attack"]
    return [(a.prediction, a.confidence, tuple(a.alternatives or ())) for a in outcome.version.answer_rows(rows)]


def test_one_buyer_degrades_their_family_and_the_others_are_promoted(runs):
    spoiled, untouched = runs.spoiled, runs.untouched
    assert spoiled.report["gate"]["decision"] == "promote" == untouched.report["gate"]["decision"]
    held = {e["family"]: e.get("kept") for e in spoiled.report["unusable"]["entries"] if e["what"] == "held_back"}
    assert held == {"attack": "2", "newcomer": None}
    assert spoiled.report["families"]["colours"]["flips"]["positive"] > 20
    assert isolation(untouched, spoiled) == 0.0
    figures = spoiled.report["families"]["attack"]
    assert figures["candidate"] == figures["production"] and figures["candidate"]["accuracy"] > 0.9


def test_the_held_back_family_answers_exactly_as_before(runs):
    before, spoiled = runs.before, runs.spoiled
    assert attacked(replace(before, rows=spoiled.rows)) == attacked(spoiled)


def test_holding_one_family_back_does_not_change_a_byte_of_the_others(tmp_path, runs):
    """Experts, memory and network of the honest families in the archive are those that training wrote."""
    unpack(runs.folder / "out" / "model.tar.gz", tmp_path)
    trained, promoted, before = load(runs.folder / "model"), load(tmp_path), runs.before.version.artifact
    archive = (runs.folder / "out" / "model.tar.gz").stat()
    assert runs.spoiled.report["recomposed"]["size_bytes"] == archive.st_size

    def parts(artifact, name: str) -> list:
        spec = dict(artifact.families["families"][name])
        file, network = spec.pop("file"), spec.pop("network", None)
        calibration = artifact.calibration["families"][name]
        files = [artifact.memory[f"{file}{end}"] for end in (".safetensors", ".jsonl")]
        shared = [artifact.families["networks"][network], artifact.memory[f"{network}.safetensors"]] if network else []
        return [spec, calibration, *files, *shared]

    assert all(parts(promoted, name) == parts(trained, name) for name in HONEST)
    assert parts(promoted, "attack") == parts(before, "attack") != parts(trained, "attack")
    assert len(parts(promoted, "colours")) == 6, "the honest buyer has a network"


def test_the_next_run_starts_from_the_promoted_version(tmp_path, runs, encoders):
    after = run(tmp_path, [*attack(False), *honest_rows(True)], encoders, runs.spoiled.version)
    assert after.report["families"]["attack"]["candidate"]["accuracy"] > 0.9
    assert set(after.version.families.names) == {"attack", *HONEST}


def test_a_new_family_worse_than_zero_shot_is_answered_zero_shot(runs):
    assert "left out" in runs.spoiled.report["families"]["newcomer"]["held_back"]
    assert set(runs.spoiled.version.families.names) == {"attack", *HONEST}
    rows = [row for row in runs.spoiled.rows if row.family == "newcomer"]
    then, now = (version.answer_rows(rows) for version in (runs.before.version, runs.spoiled.version))
    assert [(one.prediction, one.confidence) for one in then] == [(one.prediction, one.confidence) for one in now]


def test_a_family_with_an_unreadable_new_state_keeps_the_previous_one(tmp_path, runs, encoders, monkeypatch):
    from dukemm.domain.errors import DukeMMError
    from dukemm.evaluate.recompose import make_recomposer

    before, spoiled = runs.before.version, runs.untouched.version
    read = spoiled.families.get

    def get(name: str):
        if name == "attack":
            raise DukeMMError("artifact_invalid", "family attack cannot be read: KeyError")
        return read(name)

    monkeypatch.setattr(spoiled.families, "get", get)
    loaded = []
    recomposer = make_recomposer(spoiled, before, tmp_path, lambda folder: loaded.append(folder) or spoiled)
    assert recomposer.unreadable(["attack", "colours", "stranger"]) == {"attack"}
    made = recomposer.without(["colours"])
    assert made.kept == {"attack", "colours"} and made.unreadable == {"attack"} and loaded == [tmp_path]


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        CONTRACT.write_text(json.dumps(sample_report(Path(place)), indent=2, ensure_ascii=False) + "\n")
