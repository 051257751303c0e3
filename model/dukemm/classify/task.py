"""The classifier of one task: fitted on its examples at once, before any training."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from dukemm.classify.blocks import Block, Encoded, Matrix, blocks_for
from dukemm.classify.calibration import Calibration, fit_calibration
from dukemm.classify.ridge import Centring, Ridge, balanced_weights, fit_ridge
from dukemm.config import ClassifierConfig

#: Cosine differences of MiniLM between a fitting and an unfitting label are of this size.
LABEL_TEXT_SCALE = 0.1


@dataclass(frozen=True)
class FittedBlock:
    """A view with its weights for this task."""

    block: Block
    centring: Centring
    ridge: Ridge
    #: Standard deviation of the left-out scores: what makes views comparable.
    spread: float

    def scores(self, items: Sequence[Encoded]) -> Matrix:
        """Standardised scores of items, (m, classes)."""
        rows = self.centring.apply(self.block.compare(items))
        return (rows @ self.ridge.dual + self.ridge.bias) / self.spread


class TaskClassifier:
    """Labels and probabilities for items of one task."""

    def __init__(
        self,
        config: ClassifierConfig,
        label_vectors: NDArray[np.float32],
        examples: Sequence[Encoded],
        answers: Sequence[int],
    ) -> None:
        """`label_vectors` (classes, width) embed the labels' texts; `answers` index the labels, one per example."""
        self._label_vectors = label_vectors.astype(np.float64)
        self.examples = list(examples)
        self.answers = np.asarray(answers, dtype=np.int64)
        classes = len(label_vectors)
        counts = np.bincount(self.answers, minlength=classes)
        self._seen = counts > 0
        # A label's own text counts for much while it has few examples, and for all where it has none.
        self._text_weight = config.label_text_examples / (config.label_text_examples + counts)
        self.blocks: list[FittedBlock] = []
        self._calibration: Calibration | None = None
        if self._seen.sum() >= 2:
            self._fit(config, classes)

    def _fit(self, config: ClassifierConfig, classes: int) -> None:
        targets = np.where(self.answers[:, None] == np.arange(classes)[None], 1.0, -1.0)
        weights = balanced_weights(self.answers, classes)
        left_out = []
        for block in blocks_for(self.examples, config.max_characters):
            gram = block.gram()
            centring = Centring.of(gram)
            ridge = fit_ridge(centring.apply(gram), targets, weights, config.ridge)
            spread = max(float(ridge.left_out.std()), 1e-6)
            self.blocks.append(FittedBlock(block, centring, ridge, spread))
            left_out.append(ridge.left_out / spread)
        if self.blocks:
            combined = self._combined(np.mean(left_out, axis=0), self.examples)
            self._calibration = fit_calibration(combined, self.answers)

    def _label_text_scores(self, items: Sequence[Encoded]) -> Matrix:
        vectors = np.stack([item.clean for item in items]).astype(np.float64)
        cosines = vectors @ self._label_vectors.T
        return (cosines - cosines.mean(1, keepdims=True)) / LABEL_TEXT_SCALE

    def _combined(self, learned: Matrix, items: Sequence[Encoded]) -> Matrix:
        by_text = self._label_text_scores(items)
        # A label without examples was always the wrong one for the learner, which says nothing about it.
        typical = learned[:, self._seen].mean(1, keepdims=True)
        return np.where(self._seen[None], learned, typical) + self._text_weight[None] * by_text

    def probabilities(self, items: Sequence[Encoded]) -> Matrix:
        """(m, classes), rows sum to one. Without examples of two labels: from the meaning of the labels alone."""
        if self._calibration is None:
            return softmax(self._label_text_scores(items), axis=1)
        learned = np.mean([fitted.scores(items) for fitted in self.blocks], axis=0)
        return self._calibration.probabilities(self._combined(learned, items))
