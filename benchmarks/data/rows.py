"""Labelled rows in the product's own terms: items with fields and media, as an invocation brings them."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from dukemm.domain.items import Item, Medium, Value

Side = Literal["pool", "test"]
Target = str | float
#: Changes when prepared data of an earlier layout must be rebuilt.
FORMAT = 1


@dataclass(frozen=True)
class Raw:
    """A row as its source has it; `media` are (file type, bytes) by field name. Without a side, its hash decides."""

    fields: Mapping[str, Value]
    media: Mapping[str, tuple[str, bytes]]
    expected: Target
    side: Side | None = None


@dataclass(frozen=True)
class Source:
    """Where a domain's rows come from and how they are asked about."""

    name: str
    title: str
    kind: Literal["classification", "regression"]
    #: What contenders may take for granted about the items; «fields» are cells of any kind.
    modality: Literal["numbers", "pixels", "text", "sound", "document", "mixed", "fields"]
    description: str
    raws: Callable[[], Iterable[Raw]]
    #: Numbers of labels it is measured at; empty: 10-fold cross-validation.
    sizes: tuple[int, ...] = ()
    #: Rows kept for the fixed test set, and at most so many to learn from.
    test: int = 0
    pool: int = 1_000_000
    #: Where it is from, its licence, and what is made up about it.
    note: str = ""


@dataclass(frozen=True)
class Row:
    """An item with its answer. The item's id is the hash of its content, so duplicates have one id."""

    item: Item
    expected: Target


@dataclass(frozen=True)
class Domain:
    """Rows to learn from and a fixed test set. No content is on both sides."""

    source: Source
    labels: tuple[str, ...]
    pool: tuple[Row, ...]
    test: tuple[Row, ...]
    #: Position of each row in pool + test, by id.
    places: Mapping[str, int] = field(repr=False, default_factory=dict)

    @property
    def name(self) -> str:
        """Its short name."""
        return self.source.name

    @property
    def rows(self) -> tuple[Row, ...]:
        """All, pool first."""
        return self.pool + self.test


def content_hash(fields: Mapping[str, Value], media: Mapping[str, str]) -> str:
    """SHA-256 of what an item consists of; `media` are hashes by name."""
    return hashlib.sha256(json.dumps([fields, media], sort_keys=True).encode()).hexdigest()


def load(source: Source, cache: Path) -> Domain:
    """The domain, prepared in the cache when it is first asked for."""
    folder = cache / "data" / f"{source.name}-{FORMAT}"
    if not (folder / "rows.jsonl").exists():
        _prepare(source, folder)
    sides: dict[str, list[Row]] = {"pool": [], "test": []}
    with (folder / "rows.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            data = json.loads(line)
            media = {
                name: Medium((folder / "media" / m["file"]).as_uri(), m["type"], m["sha256"], m["bytes"])
                for name, m in data["media"].items()
            }
            sides[data["side"]].append(Row(Item(data["id"], data["fields"], media), data["expected"]))
    pool, test = tuple(sides["pool"][: source.pool]), tuple(sides["test"])
    labels = tuple(sorted({str(row.expected) for row in pool + test})) if source.kind == "classification" else ()
    places = {row.item.id: i for i, row in enumerate(pool + test)}
    return Domain(source, labels, pool, test, places)


def _prepare(source: Source, folder: Path) -> None:
    """Write rows and media; of duplicates the first stays. Order and sides follow from the hashes alone."""
    making = folder.with_name(f"{folder.name}.{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    (making / "media").mkdir(parents=True)
    found: dict[str, tuple[Side | None, dict]] = {}
    for raw in source.raws():
        media = {}
        for name, (file_type, content) in raw.media.items():
            sha256 = hashlib.sha256(content).hexdigest()
            file = f"{sha256}.{'png' if file_type == 'image' else 'wav' if file_type == 'audio' else file_type}"
            (making / "media" / file).write_bytes(content)
            media[name] = {"file": file, "type": file_type, "sha256": sha256, "bytes": len(content)}
        key = content_hash(raw.fields, {name: m["sha256"] for name, m in media.items()})
        row = {"id": key[:32], "fields": raw.fields, "media": media, "expected": raw.expected}
        found.setdefault(key, (raw.side, row))
    ordered = [found[key] for key in sorted(found)]
    free = [row["id"] for side, row in ordered if side is None]
    test = set(free[: source.test])
    with (making / "rows.jsonl").open("w", encoding="utf-8") as lines:
        for side, row in ordered:
            chosen = side or ("test" if row["id"] in test else "pool")
            lines.write(json.dumps({**row, "side": chosen}, ensure_ascii=False) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    making.replace(folder)


def draw(rows: Sequence[Row], size: int, seed: int) -> list[Row]:
    """`size` rows at random; a larger draw of the same seed contains the smaller."""
    return [rows[i] for i in np.random.default_rng([seed, 1]).permutation(len(rows))[:size]]


def draw_per_class(domain: Domain, each: int, seed: int) -> list[Row]:
    """`each` rows of every label, at random, in random order."""
    order = draw(domain.pool, len(domain.pool), seed)
    chosen = [row for label in domain.labels for row in [r for r in order if r.expected == label][:each]]
    return draw(chosen, len(chosen), seed)


def folds(domain: Domain, seed: int, count: int = 10) -> list[tuple[list[Row], list[Row]]]:
    """(train, test) of a cross-validation, stratified by label where there are labels."""
    order = draw(domain.pool, len(domain.pool), seed)
    if domain.labels:
        order.sort(key=lambda row: str(row.expected))
    return [
        (
            [row for i, row in enumerate(order) if i % count != fold],
            [row for i, row in enumerate(order) if i % count == fold],
        )
        for fold in range(count)
    ]


def flipped(domain: Domain, rows: Sequence[Row], share: float, seed: int) -> list[Row]:
    """The same rows, a share of them (rounded) with another label at random."""
    random = np.random.default_rng([seed, 2])
    wrong = set(random.choice(len(rows), round(share * len(rows)), replace=False).tolist())
    others = {label: [other for other in domain.labels if other != label] for label in domain.labels}
    return [
        Row(row.item, others[str(row.expected)][random.integers(len(domain.labels) - 1)]) if i in wrong else row
        for i, row in enumerate(rows)
    ]
