"""What a task asks for."""

from typing import Literal, Protocol

Kind = Literal["classification", "regression", "generation"]


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
