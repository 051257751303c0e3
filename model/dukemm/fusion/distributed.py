"""`torchrun` on one machine: every process takes its share of the batches, gradients are averaged, and all stop together.
Alone, a process does as it likes.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

import torch
from torch import distributed, nn

T = TypeVar("T")


def start() -> None:
    """Join the other processes where torchrun started this one."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not distributed.is_initialized():
        # The network's gradients are on the CPU, on machines with GPUs too.
        distributed.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")


def is_first() -> bool:
    """Whether this process writes what all have made."""
    return not distributed.is_initialized() or distributed.get_rank() == 0


def all_agree(wish: bool) -> bool:
    """Whether every process wishes it. Clocks differ, and one that stops alone leaves the others waiting for it."""
    if not distributed.is_initialized():
        return wish
    said = torch.tensor(int(wish))
    distributed.all_reduce(said, distributed.ReduceOp.MIN)
    return bool(said)


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
