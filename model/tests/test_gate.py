import itertools

import numpy as np
import pytest

from dukemm.evaluate import paired
from dukemm.evaluate.gate import decide
from dukemm.evaluate.pairs import Pairs, differences


def test_the_tail_equals_that_of_all_sign_flips():
    rng = np.random.default_rng(0)
    for _ in range(300):
        units, threshold = rng.integers(-6, 7, rng.integers(0, 10)), int(rng.integers(-30, 31))
        sums = [
            sum(s * u for s, u in zip(signs, units, strict=True)) for signs in itertools.product((1, -1), repeat=len(units))
        ]
        assert paired.sign_flip_p_value(units, threshold) == pytest.approx(
            np.mean([total >= threshold for total in sums]), abs=1e-9
        )


def test_independent_rows_give_mcnemars_exact_test():
    from scipy.stats import binomtest

    rng = np.random.default_rng(1)
    for _ in range(50):
        won, lost = rng.integers(0, 60, 2)
        units = np.array([20] * won + [-20] * lost, np.int64)
        expected = binomtest(int(won), int(won + lost), alternative="greater").pvalue if won + lost else 1.0
        assert paired.sign_flip_p_value(units, int(units.sum())) == pytest.approx(expected, abs=1e-9)


def test_rows_of_a_task_are_clustered_if_there_are_many_tasks():
    differences_ = np.array([20] * 30 + [-20] * 10)
    assert len(paired.exchangeable_units(differences_, np.arange(40))) == 40
    assert sorted(paired.exchangeable_units(differences_, np.arange(40) // 4)) == [
        -80,
        -80,
        *[80] * 7,
    ]  # one is a draw
    assert len(paired.exchangeable_units(differences_, np.zeros(40, np.int64))) == 40


def pairs_of(candidate, production, label=None) -> Pairs:
    """One family; a wrong answer is the next label."""
    candidate, production = np.asarray(candidate, bool), np.asarray(production, bool)
    n = len(candidate)
    label = np.arange(n) % 2 if label is None else np.asarray(label)
    wrong = (label + 1) % (label.max(initial=0) + 1)
    said = [np.where(right, label, wrong) for right in (candidate, production)]
    return Pairs(
        np.zeros(n, np.int64), label, np.arange(n), differences(candidate, production), candidate, production, *said
    )


def rules_of(decision) -> dict[str, bool]:
    return {rule.rule: rule.passed for rule in decision.rules}


def drawn(rng, n: int, better: float, churn: float = 0.08, accuracy: float = 0.85) -> Pairs:
    lost, won = churn / 2 + max(-better, 0), churn / 2 + max(better, 0)
    which = rng.choice(4, n, p=[won, lost, accuracy - lost, 1 - accuracy - won])
    return pairs_of((which == 0) | (which == 2), (which == 1) | (which == 2), rng.integers(0, 10, n))


@pytest.mark.parametrize(
    ("better", "n", "least", "most"), [(0, 1000, 0, 0.06), (-0.03, 1000, 0, 0.01), (0.03, 1000, 0.7, 1)]
)
def test_equal_candidates_rarely_pass_and_better_ones_usually(better, n, least, most):
    rng = np.random.default_rng(7)
    promoted = np.mean([decide(drawn(rng, n, better), n, 0).promote for _ in range(200)])
    assert least <= promoted <= most


def test_an_identical_candidate_never_passes():
    right = np.arange(500) % 5 > 0
    decision = decide(pairs_of(right, right), 500, 0)
    assert rules_of(decision) == {"answers": True, "better": False, "no_class_worse": True, "negative_flips": True}
    assert not decision.promote
    assert "p = 1.0000" in decision.reasons[0]


def test_a_worse_class_blocks_a_candidate_that_is_better_overall():
    label = np.concatenate([np.arange(900) % 4, np.full(100, 4)])
    production = np.concatenate([np.arange(900) % 10 < 8, np.ones(100, bool)])
    candidate = np.concatenate([np.arange(900) % 10 < 9, np.arange(100) % 5 > 0])
    pairs = pairs_of(candidate, production, label)
    pairs.candidate_label[900:] = np.where(candidate[900:], 4, -1)
    for said, right in ((pairs.candidate_label, candidate), (pairs.production_label, production)):
        said[:900][~right[:900]] = (label[:900][~right[:900]] + 1) % 4
    decision = decide(pairs, 1000, 0)
    assert rules_of(decision) == {"answers": True, "better": True, "no_class_worse": False, "negative_flips": True}
    assert decision.worse_labels == [4]
    assert "1 of 6" in decision.reasons[0] and "20.0 points" in decision.reasons[0]


def test_a_constant_production_version_sets_no_bar_for_its_label():
    """It misses none of them; a better one must miss some."""
    rng = np.random.default_rng(8)
    label = (rng.random(800) < 0.4).astype(np.int64)
    candidate = rng.random(800) < 0.95
    decision = decide(pairs_of(candidate, label == 0, label), 800, 0)
    assert (candidate | (label == 1)).mean() < 1
    assert decision.promote


def test_without_answered_labels_only_recall_counts():
    label = np.arange(800) % 2
    production = label == 0
    candidate = np.where(label == 0, np.arange(800) % 20 > 0, True)
    known = pairs_of(candidate, production, label)
    unknown = Pairs(known.family, known.label, known.task, known.difference, candidate, production)
    assert decide(known, 800, 0).promote
    assert decide(unknown, 800, 0).worse_labels == [0]


def test_small_classes_do_not_freeze_learning():
    """Twenty items lost among a hundred classes of five: within noise for any of them."""
    rng = np.random.default_rng(3)
    label = np.concatenate([np.repeat(np.arange(100), 5), np.full(100, 100)])
    production, candidate = label < 100, np.ones(600, bool)
    candidate[rng.choice(500, 20, replace=False)] = False
    decision = decide(pairs_of(candidate, production, label), 600, 0)
    assert rules_of(decision)["no_class_worse"] and decision.promote


def test_half_a_point_is_within_the_margin_but_one_is_not():
    production = np.ones(4000, bool)
    for lost, passed in ((19, True), (40, False)):
        candidate = np.arange(4000) >= lost
        decision = decide(pairs_of(candidate, production, np.zeros(4000, np.int64)), 4000, 0)
        assert rules_of(decision)["no_class_worse"] is passed


def test_many_classes_do_not_raise_the_chance_of_a_block():
    """Of 60 equal classes one lost eight items more than it won (p = 0.03): among so many, chance does that."""
    label = np.repeat(np.arange(60), 40)
    place = np.tile(np.arange(40), 60)
    production, candidate = place >= 3, (place < 3) | (place >= 6)
    candidate[label == 0] = place[label == 0] >= 8
    production[label == 0] = True
    decision = decide(pairs_of(candidate, production, label), 2400, 0)
    assert rules_of(decision)["no_class_worse"]
    assert next(rule for rule in decision.rules if rule.rule == "no_class_worse").numbers["smallest_p"] < 0.05


def test_exchanging_correct_answers_is_not_an_improvement():
    rng = np.random.default_rng(4)
    n = 3000
    production, candidate = rng.random(n) < 0.80, rng.random(n) < 0.83
    decision = decide(pairs_of(candidate, production), n, 0)
    assert rules_of(decision)["better"] and not rules_of(decision)["negative_flips"]


def test_a_guessing_version_sets_no_bar():
    rng = np.random.default_rng(5)
    decision = decide(pairs_of(rng.random(600) < 0.9, rng.random(600) < 0.5), 600, 0)
    assert decision.promote


def test_the_first_version_needs_sane_answers_only():
    assert decide(None, 0, 0).promote
    assert decide(None, 10, 0).reasons == ["all 10 answers can be delivered"]
    assert not decide(None, 10, 1).promote


def test_without_explicit_verdicts_there_is_no_evidence():
    decision = decide(pairs_of([], []), 40, 0)
    assert not decision.promote and not rules_of(decision)["better"]


def test_numbers_are_compared_by_their_errors():
    right = np.ones(4, bool)
    errors = np.array([[0.1, 0.2], [0.3, 0.1], [np.inf, 0.1], [np.nan, np.nan]])
    assert differences(right, right, errors).tolist() == [2, -4, -20, 0]
