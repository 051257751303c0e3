"""The quick subset: whether a change of the code changes an answer, and what it costs, in minutes on one core.

One version is trained on six small domains and asked through the serving path in process: with what it was trained on,
with examples that come with a task, and with both. Every answer is written as it would be sent, so that two runs can be
compared to the last digit. Nothing is used that a plain installation lacks.
"""

import argparse
import hashlib
import json
import math
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import CACHE
from benchmarks.contenders.duke import NOBODY, outcome_of
from benchmarks.data.domains.documents import DOCUMENTS
from benchmarks.data.domains.images import DIGITS, digits
from benchmarks.data.domains.spoken import wav
from benchmarks.data.domains.tables import BREAST_CANCER, DIABETES, WINE
from benchmarks.data.domains.texts import SPAM
from benchmarks.data.mails import load_mails
from benchmarks.data.makers.records import ASKED, SCHEMAS, record
from benchmarks.data.rows import Domain, Raw, Row, Source, draw, load
from dukemm.contract.invocation import Request
from dukemm.contract.messages import ExamplesAt
from dukemm.domain.items import Item, LabelledItem
from dukemm.encoders.pool import Encoders
from dukemm.serve.predict import Predictor
from dukemm.serve.registry import Registry
from dukemm.storage import Storage
from dukemm.train.run import TrainConfig, train
from dukemm.versions.artifact import ARCHIVE, pack, write_first_version

#: Labels a domain is trained on, rows asked of the trained version, and rows asked where examples come with the task.
LABELS, ASKED_OF_VERSION, ASKED_WITH_EXAMPLES = 500, 250, 100
EXAMPLES, RECALLED = 60, 40
#: Orders that a field is extracted from: examples of the task, and items.
ORDERS_SHOWN, ORDERS_ASKED = 8, 12
ANSWERS, COSTS = "answers.jsonl", "costs.json"


def composed() -> Iterable[Raw]:
    """A digit, a mail, a row of the wine table and a tone; the label depends on all four."""
    tones = {high: wav(np.sin(2 * np.pi * (880 if high else 220) * np.arange(8000) / 16_000)) for high in (False, True)}
    wines = list(WINE.raws())
    for i, (digit, mail) in enumerate(zip(digits(), load_mails("tried")[:900], strict=False)):
        wine = wines[i % len(wines)]
        high = (i // 7) % 2 == 1
        votes = int(str(digit.expected) >= "5") + int(mail.label == "spam") + int(wine.expected == "class_0") + int(high)
        media = {"picture": digit.media["picture"], "sound": ("audio", tones[high])}
        yield Raw({**wine.fields, "message": mail.text}, media, ("reject", "review", "review", "accept", "accept")[votes])


COMPOSED = Source(
    name="composed",
    title="text + numbers + picture + sound",
    kind="classification",
    modality="mixed",
    description="Is this application accepted, rejected, or does somebody review it?",
    raws=composed,
    test=300,
)
DOMAINS = (
    replace(BREAST_CANCER, test=169),
    replace(DIABETES, test=142),
    SPAM,
    DIGITS,
    DOCUMENTS,
    COMPOSED,
)


@dataclass(frozen=True)
class Question:
    """One request without its items: what is compared by name."""

    name: str
    version: str
    request: Request
    rows: Sequence[Row]


def run(work: Path, artifact_of: Path | None = None) -> dict[str, Any]:
    """Train, ask, and write `answers.jsonl`, `costs.json` and the version under `work`; returns the costs.

    With `artifact_of`, the folder of an earlier run, its version is asked and nothing is trained.
    """
    work.mkdir(parents=True, exist_ok=True)
    storage, encoders = Storage(work.parent), Encoders()
    # Of a folder that two runs share: paths of media are part of no answer, but of what is compared.
    domains = [load(source, work.parent / "quick") for source in DOMAINS]
    costs: dict[str, Any] = {}
    if artifact_of is None:
        costs["train"] = _train(work, domains, storage, encoders)
    else:
        shutil.copytree(artifact_of / "registry", work / "registry", dirs_exist_ok=True)
    answers = list(ask(work, work.parent, domains, costs))
    encoders.close()
    content = "".join(json.dumps(line, ensure_ascii=True) + "\n" for line in answers).encode()
    (work / ANSWERS).write_bytes(content)
    costs["answers"] = {"count": len(answers), "sha256": hashlib.sha256(content).hexdigest()}
    (work / COSTS).write_text(json.dumps(costs, indent=2) + "\n")
    return costs


def _train(work: Path, domains: Sequence[Domain], storage: Storage, encoders: Encoders) -> dict[str, Any]:
    outcomes = [
        outcome_of(domain, row, place, failed=place % 9 == 0)
        for domain in domains
        for place, row in enumerate(draw(domain.pool, LABELS, seed=0))
    ]
    # A bound on time would make the network depend on how busy the machine is.
    config = TrainConfig(version="2", max_seconds=math.inf)
    trained, cost = timed(lambda: train(config, outcomes, storage, lambda _: None, encoders=encoders))
    write_first_version(work / "registry" / "1", "embedded", "1")
    archive = pack(trained.files)
    (work / "registry" / "2").mkdir(exist_ok=True)
    (work / "registry" / "2" / ARCHIVE).write_bytes(archive)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(trained.files.items())}
    return {"rows": len(outcomes), **cost, "archive_sha256": hashlib.sha256(archive).hexdigest(), "files": hashes}


