"""What a span of text is (a date, an amount, a code), and how it may be rewritten where examples prove that it is."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

_SPACE = re.compile(r"\s+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
CURRENCY = r"(?:[$€£¥]|USD|EUR|GBP|CHF|SEK|JPY|CAD|AUD|Rs\.?)"
#: Names of kinds of value and what they look like; the first that fits the whole span is its type.
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
    """With every run of blanks and line ends as one blank."""
    return _SPACE.sub(" ", text).strip()


def type_of(value: str) -> str:
    """Name of the type of a whole span: one of TYPES, `word` for one word, `text` for more."""
    short = value if len(value) <= 300 else ""
    for name, pattern in TYPES:
        if short and pattern.fullmatch(short):
            return name
    return "word" if " " not in value.strip() else "text"


def shape_of(value: str) -> str:
    """Runs of digits as 9, of capitals as A, of small letters as a: `INV-2024/07` → `A-9/9`; at most 24 signs."""
    shape = re.sub(r"[0-9]+", "9", value[:80])
    shape = re.sub(r"[^\W\d_a-z]*[A-ZÀ-Þ]+", "A", shape)
    return re.sub(r"[a-zß-ÿ]+", "a", shape)[:24]


def number_of(text: str) -> float | None:
    """The number that a span states, whatever its currency and separators: `1.234,50 €` → 1234.5."""
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
    """The date that a span states; `day_first` decides 03/04/2024."""
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


def _of_number(form: Callable[[float], str]) -> Callable[[str], str | None]:
    return lambda text: None if (number := number_of(text)) is None else form(number)


def _of_date(form: str, day_first: bool) -> Callable[[str], str | None]:
    return lambda text: None if (found := date_of(text, day_first)) is None else found.strftime(form)


#: Ways of rewriting a span, plain copying first. Each gives None where it does not apply.
REWRITES: dict[str, Callable[[str], str | None]] = {
    "copy": folded,
    "number": _of_number(lambda n: f"{n:.15g}"),
    "number, two decimals": _of_number(lambda n: f"{n:.2f}"),
    "whole number": _of_number(lambda n: f"{n:.0f}" if n == int(n) else f"{n:.15g}"),
    **{
        f"date {form}, {'day' if day_first else 'month'} first": _of_date(form, day_first)
        for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d %B %Y", "%B %d, %Y", "%Y")
        for day_first in (True, False)
    },
    "small letters": lambda text: folded(text).lower(),
    "capitals": lambda text: folded(text).upper(),
    "title case": lambda text: folded(text).title(),
    "digits": lambda text: re.sub(r"\D", "", text) or None,
}
#: Examples that must need a rewriting before it is believed.
PROOFS = 2


def proven_rewrite(answers: Sequence[str], spans: Sequence[Iterable[str]]) -> tuple[str, list[bool]]:
    """Which rewriting turns a span of each example's source into its answer, and which examples it explains.

    Plain copying unless another explains at least PROOFS examples more.
    """
    sets = [set(texts) for texts in spans]

    def explained_by(name: str) -> list[bool]:
        rewrite = REWRITES[name]
        return [any(rewrite(text) == answer for text in texts) for answer, texts in zip(answers, sets, strict=True)]

    best, explained = "copy", explained_by("copy")
    needed = sum(explained) + PROOFS
    for name in REWRITES:
        if needed > len(answers):
            break
        found = explained_by(name)
        if sum(found) >= max(needed, sum(explained) + 1):
            best, explained = name, found
    return best, explained
