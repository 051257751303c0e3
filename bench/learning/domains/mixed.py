"""A composed task in which a text, numbers and a picture all matter."""

from collections.abc import Iterable, Mapping

from bench.learning.domains.images import fashion_pictures
from bench.learning.domains.tables import letters
from bench.learning.rows import Raw, Side, Source
from mails import load_mails

GROUPS = {
    "footwear": {"sandal", "sneaker", "ankle boot"},
    "upper": {"T-shirt/top", "pullover", "coat", "shirt", "dress"},
    "other": {"trouser", "bag"},
}
#: What becomes of a return: by the group of the picture, the kind of the message, the half of the alphabet that the
#: measurements are of. Neither one part nor two of them tell the answer; `ceilings` says how far each goes.
DECISIONS: Mapping[str, Mapping[tuple[str, str], str]] = {
    "footwear": {
        ("ham", "A-M"): "refund",
        ("ham", "N-Z"): "refund",
        ("spam", "A-M"): "inspect",
        ("spam", "N-Z"): "refuse",
    },
    "upper": {
        ("ham", "A-M"): "exchange",
        ("ham", "N-Z"): "inspect",
        ("spam", "A-M"): "refuse",
        ("spam", "N-Z"): "refuse",
    },
    "other": {
        ("ham", "A-M"): "inspect",
        ("ham", "N-Z"): "exchange",
        ("spam", "A-M"): "refuse",
        ("spam", "N-Z"): "inspect",
    },
}
TEST, POOL = 1000, 4500


def decide(garment: str, mail: str, letter: str) -> str:
    """The right answer."""
    group = next(name for name, garments in GROUPS.items() if garment in garments)
    return DECISIONS[group][(mail, "A-M" if letter <= "M" else "N-Z")]


def mixed() -> Iterable[Raw]:
    """Every picture, mail and row of numbers once; what is in the test set is in no item of the pool."""
    mails = load_mails("unseen") + load_mails("tried")
    rows = {tuple(raw.fields.values()): raw for raw in letters()}
    numbers = iter(sorted(rows.values(), key=lambda raw: hash(tuple(raw.fields.values()))))
    sides: tuple[tuple[Side, str, list], ...] = (("test", "t10k", mails[:TEST]), ("pool", "train", mails[TEST:][:POOL]))
    for side, part, texts in sides:
        for mail, (picture, garment) in zip(texts, fashion_pictures(part, len(texts)), strict=True):
            row = next(numbers)
            expected = decide(garment, mail.label, str(row.expected))
            yield Raw({**row.fields, "message": mail.text}, {"picture": ("image", picture)}, expected, side)


MIXED = Source(
    name="mixed",
    title="text + numbers + picture (composed)",
    kind="classification",
    modality="mixed",
    description="What becomes of this return: refund, exchange, inspect or refuse?",
    raws=mixed,
    sizes=(100, 500, 1000, 4000),
    note="Composed: a Fashion-MNIST picture, a SpamAssassin mail, a LetterRecognition row; the answer by a table.",
)
