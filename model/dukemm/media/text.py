"""Readable text: transfer encodings and markup removed, `Name: value` headers separated.

Every step is linear in the length of the text, because hostile texts are to be expected on a marketplace.
"""

import html
import re
from dataclasses import dataclass

#: Default limit of characters read of a text; the text encoder reads about a thousand.
MAX_CHARACTERS = 100_000
#: A text has headers if it begins with at least this many in a row: mails, web responses, records.
MIN_HEADERS = 3
#: Any of these names marks the headers as a mail's, which are then removed from the readable text. Other headers, such as
#: an invoice's («Total: 12.50»), are content.
MAIL_HEADERS = {"subject", "received", "message-id", "mime-version", "content-type", "return-path"}
#: Headers of a mail that stay in the readable text.
READABLE_HEADERS = ("subject", "from")

_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9_\-]{0,60}:")
#: A letter, `/`, `!` or `?` follows the bracket: `5 < 7 and 9 > 8` has no tag.
_TAG = re.compile(r"<[A-Za-z/!?][^<>]{0,499}>")
_QUOTED_PRINTABLE = re.compile(r"(?:=[0-9A-F]{2})+")
_URL = re.compile(r"https?://([^/\s\"'>]{1,200})\S*")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{60,}")
_REPEATED_SIGN = re.compile(r"([^\w\s])\1{2,}")
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INVISIBLE_ELEMENTS = (
    ("<!--", "-->"),
    ("<style", "</style>"),
    ("<script", "</script>"),
    ("<STYLE", "</STYLE>"),
    ("<SCRIPT", "</SCRIPT>"),
)


@dataclass(frozen=True)
class Reading:
    """One text, read."""

    #: (name in lower case, value) of each header, in order; empty if the text has none.
    headers: tuple[tuple[str, str], ...]
    #: Subject, sender and body without markup: input of the word counts.
    text: str
    #: The same with URLs reduced to their hosts and without long runs of signs: input of the text encoder.
    meaning: str


def without_control(text: str) -> str:
    """Replace control characters except tab and line ends by blanks, and lone surrogates by question marks."""
    return _CONTROL.sub(" ", text.encode("utf-8", "replace").decode("utf-8"))


def read(text: str) -> Reading:
    """Read a text. The caller limits its length."""
    headers, body = split_headers(text)
    if len(headers) < MIN_HEADERS:
        headers, body = [], text
    elif not any(name in MAIL_HEADERS for name, _ in headers):
        body = text
    else:
        body = _QUOTED_PRINTABLE.sub(_decode_quoted_printable, body.replace("=\n", ""))
    for opening, closing in _INVISIBLE_ELEMENTS:
        body = _remove_between(body, opening, closing)
    body = html.unescape(_TAG.sub(" ", body))
    readable_values = [value for wanted in READABLE_HEADERS for name, value in headers if name == wanted]
    readable = "\n".join([*readable_values, body])[:MAX_CHARACTERS]
    meaning = _REPEATED_SIGN.sub(r"\1\1", _BASE64.sub(" ", _URL.sub(r"\1", readable)))
    return Reading(tuple(headers), readable, _SPACE.sub(" ", meaning).strip())


def split_headers(text: str) -> tuple[list[tuple[str, str]], str]:
    """Split leading headers, with folded lines joined (RFC 5322, 2.2.3), from the rest of a text."""
    lines = text.split("\n")
    headers: list[tuple[str, str]] = []
    end = 1 if lines[0].startswith("From ") else 0
    for current in lines[end:]:
        if current[:1] in (" ", "\t") and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {current.strip()}"[:MAX_CHARACTERS])
        elif _HEADER.match(current):
            name, _, value = current.partition(":")
            headers.append((name.lower(), value.strip()))
        else:
            break
        end += 1
    return headers, "\n".join(lines[end:])


def _decode_quoted_printable(octets: re.Match[str]) -> str:
    """Decode a run of `=XX` as UTF-8, or as Latin-1 if it is not UTF-8; the declared charset is often wrong or missing."""
    content = bytes.fromhex(octets[0].replace("=", ""))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _remove_between(text: str, opening: str, closing: str) -> str:
    """Replace each span from `opening` to the next `closing` by a blank."""
    pieces: list[str] = []
    position = 0
    while (start := text.find(opening, position)) >= 0 and (end := text.find(closing, start)) >= 0:
        pieces.append(text[position:start])
        position = end + len(closing)
    return " ".join([*pieces, text[position:]])
