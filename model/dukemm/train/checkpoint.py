"""Where a training run is, on a disk that outlives it: spot instances are taken away at any time.

Tensors go into safetensors, numbers into JSON; each is written beside the old one and put in its place at once.
"""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from dukemm.fusion.training import Member, Progress


class DiskCheckpoint:
    """One member's run in one file."""

    def __init__(self, folder: Path, name: str, key: str) -> None:
        """`key` names data and settings: what was kept under another is not taken up."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"{name}.safetensors"
        self._key = key

    def keep(self, member: Member, optimiser: torch.optim.Optimizer, schedule: Any, progress: Progress) -> None:
        """See Checkpoint."""
        tensors = {f"now.{name}": tensor for name, tensor in member.state_dict().items()}
        tensors |= {f"best.{name}": tensor for name, tensor in progress.best.items()}
        for place, state in optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{place}.{name}": torch.as_tensor(value) for name, value in state.items()}
        at = {"key": self._key, "epoch": progress.epoch, "best_epoch": progress.best_epoch, "best_loss": progress.best_loss}
        numbers = json.dumps({**at, "schedule": schedule.state_dict()["last_epoch"]})
        beside = self._file.with_suffix(".new")
        save_file({name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}, beside, {"at": numbers})
        beside.replace(self._file)

    def restore(self, member: Member, optimiser: torch.optim.Optimizer, schedule: Any) -> Progress | None:
        """See Checkpoint."""
        if not self._file.is_file():
            return None
        try:
            tensors = load_file(self._file)
            at = json.loads(_metadata(self._file)["at"])
        except (SafetensorError, KeyError, ValueError):  # cut off while it was copied: as good as none
            return None
        if at["key"] != self._key:
            return None
        member.load_state_dict(_below(tensors, "now."))
        state: dict[int, dict[str, torch.Tensor]] = {}
        for name, tensor in _below(tensors, "optimiser.").items():
            place, _, what = name.partition(".")
            state.setdefault(int(place), {})[what] = tensor
        optimiser.load_state_dict({**optimiser.state_dict(), "state": state})
        schedule.last_epoch = at["schedule"]
        for group, base, rate in zip(optimiser.param_groups, schedule.base_lrs, schedule.lr_lambdas, strict=True):
            group["lr"] = base * rate(at["schedule"])
        return Progress(at["best_loss"], at["best_epoch"], at["epoch"], _below(tensors, "best."))


def _metadata(file: Path) -> dict[str, str]:
    from safetensors import safe_open

    with safe_open(file, "pt") as opened:
        return opened.metadata() or {}


def _below(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
