"""Types of values in text (dates, amounts, codes, …), and parsing of numbers and dates."""

import re
from datetime import date

_SPACE = re.compile(r"\s+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
CURRENCY = r"(?:[$€£¥]|USD|EUR|GBP|CHF|SEK|JPY|CAD|AUD|Rs\.?)"
#: Types of value by pattern; the first that matches the whole span is its type.
TYPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")),
    ("url", re.compile(r"(?:https?://|www\.)[^\s<>\"']{3,300}")),
    (
        "date",
        re.compile(
            rf"\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d{{2}})"
            rf"|\d{{1,2}}(?:st|nd|rd|th|\.)? {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}",
            re.I,
        ),
    ),
    ("time", re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?", re.I)),
    (
        "amount",
        re.compile(rf"{CURRENCY} ?-?\d[\d.,' ]{{0,18}}\d|{CURRENCY} ?\d|-?\d(?:[\d.,']{{0,18}}\d)? ?{CURRENCY}(?!\w)"),
    ),
    ("percent", re.compile(r"-?\d{1,4}(?:[.,]\d{1,4})? ?%")),
    ("phone", re.compile(r"\+\d[\d ()/-]{6,20}\d|\(\d{2,5}\)[\d /-]{5,15}\d")),
    (
        "code",
        re.compile(
            r"(?=[A-Za-z0-9/_.#-]{0,40}\d)(?=[\d/_.#-]{0,40}[A-Za-z/_#-])[A-Za-z0-9#][A-Za-z0-9/_.#-]{1,39}(?<=[A-Za-z0-9])"
        ),
    ),
    ("number", re.compile(r"-?\d(?:[\d.,']{0,18}\d)?")),
    ("name", re.compile(r"[A-Z][\w'’&.-]{0,40}(?: (?:(?:of|de|van|von|der|and|the|&) )?[A-Z][\w'’&.-]{0,40}){0,5}")),
)
_WHOLE = re.compile(r"-?\d+")
_GROUPED = re.compile(r"-?\d{1,3}(?:[,.' ]\d{3})+")


def folded(text: str) -> str:
    """Collapse every run of blanks and line ends to one blank, and trim."""
    return _SPACE.sub(" ", text).strip()


def type_of(value: str) -> str:
    """Name of the type of a whole span: one of TYPES, else `word` for one word or `text` for more."""
    short = value if len(value) <= 300 else ""
    for name, pattern in TYPES:
        if short and pattern.fullmatch(short):
            return name
    return "word" if " " not in value.strip() else "text"


def shape_of(value: str) -> str:
    """Shape, at most 24 characters: runs of digits as 9, of capitals as A, of others as a: `INV-2024/07` → `A-9/9`."""
    shape = re.sub(r"[0-9]+", "9", value[:80])
    shape = re.sub(r"[^\W\d_a-z]*[A-ZÀ-Þ]+", "A", shape)
    return re.sub(r"[a-zß-ÿ]+", "a", shape)[:24]


def number_of(text: str) -> float | None:
    """Parse a number with any currency and separators: `1.234,50 €` → 1234.5; None if the span is not a number."""
    bare = re.sub(rf"{CURRENCY}|[%\s]", "", text[:60])
    if not re.fullmatch(r"-?\d[\d.,']*", bare):
        return None
    bare = bare.rstrip(".,'").replace("'", "")
    marks = [mark for mark in bare if mark in ".,"]
    if not marks:
        return float(bare)
    last = marks[-1]
    grouped = len(set(marks)) == 1 and (len(marks) > 1 or (_GROUPED.fullmatch(bare) and len(bare.rsplit(last, 1)[1]) == 3))
    if grouped and not (last == "." and len(marks) == 1):
        return float(bare.replace(last, ""))
    whole, _, part = bare.rpartition(last)
    whole = whole.replace(",", "").replace(".", "")
    return float(f"{whole}.{part}") if part.isdigit() and _WHOLE.fullmatch(whole or "0") else None


def date_of(text: str, day_first: bool) -> date | None:
    """Parse a date; `day_first` decides 03/04/2024. None if the span is not a date with day, month and year."""
    if not 6 <= len(text) <= 40 or not re.search(r"\d", text):
        return None
    low = text.lower()
    numbers = [int(n) for n in re.findall(r"\d+", low)][:3]
    month = next((i + 1 for i, name in enumerate(_MONTHS) if re.search(rf"(?<![a-z]){name}", low)), None)
    try:
        if month is not None:
            day, year = numbers
            return date(year, month, day)
        first, second, third = numbers
        if first > 999:
            return date(first, second, third)
        year = third if third > 99 else 2000 + third
        # Only days come before a dot.
        return date(year, second, first) if day_first or "." in text else date(year, first, second)
    except (ValueError, TypeError):
        return None
