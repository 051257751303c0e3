"""Checkpoints of a training run on a persistent disk, as spot instances may be interrupted at any time.

A safetensors file with numbers as JSON in its metadata, replaced atomically.
"""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from dukemm.fusion.training import Member, Progress


class DiskCheckpoint:
    """Checkpoint of one member in one file."""

    def __init__(self, folder: Path, name: str, key: str) -> None:
        """`key`: identifies data and settings; a checkpoint with another key is ignored."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"{name}.safetensors"
        self._key = key

    def save(self, member: Member, optimiser: torch.optim.Optimizer, schedule: Any, progress: Progress) -> None:
        """See Checkpoint."""
        tensors = {f"now.{name}": tensor for name, tensor in member.state_dict().items()}
        tensors |= {f"best.{name}": tensor for name, tensor in progress.best.items()}
        for index, state in optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{index}.{name}": torch.as_tensor(value) for name, value in state.items()}
        progress_fields = {
            "key": self._key,
            "epoch": progress.epoch,
            "best_epoch": progress.best_epoch,
            "best_loss": progress.best_loss,
        }
        numbers = json.dumps({**progress_fields, "schedule": schedule.state_dict()["last_epoch"]})
        temporary = self._file.with_suffix(".new")
        save_file(
            {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}, temporary, {"at": numbers}
        )
        temporary.replace(self._file)

    def restore(self, member: Member, optimiser: torch.optim.Optimizer, schedule: Any) -> Progress | None:
        """See Checkpoint."""
        if not self._file.is_file():
            return None
        try:
            tensors = load_file(self._file)
            saved = json.loads(_metadata(self._file)["at"])
        except (SafetensorError, KeyError, ValueError):  # truncated while it was copied
            return None
        if saved["key"] != self._key:
            return None
        member.load_state_dict(_strip_prefix(tensors, "now."))
        state: dict[int, dict[str, torch.Tensor]] = {}
        for name, tensor in _strip_prefix(tensors, "optimiser.").items():
            index, _, key = name.partition(".")
            state.setdefault(int(index), {})[key] = tensor
        optimiser.load_state_dict({**optimiser.state_dict(), "state": state})
        schedule.last_epoch = saved["schedule"]
        for group, base, rate in zip(optimiser.param_groups, schedule.base_lrs, schedule.lr_lambdas, strict=True):
            group["lr"] = base * rate(saved["schedule"])
        return Progress(saved["best_loss"], saved["best_epoch"], saved["epoch"], _strip_prefix(tensors, "best."))


def _metadata(file: Path) -> dict[str, str]:
    from safetensors import safe_open

    with safe_open(file, "pt") as opened:
        return opened.metadata() or {}


def _strip_prefix(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
