"""Answers in words: what is copied, what is rewritten, what is chosen, and the bounds of what is written."""

import json
import time

import numpy as np
import pytest

from dukemm.answering.generation import GenerationConfig, GenerationTask
from dukemm.config import PRESETS
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.encoders.language import LanguageModel, load_language_model
from dukemm.extraction.candidates import DEFAULT_KINDS, MAX_CANDIDATES, candidates_of
from dukemm.extraction.copying import Copier
from dukemm.extraction.query import EmbeddingCache, TaskQuery
from dukemm.extraction.rewriting import proven_rewrite
from dukemm.extraction.source import MAX_LEAVES, MAX_LINES, source_of
from dukemm.extraction.values import date_of, number_of, type_of
from dukemm.media.views import views_of

CITIES = ["Lyon", "Porto", "Leeds", "Graz", "Ghent", "Cork", "Turin", "Brno"]


@pytest.fixture(scope="module")
def language() -> LanguageModel:
    return load_language_model(PRESETS["tiny"].language)


def encoded(encoder, **fields) -> EncodedItem:
    views = views_of(fields, {})
    return EncodedItem(views, encoder.encode([views.meaning])[0])


def invoice(i: int) -> str:
    return (
        f"Harbour Ltd, {10 + i} Mill Lane\nDelivery note {7000 + i}\n"
        f"Invoice No: INV-{300 + 7 * i}\nOrder: PO-{9000 - i}\n"
        f"Issued {1 + i}.03.2024 and due {2 + i}.04.2024\nNet EUR {100 + i}.00\nTotal: EUR 1,{120 + i}.50\n"
        f"Ship to {CITIES[i % 8]}"
    )


def task_of(encoder, examples: list[tuple[str, str]], target: str, description="", language=None) -> GenerationTask:
    rows = [EncodedExample(f"e{i}", answer, encoded(encoder, document=text)) for i, (text, answer) in enumerate(examples)]
    return GenerationTask(
        GenerationConfig(), TaskQuery(description or f"Extract {target}", target), encoder.encode, language, rows
    )


FIELDS = {
    "invoice_number": lambda i: f"INV-{300 + 7 * i}",
    "due": lambda i: f"{2 + i}.04.2024",
    "city": lambda i: CITIES[i % 8],
    "total": lambda i: f"EUR 1,{120 + i}.50",
}


@pytest.mark.parametrize("target", FIELDS)
def test_five_examples_locate_a_field(tiny, target):
    expected = FIELDS[target]
    task = task_of(tiny, [(invoice(i), expected(i)) for i in range(5)], target)
    answers = task.answer([encoded(tiny, document=invoice(i)) for i in range(10, 16)])
    assert [a.prediction for a in answers] == [expected(i) for i in range(10, 16)]
    assert all(a.confidence > 0.5 for a in answers)
    assert all(a.nearest and a.words and "Copied from document" in a.summary for a in answers)


def test_a_copy_is_explained_by_the_words_before_it(tiny):
    task = task_of(tiny, [(invoice(i), f"INV-{300 + 7 * i}") for i in range(6)], "number")
    [answer] = task.answer([encoded(tiny, document=invoice(20))])
    assert any(word.word == "Invoice No" and word.weight > 0 and word.field == "document" for word in answer.words)


def test_a_transformation_is_used_only_if_examples_confirm_it(tiny):
    written = [(invoice(i), f"{1120 + i}.5") for i in range(5)]
    [answer] = task_of(tiny, written, "total").answer([encoded(tiny, document=invoice(30))])
    assert answer.prediction == "1150.5"
    assert proven_rewrite(["2024-03-01"], [["1.3.2024"]])[0] == "copy"
    dates, spans = ["2024-03-04", "2024-05-06", "2024-03-25"], [["4/3/2024"], ["6/5/2024"], ["25/3/2024"]]
    assert proven_rewrite(dates, spans) == ("date %Y-%m-%d, day first", [True] * 3)


