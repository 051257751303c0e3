"""Scans: PDFs of pictures become pixels or a clear reason, in bounded time and memory."""

import io

import numpy as np
import pytest
from bounds import refused, within
from conftest import at_most
from fpdf import FPDF
from PIL import Image

from dukemm.media.images import LONGER_SIDE
from dukemm.media.scans import decode_scan


def scan_of(*pictures: Image.Image, blank_pages: int = 0) -> bytes:
    pdf = FPDF()
    for _ in range(blank_pages):
        pdf.add_page()
    for picture in pictures:
        pdf.add_page()
        pdf.image(picture, x=0, y=0, w=150)
    return bytes(pdf.output())


def test_a_scan_is_read_as_its_first_page_with_a_picture():
    pixels = decode_scan(scan_of(Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue"), blank_pages=1))
    assert (pixels.shape, pixels.dtype) == ((30, 40, 3), np.uint8)
    assert pixels[15, 20].astype(float) == pytest.approx([255.0, 0.0, 0.0], abs=3)


def test_a_page_at_300_dpi_is_read_within_the_pixel_limit():
    page = Image.effect_noise((2480, 3508), 60)
    content = scan_of(page)
    within(200, lambda: at_most(5, lambda: decode_scan(content)))
    assert max(decode_scan(content).shape) == LONGER_SIDE


def test_a_pdf_without_a_picture_is_rejected():
    refused(lambda: decode_scan(scan_of(blank_pages=1)), "neither text nor a picture")


def test_other_files_than_pdf_are_rejected():
    packed = io.BytesIO()
    Image.new("RGB", (9, 9)).save(packed, "PNG")
    refused(lambda: decode_scan(packed.getvalue()), "broken image")
