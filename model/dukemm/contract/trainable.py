"""What can be learned from as an answer: contracts/learning/trainable.ts in Python.

`test/contract/trainable.json` holds cases that both sides run in their tests.
"""

from collections.abc import Sequence

from dukemm.contract.limits import MAX_ANSWER, MAX_NUMBER, MAX_STORED_LABEL
from dukemm.domain.spelling import comparable, spelling_of
from dukemm.domain.tasks import Kind


def answer_fault(kind: Kind, labels: Sequence[str], answer: str | float) -> str | None:
    """Why nothing can be learned from `answer` as the right answer of a task of this kind; None if it can.

    `labels` of the task, empty where it names none.
    """
    if not isinstance(answer, str) and not abs(answer) <= MAX_NUMBER:
        return f"the answer is beyond ±{MAX_NUMBER:g}".replace("e+", "e")
    if kind == "regression":
        return "the answer is no number" if isinstance(answer, str) else None
    text = spelling_of(answer)
    if not comparable(text):
        return "the answer is empty"
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        return "the answer is no well-formed text"
    most = MAX_ANSWER
    if kind == "classification":
        if labels and text not in labels:
            return "the answer is none of the labels"
        most = MAX_STORED_LABEL
    return f"the answer has more than {most} characters" if len(text) > most else None
