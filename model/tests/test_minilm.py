"""The embedded preset: the real text encoder."""

import dataclasses

import numpy as np
import pytest

from dukemm.config import PRESETS
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.text import load_text_encoder

EMBEDDED = PRESETS["embedded"].text


def test_weights_with_another_hash_are_rejected():
    with pytest.raises(DukeMMError, match="not the pinned ones"):
        load_text_encoder(dataclasses.replace(EMBEDDED, sha256="0" * 64))
    with pytest.raises(DukeMMError, match="not installed"):
        load_text_encoder(dataclasses.replace(EMBEDDED, name="no-such-distribution"))


def test_similar_meanings_have_similar_vectors(minilm):
    cat, kitten, tax = minilm.encode(["a cat on the sofa", "the kitten sleeps on a couch", "tax law of 1994"])
    assert cat @ kitten > 0.5 > 0.2 > cat @ tax


def test_other_texts_in_a_batch_do_not_change_a_vector(minilm):
    alone = minilm.encode(["short"])[0]
    among = minilm.encode(["a much longer text " * 60, "short", ""])[1]
    assert np.linalg.norm(alone - among) < 0.02
