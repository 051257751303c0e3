"""Spelling of values as labels, and texts for comparing: contracts/values/spelling.ts and comparable.ts in Python.

`test/contract/spelling.json` holds cases that both sides run in their tests.
"""

import math
import re
import unicodedata
from decimal import Decimal

_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
#: What ECMAScript's `\s` matches, and NEL; Python's own `\s` has the separators U+001C to U+001F too.
_WHITE_SPACE = re.compile("[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


def spelling_of(value: str | float | bool) -> str:
    """Texts as they are, numbers as JSON canonicalization writes them (RFC 8785, 3.2.2.3), booleans `true` and `false`.

    A version may answer with anything: what is no finite number is spelled as ECMAScript does, `NaN` or `Infinity`.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        number = float(value)
    except OverflowError:  # an integer beyond the largest float
        number = math.inf if value > 0 else -math.inf
    if math.isfinite(number):
        return _number(number)
    return "NaN" if math.isnan(number) else f"{'-' if number < 0 else ''}Infinity"


def _number(value: float) -> str:
    """ECMAScript's Number::toString of a finite number: shortest digits, exponents from 1e21 and below 1e-6."""
    if value == 0:
        return "0"
    sign, figures, exponent = Decimal(repr(value)).normalize().as_tuple()
    digits = "".join(map(str, figures))
    point = len(digits) + int(exponent)  # digits before the decimal point
    if 0 < point <= 21:
        text = digits.ljust(point, "0") if point >= len(digits) else f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{digits}"
    else:
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        text = f"{digits[0]}{fraction}e{point - 1:+d}"
    return f"-{text}" if sign else text


def comparable(text: str) -> str:
    """For comparing labels: no characters of no width, NFC, white space collapsed and trimmed; case counts."""
    visible = unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", text))
    return _WHITE_SPACE.sub(" ", visible).strip(" ")
