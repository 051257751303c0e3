"""Learning curves: the lines of metrics.jsonl that a training writes beside its checkpoints."""

import json
import math
from pathlib import Path
from typing import Any

from dukemm.contract.messages import EpochMetrics

#: What a line of metrics.jsonl says of an epoch beside its number.
NUMBERS = [name for name in EpochMetrics.__struct_fields__ if name != "epoch"]


def read_curves(path: Path | None) -> list[dict[str, Any]]:
    """The epochs of metrics.jsonl, the last line of an epoch where a resumed training wrote two."""
    if path is None:
        return []
    files = [path] if path.is_file() else sorted(path.rglob("metrics.jsonl")) if path.is_dir() else []
    epochs: dict[int, dict[str, Any]] = {}
    for file in files:
        for line in file.read_text().splitlines():
            try:
                row = json.loads(line)
            except ValueError:  # a training that was killed leaves half a line
                continue
            if isinstance(row, dict) and row.get("event") == "epoch":
                numbers = {name: row.get(name) for name in NUMBERS}
                epochs[int(row["epoch"])] = {"epoch": int(row["epoch"]), **{n: _finite(x) for n, x in numbers.items()}}
    return [epochs[epoch] for epoch in sorted(epochs)]


def _finite(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
