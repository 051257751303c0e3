"""Outcomes of every shape that a buyer can leave behind, as raw lines of a shard; two honest families beside them."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from taught import colours, heights

from dukemm.contract.manifest import MANIFEST, SPLITS
from dukemm.contract.outcomes import outcome_line

Draw = np.random.Generator
SIDES = ("train", "train", "train", "validation", "reservoir")
Row = dict[str, Any]

ATTACKER = str(uuid.uuid5(uuid.NAMESPACE_OID, "attacker"))
HOSTILE = ("__proto__", "constructor", "toString", "hasOwnProperty", "", " ", "\u202ex", "a\u0000b", "\ud800")
EXTREME = (1e308, -1e308, 1e100, -1e100, 1.0000001e100, 1e-308, 5e-324, 0, -0.0, 1e16 + 2, 123456789012345680000)


@dataclass(frozen=True)
class Line:
    """A raw line and the split that prepare would put it into."""

    split: str
    family: str
    text: bytes


def id_of(name: str) -> str:
    """An id as the platform makes them: the bits of its version and variant are checked where it is read."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


def row_of(number: int, family: str = "attack", **more: Any) -> Row:
    """An outcome that is in order but for what `more` says; None takes a field away."""
    known: Row = {
        "id": f"{family}#{number}", "task_id": id_of(f"task {family} {number}"),
        "result_id": id_of(f"result {family} {number}"), "buyer_id": ATTACKER, "family": family,
        "kind": "classification", "description": "Is it good?", "labels": ["yes", "no"], "target": "good",
        "item": {"id": f"row-{number}", "fields": {"x": number % 7, "note": f"note {number}"}},
        "expected": ("yes", "no")[number % 2], "prediction": "yes", "confidence": 0.6, "success": True,
        "label_source": "accepted", "weight": 1, "agent_name": "duke-mm", "model_version": "1",
        "created_at": f"2026-11-0{1 + number % 9}T00:00:00Z",
    }  # fmt: skip
    return {name: value for name, value in {**known, **more}.items() if value is not None}


def item(number: int, **fields: Any) -> Row:
    return {"id": f"row-{number}", "fields": fields}


def refused(number: int, **more: Any) -> Row:
    return row_of(number, **{"expected": None, "success": False, "label_source": "refused", **more})


def kinds_that_change(draw: Draw) -> Iterable[Row]:
    for n in range(40):
        kind = str(draw.choice(["classification", "regression", "generation"]))
        answer = {"classification": "yes", "regression": n, "generation": f"text {n}"}[kind]
        yield row_of(n, kind=kind, labels=["yes", "no"] if kind == "classification" else None, expected=answer)


def labels_that_change(draw: Draw) -> Iterable[Row]:
    names = ["yes", "Yes", "YES ", "ja", "oui", "1", "1.0", "no", "NO"]
    for n in range(50):
        labels = [str(name) for name in draw.permutation(names)[: int(draw.integers(2, 6))]]
        yield row_of(n, labels=labels, expected=labels[0], prediction=labels[1])


def one_label_only(_draw: Draw) -> Iterable[Row]:
    return (row_of(n, expected="yes") for n in range(30))


def refused_between_two_labels(draw: Draw) -> Iterable[Row]:
    for n in range(40):
        yield refused(n, prediction=str(draw.choice(["yes", "no"]))) if n > 30 else row_of(n)


def refused_only(_draw: Draw) -> Iterable[Row]:
    return (refused(n, labels=["a", "b", "c"], prediction="abcd"[n % 4]) for n in range(30))


def refused_among_many(draw: Draw) -> Iterable[Row]:
    labels = ["a", "b", "c"]
    for n in range(60):
        whole = {"labels": labels, "prediction": str(draw.choice([*labels, "stranger"]))}
        yield refused(n, **whole) if n % 3 == 0 else row_of(n, **whole, expected=labels[n % 3])


