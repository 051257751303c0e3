"""Columns of judged rows of one family or of all."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dukemm.domain.tasks import Kind
from dukemm.ensemble.regressor import TOLERANCE
from dukemm.evaluate.judged import Judged, JudgedAnswer

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """Answers of one version, (n,) each; NaN if not applicable."""

    answered: Bools
    confidence: Floats
    right: Bools
    #: Class index of the answer; -1 without one.
    label: Ints
    #: Absolute error in standard deviations of the family.
    error: Floats
    covered: Floats
    size: Floats
    token_f1: Floats
    broken: Bools


@dataclass(frozen=True)
class Table:
    """Rows with a known right answer. Tables of several families can be stacked."""

    kind: Ints  # 0 classification, 1 regression, 2 generation
    task: Ints
    by_word: Bools
    #: Class index of the right answer; -1 unless classification.
    label: Ints
    #: The right number, standardised within its family.
    value: Floats
    candidate: Column
    production: Column | None
    #: Of the item, in satoshis; NaN if it is unknown.
    price: Floats

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.task)


KINDS: tuple[Kind, ...] = ("classification", "regression", "generation")


@dataclass(frozen=True)
class Family:
    """A family's table with its labels and ids."""

    name: str
    kind: Kind
    #: Class `first_label + i` is `labels[i]`.
    labels: list[str]
    first_label: int
    #: Standard deviation of the right numbers; 1 for other kinds.
    deviation: float
    ids: list[str]
    table: Table
    #: Number of refused rows, and how often candidate and production repeated the refused answer.
    refused: tuple[int, int, int]
    buyer_id: str | None


def build_family_table(name: str, rows: Sequence[Judged], tasks: dict[str, int], first_label: int) -> Family:
    """Build a family's table.

    `tasks`: indices of all families' tasks, extended in place. `first_label`: first free class index.
    """
    kind = rows[0].kind
    known = [row for row in rows if row.source != "refused"]
    truths = np.array([row.truth for row in known], float) if kind == "regression" else np.zeros(len(known))
    deviation = float(truths.std()) if kind == "regression" and len(known) else 1.0
    deviation = deviation or 1e-9 * max(float(np.abs(truths).max(initial=0)), 1.0)
    said = [version for row in known for version in (row.candidate, row.production) if version]
    labels = sorted({str(row.truth) for row in known} | {str(one.prediction) for one in said if one.prediction is not None})
    labels = labels if kind == "classification" else []
    codes = {label: first_label + i for i, label in enumerate(labels)}
    first = bool(rows) and rows[0].production is None

    def column(answers: Sequence[JudgedAnswer]) -> Column:
        return _column(kind, answers, truths, deviation, codes)

    table = Table(
        kind=np.full(len(known), KINDS.index(kind)),
        task=np.array([tasks.setdefault(row.task_id, len(tasks)) for row in known], np.int64),
        by_word=np.array([row.source in ("accepted", "correction") for row in known], bool),
        label=np.array([codes.get(str(row.truth), -1) for row in known], np.int64),
        value=(truths - truths.mean()) / deviation if len(known) else truths,
        candidate=column([row.candidate for row in known]),
        production=None if first else column([row.production for row in known if row.production]),
        price=np.array([row.price for row in known], float),
    )
    buyers = {row.buyer_id for row in rows}
    return Family(
        name,
        kind,
        labels,
        first_label,
        deviation,
        [row.id for row in known],
        table,
        _repeats([row for row in rows if row.source == "refused"], deviation),
        buyers.pop() if len(buyers) == 1 else None,
    )


def _column(kind: Kind, answers: Sequence[JudgedAnswer], truths: Floats, deviation: float, codes: dict[str, int]) -> Column:
    answered = np.array([said.prediction is not None for said in answers], bool)
    error = np.full(len(answers), np.nan)
    right = np.array([said.equal for said in answers], bool)
    if kind == "regression":
        values = np.array([np.nan if said.prediction is None else said.prediction for said in answers], float)
        error = np.abs(values - truths) / deviation
        right = error <= TOLERANCE
    scale = deviation if kind == "regression" else 1.0
    return Column(
        answered=answered,
        confidence=np.array([said.confidence for said in answers]),
        right=right,
        label=np.array([codes.get(str(said.prediction), -1) for said in answers], np.int64),
        error=error,
        covered=_floats([said.covered for said in answers]),
        size=_floats([said.size for said in answers]) / scale,
        token_f1=_floats([said.token_f1 for said in answers]),
        broken=np.array([said.broken for said in answers], bool),
    )


def _floats(values: Sequence[float | bool | None]) -> Floats:
    return np.array([math.nan if value is None else float(value) for value in values])


def _repeats(rows: Sequence[Judged], deviation: float) -> tuple[int, int, int]:
    def again(row: Judged, said: JudgedAnswer | None) -> bool:
        if said is None or said.prediction is None:
            return False
        if row.kind == "regression":
            return abs(float(said.prediction) - float(row.truth)) <= TOLERANCE * deviation
        return said.equal

    return len(rows), sum(again(row, row.candidate) for row in rows), sum(again(row, row.production) for row in rows)


def stack(tables: Sequence[Table]) -> Table:
    """Concatenate tables."""
    production = [table.production for table in tables]
    return Table(
        kind=_joined([table.kind for table in tables], np.int64),
        task=_joined([table.task for table in tables], np.int64),
        by_word=_joined([table.by_word for table in tables], bool),
        label=_joined([table.label for table in tables], np.int64),
        value=_joined([table.value for table in tables], float),
        candidate=_stacked([table.candidate for table in tables]),
        production=None if None in production else _stacked([column for column in production if column]),
        price=_joined([table.price for table in tables], float),
    )


def _stacked(columns: Sequence[Column]) -> Column:
    kinds = {"answered": bool, "right": bool, "broken": bool, "label": np.int64}
    names = Column.__dataclass_fields__
    return Column(
        **{name: _joined([getattr(column, name) for column in columns], kinds.get(name, float)) for name in names}
    )


def _joined(parts: Sequence[NDArray], kind: type) -> NDArray:
    return np.concatenate([np.zeros(0, kind), *parts]).astype(kind)