def test_record_values_are_distinguished_by_path_and_neighbours(tiny):
    def order(i: int) -> str:
        parties = [{"role": "seller", "name": f"S{i} Ltd"}, {"role": "buyer", "name": f"B{i} Inc"}]
        return json.dumps(
            {"id": 5 + i, "parties": parties[:: 1 if i % 2 else -1], "sum": {"net": 12.5 + i, "gross": 15.0 + i}}
        )

    buyers = task_of(tiny, [(order(i), f"B{i} Inc") for i in range(6)], "buyer")
    assert [a.prediction for a in buyers.answer([encoded(tiny, document=order(i)) for i in (11, 12)])] == [
        "B11 Inc",
        "B12 Inc",
    ]
    gross = task_of(tiny, [(order(i), f"{15.0 + i}") for i in range(6)], "gross")
    assert gross.answer([encoded(tiny, document=order(40))])[0].prediction == "55.0"


def test_confidence_falls_if_examples_contradict_each_other(tiny):
    plain = [(invoice(i), f"INV-{300 + 7 * i}") for i in range(10)]
    random = np.random.default_rng(0)
    mixed = [(text, str(random.choice([answer, f"PO-{9000 - i}"]))) for i, (text, answer) in enumerate(plain)]
    items = [encoded(tiny, document=invoice(i)) for i in range(20, 26)]
    sure = np.mean([a.confidence for a in task_of(tiny, plain, "number").answer(items)])
    unsure = np.mean([a.confidence for a in task_of(tiny, mixed, "number").answer(items)])
    assert sure > 0.85 > 0.75 > unsure


def test_answers_can_be_empty_if_some_examples_are(tiny):
    texts = [f"Name: N{i}\nFax: {5550000 + i}" if i % 2 else f"Name: N{i}\nMail: m{i}@example.com" for i in range(12)]
    task = task_of(tiny, [(t, t.split("Fax: ")[1] if "Fax" in t else "") for t in texts], "fax")
    found = task.answer([encoded(tiny, document=t) for t in ("Name: X1\nFax: 5559999", "Name: X2\nMail: q@example.com")])
    assert [a.prediction for a in found] == ["5559999", ""]


def test_without_examples_the_target_name_locates_the_answer(minilm):
    task = task_of(minilm, [], "invoice_number")
    [answer] = task.answer([encoded(minilm, document=invoice(3))])
    assert answer.prediction == "INV-321"
    assert 0.2 < answer.confidence < 0.95
    assert not answer.nearest


def test_a_question_is_answered_from_the_passage(minilm):
    passage = "The mill was built in 1874 by Rosa Petrov. It has 12 windows. A flood came in 1901."
    asked = TaskQuery("Answer the question from the passage.")
    task = GenerationTask(GenerationConfig(), asked, minilm.encode, None, [])
    questions = {"Who built the mill?": "Rosa Petrov", "How many windows are there?": "12"}
    found = task.answer([encoded(minilm, passage=passage, question=q) for q in questions])
    assert [a.prediction for a in found] == list(questions.values())


def test_summaries_consist_of_sentences_of_the_text(tiny):
    text = "Cats sleep a lot. They hunt mice at night. The moon is far. Cats and mice are rarely friends. It rained."
    asked = TaskQuery("Summarise this text")
    [answer] = GenerationTask(GenerationConfig(), asked, tiny.encode, None, []).answer([encoded(tiny, text=text)])
    assert answer.prediction
    assert all(f"{s.rstrip('.')}." in text for s in str(answer.prediction).split(". "))


def test_a_summary_has_the_requested_length(tiny):
    text = " ".join(f"Sentence number {i} says that thing {i} is as it is and was." for i in range(20))

    def sentences_of(description: str) -> int:
        task = GenerationTask(GenerationConfig(), TaskQuery(description), tiny.encode, None, [])
        [answer] = task.answer([encoded(tiny, text=text)])
        assert str(answer.prediction).startswith("Sentence number 0")
        return str(answer.prediction).count(".")

    assert sentences_of("Summarise this in one line") == 1
    assert sentences_of("Summarise this in one sentence.") == 1
    assert sentences_of("Summarise this in three short sentences.") == 3
    assert sentences_of("Summarise this text") == 5
    assert sentences_of("Give an overview of at most 120 words") == 9


