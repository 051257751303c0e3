"""Amounts that are written with a currency, a unit, a percent sign or thousands separators, as numbers."""

import math
import re
from collections import Counter
from collections.abc import Sequence

#: Conversion factors to the first unit of each dimension. An unlisted unit is not converted.
_DIMENSIONS: tuple[dict[str, float], ...] = (
    {"m": 1.0, "mm": 1e-3, "cm": 1e-2, "km": 1e3, "in": 0.0254, "inch": 0.0254, "ft": 0.3048, "mi": 1609.344},
    {"kg": 1.0, "g": 1e-3, "mg": 1e-6, "t": 1e3, "lb": 0.45359237, "lbs": 0.45359237, "oz": 0.028349523125},
    {"l": 1.0, "ml": 1e-3, "cl": 1e-2, "dl": 0.1},
    {"s": 1.0, "sec": 1.0, "ms": 1e-3, "min": 60.0, "h": 3600.0, "hr": 3600.0, "hrs": 3600.0, "hours": 3600.0},
    {"d": 1.0, "day": 1.0, "days": 1.0, "week": 7.0, "weeks": 7.0},
    {"b": 1.0, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12},
    {"k": 1e3, "m.": 1e6, "mio": 1e6, "bn": 1e9},
)
_CELL = re.compile(
    r"\s*(?P<minus>[-−(]?)\s*(?P<before>[A-Z]{0,2}[$€£¥₹₽₩₿¢₺₫₴₦฿]|[A-Za-z]{1,4}\.?(?=\s)|)\s*(?P<sign>[+\-−]?)"
    r"(?P<number>\d[\d.,'’\u00a0\u202f ]{0,30}|\.\d{1,20})(?P<after>[^\d.,()]{0,12})\)?\s*"
)

#: Longest cell that is read as an amount.
MAX_CHARACTERS = 64

#: The decimal separator, and the index of the dimension whose units the column mixes (empty: no conversion).
Convention = list[str]


def detect_convention(cells: Sequence[str], share: float) -> Convention | None:
    """Detect decimal separator and units; None if fewer than `share` of the cells are amounts in one unit or dimension."""
    found = [match for cell in cells if (match := _match(cell))]
    if not cells or len(found) < share * len(cells):
        return None
    units = Counter(_unit(match) for match in found)
    dimension = _mixed_dimension(units)
    if dimension is None and units.most_common(1)[0][1] < share * len(cells):
        return None
    return [_decimal_separator([match["number"] for match in found]), "" if dimension is None else str(dimension)]


def parse(cell: str, convention: Convention) -> float | None:
    """Parse a cell to a number, in the first unit of the dimension if the column mixes units.

    None if it is not an amount.
    """
    match = _match(cell)
    if match is None:
        return None
    decimal, dimension = convention
    digits = re.sub(r"[^\d.,]", "", match["number"])
    digits = digits.replace("." if decimal == "," else ",", "").replace(",", ".").strip(".")
    if digits.count(".") > 1 or not digits:
        return None
    factor = _DIMENSIONS[int(dimension)].get(_unit(match), math.nan) if dimension else 1.0
    negative = (match["minus"] != "") != (match["sign"] in ("-", "−") and match["sign"] != "")
    value = float(digits) * factor * (-1.0 if negative else 1.0)
    return value if math.isfinite(value) else None


def _match(cell: str) -> re.Match[str] | None:
    """Match a cell against the pattern of an amount; None if it is longer than MAX_CHARACTERS or does not match.

    Runs of blanks are collapsed first: a blank fits several parts of the pattern, so a long run would backtrack.
    """
    return _CELL.fullmatch(" ".join(cell.split())) if len(cell) <= MAX_CHARACTERS else None


def _unit(match: re.Match[str]) -> str:
    return f"{match['before']}{match['after']}".strip().lower()


def _mixed_dimension(units: Counter[str]) -> int | None:
    """Index of the dimension whose units the column mixes; None for a single unit, or if no dimension has all units."""
    if len(units) < 2:
        return None
    return next((i for i, known in enumerate(_DIMENSIONS) if all(unit in known for unit in units)), None)


def _decimal_separator(numbers: Sequence[str]) -> str:
    """Vote on the column's decimal separator.

    Evidence is the last separator of a cell that has both, and a single separator that is not followed by exactly 3 digits.
    """
    votes: Counter[str] = Counter()
    for number in map(str.strip, numbers):
        points, commas = number.count("."), number.count(",")
        if points and commas:
            votes["." if number.rfind(".") > number.rfind(",") else ","] += 1
        elif points + commas == 1:
            separator = "." if points else ","
            whole, _, rest = number.partition(separator)
            if len(rest) != 3 or len(whole) > 3 or whole.startswith("0"):
                votes[separator] += 1
        elif points > 1:
            votes[","] += 1
        elif commas > 1:
            votes["."] += 1
    return "," if votes[","] > votes["."] else "."