def ask(work: Path, files: Path, domains: Sequence[Domain], costs: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Answers of the versions under `work`; CPU and wall seconds of each question go into `costs`."""
    storage = Storage(files)
    registry = Registry((work / "registry").as_uri(), storage, max_versions=2)
    predictor = Predictor(storage)
    registry.get("1"), registry.get("2")
    for question in [q for domain in domains for q in questions(domain, work)] + orders(work):
        request = replace(question.request, items=tuple(row.item for row in question.rows))
        version = registry.get(question.version)
        # The encoders' part apart: it is not what a change of the code behind them costs.
        _, encoding = timed(lambda version=version, request=request: version.items.encode(request.items, math.inf))
        found, answering = timed(lambda v=version, r=request: predictor.predict(v, r, math.inf))
        again, warm = timed(lambda v=version, r=request: predictor.predict(v, r, math.inf))
        assert found == again or request.kind == "generation", f"{question.name}: the second answer is another"
        right = [a.get("prediction") == r.expected for a, r in zip(found, question.rows, strict=True)]
        score = {} if request.kind == "regression" else {"right": round(float(np.mean(right)), 4)}
        costs.setdefault("asked", {})[question.name] = {
            "items": len(found), **score, "encoding": encoding, "first": answering, "warm": warm,
        }  # fmt: skip
        yield from ({"question": question.name, **answer} for answer in found)
    registry.close()


def questions(domain: Domain, work: Path) -> list[Question]:
    """The trained version alone, the first version with examples, and the trained one with examples."""
    source = domain.source
    request = Request(NOBODY, domain.name, source.kind, source.description, domain.labels, None, None, None, ())
    drawn = draw(domain.pool, len(domain.pool), seed=1)
    given = write_examples(work, f"{domain.name}-examples", drawn[:EXAMPLES])
    recalled = write_examples(work, f"{domain.name}-recalled", drawn[EXAMPLES : EXAMPLES + RECALLED])
    with_examples = replace(request, examples=given, recalled=recalled)
    few = domain.test[:ASKED_WITH_EXAMPLES]
    return [
        Question(f"{domain.name}: trained", "2", request, domain.test[:ASKED_OF_VERSION]),
        Question(f"{domain.name}: examples", "1", with_examples, few),
        Question(f"{domain.name}: both", "2", with_examples, few),
    ]


def orders(work: Path) -> list[Question]:
    """Fields out of nested orders, with and without examples, by copying."""
    found = []
    names = [name for name in SCHEMAS if name.startswith("unseen")]
    for target, description in list(ASKED.items())[:3]:
        rows = [
            Row(_order(i, text), answers[target])
            for i in range(ORDERS_SHOWN + ORDERS_ASKED)
            for text, answers in [record(names[i % len(names)], i)]
        ]
        request = Request(NOBODY, "orders", "generation", description, (), target, None, None, ())
        given = write_examples(work, f"orders-{target}", rows[:ORDERS_SHOWN])
        asked = rows[ORDERS_SHOWN:]
        found.append(Question(f"orders {target}: described", "1", request, asked))
        found.append(Question(f"orders {target}: examples", "1", replace(request, examples=given), asked))
    return found


def _order(number: int, text: str) -> Item:
    return Item(f"order-{number}", {"order": text}, {})


def write_examples(work: Path, name: str, rows: Sequence[Row]) -> ExamplesAt:
    """JSON lines as the product stores them."""
    lines = "".join(json.dumps(_line(LabelledItem(row.item, row.expected))) + "\n" for row in rows).encode()
    path = work / "examples" / f"{name}.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(lines)
    return ExamplesAt(path.as_uri(), hashlib.sha256(lines).hexdigest(), len(rows))


def _line(example: LabelledItem) -> dict[str, Any]:
    item = example.item
    media = {
        name: {"uri": m.uri, "file_type": m.file_type, "sha256": m.sha256, "size_bytes": m.size_bytes}
        for name, m in item.media.items()
    }
    return {"id": item.id, "fields": dict(item.fields), **({"media": media} if media else {}), "expected": example.expected}


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What `work` returns, and its wall and CPU seconds (of all threads)."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return found, {"wall": round(time.perf_counter() - wall, 3), "cpu": round(time.process_time() - cpu, 3)}


def differences(before: Path, after: Path) -> list[str]:
    """Questions whose answers differ between two runs, with the first answer that does."""
    found = []
    one, other = ((folder / ANSWERS).read_text().splitlines() for folder in (before, after))
    if len(one) != len(other):
        found.append(f"{len(one)} answers before, {len(other)} after")
    questions: set[str] = set()
    for a, b in zip(one, other, strict=False):
        name = json.loads(a)["question"]
        if a != b and name not in questions:
            questions.add(name)
            found.append(f"{name}:\n  before {a[:400]}\n  after  {b[:400]}")
    return found


def main(arguments: Sequence[str]) -> int:
    """Run the subset; 1 where an answer differs from that of the run to compare with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, help="folder for answers, costs and the version")
    parser.add_argument("--compare", type=Path, help="folder of an earlier run: exits with 1 where an answer differs")
    parser.add_argument("--artifact-of", type=Path, help="ask the version of this earlier run; nothing is trained")
    options = parser.parse_args(arguments)
    work = (options.work or CACHE / "quick-run").resolve()
    costs = run(work, options.artifact_of)
    print(json.dumps(costs["answers"]), flush=True)
    if options.compare is None:
        return 0
    found = differences(options.compare, work)
    print("\n".join(found) or f"every answer is the same as in {options.compare}")
    return 1 if found else 0
