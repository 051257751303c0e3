"""`torchrun`: every process takes its share of the batches, and gradients are averaged. Alone, both do nothing."""

import os
from collections.abc import Sequence
from typing import TypeVar

import torch
from torch import distributed, nn

T = TypeVar("T")


def start() -> None:
    """Join the other processes where torchrun started this one."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not distributed.is_initialized():
        distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")


def is_first() -> bool:
    """Whether this process writes what all have made."""
    return not distributed.is_initialized() or distributed.get_rank() == 0


def suffix() -> str:
    """Tells the files of this process from those of the others; the first one's have the plain name."""
    return "" if is_first() else f"-{distributed.get_rank()}"


def share_of(batches: Sequence[T]) -> Sequence[T]:
    """This process's batches; as many for each, so that all average as often."""
    if not distributed.is_initialized():
        return batches
    world = distributed.get_world_size()
    usable = len(batches) - len(batches) % world
    # Fewer batches than processes: all do the same, and the mean is what each has.
    return batches[distributed.get_rank() : usable : world] if usable else batches


def average_gradients(module: nn.Module) -> None:
    """Mean of the gradients of all processes; a head that had no row here counts as zero."""
    if not distributed.is_initialized():
        return
    for parameter in module.parameters():
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
        distributed.all_reduce(parameter.grad)
        parameter.grad /= distributed.get_world_size()
