"""Pictures and sounds for the language model: their tokens before the prompt, projected as examples teach.

Prefix tuning (Li & Liang 2021) of the projection alone, as in Frozen (Tsimpoukelli et al. 2021): the language model and
the encoder stay as they are. It needs a backward pass through the language model for each example.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from dukemm.encoders.language import LanguageModel

#: Examples with a medium from which on it is tried; of them, every fourth is left out to judge it by.
FEWEST, LEFT_OUT = 16, 4
#: Bounds of one fit, whichever comes first, and at most this share of the time that is left.
STEPS, SECONDS, SHARE = 80, 15.0, 1 / 3
#: Examples a step. Log-probability a token by which left-out answers must be likelier.
BATCH, BETTER = 4, 0.02
RATE, DECAY = 3e-3, 0.01


@dataclass(frozen=True)
class Shown:
    """An example: its chat, its answer and its medium's tokens (t, width)."""

    turns: Sequence[str]
    answer: str
    tokens: torch.Tensor


class Prefix(torch.nn.Module):
    """Projects tokens (t, width) to an LM's embedding width, scaled like its own embeddings."""

    def __init__(self, width: int, language: LanguageModel) -> None:
        super().__init__()
        self.norm = torch.nn.LayerNorm(width, elementwise_affine=False)
        self.project = torch.nn.Linear(width, language.width)
        self.register_buffer("spread", language.spread)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """(t, width) → (t, LM width)."""
        projected = self.project(self.norm(tokens))
        return torch.nn.functional.layer_norm(projected, (self.project.out_features,)) * self.spread


@dataclass(frozen=True)
class FittedPrefix:
    """A projection and how likely it makes left-out answers: nats a token, negative."""

    prefix: Prefix
    #: Without the medium; with it; with that of another left-out example.
    without: float
    own: float
    others: float

    @property
    def helps(self) -> bool:
        """Whether left-out answers are likelier with their own medium than without one and than with another's."""
        return self.own > max(self.without, self.others) + BETTER


def fit_prefix(
    language: LanguageModel, shown: Sequence[Shown], without: Sequence[Sequence[str]], deadline: float = float("inf")
) -> FittedPrefix | None:
    """Learn from three of four examples and judge by the fourth; None with fewer than FEWEST, or no time for a step.

    `without` are the chats that would be used without a medium, which may hold examples, for shown[::LEFT_OUT].
    `deadline` is of time.monotonic(). Repeatable as long as STEPS are done before SECONDS are over.
    """
    now = time.monotonic()
    end = min(now + SECONDS, now + SHARE * max(deadline - now, 0.0))
    learned = [s for i, s in enumerate(shown) if i % LEFT_OUT]
    held = list(shown[::LEFT_OUT])
    if len(shown) < FEWEST or len({s.tokens.shape[1] for s in shown}) != 1:
        return None
    with torch.inference_mode(False), torch.random.fork_rng():
        torch.manual_seed(0)
        prefix = Prefix(learned[0].tokens.shape[1], language).to(language.device)
        if not _descend(language, prefix, learned, end):
            return None
    prefix.eval().requires_grad_(False)
    tokens = [s.tokens for s in held]
    return FittedPrefix(
        prefix,
        _likelihood(language, [(t, s.answer, None) for t, s in zip(without, held, strict=True)]),
        _likelihood(language, [(s.turns, s.answer, prefix(t)) for s, t in zip(held, tokens, strict=True)]),
        _likelihood(
            language, [(s.turns, s.answer, prefix(t)) for s, t in zip(held, [*tokens[1:], tokens[0]], strict=True)]
        ),
    )


def _descend(language: LanguageModel, prefix: Prefix, learned: Sequence[Shown], end: float) -> int:
    """Steps done by `end`."""
    optimiser = torch.optim.AdamW(prefix.parameters(), lr=RATE, weight_decay=DECAY)
    order = torch.randperm(len(learned)).tolist()
    for step in range(STEPS):
        rows = [order[(step * BATCH + i) % len(order)] for i in range(BATCH)]
        for row in rows:
            if time.monotonic() >= end:
                return step
            one = learned[row]
            (language.loss(one.turns, one.answer, prefix(one.tokens.to(language.device))) / BATCH).backward()
        torch.nn.utils.clip_grad_norm_(prefix.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
    return STEPS


@torch.no_grad()
def _likelihood(language: LanguageModel, asked: Sequence[tuple[Sequence[str], str, torch.Tensor | None]]) -> float:
    losses = [float(language.loss(turns, answer, prefix)) for turns, answer, prefix in asked]
    return -sum(losses) / len(losses)
