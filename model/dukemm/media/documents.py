"""Documents: PDF, JSON and text → readable text, and the values that a table would hold."""

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

#: Of a PDF: pages that are read, drawing operations of all pages together, bytes of one decompressed stream.
MAX_PAGES, MAX_OPERATIONS, MAX_STREAM_BYTES = 50, 200_000, 8 << 20
#: CPU time for one PDF, which the load of the machine does not change. Ordinary files within the limits take a tenth of it.
MAX_SECONDS = 10.0
#: Of a JSON document: nesting depth of values, and number of values that become fields.
MAX_DEPTH, MAX_FIELDS = 50, 300

# pypdf's own limits take minutes to reach. jbig2dec is an external program and must not be started.
_LIMITS = Configuration(
    array_based_stream_maximum_output_length=MAX_STREAM_BYTES,
    jbig2dec_binary=None,
    lzw_maximum_output_length=MAX_STREAM_BYTES,
    page_tree_maximum_entries=20_000,
    page_tree_maximum_page_entries=20_000,
    run_length_maximum_output_length=MAX_STREAM_BYTES,
    stream_decoding_work_maximum_length=4 * MAX_STREAM_BYTES,
    stream_parsing_work_maximum_count=MAX_OPERATIONS,
    xform_maximum_invocations_per_extraction=500,
    zlib_maximum_output_length=MAX_STREAM_BYTES,
    zlib_maximum_recovery_input_length=MAX_STREAM_BYTES,
    disable_legacy_handling=True,
)
# Its warnings about malformed files would fill the log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Document:
    """Content of a document."""

    text: str
    #: Numbers, booleans and short texts by path; of JSON only.
    fields: dict[str, Value] = field(default_factory=dict)


class _LimitReachedError(Exception):
    """Stops the PDF reader once its limit of operations is reached."""


def read_document(content: bytes, file_type: str, max_characters: int, name: str, encoding: str = "utf-8") -> Document:
    """Read a `pdf`, `json` or `text` medium, at most `max_characters` characters.

    `encoding` is a label of the WHATWG Encoding Standard. Raises DukeMMError invalid_request.
    """
    if file_type == "pdf":
        return Document(_pdf(content, max_characters, name))
    if file_type == "json":
        return _json(content, max_characters, name, encoding)
    return Document(_text(content, encoding, name)[:max_characters])


#: Python codecs of encoding labels whose WHATWG decoder has another name in Python.
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


def _pdf(content: bytes, max_characters: int, name: str) -> str:
    if b"%PDF-" not in content[:1024]:
        raise _invalid(name, "not a PDF")
    deadline = time.thread_time() + MAX_SECONDS
    pages: list[str] = []
    operations = 0

    def count(*_operation: object) -> None:
        nonlocal operations
        operations += 1
        if operations > MAX_OPERATIONS:
            raise _LimitReachedError
        if time.thread_time() > deadline:
            raise _invalid(name, f"reading the PDF takes more than {MAX_SECONDS:.0f} s of CPU time")

    try:
        with apply_configuration(_LIMITS):
            reader = pypdf.PdfReader(io.BytesIO(content))
            if reader.is_encrypted and not reader.decrypt(""):
                raise _invalid(name, "an encrypted PDF")
            for page in reader.pages[:MAX_PAGES]:
                count()
                pages.append(page.extract_text(visitor_operand_before=count).strip())
                if sum(map(len, pages)) >= max_characters:
                    break
    except _LimitReachedError:
        pass
    except DukeMMError:
        raise
    except Exception as error:  # broken files make pypdf fail in every way
        raise _invalid(name, f"a broken PDF, or one beyond the limits: {str(error)[:200]}") from error
    return "\n".join(page for page in pages if page)[:max_characters]


def _json(content: bytes, max_characters: int, name: str, encoding: str) -> Document:
    def reject(constant: str) -> float:
        raise ValueError(f"{constant} is not JSON")

    try:
        data = json.loads(_text(content, encoding, name), parse_constant=reject)
    except (ValueError, RecursionError) as error:
        raise _invalid(name, f"not JSON: {str(error)[:200]}") from error
    lines: list[str] = []
    fields: dict[str, Value] = {}
    size = 0
    for path, value in _values(data, name, 0):
        shown = value if isinstance(value, str) else json.dumps(value)
        # The path begins with the document's name and a dot, so that lines are not taken for headers of a mail.
        lines.append(f"{path}: {shown}"[: max_characters - size])
        size += len(lines[-1]) + 1
        if len(fields) < MAX_FIELDS and _is_field(value):
            fields[path] = value
        if size >= max_characters:
            break
    return Document("\n".join(lines)[:max_characters], fields)


def _values(data: Any, path: str, depth: int) -> Iterator[tuple[str, Value]]:
    """Each value with its path: `order.lines.0.price`."""
    if depth > MAX_DEPTH:
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