def test_repeated_answers_come_from_the_nearest_example(tiny):
    rows = [
        (f"zzz zzz {i}", "Send it to the legal team") if i % 2 else (f"aaa aaa {i}", "No reply needed") for i in range(10)
    ]
    task = task_of(tiny, rows, "advice")
    assert task.strategy == "nearest"
    found = task.answer([encoded(tiny, document="zzz zzz 77"), encoded(tiny, document="aaa aaa 78")])
    assert [a.prediction for a in found] == ["Send it to the legal team", "No reply needed"]
    assert all(a.confidence > 0.8 for a in found)


def test_generated_text_is_bounded_in_length_and_time_without_control_characters(tiny, language):
    asked = TaskQuery("Write a poem about \x07 this")
    task = GenerationTask(GenerationConfig(max_characters=40), asked, tiny.encode, language, [])
    assert task.strategy == "write"
    [answer] = task.answer([encoded(tiny, text="the sea " * 2000)])
    assert len(str(answer.prediction)) <= 40
    assert not any(ord(c) < 32 and c not in "\t\n\r" for c in str(answer.prediction))
    assert answer.confidence < 0.3
    # Its own sentences, where there is no time to write.
    [late] = task.answer([encoded(tiny, text="The sea is wide. It is blue.")], deadline=time.monotonic() - 1)
    assert str(late.prediction).startswith("The sea is wide.")
    assert "Sentences of the item itself" in str(late.summary)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "\x00\x01",
        "[" * 5000,
        '{"a":' * 900 + "1" + "}" * 900,
        "a: " * 4000,
        "9" * 20000,
        "A" * 12000,
        "Ab " * 4000,
    ],
)
def test_hostile_texts_are_answered_quickly(tiny, text):
    item = encoded(tiny, document=text)
    started = time.process_time()
    source = source_of(item.views)
    assert len(source.lines) <= MAX_LINES
    assert len(source.leaves) <= MAX_LEAVES
    assert len(candidates_of(source, DEFAULT_KINDS | {"words", "block"})) <= MAX_CANDIDATES
    [answer] = task_of(tiny, [], "number").answer([item])
    assert time.process_time() - started < 5
    assert 0 <= answer.confidence <= 1


def test_left_out_answers_equal_those_of_a_copier_fitted_without_the_example(tiny):
    # The last says the opposite of the others: only who has seen it copies the order.
    rows = [(invoice(i), f"INV-{300 + 7 * i}") for i in range(5)] + [(invoice(5), "PO-8995")]
    sources = [source_of(encoded(tiny, document=text).views) for text, _ in rows]
    answers = [answer for _, answer in rows]
    meanings = EmbeddingCache(tiny.encode)
    whole = Copier(TaskQuery("number"), meanings, sources, answers)
    without = Copier(TaskQuery("number"), meanings, sources[:-1], answers[:-1])
    assert whole.left_out[-1] == (without.answer(sources[-1]).text, "PO-8995") == ("INV-335", "PO-8995")
    assert whole.left_out[:5] == [(answer, answer) for answer in answers[:5]]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,50 €", 1234.5),
        ("$1,234.50", 1234.5),
        ("1,234", 1234),
        ("12,5", 12.5),
        ("1'000", 1000),
        ("-3", -3),
        ("a", None),
    ],
)
def test_numbers_are_parsed_in_many_formats(text, number):
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "day_first", "found"),
    [
        ("3/4/2024", True, "2024-04-03"),
        ("3/4/2024", False, "2024-03-04"),
        ("3.4.2024", False, "2024-04-03"),
        ("May 3, 2024", True, "2024-05-03"),
        ("3 May 2024", False, "2024-05-03"),
        ("2024-02-30", True, "None"),
        ("31", True, "None"),
    ],
)
def test_dates_are_parsed_in_many_formats(text, day_first, found):
    assert str(date_of(text, day_first)) == found


def test_types_of_values():
    values = {
        "email": "a@b.org",
        "date": "3 May 2024",
        "amount": "EUR 5",
        "code": "INV-3",
        "number": "12",
        "name": "Rosa Petrov",
    }
    assert {type_of(value): value for value in values.values()} == values
