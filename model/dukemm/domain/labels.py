"""Equality of labels, and texts of labels that the text encoder can compare with items."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

#: Characters of a label's meaning in a description.
MAX_GLOSS_CHARACTERS = 200


def label_keys(lists: Iterable[Sequence[str]]) -> Callable[[str], str]:
    """Function from a label to its key; equal labels have equal keys. Case and surrounding blanks are ignored, as in a
    family's name, unless one of the lists has labels that differ in nothing else.
    """
    alike = {key for labels in lists for key, count in Counter(map(_plain, labels)).items() if count > 1}
    return lambda label: label if _plain(label) in alike else _plain(label)


def _plain(label: str) -> str:
    return label.strip().lower()


def label_texts(labels: Sequence[str], description: str, descriptions: Mapping[str, str] | None = None) -> list[str]:
    """Text of each label: its name, and its meaning if there is one.

    `descriptions`: meanings by label. A label without one may have its meaning in the task's description (`spam: unwanted
    mail; ham: ...`).
    """
    meanings = descriptions or {}
    glosses = [meanings.get(label) or _gloss(label, description) for label in labels]
    return [
        f"{_readable(label)}: {gloss}" if gloss else _readable(label) for label, gloss in zip(labels, glosses, strict=True)
    ]


def _readable(label: str) -> str:
    return re.sub(r"[_\s]+", " ", label).strip() or label


def _gloss(label: str, description: str) -> str | None:
    found = re.search(
        rf"(?<!\w){re.escape(label)}(?!\w)[\"'»”]?\s?(?::|=|means|is for|for)\s?([^.;\n]{{3,{MAX_GLOSS_CHARACTERS}}})",
        description,
        re.I,
    )
    return found.group(1).strip() if found else None
