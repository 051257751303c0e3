"""What a step of a run could not use, by family and reason: the Python side of contracts/learning/unusable.ts.

A line is the unit of reading and a family the unit of learning: neither ends a run.
"""

import re
import sys
import traceback
from collections import Counter
from collections.abc import Collection
from typing import Any, Literal

from dukemm.contract.limits import MAX_FAMILY_NAME, MAX_UNUSABLE_ENTRIES, MAX_UNUSABLE_REASON

Step = Literal["prepare", "train", "evaluate"]

#: `item.fields.<column>` names a column of the buyer, `train-00000.jsonl:17` a line: neither belongs to a reason.
_PLACE = re.compile(r"^\S+\.jsonl:\d+: ")
_NAMED_FIELD = re.compile(r"\b(item\.(?:fields|media))\..*?(?=: )")


class Unusable:
    """Counts the outcomes and the families of one step that could not be used."""

    def __init__(self, step: Step) -> None:
        self.step = step
        #: Outcomes and families that the step looked at, usable or not.
        self.of_outcomes = 0
        self.of_families = 0
        self._outcomes: Counter[tuple[str | None, str]] = Counter()
        self._families: dict[str, tuple[str, int]] = {}
        self._held_back: dict[str, tuple[str, int, str | None]] = {}

    def outcomes(self, family: str | None, reason: str, count: int = 1) -> None:
        """Outcomes of a family that were left out; `family` is None if the line does not say it."""
        if count > 0:
            self._outcomes[None if family is None else family[:MAX_FAMILY_NAME], reason_of(reason)] += count

    def family(self, name: str, reason: str, count: int) -> None:
        """A family that was left out with all its `count` outcomes."""
        self._families[name] = (reason_of(reason), count)

    def held_back(self, name: str, reason: str, count: int, kept: str | None) -> None:
        """A family that the gate holds back; `kept` is the version whose state of it goes on, None if there is none."""
        self._families.pop(name, None)
        self._held_back[name] = (reason_of(reason), count, kept)

    def broken(self, name: str, doing: str, error: Exception, count: int) -> None:
        """A family that raised what nobody foresaw: the trace goes to the log, its kind into the report."""
        print(f"family {name}: {doing}", file=sys.stderr)
        traceback.print_exception(error, file=sys.stderr)
        self.family(name, f"{doing}: {type(error).__name__}", count)

    @property
    def families(self) -> set[str]:
        """Names of the families that were left out."""
        return set(self._families)

    def report(self, kept: Collection[str] = (), parent: str | None = None) -> dict[str, Any]:
        """`UnusableData`. `kept`: families whose state of version `parent` goes on."""
        families = [
            {
                "what": "family",
                "family": name[:MAX_FAMILY_NAME],
                "count": count,
                "reason": reason,
                **({"kept": parent} if name in kept and parent else {}),
            }
            for name, (reason, count) in self._families.items()
        ]
        held_back = [
            {
                "what": "held_back",
                "family": name[:MAX_FAMILY_NAME],
                "count": count,
                "reason": reason,
                **({"kept": version} if version else {}),
            }
            for name, (reason, count, version) in self._held_back.items()
        ]
        outcomes = [
            {"what": "outcomes", "family": family, "count": count, "reason": reason}
            for (family, reason), count in self._outcomes.items()
        ]
        entries = sorted(
            [*families, *held_back, *outcomes], key=lambda e: (e["what"], -e["count"], e["family"] or "", e["reason"])
        )
        return {
            "outcomes": self._outcomes.total(),
            "of_outcomes": self.of_outcomes,
            "families": len(families) + len(held_back),
            "of_families": self.of_families,
            "entries": entries[:MAX_UNUSABLE_ENTRIES],
        }


def reason_of(message: str) -> str:
    """A message of a reader without the line and the buyer's own names in it."""
    return _NAMED_FIELD.sub(r"\1", _PLACE.sub("", message))[:MAX_UNUSABLE_REASON] or "no reason was given"
