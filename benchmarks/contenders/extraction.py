"""What a good engineer would try first on the same documents and examples."""

import re
from collections.abc import Sequence

import numpy as np

from dukemm.extraction.similarity import words
from dukemm.extraction.source import sentences

_DATE = r"(\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{1,2}, \d{4})"
_AMOUNT = r"((?:EUR |[$£€])?\d[\d.,]*\d(?: EUR)?)"
_LABEL = r"[^\S\n]*[:.#]*\s*"
#: Written by hand with the layouts and schemas of the half «tried» in sight.
PATTERNS = {
    "invoice_number": [
        rf"(?:invoice|bill)[ ]?(?:number|no\.?|#){_LABEL}(\S+(?: \d+)?)",
        r"number\s+(\S+)",
        r"(?:invoice|bill) (\S*\d\S*)",
    ],
    "invoice_date": [rf"(?:invoice|bill) date{_LABEL}{_DATE}", rf"(?:^|\b)(?:issued|date){_LABEL}{_DATE}", _DATE],
    "due_date": [rf"(?:due date|payment due|pay(?:able)? (?:by|until)|expect by|due){_LABEL}{_DATE}"],
    "total": [rf"(?:grand total|total due|amount due|gross amount|comes to|\btotal){_LABEL}{_AMOUNT}"],
    "customer": [
        r"(?:bill to|sold to|customer|client)[^\S\n]*:?\s*([A-Z][^\n]*?)(?= Number|\n|$)",
        r" to ([A-Z]\w+ [A-Z&]\S*)",
    ],
    "order_id": [r'"(?:order\w*|id)"\s*:\s*"?([\w-]+)', r'"order"\s*:\s*\{\s*"id"\s*:\s*"([^"]+)'],
    "customer_name": [
        r'"(?:customer|placedBy|buyer)"\s*:\s*\{\s*"\w*[nN]ame"\s*:\s*"([^"]+)',
        r'"\w*[nN]ame"\s*:\s*"([^"]+)',
    ],
    "shipping_city": [r'"(?:shipping|deliverTo)"[^}]*"(?:city|town)"\s*:\s*"([^"]+)', r'"(?:city|town)"\s*:\s*"([^"]+)'],
    "email": [r'"customer"[^}]*"e?mail"\s*:\s*"([^"]+)', r'"\w*mail"\s*:\s*"([^"]+)'],
}
RECORD_TOTAL = [r'"(?:gross|amountTotal|grand\w*|total)"\s*:\s*"([^"]+)']


def by_pattern(field: str, text: str) -> str:
    """The first pattern that is found."""
    patterns = (
        RECORD_TOTAL if field == "total" and text.lstrip()[:1] in "[{" else PATTERNS.get(field.removesuffix("_iso"), [])
    )
    for pattern in patterns:
        found = re.search(pattern, text, re.I | re.M)
        if found:
            return found.group(1).strip()
    return ""


def by_cue(target: str, text: str) -> str:
    """What follows the words of the target's name, on their line or on the next; of a record, the value of such a key."""
    wanted = words(target.replace("_", " "))
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for i, line in enumerate(lines):
        if set(wanted) & set(words(line)) and wanted[-1] in words(re.sub(r"[_\"]|(?<=[a-z])(?=[A-Z])", " ", line)):
            at = re.search(rf"{wanted[-1]}\w*[\"#.:\s]*", line, re.I)
            rest = line[at.end() :] if at else ""
            return rest.strip(' ",') or (lines[i + 1] if i + 1 < len(lines) else "")
    return ""


class BeforeIt:
    """The words that stood before the examples' answers, found again; else the place in the nearest example."""

    def __init__(self, texts: Sequence[str], answers: Sequence[str], vectors: np.ndarray) -> None:
        self._vectors = vectors
        self._texts = [text.split() for text in texts]
        self._answers = [answer.split() for answer in answers]
        self._places = [_place(text, answer) for text, answer in zip(self._texts, self._answers, strict=True)]

    def find(self, text: str, vector: np.ndarray, by_words: bool = True) -> str:
        """By the words before; `by_words` off: by the place in the nearest example."""
        tokens = text.split()
        order = np.argsort(-(self._vectors @ vector), kind="stable")
        for example in order if by_words else []:
            place = self._places[example]
            if place:
                before = self._texts[example][max(place - 2, 0) : place]
                for i in range(len(before), len(tokens)):
                    if tokens[i - len(before) : i] == before:
                        return " ".join(tokens[i : i + len(self._answers[example])]).strip('",')
        nearest = int(order[0])
        place = self._places[nearest]
        return " ".join(tokens[place : place + len(self._answers[nearest])]).strip('",') if place is not None else ""


def _place(text: Sequence[str], answer: Sequence[str]) -> int | None:
    for i in range(len(text) - len(answer) + 1):
        if [token.strip('",.') for token in text[i : i + len(answer)]] == [token.strip('",.') for token in answer]:
            return i
    return None


def by_sentence(question: str, passage: str, encode) -> tuple[str, str]:
    """The sentence closest to the question by MiniLM; and in it the first span of the type that its first word asks for."""
    found = sentences(passage)
    vectors = encode([*found, question])
    best = found[int(np.argmax(vectors[:-1] @ vectors[-1]))]
    if re.match(r"how (many|long|large)|what (height|area)", question, re.I):
        pattern = r"\d[\d,]*"
    elif re.search(r"\byear\b", question, re.I):
        pattern = r"\b1\d{3}\b|\b20\d\d\b"
    elif re.search(r"when|date|day", question, re.I):
        pattern = r"\d{1,2} [A-Z][a-z]+ \d{4}|\b\d{4}\b"
    elif re.match(r"who", question, re.I):
        pattern = r"[A-Z][a-z]+ [A-Z][a-z]+"
    else:
        pattern = r"(?<=\w )[A-Z][a-z]+(?: [A-Z][a-z]+)*"
    asked = set(words(question))
    spans = [s for s in re.findall(pattern, best) if not set(words(s)) <= asked]
    return best, spans[0] if spans else best
