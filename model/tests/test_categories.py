"""Tables whose cells hold the same few words again and again."""

import numpy as np
import pytest
from test_task import CONFIG

from dukemm.answering.classification import ClassificationTask
from dukemm.answering.label_scorer import LabelEmbeddings, LabelTexts
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.ensemble.fit import FitSettings, NumericExamples
from dukemm.ensemble.prior import CalibrationPrior
from dukemm.ensemble.regressor import fit_regressor
from dukemm.experts.expert_set import Experts
from dukemm.experts.fitting import AnsweredItems, fit_experts
from dukemm.experts.gaussian_kernels import NumberBlock
from dukemm.features.columns import frequent_categories
from dukemm.media.views import views_of

NOWHERE = np.zeros(8, np.float32)


def item(**fields) -> EncodedItem:
    return EncodedItem(views_of(fields, {}), NOWHERE)


def votes(count: int, seed: int = 0) -> tuple[list[EncodedItem], np.ndarray]:
    """Ten votes, of which each is as the party's in four of five cases."""
    random = np.random.default_rng(seed)
    parties = np.arange(count) % 2
    said = np.where(random.random((count, 10)) < 0.8, parties[:, None], 1 - parties[:, None])
    missing = random.random((count, 10)) < 0.1
    return [
        item(**{f"v{j}": ("yes" if vote else "no") for j, vote in enumerate(row) if not gone[j]})
        for row, gone in zip(said, missing, strict=True)
    ], parties


def test_categories_are_recurring_words_but_not_numbers_or_texts():
    rows = [
        item(colour=("red", "blue")[i % 2], size=float(i), old=bool(i % 3), odd=f"w{i}" if i < 2 else None)
        for i in range(30)
    ]
    assert frequent_categories(rows) == ["colour=blue", "colour=red"]
    assert frequent_categories([item(note=f"word{i} other{i}") for i in range(30)]) == []  # each row says something else
    assert frequent_categories([*rows, item(colour="red " * 30)]) == []
    block = NumberBlock.fit(rows)
    assert block.columns == ["old", "size", "colour=blue", "colour=red"]
    assert block.table([item(colour="red")])[0, 2:].tolist() == [0.0, 1.0]


def test_a_table_of_categories_has_a_linear_expert_that_round_trips():
    rows, parties = votes(120)
    experts = fit_experts(AnsweredItems(rows, parties, 2, np.ones(120)), np.arange(120) % 10, CONFIG.ridge, seed=0).experts
    assert "logistic" in experts.names
    again = Experts.unpack(*experts.pack())
    asked, _ = votes(20, seed=1)
    for before, after in zip(experts.scores(asked)[0], again.scores(asked)[0], strict=True):
        assert after == pytest.approx(before, abs=1e-2)


def test_a_vote_is_answered_and_explained_by_the_votes():
    rows, parties = votes(120)
    names = ("left", "right")
    examples = [
        EncodedExample(str(i), names[party], row, str(i)) for i, (row, party) in enumerate(zip(rows, parties, strict=True))
    ]
    vectors = np.zeros((2, 8), np.float32)
    task = ClassificationTask(
        CONFIG, CalibrationPrior(), LabelTexts(names, LabelEmbeddings(vectors), 40.0), examples, lambda *_: {}
    )
    asked, truth = votes(200, seed=1)
    answers = task.answer(asked)
    assert np.mean([a.prediction == names[t] for a, t in zip(answers, truth, strict=True)]) > 0.9
    # The words that are said most often, by whatever field, count as well.
    fields = {word.field for answer in answers for word in answer.words if word.field}
    assert fields == {f"v{j}" for j in range(10)}
    assert {word.word for answer in answers for word in answer.words} == {"yes", "no"}


def test_numbers_depend_on_categories_and_unknown_categories_are_answered():
    random = np.random.default_rng(0)
    rooms, towns = random.integers(1, 6, 90), np.arange(90) % 3
    rows = [item(rooms=float(n), town=("north", "south", "west")[t]) for n, t in zip(rooms, towns, strict=True)]
    prices = 10.0 * rooms + 100.0 * towns
    model, _ = fit_regressor(NumericExamples(rows, prices, np.ones(90)), FitSettings(CONFIG.ridge))
    values = model.predict(rows[:30]).values
    assert np.abs(values - prices[:30]).mean() < 5
    strange = [item(), item(town="east"), item(town="north south " * 400), item(**{f"n=o{i}": "x=y" for i in range(3000)})]
    assert np.isfinite(model.predict(strange).values).all()


@pytest.mark.parametrize("family", ["votes", "numbers"])
def test_an_item_unlike_all_examples_is_answered_with_one_of_the_labels(family):
    rows, parties = votes(60)
    if family == "numbers":
        rows = [item(a=float(party) + i / 100, b=float(i)) for i, party in enumerate(parties)]
    names = ("left", "right")
    examples = [
        EncodedExample(str(i), names[party], row, str(i)) for i, (row, party) in enumerate(zip(rows, parties, strict=True))
    ]
    task = ClassificationTask(
        CONFIG,
        CalibrationPrior(),
        LabelTexts(names, LabelEmbeddings(np.zeros((2, 8), np.float32)), 40.0),
        examples,
        lambda *_: {},
    )
    strange = [
        item(),
        item(v0="perhaps"),
        item(v1="yes, and this is why: " * 300),
        item(a="a letter " * 50, b=1e308),
        item(z=True),
    ]
    for answer in task.answer(strange):
        assert answer.prediction in names and 0 <= answer.confidence <= 1
