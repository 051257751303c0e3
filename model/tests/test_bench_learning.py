"""The machinery of bench/learning, on a few dozen rows: what is compared is compared fairly. Not its figures."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.learning import measures, report, stream_run
from bench.learning.cells import Cell, Results, apart, measure, splits
from bench.learning.contenders import Contender
from bench.learning.domains.images import png
from bench.learning.domains.mixed import DECISIONS, PARTS, Composed, ceilings, decide
from bench.learning.learner import Answers, Task
from bench.learning.loops import AtOnce, Gated, GatedWithExamples, Retrained, SeedLoop, go_through, reservoir_of
from bench.learning.parts import only
from bench.learning.rows import Domain, Raw, Row, Source, draw, draw_per_class, flipped, folds, load
from bench.learning.stream import EVERY, Inbox, make_stream
from bench.learning.summary import cell_figures, difference, stream_figures, versus
from bench.learning.versions import FIRST, measure_versions

from dukemm.serve.protocol import Item, Medium

COLOURS = ("red", "green", "blue")


def raws(count: int, seed: int = 0) -> Iterable[Raw]:
    """Rows whose label their numbers tell, most of the time; every tenth row comes twice."""
    random = np.random.default_rng(seed)
    for i in range(count):
        label = int(random.integers(3))
        fields = {f"n{j}": round(float(random.normal(label == j, 0.4)), 6) for j in range(3)}
        yield Raw(fields, {}, COLOURS[label])
        if i % 10 == 0:
            yield Raw(fields, {}, COLOURS[label])


def source_of(name: str, count: int, test: int = 0, seed: int = 0, **more) -> Source:
    return Source(
        name=name,
        title=name,
        kind="classification",
        modality=more.pop("modality", "numbers"),
        description="Which colour?",
        raws=more.pop("raws", lambda: raws(count, seed)),
        sizes=(40,) if test else (),
        test=test,
        **more,
    )


@pytest.fixture
def colours(tmp_path: Path) -> Domain:
    return load(source_of("colours", 160, test=60), tmp_path)


class Spy:
    """Learns nothing, remembers what it was given; is sure and right about every other item."""

    name = "spy"
    variants = ("whole",)

    def __init__(self) -> None:
        self.learned: list[set[str]] = []
        self.failures: set[str] = set()

    def fit(self, tasks, seed):
        self.learned.append({row.item.id for task in tasks for row in task.rows})
        self.failures = {i for task in tasks for i in task.failures}
        return self

    def predict(self, domain, rows, variant="whole"):
        right = [int(row.item.id[:6], 16) % 2 == 0 for row in rows]
        wrong = {label: domain.labels[i - 1] for i, label in enumerate(domain.labels)}
        predictions = [r.expected if ok else wrong[r.expected] for r, ok in zip(rows, right, strict=True)]
        return Answers(predictions, np.where(right, 0.9, 0.2), probabilistic=True)


def test_a_content_is_on_one_side_only_and_twins_are_one(colours: Domain):
    ids = [row.item.id for row in colours.rows]
    assert len(colours.pool) == 100 and len(colours.test) == 60 and len(set(ids)) == 160
    for study in ("learn", "few", "flips"):
        for train, test in splits(Cell(study, "colours", 40, 0, "lr"), colours):
            assert train and not {r.item.id for r in train} & {r.item.id for r in test}
    leaking = Domain(colours.source, colours.labels, colours.rows, colours.test, colours.places)
    with pytest.raises(AssertionError, match="on both sides"):
        splits(Cell("learn", "colours", 160, 0, "lr"), leaking)


def test_prepared_data_are_read_back_as_they_were_made(tmp_path: Path):
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


def test_an_interrupted_run_goes_on(tmp_path: Path):
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


def test_what_a_cell_does_not_answer_is_told():
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


def test_a_second_message_changes_nothing():
    inbox = Inbox()
    assert [inbox.receive(task) for task in (3, 5, 3)] == [True, True, False]
    assert inbox.order == [3, 5]


@pytest.fixture
def domains(tmp_path: Path) -> dict[str, Domain]:
    return {name: load(source_of(name, 400, seed=i), tmp_path) for i, name in enumerate(("one", "two"))}


def test_a_stream_tells_only_what_has_arrived(domains: dict[str, Domain]):
    stream = make_stream(domains, 700, 0)
    assert len({task.row.item.id for task in stream.tasks}) == 700 and stream.messages > 700 * 0.98
    assert [s.start for s in stream.segments[1:]] == [s.stop for s in stream.segments[:-1]]
    for segment, following in zip(stream.segments, stream.segments[1:], strict=False):
        assert len(set(following.known)) == len(following.known) >= len(segment.known) + EVERY
        assert set(segment.known) < set(following.known) and max(following.known) < following.start
    late = set(range(stream.segments[2].start)) - set(stream.segments[2].known)
    assert late  # some feedback is still on its way
    assert make_stream(domains, 700, 0).segments == stream.segments != make_stream(domains, 700, 1).segments


def test_learners_are_given_what_is_known_and_no_more(domains: dict[str, Domain]):
    stream, spy = make_stream(domains, 400, 0), Spy()
    record = go_through(stream, domains, Retrained(spy, 0))
    for learned, segment in zip(spy.learned, stream.segments, strict=True):
        assert learned == {stream.tasks[p].row.item.id for p in segment.known}
    assert all(int(i[:6], 16) % 2 for i in spy.failures) and spy.failures
    assert record["variants"]["whole"]["errors"] == sum(int(t.row.item.id[:6], 16) % 2 for t in stream.tasks)


def test_a_variant_that_comes_later_is_the_whole_until_then(domains: dict[str, Domain]):
    class Later(Spy):
        """From its second version on it has a variant that is always wrong."""

        @property
        def variants(self):
            return ("whole", "silent") if len(self.learned) > 1 else ("whole",)

        def predict(self, domain, rows, variant="whole"):
            return super().predict(domain, rows) if variant == "whole" else Answers(["none"] * len(rows))

    stream = make_stream(domains, 250, 0)
    found = go_through(stream, domains, Retrained(Later(), 0))["variants"]
    whole, silent = (measures.unpacked(found[name]["right"], 250) for name in ("whole", "silent"))
    first = stream.segments[0].stop
    assert (silent[:first] == whole[:first]).all() and whole[:first].any() and not silent[first:].any()


def test_the_products_way_never_learns_what_it_compares_on(domains: dict[str, Domain]):
    stream, spy = make_stream(domains, 500, 0), Spy()
    notes = go_through(stream, domains, Gated(spy, 0))["versions"]
    for learned, segment in zip(spy.learned[1:], stream.segments[1:], strict=True):
        assert 0.5 * len(segment.known) < len(learned) < 0.9 * len(segment.known)
    reservoir = {stream.tasks[p].row.item.id for p in reservoir_of(stream.tasks, range(500))}
    assert len(reservoir) > 20 and not any(reservoir & learned for learned in spy.learned)
    held_out = {stream.tasks[p].row.item.id for p in stream.segments[-1].known} - spy.learned[-1]
    assert held_out and not any(held_out & learned for learned in spy.learned)
    # Two versions that answer alike: the gate has no reason to change.
    assert [note["promoted"] for note in notes] == [True, *[False] * (len(notes) - 1)]


def test_tasks_come_with_what_was_confirmed_before_them_and_no_more(domains: dict[str, Domain]):
    stream = make_stream(domains, 300, 0)
    asked: list[tuple[set[str], list[str]]] = []

    class Reader(Spy):
        """Notes what it was given with what it was asked."""

        def with_examples(self, examples):
            other = Reader()
            other.examples = {row.item.id for rows in examples.values() for row in rows}
            return other

        def predict(self, domain, rows, variant="whole"):
            asked.append((getattr(self, "examples", set()), [row.item.id for row in rows]))
            return super().predict(domain, rows)

    go_through(stream, domains, GatedWithExamples(Reader(), 0))
    place = {task.row.item.id: p for p, task in enumerate(stream.tasks)}
    arrived = {task: p for p in reversed(range(300)) for task in stream.arrivals[p]}
    came_with = [(examples, item) for examples, items in asked for item in items if examples]
    assert len(came_with) > 200
    for examples, item in came_with:
        assert all(arrived[place[example]] < place[item] for example in examples)
    assert max(len(examples) for examples, _ in came_with) > 200


def test_what_learns_at_once_learns_from_the_examples(domains: dict[str, Domain], tmp_path: Path):
    stream = make_stream(domains, 250, 0)
    late, soon = (
        go_through(stream, domains, loop(Contender("lr", tmp_path), 0))["variants"]["whole"]["errors"]
        for loop in (Retrained, AtOnce)
    )
    assert soon < late


def test_the_seeds_loop_learns_from_sure_successes_only(domains: dict[str, Domain]):
    stream, spy = make_stream(domains, 400, 0), Spy()
    go_through(stream, domains, SeedLoop(spy, 0))
    first = spy.learned[1]
    assert all(int(i[:6], 16) % 2 == 0 for learned in spy.learned[2:] for i in learned - first)
    assert any(learned - first for learned in spy.learned[2:])


def test_versions_follow_a_hundred_failures(tmp_path: Path):
    domain, spy = load(source_of("many", 900, test=50), tmp_path), Spy()
    found = measure_versions(domain, spy, 0)["variants"]
    assert [found[v]["failures"] for v in ("v1", "v2", "v3")] == [0, 100, 200]
    assert found["v1"]["labels"] == FIRST < found["v2"]["labels"] < found["v3"]["labels"]
    assert found["v2"]["lost"] == 0


def test_the_oracle_is_no_worse_than_any_contender(domains: dict[str, Domain], tmp_path: Path):
    records = []
    for seed in (0, 1):
        stream = make_stream(domains, 250, seed)
        for name in ("lr", "knn"):
            found = go_through(stream, domains, Retrained(Contender(name, tmp_path), seed))
            records.append({"domains": list(domains), "tasks": 250, "seed": seed, "learner": name, **found})
        found = go_through(stream, domains, Gated(Spy(), seed))
        records.append({"domains": list(domains), "tasks": 250, "seed": seed, "learner": "duke", **found})
        found = go_through(stream, domains, AtOnce(Contender("lr", tmp_path), seed))
        records.append({"domains": list(domains), "tasks": 250, "seed": seed, "learner": "lr_at_once", **found})
    (figures,) = stream_figures(records, domains)
    errors = {name: found["errors"]["mean"] for name, found in figures["learners"].items()}
    assert errors["oracle"] <= min(errors["lr"], errors["knn"])
    assert figures["ratios"]["to_oracle"]["mean"] >= figures["ratios"]["to_best"]["mean"] > 0
    assert figures["ratios"]["best"] in ("lr", "knn") and figures["ratios"]["at_once"] == "lr_at_once"
    assert "×" in report.stream_text({**figures, "domains": []}) and "promoted" in report.promotions(figures)


def test_the_page_says_what_was_measured(colours: Domain, tmp_path: Path):
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
    assert set(stream_run.RULES) >= {"frozen", "seed_loop", "duke"}


def test_one_label_only_is_answered_as_it_is(colours: Domain, tmp_path: Path):
    red = [row for row in colours.pool if row.expected == "red"]
    assert set(Contender("svc", tmp_path).fit([Task(colours, red)], 0).predict(colours, colours.test).predictions) == {
        "red"
    }
    nothing = Contender("svc", tmp_path).fit([], 0).predict(colours, colours.test)
    assert set(nothing.predictions) == {colours.labels[0]}


def tiny_duke(cache: Path, **more):
    """Duke MM with next to no network, trained for next to no time."""
    from bench.learning.duke import Duke

    from dukemm.config import FusionConfig
    from dukemm.fusion.training import FusionTraining
    from dukemm.train.run import TrainConfig

    network, training = FusionConfig(width=16, layers=1, members=1), FusionTraining(fewest_epochs=2, most_epochs=3)
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
