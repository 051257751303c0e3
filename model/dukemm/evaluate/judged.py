"""One outcome with the judged answers of both versions, small enough to hold for every row."""

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
    """The part of an answer that is evaluated; see `Answer` in domain/answers.py."""

    @property
    def prediction(self) -> str | float:
        """A label, a number or a text."""

    @property
    def confidence(self) -> float:
        """Probability that the buyer accepts, 0..1."""

    @property
    def label_set(self) -> list[str] | None:
        """Conformal 95 % label set."""

    @property
    def interval(self) -> tuple[float, float] | None:
        """Conformal 95 % interval."""


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """One version's answer to one item, compared with the outcome."""

    #: None without a deliverable answer.
    prediction: str | float | None
    confidence: float
    #: Whether it equals the right answer (for a refused row, the refused one). Numbers are compared in table.py.
    equal: bool = False
    #: Whether the set or interval contains the right answer, and its size: labels, or width.
    covered: bool | None = None
    size: float | None = None
    token_f1: float | None = None
    #: Whether there was an answer that cannot be delivered.
    broken: bool = False


#: The version does not support the kind or the input.
NO_ANSWER = JudgedAnswer(None, 0.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """One outcome with both versions' answers. `truth` of a refused row is the refused answer."""

    id: str
    task_id: str
    buyer_id: str
    family: str
    kind: Kind
    truth: str | float
    source: LabelSource
    candidate: JudgedAnswer
    production: JudgedAnswer | None
    #: In satoshis; NaN if it is unknown.
    price: float


def judge(outcome: Outcome, candidate: Answered | None, production: Answered | None, first: bool) -> Judged:
    """Judge both answers. `first`: there is no version in production."""
    truth = expected_answer(outcome)
    return Judged(
        outcome.id,
        sys.intern(outcome.task_id),
        sys.intern(outcome.buyer_id),
        sys.intern(outcome.family),
        outcome.kind,
        "" if outcome.kind == "generation" else truth,
        outcome.label_source,
        _judge_answer(outcome, truth, candidate),
        None if first else _judge_answer(outcome, truth, production),
        math.nan if outcome.price_satoshis is None else outcome.price_satoshis,
    )


def expected_answer(outcome: Outcome) -> str | float:
    """The right answer, or the refused one if it is unknown, in the type of its kind; NaN if not a number."""
    known = outcome.prediction if outcome.expected is None else outcome.expected
    if outcome.kind == "regression":
        return _number(known)
    return sys.intern(label_of(known)) if outcome.kind == "classification" else label_of(known)


def _judge_answer(outcome: Outcome, truth: str | float, answer: Answered | None) -> JudgedAnswer:
    if answer is None:
        return NO_ANSWER
    confidence = float(answer.confidence)
    if not 0 <= confidence <= 1:
        return JudgedAnswer(None, 0.0, broken=True)
    if outcome.kind == "classification":
        return _label(outcome, str(truth), answer, confidence)
    if outcome.kind == "regression":
        return _value(float(truth), answer, confidence)
    text = answer.prediction
    if not isinstance(text, str):
        return JudgedAnswer(None, 0.0, broken=True)
    same = normalise_text(text) == normalise_text(str(truth))
    return JudgedAnswer("", confidence, same, token_f1=token_f1(text, str(truth)))


def _label(outcome: Outcome, truth: str, answer: Answered, confidence: float) -> JudgedAnswer:
    label = label_of(answer.prediction)
    if outcome.labels and label not in outcome.labels:
        return JudgedAnswer(None, 0.0, broken=True)
    held = answer.label_set
    return JudgedAnswer(
        sys.intern(label),
        confidence,
        label == truth,
        covered=None if held is None else truth in held,
        size=None if held is None else float(len(held)),
    )


def _value(truth: float, answer: Answered, confidence: float) -> JudgedAnswer:
    value = _number(answer.prediction)
    if math.isnan(value):
        return JudgedAnswer(None, 0.0, broken=True)
    if answer.interval is None or not -MAX_NUMBER <= answer.interval[0] <= answer.interval[1] <= MAX_NUMBER:
        return JudgedAnswer(value, confidence)
    low, high = answer.interval
    return JudgedAnswer(value, confidence, covered=low <= truth <= high, size=high - low)


def _number(value: str | float) -> float:
    """Parse a number; NaN if it is not one or exceeds MAX_NUMBER."""
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return math.nan
    return number if abs(number) <= MAX_NUMBER else math.nan


def normalise_text(text: str) -> str:
    """Fold case and collapse white space. Other characters are kept: 412.5 differs from 4125."""
    return _SPACE.sub(" ", text).strip().casefold()


def token_f1(text: str, truth: str) -> float:
    """F1 of the bags of words (as in SQuAD, with articles); 1 if both texts have no words."""
    answered, expected = (Counter(_WORD.findall(one.casefold())) for one in (text, truth))
    if not answered or not expected:
        return float(answered == expected)
    common = (answered & expected).total()
    return 2 * common / (answered.total() + expected.total())
