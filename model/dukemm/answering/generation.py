"""Answers in words: copied where examples show that answers are copies, written where not; see dukemm/generation."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from dukemm.answering.explain import nearest_for
from dukemm.answering.task import TaskRequest, VersionModels
from dukemm.domain.answers import Answer, Neighbour
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.domain.outcomes import label_of
from dukemm.encoders.language import Completion, LanguageModel
from dukemm.extraction.copying import Copier
from dukemm.extraction.cues import Asked, Embed, Meanings
from dukemm.extraction.grounding import Made, copied, grounded
from dukemm.extraction.media import Seen
from dukemm.extraction.prefix import FEWEST, LEFT_OUT, FittedPrefix, Shown, fit_prefix
from dukemm.extraction.similarity import rouge_l, token_f1, words
from dukemm.extraction.source import source_of
from dukemm.extraction.summary import Summariser
from dukemm.extraction.writing import Shot, Writer
from dukemm.media.text import without_control
from dukemm.versions.texts import KnownTexts

Way = Literal["copy", "nearest", "extract", "write"]

#: Answers of so many words are compared as texts, shorter ones as a whole.
LONG = 8
#: The model is asked only where nothing else is this good on the examples, and is taken where it is better by MARGIN.
GOOD, MARGIN = 0.5, 0.05
#: Examples that the model is tried on, and the seconds for all of them.
TRIED, TRIED_SECONDS = 3, 20.0
#: Confidence without examples, measured on nothing: low by intention.
UNPROVEN: dict[Way, float] = {"extract": 0.3, "nearest": 0.2, "write": 0.25}
_SUMMARY = re.compile(r"\b(summar\w*|abstract|gist|tl;?dr|shorten|key points|overview|zusammenfass\w*)\b", re.I)
_WRITING = re.compile(
    r"^\W*(please )?(translate|rewrite|rephrase|paraphrase|write|draft|compose|explain|describe|reply)\b", re.I
)


@dataclass(frozen=True)
class GenerationConfig:
    """Bounds of one answer."""

    max_characters: int = 4000
    seconds_an_item: float = 10.0
    nearest: int = 3
    words: int = 8


def generation_task(models: VersionModels, request: TaskRequest) -> "GenerationTask":
    """Fit a task that answers with texts, from its own examples and those that the version has of the family."""
    known = request.known if isinstance(request.known, KnownTexts) else None
    own = request.examples(
        models.items, [label_of(row.expected) for row in request.own], lambda row: label_of(row.expected)
    )
    digests = {example.digest for example in own}
    others = [example for example in known.examples if example.digest not in digests] if known else []
    text = models.text()
    return GenerationTask(
        GenerationConfig(),
        Asked(request.spec.description, request.spec.target),
        lambda texts: text.vectors(texts, request.deadline),
        models.language(),
        [*own, *others],
        request.deadline,
    )


class GenerationTask:
    """Answers with a text. Whatever a description says, nothing is fetched or run: it copies, chooses or predicts words."""

    kind: Literal["generation"] = "generation"

    def __init__(
        self,
        config: GenerationConfig,
        asked: Asked,
        embed: Embed,
        language: LanguageModel | None,
        examples: Sequence[EncodedExample],
        deadline: float = float("inf"),
    ) -> None:
        """`expected` of the examples is the text wanted. Without `language` nothing is written, only copied and chosen."""
        self._config = config
        self._seen = Seen([example.encoded for example in examples])
        self._examples = [replace(example, encoded=self._seen.placed(example.encoded)) for example in examples]
        self._meanings = Meanings(embed)
        self._answers = [_text(example.expected) for example in examples]
        self._texts = [_whole(example.encoded) for example in examples]
        sources = [source_of(example.encoded.views) for example in examples]
        self._copier = Copier(asked, self._meanings, sources, self._answers)
        self._summariser = Summariser(self._meanings, self._texts, self._answers, asked.description)
        self._language = language
        self._writer = Writer(language, asked.description, self._answers) if language else None
        #: What pictures or sounds are to the language model, where that helps it.
        self.prefix: FittedPrefix | None = None
        #: Mean similarity with the examples' answers, of each way, had the example not been there.
        self.left_out: dict[Way, float] = {}
        self.way: Way = self._learned_way(deadline) if examples else self._usual_way(asked)

    def answer(self, items: Sequence[EncodedItem], deadline: float = float("inf")) -> list[Answer]:
        """One answer an item, in order. `deadline` is of time.monotonic(): near it nothing is written any more."""
        if not items:
            return []
        placed = [self._seen.placed(item) for item in items]
        near = nearest_for([e.encoded for e in self._examples], placed, [], self._config.nearest)
        answers = []
        for row, item in enumerate(items):
            end = min(deadline, time.monotonic() + self._config.seconds_an_item)
            made = self._make(item, near[row], end)
            answers.append(
                Answer(
                    prediction=without_control(made.text)[: self._config.max_characters],
                    confidence=round(min(max(made.confidence, 0.0), 1.0), 4),
                    alternatives=None,
                    nearest=[(self._examples[n.example], n) for n in near[row]],
                    words=made.words[: self._config.words],
                    summary=made.reason,
                )
            )
        return answers

    def _make(self, item: EncodedItem, near: Sequence[Neighbour], deadline: float) -> Made:
        if self.way == "write" and self._writer and time.monotonic() < deadline:
            return self._written(item, near, deadline)
        if self.way == "copy":
            return copied(self._copier.answer(source_of(item.views)))
        if self.way == "nearest":
            return Made(
                self._answers[near[0].example],
                self._sure("nearest"),
                [],
                "The answer of the closest example, word for word.",
            )
        text, central = self._summariser.write(_whole(item)), self._summariser.share
        reason = "Sentences of the item itself: " + (
            "its beginning." if central == 0 else "those closest to what all of it says."
        )
        return Made(text, self._sure("extract"), grounded(text, _whole(item)), reason)

    def _written(self, item: EncodedItem, near: Sequence[Neighbour], deadline: float) -> Made:
        assert self._writer is not None
        shots = [Shot(self._texts[n.example], self._answers[n.example]) for n in reversed(near)]
        completion = self._complete(item, shots, deadline)
        sure = self._sure("write") if "write" in self.left_out else UNPROVEN["write"] * completion.probability
        reason = "Written by a small language model; of its words those named stand in the item."
        return Made(completion.text, sure, grounded(completion.text, _whole(item)), reason)

    def _complete(self, item: EncodedItem, shots: Sequence[Shot], deadline: float) -> Completion:
        """With the item's medium before the prompt, where that was learned, which then is without examples."""
        assert self._writer is not None
        tokens = self._seen.tokens(item) if self.prefix else None
        if self.prefix is None or tokens is None:
            return self._writer.write(_whole(item), shots, deadline)
        return self._writer.write(_whole(item), [], deadline, self.prefix.prefix(tokens))

    def _sure(self, way: Way) -> float:
        """Expected similarity with the wanted text; left-out examples against one that went as badly as unproven."""
        if way not in self.left_out:
            return UNPROVEN[way]
        n = len(self._answers)
        return (n * self.left_out[way] + UNPROVEN[way]) / (n + 1)

    def _usual_way(self, asked: Asked) -> Way:
        if _SUMMARY.search(asked.description):
            return "extract"
        return "write" if _WRITING.search(asked.description) and self._writer else "copy"

    def _learned_way(self, deadline: float) -> Way:
        long = float(np.median([len(words(a)) for a in self._answers])) >= LONG
        copies = self._copier.left_out
        share = self._copier.coverage
        self.left_out["copy"] = share * _mean([_alike(v, a, long) for v, a in copies]) if copies else 0.5 * share
        self.left_out["nearest"] = self._nearest_left_out(long)
        tried = self._summariser.left_out
        self.left_out["extract"] = _mean([_alike(v, a, long) for v, a in zip(tried, self._answers, strict=False)])
        best = max(self.left_out, key=lambda way: self.left_out[way])
        if self.left_out[best] >= GOOD or self._writer is None or share >= GOOD:
            return best
        self.prefix = self._learned_prefix(deadline)
        written = self._writing_left_out(long, min(deadline, time.monotonic() + TRIED_SECONDS))
        if written is None:
            return best
        self.left_out["write"] = written
        return "write" if written > self.left_out[best] + MARGIN else best

    def _nearest_left_out(self, long: bool) -> float:
        if len(self._examples) < 2:
            return 0.0
        vectors = np.stack([example.encoded.vector for example in self._examples[:500]]).astype(np.float64)
        similar = vectors @ vectors.T
        np.fill_diagonal(similar, -np.inf)
        return _mean([_alike(self._answers[int(j)], self._answers[i], long) for i, j in enumerate(similar.argmax(1))])

    def _learned_prefix(self, deadline: float) -> FittedPrefix | None:
        """None where too few examples have a picture or sound, or it does not make left-out answers likelier."""
        tokens = [self._seen.tokens(example.encoded) for example in self._examples]
        shown = [i for i, found in enumerate(tokens) if found is not None]
        if self._language is None or self._writer is None or len(shown) < FEWEST:
            return None
        chats = [self._writer.turns(self._texts[i], []) for i in shown]
        plain = [self._writer.turns(self._texts[i], self._shots_without(i)) for i in shown[::LEFT_OUT]]
        own = [Shown(t, self._answers[i], tokens[i]) for t, i in zip(chats, shown, strict=True)]
        fitted = fit_prefix(self._language, own, plain, deadline)
        return fitted if fitted is not None and fitted.helps else None

    def _shots_without(self, i: int) -> list[Shot]:
        others = [j for j in range(len(self._examples)) if j != i]
        near = nearest_for([self._examples[j].encoded for j in others], [self._examples[i].encoded], [], 3)[0]
        return [Shot(self._texts[others[n.example]], self._answers[others[n.example]]) for n in reversed(near)]

    def _writing_left_out(self, long: bool, deadline: float) -> float | None:
        # Every LEFT_OUT-th example with a medium is one that the prefix has not seen.
        seen = [i for i, e in enumerate(self._examples) if self._seen.tokens(e.encoded) is not None]
        chosen = seen[::LEFT_OUT] if self.prefix else range(len(self._examples))
        alike = []
        for i in chosen[:TRIED]:
            if time.monotonic() >= deadline:
                break
            completion = self._complete(self._examples[i].encoded, self._shots_without(i), deadline)
            alike.append(_alike(completion.text, self._answers[i], long))
        return _mean(alike) if alike else None


def _text(expected: str | float) -> str:
    return expected if isinstance(expected, str) else f"{expected:.15g}"


def _whole(item: EncodedItem) -> str:
    """What an item says: its one field, or all of them with their names."""
    source = item.views.source
    return (
        next(iter(source.values())) if len(source) == 1 else "\n".join(f"{name}: {text}" for name, text in source.items())
    )


def _alike(found: str, expected: str, long: bool) -> float:
    if long:
        return (token_f1(found, expected) + rouge_l(found, expected)) / 2
    return 1.0 if found.split() == expected.split() else 0.5 * token_f1(found, expected)


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0
