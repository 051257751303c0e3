"""Scans: PDFs whose pages are pictures → pixels."""

import io
import logging
from collections.abc import Iterator

import pypdf
from pypdf import Configuration, apply_configuration
from pypdf.generic import DictionaryObject, StreamObject

from dukemm.contract.limits import MAX_PIXELS
from dukemm.domain.errors import DukeMMError
from dukemm.media.images import LONGER_SIDE, Pixels, check_size, decoding, pixels_of

#: Pages that are looked at for a picture.
MAX_PAGES = 5
#: Bytes of a decompressed picture: three for each pixel.
_MAX_PICTURE_BYTES = 3 * MAX_PIXELS
_LIMITS = Configuration(
    array_based_stream_maximum_output_length=_MAX_PICTURE_BYTES,
    jbig2dec_binary=None,  # an external program, which must not be started
    lzw_maximum_output_length=_MAX_PICTURE_BYTES,
    page_tree_maximum_entries=20_000,
    page_tree_maximum_page_entries=20_000,
    run_length_maximum_output_length=_MAX_PICTURE_BYTES,
    stream_decoding_work_maximum_length=2 * _MAX_PICTURE_BYTES,
    zlib_maximum_output_length=_MAX_PICTURE_BYTES,
    zlib_maximum_recovery_input_length=_MAX_PICTURE_BYTES,
    disable_legacy_handling=True,
)
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def decode_scan(content: bytes, name: str = "scan") -> Pixels:
    """Decode the first page with a picture; see decode_image. Raises DukeMMError invalid_request with the reason."""
    for pixels in decode_pages(content, name):
        return pixels
    raise DukeMMError("invalid_request", f"{name}: neither text nor a picture on the first {MAX_PAGES} pages")


def decode_pages(content: bytes, name: str = "scan", longer_side: int = LONGER_SIDE) -> Iterator[Pixels]:
    """Decode the largest picture of each of the first MAX_PAGES pages, as its page shows it; see decode_image.

    Raises DukeMMError invalid_request with the reason.
    """
    with decoding(name), apply_configuration(_LIMITS):
        for page in pypdf.PdfReader(io.BytesIO(content)).pages[:MAX_PAGES]:
            largest = max(_picture_sizes(page), default=None)
            if largest is None:
                continue
            picture = page.images[largest[1]].image
            if picture is not None:
                check_size(picture, name)
                # A page's rotation is clockwise, Pillow's the other way round.
                yield pixels_of(picture.rotate(-page.rotation, expand=True) if page.rotation else picture, longer_side)


def _picture_sizes(page: pypdf.PageObject) -> list[tuple[int, str]]:
    """(pixels, name) of each picture of a page within MAX_PIXELS, from its dictionary: nothing is decoded."""
    resources = page.get("/Resources", DictionaryObject()).get_object()
    found = resources.get("/XObject", DictionaryObject()).get_object() if isinstance(resources, DictionaryObject) else {}
    sizes: list[tuple[int, str]] = []
    for key, reference in found.items():
        picture = reference.get_object()
        if not isinstance(picture, StreamObject) or picture.get("/Subtype") != "/Image":
            continue
        pixels = int(picture.get("/Width", 0)) * int(picture.get("/Height", 0))
        if 0 < pixels <= MAX_PIXELS:
            sizes.append((pixels, key))
    return sizes
