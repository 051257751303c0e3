"""What a label means, in words that the text encoder can compare with items."""

import re
from collections.abc import Sequence

#: Longest meaning that is taken from a description.
GLOSS = 200


def label_texts(labels: Sequence[str], description: str) -> list[str]:
    """Text of each label: its name, and its meaning where the description gives one (`spam: unwanted mail; ham: ...`)."""
    return [
        f"{_readable(label)}: {gloss}" if (gloss := _gloss(label, description)) else _readable(label) for label in labels
    ]


def _readable(label: str) -> str:
    return re.sub(r"[_\s]+", " ", label).strip() or label


def _gloss(label: str, description: str) -> str | None:
    found = re.search(
        rf"(?<!\w){re.escape(label)}(?!\w)[\"'»”]?\s?(?::|=|means|is for|for)\s?([^.;\n]{{3,{GLOSS}}})", description, re.I
    )
    return found.group(1).strip() if found else None
