"""Contenders of the benchmarks of generation on the same items, and the file that their figures go into."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch

from benchmarks import PUBLISHED
from benchmarks.studies.fewshot import calibration_error
from dukemm.answering.generation import GenerationConfig, GenerationTask
from dukemm.config import PRESETS
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.encoders.language import LanguageModel, load_language_model
from dukemm.encoders.text import TextEncoder, load_text_encoder
from dukemm.extraction.query import EmbeddingCache, TaskQuery
from dukemm.extraction.writing import Shot, Writer
from dukemm.media.views import views_of

OUTPUT = PUBLISHED / "generation.json"
#: Examples of a task.
COUNTS = (0, 5, 20)
FAR = float("inf")


@dataclass(frozen=True)
class Asking:
    """One thing to answer, of a layout, schema or topic."""

    group: str
    fields: dict[str, str]
    expected: str
    encoded: EncodedItem

    @property
    def text(self) -> str:
        """The fields as one text."""
        return (
            "\n".join(self.fields.values())
            if len(self.fields) == 1
            else "\n".join(f"{k}: {v}" for k, v in self.fields.items())
        )


class Bench:
    """Encoders, and the measures of all contenders by setting."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.set_num_threads(1)
        self.options = options
        self.encoder: TextEncoder = load_text_encoder(PRESETS["embedded"].text)
        #: Shared by all tasks: each text is encoded once. `speed` measures without it.
        self.meanings = EmbeddingCache(self.encoder.encode)
        self.values: dict[tuple[str, str, str], list[list[float]]] = {}
        self.encoded: dict[str, EncodedItem] = {}
        self.sure: dict[str, list[tuple[float, bool]]] = {}

    @cached_property
    def language(self) -> LanguageModel:
        """Loaded where it is asked."""
        return load_language_model(PRESETS["embedded"].language)

    def written_of(self, seed: int) -> int:
        """Items a setting that the bare language model gets, since it takes seconds each."""
        return self.options.written if seed < self.options.written_seeds else 0

    def asking(self, group: str, fields: dict[str, str], expected: str) -> Asking:
        """One thing to answer; equal fields are encoded once."""
        key = json.dumps(fields)
        if key not in self.encoded:
            views = views_of(fields, {})
            self.encoded[key] = EncodedItem(views, self.encoder.encode([views.meaning])[0])
        return Asking(group, fields, expected, self.encoded[key])

    def task(self, asked: TaskQuery, examples: Sequence[Asking], language: bool = False) -> GenerationTask:
        """Duke MM's task with these examples."""
        rows = [EncodedExample(str(i), e.expected, e.encoded) for i, e in enumerate(examples)]
        return GenerationTask(GenerationConfig(), asked, self.meanings.of, self.language if language else None, rows)

    def written(self, asked: TaskQuery, examples: Sequence[Asking], items: Sequence[Asking]) -> list[str]:
        """The bare language model: description, up to three examples, item."""
        writer = Writer(self.language, asked.description, [e.expected for e in examples])
        shots = [Shot(e.text, e.expected) for e in examples]
        return [writer.write(item.text, shots, FAR).text for item in items]

    def add(self, seed: int, setting: str, contender: str, measure: str, values: Sequence[float]) -> None:
        """Keep the values of one seed."""
        seeds = self.values.setdefault((setting, contender, measure), [[] for _ in range(self.options.seeds)])
        seeds[seed] += [float(v) for v in values]

    def report(self, section: str, note: str) -> None:
        """Print and keep what there is so far; after each seed, so that a run that is ended leaves its seeds."""
        table: dict[str, dict[str, dict[str, dict[str, float]]]] = {}
        for (setting, contender, measure), seeds in self.values.items():
            means = [100 * float(np.mean(values)) for values in seeds if values]
            figures = {
                "mean": round(float(np.mean(means)), 1),
                "sd": round(float(np.std(means)), 1),
                "items": sum(map(len, seeds)),
                "seeds": len(means),
            }
            table.setdefault(setting, {}).setdefault(contender, {})[measure] = figures
        for setting, contenders in table.items():
            print(f"\n{section}, {setting}")
            for contender, measures in contenders.items():
                print(
                    f"  {contender:36s} "
                    + "   ".join(f"{m} {v['mean']:5.1f} ± {v['sd']:3.1f} (n={v['items']})" for m, v in measures.items())
                )
        calibration = {setting: self._calibration(pairs) for setting, pairs in self.sure.items()}
        print(json.dumps(calibration, indent=1), flush=True)
        before = kept().get(section, {}) if self.options.only_written else {}
        for setting, contenders in before.get("results", {}).items():
            table[setting] = {**contenders, **table.get(setting, {})}
        keep(section, {"note": note, "confidence": calibration, **before, "results": table})

    def _calibration(self, pairs: Sequence[tuple[float, bool]]) -> dict[str, float]:
        sure, right = np.array([p for p, _ in pairs]), np.array([r for _, r in pairs])
        first = np.argsort(-sure, kind="stable")[: int(0.7 * len(sure))]
        return {
            "mean_confidence": round(float(sure.mean()), 3),
            "accuracy": round(float(right.mean()), 3),
            "ece": round(calibration_error(sure, right), 3),
            "accuracy_of_the_surest_70_percent": round(float(right[first].mean()), 3),
            "items": len(sure),
        }


def kept() -> dict[str, Any]:
    """All figures so far."""
    return json.loads(OUTPUT.read_text()) if OUTPUT.exists() else {}


def keep(section: str, figures: dict[str, Any]) -> None:
    """Put a section into the file of figures."""
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps({**kept(), section: figures}, indent=1, sort_keys=True) + "\n")
