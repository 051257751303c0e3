"""Groups outcomes into families of training rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from dukemm.contract.limits import MAX_NUMBER
from dukemm.contract.unusable import Unusable
from dukemm.domain.arrays import Matrix
from dukemm.domain.items import content_digest
from dukemm.domain.labels import label_keys
from dukemm.domain.outcomes import Outcome, label_of

#: Factor on the weight of a correction, which shows where the model is wrong.
CORRECTION_WEIGHT = 1.5
#: Age in days at which an outcome has half the weight of the family's newest one.
HALF_LIFE_DAYS = 365.0
#: Most outcomes of a family, the newest: the cost of a kernel is O(n³).
MAX_OUTCOMES = 6000
#: Most labels of a family. A task has at most 200; families keep labels of earlier tasks.
MAX_LABELS = 400
#: Fewest confirmed outcomes of a family; smaller families are not trained.
MIN_CONFIRMED = 8


@dataclass(frozen=True)
class FamilyData:
    """Outcomes of one family without duplicates, newest last."""

    name: str
    kind: Literal["classification", "regression", "generation"]
    description: str
    target: str | None
    #: In the order of their first occurrence; empty unless classification.
    labels: tuple[str, ...]
    outcomes: Sequence[Outcome]
    digests: Sequence[str]
    #: (n,) label indices or numbers. A refused row has the refused label.
    answers: np.ndarray
    weights: Matrix
    refused: np.ndarray

    @property
    def is_enough(self) -> bool:
        """Whether there are MIN_CONFIRMED confirmed outcomes and, unless generation, two different answers."""
        answers = self.answers[~self.refused]
        return len(answers) >= MIN_CONFIRMED and (self.kind == "generation" or len(np.unique(answers)) > 1)

    @property
    def buyer(self) -> str:
        """The buyer that the family belongs to."""
        return self.outcomes[-1].buyer_id

    def rows(self, chosen: np.ndarray) -> "FamilyData":
        """Select rows by index, in the given order."""
        return replace(
            self,
            outcomes=[self.outcomes[i] for i in chosen],
            digests=[self.digests[i] for i in chosen],
            answers=self.answers[chosen],
            weights=self.weights[chosen],
            refused=self.refused[chosen],
        )


def gather(outcomes: Iterable[Outcome], unusable: Unusable) -> list[FamilyData]:
    """Group outcomes into families, sorted by name, of those that `is_enough`.

    A family that fails to build is recorded in `unusable`; one that is too small is not.
    """
    by_family: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.weight > 0:
            by_family.setdefault(outcome.family, []).append(outcome)
    unusable.of_families = len(by_family)
    families = []
    for name, rows in sorted(by_family.items()):
        try:
            family = build_family(name, rows, unusable)
        except Exception as error:
            unusable.broken(name, "its outcomes could not be put in order", error, len(rows))
            continue
        if family is not None:
            families.append(family)
    return families


def build_family(name: str, outcomes: Sequence[Outcome], unusable: Unusable | None = None) -> FamilyData | None:
    """Build one family.

    None if its rows are too few or have one answer only. Dropped outcomes are counted in `unusable`.
    """
    unusable = unusable or Unusable("train")
    merged = _merge_duplicates(sorted(outcomes, key=lambda outcome: (outcome.created_at, outcome.id)))[-MAX_OUTCOMES:]
    newest = merged[-1][1]
    rows = [row for row in merged if row[1].kind == newest.kind]
    unusable.outcomes(name, "an outcome of another kind than its family", len(merged) - len(rows))
    learnable = _learnable(rows, newest.kind)
    wrong = sum(not row.refused for _, row in rows) - sum(not row.refused for _, row in learnable)
    unusable.outcomes(name, f"the answer is no number of at most {MAX_NUMBER:g}", wrong)
    key = label_keys({row.labels for _, row in learnable})
    labels = _labels(learnable, key) if newest.kind == "classification" else ()
    if len(labels) > MAX_LABELS:
        unusable.family(name, f"its outcomes have more than {MAX_LABELS} labels", len(outcomes))
        return None
    indices = {key(label): i for i, label in enumerate(labels)}
    # With two labels a refusal implies the other label, but buyers also refuse to get their money back: dropped.
    training = [
        row for row in learnable if not row[1].refused or (len(labels) > 2 and key(_answered_label(row[1])) in indices)
    ]
    refused = np.array([row.refused for _, row in training], bool)
    if newest.kind == "classification":
        answers = np.array([indices[key(_answered_label(row))] for _, row in training], np.int64)
    elif newest.kind == "regression":
        answers = np.array([float(row.expected) for _, row in training if row.expected is not None], np.float64)
    else:
        answers = np.zeros(len(training))
    data = FamilyData(
        name, newest.kind, newest.description, newest.target, labels,
        [row for _, row in training], [digest for digest, _ in training], answers,
        np.array([_weight(row, newest.created_at) for _, row in training]), refused,
    )  # fmt: skip
    return data if data.is_enough else None


def _learnable(rows: Sequence[tuple[str, Outcome]], kind: str) -> list[tuple[str, Outcome]]:
    """Confirmed answers that suit the kind; for classification also refusals, which exclude a label."""
    if kind == "classification":
        return list(rows)
    confirmed = [row for row in rows if not row[1].refused]
    return [row for row in confirmed if kind != "regression" or _is_number(row[1].expected)]


def _merge_duplicates(outcomes: Sequence[Outcome]) -> list[tuple[str, Outcome]]:
    """Keep one outcome per content: confirmed before refused, then the highest weight, then the newest."""
    best: dict[str, Outcome] = {}
    for outcome in outcomes:
        digest = content_digest(outcome.item)
        current = best.get(digest)
        if current is None or _precedence(outcome) >= _precedence(current):
            best.pop(digest, None)
            best[digest] = outcome
    return list(best.items())


def _precedence(outcome: Outcome) -> tuple[bool, float]:
    return not outcome.refused, outcome.weight


def _weight(outcome: Outcome, newest: str) -> float:
    age = (np.datetime64(newest.removesuffix("Z")) - np.datetime64(outcome.created_at.removesuffix("Z"))) / np.timedelta64(
        1, "D"
    )
    factor = CORRECTION_WEIGHT if outcome.label_source == "correction" else 1.0
    return float(outcome.weight * factor * 0.5 ** (max(float(age), 0.0) / HALF_LIFE_DAYS))


def _labels(rows: Sequence[tuple[str, Outcome]], key: Callable[[str], str]) -> tuple[str, ...]:
    """Declared labels and confirmed answers without duplicates, in their most frequent spelling."""
    spellings: dict[str, Counter[str]] = {}
    for _, row in rows:
        for label in row.labels if row.refused else (*row.labels, _answered_label(row)):
            spellings.setdefault(key(label), Counter())[label] += 1
    return tuple(counts.most_common(1)[0][0] for counts in spellings.values())


def _answered_label(row: Outcome) -> str:
    return label_of(row.prediction if row.expected is None else row.expected)


def _is_number(value: str | float | None) -> bool:
    try:
        return value is not None and abs(float(value)) <= MAX_NUMBER
    except ValueError:
        return False
