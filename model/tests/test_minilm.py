"""The embedded preset: the real text encoder."""

import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest

from dukemm.config import PRESETS
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.text import load_text_encoder

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

from fewshot import Corpus, calibration_error, draw, duke_mm
from mails import load_mails

EMBEDDED = PRESETS["embedded"].text


def test_weights_that_are_not_the_pinned_ones_are_refused():
    with pytest.raises(DukeMMError, match="not the pinned ones"):
        load_text_encoder(dataclasses.replace(EMBEDDED, sha256="0" * 64))
    with pytest.raises(DukeMMError, match="not installed"):
        load_text_encoder(dataclasses.replace(EMBEDDED, name="no-such-distribution"))


def test_meanings_are_close_where_they_should_be(minilm):
    cat, kitten, tax = minilm.encode(["a cat on the sofa", "the kitten sleeps on a couch", "tax law of 1994"])
    assert cat @ kitten > 0.5 > 0.2 > cat @ tax


def test_company_in_a_batch_does_not_change_a_vector(minilm):
    alone = minilm.encode(["short"])[0]
    among = minilm.encode(["a much longer text " * 60, "short", ""])[1]
    assert np.linalg.norm(alone - among) < 0.02


def test_forty_mails_teach_what_spam_is(minilm):
    mails = load_mails("unseen")
    truth = [mail.label for mail in mails]
    chosen, asked = draw(truth, seed=3, examples=40, unseen=60, balanced=False)
    corpus = Corpus(mails, minilm)
    labels = ["ham", "spam"]
    predicted, sure = duke_mm(
        labels, minilm.encode(labels), corpus.encoded(chosen), [truth[i] for i in chosen], corpus.encoded(asked)
    )
    right = np.array([p == truth[i] for p, i in zip(predicted, asked, strict=True)])
    assert right.mean() >= 0.9
    assert calibration_error(np.array(sure), right) < 0.15
