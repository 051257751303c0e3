from dataclasses import replace

import pytest
from fakes import FakeAnswer, FakeVersion, flower_rule, flowers, houses

from dukemm.contract.unusable import Unusable
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import Medium
from dukemm.evaluate.asking import UNREADABLE, ask


class Picky(FakeVersion):
    """Knows no numbers, cannot read files, and makes nothing of one item."""

    def __init__(self):
        super().__init__("2", flower_rule(0.0))
        self.calls = 0

    def answer_rows(self, outcomes):
        self.calls += 1
        if any(row.kind == "regression" for row in outcomes):
            raise DukeMMError("unsupported", "no numbers")
        if any(row.item.media or row.id.endswith("#9") for row in outcomes):
            raise DukeMMError("invalid_request", "its file is gone, or nothing like it was ever seen")
        return super().answer_rows(outcomes)


def test_a_row_that_cannot_be_answered_does_not_affect_others():
    rows = [*flowers(20, 0), *houses(20, 0)]
    medium = Medium("s3://bucket/gone", "text", "0" * 64, 1)
    rows[7] = replace(rows[7], item=replace(rows[7].item, media={"letter": medium}))
    version = Picky()
    unusable = Unusable("evaluate")
    replies = ask(version, rows, unusable)
    assert replies[7] is UNREADABLE and replies[9] is None and replies[20:] == [None] * 20
    assert all(isinstance(reply, FakeAnswer) for i, reply in enumerate(replies[:20]) if i not in (7, 9))
    assert replies[0] == version.answer_rows(rows[:1])[0]


def test_an_error_of_the_machine_ends_the_evaluation():
    version = FakeVersion("2", flower_rule(0.0))
    version.answer_rows = lambda rows: (_ for _ in ()).throw(DukeMMError("overloaded", "no storage"))
    with pytest.raises(DukeMMError, match="no storage"):
        ask(version, flowers(3, 0), Unusable("evaluate"))
    version.answer_rows = lambda rows: []
    with pytest.raises(DukeMMError, match="0 answers to 3 items"):
        ask(version, flowers(3, 0), Unusable("evaluate"))


def test_a_version_that_fails_at_one_family_answers_the_others_and_is_reported():
    rows = [*flowers(20, 0), *houses(20, 0)]
    rule = flower_rule(0.0)

    def brittle(row):
        assert row.family != "fam_houses", "never seen"
        return rule(row)

    unusable = Unusable("evaluate")
    replies = ask(FakeVersion("2", brittle), rows, unusable)
    assert all(isinstance(reply, FakeAnswer) for reply in replies[:20]) and replies[20:] == [None] * 20
    [entry] = unusable.report()["entries"]
    failed = "version 2 failed at the item: AssertionError"
    assert entry == {"what": "outcomes", "family": "fam_houses", "count": 20, "reason": failed}
