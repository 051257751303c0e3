"""Extremely randomised trees (Geurts et al. 2006) and, of tables, as many trees of a random forest (Breiman 2001).

Grown by scikit-learn, kept as arrays and walked by numpy. Random thresholds average well over many similar columns; the
best threshold of half the columns finds the one that matters among many that do not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor

from dukemm.domain.arrays import Arrays, Matrix

#: Stands for a missing number: below all others, so that a split can separate it.
MISSING = np.float32(-3e38)
TREES = 500
#: Trees per fold of the cross-validation, which only measures the forest.
FOLD_TREES = 100


@dataclass(frozen=True)
class Forest:
    """Nodes of all trees in one array; a leaf has feature −1 and points to its row of `leaves`."""

    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    #: (nodes, outputs): shares of the labels, or the mean of the numbers.
    leaves: csr_matrix

    def predict(self, rows: NDArray[np.float32]) -> Matrix:
        """(m, D) → (m, outputs), mean over the trees."""
        values = np.where(np.isnan(rows), MISSING, rows)
        trees = len(self.roots)
        nodes = np.tile(self.roots, len(rows))
        places = np.repeat(np.arange(len(rows)), trees)
        walking = np.flatnonzero(self.feature[nodes] >= 0)
        while walking.size:
            at = nodes[walking]
            go_left = values[places[walking], self.feature[at]] <= self.threshold[at]
            nodes[walking] = at = np.where(go_left, self.left[at], self.right[at])
            walking = walking[self.feature[at] >= 0]
        ends = np.arange(0, nodes.size + 1, trees)
        chosen = csr_matrix((np.ones(nodes.size), nodes, ends), shape=(len(rows), self.leaves.shape[0]))
        return np.asarray((chosen @ self.leaves).todense()) / trees

    def pack(self) -> Arrays:
        """What an artifact keeps."""
        leaves = self.leaves
        return {
            **{name: getattr(self, name) for name in ("roots", "feature", "threshold", "left", "right")},
            "leaf_data": leaves.data.astype(np.float32),
            "leaf_indices": leaves.indices.astype(np.int32),
            "leaf_indptr": leaves.indptr.astype(np.int32),
            "outputs": np.array([leaves.shape[1]], np.int32),
        }

    @staticmethod
    def unpack(arrays: Mapping[str, np.ndarray]) -> "Forest":
        """The forest that `pack` was called on."""
        shape = (len(arrays["leaf_indptr"]) - 1, int(arrays["outputs"][0]))
        parts = (arrays["leaf_data"].astype(np.float64), arrays["leaf_indices"], arrays["leaf_indptr"])
        names = ("roots", "feature", "threshold", "left", "right")
        return Forest(*(arrays[name] for name in names), csr_matrix(parts, shape=shape))


def grow(
    rows: NDArray[np.float32],
    answers: NDArray[np.float64],
    weights: Matrix,
    labels: int,
    trees: int,
    seed: int,
    best_splits: bool = False,
) -> Forest:
    """Grow on (n, D) rows; `labels` 0: numbers. Rows of weight 0 are left out.

    `best_splits`: half of the trees are a random forest's.
    """
    known = weights > 0
    values = np.where(np.isnan(rows[known]), MISSING, rows[known])
    targets = answers[known].astype(np.int64) if labels else answers[known]
    count = trees - trees // 2 if best_splits else trees
    leaf = 1 if labels else 2
    extra = ExtraTreesClassifier if labels else ExtraTreesRegressor
    models = [extra(count, min_samples_leaf=leaf, max_features="sqrt" if labels else 0.5, random_state=seed)]
    if best_splits:
        bagged = RandomForestClassifier if labels else RandomForestRegressor
        models.append(bagged(trees // 2, min_samples_leaf=leaf, max_features=0.5, random_state=seed))
    for model in models:
        model.fit(values, targets, sample_weight=weights[known])
    grown = [tree.tree_ for model in models for tree in model.estimators_]
    return _flatten(grown, models[0].classes_ if labels else None, max(labels, 1))


def left_out(
    rows: NDArray[np.float32],
    answers: NDArray[np.float64],
    weights: Matrix,
    labels: int,
    folds: NDArray[np.int64],
    seed: int,
    best_splits: bool = False,
) -> Matrix:
    """(n, outputs): each row's prediction by a forest that did not see its fold."""
    found = np.full(
        (len(rows), max(labels, 1)), 1.0 / labels if labels else float(np.average(answers, weights=weights + 1e-9))
    )
    for fold in np.unique(folds):
        inside = folds != fold
        if (weights[inside] > 0).sum() >= 2:
            forest = grow(rows[inside], answers[inside], weights[inside], labels, FOLD_TREES, seed, best_splits)
            found[~inside] = forest.predict(rows[~inside])
    return found


def _flatten(trees: Sequence[Any], classes: NDArray[np.int64] | None, outputs: int) -> Forest:
    offsets = np.cumsum([0, *(tree.node_count for tree in trees)])
    parts: dict[str, list[np.ndarray]] = {name: [] for name in ("feature", "threshold", "left", "right")}
    leaves = []
    for tree, offset in zip(trees, offsets[:-1], strict=True):
        leaf = tree.children_left < 0
        parts["feature"].append(np.where(leaf, -1, tree.feature))
        parts["threshold"].append(_single(tree.threshold))
        parts["left"].append(np.where(leaf, 0, tree.children_left + offset))
        parts["right"].append(np.where(leaf, 0, tree.children_right + offset))
        values = tree.value.reshape(tree.node_count, -1) * leaf[:, None]
        if classes is not None:
            values = values / np.maximum(values.sum(1, keepdims=True), 1e-12)
        sparse = csr_matrix(values)
        sparse.indices = (sparse.indices if classes is None else classes[sparse.indices]).astype(np.int32)
        leaves.append(csr_matrix((sparse.data, sparse.indices, sparse.indptr), shape=(len(values), outputs)))
    joined = {name: np.concatenate(arrays) for name, arrays in parts.items()}
    return Forest(
        roots=offsets[:-1].astype(np.int32),
        feature=joined["feature"].astype(np.int32),
        threshold=joined["threshold"].astype(np.float32),
        left=joined["left"].astype(np.int32),
        right=joined["right"].astype(np.int32),
        leaves=vstack(leaves, format="csr"),
    )


def _single(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    """The largest float32 not above each threshold: comparing float32 rows with it decides as the original does."""
    single = thresholds.astype(np.float32)
    return np.where(single.astype(np.float64) > thresholds, np.nextafter(single, np.float32(-np.inf)), single)
