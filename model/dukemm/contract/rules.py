"""Rules of the contract that the generated message classes cannot check. Each mirrors a zod schema.

`test/unit/contracts/both-languages.test.ts` compares the two languages on the same cases.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dukemm.contract.limits import MAX_NUMBER
from dukemm.contract.validation import MAX_NAME_CHARACTERS, invalid


def check_labels(labels: Sequence[str], path: str) -> None:
    """No label twice (`distinctLabels` in contracts/serving/invocation.ts). Raises DukeMMError invalid_request."""
    if len(set(labels)) != len(labels):
        raise invalid(path, "each label once")


def check_number(value: Any, path: str) -> None:
    """Bounds of integers (`BoundedNumber` in contracts/entities/common.ts). Raises DukeMMError invalid_request.

    The generated classes check floats; msgspec takes no bounds of integers beyond 64 bits.
    """
    if type(value) is int and not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise invalid(path, f"expected a finite number of at most {MAX_NUMBER:g}")


def check_numbers(fields: Mapping[str, Any], path: str) -> None:
    """The same for each field of an item."""
    for name, value in fields.items():
        if type(value) is int:
            check_number(value, f"{path}.{name[:MAX_NAME_CHARACTERS]}")
