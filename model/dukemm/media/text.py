"""Text as a person would read it: without transfer encodings and markup; `Name: value` headers apart.

Every step is linear in the length of the text: hostile texts are the rule on a marketplace.
"""

import html
import re
from dataclasses import dataclass

#: Characters of a text that are looked at unless a version says otherwise; the text encoder reads about a thousand.
LOOK_AT = 24_000
#: Characters of the readable part that are kept.
KEEP = 12_000
#: A text begins with headers if it has so many in a row: mails, web answers, records.
FEWEST_HEADERS = 3
#: Where one of these is among them they are a mail's, and left out of the readable text. Others, such as an invoice's
#: («Total: 12.50»), are what the text is about.
MACHINE_HEADERS = {"subject", "received", "message-id", "mime-version", "content-type", "return-path"}
#: Who and what about: the headers that a person reads.
READ_HEADERS = ("subject", "from")

_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9_\-]{0,60}:")
_TAG = re.compile(r"<[^<>]{1,500}>")
_QUOTED_PRINTABLE = re.compile(r"=([0-9A-F]{2})")
_ADDRESS = re.compile(r"https?://([^/\s\"'>]{1,200})\S*")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{60,}")
_RULER = re.compile(r"([^\w\s])\1{2,}")
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNSEEN = (
    ("<!--", "-->"),
    ("<style", "</style>"),
    ("<script", "</script>"),
    ("<STYLE", "</STYLE>"),
    ("<SCRIPT", "</SCRIPT>"),
)


@dataclass(frozen=True)
class Reading:
    """One text, read."""

    #: Name in lower case and value of each header, in order; empty where the text has none.
    headers: tuple[tuple[str, str], ...]
    #: Subject, sender and body without markup; what words are counted in.
    text: str
    #: The same without long addresses and runs of signs; what the text encoder reads.
    meaning: str


def without_control(text: str) -> str:
    """Control characters but tab and line ends become blanks, halves of surrogate pairs question marks."""
    return _CONTROL.sub(" ", text.encode("utf-8", "replace").decode("utf-8"))


def read(text: str) -> Reading:
    """Read a text. The caller bounds its length."""
    headers, body = split_headers(text)
    if len(headers) < FEWEST_HEADERS:
        headers, body = [], text
    elif not any(name in MACHINE_HEADERS for name, _ in headers):
        body = text
    else:
        body = _QUOTED_PRINTABLE.sub(lambda found: chr(int(found.group(1), 16)), body.replace("=\n", ""))
    for opening, closing in _UNSEEN:
        body = _without(body, opening, closing)
    body = html.unescape(_TAG.sub(" ", body))
    kept = [value for wanted in READ_HEADERS for name, value in headers if name == wanted]
    readable = "\n".join([*kept, body])[:KEEP]
    meaning = _RULER.sub(r"\1\1", _BASE64.sub(" ", _ADDRESS.sub(r"\1", readable)))
    return Reading(tuple(headers), readable, _SPACE.sub(" ", meaning).strip())


def split_headers(text: str) -> tuple[list[tuple[str, str]], str]:
    """Headers at the beginning of a text, folded lines joined (RFC 5322, 2.2.3), and what follows them."""
    lines = text.split("\n")
    headers: list[tuple[str, str]] = []
    end = 1 if lines[0].startswith("From ") else 0
    for current in lines[end:]:
        if current[:1] in (" ", "\t") and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {current.strip()}"[:LOOK_AT])
        elif _HEADER.match(current):
            name, _, value = current.partition(":")
            headers.append((name.lower(), value.strip()))
        else:
            break
        end += 1
    return headers, "\n".join(lines[end:])


def _without(text: str, opening: str, closing: str) -> str:
    pieces: list[str] = []
    at = 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start)) >= 0:
        pieces.append(text[at:start])
        at = end + len(closing)
    return " ".join([*pieces, text[at:]])
