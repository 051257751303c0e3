"""What a good engineer tries in a day on data of any kind: tables as they come, texts, pictures, sounds and documents."""

import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from scipy.sparse import csr_matrix, hstack
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import LabelEncoder, StandardScaler
from sklearn.svm import SVC, LinearSVC

from benchmarks.contenders.cells_of_tables import CellColumns
from benchmarks.contenders.duke_items import DukeItems
from benchmarks.contenders.features import Features, content
from benchmarks.contenders.learner import Answers
from benchmarks.data.rows import Domain, Row

TREES = 300
#: Rounds of boosting of CatBoost and LightGBM.
ROUNDS = 300


@dataclass(frozen=True)
class WideRecipe:
    """Features of a row by name, and the estimator of (seed) that learns from them."""

    features: str
    classifier: Callable[[int], Any] | None
    regressor: Callable[[int], Any] | None = None


def _linear(seed: int) -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))


def _forest(seed: int) -> Any:
    return RandomForestClassifier(TREES, max_features=0.5, random_state=seed)


def _boosting(seed: int) -> Any:
    return HistGradientBoostingClassifier(min_samples_leaf=5, random_state=seed)


def _forest_regressor(seed: int) -> Any:
    return RandomForestRegressor(TREES, max_features=0.5, random_state=seed)


def _boosting_regressor(seed: int) -> Any:
    return HistGradientBoostingRegressor(min_samples_leaf=5, random_state=seed)


def _ridge(seed: int) -> Any:
    return make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 4, 13)))


def _votes(seed: int) -> Any:
    return VotingClassifier([("rf", _forest(seed)), ("hgb", _boosting(seed)), ("lr", _linear(seed))], voting="soft")


def _mean(seed: int) -> Any:
    return VotingRegressor([("rf", _forest_regressor(seed)), ("hgb", _boosting_regressor(seed)), ("ridge", _ridge(seed))])


def _logarithmic(make: Callable[[int], Any]) -> Callable[[int], Any]:
    """The regressor of the logarithm of a positive target."""
    return lambda seed: TransformedTargetRegressor(make(seed), func=np.log, inverse_func=np.exp, check_inverse=False)


def _catboost(kind: str) -> Callable[[int], Any]:
    def make(seed: int) -> Any:
        import catboost

        settings = {
            "iterations": ROUNDS,
            "random_seed": seed,
            "verbose": False,
            "allow_writing_files": False,
            "thread_count": 1,
        }
        return getattr(catboost, kind)(**settings)

    return make


def _lightgbm(kind: str) -> Callable[[int], Any]:
    def make(seed: int) -> Any:
        import lightgbm

        return getattr(lightgbm, kind)(
            n_estimators=ROUNDS, learning_rate=0.05, min_child_samples=5, random_state=seed, n_jobs=1, verbose=-1
        )

    return make


def _text(vectors: Callable[[], Any], last: Callable[[], Any]) -> WideRecipe:
    return WideRecipe("texts", lambda seed: make_pipeline(vectors(), last()))


def _words() -> Any:
    return TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), max_features=200_000)


def _characters() -> Any:
    return TfidfVectorizer(analyzer="char_wb", sublinear_tf=True, ngram_range=(2, 5), max_features=200_000)


def _logistic() -> Any:
    return LogisticRegression(C=10.0, max_iter=1000, class_weight="balanced")


def _machine() -> Any:
    return LinearSVC(C=1.0, class_weight="balanced", random_state=0)


def _on(features: str, make: Callable[[int], Any]) -> WideRecipe:
    return WideRecipe(features, lambda seed: make_pipeline(StandardScaler(), make(seed)))


