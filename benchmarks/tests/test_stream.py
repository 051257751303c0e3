"""The stream of benchmarks: who learns what, and when. Not its figures."""

from pathlib import Path

import pytest

from benchmarks.contenders.contender import Contender
from benchmarks.contenders.learner import Answers
from benchmarks.data.rows import Domain, load
from benchmarks.reports import report
from benchmarks.reports.summary import stream_figures
from benchmarks.studies import measures
from benchmarks.studies.loops import Gated, GatedWithExamples, Retrained, RetrainedPerBatch, SeedLoop, reservoir_of
from benchmarks.studies.stream import EVERY, Inbox, make_stream
from benchmarks.studies.stream_walk import run_stream
from benchmarks.studies.versions import FIRST, measure_versions
from benchmarks.tests.support import Spy, source_of


def test_a_repeated_message_changes_nothing():
    inbox = Inbox()
    assert [inbox.receive(task) for task in (3, 5, 3)] == [True, True, False]
    assert inbox.order == [3, 5]


@pytest.fixture
def domains(tmp_path: Path) -> dict[str, Domain]:
    return {name: load(source_of(name, 400, seed=i), tmp_path) for i, name in enumerate(("one", "two"))}


def test_a_stream_reveals_only_what_has_arrived(domains: dict[str, Domain]):
    stream = make_stream(domains, 700, 0)
    assert len({task.row.item.id for task in stream.tasks}) == 700 and stream.messages > 700 * 0.98
    assert [s.start for s in stream.segments[1:]] == [s.stop for s in stream.segments[:-1]]
    for segment, following in zip(stream.segments, stream.segments[1:], strict=False):
        assert len(set(following.known)) == len(following.known) >= len(segment.known) + EVERY
        assert set(segment.known) < set(following.known) and max(following.known) < following.start
    late = set(range(stream.segments[2].start)) - set(stream.segments[2].known)
    assert late  # some feedback is still pending
    assert make_stream(domains, 700, 0).segments == stream.segments != make_stream(domains, 700, 1).segments


def test_learners_get_only_known_outcomes(domains: dict[str, Domain]):
    stream, spy = make_stream(domains, 400, 0), Spy()
    record = run_stream(stream, domains, Retrained(spy, 0))
    for learned, segment in zip(spy.learned, stream.segments, strict=True):
        assert learned == {stream.tasks[p].row.item.id for p in segment.known}
    assert all(int(i[:6], 16) % 2 for i in spy.failures) and spy.failures
    assert record["variants"]["whole"]["errors"] == sum(int(t.row.item.id[:6], 16) % 2 for t in stream.tasks)


def test_a_later_variant_equals_the_full_one_until_it_starts(domains: dict[str, Domain]):
    class Later(Spy):
        """From its second version on it has a variant that is always wrong."""

        @property
        def variants(self):
            return ("whole", "silent") if len(self.learned) > 1 else ("whole",)

        def predict(self, domain, rows, variant="whole"):
            return super().predict(domain, rows) if variant == "whole" else Answers(["none"] * len(rows))

    stream = make_stream(domains, 250, 0)
    found = run_stream(stream, domains, Retrained(Later(), 0))["variants"]
    whole, silent = (measures.unpacked(found[name]["right"], 250) for name in ("whole", "silent"))
    first = stream.segments[0].stop
    assert (silent[:first] == whole[:first]).all() and whole[:first].any() and not silent[first:].any()


def test_the_products_learner_never_trains_on_its_comparison_data(domains: dict[str, Domain]):
    stream, spy = make_stream(domains, 500, 0), Spy()
    notes = run_stream(stream, domains, Gated(spy, 0))["versions"]
    for learned, segment in zip(spy.learned[1:], stream.segments[1:], strict=True):
        assert 0.5 * len(segment.known) < len(learned) < 0.9 * len(segment.known)
    reservoir = {stream.tasks[p].row.item.id for p in reservoir_of(stream.tasks, range(500))}
    assert len(reservoir) > 20 and not any(reservoir & learned for learned in spy.learned)
    held_out = {stream.tasks[p].row.item.id for p in stream.segments[-1].known} - spy.learned[-1]
    assert held_out and not any(held_out & learned for learned in spy.learned)
    # Two versions that answer alike: the gate has no reason to change.
    assert [note["promoted"] for note in notes] == [True, *[False] * (len(notes) - 1)]


def test_tasks_come_with_items_confirmed_before_them_only(domains: dict[str, Domain]):
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

    run_stream(stream, domains, GatedWithExamples(Reader(), 0))
    place = {task.row.item.id: p for p, task in enumerate(stream.tasks)}
    arrived = {task: p for p in reversed(range(300)) for task in stream.arrivals[p]}
    came_with = [(examples, item) for examples, items in asked for item in items if examples]
    assert len(came_with) > 200
    for examples, item in came_with:
        assert all(arrived[place[example]] < place[item] for example in examples)
    assert max(len(examples) for examples, _ in came_with) > 200


def test_an_immediate_learner_learns_from_the_examples(domains: dict[str, Domain], tmp_path: Path):
    stream = make_stream(domains, 250, 0)
    late, soon = (
        run_stream(stream, domains, loop(Contender("lr", tmp_path), 0))["variants"]["whole"]["errors"]
        for loop in (Retrained, RetrainedPerBatch)
    )
    assert soon < late


def test_the_original_loop_learns_from_confident_successes_only(domains: dict[str, Domain]):
    stream, spy = make_stream(domains, 400, 0), Spy()
    run_stream(stream, domains, SeedLoop(spy, 0))
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
            found = run_stream(stream, domains, Retrained(Contender(name, tmp_path), seed))
            records.append({"domains": list(domains), "tasks": 250, "seed": seed, "learner": name, **found})
        found = run_stream(stream, domains, Gated(Spy(), seed))
        records.append({"domains": list(domains), "tasks": 250, "seed": seed, "learner": "duke", **found})
        found = run_stream(stream, domains, RetrainedPerBatch(Contender("lr", tmp_path), seed))
        records.append({"domains": list(domains), "tasks": 250, "seed": seed, "learner": "lr_at_once", **found})
    (figures,) = stream_figures(records, domains)
    errors = {name: found["errors"]["mean"] for name, found in figures["learners"].items()}
    assert errors["oracle"] <= min(errors["lr"], errors["knn"])
    assert figures["ratios"]["to_oracle"]["mean"] >= figures["ratios"]["to_best"]["mean"] > 0
    assert figures["ratios"]["best"] in ("lr", "knn") and figures["ratios"]["at_once"] == "lr_at_once"
    assert "×" in report.stream_text({**figures, "domains": []}) and "promoted" in report.promotions(figures)
