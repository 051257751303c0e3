"""A composed task in which a text, numbers and a picture all matter."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from benchmarks.data.domains.images import fashion_pictures
from benchmarks.data.domains.tables import letters
from benchmarks.data.mails import load_mails
from benchmarks.data.rows import Raw, Side, Source

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
#: In the order of `Composed.truth`.
PARTS = ("picture", "text", "numbers")


def decide(group: str, mail: str, half: str) -> str:
    """The right answer."""
    return DECISIONS[group][(mail, half)]


@dataclass(frozen=True)
class Composed:
    """An item with what its parts truly are: group of the picture, kind of the message, half of the alphabet."""

    raw: Raw
    truth: tuple[str, str, str]


def composed() -> Iterable[Composed]:
    """Every picture, mail and row of numbers once; what is in the test set is in no item of the pool."""
    mails = load_mails("unseen") + load_mails("tried")
    rows = {tuple(raw.fields.values()): raw for raw in letters()}
    numbers = iter(sorted(rows.values(), key=lambda raw: hash(tuple(raw.fields.values()))))
    sides: tuple[tuple[Side, str, list], ...] = (("test", "t10k", mails[:TEST]), ("pool", "train", mails[TEST:][:POOL]))
    for side, part, texts in sides:
        for mail, (picture, garment) in zip(texts, fashion_pictures(part, len(texts)), strict=True):
            row = next(numbers)
            group = next(name for name, garments in GROUPS.items() if garment in garments)
            truth = (group, mail.label, "A-M" if str(row.expected) <= "M" else "N-Z")
            fields = {**row.fields, "message": mail.text}
            yield Composed(Raw(fields, {"picture": ("image", picture)}, decide(*truth), side), truth)


def mixed() -> Iterable[Raw]:
    """The items with their answers."""
    return (item.raw for item in composed())


def ceilings(items: Iterable[Composed]) -> dict[str, float]:
    """Best accuracy for who knows what some of the parts truly are, and how often each answer goes with them."""
    items = list(items)
    found = {}
    for count in range(1, 4):
        for known in combinations(range(3), count):
            answers: dict[tuple[str, ...], Counter[str]] = {}
            for item in items:
                parts = tuple(item.truth[i] for i in known)
                answers.setdefault(parts, Counter())[str(item.raw.expected)] += 1
            right = sum(counts.most_common(1)[0][1] for counts in answers.values())
            found[" + ".join(PARTS[i] for i in known)] = right / len(items)
    return found


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
