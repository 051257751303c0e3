"""Estimators of scikit-learn, set up for the data that they are to learn from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC, SVR, LinearSVC

#: Settings are chosen on so many rows at most.
CHOOSE_ON = 1000
FOLDS = 3
#: Rounds of boosting at most.
ROUNDS = 200
#: More inputs than these are boosted by so many main components: a round for twenty labels on 1,280 inputs takes a second.
WIDE, COMPONENTS = 200, 60


@dataclass(frozen=True)
class Inputs:
    """What is to be learned from."""

    features: np.ndarray
    targets: np.ndarray
    seed: int
    regression: bool = False

    @property
    def choosable(self) -> bool:
        """Whether there are rows enough for a cross-validation."""
        if len(self.targets) < 30:
            return False
        return self.regression or int(np.unique(self.targets, return_counts=True)[1].max()) >= FOLDS


Make = Callable[[Inputs], Any]


def chosen(estimator: Any, grid: dict[str, list], inputs: Inputs) -> Any:
    """The estimator with the best settings of a grid, not yet fitted on all; its defaults where rows are too few."""
    if not inputs.choosable:
        return estimator
    rows = np.random.default_rng(inputs.seed).permutation(len(inputs.targets))[:CHOOSE_ON]
    search = GridSearchCV(estimator, grid, cv=FOLDS, refit=False, error_score=0.0)
    search.fit(inputs.features[rows], inputs.targets[rows])
    return estimator.set_params(**search.best_params_)


def _scaled(inputs: Inputs) -> Any:
    """Pixels and histograms have one scale already, whose differences mean something: they are float32 here."""
    return "passthrough" if inputs.features.dtype == np.float32 else StandardScaler()


def linear(strength: float, balanced: bool = False) -> Make:
    """Logistic regression; ridge with the penalty by cross-validation where numbers are wanted."""

    def make(inputs: Inputs) -> Any:
        if inputs.regression:
            return make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 4, 13)))
        weights = "balanced" if balanced else None
        return make_pipeline(_scaled(inputs), LogisticRegression(C=strength, max_iter=500, class_weight=weights))

    return make


def knn(cosine: bool = False) -> Make:
    """Nearest neighbours; their number by cross-validation, or five by cosine."""

    def make(inputs: Inputs) -> Any:
        few = min(5, len(inputs.targets))
        if cosine:
            return KNeighborsClassifier(few, metric="cosine")
        if inputs.regression:
            model = Pipeline([("scale", StandardScaler()), ("knn", KNeighborsRegressor(few))])
            return chosen(model, {"knn__n_neighbors": [5, 10, 20, 40]}, inputs)
        model = Pipeline([("scale", _scaled(inputs)), ("knn", KNeighborsClassifier(few, weights="distance"))])
        return chosen(model, {"knn__n_neighbors": [1, 3, 5, 9]}, inputs)

    return make


def svc() -> Make:
    """Support vectors with a Gaussian kernel."""

    def make(inputs: Inputs) -> Any:
        scale = _scaled(inputs)
        variance = 1.0 if scale != "passthrough" else max(float(inputs.features.var()), 1e-9)
        gamma = 1.0 / (inputs.features.shape[1] * variance)
        gammas = [gamma * factor for factor in (0.1, 0.3, 1.0, 3.0)]
        machine = SVR(C=10.0, gamma=gamma) if inputs.regression else SVC(C=10.0, gamma=gamma)
        strengths = [10.0, 30.0, 100.0, 300.0] if inputs.regression else [3.0, 10.0, 30.0]
        return chosen(Pipeline([("scale", scale), ("svc", machine)]), {"svc__C": strengths, "svc__gamma": gammas}, inputs)

    return make


def trees() -> Make:
    """Five hundred extremely randomised trees."""

    def make(inputs: Inputs) -> Any:
        if inputs.regression:
            return ExtraTreesRegressor(500, min_samples_leaf=3, random_state=inputs.seed)
        return ExtraTreesClassifier(500, random_state=inputs.seed)

    return make


def boosting() -> Make:
    """Histogram gradient boosting; it stops early where a tenth of the rows can tell when."""

    def make(inputs: Inputs) -> Any:
        if inputs.regression:
            return HistGradientBoostingRegressor(
                learning_rate=0.05, max_iter=ROUNDS, min_samples_leaf=10, early_stopping=True, random_state=inputs.seed
            )
        counts = np.unique(inputs.targets, return_counts=True)[1]
        early = len(inputs.targets) >= 500 and len(inputs.targets) >= 10 * len(counts) and counts.min() >= 2
        machine = HistGradientBoostingClassifier(
            max_iter=ROUNDS,
            early_stopping=bool(early),
            min_samples_leaf=20 if len(inputs.targets) > 1000 else 5,
            random_state=inputs.seed,
        )
        if inputs.features.shape[1] <= WIDE:
            return machine
        return make_pipeline(PCA(min(COMPONENTS, len(inputs.targets) // 2), random_state=inputs.seed), machine)

    return make


def words(strength: float | None, plain: bool = False) -> Make:
    """TF-IDF, then logistic regression (balanced unless plain) or, without a strength, five nearest neighbours."""

    def make(inputs: Inputs) -> Any:
        vectors = TfidfVectorizer() if plain else TfidfVectorizer(sublinear_tf=True)
        if strength is None:
            return make_pipeline(vectors, KNeighborsClassifier(min(5, len(inputs.targets)), metric="cosine"))
        weights = None if plain else "balanced"
        return make_pipeline(vectors, LogisticRegression(C=strength, max_iter=2000, class_weight=weights))

    return make


def words_svc() -> Make:
    """TF-IDF of words and pairs with a linear support vector machine."""

    def make(inputs: Inputs) -> Any:
        vectors = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), max_features=300_000)
        return make_pipeline(vectors, LinearSVC(C=1.0, class_weight="balanced", random_state=inputs.seed))

    return make


def words_trees() -> Make:
    """Extra trees on TF-IDF."""

    def make(inputs: Inputs) -> Any:
        return make_pipeline(
            TfidfVectorizer(sublinear_tf=True, min_df=2 if len(inputs.targets) > 50 else 1, max_features=20_000),
            ExtraTreesClassifier(500, random_state=inputs.seed),
        )

    return make


def words_boosting() -> Make:
    """Gradient boosting on latent components of TF-IDF (Deerwester et al. 1990)."""

    def make(inputs: Inputs) -> Any:
        count = max(2, min(100, len(inputs.targets) // 2))
        components = np.zeros((len(inputs.targets), count), np.float32)  # boosting() looks at the shape alone
        machine = boosting()(Inputs(components, inputs.targets, inputs.seed))
        return make_pipeline(TfidfVectorizer(sublinear_tf=True), TruncatedSVD(count, random_state=inputs.seed), machine)

    return make


def _column(stack: bool) -> FunctionTransformer:
    """A column of objects as what it holds: arrays on top of each other, or texts."""
    return FunctionTransformer(_stacked if stack else _flat)


def _stacked(column: np.ndarray) -> np.ndarray:
    return np.stack([np.asarray(cell, np.float64) for cell in column.ravel()])


def _flat(column: np.ndarray) -> np.ndarray:
    return column.ravel()


def side_by_side(seed: int, components: int | None) -> ColumnTransformer:
    """Text, numbers and pixels (columns 0 to 2) as one table, text and pixels by main components where asked for."""
    numbers = make_pipeline(_column(True), StandardScaler())
    texts = make_pipeline(_column(False), TfidfVectorizer(sublinear_tf=True))
    pixels = make_pipeline(_column(True))
    if components:
        texts.steps += [("less", TruncatedSVD(components, random_state=seed)), ("scale", StandardScaler())]
        pixels.steps += [("less", PCA(components, random_state=seed)), ("scale", StandardScaler())]
    return ColumnTransformer([("texts", texts, [0]), ("numbers", numbers, [1]), ("pixels", pixels, [2])])


def concatenated_linear(strength: float, balanced: bool = False) -> Make:
    """All words, numbers and pixels, then logistic regression."""

    def make(inputs: Inputs) -> Any:
        weights = "balanced" if balanced else None
        last = LogisticRegression(C=strength, max_iter=500, class_weight=weights)
        return make_pipeline(side_by_side(inputs.seed, None), last)

    return make


def concatenated(make_last: Make, components: int) -> Make:
    """Main components and numbers, then any estimator, set up for what it will see."""

    def make(inputs: Inputs) -> Any:
        table = side_by_side(inputs.seed, max(2, min(components, len(inputs.targets) // 2)))
        last = make_last(Inputs(table.fit_transform(inputs.features, inputs.targets), inputs.targets, inputs.seed))
        return make_pipeline(table, last)

    return make
