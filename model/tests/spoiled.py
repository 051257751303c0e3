"""A buyer who spoils an own family beside an honest buyer: rows of a first version, and of the candidate after it."""

import json
from dataclasses import replace

from shapes import ATTACKER, Line, id_of, item, row_of
from taught import COLOURS, colours, heights

from dukemm.contract.outcomes import outcome_line
from dukemm.domain.outcomes import Outcome

MEASURED = ("validation", "reservoir")


def lines(rows: list[Outcome], *splits: str) -> list[Line]:
    """Rows of the honest buyer, in each split by turns."""
    own = [replace(row, task_id=id_of(row.id), result_id=id_of(row.id), buyer_id=id_of("honest")) for row in rows]
    return [Line(splits[n % len(splits)], row.family, outcome_line(row)) for n, row in enumerate(own)]


def honest_rows(right: bool) -> list[Line]:
    """Rows to learn from, with right or with wrong labels, and rows with right ones to be measured on."""
    names = list(COLOURS)
    taught = colours(60)
    if not right:
        taught = [replace(row, expected=names[(names.index(str(row.expected)) + 1) % 3]) for row in taught]
    return [
        *lines(taught, "train"), *lines(colours(60, seed=1), *MEASURED),
        *lines(heights(50)[:30], "train"), *lines(heights(50)[30:], *MEASURED),
    ]  # fmt: skip


def attack(flipped: bool, seed: int = 0, family: str = "attack") -> list[Line]:
    """A buyer's own family, whose rows to learn from say the opposite of those that measure it."""

    def line(split: str, n: int) -> Line:
        says = ("yes", "no")[n % 2 if split in MEASURED or not flipped else 1 - n % 2]
        fields = {"x": 5.0 * (n % 2) + 0.1 * ((n + seed) % 7), "y": (n * (seed + 1)) % 5}
        row = row_of(n, family, expected=says, item=item(n, **fields), buyer_id=ATTACKER)
        return Line(split, family, json.dumps(row).encode() + b"\n")

    return [*(line("train", n) for n in range(50)), *(line(MEASURED[n // 2 % 2], n) for n in range(50, 110))]
