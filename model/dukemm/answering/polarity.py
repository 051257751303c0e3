"""Sentiment in text embeddings: how positive a text is, which the meaning of a label's name alone does not say.

Sentence embeddings order texts by topic: "I love it" is closer to "negative" than to "positive". One direction, fitted by
logistic regression to rated reviews, tweets and words (`python -m benchmarks polarity`), separates positive from negative
texts. Labels that differ along it are labels of sentiment, whatever they are called; labels of topics hardly differ, and
their scores stay as they are.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dukemm.config import TextConfig
from dukemm.domain.arrays import Matrix

#: Factor on polarity for labels whose whole difference is polarity, by encoder; it falls with the share of polarity in
#: their variance, and is at most a quarter of this. Without loss on 7 sets of topics: 100 to 200 for the text encoder.
#: Likelihood of reviews without examples is best at 50 to 100 for the multilingual one (LOG.md).
FACTOR_PER_SHARE = {"text": 200.0, "multilingual": 100.0}
MAX_SHARE = 0.25
#: Encoders that a direction was fitted for, by the pinned hash of their weights or by name, with its name in WEIGHTS.
FITTED_FOR = {
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db": "text",
    "sentence-transformers/all-MiniLM-L6-v2": "text",
    "55462a183cc56603fa57e7d2b56f42b45ae4effbefb84028a30146aa7bc2b415": "multilingual",
}
WEIGHTS = Path(__file__).with_name("polarity.npz")


@dataclass(frozen=True)
class Polarity:
    """A unit vector of the embedding space, (width,), and the projection at which texts are neutral."""

    direction: NDArray[np.float64]
    neutral: float
    #: See FACTOR_PER_SHARE.
    factor_per_share: float

    def of(self, vectors: Matrix) -> Matrix:
        """(m, width) embeddings → (m,) above zero where positive, below where negative."""
        return vectors @ self.direction - self.neutral

    def label_factors(self, labels: Matrix) -> Matrix:
        """(labels, width) embeddings → (labels,) what a unit of a text's polarity adds to its cosine with each label."""
        differences = labels - labels.mean(0)
        along = differences @ self.direction
        share = float((along**2).sum()) / max(float((differences**2).sum()), 1e-12)
        return self.factor_per_share * min(share, MAX_SHARE) * along


def polarity_for(encoder: TextConfig) -> Polarity | None:
    """The polarity of an encoder's embeddings; None for an encoder that none was fitted for."""
    name = FITTED_FOR.get(encoder.sha256) or FITTED_FOR.get(encoder.name)
    return None if name is None else _fitted(name)


@lru_cache(maxsize=2)
def _fitted(name: str) -> Polarity:
    with np.load(WEIGHTS) as weights:
        direction = weights[f"{name}.direction"].astype(np.float64)
        return Polarity(direction, float(weights[f"{name}.neutral"]), FACTOR_PER_SHARE[name])
