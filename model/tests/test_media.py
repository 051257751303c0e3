"""Hostile and broken files: a clear reason, or a bounded result, within seconds and little memory."""

import io
import json
import resource
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import at_most
from fpdf import FPDF
from PIL import Image

from dukemm.domain.errors import DukeMMError
from dukemm.media.audio import RATE, decode_audio
from dukemm.media.documents import read_document
from dukemm.media.images import LONGER_SIDE, decode_image


def image_of(mode: str, size: tuple[int, int], kind: str, colour: object = 0, **options: object) -> bytes:
    packed = io.BytesIO()
    Image.new(mode, size, colour).save(packed, kind, **options)
    return packed.getvalue()


def sound_of(samples: np.ndarray, kind: str = "WAV", rate: int = RATE, **options: str) -> bytes:
    packed = io.BytesIO()
    soundfile.write(packed, samples, rate, format=kind, **options)
    return packed.getvalue()


def pdf_of(*pages: str) -> bytes:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    for page in pages:
        pdf.add_page()
        pdf.multi_cell(0, 8, page)
    return bytes(pdf.output())


def raw_pdf(stream: bytes, pages: int = 1, resources: bytes = b"") -> bytes:
    """A PDF whose pages all show one compressed stream."""
    packed = zlib.compress(stream, 9)
    kids = b" ".join(b"%d 0 R" % (10 + i) for i in range(pages))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
        3: b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed),
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        5: b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R /G 6 0 R >> >> "
        b"/Length 12 >>\nstream\n/G Do /G Do \nendstream",
        6: b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >> "
        b"/Length 12 >>\nstream\n/F Do /F Do \nendstream",
        **{
            10 + i: b"<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> "
            b"/XObject << /F 5 0 R >> >> >>"
            for i in range(pages)
        },
    }
    body, offsets = b"%PDF-1.4\n", {}
    for number, content in objects.items():
        offsets[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(
        b"%010d 00000 n \n" % offsets[i] if i in offsets else b"0000000000 65535 f \n" for i in range(max(objects) + 1)
    )
    return body + b"xref\n0 %d\n%strailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF" % (
        max(objects) + 1, table, max(objects) + 1, len(body),
    )  # fmt: skip


def refused(work: Callable[[], object], says: str, seconds: float = 2.0) -> None:
    def call() -> None:
        with pytest.raises(DukeMMError, match=says) as caught:
            work()
        assert caught.value.status == 400

    at_most(seconds, call)


def within(megabytes: int, work: Callable[[], object]) -> None:
    """Run with a limit on what this process may take more than it has."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + (megabytes << 20), before[1]))
    try:
        work()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_images_become_pixels(kind):
    pixels = decode_image(image_of("RGB", (40, 30), kind, (255, 0, 0)))
    assert (pixels.shape, pixels.dtype) == ((30, 40, 3), np.uint8)
    assert pixels[15, 20].astype(float) == pytest.approx([255.0, 0.0, 0.0], abs=3)


def test_transparency_is_white_and_sixteen_bits_keep_their_upper_ones():
    assert decode_image(image_of("RGBA", (8, 8), "PNG", (0, 0, 0, 0))).min() == 255
    ramp = Image.fromarray(np.linspace(0, 60_000, 64).reshape(8, 8).astype(np.uint16))
    packed = io.BytesIO()
    ramp.save(packed, "PNG")
    assert np.diff(decode_image(packed.getvalue())[0, :, 0].astype(int)).min() > 0


def test_a_photo_that_lies_on_its_side_is_turned_upright():
    left = Image.new("RGB", (80, 40), "black")
    left.paste("white", (0, 0, 40, 40))
    packed = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    left.save(packed, "PNG", exif=exif)
    pixels = decode_image(packed.getvalue())
    assert pixels.shape[:2] == (80, 40)
    assert pixels[0].min() == 255


def test_large_images_are_made_small():
    assert max(decode_image(image_of("L", (3000, 1000), "JPEG")).shape) == LONGER_SIDE


def test_a_pixel_flood_is_refused_before_it_is_decoded():
    for side, says in ((7_500, "photo: 7500 × 7500 pixels"), (20_000, "photo: too many pixels")):
        flood = image_of("1", (side, side), "PNG")
        assert len(flood) < 100_000
        within(40, lambda flood=flood, says=says: refused(lambda: decode_image(flood, "photo"), says))


def test_a_header_that_promises_too_much_is_refused():
    honest = image_of("RGB", (10, 10), "PNG")
    liar = bytearray(honest)
    liar[16:24] = struct.pack(">II", 7000, 7000)
    liar[29:33] = struct.pack(">I", zlib.crc32(bytes(liar[12:29])))
    refused(lambda: decode_image(bytes(liar)), "broken")


def test_of_a_gif_with_thousands_of_frames_the_first_is_read():
    frames = [Image.new("P", (64, 64), i % 256) for i in range(3000)]
    packed = io.BytesIO()
    frames[0].save(packed, "GIF", save_all=True, append_images=frames[1:])
    at_most(0.5, lambda: decode_image(packed.getvalue()))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a PNG"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (image_of("RGB", (300, 300), "PNG", "red")[:200], "broken"),
        (image_of("RGB", (300, 300), "JPEG", "red")[:400], "image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG"),
        (image_of("RGB", (9, 9), "TIFF"), "not a PNG"),
        (image_of("RGB", (9, 9), "BMP"), "not a PNG"),
        (b"PK\x03\x04" + b"\0" * 100, "not a PNG"),
    ],
)
def test_what_is_no_image_or_broken_is_refused_with_the_reason(content, says):
    refused(lambda: decode_image(content, "photo"), says)


def test_an_image_that_is_an_archive_as_well_is_read_as_an_image():
    assert decode_image(image_of("RGB", (9, 9), "PNG") + b"PK\x05\x06" + b"\0" * 18).shape == (9, 9, 3)


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_sounds_become_samples(kind, rate):
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    samples = decode_audio(sound_of(tone, kind, rate), 30)
    assert len(samples) == pytest.approx(RATE, abs=2500)
    loudest = np.argmax(np.abs(np.fft.rfft(samples[:RATE], RATE)))
    assert loudest == pytest.approx(440, abs=3)


def test_channels_are_heard_as_one_and_a_long_sound_is_not_decoded():
    long = sound_of(np.full((RATE * 600, 2), 0.25, np.float32), subtype="PCM_U8")
    within(50, lambda: at_most(1, lambda: decode_audio(long, 30)))
    assert decode_audio(long, 30) == pytest.approx(np.full(RATE * 30, 0.25), abs=0.01)


def test_a_header_that_promises_hours_takes_no_memory():
    endless = bytearray(sound_of(np.zeros(100)))
    endless[4:8] = endless[40:44] = struct.pack("<I", 0x7FFFFFF0)
    within(30, lambda: at_most(1, lambda: decode_audio(bytes(endless), 30)))


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf, 1e38])
def test_samples_that_are_no_numbers_are_silence_and_too_loud_ones_are_cut(odd):
    samples = decode_audio(sound_of(np.array([0.1, odd, -0.1] * 999, np.float32), subtype="FLOAT", rate=22_050), 30)
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a WAV"),
        (b"RIFF\x00\x00\x00\x00WAVE", "sound"),
        (sound_of(np.zeros(100))[:40], "sound"),
        (sound_of(np.zeros(0)), "without samples"),
        (sound_of(np.zeros((10, 9))), "9 channels"),
        (sound_of(np.zeros(10), rate=400_000), "400000 samples"),
        (sound_of(np.zeros(10), rate=8), "8 samples"),
        (sound_of(np.zeros(100), "AIFF"), "not a WAV"),
        (b"fLaC" + b"\xff" * 500, "broken"),
        (b"OggS" + b"\x00" * 500, "broken"),
        (b"ID3" + b"\x00" * 5000, "broken"),
    ],
)
def test_what_is_no_sound_or_broken_is_refused_with_the_reason(content, says):
    refused(lambda: decode_audio(content, 30, "clip"), says)


def read_pdf(content: bytes, longest: int = 24_000) -> str:
    return read_document(content, "pdf", longest, "paper").text


def test_a_pdf_becomes_its_text_and_no_more_than_is_asked_for():
    pages = pdf_of("Invoice 17\nTotal 12.50", "Second page")
    assert read_pdf(pages).split() == ["Invoice", "17", "Total", "12.50", "Second", "page"]
    assert len(read_pdf(pdf_of(*["word " * 300] * 3), longest=1000)) == 1000
    assert read_pdf(pdf_of("")) == ""


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a PDF"),
        (b"GIF89a", "not a PDF"),
        (b"%PDF-1.7\n" + b"\0" * 1000, "broken PDF"),
        (pdf_of("text")[:300], "broken PDF"),
        (b"%PDF-1.4\n1 0 obj\n" + b"[" * 100_000, "broken PDF"),
    ],
)
def test_broken_pdfs_are_refused_with_the_reason(content, says):
    refused(lambda: read_pdf(content), says)


def test_an_encrypted_pdf_is_refused():
    pdf = FPDF()
    pdf.add_page()
    pdf.set_encryption(owner_password="owner", user_password="user")
    refused(lambda: read_pdf(bytes(pdf.output())), "PDF")


def test_a_pdf_whose_stream_unpacks_to_a_gigabyte_is_refused():
    bomb = raw_pdf(b" " * (200 << 20))
    assert len(bomb) < 300_000
    within(100, lambda: refused(lambda: read_pdf(bomb), "broken PDF"))


def test_pdfs_that_would_take_minutes_are_read_in_part():
    strokes = raw_pdf(b"BT /F1 9 Tf (a) Tj ET " * 20_000, pages=50)
    at_most(20, lambda: read_pdf(strokes))
    # Forms that draw each other twice, without an end.
    at_most(20, lambda: read_pdf_or_reason(raw_pdf(b"/F Do " * 100)))


def read_pdf_or_reason(content: bytes) -> None:
    try:
        assert len(read_pdf(content)) <= 24_000
    except DukeMMError as error:
        assert error.status == 400


def test_of_a_pdf_with_many_pages_the_first_are_read():
    pages = read_pdf(raw_pdf(b"BT /F1 9 Tf (page) Tj ET", pages=2000))
    assert pages.split() == ["page"] * 50


def read_json(content: object) -> tuple[str, dict]:
    document = read_document(json.dumps(content).encode(), "json", 24_000, "order")
    return document.text, document.fields


def test_json_becomes_lines_and_fields():
    text, fields = read_json({"id": 7, "who": {"name": "Ann Lee"}, "lines": [{"price": 1.5, "gift": True}], "note": None})
    assert text.splitlines() == [
        "order.id: 7",
        "order.who.name: Ann Lee",
        "order.lines.0.price: 1.5",
        "order.lines.0.gift: true",
    ]
    assert fields == {
        "order.id": 7, "order.who.name": "Ann Lee", "order.lines.0.price": 1.5, "order.lines.0.gift": True,
    }  # fmt: skip


def test_large_and_deep_json_is_bounded():
    text, fields = read_json({"rows": list(range(100_000)), "long": "x" * 10**6})
    assert len(text) <= 24_000
    assert len(fields) <= 300
    nested: object = 1
    for _ in range(200):
        nested = [nested]
    assert read_json(nested) == ("", {})


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 10**6, b"NaN", b'{"a": Infinity}', b"1" * 10_000, b"\xff\xfe\x00"])
def test_what_is_no_json_is_refused_with_the_reason(content):
    refused(lambda: read_document(content, "json", 24_000, "order"), "order: not JSON")


def test_texts_may_be_in_utf_16_or_in_nothing_known():
    assert read_document("grün".encode("utf-16"), "text", 100, "t").text == "grün"
    assert read_document(b"\xef\xbb\xbfgr\xc3\xbcn\xff", "text", 100, "t").text == "grün�"
    assert len(read_document(b"a" * (10 << 20), "text", 24_000, "t").text) == 24_000


@pytest.mark.parametrize(
    ("encoding", "content", "text"),
    [
        ("windows-1252", b"M\xfcller \x96 Gr\xfc\xdfe", "Müller – Grüße"),
        ("shift_jis", "点検①".encode("cp932"), "点検①"),
        ("euc-kr", "좋음 똠".encode("cp949"), "좋음 똠"),
        ("windows-874", "ดี".encode("cp874"), "ดี"),
        ("x-mac-cyrillic", "да".encode("mac_cyrillic"), "да"),
        ("utf-16le", "\ufeffgrün".encode("utf-16-le"), "grün"),
    ],
)
def test_a_text_is_read_in_its_encoding(encoding: str, content: bytes, text: str) -> None:
    assert read_document(content, "text", 100, "t", encoding).text == text


def test_an_unknown_encoding_is_refused() -> None:
    refused(lambda: read_document(b"a", "text", 100, "t", "klingon"), "t: no decoder for klingon")
