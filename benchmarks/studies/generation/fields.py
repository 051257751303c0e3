"""Sections of the study of generation where a field is to be found: PDFs and nested records."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from benchmarks.contenders.extraction import BeforeIt, by_cue, by_pattern
from benchmarks.studies.generation.bench import COUNTS, Asking, Bench
from dukemm.answering.generation import GenerationTask
from dukemm.extraction.query import TaskQuery


def extraction(
    bench: Bench, groups: Sequence[str], descriptions: dict[str, str], make: Callable[[str, int], tuple[str, dict]]
) -> Iterator[None]:
    """Examples from half of the layouts; items of those, and of the others. Yields after each seed."""
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
            asked = TaskQuery(description, field)
            pool = [bench.asking(group, {"document": text}, answers[field]) for group, text, answers in documents]
            by_group = {group: [a for a in pool if a.group == group] for group in order}
            shown = [by_group[group][i] for i in range(8) for group in known]
            seen = [a for group in known for a in by_group[group][8:]]
            held = [a for group in order if group not in known for a in by_group[group][8:]]
            for count in COUNTS:
                examples = shown[:count]
                task = None if bench.options.only_written else bench.task(asked, examples)
                for where, items in (
                    (("layouts of the examples", seen), ("other layouts", held))
                    if count
                    else (("all layouts", seen + held),)
                ):
                    _extract(bench, seed, f"{count} examples, {where}", task, asked, examples, items)
        yield


def _extract(
    bench: Bench,
    seed: int,
    setting: str,
    task: GenerationTask | None,
    asked: TaskQuery,
    examples: list[Asking],
    items: list[Asking],
) -> None:
    def add(contender: str, found: Sequence[str], of: Sequence[Asking]) -> None:
        bench.add(seed, setting, contender, "exact", [f == i.expected for f, i in zip(found, of, strict=True)])

    if len(examples) <= 5 and (count := bench.written_of(seed)):
        some = items[:: max(len(items) // count, 1)][:count]
        add("SmolLM2 prompt (few items)", bench.written(asked, examples[:3], some), some)
    if task is None:
        return
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
