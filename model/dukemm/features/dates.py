"""Dates and times of a column as numbers and categories."""

import datetime
import re
from collections.abc import Sequence

from dateutil import parser

#: Longest cell that is read as a date.
MAX_CHARACTERS = 40
_EPOCH = datetime.datetime(1970, 1, 1)
#: A date has a year of four digits or two separators between numbers; «12 May» and «7.5» have neither.
_DATE = re.compile(r"\d{4}|\d{1,2}([./-])\d{1,2}\1\d{2}|\d{1,2}\s*[A-Za-z]{3,9}\.?,?\s*\d{2}")
_LETTERS = re.compile(r"[A-Za-z]+")
#: Words allowed in a date. A cell with any other word is text.
_MONTHS = "jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october"
_DAYS = "nov november dec december mon monday tue tues tuesday wed wednesday thu thurs thursday fri friday sat saturday sun"
_WORDS = frozenset(f"{_MONTHS} {_DAYS} sunday am pm t z utc gmt st nd rd th of".split())
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: Whether the day comes before the month, and whether any cell has a time of day.
Convention = list[bool]


def detect_convention(cells: Sequence[str], share: float) -> Convention | None:
    """Detect the order of day and month and whether times occur; None if fewer than `share` of the cells are dates."""
    best: tuple[int, Convention] | None = None
    for day_first in (False, True):
        found = [parse(cell, day_first) for cell in cells]
        count = sum(
            1
            for value, cell in zip(found, cells, strict=True)
            if value is not None and _matches_order(cell, value, day_first)
        )
        timed = any(value is not None and value.time() != datetime.time() for value in found)
        if best is None or count > best[0]:
            best = count, [day_first, timed]
    assert best is not None
    return best[1] if cells and best[0] >= share * len(cells) else None


def parse(cell: str, day_first: bool) -> datetime.datetime | None:
    """Parse a cell to a naive datetime (its time zone is dropped); None if it is not a date."""
    if len(cell) > MAX_CHARACTERS or not _DATE.search(cell) or set(map(str.lower, _LETTERS.findall(cell))) - _WORDS:
        return None
    try:
        found = parser.parse(cell, dayfirst=day_first, yearfirst=bool(re.match(r"\s*\d{4}", cell)), default=_EPOCH)
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=None)


def _matches_order(cell: str, found: datetime.datetime, day_first: bool) -> bool:
    """Whether the cell has day and month in the column's order. dateutil swaps them if the month would exceed 12."""
    numbers = re.match(r"\s*(\d{1,2})[./-](\d{1,2})[./-]", cell)
    return numbers is None or int(numbers[1]) == (found.day if day_first else found.month)


def date_features(name: str, cell: str, convention: Convention) -> tuple[dict[str, float], dict[str, str]]:
    """Numbers (days since 1970, hour, month) and categories (weekday) of a cell by column name; empty if no date."""
    day_first, timed = convention
    found = parse(cell, day_first)
    if found is None:
        return {}, {}
    numbers = {name: (found - _EPOCH) / datetime.timedelta(days=1)}
    if timed:
        numbers[f"{name} hour"] = found.hour + found.minute / 60
    numbers[f"{name} month"] = float(found.month)
    return numbers, {f"{name} weekday": WEEKDAYS[found.weekday()]}
