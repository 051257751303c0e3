import math

import pytest
from conftest import at_most

from dukemm.media.text import read, without_control
from dukemm.media.text_shape import SHAPE, shape_of
from dukemm.media.views import views_of

MAIL = """From ilug-admin@linux.ie  Thu Aug 22 13:27:39 2002
Received: from a.example ([192.0.2.1])
\tby b.example
From: "Slim Down" <taylor@example.com>
Subject: Guaranteed to lose
Content-Type: text/html

<html><style>p {color: red}</style><!-- hidden --><p>Click&nbsp;here=20now: http://example.com/very/long?path=1</p>
"""


def test_a_mail_is_reduced_to_its_visible_text():
    reading = read(MAIL)
    assert dict(reading.headers)["received"] == "from a.example ([192.0.2.1]) by b.example"
    assert reading.meaning.startswith("Guaranteed to lose")
    assert "Slim Down" in reading.meaning
    assert "Click here now: example.com" in reading.meaning.replace("\xa0", " ")
    for hidden in ("color", "hidden", "<p>", "path"):
        assert hidden not in reading.meaning


def test_a_text_without_headers_is_unchanged():
    assert read("Note: buy milk\nand bread").meaning == "Note: buy milk and bread"
    assert read("Note: buy milk\nand bread").headers == ()


@pytest.mark.parametrize("text", ["5 < 7 and 9 > 8 hold", "x <- f(y) -> z", "1<2, 3>2"])
def test_only_tags_are_markup(text):
    assert read(text).text == text


def test_quoted_printable_utf_8_is_decoded():
    mail = MAIL.replace("here=20now", "here=20caf=C3=A9=20now =E9")
    assert "Click here café now é" in read(mail).meaning.replace("\xa0", " ")


def test_an_invoice_is_not_a_mail():
    reading = read("Invoice: 17\nFrom: ACME\nTotal: 12.50\nThank you")
    assert dict(reading.headers)["total"] == "12.50"
    assert "Total: 12.50" in reading.meaning
    assert "Total: 12.50" in reading.text


def test_headers_and_short_texts_become_attributes():
    attributes = views_of({"mail": MAIL, "colour": "Dark Red", "urgent": True}, {}).attributes
    assert {"subject=guaranteed", "colour=dark", "colour=red", "urgent=true"} <= set(attributes)


def test_numbers_written_as_text_are_numbers():
    views = views_of({"a": "5.1", "b": " -3e2 ", "c": 7, "d": True, "e": "5.1 cm", "f": None, "g": "1e999", "h": ""}, {})
    assert dict(views.numbers) == {"a": 5.1, "b": -300.0, "c": 7.0, "d": 1.0}
    assert "5.1 cm" in views.text


def test_shape_features_distinguish_upper_case_from_ordinary_text():
    assert len(shape_of("")) == len(shape_of("HELLO!!!")) == SHAPE
    assert all(math.isfinite(number) for text in ("", "\n", "é" * 9, "A") for number in shape_of(text))
    assert shape_of("BUY NOW!!!") != shape_of("buy now...")


def test_control_characters_and_lone_surrogates_are_removed():
    assert without_control("a\x00b\x1b\tc\ud800") == "a b \tc?"


@pytest.mark.parametrize(
    "text",
    ["<" * 10**6, "A: b\n" * 10**5, " " * 10**6, "a:\n" + " \t" * 10**5, "<!--" * 10**5, "&#x" * 10**5, "=4" * 10**5,
     "https://" * 10**5, "A" * 10**6, "\n" * 10**6, "\n ;" * 10**5],
)  # fmt: skip
def test_hostile_texts_take_no_longer_than_others(text):
    at_most(0.5, lambda: views_of({"text": text}, {}))


def test_a_long_text_is_read_to_the_limit_that_the_readme_states():
    assert read("word " * 25_000).text == ("word " * 25_000)[:100_000]
