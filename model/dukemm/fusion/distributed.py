"""Data-parallel training with `torchrun` on one machine.

Batches are partitioned, gradients averaged, and all processes stop together. Without torchrun every function is a no-op for
the single process.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

import torch
from torch import distributed, nn

T = TypeVar("T")


def start() -> None:
    """Initialise the process group if torchrun started this process."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not distributed.is_initialized():
        # The network is trained on the CPU, even on machines with GPUs, so gradients need gloo.
        distributed.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")


def is_first() -> bool:
    """Whether this process writes the results (rank 0)."""
    return not distributed.is_initialized() or distributed.get_rank() == 0


def all_agree(vote: bool) -> bool:
    """Whether every process votes yes. Clocks differ, and a process that stops alone would leave the others waiting."""
    if not distributed.is_initialized():
        return vote
    votes = torch.tensor(int(vote))
    distributed.all_reduce(votes, distributed.ReduceOp.MIN)
    return bool(votes)


def partition_batches(batches: Sequence[T]) -> Sequence[T]:
    """This process's batches: equally many per process, so that all average gradients equally often."""
    if not distributed.is_initialized():
        return batches
    world = distributed.get_world_size()
    usable = len(batches) - len(batches) % world
    # With fewer batches than processes, all train on the same ones.
    return batches[distributed.get_rank() : usable : world] if usable else batches


def average_gradients(module: nn.Module) -> None:
    """Average the gradients over the processes; a head without rows in this process counts as zero."""
    if not distributed.is_initialized():
        return
    for parameter in module.parameters():
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
        distributed.all_reduce(parameter.grad)
        parameter.grad /= distributed.get_world_size()
