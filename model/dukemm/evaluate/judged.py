"""One outcome and what the two versions said about it, small enough to keep for every row."""

import math
import re
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from dukemm.contract.limits import MAX_NUMBER
from dukemm.domain.outcomes import LabelSource, Outcome, label_of
from dukemm.domain.tasks import Kind

_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")


class Answered(Protocol):
    """What is read of an answer: see `Answer` in answering/tasks.py."""

    @property
    def prediction(self) -> str | float:
        """A label, a number or a text."""

    @property
    def confidence(self) -> float:
        """0..1."""

    @property
    def label_set(self) -> list[str] | None:
        """Labels of which one is right in 95 %."""

    @property
    def interval(self) -> tuple[float, float] | None:
        """Numbers between which the right one is in 95 %."""


@dataclass(frozen=True, slots=True)
class Said:
    """One version's answer to one item, measured against the outcome."""

    #: None where there is no answer that could be delivered.
    prediction: str | float | None
    confidence: float
    #: Equal to the right answer (of a refused row: to the refused one); of numbers see table.py.
    equal: bool = False
    #: The set or interval holds the right answer, and its size: labels, or width.
    covered: bool | None = None
    size: float | None = None
    token_f1: float | None = None
    #: Said something that could not be delivered.
    broken: bool = False


#: A kind or an input that the version does not know.
NOTHING = Said(None, 0.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """One outcome with the answers to it. `truth` of a refused row is the refused answer."""

    id: str
    task_id: str
    buyer_id: str
    family: str
    kind: Kind
    truth: str | float
    source: LabelSource
    candidate: Said
    production: Said | None


def judge(outcome: Outcome, candidate: Answered | None, production: Answered | None, first: bool) -> Judged:
    """`first`: there is no version in production."""
    truth = truth_of(outcome)
    return Judged(
        outcome.id,
        sys.intern(outcome.task_id),
        sys.intern(outcome.buyer_id),
        sys.intern(outcome.family),
        outcome.kind,
        "" if outcome.kind == "generation" else truth,
        outcome.label_source,
        _said(outcome, truth, candidate),
        None if first else _said(outcome, truth, production),
    )


def truth_of(outcome: Outcome) -> str | float:
    """The right answer (the refused one where none is known) in the form of its kind; NaN for a number that is none."""
    known = outcome.prediction if outcome.expected is None else outcome.expected
    if outcome.kind == "regression":
        return _number(known)
    return sys.intern(label_of(known)) if outcome.kind == "classification" else label_of(known)


def _said(outcome: Outcome, truth: str | float, answer: Answered | None) -> Said:
    if answer is None:
        return NOTHING
    confidence = float(answer.confidence)
    if not 0 <= confidence <= 1:
        return Said(None, 0.0, broken=True)
    if outcome.kind == "classification":
        return _label(outcome, str(truth), answer, confidence)
    if outcome.kind == "regression":
        return _value(float(truth), answer, confidence)
    text = answer.prediction
    if not isinstance(text, str):
        return Said(None, 0.0, broken=True)
    same = tidy(text) == tidy(str(truth))
    return Said("", confidence, same, token_f1=token_f1(text, str(truth)))


def _label(outcome: Outcome, truth: str, answer: Answered, confidence: float) -> Said:
    label = label_of(answer.prediction)
    if outcome.labels and label not in outcome.labels:
        return Said(None, 0.0, broken=True)
    held = answer.label_set
    return Said(
        sys.intern(label),
        confidence,
        label == truth,
        covered=None if held is None else truth in held,
        size=None if held is None else float(len(held)),
    )


def _value(truth: float, answer: Answered, confidence: float) -> Said:
    value = _number(answer.prediction)
    if math.isnan(value):
        return Said(None, 0.0, broken=True)
    if answer.interval is None or not -MAX_NUMBER <= answer.interval[0] <= answer.interval[1] <= MAX_NUMBER:
        return Said(value, confidence)
    low, high = answer.interval
    return Said(value, confidence, covered=low <= truth <= high, size=high - low)


def _number(value: str | float) -> float:
    """NaN for what is no number, or one whose square is none."""
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return math.nan
    return number if abs(number) <= MAX_NUMBER else math.nan


def tidy(text: str) -> str:
    """Case and white space do not count; every other sign does: 412.5 is not 4125."""
    return _SPACE.sub(" ", text).strip().casefold()


def token_f1(text: str, truth: str) -> float:
    """F1 of the words, each as often as it occurs (as in SQuAD, articles included); texts without words are equal."""
    said, right = (Counter(_WORD.findall(one.casefold())) for one in (text, truth))
    if not said or not right:
        return float(said == right)
    common = (said & right).total()
    return 2 * common / (said.total() + right.total())
