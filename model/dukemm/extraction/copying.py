"""Copies answers from items: fields of documents and records, short answers from a passage."""

import re
from collections.abc import Sequence

import numpy as np

from dukemm.domain.answers import Attribution
from dukemm.domain.encoded import EXCERPT_CHARACTERS
from dukemm.extraction.candidates import Candidate
from dukemm.extraction.features import AnswerProfile, FeatureExtractor, one_place_per_cue
from dukemm.extraction.grounding import ComposedAnswer
from dukemm.extraction.query import EmbeddingCache, TaskQuery
from dukemm.extraction.ranker import Calibration, Ranker, fit_calibration, most_probable_value, prior_mean
from dukemm.extraction.rewriting import learn_answer_form
from dukemm.extraction.source import Source
from dukemm.extraction.values import folded

#: Examples that the ranker is fitted to, and of them those that are left out in turn.
MAX_FITTED_EXAMPLES, MAX_LEFT_OUT_EXAMPLES = 200, 40
#: Features of the ranker whose weight is attributed to the cue, and to the value; the others are attributed to the line.
_CUE_FEATURE = re.compile(r"cue|every word|before|after|above|path|beside|field")
_VALUE_FEATURE = re.compile(r"type|shape|length|kind|leaf|value|typed|whole|run of|words that")


class Copier:
    """Finds answers that are spans of the item. Works without examples, and learns from them where answers stand."""

    def __init__(
        self, query: TaskQuery, embeddings: EmbeddingCache, sources: Sequence[Source], answers: Sequence[str]
    ) -> None:
        if len(sources) > MAX_FITTED_EXAMPLES:
            chosen = np.linspace(0, len(sources) - 1, MAX_FITTED_EXAMPLES).astype(int)
            sources, answers = [sources[i] for i in chosen], [answers[i] for i in chosen]
        answers = [folded(answer) for answer in answers]
        self._features = FeatureExtractor(query, embeddings)
        self._form, explained = learn_answer_form(query.is_question, sources, answers)
        #: Share of the examples whose answer is a span of the item.
        self.coverage = float(np.mean(explained)) if explained else 0.0
        #: (what would be copied for an example had it not been there, its answer), of up to MAX_LEFT_OUT_EXAMPLES.
        self.left_out: list[tuple[str, str]] = []
        self._profile = AnswerProfile()
        self._calibration = Calibration()
        self._ranker: Ranker | None = None
        spans = [i for i, is_span in enumerate(explained) if is_span]
        if spans:
            self._fit([sources[i] for i in spans], [answers[i] for i in spans], explained.count(False))

    def answer(self, source: Source) -> ComposedAnswer:
        """The most probable span of an item; "" with probability 0 if it has none."""
        candidates = self._form.candidates(source, any_words=bool(source.question) and not self._profile.cues)
        if not candidates:
            return ComposedAnswer("", 0.0, [], "The item has no text to copy from.")
        features = self._features.of(source, candidates, self._profile)
        ranker = self._ranker or Ranker(prior_mean(bool(source.question), False), [], [])
        scores = ranker.scores(features)
        values = [self._form.text(candidate) for candidate in candidates]
        value, probability = most_probable_value(values, scores)
        row = max((i for i, v in enumerate(values) if v == value), key=lambda i: scores[i])
        others = [i for i, v in enumerate(values) if v != value]
        runner_up = max(others, key=lambda i: scores[i]) if others else None
        contributions = ranker.shares(features, row, runner_up)
        return _explained(value, self._calibration.of(probability), candidates[row], contributions)

    def _fit(self, sources: Sequence[Source], answers: Sequence[str], not_spans: int) -> None:
        """Fit ranker and calibration to examples whose answers are spans; `not_spans` counts the others."""
        candidates = [self._form.candidates(source, any_words=bool(source.question)) for source in sources]
        texts = [[folded(self._form.text(c)) for c in found] for found in candidates]
        marks = [np.array([t == answer for t in found]) for answer, found in zip(answers, texts, strict=True)]
        # If an answer stands at several places, a first fit tells which one is meant; only that one enters the profile.
        places = [one_place_per_cue(found, m) for found, m in zip(candidates, marks, strict=True)]
        draft_features = self._features.without_own_answers(sources, candidates, places)
        prior = prior_mean(bool(sources[0].question), len(sources) > 1)
        draft = Ranker(prior, draft_features, marks)
        best = [[draft.best_marked(f, m)] for f, m in zip(draft_features, marks, strict=True)]
        features = self._features.without_own_answers(sources, candidates, best)
        ranker = self._ranker = Ranker(prior, features, marks)
        self._profile = AnswerProfile.of(candidates, best)
        hits: list[tuple[float, bool]] = []
        tried = np.linspace(0, len(sources) - 1, min(len(sources), MAX_LEFT_OUT_EXAMPLES)) if len(sources) > 1 else []
        for i in map(int, tried):
            value, probability = most_probable_value(texts[i], ranker.left_out(i, features[i]))
            self.left_out.append((value, answers[i]))
            hits.append((probability, value == answers[i]))
        # An answer that is not a span cannot be copied: it counts as wrong, at the median probability.
        misses = [(float(np.median([p for p, _ in hits])), False)] * not_spans if hits else []
        self._calibration = fit_calibration([*hits, *misses])


def _explained(value: str, probability: float, chosen: Candidate, contributions: dict[str, float]) -> ComposedAnswer:
    """An answer with the features' contributions to its log-odds over the runner-up, summed by cue, value and line."""
    texts = {"cue": chosen.cue or chosen.field, "value": value, "line": chosen.context}
    weights = dict.fromkeys(texts, 0.0)
    for feature, weight in contributions.items():
        part = "cue" if _CUE_FEATURE.match(feature) else "value" if _VALUE_FEATURE.match(feature) else "line"
        weights[part] += weight
    attributions = [
        Attribution(texts[part][:EXCERPT_CHARACTERS], round(weight, 4), chosen.field or None)
        for part, weight in sorted(weights.items(), key=lambda pair: -abs(pair[1]))
        if abs(weight) > 1e-6 and texts[part]
    ]
    where = f"after «{chosen.cue[:60]}»" if chosen.cue else "at its usual place"
    return ComposedAnswer(value, probability, attributions, f"Copied from {chosen.field or 'the item'}, {where}.")