def extreme_numbers(draw: Draw) -> Iterable[Row]:
    for n in range(60):
        answer = float(draw.choice(EXTREME)) if n % 2 else float(draw.normal())
        fields = {"x": float(draw.choice(EXTREME[2:])), "y": n}
        yield row_of(n, kind="regression", labels=None, expected=answer, prediction=1.0, item=item(n, **fields))


def numbers_that_are_all_the_same(draw: Draw) -> Iterable[Row]:
    step = float(draw.choice([0.0, 1e-300, 1e-12]))
    for n in range(40):
        yield row_of(n, kind="regression", labels=None, expected=5.0 + step * n, prediction=1, item=item(n, x=1))


def texts_as_numbers(draw: Draw) -> Iterable[Row]:
    for n in range(40):
        yield row_of(
            n, kind="regression", labels=None, expected=str(draw.choice(["7", "cheap", "1e400", ""])), prediction=1
        )


def media_gone(draw: Draw) -> Iterable[Row]:
    kind = str(draw.choice(["image", "audio", "text", "pdf", "hologram"]))
    for n in range(30):
        medium = {"uri": f"file:///nowhere/{n}", "file_type": kind, "sha256": f"{n:064x}", "size_bytes": 9}
        yield row_of(n, item={"id": f"row-{n}", "fields": {}, "media": {"scan": medium}})


def media_half_gone(draw: Draw) -> Iterable[Row]:
    for n, row in enumerate(media_gone(draw)):
        yield row if n % 2 else row_of(n)


def empty_texts(_draw: Draw) -> Iterable[Row]:
    empties = ["", " ", "\u200b", "\n\n"]
    return (row_of(n, item=item(n, text=empties[n % 4]), description=" " if n % 5 else "?") for n in range(40))


def no_fields(_draw: Draw) -> Iterable[Row]:
    return (row_of(n, item=item(n)) for n in range(30))


