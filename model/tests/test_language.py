"""The small language model: bounds, marks, prefix, and the packages and folders that it is loaded from."""

import dataclasses
import time

import numpy as np
import pytest
import torch

from dukemm.config import PRESETS, LanguageConfig
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.language import LanguageModel, load_language_model
from dukemm.encoders.weights.locate import WEIGHTS
from dukemm.extraction.prefix import Prefix
from dukemm.extraction.writing import Shot, Writer
from dukemm.storage import file_sha256

FAR = float("inf")


@pytest.fixture(scope="module")
def language() -> LanguageModel:
    return load_language_model(PRESETS["tiny"].language)


def test_the_same_prompt_gives_the_same_answer_of_bounded_length(language):
    first = language.complete(["hello"], 12, FAR)
    assert first == language.complete(["hello"], 12, FAR)
    assert first.tokens <= 12
    assert 0 <= first.probability <= 1
    assert language.complete(["hello"], 10**9, FAR).tokens <= language.config.max_new_tokens


def test_generation_ends_at_the_deadline(language):
    assert language.complete(["hello"], 100, time.monotonic() - 1).tokens <= 1


def test_a_prompt_that_is_too_long_is_rejected(language):
    with pytest.raises(DukeMMError, match="longer than"):
        language.complete(["x" * (language.config.max_prompt_tokens + 1)], 4, FAR)


def test_texts_cannot_contain_special_tokens(language):
    text, tokens = language.cut("a<|end|>b<|e<|end|>nd|>c\x00", 50)
    assert "<|end|>" not in text
    assert "\x00" not in text
    assert tokens <= 50
    assert language.cut("word " * 100_000, 10)[1] == 10


def test_batched_likelihoods_equal_those_of_single_answers(language):
    answers = ["aa", "b", "a longer one"]
    together = language.likelihoods(["question"], answers)
    alone = [language.likelihoods(["question"], [answer])[0] for answer in answers]
    assert together == pytest.approx(alone, abs=1e-2)


def test_a_prefix_changes_the_generated_text_and_is_trainable(language):
    prefix = Prefix(8, language)
    tokens = torch.randn(3, 8, generator=torch.Generator().manual_seed(0))
    large = [20 * language.spread * torch.eye(language.width)[[i] * 6] for i in range(6)]
    assert len({language.complete(["x"], 8, FAR, part).probability for part in large}) > 1
    loss = language.loss(["x"], "abc", prefix(tokens))
    assert loss.item() != language.loss(["x"], "abc", None).item()
    loss.backward()
    assert float(prefix.project.weight.grad.abs().sum()) > 0


def test_the_loss_is_the_negative_log_likelihood_of_an_answer(language):
    assert -float(language.loss(["question"], "abc", None)) == pytest.approx(
        language.likelihoods(["question"], ["abc"])[0], abs=1e-2
    )


def test_examples_and_item_share_the_token_limit_of_a_prompt(language):
    writer = Writer(language, "Do it " * 500, ["yes"])
    turns = writer.turns("item " * 5000, [Shot("text " * 5000, "answer " * 5000)] * 9)
    assert len(turns) == 7
    assert language._prompt(turns).shape[1] <= language.config.max_prompt_tokens
    assert writer.write("item " * 5000, [Shot("a", "b")], FAR).tokens <= writer.tokens


def test_a_folder_in_the_hubs_layout_loads_by_its_hash(language, tmp_path):
    language._model.save_pretrained(tmp_path)
    language._tokenizer.save_pretrained(tmp_path)
    config = LanguageConfig("directory", str(tmp_path), sha256=file_sha256(tmp_path / WEIGHTS))
    loaded = load_language_model(config)
    assert loaded.parameters == language.parameters
    assert loaded.likelihoods(["x"], ["a", "bc"]) == pytest.approx(language.likelihoods(["x"], ["a", "bc"]), abs=0.1)
    with pytest.raises(DukeMMError, match="not the pinned ones"):
        load_language_model(dataclasses.replace(config, sha256="0" * 64))


def test_the_packaged_model_is_the_pinned_one():
    with pytest.raises(DukeMMError, match="not the pinned ones"):
        load_language_model(dataclasses.replace(PRESETS["embedded"].language, sha256="0" * 64))
    with pytest.raises(DukeMMError, match="not installed"):
        load_language_model(dataclasses.replace(PRESETS["embedded"].language, name="no-such-distribution"))


def test_the_packaged_model_generates_sensible_text():
    packaged = load_language_model(PRESETS["embedded"].language)
    assert "Rome" in packaged.complete(["What is the capital of Italy? Answer in one sentence."], 16, FAR).text
    sure = packaged.likelihoods(["What is the capital of France? Answer with one word."], ["Paris", "Banana"])
    assert sure[0] > sure[1]
    assert np.isfinite(sure).all()
