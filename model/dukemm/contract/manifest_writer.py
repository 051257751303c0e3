"""Writing a manifest with its shards, for benches and tests; in the product the prepare step does it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from dukemm.contract.manifest import MANIFEST, SPLITS, Manifest, Split, read_manifest
from dukemm.contract.outcomes import outcome_line
from dukemm.domain.outcomes import Outcome

#: Outcomes of one shard.
SHARD_ROWS = 5000


def write_manifest(
    folder: Path,
    splits: Mapping[Split, Iterable[Outcome]],
    *,
    run_id: str = "run",
    parent: str | None = None,
    seed: int = 0,
    created_at: str = "2026-01-01T00:00:00.000Z",
    left_out: int = 0,
) -> Manifest:
    """Stream the outcomes of each split into shards and name them; the same bytes for the same outcomes."""
    kinds: dict[str, str] = {}
    counts: dict[str, Counter[str]] = {split: Counter() for split in SPLITS}
    times: list[str] = []
    shards: dict[str, list[dict[str, Any]]] = {}
    for split in SPLITS:
        rows = _noted(iter(splits.get(split, ())), kinds, counts[split], times)
        shards[split] = list(_write(folder, split, rows))
    hashes = sorted(shard["sha256"] for split in SPLITS for shard in shards[split])
    first, last = (min(times), max(times)) if times else (None, None)
    manifest = {
        "format": 1,
        "id": run_id,
        "created_at": created_at,
        "parent": parent,
        "window": {"from": first or created_at, "to": last or created_at},
        "seed": seed,
        "splits": shards,
        "families": {
            family: {"kind": kind, **{split: counts[split][family] for split in SPLITS}}
            for family, kind in sorted(kinds.items())
        },
        "counts": {**{split: counts[split].total() for split in SPLITS}, "replay": 0, "left_out": left_out},
        "lineage": {
            "shards": len(hashes),
            "first": first,
            "last": last,
            "sha256": hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
        },
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
    return read_manifest(folder)


def _noted(rows: Iterable[Outcome], kinds: dict[str, str], count: Counter[str], times: list[str]) -> Iterable[Outcome]:
    for row in rows:
        kinds[row.family] = row.kind
        count[row.family] += 1
        times[:] = [min([*times, row.created_at]), max([*times, row.created_at])]
        yield row


def _write(folder: Path, split: str, rows: Iterable[Outcome]) -> Iterable[dict[str, Any]]:
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    while lines := [outcome_line(row) for row in islice(rows, SHARD_ROWS)]:
        path = f"{split}-{number:05}.jsonl"
        content = b"".join(lines)
        (folder / path).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        yield {"path": path, "sha256": digest, "count": len(lines), "size_bytes": len(content)}
        number += 1
