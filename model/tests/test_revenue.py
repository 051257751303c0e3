"""What versions earn: prices less refunds, and the rule of the gate about it."""

from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeVersion, flower_rule, flowers, houses, price_rule
from test_evaluate import job_of
from test_held_back import column

from dukemm.evaluate.gate import Decision, Rule
from dukemm.evaluate.revenue import measure_revenue, revenue_rule
from dukemm.evaluate.run import evaluate
from dukemm.evaluate.table import Table


def table(price: np.ndarray, candidate: np.ndarray, production: np.ndarray, rows_per_task: int = 1) -> Table:
    n = len(price)
    label = np.arange(n) % 2
    return Table(
        np.zeros(n, np.int64), np.arange(n) // rows_per_task, np.ones(n, bool), label, np.zeros(n),
        column(candidate, label), column(production, label), price,
    )  # fmt: skip


def test_an_item_earns_its_price_if_it_is_right():
    prices = np.array([100.0, 100.0, 300.0, np.nan])
    measured = table(prices, np.array([True, False, True, False]), np.ones(4, bool))
    assert measure_revenue(measured, measured.candidate) == {
        "items": 3,
        "net_satoshis_per_item": pytest.approx(400 / 3),
        "refund_rate": pytest.approx(0.2),
    }
    silent = replace(measured, by_word=np.zeros(4, bool))
    assert measure_revenue(silent, silent.candidate) is None


def test_one_dear_item_weighs_as_much_as_many_cheap_ones():
    """The candidate wins more items and earns less: of 40 dear tasks it loses 30, of 400 cheap ones it wins 100."""
    dear = np.arange(440) < 40
    candidate = np.where(dear, np.arange(440) % 4 == 0, True)
    production = np.where(dear, True, np.arange(440) % 4 != 0)
    assert candidate.sum() > production.sum()
    rule = revenue_rule([table(np.where(dear, 10_000.0, 100.0), candidate, production)], decisive=True)
    assert rule is not None and not rule.passed and rule.decisive
    assert rule.numbers["candidate_net"] < rule.numbers["production_net"]
    equal = revenue_rule([table(np.full(440, 100.0), candidate, production)], decisive=True)
    assert equal is not None and equal.passed


def test_equal_versions_fail_in_at_most_five_per_cent():
    rng = np.random.default_rng(0)
    failed = 0
    for _ in range(400):
        prices = np.repeat(rng.lognormal(7, 1, 60), 5)
        first = rng.random(300) < 0.5
        changed = np.repeat(rng.random(60) < 0.4, 5)
        rule = revenue_rule(
            [table(prices, np.where(changed, first, True), np.where(changed, ~first, True), 5)], decisive=True
        )
        assert rule is not None
        failed += not rule.passed
    # The level is 5 %; 30 of 400 is its 99 % quantile.
    assert failed <= 30


def test_versions_that_answer_alike_pass_and_outcomes_without_prices_have_no_rule():
    right = np.ones(20, bool)
    rule = revenue_rule([table(np.full(20, 50.0), right, right)], decisive=False)
    assert rule is not None and rule.passed and not rule.decisive
    assert revenue_rule([table(np.full(20, np.nan), right, right)], decisive=False) is None
    assert revenue_rule([], decisive=False) is None
    assert revenue_rule([replace(table(np.full(20, 50.0), right, right), production=None)], decisive=False) is None


def test_a_rule_for_information_stops_no_candidate():
    failed = Rule("revenue", False, "it earns less", {}, decisive=False)
    assert Decision([failed]).promote
    assert not Decision([replace(failed, decisive=True)]).promote


def evaluated(folder, **more) -> dict:
    """The candidate answers more of the cheap flowers and fewer of the dear houses than production."""

    def version(name: str, cut: float, factor: float) -> FakeVersion:
        return FakeVersion(name, lambda r: flower_rule(cut)(r) if r.kind == "classification" else price_rule(factor)(r))

    rows = [
        *(replace(row, price_satoshis=1.0) for row in flowers(400, 0)),
        *(replace(row, price_satoshis=5_000.0) for row in houses(200, 0)),
    ]
    return evaluate(job_of(folder, version("2", 0.0, 130), version("1", 0.8, 110), rows, **more), lambda _line: None)


def test_the_report_shows_what_both_versions_earn_and_the_setting_decides(tmp_path):
    shown = evaluated(tmp_path / "shown")
    revenue = shown["families"]["fam_houses"]
    assert (
        revenue["candidate"]["revenue"]["net_satoshis_per_item"] < revenue["production"]["revenue"]["net_satoshis_per_item"]
    )
    [rule] = [rule for rule in shown["gate"]["rules"] if rule["rule"] == "revenue"]
    assert not rule["passed"] and rule["decisive"] is False
    decided = evaluated(tmp_path / "decided", revenue_decides=True)
    [rule] = [rule for rule in decided["gate"]["rules"] if rule["rule"] == "revenue"]
    assert not rule["passed"] and "decisive" not in rule
    assert decided["gate"]["decision"] == "archive" and rule["detail"] in decided["gate"]["reasons"]
