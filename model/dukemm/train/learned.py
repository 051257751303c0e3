"""Fits one family: its experts, mixed with the predictions of its buyer's network."""

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
from dukemm.versions.texts import MAX_EXAMPLES as MAX_TEXT_EXAMPLES
from dukemm.versions.texts import KnownTexts

#: Training items, the newest, that a fitted family must answer before it goes into a version.
PROBE_ITEMS = 32


@dataclass(frozen=True)
class FitConfig:
    """Settings for fitting a family."""

    seed: int
    filter_noise: bool
    #: For reports: also fit a variant with the network and the memory only.
    without_specialists: bool


def fit_family(
    family: FamilyInput, ensemble: Ensemble | None, model: ModelConfig, config: FitConfig
) -> tuple[Known, KnownFamily | None]:
    """Fit the family and, if configured, its variant without specialists.

    Raises ValueError if it does not answer its own items with finite numbers, and whatever fitting raises.
    """
    data = family.data
    confirmed = np.flatnonzero(~data.refused)
    encoded = [family.encoded[i] for i in confirmed]
    rows = data.rows(confirmed)
    if data.kind == "generation":
        return KnownTexts(_examples(rows, encoded)[-MAX_TEXT_EXAMPLES:]), None
    network_scores = ensemble.left_out(family)[confirmed] if ensemble else None
    fusion = ensemble.families[data.name] if ensemble else None

    def fit(experts: FittedExperts | None) -> tuple[FamilyClassifier | FamilyRegressor, FittedExperts]:
        settings = FitSettings(model.classifier.ridge, filter_noise=config.filter_noise, seed=config.seed)
        if data.kind == "classification":
            labelled = LabelledExamples(data.labels, encoded, rows.answers, rows.weights)
            external = None if network_scores is None else ExternalScores(network_scores)
            classifier, held_out = fit_classifier(labelled, settings, external=external, fitted=experts)
            return classifier, held_out.fitted
        external = None if network_scores is None else ExternalScores(network_scores[:, 0])
        return fit_regressor(
            NumericExamples(encoded, rows.answers, rows.weights), settings, external=external, fitted=experts
        )

    records = [
        ConfirmedExample(outcome.id, _expected(outcome), excerpt_of(item), digest)
        for outcome, item, digest in zip(rows.outcomes, encoded, rows.digests, strict=True)
    ]
    model_fitted, experts = fit(None)
    known = KnownFamily(data.name, data.kind, model_fitted, fusion, records)
    _check_answers(known, encoded[-PROBE_ITEMS:])
    if not config.without_specialists:
        return known, None
    return known, replace(known, model=fit(silence_all_but_memory(experts))[0])


def _check_answers(family: KnownFamily, items: Sequence[EncodedItem]) -> None:
    """Raise ValueError if the family's answers to these items are not finite or exceed MAX_NUMBER."""
    if family.kind == "classification":
        answers, limit = family.logits(items), np.inf
    else:
        answers, limit = family.numbers(items).values, MAX_NUMBER
    if not (np.isfinite(answers).all() and (np.abs(answers) <= limit).all()):
        raise ValueError(f"family {family.name} answers its own items with numbers that are not finite")


def _examples(rows: FamilyData, encoded: Sequence[EncodedItem]) -> list[EncodedExample]:
    return [
        EncodedExample(outcome.id, label_of(_expected(outcome)), item, digest)
        for outcome, item, digest in zip(rows.outcomes, encoded, rows.digests, strict=True)
    ]


def _expected(outcome: Outcome) -> str | float:
    """The answer of a confirmed outcome. Raises ValueError for a refused one."""
    if outcome.expected is None:
        raise ValueError(f"outcome {outcome.id} has no answer to learn from")
    return outcome.expected
