"""Outcomes of three made-up families, and the version that was trained on some."""

import uuid
from pathlib import Path

import numpy as np

from dukemm.answering.version import Version, load_version
from dukemm.domain.items import Item
from dukemm.domain.outcomes import Outcome
from dukemm.encoders.pool import Encoders
from dukemm.fusion.training import FusionTraining
from dukemm.storage import Storage
from dukemm.train.run import TrainConfig, Trained
from dukemm.versions.artifact import write_folder

FAST = TrainConfig(version="2", preset="tiny", training=FusionTraining(steps=60, max_epochs=8, min_epochs=4))
COLOURS = {"red": (3.0, 0.0), "green": (0.0, 3.0), "blue": (-3.0, -3.0)}


def _id(number: int) -> str:
    return str(uuid.UUID(int=number, version=4))


def outcome(family: str, number: int, fields: dict, expected, **more) -> Outcome:
    known = {
        "id": f"{family}#{number}", "task_id": _id(number), "result_id": _id(number),
        "buyer_id": _id(7), "family": family, "kind": "classification", "description": "Which colour is it?",
        "labels": (), "target": "colour", "item": Item(f"{family}-{number}", fields, {}), "expected": expected,
        "prediction": "red", "confidence": 0.5, "success": True, "label_source": "accepted", "weight": 1.0,
        "agent_name": "duke-mm", "model_version": "1", "created_at": f"2026-11-0{1 + number % 9}T00:00:00Z",
    }  # fmt: skip
    return Outcome(**{**known, **more})


def colours(count: int, seed: int = 0, family: str = "colours") -> list[Outcome]:
    random = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        name = list(COLOURS)[number % 3]
        x, y = random.normal(COLOURS[name], 1.0)
        rows.append(outcome(family, seed * 10_000 + number, {"x": round(x, 4), "y": round(y, 4)}, name))
    return rows


def heights(count: int) -> list[Outcome]:
    random = np.random.default_rng(5)
    rows = []
    for number in range(count):
        age, shoe = random.uniform(2, 16), random.uniform(20, 40)
        rows.append(
            outcome("heights", number, {"age": age, "shoe": shoe}, 75 + 6 * age + random.normal(), kind="regression",
                    target="height", prediction=100.0)
        )  # fmt: skip
    return rows


def totals(count: int) -> list[Outcome]:
    return [
        outcome("totals", n, {"letter": f"Dear {n * 7},\nTotal: {n * 3 + 11}.50 EUR\nThank you"}, f"{n * 3 + 11}.50",
                kind="generation", target="total", description="What is the total?", prediction="0")
        for n in range(count)
    ]  # fmt: skip


def version_of(trained: Trained, folder: Path, encoders: Encoders) -> Version:
    write_folder(trained.files, folder)
    return load_version(folder, Storage(), encoders)
