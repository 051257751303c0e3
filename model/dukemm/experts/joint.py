"""Joint kernel over all modalities: two items are similar if they are similar in each modality.

A sum of views cannot express an answer that depends on a combination of picture, text and numbers; a product of kernels
can (Gönen & Alpaydın 2011, "Multiple kernel learning algorithms"). The kernel is the exponential of minus the sum of
distances, each relative to its mean. Modalities have equal weight; within a modality, views are weighted by skill.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dukemm.domain.arrays import Arrays, Matrix
from dukemm.experts.gaussian_kernels import GaussianBlock, LinearBlock, MediumBlock, NumberBlock, ShapeBlock
from dukemm.experts.kernels import AttributeBlock, CharacterBlock, MeaningBlock, WordBlock
from dukemm.experts.ridge import Centring, Ridge, fit_ridge
from dukemm.experts.views import FittedBlock

#: Candidate widths of the kernel, relative to the mean distance.
WIDTHS = (0.5, 1.0, 2.0, 4.0)
#: Exponent of a view's skill in its weight (skills are square roots, so this is the squared skill).
SKILL_EXPONENT = 4
#: Similarities are clipped at this value before taking logarithms.
MIN_SIMILARITY = 1e-12


@dataclass(frozen=True)
class Joint:
    """Fitted joint kernel ridge; scores are `kernel @ dual + bias`."""

    #: Indices of the views.
    members: tuple[int, ...]
    #: (members,) divisor of each view's distance.
    scales: Matrix
    #: Whether each view's similarity is a cosine; else a Gaussian.
    cosines: tuple[bool, ...]
    width: float
    centring: Centring
    ridge: Ridge

    def similarities(self, kernels: Sequence[Matrix]) -> Matrix:
        """(m, n) similarities, 1 for equal items, from the kernels of all views, (m, n) each."""
        return np.exp(-self.width * _distance([kernels[i] for i in self.members], self.scales, self.cosines))

    def scores(self, similarities: Matrix) -> Matrix:
        """(m, n) similarities → (m, outputs) scores."""
        return self.centring.apply(similarities) @ self.ridge.dual + self.ridge.bias

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """JSON spec and arrays for the artifact."""
        spec = {"members": list(self.members), "cosines": list(self.cosines), "width": self.width}
        numbers = {"mean": self.centring.mean, "scale": self.centring.scale, "scales": self.scales.tolist()}
        arrays = {"dual": self.ridge.dual.astype(np.float32), "bias": self.ridge.bias}
        return {**spec, **numbers}, {**arrays, "column_means": self.centring.column_means}

    @staticmethod
    def unpack(spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> "Joint":
        """The inverse of `pack`."""
        dual = arrays["dual"].astype(np.float64)
        centring = Centring(arrays["column_means"], spec["mean"], spec["scale"])
        ridge = Ridge(dual, arrays["bias"], np.zeros((0, dual.shape[1])))
        scales, cosines = np.array(spec["scales"]), tuple(spec["cosines"])
        return Joint(tuple(spec["members"]), scales, cosines, spec["width"], centring, ridge)


def fit_joint(
    views: Sequence[FittedBlock], skills: Sequence[float], targets: Matrix, weights: Matrix, penalties: Sequence[float]
) -> Joint | None:
    """Fit to (n, outputs) targets; None if the items have fewer than two modalities."""
    modalities = [_modality(view) for view in views]
    members = tuple(i for i, modality in enumerate(modalities) if modality)
    modality_skill = {
        modality: sum(skills[i] ** SKILL_EXPONENT for i in members if modalities[i] == modality) for modality in modalities
    }
    if len({modalities[i] for i in members}) < 2:
        return None
    cosines = tuple(not isinstance(views[i].block, GaussianBlock) for i in members)
    grams = [views[i].block.gram(views[i].width) for i in members]
    means = np.array([_pairwise_distance(gram, cosine).mean() + 1e-9 for gram, cosine in zip(grams, cosines, strict=True)])
    shares = np.array([skills[i] ** SKILL_EXPONENT / modality_skill[modalities[i]] for i in members])
    scales = means * len({modalities[i] for i in members}) / shares
    distance = _distance(grams, scales, cosines)
    ridge, centring, width = fit_ridge(lambda w: np.exp(-w * distance), WIDTHS, targets, weights, penalties)
    return Joint(members, scales, cosines, width, centring, ridge)


def _modality(view: FittedBlock) -> str | None:
    block = view.block
    if isinstance(block, MediumBlock):
        return f"medium {block.medium}"
    if isinstance(block, NumberBlock):
        return None if isinstance(block, LinearBlock) else "numbers"
    return "text" if isinstance(block, MeaningBlock | WordBlock | CharacterBlock | AttributeBlock | ShapeBlock) else None


def _pairwise_distance(similarities: Matrix, cosine: bool) -> Matrix:
    return 1.0 - similarities if cosine else -np.log(np.maximum(similarities, MIN_SIMILARITY))


def _distance(kernels: Sequence[Matrix], scales: Matrix, cosines: Sequence[bool]) -> Matrix:
    parts = (_pairwise_distance(k, cosine) / scale for k, scale, cosine in zip(kernels, scales, cosines, strict=True))
    return sum(parts, np.zeros_like(kernels[0]))
