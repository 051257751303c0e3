"""What columns of a table hold: numbers, dates, amounts, categories, texts, identifiers."""

import datetime
import time

import numpy as np
import pytest

from dukemm.domain.encoded import EncodedItem
from dukemm.features import dates, quantities
from dukemm.features.table_schema import TableSchema
from dukemm.media.views import views_of

NOWHERE = np.zeros(8, np.float32)


def item(**fields) -> EncodedItem:
    return EncodedItem(views_of(fields, {}), NOWHERE)


def schema_of(name: str, cells: list[object], labels: int = 2) -> TableSchema | None:
    """The schema of a table with one column of these cells, and one of random numbers."""
    noise = np.random.default_rng(0).normal(size=len(cells))
    return TableSchema.fit([item(**{name: cell, "noise": n}) for cell, n in zip(cells, noise, strict=True)], labels)


def role(name: str, cells: list[object], labels: int = 2) -> str:
    schema = schema_of(name, cells, labels)
    return "text" if schema is None else schema.columns[name].role


DAYS = [datetime.datetime(2023, 1, 5) + datetime.timedelta(days=11 * i, minutes=37 * i) for i in range(30)]


@pytest.mark.parametrize(
    "written",
    [
        "%Y-%m-%d",
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y/%m/%d %H:%M",
        "%d.%m.%Y",
        "%m/%d/%Y",
        "%d/%m/%y",
        "%b %d %Y",
        "%d %B %Y",
        "%Y%m%d",
    ],
)
def test_dates_are_read_however_a_column_writes_them(written):
    cells = [day.strftime(written) for day in DAYS]
    convention = dates.detect_convention(cells, 0.9)
    assert convention is not None
    found = [dates.parse(cell, convention[0]) for cell in cells]
    assert [day.date() for day in found if day] == [day.date() for day in DAYS]
    if written == "%Y%m%d":
        return  # a number to a table: see the next test
    numbers = schema_of("when", cells).apply(item(when=cells[3], noise=0.0)).views
    assert numbers.numbers["when"] == pytest.approx(
        (DAYS[3] - datetime.datetime(1970, 1, 1)).total_seconds() / 86400, abs=1
    )
    assert numbers.categories == {"when weekday": dates.WEEKDAYS[DAYS[3].weekday()]}
    assert not numbers.text


@pytest.mark.parametrize(
    "cell", ["", "May", "may 12", "7.5", "1.2.3.4", "2023-13-45", "room 2023", "12:30", "in 2021 or so"]
)
def test_other_texts_are_not_read_as_dates(cell):
    assert dates.parse(cell, False) is None


def test_the_hour_is_a_feature_if_times_are_given():
    cells = [day.strftime("%Y-%m-%d %H:%M") for day in DAYS]
    views = schema_of("when", cells).apply(item(when="2024-02-29 17:30", noise=0.0)).views
    assert views.numbers["when hour"] == 17.5
    assert views.categories == {"when weekday": "thu"}


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["$1,234.50", "$99", "-$7.25", "$1,000,000"], [1234.5, 99.0, -7.25, 1e6]),
        (["1.234,50 €", "99,00 €", "7,25 €", "1.000.000,00 €"], [1234.5, 99.0, 7.25, 1e6]),
        (["CHF 1'250.00", "CHF 3.50", "CHF 80", "CHF 12"], [1250.0, 3.5, 80.0, 12.0]),
        (["12 kg", "800 g", "1.5 kg", "250 g"], [12.0, 0.8, 1.5, 0.25]),
        (["3.5%", "12%", "100 %", "0.25%"], [3.5, 12.0, 100.0, 0.25]),
        (["(1,200)", "1,500", "(3)", "20"], [-1200.0, 1500.0, -3.0, 20.0]),
        (["180 cm", "1.75 m", "1690 mm", "1.8 m"], [1.8, 1.75, 1.69, 1.8]),
    ],
)
def test_amounts_are_read_with_their_units(cells, numbers):
    convention = quantities.detect_convention(cells, 0.9)
    assert convention is not None
    assert [quantities.parse(cell, convention) for cell in cells] == pytest.approx(numbers)


@pytest.mark.parametrize(
    "cells", [["3 apples", "4 pears", "5 plums"], ["a1", "b2", "c3"], ["12-14", "3-4", "1-2"], ["x", "y", "z"]]
)
def test_columns_of_mixed_kinds_are_not_amounts(cells):
    assert quantities.detect_convention(cells, 0.9) is None


def test_row_numbers_and_codes_are_left_out_but_measures_are_not():
    count = range(40)
    assert role("id", [*count]) == "identifier"
    assert role("order_no", [7 * i for i in count]) == "identifier"
    assert role("position", [1000 + i for i in count]) == "identifier"
    assert role("position", [1000 + i for i in count], labels=0) == "number"  # may be a time, or a length
    assert role("code", [f"C-{10_000 + i}" for i in count]) == "identifier"
    assert role("age", [20 + i % 30 for i in count]) == "number"
    assert role("income", [1000 + 37 * (i * i % 41) for i in count]) == "number"
    assert role("id", [i % 5 for i in count]) == "number"  # says who, not which row


def test_an_only_column_is_never_left_out():
    schema = TableSchema.fit([item(id=float(i)) for i in range(40)], 2)
    assert schema is not None and schema.columns["id"].role == "number"


def test_recurring_cells_are_categories_and_sentences_stay_texts():
    assert role("plan", ["basic", "Plus", "pro max"] * 10) == "category"
    counted = ("one", "two", "three", "four", "five", "six")
    notes = [f"the parcel number {counted[i % 6]} came {'late ' * (i % 7)}again" for i in range(30)]
    assert role("note", notes) == "text"
    schema = TableSchema.fit([item(plan=("a", "b")[i % 2], note=notes[i], noise=float(i * i % 7)) for i in range(30)], 2)
    views = schema.apply(item(plan="A", note="never again", noise=1.0)).views
    assert views.categories == {"plan": "a"}
    assert views.text == "never again"
    assert set(views.attributes) == {"plan=a", "note=never", "note=again"}


def test_few_examples_and_texts_alone_have_no_schema():
    assert TableSchema.fit([item(a=float(i), b="x") for i in range(7)], 2) is None
    assert TableSchema.fit([item(text=f"some words of mail {i} that differ {i * 7}") for i in range(30)], 2) is None


def test_unknown_fields_are_read_unchanged_and_a_schema_round_trips():
    schema = schema_of("when", [day.strftime("%d.%m.%Y") for day in DAYS])
    again = TableSchema.unpack(schema.pack())
    asked = [item(when="01.02.2024", noise=1.0, other="new words"), item(), item(when="soon"), item(noise="12")]
    for before, after in zip(schema.read(asked), again.read(asked), strict=True):
        assert before.views == after.views
    assert schema.apply(asked[0]).views.text == "new words"
    assert schema.apply(asked[2]).views.numbers == {}


@pytest.mark.parametrize(
    "cell", [" " * 20_000 + "x", "(" + " " * 20_000 + "x", "5" + " " * 20_000 + "x", "5," * 10_000, "x" * 20_000]
)
def test_long_cells_cost_no_time(cell):
    started = time.process_time()
    assert quantities.detect_convention([cell] * 20, 0.9) is None
    assert quantities.parse(cell, [".", ""]) is None
    assert dates.detect_convention([cell] * 20, 0.9) is None
    assert schema_of("long", [f"{cell}{i}" for i in range(20)]) is not None
    assert time.process_time() - started < 1.0
