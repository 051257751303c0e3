"""Images: PNG, JPEG, WebP and GIF → pixels."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from dukemm.domain.errors import DukeMMError

Pixels = NDArray[np.uint8]
#: Nothing else is tried: Pillow knows fifty formats, some of which start other programs (EPS) or follow references.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
#: Decoded it takes three bytes a pixel, so this is 150 MB at worst.
MOST_PIXELS = 50_000_000
#: Larger images are scaled down to this; encoders look at 224.
LONGER_SIDE = 512


def decode_image(content: bytes, name: str = "image") -> Pixels:
    """(h, w, 3) red, green, blue of the first frame, upright, on white where transparent, neither side above 512.

    Raises DukeMMError invalid_request with the reason.
    """
    try:
        # The size is in the header, so a bomb is refused before anything is decoded. Pillow's own limit
        # of 179 million raises, its first of 89 million only warns.
        image = Image.open(io.BytesIO(content), formats=FORMATS)
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise DukeMMError(
                "invalid_request", f"{name}: {width} × {height} pixels; at most {MOST_PIXELS:,} are looked at"
            )
        image.draft("RGB", (LONGER_SIDE, LONGER_SIDE))  # a JPEG is decoded at a fraction of its size
        image.load()
        image.thumbnail((LONGER_SIDE, LONGER_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
        return np.asarray(_on_white(ImageOps.exif_transpose(image)))
    except DukeMMError:
        raise
    except Image.DecompressionBombError as error:
        raise DukeMMError("invalid_request", f"{name}: too many pixels; at most {MOST_PIXELS:,} are looked at") from error
    except UnidentifiedImageError as error:
        raise DukeMMError("invalid_request", f"{name} is not a PNG, JPEG, WebP or GIF image") from error
    except MemoryError as error:
        raise DukeMMError("invalid_request", f"{name} takes too much memory") from error
    except Exception as error:  # decoders of broken files raise what they like: OSError, SyntaxError, struct.error, …
        raise DukeMMError("invalid_request", f"{name} is a broken image: {str(error)[:200]}") from error


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("I", "I;16", "I;16B", "I;16L", "F"):
        # Sixteen bits a pixel: Pillow's own conversion would cut off the upper ones.
        levels = np.nan_to_num(np.asarray(image, np.float32))
        image = Image.fromarray((levels / max(float(levels.max()), 1.0) * 255).clip(0, 255).astype(np.uint8))
    if "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")
