"""Sections of the study of generation whose answers are compared by their words: short answers and summaries."""

import subprocess
import sys
from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.contenders.extraction import by_sentence
from benchmarks.data.makers import fresh
from benchmarks.studies.generation.bench import COUNTS, Asking, Bench
from dukemm.extraction.query import TaskQuery
from dukemm.extraction.similarity import rouge_l, token_f1
from dukemm.extraction.source import sentences


def answers(bench: Bench) -> Iterator[None]:
    """Short answers to questions about passages. Yields after each seed."""
    topics = list(fresh.TOPICS)
    asked = TaskQuery("Answer the question from the passage, as briefly as possible.")
    for seed in range(bench.options.seeds):
        drawn = [
            fresh.question(topics[i % len(topics)], 2_000_000 + 1000 * seed + i)
            for i in range(24 + 6 * bench.options.asked)
        ]
        pool = [bench.asking("", {"passage": q.passage, "question": q.question}, q.answer) for q in drawn]
        for count in COUNTS:
            setting, examples, items = f"{count} examples", pool[:count], pool[24:]
            if not bench.options.only_written:
                _answer(bench, seed, setting, asked, examples, items)
            if count <= 5 and (written := bench.written_of(seed)):
                some = items[: 5 * written]
                _add_texts(
                    bench, seed, setting, "SmolLM2 prompt (few items)", bench.written(asked, examples[:3], some), some
                )
        yield


def _answer(
    bench: Bench, seed: int, setting: str, asked: TaskQuery, examples: Sequence[Asking], items: Sequence[Asking]
) -> None:
    found = bench.task(asked, examples).answer([item.encoded for item in items])
    bench.sure.setdefault(setting, []).extend(
        (a.confidence, a.prediction == i.expected) for a, i in zip(found, items, strict=True)
    )
    pairs = [by_sentence(i.fields["question"], i.fields["passage"], bench.meanings.of) for i in items]
    contenders = {
        "Duke MM": [str(a.prediction) for a in found],
        "closest sentence": [sentence for sentence, _ in pairs],
        "closest sentence, span by type": [span for _, span in pairs],
    }
    for contender, texts in contenders.items():
        _add_texts(bench, seed, setting, contender, texts, items)


def _add_texts(
    bench: Bench, seed: int, setting: str, contender: str, texts: Sequence[str], items: Sequence[Asking]
) -> None:
    bench.add(seed, setting, contender, "exact", [t == i.expected for t, i in zip(texts, items, strict=True)])
    bench.add(seed, setting, contender, "F1", [token_f1(t, i.expected) for t, i in zip(texts, items, strict=True)])


def summaries(bench: Bench) -> Iterator[None]:
    """Long descriptions of Debian packages; the wanted text is the package's own one-line description.

    Yields after each seed.
    """
    listed = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Description}\\n%%%%\\n"], capture_output=True, check=True, text=True
    ).stdout
    pairs = []
    for entry in listed.split("\n%%%%\n"):
        head, _, body = entry.partition("\n")
        text = "\n".join(line.strip() if line.strip() != "." else "" for line in body.split("\n"))
        if len(sentences(text)) >= 3 and text not in [t for t, _ in pairs]:
            pairs.append((text, head))
    asked = TaskQuery("Summarise what this software package is in one line.")
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
            if count <= 5 and (written := bench.written_of(seed)):
                some = items[: 4 * written]
                whole = bench.task(asked, examples, language=True)
                print(seed, setting, whole.strategy, whole.left_out, file=sys.stderr, flush=True)
                texts = [str(a.prediction) for a in whole.answer([i.encoded for i in some])]
                _add_rouge(bench, seed, setting, "Duke MM (few items)", texts, some)
                _add_rouge(bench, seed, setting, "first sentence (few items)", [sentences(i.text)[0] for i in some], some)
                _add_rouge(
                    bench, seed, setting, "SmolLM2 prompt (few items)", bench.written(asked, examples[:3], some), some
                )
        yield


def _add_rouge(
    bench: Bench, seed: int, setting: str, contender: str, texts: Sequence[str], items: Sequence[Asking]
) -> None:
    bench.add(seed, setting, contender, "ROUGE-1", [token_f1(t, i.expected) for t, i in zip(texts, items, strict=True)])
    bench.add(seed, setting, contender, "ROUGE-L", [rouge_l(t, i.expected) for t, i in zip(texts, items, strict=True)])
