"""The contenders: what a good engineer puts together from scikit-learn in a day, for each kind of data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contenders.estimators import (
    Inputs,
    boosting,
    concatenated,
    concatenated_linear,
    knn,
    linear,
    svc,
    trees,
    words,
    words_boosting,
    words_svc,
    words_trees,
)
from benchmarks.contenders.features import Features
from benchmarks.contenders.learner import Answers, Task
from benchmarks.data.rows import Domain, Row


@dataclass(frozen=True)
class Recipe:
    """Features by name, and what is fitted on them: (features, targets, seed, regression) → a scikit-learn estimator."""

    title: str
    features: tuple[str, ...]
    make: Callable[[Inputs], Any]


def _vectors(feature: str, what: str) -> dict[str, Recipe]:
    """The five for vectors of numbers."""
    grid = "C and gamma by 3-fold CV on at most 1,000"
    return {
        "lr": Recipe(f"LR on {what}, C=1", (feature,), linear(1.0)),
        "lr10": Recipe(f"LR on {what}, C=10, balanced", (feature,), linear(10.0, balanced=True)),
        "knn": Recipe(f"kNN on {what}, k by CV", (feature,), knn()),
        "svc": Recipe(f"SVC-RBF on {what}, {grid}", (feature,), svc()),
        "trees": Recipe(f"extra trees (500) on {what}", (feature,), trees()),
        "boosting": Recipe(f"histogram gradient boosting on {what}", (feature,), boosting()),
    }


_TEXT = {
    "lr": Recipe("TF-IDF + LR, defaults", ("texts",), words(1.0, plain=True)),
    "lr10": Recipe("TF-IDF + LR, C=10, balanced", ("texts",), words(10.0)),
    "knn": Recipe("kNN (5) on MiniLM", ("minilm",), knn(cosine=True)),
    "knn_words": Recipe("kNN (5) on TF-IDF", ("texts",), words(None)),
    "svc": Recipe("TF-IDF of words and pairs + linear SVC", ("texts",), words_svc()),
    "trees": Recipe("extra trees (500) on TF-IDF", ("texts",), words_trees()),
    "boosting": Recipe("histogram gradient boosting on 100 components of TF-IDF", ("texts",), words_boosting()),
}
_PARTS = ("texts", "numbers", "pixels")
#: By modality, then by the contender's name.
RECIPES: Mapping[str, Mapping[str, Recipe]] = {
    "numbers": _vectors("numbers", "scaled numbers"),
    "pixels": {
        **_vectors("pixels", "pixels"),
        "svc_hog": Recipe("SVC-RBF on histograms of gradients (HOG)", ("gradients",), svc()),
    },
    "text": _TEXT,
    "document": {name: Recipe(f"{r.title}, text by pypdf", r.features, r.make) for name, r in _TEXT.items()},
    "sound": {
        **_vectors("mels", "log-mel spectra"),
        "svc_mfcc": Recipe("SVC-RBF on MFCC statistics", ("mfcc",), svc()),
    },
    "mixed": {
        "text_lr10": Recipe("text alone: TF-IDF + LR, C=10, balanced", ("texts",), words(10.0)),
        "numbers_svc": Recipe("numbers alone: SVC-RBF", ("numbers",), svc()),
        "numbers_trees": Recipe("numbers alone: extra trees (500)", ("numbers",), trees()),
        "picture_svc": Recipe("picture alone: SVC-RBF", ("pixels",), svc()),
        "lr": Recipe("all side by side: LR, C=1", _PARTS, concatenated_linear(1.0)),
        "lr10": Recipe("all side by side: LR, C=10, balanced", _PARTS, concatenated_linear(10.0, balanced=True)),
        "knn": Recipe("all side by side (50 components each): kNN", _PARTS, concatenated(knn(), 50)),
        "svc": Recipe("all side by side (50 components each): SVC-RBF", _PARTS, concatenated(svc(), 50)),
        "trees": Recipe("all side by side (50 components each): extra trees (500)", _PARTS, concatenated(trees(), 50)),
        "boosting": Recipe("all side by side (50 components each): boosting", _PARTS, concatenated(boosting(), 50)),
    },
}
#: That exist for every modality: each is a single contender of the stream.
EVERYWHERE = ("lr", "lr10", "knn", "svc", "trees", "boosting")
#: In a stream over several kinds of data, what a contender for one kind does elsewhere.
FALLBACK = {"svc_hog": "svc", "svc_mfcc": "svc", "knn_words": "knn"}
#: Of regression there is one linear one.
CLASSIFICATION_ONLY = ("lr10",)


def names_for(domain: Domain) -> tuple[str, ...]:
    """Contenders that a domain has."""
    names = RECIPES[domain.source.modality]
    return tuple(n for n in names if domain.labels or n not in CLASSIFICATION_ONLY)


class FittedContender:
    """One estimator a domain; one label only, or none yet, is answered as it is."""

    variants = ("whole",)

    def __init__(self, features: Mapping[str, Features], recipes: Mapping[str, Recipe], models: Mapping[str, Any]) -> None:
        self._features, self._recipes, self._models = features, recipes, models

    def predict(self, domain: Domain, rows: Sequence[Row], variant: str = "whole") -> Answers:
        """See Fitted."""
        model = self._models.get(domain.name)
        if isinstance(model, str) or model is None:
            return Answers([model or domain.labels[0]] * len(rows), np.zeros(len(rows)))
        inputs = _inputs(self._features[domain.name], self._recipes[domain.name], rows)
        if not domain.labels:
            return Answers([float(x) for x in model.predict(inputs)])
        if hasattr(model, "predict_proba"):
            probabilities = model.predict_proba(inputs)
            predictions = [str(model.classes_[i]) for i in probabilities.argmax(1)]
            return Answers(predictions, probabilities.max(1), probabilistic=True)
        scores = model.decision_function(inputs)
        scores = np.column_stack([-scores, scores]) if scores.ndim == 1 else scores
        ordered = np.sort(scores, 1)
        return Answers([str(model.classes_[i]) for i in scores.argmax(1)], ordered[:, -1] - ordered[:, -2])


class Contender:
    """A learner of recipes, by the contender's name."""

    def __init__(self, name: str, cache: Path, features: dict[str, Features] | None = None) -> None:
        """`features` are shared between contenders of one process."""
        self.name = name
        self._cache = cache
        self._features = {} if features is None else features

    def recipe(self, domain: Domain) -> Recipe:
        """How it learns a domain."""
        recipes = RECIPES[domain.source.modality]
        return recipes.get(self.name) or recipes[FALLBACK[self.name]]

    def prepare(self, domain: Domain) -> None:
        """Compute the features it needs, so that time and memory of `fit` are of learning."""
        features = self._features.setdefault(domain.name, Features(domain, self._cache))
        for name in self.recipe(domain).features:
            features.all(name)

    def fit(self, tasks: Sequence[Task], seed: int) -> FittedContender:
        """See Learner."""
        models: dict[str, Any] = {}
        for task in tasks:
            self.prepare(task.domain)
            recipe, found = self.recipe(task.domain), {str(row.expected) for row in task.rows}
            if task.domain.labels and len(found) < 2:
                models[task.domain.name] = next(iter(found), None)
                continue
            inputs = _inputs(self._features[task.domain.name], recipe, task.rows)
            targets = np.array([row.expected for row in task.rows])
            make = recipe.make(Inputs(inputs, targets, seed, regression=not task.domain.labels))
            models[task.domain.name] = make.fit(inputs, targets)
        recipes = {task.domain.name: self.recipe(task.domain) for task in tasks}
        return FittedContender(self._features, recipes, models)


def _inputs(features: Features, recipe: Recipe, rows: Sequence[Row]) -> Any:
    """One array, or for several features a table with one column group each."""
    if len(recipe.features) == 1:
        return features.of(recipe.features[0], rows)
    return np.array(list(zip(*(features.of(name, rows) for name in recipe.features), strict=True)), object)
