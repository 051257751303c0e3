"""Images, also hostile and broken ones: pixels or a clear reason, in bounded time and memory."""

import io
import struct
import zlib

import numpy as np
import pytest
from bounds import refused, within
from conftest import at_most
from PIL import Image

from dukemm.media.images import LONGER_SIDE, decode_image


def image_of(mode: str, size: tuple[int, int], kind: str, colour: object = 0, **options: object) -> bytes:
    packed = io.BytesIO()
    Image.new(mode, size, colour).save(packed, kind, **options)
    return packed.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"])
def test_images_are_decoded_to_pixels(kind):
    pixels = decode_image(image_of("RGB", (40, 30), kind, (255, 0, 0)))
    assert (pixels.shape, pixels.dtype) == ((30, 40, 3), np.uint8)
    assert pixels[15, 20].astype(float) == pytest.approx([255.0, 0.0, 0.0], abs=3)


def test_transparency_is_white_and_sixteen_bits_are_reduced_to_the_upper_eight():
    assert decode_image(image_of("RGBA", (8, 8), "PNG", (0, 0, 0, 0))).min() == 255
    ramp = Image.fromarray(np.linspace(0, 60_000, 64).reshape(8, 8).astype(np.uint16))
    packed = io.BytesIO()
    ramp.save(packed, "PNG")
    assert np.diff(decode_image(packed.getvalue())[0, :, 0].astype(int)).min() > 0


def test_a_rotated_photo_is_turned_upright():
    left = Image.new("RGB", (80, 40), "black")
    left.paste("white", (0, 0, 40, 40))
    packed = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    left.save(packed, "PNG", exif=exif)
    pixels = decode_image(packed.getvalue())
    assert pixels.shape[:2] == (80, 40)
    assert pixels[0].min() == 255


def test_large_images_are_scaled_down():
    assert max(decode_image(image_of("L", (3000, 1000), "JPEG")).shape) == LONGER_SIDE


def test_a_decompression_bomb_is_rejected_before_decoding():
    for side, says in ((7_500, "photo: 7500 × 7500 pixels"), (20_000, "photo: too many pixels")):
        flood = image_of("1", (side, side), "PNG")
        assert len(flood) < 100_000
        within(40, lambda flood=flood, says=says: refused(lambda: decode_image(flood, "photo"), says))


def test_a_header_with_too_many_pixels_is_rejected():
    honest = image_of("RGB", (10, 10), "PNG")
    liar = bytearray(honest)
    liar[16:24] = struct.pack(">II", 7000, 7000)
    liar[29:33] = struct.pack(">I", zlib.crc32(bytes(liar[12:29])))
    refused(lambda: decode_image(bytes(liar)), "broken")


def test_only_the_first_frame_of_a_gif_is_read():
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
        (image_of("RGB", (9, 9), "PCX"), "not a PNG"),
        (image_of("RGB", (9, 9), "PPM"), "not a PNG"),
        (b"PK\x03\x04" + b"\0" * 100, "not a PNG"),
    ],
)
def test_broken_images_and_other_files_are_rejected_with_the_reason(content, says):
    refused(lambda: decode_image(content, "photo"), says)


def test_an_image_that_is_also_an_archive_is_read_as_an_image():
    assert decode_image(image_of("RGB", (9, 9), "PNG") + b"PK\x05\x06" + b"\0" * 18).shape == (9, 9, 3)
