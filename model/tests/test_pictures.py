"""A family of pictures, from training to the explanation, with random encoders."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from taught import outcome

from dukemm.answering.version import load_version
from dukemm.domain.items import Item, Medium
from dukemm.domain.outcomes import Outcome
from dukemm.encoders.cache import FeatureCache
from dukemm.encoders.pool import Encoders
from dukemm.fusion.serving import REGIONS
from dukemm.fusion.training import FusionTraining
from dukemm.storage import Storage
from dukemm.train.run import TrainConfig, train
from dukemm.versions.artifact import write_folder

pytestmark = pytest.mark.usefixtures("small_forests")

CONFIG = TrainConfig(version="2", preset="tiny", training=FusionTraining(steps=300, min_epochs=20, max_epochs=40))


def picture(folder: Path, number: int, random: np.random.Generator) -> Outcome:
    """Noise, brighter in its upper left where the lamp is on."""
    lit = number % 2 == 0
    pixels = random.integers(60, 120, (64, 64, 3))
    pixels[:32, :32] += 120 if lit else 0
    file = folder / f"{number}.png"
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file)
    content = file.read_bytes()
    medium = Medium(f"file://{file}", "image", hashlib.sha256(content).hexdigest(), len(content))
    row = outcome("lamps", number, {}, "on" if lit else "off", description="Is the lamp on?", target=None)
    return replace(row, item=Item(f"lamp-{number}", {"room": "hall"}, {"photo": medium}), labels=("on", "off"))


@pytest.fixture(scope="module")
def lamps(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lamps")
    random = np.random.default_rng(0)
    rows = [picture(folder, number, random) for number in range(90)]
    encoders = Encoders()
    trained = train(CONFIG, rows[:70], Storage(folder), lambda _line: None, encoders=encoders)
    write_folder(trained.files, folder / "version")
    yield load_version(folder / "version", Storage(folder), encoders), rows[70:]
    encoders.close()


def test_pictures_are_learned_and_the_decisive_quarter_is_named(lamps):
    version, unseen = lamps
    answers = version.answer_rows(unseen)
    assert np.mean([a.prediction == row.expected for a, row in zip(answers, unseen, strict=True)]) >= 0.9
    named = [{word.word: word.weight for word in answer.words if word.field == "photo"} for answer in answers]
    assert all({"its light and shade"} <= words.keys() for words in named)
    quarters = [{name: words[name] for name in REGIONS if name in words} for words in named]
    assert all(quarters)
    lit = [found for found, row in zip(quarters, unseen, strict=True) if row.expected == "on"]
    assert sum(max(found, key=lambda name: found[name]) == "upper left" for found in lit) >= 0.8 * len(lit)


def test_an_item_without_its_picture_is_answered(lamps):
    version, unseen = lamps
    without = replace(unseen[0], item=Item("lamp", {"room": "hall"}, {}))
    answer = version.answer_rows([without])[0]
    assert answer.prediction in ("on", "off")
    assert not any(word.word in REGIONS for word in answer.words)


def test_a_missing_file_does_not_stop_training_on_the_others(tmp_path):
    random = np.random.default_rng(1)
    rows = [picture(tmp_path, number, random) for number in range(30)]
    (tmp_path / "3.png").unlink()
    encoders = Encoders()
    trained = train(replace(CONFIG, fusion=False), rows, Storage(tmp_path), lambda _line: None, encoders=encoders)
    encoders.close()
    assert len(trained.families["lamps"].records) == 29


def test_cached_features_train_the_same_version(tmp_path):
    random = np.random.default_rng(0)
    rows = [picture(tmp_path, number, random) for number in range(45)]
    few = replace(CONFIG, training=FusionTraining(steps=12, min_epochs=2, max_epochs=4))
    encoders, cache = Encoders(), FeatureCache(tmp_path / "features")
    first, again, later = (
        train(few, rows, Storage(tmp_path), lambda _line: None, encoders=encoders, cache=cache).files for _ in range(3)
    )
    encoders.close()
    assert first == again == later
