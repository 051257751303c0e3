"""What a task asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["classification", "regression", "generation"]


@dataclass(frozen=True)
class LabelOptions:
    """What a request says of its labels beyond their names. Hashable: fitted tasks are cached by it."""

    #: (label, what it means) of the labels that have a description.
    descriptions: tuple[tuple[str, str], ...] = ()
    #: (label, cost of missing it), 1 for the other labels; "balanced": the rarer among the examples, the higher.
    class_weight: Literal["balanced"] | tuple[tuple[str, float], ...] | None = None

    @staticmethod
    def of(
        descriptions: Mapping[str, str], class_weight: Literal["balanced"] | Mapping[str, float] | None
    ) -> "LabelOptions":
        """From a request."""
        weight = tuple(sorted(class_weight.items())) if isinstance(class_weight, Mapping) else class_weight
        return LabelOptions(tuple(sorted(descriptions.items())), weight)


class TaskSpec(Protocol):
    """What a task asks for; part of a request and of an outcome."""

    @property
    def family(self) -> str:
        """Name of the buyer's family that the task belongs to."""
        ...

    @property
    def kind(self) -> Kind:
        """Kind of the answers."""
        ...

    @property
    def description(self) -> str:
        """The buyer's instruction."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels to choose from; () if the task names none."""
        ...

    @property
    def target(self) -> str | None:
        """Name of the column to fill; None if there is none."""
        ...
