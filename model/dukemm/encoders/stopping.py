"""Stopping criteria of the language model."""

import time

import torch
from transformers import StoppingCriteria


class Deadline(StoppingCriteria):
    """Stops at a deadline of time.monotonic()."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **_: object) -> torch.Tensor:
        """Whether to stop, each row: (rows, written so far) → (rows,)."""
        return torch.full((len(input_ids),), time.monotonic() >= self._deadline, device=input_ids.device)


class Repetition(StoppingCriteria):
    """Stops a repetition: the same `length` tokens for the third time."""

    length = 12

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **_: object) -> torch.Tensor:
        """Whether to stop, each row: (rows, written so far) → (rows,)."""
        written = input_ids[0].tolist()
        last = written[-self.length :]
        times = sum(written[i : i + self.length] == last for i in range(len(written) - self.length + 1))
        return torch.full((len(input_ids),), len(written) > 3 * self.length and times >= 3, device=input_ids.device)
