"""Images: PNG, JPEG, WebP, GIF, TIFF and BMP → pixels."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from dukemm.contract.limits import MAX_PIXELS
from dukemm.domain.errors import DukeMMError

Pixels = NDArray[np.uint8]
#: Accepted formats. Pillow knows fifty, some of which start other programs (EPS) or follow references.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP")
#: Larger images are scaled down to this side, in pixels; encoders use 224.
LONGER_SIDE = 512


def decode_image(content: bytes, name: str = "image", longer_side: int = LONGER_SIDE) -> Pixels:
    """Decode the first frame: (h, w, 3) uint8 RGB, upright, transparency on white, sides of at most `longer_side`.

    Raises DukeMMError invalid_request with the reason.
    """
    with decoding(name):
        # The size is in the header, so a decompression bomb is rejected before it is decoded. Pillow warns from
        # 89 million pixels on and raises from 179 million.
        image = Image.open(io.BytesIO(content), formats=FORMATS)
        check_size(image, name)
        image.draft("RGB", (longer_side, longer_side))  # a JPEG is decoded at a fraction of its size
        image.load()
        return pixels_of(image, longer_side)


def check_size(image: Image.Image, name: str) -> None:
    """Raise DukeMMError invalid_request if an image has too many pixels."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise DukeMMError("invalid_request", f"{name}: {width} × {height} pixels; the limit is {MAX_PIXELS:,}")


def pixels_of(image: Image.Image, longer_side: int = LONGER_SIDE) -> Pixels:
    """A decoded image as decode_image returns it."""
    image.thumbnail((longer_side, longer_side), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.asarray(_on_white(ImageOps.exif_transpose(image)))


@contextmanager
def decoding(name: str) -> Iterator[None]:
    """Turn what decoders raise into DukeMMError invalid_request with the reason."""
    try:
        yield
    except DukeMMError:
        raise
    except Image.DecompressionBombError as error:
        raise DukeMMError("invalid_request", f"{name}: too many pixels; the limit is {MAX_PIXELS:,}") from error
    except UnidentifiedImageError as error:
        raise DukeMMError("invalid_request", f"{name} is not a PNG, JPEG, WebP, GIF, TIFF or BMP image") from error
    except MemoryError as error:
        raise DukeMMError("invalid_request", f"{name} takes too much memory") from error
    except Exception as error:  # decoders raise OSError, SyntaxError, struct.error and others for broken files
        raise DukeMMError("invalid_request", f"{name} is a broken image: {str(error)[:200]}") from error


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("I", "I;16", "I;16B", "I;16L", "F"):
        # 16 bits per pixel: Pillow's own conversion would drop the upper ones.
        levels = np.nan_to_num(np.asarray(image, np.float32))
        image = Image.fromarray((levels / max(float(levels.max()), 1.0) * 255).clip(0, 255).astype(np.uint8))
    if "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")
