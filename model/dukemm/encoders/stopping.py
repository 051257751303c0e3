"""When a language model is stopped though it would go on."""

import time

import torch
from transformers import StoppingCriteria


class Deadline(StoppingCriteria):
    """At a time of time.monotonic()."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **_: object) -> torch.Tensor:
        """Whether to stop, each row: (rows, written so far) → (rows,)."""
        return torch.full((len(input_ids),), time.monotonic() >= self._deadline, device=input_ids.device)


class Loop(StoppingCriteria):
    """A small model that writes the same twelve tokens for the third time will not stop by itself."""

    length = 12

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **_: object) -> torch.Tensor:
        """Whether to stop, each row: (rows, written so far) → (rows,)."""
        written = input_ids[0].tolist()
        last = written[-self.length :]
        times = sum(written[i : i + self.length] == last for i in range(len(written) - self.length + 1))
        return torch.full((len(input_ids),), len(written) > 3 * self.length and times >= 3, device=input_ids.device)
