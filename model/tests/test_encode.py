"""From items with files of every kind to what learners see, and through the endpoint."""

import dataclasses
import hashlib
import io
import json
import math
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import at_most, request_of
from fpdf import FPDF
from PIL import Image

from dukemm.config import PRESETS
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import Item, Medium
from dukemm.encoders import items as item_encoding
from dukemm.encoders.cache import FeatureCache
from dukemm.encoders.items import ItemEncoder, fingerprint
from dukemm.encoders.pool import Encoders, MediumService
from dukemm.storage import Storage
from dukemm.versions.artifact import first_config

CONFIG = first_config("tiny", "1")


def png(shade: int = 0) -> bytes:
    packed = io.BytesIO()
    Image.new("RGB", (12, 10), (shade, 0, 0)).save(packed, "PNG")
    return packed.getvalue()


def wav(level: float = 0.1) -> bytes:
    packed = io.BytesIO()
    soundfile.write(packed, level * np.sin(np.arange(8000) / 9), 16_000, format="WAV")
    return packed.getvalue()


def pdf(text: str = "Paper about snails") -> bytes:
    document = FPDF()
    document.set_creation_date(datetime(2026, 1, 1, tzinfo=timezone.utc))
    document.add_page()
    document.set_font("Helvetica")
    document.cell(text=text)
    return bytes(document.output())


def medium(folder: Path, content: bytes, file_type: str) -> Medium:
    sha256 = hashlib.sha256(content).hexdigest()
    (folder / sha256).write_bytes(content)
    return Medium(f"file://{folder}/{sha256}", file_type, sha256, len(content))


def mixed(folder: Path, shade: int = 0) -> Item:
    media = {
        "photo": medium(folder, png(shade), "image"),
        "noise": medium(folder, wav(), "audio"),
        "paper": medium(folder, pdf(), "pdf"),
        "record": medium(folder, json.dumps({"weight": 12.5, "kind": "brown snail"}).encode(), "json"),
        "note": medium(folder, b"slow", "text"),
    }
    return Item(f"i{shade}", {"title": "Snail", "price": 3}, media)


class Counted:
    """Storage that counts what is read."""

    def __init__(self, folder: Path) -> None:
        self.storage, self.read = Storage(folder), 0

    def read_checked(self, uri: str, sha256: str, limit: int) -> bytes:
        self.read += 1
        return self.storage.read_checked(uri, sha256, limit)


@pytest.fixture
def encoders():
    encoders = Encoders()
    yield encoders
    encoders.close()


def soon() -> float:
    return time.monotonic() + 300


def test_a_row_with_files_of_every_kind_is_one_item(tmp_path, encoders):
    items = [mixed(tmp_path), Item("plain", {"title": "No files"}, {}), Item("empty", {}, {})]
    whole, plain, empty = ItemEncoder(CONFIG, Storage(tmp_path), encoders).encode(items, soon())
    assert whole.media.keys() == {"photo", "noise"}
    assert (whole.media["photo"].kind, whole.media["noise"].kind) == ("image", "audio")
    for word in ("Snail", "snails", "brown", "slow"):
        assert word in whole.views.text
    assert whole.views.numbers == {"price": 3.0, "record.weight": 12.5}
    assert "record.kind=brown" in whole.views.attributes
    assert plain.media == {}
    for item in (whole, plain, empty):
        assert np.linalg.norm(item.vector) == pytest.approx(1, abs=0.01)


def test_training_waits_without_a_deadline(tmp_path, encoders):
    assert len(ItemEncoder(CONFIG, Storage(tmp_path), encoders).encode([mixed(tmp_path)], math.inf)) == 1


def test_a_field_takes_precedence_over_a_document_value_of_the_same_name(tmp_path, encoders):
    record = medium(tmp_path, b'{"weight": 1}', "json")
    [item] = ItemEncoder(CONFIG, Storage(tmp_path), encoders).encode([Item("i", {"r.weight": 2}, {"r": record})], soon())
    assert item.views.numbers == {"r.weight": 2.0}


def test_a_document_is_read_in_the_encoding_that_the_request_names(tmp_path, encoders):
    text = "Отличный чайник"
    told = dataclasses.replace(medium(tmp_path, text.encode("cp1251"), "text"), encoding="windows-1251")
    plain = medium(tmp_path, text.encode(), "text")
    items = [Item("i", {}, {"note": each}) for each in (told, plain)]
    first, second = ItemEncoder(CONFIG, Storage(tmp_path), encoders).encode(items, soon())
    assert text in first.views.meaning
    assert first.views.meaning == second.views.meaning


def test_the_same_file_is_read_and_encoded_once(tmp_path, encoders):
    storage = Counted(tmp_path)
    items = ItemEncoder(CONFIG, storage, encoders)
    first = items.encode([mixed(tmp_path), mixed(tmp_path)], soon())
    again = items.encode([mixed(tmp_path)], soon())
    assert storage.read == 5
    assert (again[0].media["photo"].tokens == first[1].media["photo"].tokens).all()


@pytest.mark.parametrize(
    ("content", "file_type", "code", "says"),
    [
        (b"no image", "image", "invalid_request", "thing is not a PNG"),
        (b"no sound", "audio", "invalid_request", "thing is not a WAV"),
        (b"no pdf", "pdf", "invalid_request", "thing: not a PDF"),
        (b"no json", "json", "invalid_request", "thing: not JSON"),
        (b"film", "video", "unsupported", "does not read video"),
    ],
)
def test_an_unreadable_file_is_named_with_the_reason(tmp_path, encoders, content, file_type, code, says):
    item = Item("i", {}, {"thing": medium(tmp_path, content, file_type)})
    with pytest.raises(DukeMMError, match=says) as caught:
        ItemEncoder(CONFIG, Storage(tmp_path), encoders).encode([item], soon())
    assert caught.value.code == code


