"""Generation: fields from PDFs and JSON, short answers, summaries; each beside what a good engineer would try first.

Usage: python model/bench/generation.py SECTION [--seeds 5] [--asked 10] [--written 2]
SECTION: pdf | json | answers | summaries | speed. Prints a table and puts it into docs/benchmarks/generation.json.
PDFs, JSON and passages are synthetic (bench/makers, the halves «unseen»); summaries are real: Debian's packages.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fewshot import calibration_error
from makers import invoices, passages, records
from makers.baselines import BeforeIt, by_cue, by_pattern, by_sentence

from dukemm.config import PRESETS
from dukemm.encoders.language import LanguageModel, load_language_model
from dukemm.encoders.text import TextEncoder, load_text_encoder
from dukemm.features.item import views_of
from dukemm.generation.cues import Asked
from dukemm.generation.similarity import rouge_l, token_f1
from dukemm.generation.source import sentences
from dukemm.generation.writing import Shot, Writer
from dukemm.task.blocks import Encoded
from dukemm.task.context import Example
from dukemm.task.generation import GenerationConfig, GenerationTask

OUTPUT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks" / "generation.json"
COUNTS = (0, 5, 20)
FAR = float("inf")


@dataclass(frozen=True)
class Asking:
    """One thing to answer, of a layout, schema or topic."""

    group: str
    fields: dict[str, str]
    expected: str
    encoded: Encoded

    @property
    def text(self) -> str:
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
        self.language: LanguageModel = load_language_model(PRESETS["embedded"].language)
        self.values: dict[tuple[str, str, str], list[list[float]]] = {}
        self.encoded: dict[str, Encoded] = {}
        self.sure: dict[str, list[tuple[float, bool]]] = {}

    def asking(self, group: str, fields: dict[str, str], expected: str) -> Asking:
        key = json.dumps(fields)
        if key not in self.encoded:
            views = views_of(fields, {})
            self.encoded[key] = Encoded(views, self.encoder.encode([views.meaning])[0])
        return Asking(group, fields, expected, self.encoded[key])

    def task(self, asked: Asked, examples: Sequence[Asking], language: bool = False) -> GenerationTask:
        rows = [Example(str(i), e.expected, e.encoded) for i, e in enumerate(examples)]
        return GenerationTask(GenerationConfig(), asked, self.encoder.encode, self.language if language else None, rows)

    def written(self, asked: Asked, examples: Sequence[Asking], items: Sequence[Asking]) -> list[str]:
        """The bare language model: description, up to three examples, item."""
        writer = Writer(self.language, asked.description, [e.expected for e in examples])
        shots = [Shot(e.text, e.expected) for e in examples]
        return [writer.write(item.text, shots, FAR).text for item in items]

    def add(self, seed: int, setting: str, contender: str, measure: str, values: Sequence[float]) -> None:
        seeds = self.values.setdefault((setting, contender, measure), [[] for _ in range(self.options.seeds)])
        seeds[seed] += [float(v) for v in values]

    def report(self, section: str, note: str) -> None:
        table: dict[str, dict[str, dict[str, dict[str, float]]]] = {}
        for (setting, contender, measure), seeds in self.values.items():
            means = [100 * float(np.mean(values)) for values in seeds if values]
            figures = {
                "mean": round(float(np.mean(means)), 1),
                "sd": round(float(np.std(means)), 1),
                "items": sum(map(len, seeds)),
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
        print(json.dumps(calibration, indent=1))
        OUTPUT.parent.mkdir(parents=True, exist_ok=True)
        whole = json.loads(OUTPUT.read_text()) if OUTPUT.exists() else {}
        whole[section] = {"note": note, "seeds": self.options.seeds, "results": table, "confidence": calibration}
        OUTPUT.write_text(json.dumps(whole, indent=1, sort_keys=True) + "\n")

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


def extraction(
    bench: Bench, groups: Sequence[str], descriptions: dict[str, str], make: Callable[[str, int], tuple[str, dict]]
) -> None:
    """Examples from half of the layouts; items of those, and of the others."""
    for seed in range(bench.options.seeds):
        random = np.random.default_rng(seed)
        order = [groups[i] for i in random.permutation(len(groups))]
        known = order[: (len(order) + 1) // 2]
        base = 1_000_000 + 10_000 * seed
        documents = [
            (group, *make(group, base + 100 * g + i))
            for g, group in enumerate(order)
            for i in range(bench.options.asked + 8)
        ]
        for field, description in descriptions.items():
            asked = Asked(description, field)
            pool = [bench.asking(group, {"document": text}, answers[field]) for group, text, answers in documents]
            by_group = {group: [a for a in pool if a.group == group] for group in order}
            shown = [by_group[group][i] for i in range(8) for group in known]
            seen = [a for group in known for a in by_group[group][8:]]
            held = [a for group in order if group not in known for a in by_group[group][8:]]
            for count in COUNTS:
                examples = shown[:count]
                task = bench.task(asked, examples)
                for where, items in (
                    (("layouts of the examples", seen), ("other layouts", held))
                    if count
                    else (("all layouts", seen + held),)
                ):
                    _extract(bench, seed, f"{count} examples, {where}", task, asked, examples, items)
        print(f"seed {seed} done", file=sys.stderr, flush=True)


def _extract(
    bench: Bench, seed: int, setting: str, task: GenerationTask, asked: Asked, examples: list[Asking], items: list[Asking]
) -> None:
    def add(contender: str, found: Sequence[str], of: Sequence[Asking]) -> None:
        bench.add(seed, setting, contender, "exact", [f == i.expected for f, i in zip(found, of, strict=True)])

    answers = task.answer([item.encoded for item in items])
    add("Duke MM", [str(a.prediction) for a in answers], items)
    bench.sure.setdefault(setting, []).extend(
        (a.confidence, a.prediction == i.expected) for a, i in zip(answers, items, strict=True)
    )
    if not examples:
        add("patterns written by hand", [by_pattern(asked.target or "", i.text) for i in items], items)
        add("what follows the name", [by_cue(asked.name, i.text) for i in items], items)
    else:
        before = BeforeIt(
            [e.text for e in examples], [e.expected for e in examples], np.stack([e.encoded.vector for e in examples])
        )
        add("words before the answer", [before.find(i.text, i.encoded.vector) for i in items], items)
        add("place in the nearest example", [before.find(i.text, i.encoded.vector, by_words=False) for i in items], items)
    if len(examples) <= 5 and bench.options.written:
        some = items[:: max(len(items) // bench.options.written, 1)][: bench.options.written]
        add("SmolLM2 prompt (few items)", bench.written(asked, examples[:3], some), some)


def answers(bench: Bench) -> None:
    """Short answers to questions about passages."""
    topics = [topic for topic, what in passages.TOPICS.items() if what.half == "unseen"]
    asked = Asked("Answer the question from the passage, as briefly as possible.")
    for seed in range(bench.options.seeds):
        drawn = [
            passages.question(topics[i % len(topics)], 2_000_000 + 1000 * seed + i)
            for i in range(24 + 6 * bench.options.asked)
        ]
        pool = [bench.asking("", {"passage": q.passage, "question": q.question}, q.answer) for q in drawn]
        for count in COUNTS:
            setting, examples, items = f"{count} examples", pool[:count], pool[24:]
            found = bench.task(asked, examples).answer([item.encoded for item in items])
            contenders = {"Duke MM": [str(a.prediction) for a in found]}
            bench.sure.setdefault(setting, []).extend(
                (a.confidence, a.prediction == i.expected) for a, i in zip(found, items, strict=True)
            )
            pairs = [by_sentence(i.fields["question"], i.fields["passage"], bench.encoder.encode) for i in items]
            contenders["closest sentence"] = [sentence for sentence, _ in pairs]
            contenders["closest sentence, span by type"] = [span for _, span in pairs]
            for contender, texts in contenders.items():
                _add_texts(bench, seed, setting, contender, texts, items)
            if count <= 5 and bench.options.written:
                some = items[: 5 * bench.options.written]
                _add_texts(
                    bench, seed, setting, "SmolLM2 prompt (few items)", bench.written(asked, examples[:3], some), some
                )
        print(f"seed {seed} done", file=sys.stderr, flush=True)


def _add_texts(
    bench: Bench, seed: int, setting: str, contender: str, texts: Sequence[str], items: Sequence[Asking]
) -> None:
    bench.add(seed, setting, contender, "exact", [t == i.expected for t, i in zip(texts, items, strict=True)])
    bench.add(seed, setting, contender, "F1", [token_f1(t, i.expected) for t, i in zip(texts, items, strict=True)])


def summaries(bench: Bench) -> None:
    """Long descriptions of Debian packages; the wanted text is the package's own one-line description."""
    listed = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Description}\\n%%%%\\n"], capture_output=True, check=True, text=True
    ).stdout
    pairs = []
    for entry in listed.split("\n%%%%\n"):
        head, _, body = entry.partition("\n")
        text = "\n".join(line.strip() if line.strip() != "." else "" for line in body.split("\n"))
        if len(sentences(text)) >= 3 and text not in [t for t, _ in pairs]:
            pairs.append((text, head))
    asked = Asked("Summarise what this software package is in one line.")
    for seed in range(bench.options.seeds):
        order = np.random.default_rng(seed).permutation(len(pairs))[: 20 + 4 * bench.options.asked]
        pool = [bench.asking("", {"description": pairs[i][0]}, pairs[i][1]) for i in order]
        for count in COUNTS:
            setting, examples, items = f"{count} examples", pool[:count], pool[20:]
            found = bench.task(asked, examples).answer([item.encoded for item in items])
            contenders = {"Duke MM, without the language model": [str(a.prediction) for a in found]}
            contenders["first sentence"] = [sentences(i.text)[0] for i in items]
            contenders["first three sentences"] = [" ".join(sentences(i.text)[:3]) for i in items]
            for contender, texts in contenders.items():
                _add_rouge(bench, seed, setting, contender, texts, items)
            if count <= 5 and bench.options.written:
                some = items[: 4 * bench.options.written]
                whole = bench.task(asked, examples, language=True)
                print(seed, setting, whole.way, whole.left_out, file=sys.stderr, flush=True)
                texts = [str(a.prediction) for a in whole.answer([i.encoded for i in some])]
                _add_rouge(bench, seed, setting, "Duke MM (few items)", texts, some)
                _add_rouge(bench, seed, setting, "first sentence (few items)", [sentences(i.text)[0] for i in some], some)
                _add_rouge(
                    bench, seed, setting, "SmolLM2 prompt (few items)", bench.written(asked, examples[:3], some), some
                )