def huge_texts(draw: Draw) -> Iterable[Row]:
    sizes = [10_000_000, 1_000_001, 999_999, 50_000]
    for n in range(12):
        yield row_of(n, item=item(n, text="word " * (sizes[n % 4] // 5), x=float(draw.normal())))


def conflicting_twins(draw: Draw) -> Iterable[Row]:
    for n in range(60):
        yield row_of(n, item={"id": f"row-{n}", "fields": {"x": n % 12}}, expected=str(draw.choice(["yes", "no"])))


def a_label_for_each(_draw: Draw) -> Iterable[Row]:
    return (row_of(n, labels=None, expected=f"label {n}") for n in range(60))


def fields_that_change(draw: Draw) -> Iterable[Row]:
    values = [1, 1.5, True, None, "text", "2026-02-30", "1,5", 1e99, ""]
    for n in range(50):
        names = [str(name) for name in draw.permutation(["x", "y", *HOSTILE])[:5]]
        cells = {name: values[int(draw.integers(len(values)))] for name in names}
        yield row_of(n, item={"id": f"row-{n}", "fields": cells})


def ancient_and_future(draw: Draw) -> Iterable[Row]:
    times = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2026-02-30T00:00:00Z", "2026-11-01T25:61:61Z"]
    return (row_of(n, created_at=str(draw.choice(times)), weight=float(draw.choice([1, 1e-300, 0]))) for n in range(40))


def broken_lines(draw: Draw) -> Iterable[Row | bytes]:
    whole = json.dumps(row_of(0)).encode()
    yield from (whole[:-9], b"[]", b"null", b"{}", b"\xff\xfe\x00", b'{"family": "attack"}', b"[" * 5000, b"NaN")
    wrong: list[Any] = [-1, "x" * 500, [], {}, True, 1e400]
    names = sorted(row_of(0))
    for n in range(40):
        yield row_of(n, **{str(draw.choice(names)): wrong[int(draw.integers(len(wrong)))]})


def texts_to_write(draw: Draw) -> Iterable[Row]:
    answers = ["", "a", "\ud800", "x" * 100_001, 7, "Total: 5"]
    for n in range(30):
        answer = answers[int(draw.integers(len(answers)))]
        yield row_of(n, kind="generation", labels=None, expected=answer, prediction="x", item=item(n, letter=f"Total: {n}"))


def all_of_it(draw: Draw) -> Iterable[Row | bytes]:
    """Rows of several shapes in one family."""
    chosen = draw.permutation(len(PLAIN))[:4]
    rows = [row for place in chosen for row in PLAIN[int(place)](draw)]
    return (rows[int(place)] for place in draw.permutation(len(rows))[:80])


Shape = Callable[[Draw], Iterable[Row | bytes]]
PLAIN: tuple[Shape, ...] = (
    kinds_that_change, labels_that_change, one_label_only, refused_between_two_labels, refused_only, refused_among_many,
    extreme_numbers, numbers_that_are_all_the_same, texts_as_numbers, media_gone, media_half_gone, empty_texts, no_fields,
    huge_texts, conflicting_twins, a_label_for_each, fields_that_change, ancient_and_future, broken_lines, texts_to_write,
)  # fmt: skip
SHAPES: tuple[Shape, ...] = (*PLAIN, all_of_it)


def honest() -> list[Line]:
    """A family of labels and one of numbers, of one buyer, in all three splits."""
    lines = []
    for rows in (colours(60), heights(45)):
        for n, row in enumerate(rows):
            ids = {"task_id": id_of(row.id), "result_id": id_of(row.id), "buyer_id": id_of("honest")}
            lines.append(Line(SIDES[n % 5], row.family, outcome_line(replace(row, **ids))))
    return lines


def shaped(shape: Shape, seed: int) -> list[Line]:
    """A family of this shape, of a buyer of its own; most of its lines are to be trained on."""
    draw = np.random.default_rng(seed)
    family = shape.__name__
    buyer = str(uuid.uuid5(uuid.UUID(ATTACKER), family))
    lines = []
    for n, row in enumerate(shape(draw)):
        if isinstance(row, dict) and row.get("family") == "attack":
            row = {**row, "family": family, "buyer_id": buyer if row.get("buyer_id") == ATTACKER else row.get("buyer_id")}
        text = row if isinstance(row, bytes) else json.dumps(row).encode()
        lines.append(Line(SIDES[n % 5], family, text.replace(b'"attack"', json.dumps(family).encode()) + b"\n"))
    return lines


def put(folder: Path, lines: Iterable[Line], parent: str | None = None) -> Path:
    """A manifest with these lines as they are, wrong ones too: worse than what prepare lets through."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = list(lines)
    families: dict[str, dict[str, Any]] = {}
    for line in lines:
        found = families.setdefault(line.family, {"kind": _kind(line), **dict.fromkeys(SPLITS, 0)})
        found[line.split] += 1
    shards: dict[str, list[dict[str, Any]]] = {}
    for split in SPLITS:
        content = b"".join(line.text for line in lines if line.split == split)
        path = f"{split}/00000.jsonl"
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
        count = sum(line.split == split for line in lines)
        sha256 = hashlib.sha256(content).hexdigest()
        shards[split] = [{"path": path, "sha256": sha256, "count": count, "size_bytes": len(content)}]
    counts = {split: sum(family[split] for family in families.values()) for split in SPLITS}
    manifest = {
        "format": 1, "id": "run", "created_at": "2026-11-25T00:00:00.000Z", "parent": parent,
        "window": {"from": "2026-08-27T00:00:00.000Z", "to": "2026-11-25T00:00:00.000Z"}, "seed": 0, "splits": shards,
        "families": families, "counts": {**counts, "replay": 0, "left_out": 0},
        "lineage": {"shards": 1, "first": None, "last": None, "sha256": "0" * 64},
    }  # fmt: skip
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return folder


def _kind(line: Line) -> str:
    try:
        kind = json.loads(line.text).get("kind")
    except (ValueError, AttributeError, RecursionError):
        return "classification"
    return kind if kind in ("classification", "regression", "generation") else "classification"
