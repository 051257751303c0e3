"""Pictures and sounds for the language model: their tokens are projected to embeddings before the prompt.

Prefix tuning (Li & Liang 2021) of the projection alone, as in Frozen (Tsimpoukelli et al. 2021): the language model and
the encoder stay as they are. It needs a backward pass through the language model for each example.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from dukemm.encoders.language import LanguageModel

#: Examples with a medium that a fit needs; every HELD_OUT_STEP-th of them is held out to judge it.
MIN_EXAMPLES, HELD_OUT_STEP = 16, 4
#: A fit ends after this many steps, or after this share of the time until the deadline.
MAX_STEPS, MAX_TIME_SHARE = 80, 1 / 3
#: Examples per step.
BATCH_SIZE = 4
#: Nats per token by which held-out answers must be likelier.
MIN_GAIN = 0.02
LEARNING_RATE, WEIGHT_DECAY = 3e-3, 0.01


@dataclass(frozen=True)
class PrefixExample:
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
    """A projection, and the mean log-likelihood of held-out answers in nats per token (negative)."""

    prefix: Prefix
    #: Without the medium; with it; with that of another held-out example.
    without: float
    own: float
    others: float

    @property
    def helps(self) -> bool:
        """Whether held-out answers are likelier with their own medium than without one and than with another's."""
        return self.own > max(self.without, self.others) + MIN_GAIN


def fit_prefix(
    language: LanguageModel,
    shown: Sequence[PrefixExample],
    without: Sequence[Sequence[str]],
    deadline: float = float("inf"),
) -> FittedPrefix | None:
    """Fit to three of four examples and judge by the fourth; None with fewer than MIN_EXAMPLES, or no time for a step.

    `without` are the chats of shown[::HELD_OUT_STEP] without a medium; they may contain examples. `deadline` is of
    time.monotonic(). Deterministic without a deadline, or if MAX_STEPS are done within their share of the time.
    """
    now = time.monotonic()
    end = now + MAX_TIME_SHARE * max(deadline - now, 0.0)
    learned = [s for i, s in enumerate(shown) if i % HELD_OUT_STEP]
    held = list(shown[::HELD_OUT_STEP])
    if len(shown) < MIN_EXAMPLES or len({s.tokens.shape[1] for s in shown}) != 1:
        return None
    with torch.inference_mode(False), torch.random.fork_rng():
        torch.manual_seed(0)
        prefix = Prefix(learned[0].tokens.shape[1], language).to(language.device)
        if not _train(language, prefix, learned, end):
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


def _train(language: LanguageModel, prefix: Prefix, learned: Sequence[PrefixExample], end: float) -> int:
    """Train until `end`; returns the number of steps."""
    optimiser = torch.optim.AdamW(prefix.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    order = torch.randperm(len(learned)).tolist()
    for step in range(MAX_STEPS):
        rows = [order[(step * BATCH_SIZE + i) % len(order)] for i in range(BATCH_SIZE)]
        for row in rows:
            if time.monotonic() >= end:
                return step
            example = learned[row]
            (
                language.loss(example.turns, example.answer, prefix(example.tokens.to(language.device))) / BATCH_SIZE
            ).backward()
        torch.nn.utils.clip_grad_norm_(prefix.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
    return MAX_STEPS


@torch.no_grad()
def _likelihood(language: LanguageModel, asked: Sequence[tuple[Sequence[str], str, torch.Tensor | None]]) -> float:
    losses = [float(language.loss(turns, answer, prefix)) for turns, answer, prefix in asked]
    return -sum(losses) / len(losses)
