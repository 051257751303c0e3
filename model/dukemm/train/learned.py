"""Fits one family: its experts, mixed with the word of its buyer's network."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dukemm.config import ModelConfig
from dukemm.contract.limits import MAX_NUMBER
from dukemm.domain.answers import ConfirmedExample
from dukemm.domain.encoded import EncodedExample, EncodedItem, excerpt_of
from dukemm.domain.outcomes import Outcome, label_of
from dukemm.ensemble.classifier import FamilyClassifier, fit_classifier, silence_all_but_memory
from dukemm.ensemble.fit import ExternalScores, FitSettings, LabelledExamples, NumericExamples
from dukemm.ensemble.regressor import FamilyRegressor, fit_regressor
from dukemm.experts.fitting import FittedExperts
from dukemm.train.ensemble import Ensemble, FamilyInput
from dukemm.train.families import FamilyData
from dukemm.versions.families import Known
from dukemm.versions.family import KnownFamily
from dukemm.versions.texts import MOST as MOST_TEXTS
from dukemm.versions.texts import KnownTexts

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
        settings = FitSettings(model.classifier.ridge, filter_noise=config.filter_noise, seed=config.seed)
        if data.kind == "classification":
            labelled = LabelledExamples(data.labels, encoded, rows.answers, rows.weights)
            external = None if elsewhere is None else ExternalScores(elsewhere)
            classifier, held_out = fit_classifier(labelled, settings, external=external, fitted=before)
            return classifier, held_out.fitted
        external = None if elsewhere is None else ExternalScores(elsewhere[:, 0])
        return fit_regressor(
            NumericExamples(encoded, rows.answers, rows.weights), settings, external=external, fitted=before
        )

    records = [
        ConfirmedExample(outcome.id, _expected(outcome), excerpt_of(item), digest)
        for outcome, item, digest in zip(rows.outcomes, encoded, rows.digests, strict=True)
    ]
    fitted, found = fit(None)
    whole = KnownFamily(data.name, data.kind, fitted, fusion, records)
    _prove(whole, encoded[-PROVEN:])
    if not config.without_specialists:
        return whole, None
    return whole, replace(whole, model=fit(silence_all_but_memory(found))[0])


def _prove(family: KnownFamily, items: Sequence[EncodedItem]) -> None:
    """Raises ValueError where the family's answers to these items are not finite, or numbers are too large to deliver."""
    if family.kind == "classification":
        answers, largest = family.logits(items), np.inf
    else:
        answers, largest = family.numbers(items).values, MAX_NUMBER
    if not (np.isfinite(answers).all() and (np.abs(answers) <= largest).all()):
        raise ValueError(f"family {family.name} answers its own items with numbers that are not finite")


def _examples(rows: FamilyData, encoded: Sequence[EncodedItem]) -> list[EncodedExample]:
    return [
        EncodedExample(outcome.id, label_of(_expected(outcome)), item, digest)
        for outcome, item, digest in zip(rows.outcomes, encoded, rows.digests, strict=True)
    ]


def _expected(outcome: Outcome) -> str | float:
    """The answer of a confirmed row. Raises ValueError for a refused one."""
    if outcome.expected is None:
        raise ValueError(f"outcome {outcome.id} has no answer to learn from")
    return outcome.expected
