"""Answers that a small language model writes, shown the nearest examples."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from dukemm.encoders.language import Completion, LanguageModel

#: Tokens of an answer if there are no examples, examples in a prompt, tokens of the task's description.
DEFAULT_ANSWER_TOKENS, MAX_SHOTS, MAX_DESCRIPTION_TOKENS = 96, 3, 256
#: Tokens of the chat template per turn.
TEMPLATE_TOKENS = 24


@dataclass(frozen=True)
class Shot:
    """An example in a prompt."""

    text: str
    answer: str


class Writer:
    """Prompts: the description and an item's text as the user's turn, answers as the assistant's."""

    def __init__(self, language: LanguageModel, description: str, answers: Sequence[str]) -> None:
        self._language = language
        self._description = language.cut(description, MAX_DESCRIPTION_TOKENS)[0]
        lengths = [language.cut(a, language.config.max_new_tokens)[1] for a in answers[:40]]
        self.tokens = min(int(1.5 * max(lengths)) + 8 if lengths else DEFAULT_ANSWER_TOKENS, language.config.max_new_tokens)

    def write(self, text: str, shots: Sequence[Shot], deadline: float, prefix: torch.Tensor | None = None) -> Completion:
        """Answer for an item, by `deadline` of time.monotonic(); texts that are too long are truncated."""
        return self._language.complete(self.turns(text, shots), self.tokens, deadline, prefix)

    def turns(self, text: str, shots: Sequence[Shot]) -> list[str]:
        """The chat within the prompt limit: half of the tokens for the item, the rest for the examples."""
        shots = shots[:MAX_SHOTS]
        budget = (
            self._language.config.max_prompt_tokens
            - (len(shots) + 1) * (MAX_DESCRIPTION_TOKENS + TEMPLATE_TOKENS)
            - TEMPLATE_TOKENS
        )
        own = self._language.cut(text, budget // 2 if shots else budget)[0]
        turns: list[str] = []
        for shot in shots:
            part = budget // 2 // len(shots)
            answer = self._language.cut(shot.answer, part // 2)[0]
            turns += [self._user_turn(self._language.cut(shot.text, part // 2)[0]), answer]
        return [*turns, self._user_turn(own)]

    def _user_turn(self, text: str) -> str:
        return f"{self._description}\n\n{text}"
