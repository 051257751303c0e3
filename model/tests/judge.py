"""What the model's own parsers say of requests and lines that the marketplace would send.

Reads JSON lines `{"what": "request" | "examples" | "outcome", "text": "…"}` from standard input and answers each with a
line: `null`, or the message of the refusal. test/support/protocol-judge.ts runs it.
"""

import json
import sys

from dukemm.contract.invocation import parse_examples, parse_request
from dukemm.contract.outcomes import parse_outcome
from dukemm.domain.errors import DukeMMError

PARSERS = {
    "request": parse_request,
    "examples": lambda text: parse_examples(text, sum(1 for line in text.split(b"\n") if line.strip())),
    "outcome": lambda text: parse_outcome(text, "line"),
}


def judged(line: str) -> str | None:
    case = json.loads(line)
    try:
        PARSERS[case["what"]](case["text"].encode())
    except DukeMMError as error:
        return error.message
    return None


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(judged(line)))
