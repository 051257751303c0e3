"""What the model's own parsers say of messages that the marketplace would send.

Reads JSON lines `{"what": "request" | "examples" | "outcome" | <message class>, "text": "…"}` from standard input and
answers each with a line: `null`, or the message of the refusal. test/support/protocol-judge.ts runs it.
"""

import json
import sys

from dukemm.contract import messages
from dukemm.contract.invocation import parse_examples, parse_request
from dukemm.contract.outcomes import parse_outcome
from dukemm.contract.validation import read_message
from dukemm.domain.errors import DukeMMError

PARSERS = {
    "request": parse_request,
    "examples": lambda text: parse_examples(text, sum(1 for line in text.split(b"\n") if line.strip())),
    "outcome": lambda text: parse_outcome(text, "line"),
    "InvocationRequest": parse_request,
    "ExamplePayload": lambda text: parse_examples(text, 1),
    "TrainingExample": lambda text: parse_outcome(text, "line"),
}


def parse(what: str, text: bytes) -> None:
    if what in PARSERS:
        PARSERS[what](text)
    else:
        read_message(text, getattr(messages, what))


def judged(line: str) -> str | None:
    case = json.loads(line)
    try:
        parse(case["what"], case["text"].encode())
    except DukeMMError as error:
        return error.message
    return None


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(judged(line)))
