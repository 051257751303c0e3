"""Generation: fields from PDFs and JSON, short answers, summaries; each beside what a good engineer would try first.

Usage: python -m benchmarks generation SECTION [--seeds 5] [--asked 10] [--written 2]
SECTION: pdf | json | answers | summaries | speed. Prints a table and puts it into docs/benchmarks/generation.json.
PDFs, JSON and passages are synthetic (benchmarks/data/makers: the halves «unseen», of passages the part «fresh»);
summaries are real: Debian's packages.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence

import torch

from benchmarks.data.makers import invoices, passages, records
from benchmarks.studies.generation.bench import FAR, Bench, keep
from benchmarks.studies.generation.fields import extraction
from benchmarks.studies.generation.texts import answers, summaries
from dukemm.answering.generation import GenerationConfig, GenerationTask
from dukemm.domain.encoded import EncodedExample
from dukemm.extraction.prefix import Prefix, PrefixExample
from dukemm.extraction.query import TaskQuery

NOTES = {
    "pdf": "Synthetic invoices and letters as PDF, read with pypdf; exact match, in %",
    "json": "Synthetic nested orders; exact match, in %",
    "answers": "Synthetic passages, part «fresh»; exact match and F1 of words, in %",
    "summaries": "Descriptions of the installed Debian packages against their own one-line descriptions, in %",
}


def speed(bench: Bench) -> None:
    """Of the language model beside bare forward passes of the same network; of a copied answer; of learning a prefix."""
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
    rows = [EncodedExample(str(i), e.expected, e.encoded) for i, e in enumerate(pool[:20])]
    task = GenerationTask(GenerationConfig(), TaskQuery("Answer the question."), bench.encoder.encode, None, rows)
    fitted = time.process_time() - begun
    begun = time.process_time()
    task.answer([item.encoded for item in pool[20:]])
    copied = (time.process_time() - begun) / 100
    shown = PrefixExample(["Describe the picture."], "A pair of black boots on a white ground.", torch.randn(5, 320))
    prefix = Prefix(320, model)
    begun = time.process_time()
    model.loss(shown.turns, shown.answer, prefix(shown.tokens)).backward()
    learned = time.process_time() - begun
    figures = {
        "prefix_cpu_seconds_an_example": round(learned, 2),
        "tokens_per_cpu_second": round(1 / whole, 1),
        "share_of_a_bare_forward": round(bare / whole, 2),
        "fit_on_20_examples_cpu_seconds": round(fitted, 2),
        "copied_answer_cpu_seconds": round(copied, 4),
    }
    print(json.dumps(figures, indent=1))
    keep("speed", figures)


def main(arguments: Sequence[str]) -> None:
    """Measure one section, print it and keep it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("section", choices=["pdf", "json", "answers", "summaries", "speed"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--asked", type=int, default=10, help="items of each layout, schema or (times 6) passages")
    parser.add_argument(
        "--written", type=int, default=2, help="items of each field and setting for the bare language model"
    )
    parser.add_argument("--written-seeds", type=int, default=2, help="seeds of which it writes any")
    parser.add_argument(
        "--only-written", action="store_true", help="add the bare language model to the figures there are, but of summaries"
    )
    options = parser.parse_args(arguments)
    bench = Bench(options)
    if options.section == "speed":
        return speed(bench)
    seeds = {"pdf": _pdf, "json": _json, "answers": answers, "summaries": summaries}[options.section](bench)
    for _ in seeds:
        bench.report(options.section, NOTES[options.section])
    return None


def _pdf(bench: Bench) -> Iterator[None]:
    groups = [name for name, layout in invoices.LAYOUTS.items() if layout[0] == "unseen"]

    def make(layout: str, seed: int) -> tuple[str, dict[str, str]]:
        pdf, found = invoices.invoice(layout, seed)
        return invoices.text_of(pdf), found

    return extraction(bench, groups, invoices.ASKED, make)


def _json(bench: Bench) -> Iterator[None]:
    groups = [name for name, (half, _) in records.SCHEMAS.items() if half == "unseen"]
    return extraction(bench, groups, records.ASKED, records.record)
