"""Labels with probabilities: what a version knows of the family, the task's own examples, and the meaning of the labels."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from dukemm.learn.classifier import FamilyClassifier, fit_classifier
from dukemm.learn.known import KnownFamily
from dukemm.task.blocks import Encoded, Matrix
from dukemm.task.calibration import CalibrationPrior
from dukemm.task.labels import label_keys
from dukemm.task.views import FittedViews, TableScore

#: Labels that a family has not met yet stand behind those that it has.
UNMET = -2.0


class TaskClassifier:
    """The classifier of one task. Works without examples, with one, and with thousands; any set of labels."""

    def __init__(
        self,
        prior: CalibrationPrior,
        label_text_examples: float,
        penalties: Sequence[float],
        labels: Sequence[str],
        label_vectors: NDArray[np.float32],
        examples: Sequence[Encoded],
        answers: Sequence[int],
        known: KnownFamily | None = None,
        seen_in_training: Sequence[bool] = (),
    ) -> None:
        """`label_vectors` (labels, width) embed the labels' texts; `answers` index the labels, one per example.

        `label_text_examples`: how many examples of a label its text is worth. `penalties`: see fit_ridge.
        `seen_in_training` (n,): examples that `known` was trained on say nothing about how good it is.
        """
        self.label_vectors = label_vectors.astype(np.float64)
        self.label_text_scale = prior.label_text_scale
        self.known = known
        self._labels = list(labels)
        self._sharpness = prior.sharpness
        found = np.asarray(answers, dtype=np.int64)
        counts = np.bincount(found, minlength=len(labels))
        # A label's own text counts for much while it has few examples, and for all where it has none.
        self._text_share = label_text_examples / (label_text_examples + counts)
        self.own: FamilyClassifier | None = None
        if (counts > 0).sum() >= 2:
            elsewhere, share = None, 0.0
            if known is not None:
                elsewhere = self._known_logits(examples)
                elsewhere[np.asarray(seen_in_training, bool)] = np.nan
                share = len(known.records) / (len(known.records) + len(examples))
            weights = np.ones(len(found))
            offset = 0.0 if known is not None else self._label_texts(examples)
            self.own, _ = fit_classifier(
                labels, examples, found, weights, penalties, prior,
                offset=offset, elsewhere=elsewhere, elsewhere_share=share, filter_noise=False,
            )  # fmt: skip

    def probabilities(self, items: Sequence[Encoded]) -> Matrix:
        """(m, labels); rows sum to one."""
        logits = self.logits(items)
        shifted = np.exp(logits - logits.max(1, keepdims=True))
        return shifted / shifted.sum(1, keepdims=True)

    def logits(self, items: Sequence[Encoded]) -> Matrix:
        """(m, labels) log-odds."""
        if self.known is not None:
            elsewhere = self._known_logits(items)
            return elsewhere if self.own is None else self.own.logits(items, elsewhere)
        offset = self._label_texts(items)
        return offset if self.own is None else self.own.logits(items, None, offset)

    @property
    def decisive(self) -> FamilyClassifier | None:
        """Whose confidence and sets are to be taken: the task's own, else the family's."""
        if self.own is not None:
            return self.own
        return self.known.model if self.known is not None else None

    def views(self) -> list[FittedViews]:
        """The kernel views with the log-odds that a unit of each is worth in the end, the task's own and the family's."""
        found = []
        if self.own is not None:
            own = 1.0 if self.own.joined is None else float(self.own.joined.weights[0])
            found.append(weighted_views(self.own, own))
        if self.known is not None:
            share = 1.0 if self.own is None or self.own.joined is None else float(self.own.joined.weights[1])
            model = self.known.model
            assert isinstance(model, FamilyClassifier)
            inner = 1.0 if model.joined is None else float(model.joined.weights[0])
            found.append(weighted_views(model, share * inner, self._places(model)))
        return found

    def regions(self, items: Sequence[Encoded], plus: NDArray[np.int64], minus: NDArray[np.int64]) -> Matrix | None:
        """(m, 4) what each quarter of the picture adds to the log-odds of `plus` over `minus`; None without a network."""
        if self.known is None or self.known.fusion is None or not items:
            return None
        model = self.known.model
        assert isinstance(model, FamilyClassifier)
        places = self._places(model)
        if model.joined is None or (places < 0).any():
            return None
        share = 1.0 if self.own is None or self.own.joined is None else float(self.own.joined.weights[1])
        found = self.known.fusion.region_shares(items, places[plus], places[minus])
        return None if found is None else share * float(model.joined.weights[1]) * found

    def _known_logits(self, items: Sequence[Encoded]) -> Matrix:
        assert self.known is not None
        model = self.known.model
        assert isinstance(model, FamilyClassifier)
        logits = self.known.logits(items)
        logits = logits - logits.mean(1, keepdims=True)
        places = self._places(model)
        met = places >= 0
        return np.where(met[None], logits[:, np.maximum(places, 0)], logits.min(1, keepdims=True) + UNMET)

    def _places(self, model: FamilyClassifier) -> NDArray[np.int64]:
        """Where each of the task's labels stands among the family's; −1 where it does not."""
        key = label_keys((model.labels, self._labels))
        there = {key(label): i for i, label in enumerate(model.labels)}
        return np.array([there.get(key(label), -1) for label in self._labels], np.int64)

    def _label_texts(self, items: Sequence[Encoded]) -> Matrix:
        vectors = np.stack([item.vector for item in items]).astype(np.float64)
        cosines = vectors @ self.label_vectors.T
        scores = (cosines - cosines.mean(1, keepdims=True)) / self.label_text_scale
        return self._sharpness * self._text_share[None] * scores


def weighted_views(model: FamilyClassifier, share: float, places: NDArray[np.int64] | None = None) -> FittedViews:
    """A classifier's views with factors that make their scores log-odds; `places` reorders the labels."""
    blocks = []
    for fitted, weight, scale in zip(model.experts.views, model.mixture.weights, model.experts.scales, strict=False):
        ridge = fitted.ridge
        if places is not None:
            at = np.maximum(places, 0)
            ridge = replace(ridge, dual=ridge.dual[:, at], bias=ridge.bias[at])
        blocks.append(replace(fitted, ridge=ridge, factor=float(share * weight * scale)))
    first = len(blocks) + (model.experts.joint is not None)
    tables = [
        TableScore(table.block, partial(_weighted, table.of_rows, float(share * weight * scale), places))
        for table, weight, scale in zip(
            model.experts.tables(), model.mixture.weights[first:], model.experts.scales[first:], strict=False
        )
    ]
    outputs = len(model.labels if places is None else places)
    return FittedViews(tuple(blocks), np.zeros((0, outputs)), tuple(tables))


def _weighted(of_rows: Callable[[Matrix], Matrix], weight: float, places: NDArray[np.int64] | None, rows: Matrix) -> Matrix:
    scores = weight * of_rows(rows)
    return scores if places is None else scores[:, np.maximum(places, 0)]
