"""Infers the role of each column of a table from examples: number, date, quantity, category, text or identifier.

Cells arrive as text. Read as words, dates and serial numbers give every row terms of its own, which dominate the other
columns. The schema converts dates to a time, month and weekday, amounts with units to numbers, and recurring cells to
categories; identifiers are dropped.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from dukemm.domain.encoded import ATTRIBUTE_CHARACTERS, EncodedItem, ItemViews
from dukemm.features import dates, quantities
from dukemm.features.request_cache import cached_per_request
from dukemm.media.text import read

Role = Literal["number", "date", "quantity", "category", "text", "identifier"]

#: Fewest filled cells for inferring a column's role.
MIN_EXAMPLES = 8
#: Share of a column's filled cells that must read as a date, an amount or a number.
MIN_SHARE = 0.9
#: Most distinct cells of a category column, and fewest examples per distinct cell that recurs.
MAX_CATEGORIES, MIN_EXAMPLES_PER_CATEGORY = 64, 2.0
#: A column of distinct integers is a serial number if its range is at most this multiple of its count.
MAX_COUNTER_RANGE = 1.5
MIN_COUNTER_EXAMPLES = 20
#: Words in a column's name that mark it as an identifier if no cell repeats.
IDENTIFIER_WORDS = frozenset(
    (
        "id",
        "ids",
        "uid",
        "uuid",
        "guid",
        "key",
        "index",
        "idx",
        "nr",
        "no",
        "row",
        "rownames",
        "rownum",
        "serial",
        "seq",
        "unnamed",
    )
)


@dataclass(frozen=True)
class Column:
    """Role of a column and the format of its cells."""

    role: Role
    #: `dates.Convention` or `quantities.Convention`; None for other roles.
    convention: Any = None


@dataclass(frozen=True)
class TableSchema:
    """Roles of the columns by name. A field that no example has is left as text."""

    columns: Mapping[str, Column]

    @staticmethod
    def fit(examples: Sequence[EncodedItem], labels: int) -> "TableSchema | None":
        """Infer a schema; None if there are fewer than MIN_EXAMPLES or all columns are text.

        `labels` 0 means regression, where a serial number is kept: it may be a time or a length that the target depends on.
        """
        if len(examples) < MIN_EXAMPLES:
            return None
        names = dict.fromkeys(name for item in examples for name in item.views.source)
        columns = {name: _column(name, [_cell(item, name) for item in examples], labels, len(names)) for name in names}
        return TableSchema(columns) if any(column.role != "text" for column in columns.values()) else None

    @property
    def has_text(self) -> bool:
        """Whether any column holds free text."""
        return any(column.role == "text" for column in self.columns.values())

    @cached_per_request
    def read(self, items: Sequence[EncodedItem]) -> list[EncodedItem]:
        """Apply the schema to all items."""
        return [self.apply(item) for item in items]

    def apply(self, item: EncodedItem) -> EncodedItem:
        """Convert the cells of one item. Its embedding and media are unchanged."""
        views = item.views
        if not any(name in self.columns and self.columns[name].role != "number" for name in views.source):
            return item
        numbers, categories = dict(views.numbers), dict[str, str]()
        texts: dict[str, str] = {}
        for name, cell in views.source.items():
            column = self.columns.get(name)
            role = column.role if column else "text"
            if role == "identifier":
                numbers.pop(name, None)
            elif role == "category":
                numbers.pop(name, None)
                categories[name] = _normalise_category(cell)
            elif column and role == "date":
                numbers.pop(name, None)
                date_numbers, date_categories = dates.date_features(name, cell, column.convention)
                numbers |= date_numbers
                categories |= date_categories
            elif column and role == "quantity":
                amount = quantities.parse(cell, column.convention)
                if amount is not None:
                    numbers[name] = amount
            elif name not in numbers:
                texts[name] = cell
        return replace(item, views=self._views(views, numbers, categories, texts))

    def _views(
        self, views: ItemViews, numbers: Mapping[str, float], categories: Mapping[str, str], texts: Mapping[str, str]
    ) -> ItemViews:
        undeclared = [attribute for attribute in views.attributes if attribute.rpartition("=")[0] not in self.columns]
        short = [
            attribute
            for attribute in views.attributes
            if (name := attribute.rpartition("=")[0]) in texts and name in self.columns
        ]
        text = (
            views.text
            if not self.columns or self._all_texts(texts, views)
            else "\n".join(read(text).text for text in texts.values())
        )
        return replace(
            views,
            text=text,
            attributes=(*undeclared, *short, *(f"{name}={value}" for name, value in categories.items())),
            shape=views.shape if texts else (),
            numbers=numbers,
            categories=categories,
        )

    def _all_texts(self, texts: Mapping[str, str], views: ItemViews) -> bool:
        return len(texts) == sum(1 for name in views.source if name not in views.numbers)

    def pack(self) -> dict[str, Any]:
        """JSON for the artifact."""
        return {name: [column.role, column.convention] for name, column in self.columns.items()}

    @staticmethod
    def unpack(data: Mapping[str, Any]) -> "TableSchema":
        """The inverse of `pack`."""
        return TableSchema({name: Column(role, convention) for name, (role, convention) in data.items()})


def _cell(item: EncodedItem, name: str) -> tuple[str, float | None] | None:
    """(text, number or None) of a cell; None if the item lacks the field."""
    written = item.views.source.get(name)
    return None if written is None else (written, item.views.numbers.get(name))


def _column(name: str, cells: Sequence[tuple[str, float | None] | None], labels: int, columns: int) -> Column:
    known = [cell for cell in cells if cell is not None]
    written = [cell for cell, _ in known]
    numbers = [number for _, number in known if number is not None]
    if len(known) < MIN_EXAMPLES:
        return Column("number" if len(numbers) == len(known) else "text")
    if len(numbers) >= MIN_SHARE * len(known):
        return Column("identifier" if columns > 1 and _is_counter(name, numbers, labels) else "number")
    convention = dates.detect_convention(written, MIN_SHARE)
    if convention is not None:
        return Column("date", convention)
    unit = quantities.detect_convention(written, MIN_SHARE)
    if unit is not None:
        return Column("quantity", unit)
    if columns > 1 and _is_code(written):
        return Column("identifier")
    return Column("category" if _is_category(written) else "text")


def _is_counter(name: str, numbers: Sequence[float], labels: int) -> bool:
    if len(set(numbers)) < len(numbers) or not all(number.is_integer() for number in numbers):
        return False
    words = set(name.lower().replace("-", "_").replace(":", "_").replace(" ", "_").replace(".", "_").split("_"))
    if words & IDENTIFIER_WORDS or not name.strip():
        return True
    extent = max(numbers) - min(numbers) + 1
    return labels > 0 and len(numbers) >= MIN_COUNTER_EXAMPLES and extent <= MAX_COUNTER_RANGE * len(numbers)


def _is_code(written: Sequence[str]) -> bool:
    """Whether no cell repeats and nearly all are one word with a digit: order numbers, hashes."""
    if len(set(written)) < len(written):
        return False
    single = sum(1 for cell in written if len(cell.split()) == 1 and any(map(str.isdigit, cell)))
    return single >= MIN_SHARE * len(written)


def _is_category(written: Sequence[str]) -> bool:
    if any(len(cell) > ATTRIBUTE_CHARACTERS for cell in written):
        return False
    counts = Counter(map(_normalise_category, written))
    recurring = sum(count for count in counts.values() if count > 1)
    few = len(counts) <= MAX_CATEGORIES and len(counts) * MIN_EXAMPLES_PER_CATEGORY <= len(written)
    return few and recurring >= MIN_SHARE * len(written)


def _normalise_category(cell: str) -> str:
    return " ".join(cell.lower().split())