_TABLE: Mapping[str, WideRecipe] = {
    "majority": WideRecipe("cells", lambda seed: DummyClassifier(), lambda seed: DummyRegressor()),
    "linear": WideRecipe("cells", _linear, _ridge),
    "forest": WideRecipe("cells", _forest, _forest_regressor),
    "extra_trees": WideRecipe(
        "cells",
        lambda seed: ExtraTreesClassifier(TREES, random_state=seed),
        lambda seed: ExtraTreesRegressor(TREES, random_state=seed),
    ),
    "boosting": WideRecipe("cells", _boosting, _boosting_regressor),
    "catboost": WideRecipe("cells", _catboost("CatBoostClassifier"), _catboost("CatBoostRegressor")),
    "lightgbm": WideRecipe("cells", _lightgbm("LGBMClassifier"), _lightgbm("LGBMRegressor")),
    "votes": WideRecipe("cells", _votes, _mean),
    "log_ridge": WideRecipe("cells", None, _logarithmic(_ridge)),
    "log_boosting": WideRecipe("cells", None, _logarithmic(_boosting_regressor)),
    "log_votes": WideRecipe("cells", None, _logarithmic(_mean)),
}
_TEXT: Mapping[str, WideRecipe] = {
    "majority": WideRecipe("texts", lambda seed: DummyClassifier()),
    "words": _text(_words, _logistic),
    "words_svc": _text(_words, _machine),
    "characters": _text(_characters, _logistic),
    "both_svc": _text(lambda: FeatureUnion([("words", _words()), ("characters", _characters())]), _machine),
    "minilm": WideRecipe("minilm", lambda seed: _logistic()),
    "minilm_words": WideRecipe("minilm+texts", lambda seed: _logistic()),
}
#: Contenders of each modality by name.
RECIPES: Mapping[str, Mapping[str, WideRecipe]] = {
    "fields": _TABLE,
    "text": _TEXT,
    "document": _TEXT,
    "pixels": {
        "majority": WideRecipe("colours", lambda seed: DummyClassifier()),
        "pixels": _on("colours", lambda seed: LogisticRegression(max_iter=500)),
        "pixels_svc": _on("colours", lambda seed: SVC(C=10.0)),
        "trees": WideRecipe("colours", lambda seed: ExtraTreesClassifier(TREES, random_state=seed)),
        "efficientnet": _on("efficientnet", lambda seed: LogisticRegression(max_iter=500)),
        "efficientnet_svc": _on("efficientnet", lambda seed: SVC(C=10.0)),
    },
    "sound": {
        "majority": WideRecipe("mfcc", lambda seed: DummyClassifier()),
        "mels": _on("mels", lambda seed: LogisticRegression(max_iter=500)),
        "mfcc_svc": _on("mfcc", lambda seed: SVC(C=10.0)),
        "trees": WideRecipe("mfcc", lambda seed: ExtraTreesClassifier(TREES, random_state=seed)),
        "speech": _on("speech", lambda seed: LogisticRegression(max_iter=500)),
    },
}


def contenders_of(domain: Domain) -> tuple[str, ...]:
    """Names of the contenders that a data set has; of logarithms only where every target is positive."""
    positive = bool(domain.labels) or min(float(row.expected) for row in domain.pool) > 0
    return tuple(
        name
        for name, recipe in RECIPES[domain.source.modality].items()
        if (recipe.classifier if domain.labels else recipe.regressor) and (positive or not name.startswith("log_"))
    )


class WideFeatures:
    """Features of the rows of one data set, each computed once."""

    def __init__(self, domain: Domain, cache: Path, encoded: DukeItems) -> None:
        self._features, self._encoded = Features(domain, cache), encoded

    def of(self, name: str, train: Sequence[Row], rows: Sequence[Row]) -> Any:
        """Inputs of `rows`, (rows, …); columns of tables and words are learned from `train`."""
        if name == "cells":
            return CellColumns(train).transform(rows)
        if name == "minilm+texts":
            words = _words().fit(self._features.of("texts", train))
            dense = csr_matrix(self._features.of("minilm", rows))
            return hstack([dense, words.transform(self._features.of("texts", rows))]).tocsr()
        if name == "colours":
            return np.array([_colours(row) for row in rows])
        if name in _DESCRIPTORS:
            media = [next(iter(item.media.values())) for item in self._encoded.of(rows)]
            return np.array([medium.descriptors[_DESCRIPTORS[name]] for medium in media])
        return self._features.of(name, rows)


#: Descriptors of a medium by what the network is called here.
_DESCRIPTORS = {"efficientnet": "objects", "speech": "embedding"}
#: Pictures are this wide and high for the contenders that read pixels.
_SIDE = 32


def _colours(row: Row) -> np.ndarray:
    """Red, green and blue of the one picture on white, 0..1, flat."""
    (medium,) = row.item.media.values()
    picture = Image.open(io.BytesIO(content(medium))).convert("RGBA").resize((_SIDE, _SIDE))
    ground = Image.new("RGBA", picture.size, "white")
    return np.asarray(Image.alpha_composite(ground, picture).convert("RGB"), np.float32).ravel() / 255


def answer(
    name: str, domain: Domain, features: WideFeatures, train: Sequence[Row], asked: Sequence[Row], seed: int
) -> Answers:
    """Fit one contender on `train` and answer `asked`; where all of `train` has one label, that label."""
    targets = np.array([row.expected for row in train])
    if domain.labels and len(set(targets)) < 2:
        return Answers([str(targets[0])] * len(asked), np.ones(len(asked)), probabilistic=True)
    recipe = RECIPES[domain.source.modality][name]
    make = recipe.classifier if domain.labels else recipe.regressor
    assert make is not None
    model = clone(make(seed)) if not name.startswith(("catboost", "lightgbm")) else make(seed)
    inputs, wanted = features.of(recipe.features, train, train), features.of(recipe.features, train, asked)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of solvers that stop at their limit, and of labels with one example
        if not domain.labels:
            model.fit(inputs, targets.astype(float))
            return Answers([float(x) for x in model.predict(wanted)])
        codes = LabelEncoder().fit(targets)
        model.fit(inputs, codes.transform(targets))
        predictions = [str(x) for x in codes.inverse_transform(np.ravel(model.predict(wanted)).astype(int))]
        if not hasattr(model, "predict_proba") or (isinstance(model, Pipeline) and not hasattr(model[-1], "predict_proba")):
            return Answers(predictions)
        return Answers(predictions, model.predict_proba(wanted).max(1), probabilistic=True)