def test_a_version_without_the_encoder_raises(tmp_path, encoders):
    old = dataclasses.replace(CONFIG, image_encoder=None, audio_encoder=None)
    for file_type, content in (("image", png()), ("audio", wav())):
        with pytest.raises(DukeMMError, match=f"does not read {file_type}") as caught:
            item = Item("i", {}, {"m": medium(tmp_path, content, file_type)})
            ItemEncoder(old, Storage(tmp_path), encoders).encode([item], soon())
        assert caught.value.code == "unsupported"


def test_an_item_with_a_hundred_files_is_rejected(tmp_path, encoders):
    media = {str(i): medium(tmp_path, b"x", "text") for i in range(100)}
    with pytest.raises(DukeMMError, match="100 files"):
        ItemEncoder(CONFIG, Storage(tmp_path), encoders).encode([Item("i", {}, media)], soon())


def test_cells_of_ten_megabytes_are_read_in_part(tmp_path, encoders):
    items = ItemEncoder(CONFIG, Storage(tmp_path), encoders)
    [encoded] = items.encode([Item("i", {"a": "\x00word " * 2_000_000}, {})], soon())
    assert len(encoded.views.text) <= 100_000
    at_most(3, lambda: items.encode([Item("i", {"a": "=0" * 5_000_000, "b": "<" * 10**7}, {})], soon()))


def test_images_encoded_after_the_deadline_are_used_by_the_retry(tmp_path, encoders):
    items = ItemEncoder(CONFIG, Storage(tmp_path), encoders)
    service = encoders.medium(CONFIG.image_encoder)
    real, seen, released = service.encoder.encode, [], threading.Event()

    class Blocked:
        def encode(self, images):
            seen.append(len(images))
            assert released.wait(600)
            return real(images)

    service.encoder = Blocked()
    asked = [mixed(tmp_path, shade) for shade in range(40)]
    with pytest.raises(DukeMMError) as caught:
        items.encode(asked, time.monotonic() + 0.1)
    assert (caught.value.code, caught.value.status) == ("warming", 503)
    released.set()
    assert len(items.encode(asked, soon())) == 40
    assert sum(seen) == 40  # nothing was computed twice


def test_a_request_waiting_for_an_image_at_shutdown_is_told_to_retry(tmp_path, encoders):
    service = MediumService(PRESETS["tiny"].image)
    service.encoder.encode = lambda images: time.sleep(1)
    threading.Timer(0.1, service.stop).start()
    with pytest.raises(DukeMMError) as caught:
        service.features({b"a": lambda: np.zeros((4, 4, 3), np.uint8)}, soon())
    assert caught.value.code == "overloaded"
    service.close()


def test_a_cache_keeps_features_between_processes(tmp_path, encoders, monkeypatch):
    monkeypatch.setattr(item_encoding, "CACHE_BATCH_SIZE", 2)
    files = tmp_path / "files"
    files.mkdir()
    asked = [mixed(files, shade) for shade in range(5)]
    plain = ItemEncoder(CONFIG, Storage(files), encoders).encode(asked, soon())
    cache = FeatureCache(tmp_path / "cache")
    ItemEncoder(CONFIG, Storage(files), encoders, cache).encode(asked, soon())
    cache.close()

    class Nobody:
        def text(self, config):
            raise AssertionError("computed again")

        medium = text

    storage, cache = Counted(files), FeatureCache(tmp_path / "cache")
    found = ItemEncoder(CONFIG, storage, Nobody(), cache).encode(asked, soon())
    assert storage.read == 3  # the documents of all five are the same three
    for a, b in zip(plain, found, strict=True):
        assert (a.vector == b.vector).all()
        assert a.views == b.views
        assert (a.media["photo"].tokens == b.media["photo"].tokens).all()
        assert a.media["noise"].descriptors.keys() == b.media["noise"].descriptors.keys()
    cache.close()


def test_cached_features_are_separate_per_encoder():
    configs = [PRESETS["tiny"].text, PRESETS["tiny"].image, PRESETS["embedded"].text, PRESETS["embedded"].image]
    assert len({fingerprint(config) for config in configs}) == 4


def test_a_broken_cache_is_rebuilt(tmp_path):
    (tmp_path / "features.sqlite").write_bytes(b"no database" * 1000)
    cache = FeatureCache(tmp_path)
    assert cache.get("a") is None
    cache.put({"a": {"": np.arange(3, dtype=np.float32)}})
    assert cache.get("a")[""].tolist() == [0, 1, 2]
    cache._database.execute("UPDATE features SET arrays = x'00'")
    assert cache.get("a") is None
    cache.close()


def test_the_endpoint_answers_items_with_files(ask, folder):
    body = request_of([{"title": "snail"}])
    item = mixed(folder)
    body["items"][0]["media"] = {name: vars(m) for name, m in item.media.items()}
    answer = ask(body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["items"][0]["prediction"] in ("a", "b")
    broken = medium(folder, b"\x89PNG\r\n\x1a\nbroken", "image")
    body["items"][0]["media"]["photo"] = vars(broken)
    refused = ask(body)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_request")
    assert "photo" in refused.json()["message"]
