"""Pictures and sounds in generation: the closest example by what is seen, and a prefix that must earn its place."""

import time

import numpy as np
import pytest
import torch

from dukemm.answering.generation import GenerationConfig, GenerationTask
from dukemm.config import PRESETS
from dukemm.domain.encoded import EncodedExample, EncodedItem, MediumFeatures
from dukemm.encoders.language import LanguageModel, load_language_model
from dukemm.extraction.media import CommonMedium
from dukemm.extraction.prefix import HELD_OUT_STEP, MIN_EXAMPLES, PrefixExample, fit_prefix
from dukemm.extraction.query import TaskQuery
from dukemm.media.views import views_of
from dukemm.versions.texts import KnownTexts

WIDTH = 8
#: Two kinds of picture, and what is said of them.
ANSWERS = ("yes", "no way")
CHAT = ["?"]


@pytest.fixture(scope="module")
def language() -> LanguageModel:
    """The tiny model with eight times its weights: as it is drawn, nothing moves it from even odds."""
    language = load_language_model(PRESETS["tiny"].language)
    with torch.no_grad():
        for name, weights in language._model.named_parameters():
            if "norm" not in name:
                weights.mul_(8.0)
    return language


def tokens(kind: int, seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=(3, WIDTH))
    return (drawn + 3.0 * (1 if kind else -1) * np.array([1, -1] * (WIDTH // 2))).astype(np.float32)


def kinds(count: int) -> list[int]:
    return [int(kind) for kind in np.random.default_rng(7).integers(2, size=count)]


def pictured(encoder, kind: int, seed: int, **fields) -> EncodedItem:
    views = views_of(fields, {})
    seen = MediumFeatures("image", tokens(kind, seed))
    return EncodedItem(views, encoder.encode([views.meaning])[0], {"photo": seen})


def shown(kinds_: list[int], seen: list[int]) -> list[PrefixExample]:
    pairs = enumerate(zip(kinds_, seen, strict=True))
    return [PrefixExample(CHAT, ANSWERS[kind], torch.from_numpy(tokens(see, i))) for i, (kind, see) in pairs]


def test_a_trained_prefix_distinguishes_left_out_answers(language):
    own = kinds(32)
    fitted = fit_prefix(language, shown(own, own), [CHAT] * 8)
    assert fitted is not None
    assert fitted.helps
    for kind in (0, 1):
        prefix = fitted.prefix(torch.from_numpy(tokens(kind, 99)))
        with torch.no_grad():
            losses = [float(language.loss(CHAT, answer, prefix)) for answer in ANSWERS]
            without = [float(language.loss(CHAT, answer, None)) for answer in ANSWERS]
        assert losses[kind] - losses[1 - kind] < without[kind] - without[1 - kind]


def test_an_uninformative_prefix_is_not_used(language):
    own = kinds(32)
    fitted = fit_prefix(language, shown(own, [0] * 32), [CHAT] * 8)
    assert fitted is not None
    assert not fitted.helps


def test_a_prefix_needs_examples_and_time(language):
    own = kinds(MIN_EXAMPLES)
    few = shown(own[1:], own[1:])
    assert fit_prefix(language, few, [CHAT] * HELD_OUT_STEP) is None
    assert fit_prefix(language, shown(own, own), [CHAT] * HELD_OUT_STEP, time.monotonic() - 1) is None


def test_the_closest_example_is_the_most_similar_image(tiny):
    own = kinds(20)
    rows = [EncodedExample(f"e{i}", ANSWERS[kind], pictured(tiny, kind, i)) for i, kind in enumerate(own)]
    task = GenerationTask(GenerationConfig(), TaskQuery("What does the picture say?"), tiny.encode, None, rows)
    assert task.strategy == "nearest"
    found = task.answer([pictured(tiny, kind, 50 + kind) for kind in (0, 1, 0)])
    assert [answer.prediction for answer in found] == [ANSWERS[kind] for kind in (0, 1, 0)]
    assert all(answer.confidence > 0.8 for answer in found)


def test_a_task_uses_the_prefix_if_it_helps(tiny, language):
    own = kinds(40)
    # Of each item something is said that no other item has, so that no example's answer is good enough.
    rows = [EncodedExample(f"e{i}", f"{ANSWERS[kind]}{i}", pictured(tiny, kind, i)) for i, kind in enumerate(own)]
    task = GenerationTask(GenerationConfig(), TaskQuery("Write what it says"), tiny.encode, language, rows)
    assert task.prefix is not None
    assert task.prefix.helps
    assert "write" in task.left_out
    task.strategy = "write"
    with_picture, without = pictured(tiny, 1, 90), EncodedItem(views_of({}, {}), tiny.encode([""])[0])
    answers = task.answer([with_picture, without])
    assert answers[0].prediction != answers[1].prediction
    assert len(answers) == 2


def test_items_without_media_are_unchanged(tiny):
    plain = EncodedItem(views_of({"a": "b"}, {}), tiny.encode(["b"])[0])
    assert CommonMedium([plain]).with_medium(plain) is plain
    seen = CommonMedium([plain, pictured(tiny, 0, 1)])
    assert seen.tokens(plain) is None
    assert seen.with_medium(plain).vector.shape == seen.with_medium(pictured(tiny, 1, 2)).vector.shape


def test_the_examples_of_a_family_keep_their_media_features(tiny):
    plain = EncodedExample("plain", "x", EncodedItem(views_of({"a": "b"}, {}), tiny.encode(["b"])[0]))
    seen = EncodedExample("seen", "y", pictured(tiny, 1, 3, a="c"))
    _, arrays, records = KnownTexts([plain, seen]).pack()
    kept = KnownTexts.unpack(arrays, records).examples
    assert not kept[0].encoded.media
    assert kept[1].encoded.media["photo"].kind == "image"
    assert (kept[1].encoded.media["photo"].tokens == seen.encoded.media["photo"].tokens).all()
    assert kept[1].encoded.views == seen.encoded.views
