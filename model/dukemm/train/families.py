"""Outcomes of one family as rows to learn from."""

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

#: A failure shows where the model is wrong: it counts for more, once.
HARD = 1.5
#: What an outcome of this age, in days, counts beside a new one: people change their minds, not fast.
HALF_LIFE_DAYS = 365.0
#: Newest outcomes of a family that its experts learn from: the price of a kernel grows with the cube.
MOST = 6000
#: Labels of one family. A task has at most 200; families keep those of earlier tasks.
MOST_LABELS = 400
#: Fewer confirmed outcomes are left to each task's own examples.
FEWEST = 8


@dataclass(frozen=True)
class FamilyData:
    """One family's outcomes, twins merged, newest last."""

    name: str
    kind: Literal["classification", "regression", "generation"]
    description: str
    target: str | None
    #: Of a classification: in the order in which they were first declared or met.
    labels: tuple[str, ...]
    outcomes: Sequence[Outcome]
    digests: Sequence[str]
    #: (n,) places of labels, or numbers; a refused row has the label that it is not.
    answers: np.ndarray
    weights: Matrix
    refused: np.ndarray

    @property
    def is_enough(self) -> bool:
        """At least FEWEST confirmed outcomes, of two different answers where answers can be told apart."""
        answers = self.answers[~self.refused]
        return len(answers) >= FEWEST and (self.kind == "generation" or len(np.unique(answers)) > 1)

    @property
    def buyer(self) -> str:
        """Whose family it is: a family belongs to one buyer."""
        return self.outcomes[-1].buyer_id

    def rows(self, chosen: np.ndarray) -> "FamilyData":
        """Some of the rows, in this order."""
        return replace(
            self,
            outcomes=[self.outcomes[i] for i in chosen],
            digests=[self.digests[i] for i in chosen],
            answers=self.answers[chosen],
            weights=self.weights[chosen],
            refused=self.refused[chosen],
        )


def gather(outcomes: Iterable[Outcome], unusable: Unusable) -> list[FamilyData]:
    """Families by name, each with at least FEWEST confirmed outcomes of two different answers.

    A family that cannot be read as one is named in `unusable`; one that is only too small is not.
    """
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.weight > 0:
            found.setdefault(outcome.family, []).append(outcome)
    unusable.of_families = len(found)
    families = []
    for name, rows in sorted(found.items()):
        try:
            family = family_of(name, rows, unusable)
        except Exception as error:
            unusable.broken(name, "its outcomes could not be put in order", error, len(rows))
            continue
        if family is not None:
            families.append(family)
    return families


def family_of(name: str, outcomes: Sequence[Outcome], unusable: Unusable | None = None) -> FamilyData | None:
    """One family's rows; None where they are too few, or all the same. What has no place in it is counted in `unusable`."""
    unusable = unusable or Unusable("train")
    merged = _merged(sorted(outcomes, key=lambda outcome: (outcome.created_at, outcome.id)))[-MOST:]
    newest = merged[-1][1]
    rows = [row for row in merged if row[1].kind == newest.kind]
    unusable.outcomes(name, "an outcome of another kind than its family", len(merged) - len(rows))
    learnable = _learnable(rows, newest.kind)
    wrong = sum(not row.refused for _, row in rows) - sum(not row.refused for _, row in learnable)
    unusable.outcomes(name, f"the answer is no number of at most {MAX_NUMBER:g}", wrong)
    key = label_keys({row.labels for _, row in learnable})
    labels = _labels(learnable, key) if newest.kind == "classification" else ()
    if len(labels) > MOST_LABELS:
        unusable.family(name, f"its outcomes have more than {MOST_LABELS} labels", len(outcomes))
        return None
    places = {key(label): i for i, label in enumerate(labels)}
    # With two labels a refusal would be a whole label of its own: the buyer asked for money back and taught nothing.
    taught = [row for row in learnable if not row[1].refused or (len(labels) > 2 and key(_said(row[1])) in places)]
    refused = np.array([row.refused for _, row in taught], bool)
    if newest.kind == "classification":
        answers = np.array([places[key(_said(row))] for _, row in taught], np.int64)
    elif newest.kind == "regression":
        answers = np.array([float(row.expected) for _, row in taught if row.expected is not None], np.float64)
    else:
        answers = np.zeros(len(taught))
    data = FamilyData(
        name, newest.kind, newest.description, newest.target, labels,
        [row for _, row in taught], [digest for digest, _ in taught], answers,
        np.array([_weight(row, newest.created_at) for _, row in taught]), refused,
    )  # fmt: skip
    return data if data.is_enough else None


def _learnable(rows: Sequence[tuple[str, Outcome]], kind: str) -> list[tuple[str, Outcome]]:
    """Confirmed answers of the kind; of labels also refusals, which say what an answer is not."""
    if kind == "classification":
        return list(rows)
    confirmed = [row for row in rows if not row[1].refused]
    return [row for row in confirmed if kind != "regression" or _is_number(row[1].expected)]


def _merged(outcomes: Sequence[Outcome]) -> list[tuple[str, Outcome]]:
    """Of items with the same content the surest word counts, the newest of equals; what is confirmed beats a refusal."""
    best: dict[str, Outcome] = {}
    for outcome in outcomes:
        digest = content_digest(outcome.item)
        other = best.get(digest)
        if other is None or _sureness(outcome) >= _sureness(other):
            best.pop(digest, None)
            best[digest] = outcome
    return list(best.items())


def _sureness(outcome: Outcome) -> tuple[bool, float]:
    return not outcome.refused, outcome.weight


def _weight(outcome: Outcome, newest: str) -> float:
    age = (np.datetime64(newest.removesuffix("Z")) - np.datetime64(outcome.created_at.removesuffix("Z"))) / np.timedelta64(
        1, "D"
    )
    hard = HARD if outcome.label_source == "correction" else 1.0
    return float(outcome.weight * hard * 0.5 ** (max(float(age), 0.0) / HALF_LIFE_DAYS))


def _labels(rows: Sequence[tuple[str, Outcome]], key: Callable[[str], str]) -> tuple[str, ...]:
    """Declared labels and those that were confirmed as answers, each once; spelt as most often."""
    spellings: dict[str, Counter[str]] = {}
    for _, row in rows:
        for label in row.labels if row.refused else (*row.labels, _said(row)):
            spellings.setdefault(key(label), Counter())[label] += 1
    return tuple(found.most_common(1)[0][0] for found in spellings.values())


def _said(row: Outcome) -> str:
    return label_of(row.prediction if row.expected is None else row.expected)


def _is_number(value: str | float | None) -> bool:
    try:
        return value is not None and abs(float(value)) <= MAX_NUMBER
    except ValueError:
        return False
