"""Cells: one (study, domain, size, seed, learner) each, run in a process of its own and kept as it ends."""

import json
import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from benchmarks.contenders.learner import Fitted, Learner, Task
from benchmarks.data.rows import Domain, Row, draw, draw_per_class, flipped, folds
from benchmarks.studies import measures
from benchmarks.studies.parts import measure_parts
from benchmarks.studies.versions import measure_versions

Study = Literal["learn", "few", "flips", "versions", "parts"]
STUDIES: tuple[Study, ...] = get_args(Study)
#: Of labels that are wrong in the study «flips», at this many labels.
FLIPPED, FLIPPED_AT = 0.2, 1000
#: Examples of each label in the study «few».
FEW = 10
Record = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """What is measured once. Size 0 is a 10-fold cross-validation."""

    study: Study
    domain: str
    size: int
    seed: int
    learner: str

    @property
    def key(self) -> str:
        """As results are looked up by."""
        return f"{self.study}/{self.domain}/{self.size}/{self.seed}/{self.learner}"


class Results:
    """Records by key in a file of JSON lines; of several with one key the last counts, so an interrupted run goes on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.records: dict[str, Record] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                try:
                    record = json.loads(line)
                except json.JSONDecodeError:
                    continue  # the last line of a run that was killed while writing
                self.records[record["key"]] = record

    def add(self, record: Record) -> None:
        """Append, on disk at once."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(record) + "\n"
        with self.path.open("a+b") as handle:
            # What a killed run left unfinished must not swallow this line.
            if handle.tell() and handle.seek(-1, os.SEEK_END) and handle.read(1) != b"\n":
                line = f"\n{line}"
            handle.write(line.encode())
            handle.flush()
            os.fsync(handle.fileno())
        self.records[record["key"]] = record

    def of(self, study: str) -> Iterable[Record]:
        """Records of a study."""
        return [r for r in self.records.values() if r["study"] == study]


def splits(cell: Cell, domain: Domain) -> list[tuple[list[Row], list[Row]]]:
    """(train, test) of a cell: the same for every learner. Raises AssertionError if a content is on both sides."""
    if cell.study == "few":
        found = [(draw_per_class(domain, FEW, cell.seed), list(domain.test))]
    elif cell.size == 0:
        found = folds(domain, cell.seed)
    else:
        rows = draw(domain.pool, cell.size, cell.seed)
        found = [(flipped(domain, rows, FLIPPED, cell.seed) if cell.study == "flips" else rows, list(domain.test))]
    for train, test in found:
        assert not {r.item.id for r in train} & {r.item.id for r in test}, f"{cell.key}: a content on both sides"
    return found


def measure(cell: Cell, domain: Domain, learner: Learner, options: Mapping[str, bool] | None = None) -> Record:
    """Fit and ask; figures by variant, times in seconds of one thread."""
    if cell.study == "versions":
        return {"key": cell.key, **cell.__dict__, **measure_versions(domain, learner, cell.seed)}
    if cell.study == "parts":
        ((train, _),) = splits(cell, domain)
        return {"key": cell.key, **cell.__dict__, **measure_parts(domain, train, learner, cell.seed)}
    answers: dict[str, list] = {}
    asked: list[Row] = []
    fit_seconds = predict_seconds = 0.0
    for train, test in splits(cell, domain):
        started = time.perf_counter()
        fitted: Fitted = learner.fit([Task(domain, train, options=options or {})], cell.seed)
        fit_seconds += time.perf_counter() - started
        for variant in fitted.variants:
            started = time.perf_counter()
            answers.setdefault(variant, []).append(fitted.predict(domain, test, variant))
            predict_seconds += (time.perf_counter() - started) * (variant == "whole")
        asked += test
    variants = {name: measures.of(domain, asked, measures.joined(parts)) for name, parts in answers.items()}
    return {
        "key": cell.key,
        **cell.__dict__,
        "labels": len(train),
        "variants": variants,
        "fit_seconds": round(fit_seconds, 3),
        "predict_seconds": round(predict_seconds, 3),
    }


def apart(work: Callable[[], Record]) -> Record:
    """Run in a forked process; adds the memory it took at most beyond what was there, in MB. Raises RuntimeError."""
    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)

    def child() -> None:
        before = _resident_mb()
        try:
            record = work()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            send.send({**record, "peak_mb": round(max(0.0, peak - before), 1)})
        except BaseException as error:
            send.send({"error": f"{type(error).__name__}: {error}"})
            raise

    process = context.Process(target=child)
    process.start()
    send.close()
    try:
        record = receive.recv()
    except EOFError:
        record = {"error": "the process ended without an answer"}
    process.join()
    if "error" in record:
        raise RuntimeError(record["error"])
    return record


def _resident_mb() -> float:
    """Resident memory of this process; where /proc is missing, the peak so far."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
