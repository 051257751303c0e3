"""What is answered about an item, and why."""

from dataclasses import dataclass

from dukemm.domain.encoded import EncodedExample


@dataclass(frozen=True)
class Attribution:
    """A word, or the value of a field, with its share of the answer's score (log-odds for labels); positive is for it."""

    word: str
    weight: float
    field: str | None = None


@dataclass(frozen=True)
class Neighbour:
    """An example by its index in a list, and its similarity to the item (1: the same content)."""

    example: int
    similarity: float
    excerpt: str


@dataclass(frozen=True)
class ConfirmedExample:
    """A confirmed item of a family, as an artifact keeps it for explanations."""

    id: str
    expected: str | float
    excerpt: str
    #: `content_digest` of the item.
    digest: str


@dataclass(frozen=True)
class Answer:
    """What is answered about one item; fields as in contracts/serving/invocation.ts."""

    prediction: str | float
    confidence: float
    #: The most probable labels with their probabilities; None for numbers and texts.
    alternatives: list[tuple[str, float]] | None
    nearest: list[tuple[EncodedExample | ConfirmedExample, Neighbour]]
    words: list[Attribution]
    summary: str
    #: Labels that contain the right one with 95 % probability; None with too few examples to calibrate on.
    label_set: list[str] | None = None
    #: 95 % interval (low, high) of a number; None likewise.
    interval: tuple[float, float] | None = None
