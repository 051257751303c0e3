"""Outcomes: items whose label a buyer confirmed, or refused."""

from dataclasses import dataclass
from typing import Literal

from dukemm.domain.items import Item
from dukemm.domain.spelling import spelling_of
from dukemm.domain.tasks import Kind

LabelSource = Literal["correction", "accepted", "auto_accepted", "refused"]


@dataclass(frozen=True)
class Outcome:
    """An item whose label is confirmed, or known to be wrong."""

    id: str
    task_id: str
    result_id: str
    buyer_id: str
    family: str
    kind: Kind
    description: str
    labels: tuple[str, ...]
    target: str | None
    item: Item
    #: The right answer; None if the item was refused without a correction: then only `prediction` is known to be wrong.
    expected: str | float | None
    prediction: str | float
    confidence: float | None
    success: bool
    label_source: LabelSource
    #: Share of a full label, 0..1; 0 is no label.
    weight: float
    agent_name: str
    model_version: str | None
    #: ISO 8601, UTC, ending in `Z`: sorting the texts sorts by time.
    created_at: str
    #: Share of the task's price that the item costs, in satoshis; None in outcomes of earlier releases.
    price_satoshis: float | None = None

    @property
    def refused(self) -> bool:
        """Whether all that is known is that `prediction` is wrong."""
        return self.expected is None


def label_of(value: str | float) -> str:
    """An answer as a label: labels are texts, so the number 1, and 1.0, are the label `1`."""
    return spelling_of(value)
