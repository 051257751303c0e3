"""Outcomes of one family as rows to learn from."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from dukemm.data.outcome import Outcome, label_of
from dukemm.features.identity import digest_of
from dukemm.features.item import LARGEST
from dukemm.task.blocks import Matrix
from dukemm.task.labels import label_keys

#: A failure shows where the model is wrong: it counts for more, once.
HARD = 1.5
#: What an outcome of this age, in days, counts beside a new one: people change their minds, not fast.
HALF_LIFE_DAYS = 365.0
#: Newest outcomes of a family that its experts learn from: the price of a kernel grows with the cube.
MOST = 6000
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
    #: (n,) places of labels, or numbers; what is refused names the label that it is not.
    answers: np.ndarray
    weights: Matrix
    refused: np.ndarray

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


def gather(outcomes: Iterable[Outcome]) -> list[FamilyData]:
    """Families by name, each with at least FEWEST confirmed outcomes of two different answers."""
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.weight > 0:
            found.setdefault(outcome.family, []).append(outcome)
    families = [family_of(name, rows) for name, rows in sorted(found.items())]
    return [family for family in families if family is not None]


def family_of(name: str, outcomes: Sequence[Outcome]) -> FamilyData | None:
    """One family's rows; None where they are too few, or all the same."""
    merged = _merged(sorted(outcomes, key=lambda outcome: (outcome.created_at, outcome.id)))[-MOST:]
    newest = merged[-1][1]
    rows = [row for row in merged if newest.kind != "regression" or _is_number(row[1].expected)]
    key = label_keys({row.labels for _, row in rows})
    labels = _labels(rows, key) if newest.kind == "classification" else ()
    places = {key(label): i for i, label in enumerate(labels)}
    refused = np.array([row.refused for _, row in rows])
    if newest.kind == "classification":
        answers = np.array([places[key(_said(row))] for _, row in rows], np.int64)
        if len(labels) == 2:
            # Of two labels one is refused: it is the other.
            answers, refused = np.where(refused, 1 - answers, answers), np.zeros_like(refused)
    elif newest.kind == "regression":
        answers = np.array([float(row.expected) for _, row in rows], np.float64)
    else:
        answers = np.zeros(len(rows))
    confirmed = ~refused
    different = len(set(answers[confirmed].tolist())) if newest.kind != "generation" else 2
    if confirmed.sum() < FEWEST or different < 2:
        return None
    weights = np.array([_weight(row, newest.created_at) for _, row in rows])
    return FamilyData(
        name, newest.kind, newest.description, newest.target, labels,
        [row for _, row in rows], [digest for digest, _ in rows], answers, weights, refused,
    )  # fmt: skip


def _merged(outcomes: Sequence[Outcome]) -> list[tuple[str, Outcome]]:
    """Of items with the same content the surest word counts, the newest of equals; what is confirmed beats a refusal."""
    best: dict[str, Outcome] = {}
    for outcome in outcomes:
        digest = digest_of(outcome.item)
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
    """Declared labels and those that were given as answers, each once; spelt as most often."""
    spellings: dict[str, Counter[str]] = {}
    for _, row in rows:
        for label in (*row.labels, _said(row)):
            spellings.setdefault(key(label), Counter())[label] += 1
    return tuple(found.most_common(1)[0][0] for found in spellings.values())


def _said(row: Outcome) -> str:
    return label_of(row.prediction if row.expected is None else row.expected)


def _is_number(value: str | float | None) -> bool:
    try:
        return value is not None and abs(float(value)) <= LARGEST
    except ValueError:
        return False
