"""Texts in other scripts than English: without blanks between words, with signs that are no letters."""

import random

import numpy as np
import pytest
from test_hard_tables import encoded, labelled, right

from dukemm.domain.answers import Answer
from dukemm.experts.kernels import CharacterBlock

SUBJECTS = ["酒店房间", "餐厅菜品", "快递包裹", "客服人员", "手机屏幕", "电影剧情", "早餐味道", "司机态度"]
PRAISE = ["非常好", "很满意", "超出预期", "特别棒", "干净舒适", "值得推荐"]
BLAME = ["非常差", "很失望", "令人生气", "特别糟", "又脏又吵", "不会再来"]
SIGNS = {"yes": "😀😍👍🎉", "no": "😡👎💔🤮"}
SAMPLE = ["the", "trip", "was", "as", "we", "said", "on", "that", "day", "in", "town"]


def chinese(draw: random.Random, label: str) -> str:
    said = PRAISE if label == "yes" else BLAME
    return "，".join(draw.choice(SUBJECTS) + draw.choice(said) for _ in range(2)) + "。"


def signs(draw: random.Random, label: str) -> str:
    return " ".join([*draw.sample(SAMPLE, 6), draw.choice(SIGNS[label])])


def asked(write, count: int, seed: int) -> tuple[list[dict[str, object]], list[str]]:
    draw = random.Random(seed)
    labels = [draw.choice(("yes", "no")) for _ in range(count)]
    return [{"text": write(draw, label)} for label in labels], labels


@pytest.mark.parametrize("write", [chinese, signs])
def test_characters_distinguish_texts_that_words_do_not(write):
    rows, labels = asked(write, 60, 0)
    items, truth = asked(write, 100, 1)
    found: list[Answer] = labelled(rows, labels, items)
    assert right(found, truth) > 0.95
    assert found[0].words[0].word in items[0]["text"]


def test_english_uses_no_character_features_and_stored_ones_round_trip():
    english = [
        encoded({"text": f"it’s a plain sentence about parcel number {i} that came late again today"}) for i in range(20)
    ]
    assert not CharacterBlock.helps([*english, encoded({"text": ""})])
    block = CharacterBlock.fit([encoded(row) for row in asked(chinese, 20, 2)[0]])
    items = [encoded(row) for row in asked(signs, 10, 3)[0]]
    assert CharacterBlock.helps(items)
    again = CharacterBlock.unpack(block.pack()[1])
    assert np.allclose(again.compare(items, 1.0), block.compare(items, 1.0), atol=1e-6)
