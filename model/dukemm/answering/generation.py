"""Answers with texts: copied, repeated from the nearest example, extracted or written, by their scores on the examples."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from dukemm.answering.explain import nearest_examples
from dukemm.answering.task import TaskRequest, VersionModels
from dukemm.domain.answers import Answer, Neighbour
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.domain.outcomes import label_of
from dukemm.encoders.language import Completion, LanguageModel
from dukemm.extraction.copying import Copier
from dukemm.extraction.grounding import ComposedAnswer, grounded
from dukemm.extraction.media import CommonMedium
from dukemm.extraction.prefix import HELD_OUT_STEP, MIN_EXAMPLES, FittedPrefix, PrefixExample, fit_prefix
from dukemm.extraction.query import Embed, EmbeddingCache, TaskQuery
from dukemm.extraction.similarity import answer_similarity, words
from dukemm.extraction.source import full_text, source_of
from dukemm.extraction.summary import Summariser
from dukemm.extraction.writing import Shot, Writer
from dukemm.media.text import without_control
from dukemm.versions.texts import KnownTexts

Strategy = Literal["copy", "nearest", "extract", "write"]

#: Answers with at least this median number of words are scored as long texts.
LONG_ANSWER_WORDS = 8
#: The language model is tried if no other strategy reaches this score, and used if it is better by this margin.
GOOD_SCORE, WRITING_MARGIN = 0.5, 0.05
#: Most examples for scoring the language model, and most seconds for all of them.
MAX_WRITTEN_EXAMPLES, WRITING_TIME_SHARE = 3, 1 / 2
#: Most examples for scoring the nearest-example strategy.
MAX_NEAREST_EXAMPLES = 500
#: Confidence without examples. Not measured, therefore low.
DEFAULT_CONFIDENCE: dict[Strategy, float] = {"extract": 0.3, "nearest": 0.2, "write": 0.25}
_ASKS_FOR_SUMMARY = re.compile(r"\b(summar\w*|abstract|gist|tl;?dr|shorten|key points|overview|zusammenfass\w*)\b", re.I)
_ASKS_FOR_WRITING = re.compile(
    r"^\W*(please )?(translate|rewrite|rephrase|paraphrase|write|draft|compose|explain|describe|reply)\b", re.I
)


@dataclass(frozen=True)
class GenerationConfig:
    """Limits of an answer: characters, seconds, and nearest examples and words of its explanation."""

    max_characters: int = 4000
    seconds_per_item: float = 10.0
    nearest: int = 3
    words: int = 8


def generation_task(models: VersionModels, request: TaskRequest) -> "GenerationTask":
    """Fit a task that answers with texts to its own examples and to the family's."""
    known = request.known if isinstance(request.known, KnownTexts) else None
    own = request.examples(
        models.items, [label_of(row.expected) for row in request.own], lambda row: label_of(row.expected)
    )
    digests = {example.digest for example in own}
    others = [example for example in known.examples if example.digest not in digests] if known else []
    text = models.text()
    return GenerationTask(
        GenerationConfig(),
        TaskQuery(request.spec.description, request.spec.target),
        lambda texts: text.vectors(texts, request.deadline),
        models.language(),
        [*own, *others],
        request.deadline,
    )


