"""Take each kind of file from posting to payment on a running marketplace, and compare with baselines.

python -m benchmarks.kinds http://localhost:8000 [--kinds png,pdf] [--parallel 4] [--json]
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from dukenet import DukeNet
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.kinds import media, tables

SEED = 7
#: Only ends a task that hangs: on a busy machine a scan takes minutes.
TASK_TIMEOUT_S = 1200.0


@dataclass(frozen=True)
class Outcome:
    """One kind of file as a task."""

    kind: str
    items: int
    right: int
    majority: int
    """Items that the most frequent label of the examples would get right."""
    baseline: int
    """Items that a logistic regression on plain features gets right."""
    seconds: float
    paid_satoshis: int


class Run:
    """Posts tasks as one buyer."""

    def __init__(self, duke: DukeNet, examples: int, items: int) -> None:
        """Use a signed-in client."""
        self._duke = duke
        self.examples = examples
        self.count = examples + items

    def media_task(self, kind: str, question: str, role: str, files: list[media.Labelled]) -> Outcome:
        """Post a task whose examples and items name one uploaded file each."""
        ids = [self._duke.send_file(file.name, file.media_type, file.data)["id"] for file in files]
        for file_id in ids:
            self._duke.wait_for_file(file_id)
        labels = [file.label for file in files]
        items = [{"files": {role: file_id}} for file_id in ids]
        body: dict[str, Any] = {
            "labels": sorted(set(labels)),
            "examples": [{**item, "expected": label} for item, label in zip(items, labels, strict=True)][: self.examples],
            "items": items[self.examples :],
        }
        features = np.array([file.features for file in files])
        return self._finish(kind, question, body, labels, self.examples, features)

    def table_task(self, question: str, table: tables.LabelledTable) -> Outcome:
        """Post a task on a table: rows with a label are examples, the others are items."""
        file = self._duke.upload(table.name, table.media_type, table.data)
        body = {"labels": sorted(set(table.labels)), "target": table.target, "files": [file["id"]]}
        kind = table.name.rsplit(".", 1)[1]
        return self._finish(kind, question, body, table.labels, table.examples, table.features)

    def _finish(
        self, kind: str, question: str, body: dict[str, Any], labels: list[str], examples: int, features: np.ndarray
    ) -> Outcome:
        started = time.monotonic()
        task = self._duke.create_and_wait({"description": question, "complexity": 1, **body}, timeout=TASK_TIMEOUT_S)
        if "result_id" not in task:
            raise RuntimeError(f"{kind}: the task is {task['status']}: {task.get('failure_reason')}")
        answers = [item["prediction"] for item in self._duke.iter_result_items(task["result_id"])]
        seconds = time.monotonic() - started
        self._duke.give_feedback(task["result_id"], {"verdict": "accept"})
        known, truth = labels[:examples], labels[examples:]
        regression = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        predicted = regression.fit(features[:examples], known).predict(features[examples:])
        majority = Counter(known).most_common(1)[0][0]
        return Outcome(
            kind,
            len(truth),
            sum(a == b for a, b in zip(answers, truth, strict=True)),
            truth.count(majority),
            sum(a == b for a, b in zip(predicted, truth, strict=True)),
            round(seconds, 1),
            self._paid_for(task["id"]),
        )

    def _paid_for(self, task_id: str) -> int:
        """What left the buyer's available balance for a task. Other tasks may be paid at the same time."""
        entries = (entry for entry in self._duke.iter_entries() if entry.get("task_id") == task_id)
        return -sum(entry["amount_satoshis"] for entry in entries if entry["account"] == "available")


DIGIT, TONE = "Which digit is written here?", "Is the tone high or low?"
DOCUMENT = "What kind of document is this?"

KINDS: dict[str, Callable[[Run], Outcome]] = {
    **{
        image: lambda run, image=image: run.media_task(image, DIGIT, "picture", media.digits(image, run.count, SEED))  # type: ignore[misc]
        for image in ("png", "jpeg", "webp", "gif", "tiff", "bmp")
    },
    **{
        sound: lambda run, sound=sound: run.media_task(sound, TONE, "sound", media.tones(sound, run.count, SEED))  # type: ignore[misc]
        for sound in media.SOUND_CODECS
    },
    "pdf": lambda run: run.media_task("pdf", DOCUMENT, "document", media.documents(run.count, SEED, scanned=False)),
    "scan": lambda run: run.media_task("scan", DOCUMENT, "document", media.documents(run.count, SEED, scanned=True)),
    "xlsx": lambda run: run.table_task("How is the parcel sent?", tables.workbook(run.count, run.examples, SEED)),
    "jsonl": lambda run: run.table_task("How is the parcel sent?", tables.json_lines(run.count, run.examples, SEED)),
    "zip": lambda run: run.table_task(DIGIT, tables.archive(run.count, run.examples, SEED)),
}


def outcomes(options: argparse.Namespace) -> Iterator[Outcome]:
    """Run the chosen kinds, up to `parallel` at a time, and yield their outcomes in the order of the option."""

    def outcome(kind: str) -> Outcome:
        with DukeNet(options.url) as duke:
            duke.login(options.email, options.password)
            return KINDS[kind](Run(duke, options.examples, options.items))

    with ThreadPoolExecutor(options.parallel) as pool:
        yield from pool.map(outcome, options.kinds.split(","))


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kinds")
    parser.add_argument("url", help="address of the API: http://localhost:8000")
    parser.add_argument("--kinds", default=",".join(KINDS), help="comma-separated names")
    parser.add_argument("--email", default="buyer@dukenet.local")
    parser.add_argument("--password", default="DukeNET-local-1")
    parser.add_argument("--examples", type=int, default=24)
    parser.add_argument("--items", type=int, default=12)
    parser.add_argument(
        "--parallel", type=int, default=1, help="kinds at a time; above 1, seconds include waiting for others"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object per kind")
    options = parser.parse_args()
    if not options.json:
        print("kind    items  right  majority  regression  seconds  paid")
    for found in outcomes(options):
        if options.json:
            print(json.dumps(asdict(found)), flush=True)
        else:
            print(
                f"{found.kind:7} {found.items:5} {found.right:6} {found.majority:9} {found.baseline:11} "
                f"{found.seconds:8.1f} {found.paid_satoshis:8,}",
                flush=True,
            )


if __name__ == "__main__":
    main()
