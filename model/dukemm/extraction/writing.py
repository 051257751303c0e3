"""Answers that a small language model writes, shown the nearest examples."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from dukemm.encoders.language import Completion, LanguageModel

#: Tokens of an answer without examples, examples in a prompt, tokens of the task's description.
TOKENS, SHOTS, DESCRIPTION = 96, 3, 256
#: What the marks of a chat take, each turn.
MARKS = 24


@dataclass(frozen=True)
class Shot:
    """An example as the model is shown it."""

    text: str
    answer: str


class Writer:
    """Prompts: the description and an item's text as the user's turn, answers as the assistant's."""

    def __init__(self, language: LanguageModel, description: str, answers: Sequence[str]) -> None:
        self._language = language
        self._description = language.cut(description, DESCRIPTION)[0]
        lengths = [language.cut(a, language.config.max_new_tokens)[1] for a in answers[:40]]
        self.tokens = min(int(1.5 * max(lengths)) + 8 if lengths else TOKENS, language.config.max_new_tokens)

    def write(self, text: str, shots: Sequence[Shot], deadline: float, prefix: torch.Tensor | None = None) -> Completion:
        """Answer for an item, by `deadline` of time.monotonic(); what is too long of the texts is cut off."""
        return self._language.complete(self.turns(text, shots), self.tokens, deadline, prefix)

    def turns(self, text: str, shots: Sequence[Shot]) -> list[str]:
        """The chat, within the model's prompt: half of the room for the item, the rest for the examples."""
        shots = shots[:SHOTS]
        room = self._language.config.max_prompt_tokens - (len(shots) + 1) * (DESCRIPTION + MARKS) - MARKS
        own = self._language.cut(text, room // 2 if shots else room)[0]
        turns: list[str] = []
        for shot in shots:
            part = room // 2 // len(shots)
            answer = self._language.cut(shot.answer, part // 2)[0]
            turns += [self._asked(self._language.cut(shot.text, part // 2)[0]), answer]
        return [*turns, self._asked(own)]

    def _asked(self, text: str) -> str:
        return f"{self._description}\n\n{text}"
