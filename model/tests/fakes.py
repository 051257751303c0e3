"""Versions for tests of the evaluation: small, but what they say is computed from their inputs."""

import dataclasses
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from dukemm.config import PRESETS, ModelConfig
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import Item
from dukemm.domain.outcomes import Outcome
from dukemm.evaluate.held_back import Recomposed

FLOWERS = ("rose", "tulip")
_SPACE = uuid.UUID("0190f3c2-7d1e-7b4a-9c55-0d6f1a2b3c4d")


@dataclass(frozen=True)
class FakeAnswer:
    prediction: str | float
    confidence: float
    label_set: list[str] | None = None
    interval: tuple[float, float] | None = None


class FakeVersion:
    """Answers by a rule that sees a row's input only: what is known about it is taken away first."""

    def __init__(self, version: str, rule: Callable[[Outcome], FakeAnswer]) -> None:
        self.config = ModelConfig(version, ("classification", "regression", "generation"), _text_encoder())
        self._rule = rule
        #: It has learned no family.
        self.families = SimpleNamespace(names=())

    def answer_rows(self, outcomes: Sequence[Outcome]) -> list[FakeAnswer]:
        return [self._rule(dataclasses.replace(row, expected=None, prediction="", success=False)) for row in outcomes]


def _text_encoder():
    preset = PRESETS["tiny"]
    return getattr(preset, "text", preset)


def flower_rule(cut: float, sharp: float = 4.0) -> Callable[[Outcome], FakeAnswer]:
    """A logistic rule on the field `length`; roses are long."""

    def answer(row: Outcome) -> FakeAnswer:
        p = 1 / (1 + np.exp(-sharp * (float(row.item.fields["length"]) - cut)))
        label, sure = ("rose", p) if p >= 0.5 else ("tulip", 1 - p)
        return FakeAnswer(label, float(sure), ["rose", "tulip"] if sure < 0.95 else [label])

    return answer


def price_rule(factor: float) -> Callable[[Outcome], FakeAnswer]:
    def answer(row: Outcome) -> FakeAnswer:
        value = factor * float(row.item.fields["rooms"])
        return FakeAnswer(value, 0.8, interval=(value - 40, value + 40))

    return answer


def outcome(number: int, family: str, **more) -> Outcome:
    """An outcome judged by word; each task has two."""
    task = str(uuid.uuid5(_SPACE, f"{family}-{number // 2}"))
    whole = {
        "id": f"{task}#{number}",
        "task_id": task,
        "result_id": task,
        "buyer_id": str(_SPACE),
        "family": family,
        "kind": "classification",
        "description": "Which flower?",
        "labels": FLOWERS,
        "target": None,
        "expected": "rose",
        "prediction": "rose",
        "confidence": 0.9,
        "success": True,
        "label_source": "accepted",
        "weight": 1.0,
        "agent_name": "duke-mm",
        "model_version": "1",
        "created_at": "2026-11-24T09:30:00.000Z",
    }
    return Outcome(**{**whole, "item": Item(f"i{number}", more.pop("fields", {}), {}), **more})


def flowers(n: int, seed: int, family: str = "fam_flowers") -> list[Outcome]:
    """Roses with probability 1 / (1 + exp(−4 · length)); `colour` says nothing."""
    rng = np.random.default_rng(seed)
    rows = []
    for i, length in enumerate(rng.normal(0, 1, n)):
        label = "rose" if rng.random() < 1 / (1 + np.exp(-4 * length)) else "tulip"
        fields = {"length": float(length), "colour": str(rng.choice(["red", "white"]))}
        rows.append(outcome(i, family, fields=fields, expected=label, prediction=label))
    return rows


def houses(n: int, seed: int, family: str = "fam_houses") -> list[Outcome]:
    """100 a room, with an error of 20."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        rooms = int(rng.integers(1, 6))
        price = float(100 * rooms + rng.normal(0, 20))
        more = {"kind": "regression", "labels": (), "target": "price", "expected": price, "prediction": price}
        rows.append(outcome(i, family, fields={"rooms": rooms}, **more))
    return rows


class FakeRecomposer:
    """A candidate that answers rows of families that are held back as production does, or fails to be made."""

    version = "1"

    def __init__(self, candidate: FakeVersion, production: FakeVersion, known: Sequence[str], broken: bool = False) -> None:
        """`known`: families that production has a state of."""
        self._versions = candidate, production
        self._known = known
        self._broken = broken

    def unreadable(self, names: Collection[str]) -> set[str]:
        return set()

    def sharing_state(self, names: Collection[str]) -> set[str]:
        return set(names)

    def without(self, held: Collection[str], withdrawn: Collection[str] = ()) -> Recomposed:
        if self._broken:
            raise DukeMMError("artifact_invalid", "the artifact has more than 2 GB")
        candidate, production = self._versions
        version = FakeVersion(
            candidate.config.version, lambda row: (production if row.family in held else candidate).answer_rows([row])[0]
        )
        kept = [name for name in held if name in self._known and name not in withdrawn]
        return Recomposed(version, kept, [], "5" * 64, 4096)
