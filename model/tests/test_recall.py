"""What a buyer confirmed in earlier tasks helps the next one, and never stands in its way."""

import hashlib
from pathlib import Path

import pytest
from conftest import WORDS, examples_in, request_of

ITEMS = [{"text": "alpha gamma"}, {"text": "two"}]


def confirmed(count: int = 30) -> list[dict]:
    return [
        {"id": f"r{i}", "fields": {"text": f"{words.split()[i % 3]} {i}"}, "expected": label}
        for i in range(count)
        for label, words in WORDS.items()
    ]


def recalled_in(folder: Path, rows: list[dict]) -> dict:
    there = folder / "recalled"
    there.mkdir(exist_ok=True)
    return examples_in(there, rows)


def answers(answer) -> list[tuple[str, float]]:
    assert answer.status_code == 200, answer.text
    return [(item["prediction"], item["confidence"]) for item in answer.json()["items"]]


def test_a_task_without_examples_is_answered_from_recalled_items(ask, folder):
    answer = ask(request_of(ITEMS, recalled=recalled_in(folder, confirmed())))
    assert [label for label, _ in answers(answer)] == ["a", "b"]
    assert answer.json()["items"][0]["explanation"]["nearest"][0]["id"].startswith("r")


def test_a_recalled_item_counts_like_an_example(ask, folder):
    rows = confirmed()
    as_examples = answers(ask(request_of(ITEMS, examples=examples_in(folder, rows))))
    assert answers(ask(request_of(ITEMS, recalled=recalled_in(folder, rows)))) == as_examples
    half = len(rows) // 2
    both = request_of(ITEMS, examples=examples_in(folder, rows[:half]), recalled=recalled_in(folder, rows[half:]))
    assert answers(ask(both)) == as_examples


def test_a_task_is_answered_without_a_replaced_snapshot(ask, folder):
    gone = {"uri": (folder / "gone.jsonl").as_uri(), "sha256": "0" * 64, "count": 3}
    assert answers(ask(request_of(ITEMS, recalled=gone))) == answers(ask(request_of(ITEMS)))


def test_a_snapshot_with_another_hash_is_rejected(ask, folder):
    forged = {**recalled_in(folder, confirmed()), "sha256": "0" * 64}
    assert "hash" in ask(request_of(ITEMS, recalled=forged)).json()["message"]


def test_recalled_labels_take_the_spelling_of_the_task(ask, folder):
    spelled = [{**row, "expected": f" {row['expected'].upper()}"} for row in confirmed()]
    stranger = {"id": "r", "fields": {"text": "alpha alpha"}, "expected": "neither"}
    as_declared = answers(ask(request_of(ITEMS, recalled=recalled_in(folder, confirmed()))))
    assert answers(ask(request_of(ITEMS, recalled=recalled_in(folder, [*spelled, stranger])))) == as_declared


def test_examples_of_the_task_override_recalled_duplicates(ask, folder):
    own = [{**row, "expected": "b" if row["expected"] == "a" else "a"} for row in confirmed()]
    alone = answers(ask(request_of(ITEMS, examples=examples_in(folder, own))))
    assert [label for label, _ in alone] == ["b", "a"]
    contradicted = request_of(ITEMS, examples=examples_in(folder, own), recalled=recalled_in(folder, confirmed()))
    assert answers(ask(contradicted)) == alone


@pytest.mark.parametrize("gone", [{0}, {3, 4, 59}, set(range(60))])
def test_rows_whose_file_was_deleted_are_left_out(ask, folder, gone):
    rows = confirmed()
    documents = [_with_file(folder, row, gone=i in gone) for i, row in enumerate(rows)]
    rest = [row for i, row in enumerate(documents) if i not in gone]
    found = answers(ask(request_of(ITEMS, recalled=recalled_in(folder, documents))))
    recalled = {"recalled": recalled_in(folder, rest)} if rest else {}
    assert found == answers(ask(request_of(ITEMS, **recalled)))


def test_rows_whose_file_was_replaced_are_left_out(ask, folder):
    documents = [_with_file(folder, row, gone=False) for row in confirmed()]
    changed = documents[4]["media"]["document"]
    Path(changed["uri"].removeprefix("file://")).write_text("something else")
    found = answers(ask(request_of(ITEMS, recalled=recalled_in(folder, documents))))
    rest = [row for row in documents if row["media"]["document"]["uri"] != changed["uri"]]
    assert found == answers(ask(request_of(ITEMS, recalled=recalled_in(folder, rest))))


def _with_file(folder: Path, row: dict, *, gone: bool) -> dict:
    content = row["fields"]["text"].encode()
    path = folder / f"{hashlib.sha256(content).hexdigest()}.txt"
    if not gone:
        path.write_bytes(content)
    medium = {
        "uri": path.as_uri(),
        "file_type": "text",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_bytes": len(content),
    }
    return {**row, "fields": {}, "media": {"document": medium}}


def test_numbers_are_learned_from_recalled_items(ask, folder):
    rows = [{"id": str(i), "fields": {"n": i}, "expected": 10 * i} for i in range(20)]
    body = request_of([{"n": 4.5}], kind="regression", labels=None, recalled=recalled_in(folder, rows))
    [(value, _)] = answers(ask(body))
    assert value == pytest.approx(45, abs=15)


def test_recalled_items_that_newer_rules_reject_are_left_out(ask, folder):
    unreadable = [
        {"id": "big", "fields": {"n": 1e150}, "expected": "a"},
        {"id": "long", "fields": {"t": "x" * 1_000_001}, "expected": "a"},
        {"id": "true", "fields": {"t": "alpha"}, "expected": True},
        {"id": "", "fields": {}, "expected": "a"},
    ]
    as_before = answers(ask(request_of(ITEMS, recalled=recalled_in(folder, confirmed()))))
    assert answers(ask(request_of(ITEMS, recalled=recalled_in(folder, [*unreadable, *confirmed()])))) == as_before


def test_a_recalled_number_out_of_range_stops_no_later_task(ask, folder):
    rows = [{"id": f"r{i}", "fields": {"n": i}, "expected": i} for i in range(20)]
    strange = [
        {"id": f"s{i}", "fields": {"n": 50 + i}, "expected": each} for i, each in enumerate((1e150, "many", "1e150"))
    ]
    body = request_of([{"n": 3}], kind="regression", labels=None)
    usual = ask({**body, "recalled": recalled_in(folder, rows)}).json()["items"][0]["prediction"]
    answer = ask({**body, "recalled": recalled_in(folder, [*rows, *strange])})
    assert answer.status_code == 200, answer.text
    assert answer.json()["items"][0]["prediction"] == usual