def _add_rouge(
    bench: Bench, seed: int, setting: str, contender: str, texts: Sequence[str], items: Sequence[Asking]
) -> None:
    bench.add(seed, setting, contender, "ROUGE-1", [token_f1(t, i.expected) for t, i in zip(texts, items, strict=True)])
    bench.add(seed, setting, contender, "ROUGE-L", [rouge_l(t, i.expected) for t, i in zip(texts, items, strict=True)])


def speed(bench: Bench) -> None:
    """Of the language model beside bare forward passes of the same network; of copying beside encoding the item."""
    model, prompt = bench.language, ["Write a story about the sea."]
    begun = time.process_time()
    made = model.complete(prompt, 64, FAR)
    whole = (time.process_time() - begun) / made.tokens
    with torch.inference_mode():
        before = model._model(torch.full((1, 64), 5), use_cache=True)
        begun = time.process_time()
        for _ in range(32):
            model._model(torch.full((1, 1), 5), past_key_values=before.past_key_values)
        bare = (time.process_time() - begun) / 32
    drawn = [passages.question("bridge", i) for i in range(120)]
    pool = [bench.asking("", {"passage": q.passage, "question": q.question}, q.answer) for q in drawn]
    begun = time.process_time()
    task = bench.task(Asked("Answer the question."), pool[:20])
    fitted = time.process_time() - begun
    begun = time.process_time()
    task.answer([item.encoded for item in pool[20:]])
    copied = (time.process_time() - begun) / 100
    figures = {
        "tokens_per_cpu_second": round(1 / whole, 1),
        "share_of_a_bare_forward": round(bare / whole, 2),
        "fit_on_20_examples_cpu_seconds": round(fitted, 2),
        "copied_answer_cpu_seconds": round(copied, 4),
    }
    print(json.dumps(figures, indent=1))
    whole_file = json.loads(OUTPUT.read_text()) if OUTPUT.exists() else {}
    OUTPUT.write_text(json.dumps({**whole_file, "speed": figures}, indent=1, sort_keys=True) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("section", choices=["pdf", "json", "answers", "summaries", "speed"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--asked", type=int, default=10, help="items of each layout, schema or (times 6) passages")
    parser.add_argument(
        "--written", type=int, default=2, help="items of each field and setting for the bare language model"
    )
    options = parser.parse_args()
    bench = Bench(options)
    if options.section == "pdf":
        groups = [name for name, layout in invoices.LAYOUTS.items() if layout[0] == "unseen"]

        def make(layout: str, seed: int) -> tuple[str, dict[str, str]]:
            pdf, found = invoices.invoice(layout, seed)
            return invoices.text_of(pdf), found

        extraction(bench, groups, invoices.ASKED, make)
        bench.report("pdf", "Synthetic invoices and letters as PDF, read with pypdf; exact match, in %")
    elif options.section == "json":
        groups = [name for name, (half, _) in records.SCHEMAS.items() if half == "unseen"]
        extraction(bench, groups, records.ASKED, records.record)
        bench.report("json", "Synthetic nested orders; exact match, in %")
    elif options.section == "answers":
        answers(bench)
        bench.report("answers", "Synthetic passages; exact match and F1 of words, in %")
    elif options.section == "summaries":
        summaries(bench)
        bench.report(
            "summaries", "Descriptions of the installed Debian packages against their own one-line descriptions, in %"
        )
    else:
        speed(bench)


if __name__ == "__main__":
    main()