class GenerationTask:
    """Answers with a text. A task's description cannot make it fetch or run anything."""

    kind: Literal["generation"] = "generation"

    def __init__(
        self,
        config: GenerationConfig,
        query: TaskQuery,
        embed: Embed,
        language: LanguageModel | None,
        examples: Sequence[EncodedExample],
        deadline: float = float("inf"),
    ) -> None:
        """`expected` of the examples is the text wanted. Without `language` no text is written.

        `deadline` is of time.monotonic().
        """
        self._config = config
        self._medium = CommonMedium([example.encoded for example in examples])
        self._examples = [replace(example, encoded=self._medium.with_medium(example.encoded)) for example in examples]
        self._answers = [e.expected if isinstance(e.expected, str) else f"{e.expected:.15g}" for e in examples]
        embeddings = EmbeddingCache(embed)
        self._texts = [full_text(example.encoded.views) for example in examples]
        sources = [source_of(example.encoded.views) for example in examples]
        self._copier = Copier(query, embeddings, sources, self._answers)
        self._summariser = Summariser(embeddings, self._texts, self._answers, query.description)
        self._language = language
        self._writer = Writer(language, query.description, self._answers) if language else None
        self._compose: Mapping[Strategy, Callable[[EncodedItem, Sequence[Neighbour], float], ComposedAnswer]] = {
            "copy": lambda item, near, deadline: self._copier.answer(source_of(item.views)),
            "nearest": lambda item, near, deadline: self._repeat_nearest(near),
            "extract": lambda item, near, deadline: self._extract(item),
            "write": self._write,
        }
        #: Projection of pictures or sounds for the language model; None if it does not make held-out answers likelier.
        self.prefix: FittedPrefix | None = None
        #: Mean leave-one-out score of each strategy on the examples.
        self.left_out: dict[Strategy, float] = {}
        self.strategy: Strategy = self._learn_strategy(deadline) if examples else self._default_strategy(query)

    def answer(self, items: Sequence[EncodedItem], deadline: float = float("inf")) -> list[Answer]:
        """Answer the items, in order. After `deadline` (of time.monotonic()) texts are extracted instead of written."""
        if not items:
            return []
        comparable = [self._medium.with_medium(item) for item in items]
        near = nearest_examples([e.encoded for e in self._examples], comparable, [], self._config.nearest)
        answers = []
        for item, neighbours in zip(items, near, strict=True):
            now = time.monotonic()
            # Extraction is the fallback without time or a model for writing.
            strategy = (
                "extract" if self.strategy == "write" and (self._writer is None or now >= deadline) else self.strategy
            )
            composed = self._compose[strategy](item, neighbours, min(deadline, now + self._config.seconds_per_item))
            answers.append(
                Answer(
                    prediction=without_control(composed.text)[: self._config.max_characters],
                    confidence=round(min(max(composed.confidence, 0.0), 1.0), 4),
                    alternatives=None,
                    nearest=[(self._examples[n.example], n) for n in neighbours],
                    words=composed.words[: self._config.words],
                    summary=composed.reason,
                )
            )
        return answers

    def _repeat_nearest(self, near: Sequence[Neighbour]) -> ComposedAnswer:
        reason = "The answer of the closest example, word for word."
        return ComposedAnswer(self._answers[near[0].example], self._confidence("nearest"), [], reason)

    def _extract(self, item: EncodedItem) -> ComposedAnswer:
        source = full_text(item.views)
        text = self._summariser.write(source)
        which = "its beginning." if self._summariser.share == 0 else "those closest in meaning to the whole text."
        reason = f"Sentences of the item itself: {which}"
        return ComposedAnswer(text, self._confidence("extract"), grounded(text, source), reason)

    def _write(self, item: EncodedItem, near: Sequence[Neighbour], deadline: float) -> ComposedAnswer:
        shots = [Shot(self._texts[n.example], self._answers[n.example]) for n in reversed(near)]
        completion = self._complete(item, shots, deadline)
        confidence = (
            self._confidence("write") if "write" in self.left_out else DEFAULT_CONFIDENCE["write"] * completion.probability
        )
        reason = "Written by a small language model. The words named also occur in the item."
        return ComposedAnswer(completion.text, confidence, grounded(completion.text, full_text(item.views)), reason)

    def _complete(self, item: EncodedItem, shots: Sequence[Shot], deadline: float) -> Completion:
        """Completion with the item's medium as prefix and no shots if a prefix was learned, else with shots."""
        assert self._writer is not None
        text = full_text(item.views)
        tokens = self._medium.tokens(item) if self.prefix else None
        if self.prefix is None or tokens is None:
            return self._writer.write(text, shots, deadline)
        return self._writer.write(text, [], deadline, self.prefix.prefix(tokens))

    def _confidence(self, strategy: Strategy) -> float:
        """Expected score: mean over the left-out examples and one pseudo-example at DEFAULT_CONFIDENCE."""
        if strategy not in self.left_out:
            return DEFAULT_CONFIDENCE[strategy]
        n = len(self._answers)
        return (n * self.left_out[strategy] + DEFAULT_CONFIDENCE[strategy]) / (n + 1)

    def _default_strategy(self, query: TaskQuery) -> Strategy:
        """Choose the strategy of a task without examples by its description."""
        if _ASKS_FOR_SUMMARY.search(query.description):
            return "extract"
        return "write" if _ASKS_FOR_WRITING.search(query.description) and self._writer else "copy"

    def _learn_strategy(self, deadline: float) -> Strategy:
        """Choose the strategy with the best leave-one-out score; sets `left_out` and, if writing is tried, `prefix`."""
        long = float(np.median([len(words(answer)) for answer in self._answers])) >= LONG_ANSWER_WORDS
        coverage, copies = self._copier.coverage, self._copier.left_out
        extracts = zip(self._summariser.left_out, self._answers, strict=False)
        self.left_out["copy"] = coverage * _mean_score(copies, long) if copies else 0.5 * coverage
        self.left_out["nearest"] = _mean_score(self._nearest_left_out(), long)
        self.left_out["extract"] = _mean_score(list(extracts), long)
        best = max(self.left_out, key=lambda strategy: self.left_out[strategy])
        if self.left_out[best] >= GOOD_SCORE or self._writer is None or coverage >= GOOD_SCORE:
            return best
        self.prefix = self._learn_prefix(deadline)
        now = time.monotonic()
        written = self._written_left_out(now + WRITING_TIME_SHARE * (deadline - now))
        if not written:
            return best
        self.left_out["write"] = _mean_score(written, long)
        return "write" if self.left_out["write"] > self.left_out[best] + WRITING_MARGIN else best

    def _nearest_left_out(self) -> list[tuple[str, str]]:
        """(answer of the nearest other example, own answer) for each example."""
        if len(self._examples) < 2:
            return []
        vectors = np.stack([e.encoded.vector for e in self._examples[:MAX_NEAREST_EXAMPLES]]).astype(np.float64)
        similarities = vectors @ vectors.T
        np.fill_diagonal(similarities, -np.inf)
        return [(self._answers[int(j)], self._answers[i]) for i, j in enumerate(similarities.argmax(1))]

    def _learn_prefix(self, deadline: float) -> FittedPrefix | None:
        """Fit the prefix; None with too few pictures or sounds, or if it does not make held-out answers likelier."""
        tokens = [self._medium.tokens(example.encoded) for example in self._examples]
        rows = [(i, found) for i, found in enumerate(tokens) if found is not None]
        if self._language is None or self._writer is None or len(rows) < MIN_EXAMPLES:
            return None
        examples = [PrefixExample(self._writer.turns(self._texts[i], []), self._answers[i], found) for i, found in rows]
        plain = [self._writer.turns(self._texts[i], self._shots_without(i)) for i, _ in rows[::HELD_OUT_STEP]]
        fitted = fit_prefix(self._language, examples, plain, deadline)
        return fitted if fitted is not None and fitted.helps else None

    def _shots_without(self, i: int) -> list[Shot]:
        """The examples nearest to example `i`, the nearest last."""
        others = [j for j in range(len(self._examples)) if j != i]
        near = nearest_examples([self._examples[j].encoded for j in others], [self._examples[i].encoded], [], 3)[0]
        return [Shot(self._texts[others[n.example]], self._answers[others[n.example]]) for n in reversed(near)]

    def _written_left_out(self, deadline: float) -> list[tuple[str, str]]:
        """(written answer, own answer) for some examples that the prefix was not fitted to; empty after the deadline."""
        with_medium = [i for i, e in enumerate(self._examples) if self._medium.tokens(e.encoded) is not None]
        chosen = with_medium[::HELD_OUT_STEP] if self.prefix else range(len(self._examples))
        written: list[tuple[str, str]] = []
        for i in chosen[:MAX_WRITTEN_EXAMPLES]:
            if time.monotonic() >= deadline:
                break
            completion = self._complete(self._examples[i].encoded, self._shots_without(i), deadline)
            written.append((completion.text, self._answers[i]))
        return written


def _mean_score(pairs: Sequence[tuple[str, str]], long: bool) -> float:
    """Mean similarity of (answer, expected answer) pairs; 0 without pairs."""
    return float(np.mean([answer_similarity(found, expected, long) for found, expected in pairs])) if pairs else 0.0
