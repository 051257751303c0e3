"""Labels with probabilities: learned from a task's examples, and from the meaning of the labels where examples are few."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dukemm.task.blocks import Encoded, Matrix
from dukemm.task.calibration import Calibration, CalibrationPrior, fit_calibration
from dukemm.task.ridge import balanced_weights
from dukemm.task.views import FittedViews, fit_views


class TaskClassifier:
    """The classifier of one task. Works without examples, with one, and with thousands; any set of labels."""

    def __init__(
        self,
        prior: CalibrationPrior,
        label_text_examples: float,
        penalties: Sequence[float],
        label_vectors: NDArray[np.float32],
        examples: Sequence[Encoded],
        answers: Sequence[int],
    ) -> None:
        """`label_vectors` (classes, width) embed the labels' texts; `answers` index the labels, one per example.

        `label_text_examples`: how many examples of a label its text is worth. `penalties`: see fit_ridge.
        """
        self.examples = list(examples)
        self.label_vectors = label_vectors.astype(np.float64)
        self.label_text_scale = prior.label_text_scale
        found = np.asarray(answers, dtype=np.int64)
        classes = len(label_vectors)
        counts = np.bincount(found, minlength=classes)
        self._seen = counts > 0
        # A label's own text counts for much while it has few examples, and for all where it has none.
        self._text_share = label_text_examples / (label_text_examples + counts)
        self.views: FittedViews | None = None
        self.calibration = Calibration(prior.sharpness, np.zeros(classes))
        if self._seen.sum() >= 2:
            targets = np.where(found[:, None] == np.arange(classes)[None], 1.0, -1.0)
            views = fit_views(self.examples, targets, balanced_weights(found, classes), penalties)
            # Examples with nothing in them have no views, but still tell how often each label is right.
            self.views = views if views.blocks else None
            left_out = self._with_label_texts(views.left_out, self.examples)
            self.calibration = fit_calibration(left_out, found, prior)

    def probabilities(self, items: Sequence[Encoded]) -> Matrix:
        """(m, classes); rows sum to one."""
        learned = self.views.scores(items) if self.views else np.zeros((len(items), len(self.label_vectors)))
        return self.calibration.probabilities(self._with_label_texts(learned, items))

    def _with_label_texts(self, learned: Matrix, items: Sequence[Encoded]) -> Matrix:
        if self.views:
            # A label without examples was the wrong one for every example, which says nothing about it.
            typical = learned[:, self._seen].mean(1, keepdims=True)
            learned = np.where(self._seen[None], learned, typical)
        scores = learned - learned.mean(1, keepdims=True)
        return scores + self._text_share[None] * self._label_text_scores(items)

    def _label_text_scores(self, items: Sequence[Encoded]) -> Matrix:
        vectors = np.stack([item.vector for item in items]).astype(np.float64)
        cosines = vectors @ self.label_vectors.T
        return (cosines - cosines.mean(1, keepdims=True)) / self.label_text_scale
