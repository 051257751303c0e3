"""Fits one family: its experts, mixed with the word of its buyer's network."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dukemm.config import ModelConfig
from dukemm.data.outcome import Outcome, label_of
from dukemm.features.item import LARGEST
from dukemm.generation.known import MOST as MOST_TEXTS
from dukemm.generation.known import KnownTexts
from dukemm.learn.classifier import FamilyClassifier, fit_classifier, memory_alone
from dukemm.learn.fitting import FittedExperts
from dukemm.learn.known import KnownFamily, Record
from dukemm.learn.regressor import FamilyRegressor, fit_regressor
from dukemm.learn.store import Known
from dukemm.task.blocks import Encoded
from dukemm.task.calibration import CalibrationPrior
from dukemm.task.context import Example
from dukemm.task.explain import excerpt_of
from dukemm.train.ensemble import Ensemble, FamilyInput
from dukemm.train.families import FamilyData

#: Of a family's own items that it must answer before it goes into a version.
PROVEN = 32


@dataclass(frozen=True)
class FitConfig:
    """How a family is fitted."""

    seed: int
    filter_noise: bool
    #: For reports: also answered by the network and the memory alone.
    without_specialists: bool


def fit_family(
    family: FamilyInput, ensemble: Ensemble | None, model: ModelConfig, config: FitConfig
) -> tuple[Known, KnownFamily | None]:
    """The family, and where the config asks for it the same without specialists.

    Raises ValueError where it does not answer its own items with finite numbers, and whatever fitting raises.
    """
    data = family.data
    confirmed = np.flatnonzero(~data.refused)
    encoded = [family.encoded[i] for i in confirmed]
    rows = data.rows(confirmed)
    if data.kind == "generation":
        return KnownTexts(_examples(rows, encoded)[-MOST_TEXTS:]), None
    elsewhere = ensemble.left_out(family)[confirmed] if ensemble else None
    fusion = ensemble.families[data.name] if ensemble else None

    def fit(before: FittedExperts | None) -> tuple[FamilyClassifier | FamilyRegressor, FittedExperts]:
        given = (rows.answers, rows.weights, model.classifier.ridge)
        if data.kind == "classification":
            prior, noise = CalibrationPrior(), config.filter_noise
            classifier, left = fit_classifier(
                data.labels, encoded, *given, prior,
                elsewhere=elsewhere, filter_noise=noise, fitted_before=before, seed=config.seed,
            )  # fmt: skip
            return classifier, left.found
        numbers = None if elsewhere is None else elsewhere[:, 0]
        return fit_regressor(encoded, *given, elsewhere=numbers, fitted_before=before, seed=config.seed)

    records = [
        Record(outcome.id, _expected(outcome), excerpt_of(item), digest)
        for outcome, item, digest in zip(rows.outcomes, encoded, rows.digests, strict=True)
    ]
    fitted, found = fit(None)
    whole = KnownFamily(data.name, data.kind, fitted, fusion, records)
    _prove(whole, encoded[-PROVEN:])
    if not config.without_specialists:
        return whole, None
    return whole, replace(whole, model=fit(memory_alone(found))[0])


def _prove(family: KnownFamily, items: Sequence[Encoded]) -> None:
    """Raises ValueError where the family's answers to these items are not finite, or numbers are too large to deliver."""
    if family.kind == "classification":
        answers, largest = family.logits(items), np.inf
    else:
        answers, largest = family.numbers(items).values, LARGEST
    if not (np.isfinite(answers).all() and (np.abs(answers) <= largest).all()):
        raise ValueError(f"family {family.name} answers its own items with numbers that are not finite")


def _examples(rows: FamilyData, encoded: Sequence[Encoded]) -> list[Example]:
    return [
        Example(outcome.id, label_of(_expected(outcome)), item, digest)
        for outcome, item, digest in zip(rows.outcomes, encoded, rows.digests, strict=True)
    ]


def _expected(outcome: Outcome) -> str | float:
    """The answer of a confirmed row. Raises ValueError for a refused one."""
    if outcome.expected is None:
        raise ValueError(f"outcome {outcome.id} has no answer to learn from")
    return outcome.expected
