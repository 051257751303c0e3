"""The machinery of benchmarks, on a few dozen rows: what is compared is compared fairly. Not its figures."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.contenders.contender import Contender
from benchmarks.contenders.learner import Task
from benchmarks.data.domains.images import png
from benchmarks.data.domains.mixed import DECISIONS, PARTS, Composed, ceilings, decide
from benchmarks.data.rows import Domain, Raw, Row, draw, draw_per_class, flipped, folds, load
from benchmarks.reports import report
from benchmarks.reports.kept import kept_cells, kept_streams
from benchmarks.reports.summary import cell_figures, difference, versus
from benchmarks.studies import measures, stream_run
from benchmarks.studies.cells import Cell, Results, apart, measure, splits
from benchmarks.studies.parts import only
from benchmarks.tests.support import COLOURS, Spy, source_of
from dukemm.domain.items import Item, Medium


@pytest.fixture
def colours(tmp_path: Path) -> Domain:
    return load(source_of("colours", 160, test=60), tmp_path)


def test_duplicates_are_never_split_between_training_and_evaluation(colours: Domain):
    ids = [row.item.id for row in colours.rows]
    assert len(colours.pool) == 100 and len(colours.test) == 60 and len(set(ids)) == 160
    for study in ("learn", "few", "flips"):
        for train, test in splits(Cell(study, "colours", 40, 0, "lr"), colours):
            assert train and not {r.item.id for r in train} & {r.item.id for r in test}
    leaking = Domain(colours.source, colours.labels, colours.rows, colours.test, colours.places)
    with pytest.raises(AssertionError, match="on both sides"):
        splits(Cell("learn", "colours", 160, 0, "lr"), leaking)


def test_prepared_data_round_trip(tmp_path: Path):
    picture = png(np.arange(64).reshape(8, 8))
    source = source_of("p", 0, test=1, raws=lambda: (Raw({"a": i}, {"x": ("image", picture)}, "red") for i in range(4)))
    first, again = load(source, tmp_path), load(source, tmp_path)
    assert first.rows == again.rows
    (medium,) = first.pool[0].item.media.values()
    assert Path(medium.uri.removeprefix("file://")).read_bytes() == picture and medium.size_bytes == len(picture)


def test_draws(colours: Domain):
    small, large = draw(colours.pool, 20, 3), draw(colours.pool, 50, 3)
    assert large[:20] == small and draw(colours.pool, 20, 4) != small
    few = [row.expected for row in draw_per_class(colours, 5, 0)]
    assert {label: few.count(label) for label in COLOURS} == dict.fromkeys(COLOURS, 5)
    wrong = flipped(colours, small, 0.2, 0)
    assert [a.item for a in wrong] == [b.item for b in small]
    assert sum(a.expected != b.expected for a, b in zip(wrong, small, strict=True)) == 4
    asked = [row.item.id for _, test in folds(colours, 0) for row in test]
    assert sorted(asked) == sorted(row.item.id for row in colours.pool)


def test_an_interrupted_run_resumes(tmp_path: Path):
    path = tmp_path / "cells.jsonl"
    Results(path).add({"key": "a", "study": "learn", "n": 1})
    with path.open("a") as handle:
        handle.write('{"key": "b", "stu')  # killed while writing
    results = Results(path)
    assert list(results.records) == ["a"]
    results.add({"key": "b", "study": "learn", "n": 2})
    results.add({"key": "a", "study": "learn", "n": 3})
    again = Results(path)
    assert {key: record["n"] for key, record in again.records.items()} == {"a": 3, "b": 2}


def test_a_cell_of_each_contender(colours: Domain, tmp_path: Path):
    for name in ("lr", "lr10", "knn", "svc", "boosting"):
        record = measure(Cell("learn", "colours", 40, 0, name), colours, Contender(name, tmp_path))
        whole = record["variants"]["whole"]
        assert whole["score"] > 0.7 and whole["n"] == 60
        assert measures.unpacked(whole["right"], 60).sum() == 60 - whole["errors"]


def test_a_cell_reports_unanswered_items():
    assert apart(lambda: {"key": "x"}).keys() == {"key", "peak_mb"}

    def broken():
        raise ValueError("no")

    with pytest.raises(RuntimeError, match="ValueError: no"):
        apart(broken)


def test_measures():
    right = np.array([True, True, False, False])
    assert measures.calibration_error(np.array([1.0, 1.0, 0.0, 0.0]), right) == 0
    assert measures.calibration_error(np.full(4, 0.75), right) == pytest.approx(0.25)
    assert measures.surest(np.array([0.9, 0.8, 0.1, 0.2]), right, 0.5) == 1.0
    assert measures.flips(right, np.array([False, True, True, True])) == {"lost": 1, "won": 2, "p": 1.0}
    assert difference([0.9, 0.8], [0.8, 0.7]) == {"mean": 0.1, "low": pytest.approx(0.1), "high": pytest.approx(0.1)}


def test_composed_answers_need_all_three_parts():
    truths = [(group, *rest) for group, of in DECISIONS.items() for rest in of]
    items = [Composed(Raw({}, {}, decide(*truth)), truth) for truth in truths]
    most = ceilings(items)
    assert len(items) == 12 and most["picture + text + numbers"] == 1.0
    assert max(most[name] for name in ("picture", "text", "numbers")) <= 0.5
    pairs = [share for name, share in most.items() if name.count("+") == 1]
    assert len(pairs) == 3 and max(pairs) < 0.7


def test_parts_of_an_item():
    item = Item("i", {"a": 1.0, "b": "text", "c": True}, {"p": Medium("file:///p", "image", "0" * 64, 1)})
    assert only(item, ["text"]) == Item("i", {"b": "text"}, {})
    assert only(item, ["numbers"]) == Item("i", {"a": 1.0, "c": True}, {})
    assert only(item, ["picture"]) == Item("i", {}, item.media) and only(item, PARTS) == item


def test_the_page_shows_the_measured_figures(colours: Domain, tmp_path: Path):
    records = []
    for seed in (0, 1):
        cell = Cell("learn", "letter", 40, seed, "lr")
        records.append({**measure(cell, colours, Contender("lr", tmp_path)), "peak_mb": 1.0})
        spied = measure(Cell("learn", "letter", 40, seed, "duke"), colours, Spy())
        records.append({**spied, "peak_mb": 2.0})
    figures = cell_figures(json.loads(json.dumps(records)))
    (gap,) = versus(figures)
    means = {f["learner"]: f["score"]["mean"] for f in figures}
    assert gap["best"] == "lr" and gap["difference"]["mean"] == pytest.approx(means["duke"] - means["lr"], abs=2e-5)
    about = {
        "title": "letters",
        "kind": "classification",
        "modality": "numbers",
        "note": "",
        "labels": 3,
        "pool": 1,
        "test": 1,
    }
    found = {
        "domains": {"letter": about},
        "contenders": {"numbers": {"lr": "LR"}},
        "cells": figures,
        "versus": [gap],
        "streams": [],
        "environment": {},
    }
    page = report.page(found, {})
    assert f"{100 * means['duke']:.1f} ±" in page and "below in 1" in page
    assert set(stream_run.LOOPS) >= {"frozen", "seed_loop", "duke"}


def test_a_single_label_is_the_answer(colours: Domain, tmp_path: Path):
    red = [row for row in colours.pool if row.expected == "red"]
    assert set(Contender("svc", tmp_path).fit([Task(colours, red)], 0).predict(colours, colours.test).predictions) == {
        "red"
    }
    nothing = Contender("svc", tmp_path).fit([], 0).predict(colours, colours.test)
    assert set(nothing.predictions) == {colours.labels[0]}


def tiny_duke(cache: Path, **more):
    """Duke MM with next to no network, trained for next to no time."""
    from benchmarks.contenders.duke import Duke
    from dukemm.config import FusionConfig
    from dukemm.fusion.training import FusionTraining
    from dukemm.train.run import TrainConfig

    network, training = FusionConfig(width=16, layers=1, members=1), FusionTraining(min_epochs=2, max_epochs=3)
    return Duke(cache, config=TrainConfig(version="1", preset="tiny", network=network, training=training), **more)


def test_duke_mm_learns_and_answers_without_seeing_the_answers(colours: Domain, tmp_path: Path):
    known = colours.pool[:50]
    fitted = tiny_duke(tmp_path).fit([Task(colours, known, frozenset([known[0].item.id]))], 0)
    assert fitted.variants == ("whole", "no_specialists", "no_fusion")
    hidden = [Row(row.item, "red") for row in colours.test]
    for variant in fitted.variants:
        answers = fitted.predict(colours, colours.test, variant)
        assert set(answers.predictions) <= set(colours.labels) and len(answers.predictions) == 60
        assert fitted.predict(colours, hidden, variant).predictions == answers.predictions
    assert measures.of(colours, colours.test, fitted.predict(colours, colours.test))["score"] > 0.7


def test_duke_mm_answers_from_examples_and_from_nothing(colours: Domain, tmp_path: Path):
    few = tiny_duke(tmp_path, from_examples=True).fit([Task(colours, draw_per_class(colours, 10, 0))], 0)
    assert few.variants == ("whole",)
    assert measures.of(colours, colours.test, few.predict(colours, colours.test))["score"] > 0.7
    nothing = tiny_duke(tmp_path).fit([], 0)
    assert set(nothing.predict(colours, colours.test).predictions) <= set(colours.labels)


def test_published_figures_are_replaced_only_by_as_many_seeds():
    def entry(learner: str, seeds: list[int], score: float) -> dict:
        key = {"study": "learn", "domain": "letter", "size": 100, "variant": "whole"}
        return {**key, "learner": learner, "seeds": seeds, "score": score}

    published = [entry("svc", [0, 1, 2], 0.5), entry("duke", [0, 1], 0.6)]
    found = kept_cells(published, [entry("svc", [0], 0.4), entry("duke", [0, 1, 2], 0.7), entry("lr", [0], 0.3)])
    assert [(e["learner"], e["score"], e.get("kept", False)) for e in found] == [
        ("duke", 0.7, False), ("lr", 0.3, False), ("svc", 0.5, True),
    ]  # fmt: skip

    def stream(learners: dict[str, int], ratios: dict) -> dict:
        of = {name: {"seeds": [0], "errors": errors} for name, errors in learners.items()}
        return {"domains": ["a"], "tasks": 10, "learners": of, "ratios": ratios, "duke": []}

    (one,) = kept_streams([stream({"svc": 5, "knn": 7}, {"best": "svc"})], [stream({"svc": 4}, {})])
    assert (one["learners"]["svc"]["errors"], one["learners"]["knn"]["kept"]) == (4, True)
    assert "kept" not in one["learners"]["svc"] and one["ratios"] == {"best": "svc"}
    assert kept_streams([], [stream({"svc": 4}, {})])[0]["learners"] == {"svc": {"seeds": [0], "errors": 4}}
