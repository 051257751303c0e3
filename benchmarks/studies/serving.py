"""How fast a real `dukemm serve` answers, beside the bare encoders, in one run. Writes docs/benchmarks/serving.json.

python -m benchmarks serving [--work FOLDER] [--rounds 3] [--output FILE]

A version is trained (`dukemm train`, at most two minutes) on 500 mails, 500 pictures of digits and 1,000 rows of
LetterRecognition and served by a process of its own. Every item is asked once only: vectors are remembered by content.
What is compared takes turns, round by round, and a figure is the median of its rounds: the machine may have other work, so
ratios count, not seconds.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.data.rows import Domain, Row
from benchmarks.studies.served import DOMAINS, Server, make_registry, rows_to_ask
from dukemm.config import PRESETS, ClassifierConfig, ImageEncoderConfig
from dukemm.encoders.batching import MAX_CHARACTERS_PER_TOKEN
from dukemm.encoders.image import load_image_encoder
from dukemm.encoders.pool import MEDIUM_SETTINGS
from dukemm.encoders.text import load_text_encoder
from dukemm.media.images import decode_image
from dukemm.media.views import views_of

#: Items of the largest request, and clients side by side.
WHOLE, CLIENTS = 250, 32
GOALS = {"of the bare encoder": 0.8, "micro-batching": 3.0}


class Bare:
    """The frozen encoders of the preset and nothing else."""

    def __init__(self) -> None:
        preset = PRESETS["embedded"]
        assert preset.image is not None
        self._text, self._image = load_text_encoder(preset.text), load_image_encoder(preset.image)
        self._longest = preset.text.max_tokens * MAX_CHARACTERS_PER_TOKEN

    def seconds(self, rows: Sequence[Row]) -> float:
        """For the forward passes over what the items consist of; files are read and decoded before."""
        pictures = [decode_image(_content(medium.uri)) for row in rows for medium in row.item.media.values()]
        texts = [] if pictures else [self._text_of(row) for row in rows]
        started = time.perf_counter()
        for start in range(0, len(pictures), MEDIUM_SETTINGS[ImageEncoderConfig].batch_size):
            self._image.encode(pictures[start : start + MEDIUM_SETTINGS[ImageEncoderConfig].batch_size])
        if texts:
            self._text.encode(texts)
        return time.perf_counter() - started

    def _text_of(self, row: Row) -> str:
        """What the text encoder reads of an item; a table of many numbers, which it is spared, written out."""
        meaning = views_of(row.item.fields, {}, ClassifierConfig().max_characters).meaning
        return (meaning or ", ".join(f"{name} {value:g}" for name, value in row.item.fields.items()))[: self._longest]


def _content(uri: str) -> bytes:
    return Path(uri.removeprefix("file://")).read_bytes()


def throughput(server: Server, domain: Domain, rows: Iterator[Row], bare: Bare, rounds: int, whole: int) -> dict[str, Any]:
    """Items a second in requests of `whole`, and of the encoder alone over the same items."""
    served, alone, answered = [], [], []
    server.ask("2", domain, list(islice(rows, 2)))
    for _ in range(rounds):
        some = list(islice(rows, whole))
        alone.append(whole / bare.seconds(some))
        started = time.perf_counter()
        answers = server.ask("2", domain, some)
        served.append(whole / (time.perf_counter() - started))
        answered += [a["prediction"] == str(row.expected) for a, row in zip(answers, some, strict=True)]
    ratio = statistics.median(s / b for s, b in zip(served, alone, strict=True))
    return {
        "served_items_a_second": round(statistics.median(served), 1),
        "bare_items_a_second": round(statistics.median(alone), 1),
        "ratio": round(ratio, 3),
        "ratio_by_round": [round(s / b, 3) for s, b in zip(served, alone, strict=True)],
        "accuracy": round(float(np.mean(answered)), 3),
    }


def micro_batching(server: Server, domain: Domain, rows: Iterator[Row], rounds: int, singles: int) -> dict[str, Any]:
    """Single items asked one by one, and by 32 clients side by side."""

    def one(row: Row) -> float:
        started = time.perf_counter()
        server.ask("2", domain, [row])
        return time.perf_counter() - started

    rates: dict[int, list[float]] = {1: [], CLIENTS: []}
    latencies: dict[int, list[float]] = {1: [], CLIENTS: []}
    for _ in range(rounds):
        for clients in rates:
            with ThreadPoolExecutor(clients) as pool:
                some = list(islice(rows, singles))
                started = time.perf_counter()
                latencies[clients] += pool.map(one, some)
                rates[clients].append(singles / (time.perf_counter() - started))
    gains = [many / few for few, many in zip(rates[1], rates[CLIENTS], strict=True)]
    return {
        "one_by_one_items_a_second": round(statistics.median(rates[1]), 1),
        "side_by_side_items_a_second": round(statistics.median(rates[CLIENTS]), 1),
        "gain": round(statistics.median(gains), 2),
        "gain_by_round": [round(gain, 2) for gain in gains],
        **{
            f"{name}_ms": {f"p{q}": round(1000 * float(np.percentile(latencies[n], q)), 1) for q in (50, 99)}
            for name, n in (("one_by_one", 1), ("side_by_side", CLIENTS))
        },
    }


def warm_start(registry: Path, domain: Domain, rows: Iterator[Row], rounds: int) -> dict[str, Any]:
    """Seconds from the start of the process to /ping, and to the first answer: of version 1, and of a trained one."""
    pings, firsts = [], {"1": [], "2": []}
    for _ in range(rounds):
        for version, found in firsts.items():
            with Server(registry) as server:
                pings.append(server.ready_seconds)
                server.ask(version, domain, list(islice(rows, 1)))
                found.append(time.perf_counter() - server.started)
    return {
        "ping_seconds": round(statistics.median(pings), 2),
        "first_answer_seconds": {
            "first version": round(statistics.median(firsts["1"]), 2),
            "trained version": round(statistics.median(firsts["2"]), 2),
        },
    }


def main(arguments: Sequence[str]) -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("/tmp/dukemm-serving"), help="the registry is made here, once")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--whole", type=int, default=WHOLE, help="items of a large request")
    parser.add_argument("--singles", type=int, default=96, help="items of a round, asked one by one and side by side")
    parser.add_argument("--output", type=Path, default=Path("docs/benchmarks/serving.json"))
    parsed = parser.parse_args(arguments)
    registry, training = make_registry(parsed.work.resolve())
    domains = {name: rows_to_ask(registry, source) for name, source in DOMAINS.items()}
    report: dict[str, Any] = {
        "threads": int(os.environ.get("OMP_NUM_THREADS", torch.get_num_threads())),
        "rounds": parsed.rounds,
        "items_a_request": parsed.whole,
        "single_items_a_round": parsed.singles,
        "clients": CLIENTS,
        "goals": GOALS,
        "training": training,
        "warm_start": warm_start(registry, *domains["texts"], parsed.rounds),
        "domains": {},
    }
    bare = Bare()
    with Server(registry) as server:
        report["peak_memory_mb"] = {"ready": server.peak_memory_mb()}
        for name, (domain, rows) in domains.items():
            found = {"throughput": throughput(server, domain, rows, bare, parsed.rounds, parsed.whole)}
            found["micro_batching"] = micro_batching(server, domain, rows, parsed.rounds, parsed.singles)
            report["domains"][name] = found
            print(json.dumps({name: found}), flush=True)
        report["peak_memory_mb"]["after all"] = server.peak_memory_mb()
    parsed.output.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps({key: report[key] for key in ("warm_start", "peak_memory_mb")}))
