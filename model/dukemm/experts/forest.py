"""Extremely randomised trees (Geurts et al. 2006); for tables, half of the trees are a random forest (Breiman 2001).

Grown by scikit-learn, stored as arrays and evaluated with NumPy. Random thresholds average well over many similar columns;
a random forest finds the informative column among many uninformative ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor

from dukemm.domain.arrays import Arrays, Matrix

#: Replaces a missing number: below all others, so that a split can separate it.
MISSING = np.float32(-3e38)
TREES = 500
#: Trees per cross-validation fold, where the forest is only evaluated.
FOLD_TREES = 100


@dataclass(frozen=True)
class Forest:
    """Nodes of all trees in one array; a leaf has feature −1 and points to its row of `leaves`."""

    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    #: (nodes, outputs): label frequencies or mean target of each leaf.
    leaves: csr_matrix

    def predict(self, rows: NDArray[np.float32]) -> Matrix:
        """(m, D) rows → (m, outputs) mean over the trees."""
        values = np.where(np.isnan(rows), MISSING, rows)
        trees = len(self.roots)
        nodes = np.tile(self.roots, len(rows))
        row_of_path = np.repeat(np.arange(len(rows)), trees)
        active = np.flatnonzero(self.feature[nodes] >= 0)
        while active.size:
            current = nodes[active]
            go_left = values[row_of_path[active], self.feature[current]] <= self.threshold[current]
            nodes[active] = current = np.where(go_left, self.left[current], self.right[current])
            active = active[self.feature[current] >= 0]
        indptr = np.arange(0, nodes.size + 1, trees)
        reached = csr_matrix((np.ones(nodes.size), nodes, indptr), shape=(len(rows), self.leaves.shape[0]))
        return np.asarray((reached @ self.leaves).todense()) / trees

    def pack(self) -> Arrays:
        """Arrays for the artifact."""
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
        """The inverse of `pack`."""
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
    """Grow trees on (n, D) rows. `labels` 0: regression. Rows of weight 0 are excluded.

    `answers` (n,): label indices or targets. `best_splits`: grow half of the trees as a random forest.
    """
    included = weights > 0
    values = np.where(np.isnan(rows[included]), MISSING, rows[included])
    targets = answers[included].astype(np.int64) if labels else answers[included]
    count = trees - trees // 2 if best_splits else trees
    leaf = 1 if labels else 2
    extra = ExtraTreesClassifier if labels else ExtraTreesRegressor
    models = [extra(count, min_samples_leaf=leaf, max_features="sqrt" if labels else 0.5, random_state=seed)]
    if best_splits:
        bagged = RandomForestClassifier if labels else RandomForestRegressor
        models.append(bagged(trees // 2, min_samples_leaf=leaf, max_features=0.5, random_state=seed))
    for model in models:
        model.fit(values, targets, sample_weight=weights[included])
    grown = [tree.tree_ for model in models for tree in model.estimators_]
    return _flatten(grown, models[0].classes_ if labels else None, max(labels, 1))


def predict_left_out(
    rows: NDArray[np.float32],
    answers: NDArray[np.float64],
    weights: Matrix,
    labels: int,
    folds: NDArray[np.int64],
    seed: int,
    best_splits: bool = False,
) -> Matrix:
    """(n, outputs) out-of-fold predictions; the prior mean if the other folds have fewer than two weighted rows."""
    predictions = np.full(
        (len(rows), max(labels, 1)), 1.0 / labels if labels else float(np.average(answers, weights=weights + 1e-9))
    )
    for fold in np.unique(folds):
        training = folds != fold
        if (weights[training] > 0).sum() >= 2:
            forest = grow(rows[training], answers[training], weights[training], labels, FOLD_TREES, seed, best_splits)
            predictions[~training] = forest.predict(rows[~training])
    return predictions


def _flatten(trees: Sequence[Any], classes: NDArray[np.int64] | None, outputs: int) -> Forest:
    offsets = np.cumsum([0, *(tree.node_count for tree in trees)])
    parts: dict[str, list[np.ndarray]] = {name: [] for name in ("feature", "threshold", "left", "right")}
    leaves = []
    for tree, offset in zip(trees, offsets[:-1], strict=True):
        leaf = tree.children_left < 0
        parts["feature"].append(np.where(leaf, -1, tree.feature))
        parts["threshold"].append(_round_down(tree.threshold))
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


def _round_down(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    """Round thresholds down to float32, so that float32 rows take the same branch as with the float64 threshold."""
    single = thresholds.astype(np.float32)
    return np.where(single.astype(np.float64) > thresholds, np.nextafter(single, np.float32(-np.inf)), single)
