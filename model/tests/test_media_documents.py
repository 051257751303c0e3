"""Documents, also hostile and broken ones: text and fields or a clear reason, in bounded time and memory."""

import json
import zlib

import pytest
from bounds import refused, within
from conftest import at_most
from fpdf import FPDF

from dukemm.domain.errors import DukeMMError
from dukemm.media.documents import read_document


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


def read_pdf(content: bytes, longest: int = 24_000) -> str:
    return read_document(content, "pdf", longest, "paper").text


def test_the_text_of_a_pdf_is_read_up_to_the_limit():
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
def test_broken_pdfs_are_rejected_with_the_reason(content, says):
    refused(lambda: read_pdf(content), says)


def test_an_encrypted_pdf_is_rejected():
    pdf = FPDF()
    pdf.add_page()
    pdf.set_encryption(owner_password="owner", user_password="user")
    refused(lambda: read_pdf(bytes(pdf.output())), "PDF")


def test_a_pdf_whose_stream_inflates_to_a_gigabyte_is_rejected():
    bomb = raw_pdf(b" " * (200 << 20))
    assert len(bomb) < 300_000
    within(100, lambda: refused(lambda: read_pdf(bomb), "broken PDF"))


def test_slow_pdfs_are_read_in_part():
    strokes = raw_pdf(b"BT /F1 9 Tf (a) Tj ET " * 20_000, pages=50)
    at_most(20, lambda: read_pdf(strokes))
    # Forms that draw each other twice, without an end.
    at_most(20, lambda: read_pdf_or_reason(raw_pdf(b"/F Do " * 100)))


def read_pdf_or_reason(content: bytes) -> None:
    try:
        assert len(read_pdf(content)) <= 24_000
    except DukeMMError as error:
        assert error.status == 400


def test_only_the_first_of_many_pages_are_read():
    pages = read_pdf(raw_pdf(b"BT /F1 9 Tf (page) Tj ET", pages=2000))
    assert pages.split() == ["page"] * 50


def read_json(content: object) -> tuple[str, dict]:
    document = read_document(json.dumps(content).encode(), "json", 24_000, "order")
    return document.text, document.fields


def test_json_is_flattened_to_lines_and_fields():
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
def test_invalid_json_is_rejected_with_the_reason(content):
    refused(lambda: read_document(content, "json", 24_000, "order"), "order: not JSON")


def test_texts_are_read_in_utf_16_or_an_unknown_encoding():
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


def test_an_unknown_encoding_is_rejected() -> None:
    refused(lambda: read_document(b"a", "text", 100, "t", "klingon"), "t: no decoder for klingon")
