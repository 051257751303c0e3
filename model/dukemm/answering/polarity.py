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

from dukemm.config import TextEncoderConfig
from dukemm.domain.arrays import Matrix

#: Factor on polarity for labels whose whole difference is polarity; it falls with the share of polarity in their variance.
#: Without loss on 7 sets of topics: 100 to 200 (LOG.md).
FACTOR_PER_SHARE, MAX_FACTOR = 200.0, 50.0
#: The network that the direction was fitted for: the pinned weights of the package, and the same network on the hub.
FITTED_FOR = (
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "sentence-transformers/all-MiniLM-L6-v2",
)
WEIGHTS = Path(__file__).with_name("polarity.npz")


@dataclass(frozen=True)
class Polarity:
    """A unit vector of the embedding space, (width,), and the projection at which texts are neutral."""

    direction: NDArray[np.float64]
    neutral: float

    def of(self, vectors: Matrix) -> Matrix:
        """(m, width) embeddings → (m,) above zero where positive, below where negative."""
        return vectors @ self.direction - self.neutral

    def label_factors(self, labels: Matrix) -> Matrix:
        """(labels, width) embeddings → (labels,) what a unit of a text's polarity adds to its cosine with each label."""
        differences = labels - labels.mean(0)
        along = differences @ self.direction
        share = float((along**2).sum()) / max(float((differences**2).sum()), 1e-12)
        return min(FACTOR_PER_SHARE * share, MAX_FACTOR) * along


def polarity_for(encoder: TextEncoderConfig) -> Polarity | None:
    """The polarity of a text encoder's embeddings; None for an encoder that none was fitted for."""
    return _fitted() if encoder.sha256 in FITTED_FOR or encoder.name in FITTED_FOR else None


@lru_cache(maxsize=1)
def _fitted() -> Polarity:
    with np.load(WEIGHTS) as weights:
        return Polarity(weights["direction"].astype(np.float64), float(weights["neutral"]))
