"""Scans and pictures of text: what is written on them becomes the item's text."""

import dataclasses
import hashlib
import io
import time
from pathlib import Path

import numpy as np
import pytest
from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont
from sklearn.datasets import load_sample_image

from dukemm.config import READER
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import Item, Medium
from dukemm.encoders.cache import FeatureCache
from dukemm.encoders.items import ItemEncoder
from dukemm.encoders.pool import Encoders
from dukemm.encoders.reader import MAX_LINES, TextReader, in_rows
from dukemm.media.lines_of_text import shows_text
from dukemm.storage import Storage
from dukemm.versions.artifact import first_config

CONFIG = dataclasses.replace(first_config("tiny", "1"), reader=READER)
INVOICE = ("Invoice 2026-0417", "Hammer 2 39.80", "Total: 74.80 EUR")


def page(*lines: str, size: int = 32, ink: str = "black", paper: str = "white") -> Image.Image:
    picture = Image.new("RGB", (700, 60 + 2 * size * max(len(lines), 1)), paper)
    draw = ImageDraw.Draw(picture)
    for row, line in enumerate(lines):
        draw.text((40, 40 + 2 * size * row), line, ink, ImageFont.load_default(size))
    return picture


def scan(*pages: Image.Image) -> bytes:
    document = FPDF()
    for each in pages:
        document.add_page()
        document.image(each, x=10, y=10, w=190)
    return bytes(document.output())


def png(picture: Image.Image) -> bytes:
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    return packed.getvalue()


def item(folder: Path, content: bytes, file_type: str, name: str = "paper") -> Item:
    sha256 = hashlib.sha256(content).hexdigest()
    (folder / sha256).write_bytes(content)
    return Item("i1", {}, {name: Medium(f"file://{folder}/{sha256}", file_type, sha256, len(content))})


def soon() -> float:
    return time.monotonic() + 600


@pytest.fixture(scope="module")
def reader() -> TextReader:
    return TextReader(READER)


def text_of(reader: TextReader, *pages: Image.Image) -> str:
    return reader.encode([[np.asarray(each) for each in pages]])[0]


@pytest.mark.parametrize("degrees", [0, 2, 90, 180, 270])
def test_a_page_is_read_in_any_orientation(reader, degrees):
    turned = page(*INVOICE).rotate(degrees, expand=True, fillcolor="white")
    assert text_of(reader, turned).split("\n") == list(INVOICE)


def test_light_text_on_a_dark_page_and_several_pages_are_read_in_order(reader):
    dark = page("Second page", ink="white", paper="black")
    assert text_of(reader, page("First page"), dark) == "First page\nSecond page"


def test_an_empty_page_and_a_photograph_have_no_text(reader):
    assert text_of(reader, Image.new("RGB", (600, 800), "white")) == ""
    assert text_of(reader, Image.fromarray(load_sample_image("flower.jpg"))) == ""
    assert reader.encode([[]]) == [""]


def test_lines_beyond_the_limit_are_not_read(reader, monkeypatch):
    monkeypatch.setattr("dukemm.encoders.reader.MAX_LINES", 2)
    assert text_of(reader, page(*INVOICE), page("Never read")).split("\n") == list(INVOICE[:2])
    assert MAX_LINES >= 100


def test_pieces_of_a_row_are_joined_and_columns_are_separated():
    def box(left: float, top: float, width: float) -> np.ndarray:
        corners = [[left, top], [left + width, top], [left + width, top + 20], [left, top + 20]]
        return np.array(corners, np.float32)

    pieces = [(box(10, 52, 80), "Saw"), (box(300, 14, 60), "Price"), (box(10, 10, 60), "Item"), (box(75, 11, 60), "name")]
    assert in_rows(pieces) == ["Item name\tPrice", "Saw"]


def test_networks_with_another_hash_are_rejected():
    with pytest.raises(DukeMMError, match="not the pinned ones"):
        TextReader(dataclasses.replace(READER, sha256="0" * 64))
    with pytest.raises(DukeMMError, match="not installed"):
        TextReader(dataclasses.replace(READER, name="no-such-package"))


def test_text_is_distinguished_from_photographs_and_drawings():
    assert shows_text(np.asarray(page(*INVOICE)))
    assert shows_text(np.asarray(page("Closed", size=60)))
    assert shows_text(np.asarray(page(*INVOICE, ink="white", paper="navy")))
    noise = np.random.default_rng(0).normal(0, 4, (252, 700, 1))
    shadow = np.linspace(1.0, 0.6, 700)[None, :, None]
    assert shows_text((np.asarray(page(*INVOICE)) * shadow + noise).clip(0, 255).astype(np.uint8))
    assert shows_text(np.asarray(page(*["the quick brown fox jumps over the lazy dog"] * 20, size=14)))
    assert not shows_text(np.asarray(Image.fromarray(load_sample_image("china.jpg")).resize((512, 342))))
    drawing = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(drawing).ellipse((50, 50, 250, 250), "red", "black", 5)
    assert not shows_text(np.asarray(drawing))
    assert not shows_text(np.asarray(page(*INVOICE).resize((28, 28))))


def test_text_in_a_scan_or_picture_is_added_to_its_item(tmp_path, encoders: Encoders):
    encoder = ItemEncoder(CONFIG, Storage(tmp_path), encoders)
    items = [item(tmp_path, scan(page(*INVOICE)), "pdf"), item(tmp_path, png(page(*INVOICE)), "image")]
    scanned, pictured = encoder.encode(items, soon())
    for each in (scanned, pictured):
        assert each.views.source["paper"].split("\n") == list(INVOICE)
        assert each.media["paper"].kind == "image"


def test_a_picture_without_text_and_a_version_without_a_reader_have_no_text(tmp_path, encoders: Encoders):
    red = item(tmp_path, png(Image.new("RGB", (300, 300), "red")), "image")
    [found] = ItemEncoder(CONFIG, Storage(tmp_path), encoders).encode([red], soon())
    assert found.views.text == ""
    older = dataclasses.replace(CONFIG, reader=None)
    [found] = ItemEncoder(older, Storage(tmp_path), encoders).encode([item(tmp_path, scan(page(*INVOICE)), "pdf")], soon())
    assert found.views.text == ""


def test_a_scan_is_read_once_per_training(tmp_path, encoders: Encoders):
    files = tmp_path / "files"
    files.mkdir()
    scanned = item(files, scan(page(*INVOICE)), "pdf")
    cache = FeatureCache(tmp_path / "cache")
    [first] = ItemEncoder(CONFIG, Storage(files), encoders, cache).encode([scanned], soon())

    class NeverReads(Encoders):
        def reader(self, config):
            raise AssertionError("read again")

    [again] = ItemEncoder(CONFIG, Storage(files), NeverReads(), cache).encode([scanned], soon())
    assert again.views == first.views
    cache.close()
