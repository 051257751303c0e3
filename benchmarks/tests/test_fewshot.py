"""The study of few examples, on one draw of mails."""

import numpy as np

from benchmarks.data.mails import load_mails
from benchmarks.studies.fewshot import Corpus, calibration_error, draw, duke_mm
from dukemm.config import PRESETS
from dukemm.encoders.text import load_text_encoder


def test_forty_mails_teach_what_spam_is():
    minilm = load_text_encoder(PRESETS["embedded"].text)
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
