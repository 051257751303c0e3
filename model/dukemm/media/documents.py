"""Documents: PDF, JSON and text → what a person would read, and the values that a table would hold."""

import io
import json
import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdf
from pypdf import Configuration, apply_configuration

from dukemm.domain.encoded import ATTRIBUTE_CHARACTERS
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import Value

#: Of a PDF: pages that are read, steps (strokes, letters, jumps) of all of them together, bytes of one unpacked stream.
MOST_PAGES, MOST_STEPS, MOST_STREAM = 50, 200_000, 8 << 20
#: Nothing honest within the bounds above takes a tenth of it.
MOST_SECONDS = 10.0
#: Of a JSON document: how deep values may lie, and how many of them become fields.
MOST_DEPTH, MOST_VALUES = 50, 300

# pypdf's own limits take minutes to reach. It is to start no program (jbig2dec) either.
_LIMITS = Configuration(
    array_based_stream_maximum_output_length=MOST_STREAM,
    jbig2dec_binary=None,
    lzw_maximum_output_length=MOST_STREAM,
    page_tree_maximum_entries=20_000,
    page_tree_maximum_page_entries=20_000,
    run_length_maximum_output_length=MOST_STREAM,
    stream_decoding_work_maximum_length=4 * MOST_STREAM,
    stream_parsing_work_maximum_count=MOST_STEPS,
    xform_maximum_invocations_per_extraction=500,
    zlib_maximum_output_length=MOST_STREAM,
    zlib_maximum_recovery_input_length=MOST_STREAM,
    disable_legacy_handling=True,
)
# What it finds odd about a file is nobody's business.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Document:
    """What a document says."""

    text: str
    #: Values by where they stand: numbers, yes and no, short texts; of JSON only.
    fields: dict[str, Value] = field(default_factory=dict)


class _EnoughError(Exception):
    """As much was read as is looked at."""


def read_document(content: bytes, file_type: str, longest: int, name: str, encoding: str = "utf-8") -> Document:
    """Read a `pdf`, `json` or `text` medium, at most `longest` characters.

    `encoding` is a label of the WHATWG Encoding Standard. Raises DukeMMError invalid_request.
    """
    if file_type == "pdf":
        return Document(_pdf(content, longest, name))
    if file_type == "json":
        return _json(content, longest, name, encoding)
    return Document(_text(content, encoding, name)[:longest])


#: Labels of the Encoding Standard whose decoder has another name in Python.
_CODECS = {
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "gbk": "gb18030",
    "windows-874": "cp874",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "iso-8859-8-i": "iso-8859-8",
    "utf-8": "utf-8-sig",
}


def _text(content: bytes, encoding: str, name: str) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode(_CODECS.get(encoding, encoding), "replace")
    except LookupError as error:
        raise _invalid(name, f"no decoder for {encoding[:40]}") from error


def _pdf(content: bytes, longest: int, name: str) -> str:
    if b"%PDF-" not in content[:1024]:
        raise _invalid(name, "not a PDF")
    ends = time.monotonic() + MOST_SECONDS
    pages: list[str] = []
    steps = 0

    def count(*_of_a_step: object) -> None:
        nonlocal steps
        steps += 1
        if steps > MOST_STEPS:
            raise _EnoughError
        if time.monotonic() > ends:
            raise _invalid(name, f"a PDF that takes longer than {MOST_SECONDS:.0f} s to read")

    try:
        with apply_configuration(_LIMITS):
            reader = pypdf.PdfReader(io.BytesIO(content))
            if reader.is_encrypted and not reader.decrypt(""):
                raise _invalid(name, "an encrypted PDF")
            for page in reader.pages[:MOST_PAGES]:
                count()
                pages.append(page.extract_text(visitor_operand_before=count).strip())
                if sum(map(len, pages)) >= longest:
                    break
    except _EnoughError:
        pass
    except DukeMMError:
        raise
    except Exception as error:  # broken files make pypdf fail in every way
        raise _invalid(name, f"a broken PDF, or one beyond the limits: {str(error)[:200]}") from error
    return "\n".join(page for page in pages if page)[:longest]


def _json(content: bytes, longest: int, name: str, encoding: str) -> Document:
    def refuse(constant: str) -> float:
        raise ValueError(f"{constant} is not JSON")

    try:
        data = json.loads(_text(content, encoding, name), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise _invalid(name, f"not JSON: {str(error)[:200]}") from error
    lines: list[str] = []
    fields: dict[str, Value] = {}
    size = 0
    for path, value in _values(data, name, 0):
        shown = value if isinstance(value, str) else json.dumps(value)
        # The path begins with the document's name and a dot, or else lines would be taken for the headers of a mail.
        lines.append(f"{path}: {shown}"[: longest - size])
        size += len(lines[-1]) + 1
        if len(fields) < MOST_VALUES and _is_field(value):
            fields[path] = value
        if size >= longest:
            break
    return Document("\n".join(lines)[:longest], fields)


def _values(data: Any, path: str, depth: int) -> Iterator[tuple[str, Value]]:
    """Each value with where it stands: `order.lines.0.price`."""
    if depth > MOST_DEPTH:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _values(value, f"{path}.{key[:80]}", depth + 1)
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from _values(value, f"{path}.{place}", depth + 1)
    elif data is not None:
        yield path, data


def _is_field(value: Value) -> bool:
    if isinstance(value, str):
        return 0 < len(value) <= ATTRIBUTE_CHARACTERS
    return isinstance(value, bool) or (abs(value or 0) < 1e300 and math.isfinite(value or 0))


def _invalid(name: str, reason: str) -> DukeMMError:
    return DukeMMError("invalid_request", f"{name}: {reason}")
