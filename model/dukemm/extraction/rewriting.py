"""The form of a task's answers: which kinds of span they are, and how the spans are rewritten, as examples prove."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dukemm.extraction.candidates import DEFAULT_KINDS, OPTIONAL_KINDS, Candidate, Kind, candidates_of
from dukemm.extraction.source import Source
from dukemm.extraction.values import date_of, folded, number_of

#: Share of the examples that an optional kind of candidate must explain in addition to be used.
MIN_GAIN_OF_A_KIND = 0.05
#: Examples that a rewriting must explain beyond plain copying to be used.
MIN_EXAMPLES_OF_A_REWRITING = 2
#: The candidate for an empty answer.
EMPTY = Candidate("", "line", "none", "", False, (), (), "", "", 0, 0)


def _rewrite_number(form: Callable[[float], str]) -> Callable[[str], str | None]:
    return lambda text: None if (number := number_of(text)) is None else form(number)


def _rewrite_date(form: str, day_first: bool) -> Callable[[str], str | None]:
    return lambda text: None if (found := date_of(text, day_first)) is None else found.strftime(form)


#: Rewritings by name, plain copying first. Each returns None if it does not apply.
REWRITES: dict[str, Callable[[str], str | None]] = {
    "copy": folded,
    "number": _rewrite_number(lambda n: f"{n:.15g}"),
    "number, two decimals": _rewrite_number(lambda n: f"{n:.2f}"),
    "whole number": _rewrite_number(lambda n: f"{n:.0f}" if n == int(n) else f"{n:.15g}"),
    **{
        f"date {form}, {'day' if day_first else 'month'} first": _rewrite_date(form, day_first)
        for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d %B %Y", "%B %d, %Y", "%Y")
        for day_first in (True, False)
    },
    "small letters": lambda text: folded(text).lower(),
    "capitals": lambda text: folded(text).upper(),
    "title case": lambda text: folded(text).title(),
    "digits": lambda text: re.sub(r"\D", "", text) or None,
}


@dataclass(frozen=True)
class AnswerForm:
    """Kinds of span that answers are, the name of their rewriting, and whether an answer may be empty."""

    kinds: frozenset[Kind]
    rewrite: str
    may_be_empty: bool

    def candidates(self, source: Source, any_words: bool) -> list[Candidate]:
        """Candidates of an item; `any_words` adds every run of words."""
        kinds = self.kinds | {"words"} if any_words else self.kinds
        return candidates_of(source, kinds) + ([EMPTY] if self.may_be_empty else [])

    def text(self, candidate: Candidate) -> str:
        """A candidate as an answer: rewritten, or as it stands if the rewriting does not apply."""
        if self.rewrite == "copy" or not candidate.value:
            return candidate.value
        rewritten = REWRITES[self.rewrite](candidate.value)
        return candidate.value if rewritten is None else rewritten


def learn_answer_form(
    is_question: bool, sources: Sequence[Source], answers: Sequence[str]
) -> tuple[AnswerForm, list[bool]]:
    """The form that explains most of the `folded` answers, and which of the examples it explains."""
    may_be_empty = any(not answer for answer in answers)
    kinds: frozenset[Kind] = DEFAULT_KINDS
    # The answer to a question may be any run of words, whatever the answers of a few examples are.
    if is_question or 2 * sum(bool(source.question) for source in sources) > len(sources):
        kinds |= {"words"}
    if not answers:
        return AnswerForm(kinds, "copy", may_be_empty), []
    rewrite, explained = _rewrite_of_kinds(sources, answers, kinds)
    for kind in OPTIONAL_KINDS:
        if kind not in kinds and sum(explained) < len(answers):
            more = _rewrite_of_kinds(sources, answers, kinds | {kind})
            if sum(more[1]) >= sum(explained) + max(1.0, MIN_GAIN_OF_A_KIND * len(answers)):
                kinds, (rewrite, explained) = kinds | {kind}, more
    return AnswerForm(kinds, rewrite, may_be_empty), explained


def _rewrite_of_kinds(sources: Sequence[Source], answers: Sequence[str], kinds: frozenset[Kind]) -> tuple[str, list[bool]]:
    return proven_rewrite(answers, [{c.value for c in candidates_of(source, kinds)} | {""} for source in sources])


def proven_rewrite(answers: Sequence[str], spans: Sequence[Iterable[str]]) -> tuple[str, list[bool]]:
    """Name of the rewriting that turns a span of each example's source into its answer, and which examples it explains.

    Plain copying, unless another explains at least MIN_EXAMPLES_OF_A_REWRITING examples more.
    """
    sets = [set(texts) for texts in spans]

    def explained_by(name: str) -> list[bool]:
        rewrite = REWRITES[name]
        return [any(rewrite(text) == answer for text in texts) for answer, texts in zip(answers, sets, strict=True)]

    best, explained = "copy", explained_by("copy")
    needed = sum(explained) + MIN_EXAMPLES_OF_A_REWRITING
    for name in REWRITES:
        if needed > len(answers):
            break
        candidate = explained_by(name)
        if sum(candidate) >= max(needed, sum(explained) + 1):
            best, explained = name, candidate
    return best, explained
