"""Answers with numbers, from the family's trained model and the task's own examples."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from dukemm.answering.attribution import Direction, attribute_words
from dukemm.answering.explain import nearest_neighbours, rounded_probability, summarise_explanation, was_trained_on
from dukemm.answering.task import TaskRequest, VersionModels
from dukemm.config import ClassifierConfig
from dukemm.contract.limits import MAX_NUMBER
from dukemm.domain.answers import Answer
from dukemm.domain.arrays import Matrix
from dukemm.domain.encoded import EncodedExample, EncodedItem
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import LabelledItem
from dukemm.ensemble.fit import ExternalScores, FitSettings, NumericExamples
from dukemm.ensemble.regressor import FamilyRegressor, PredictedNumbers, fit_regressor
from dukemm.experts.views import FittedViews
from dukemm.versions.family import KnownFamily

#: Fewest examples for estimating the error of a number.
MIN_EXAMPLES = 3


def regression_task(models: VersionModels, request: TaskRequest) -> "RegressionTask":
    """Fit a task that answers with numbers.

    Raises DukeMMError invalid_request if an example's answer is not a number, or if there are too few.
    """
    known = request.known if isinstance(request.known, KnownFamily) else None
    examples = request.examples(models.items, [_parse_number(row) for row in request.own], _parse_recalled)
    if len(examples) < MIN_EXAMPLES and known is None:
        raise DukeMMError("invalid_request", f"examples: a regression needs at least {MIN_EXAMPLES} examples")
    return RegressionTask(models.config.classifier, examples, known)


def _parse_number(row: LabelledItem) -> float:
    try:
        number = float(row.expected)
    except (ValueError, OverflowError) as error:
        raise DukeMMError("invalid_request", f"example {row.item.id}: its answer is not a number") from error
    if not abs(number) <= MAX_NUMBER:
        raise DukeMMError("invalid_request", f"example {row.item.id}: its answer is not a number of at most {MAX_NUMBER:g}")
    return number


def _parse_recalled(row: LabelledItem) -> float | None:
    """Parse the answer of a recalled item; None, which drops the item, if it is not a number."""
    try:
        return _parse_number(row)
    except DukeMMError:
        return None


class RegressionTask:
    """Answers with a number; needs at least MIN_EXAMPLES examples or a trained family."""

    kind: Literal["regression"] = "regression"

    def __init__(
        self, config: ClassifierConfig, examples: Sequence[EncodedExample], known: KnownFamily | None = None
    ) -> None:
        """`expected` of every example must be a finite number."""
        self._config = config
        self._examples = list(examples)
        self._known = known
        self._own: FamilyRegressor | None = None
        if len(examples) < MIN_EXAMPLES:
            return
        items = [example.encoded for example in examples]
        targets = np.asarray([float(example.expected) for example in examples], np.float64)
        self._mean, self._std = float(targets.mean()), max(float(targets.std()), 1e-12)
        external = None
        if known is not None:
            numbers = self._standardised(known.numbers(items).values)
            # Predictions for its own training examples would overstate the family's skill.
            numbers[np.asarray(was_trained_on(examples, known), bool)] = np.nan
            external = ExternalScores(numbers, len(known.records) / (len(known.records) + len(items)))
        numeric = NumericExamples(items, targets, np.ones(len(targets)))
        self._own, _ = fit_regressor(numeric, FitSettings(config.ridge), external=external)

    def answer(self, items: Sequence[EncodedItem], deadline: float = math.inf) -> list[Answer]:
        """One answer per item, in order; weights of words are in standard deviations of the examples' targets."""
        predicted = self._predict(items)
        views = self._views()
        words = attribute_words(views, items, Direction(np.zeros(len(items), np.int64), None, 1.0), self._config.words)
        nearest = nearest_neighbours(self._examples, self._known, items, views, self._config.nearest)
        ends = predicted.intervals
        model = self._own or (self._known.model if self._known is not None else None)
        integers = isinstance(model, FamilyRegressor) and model.integers
        return [
            Answer(
                prediction=_significant(np.round(predicted.values[row]) if integers else predicted.values[row]),
                confidence=rounded_probability(predicted.confidences[row]),
                alternatives=None,
                nearest=nearest[row],
                words=words[row],
                summary=summarise_explanation(words[row], nearest[row], None),
                interval=None if ends is None else (_significant(ends[0][row]), _significant(ends[1][row])),
            )
            for row in range(len(items))
        ]

    def _predict(self, items: Sequence[EncodedItem]) -> PredictedNumbers:
        """Predict in the unit of the targets."""
        if self._known is None:
            assert self._own is not None
            return self._own.predict(items)
        found = self._known.numbers(items)
        return found if self._own is None else self._own.predict(items, self._standardised(found.values))

    def _views(self) -> list[FittedViews]:
        """Kernel views of the task's own regressor and of the family's, scaled to standard deviations of the targets."""
        found = []
        if self._own is not None:
            found.append(self._own.weighted_views(1.0 if self._own.joined is None else float(self._own.joined[0])))
        if self._known is not None and isinstance(self._known.model, FamilyRegressor):
            share = 1.0 if self._own is None or self._own.joined is None else float(self._own.joined[1])
            model = self._known.model
            found.append(model.weighted_views(share * (1.0 if model.joined is None else float(model.joined[0]))))
        return found

    def _standardised(self, values: Matrix) -> Matrix:
        return (values - self._mean) / self._std


def _significant(value: float) -> float:
    """Round to six significant digits."""
    return float(f"{value:.6g}")
