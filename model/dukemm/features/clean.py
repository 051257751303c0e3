"""Text as a person would read it: without transfer encodings, markup and long addresses."""

import html
import re

_HEADERS = re.compile(r"^(?:From [^\n]*\n)?(?:[A-Za-z][A-Za-z0-9\-]*:[^\n]*\n(?:[ \t]+[^\n]*\n)*){3,}\r?\n")
_KEPT_HEADERS = ("from", "subject")
_TAG = re.compile(r"<(?:style|script)\b.*?</(?:style|script)\s*>|<!--.*?-->|<[^<>]{1,2000}>", re.S | re.I)
_QUOTED_PRINTABLE = re.compile(r"=([0-9A-F]{2})")
_ADDRESS = re.compile(r"https?://([^/\s\"'>]+)\S*")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{60,}")
_RULER = re.compile(r"([^\w\s])\1{2,}")
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

#: Characters looked at; the text encoder reads about a thousand of them.
LOOK_AT = 24_000
KEEP = 8_000


def without_control(text: str) -> str:
    """Control characters but tab and line ends become blanks."""
    return _CONTROL.sub(" ", text)


def readable(text: str) -> str:
    """The readable part of a text; of a mail or another block of `Name: value` headers, sender and subject stay."""
    text = text[:LOOK_AT]
    headers = _HEADERS.match(text)
    kept: list[str] = []
    if headers:
        unfolded = re.sub(r"\n[ \t]+", " ", headers.group(0))
        values = dict(reversed([_header(line) for line in unfolded.split("\n") if ":" in line]))
        kept = [values[name] for name in _KEPT_HEADERS if name in values]
        text = text[headers.end() :]
    text = text.replace("=\n", "")
    text = _QUOTED_PRINTABLE.sub(lambda found: chr(int(found.group(1), 16)), text)
    text = html.unescape(_TAG.sub(" ", text))
    text = _ADDRESS.sub(r"\1", text)
    text = _BASE64.sub(" ", text)
    text = _RULER.sub(r"\1\1", text)
    body = _SPACE.sub(" ", text).strip()
    return "\n".join([*kept, body])[:KEEP]


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.lower(), value.strip()
