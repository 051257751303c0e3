"""What a frozen encoder and plain arithmetic see in an image or a sound."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

MediumKind = Literal["image", "audio"]


@dataclass(frozen=True)
class MediumFeatures:
    """One image or sound. Documents (pdf, json, text) have none: they are read into an item's fields."""

    kind: MediumKind
    #: (t, width) of the frozen encoder, for fusion to attend to: t is small, and the same for all media of one encoder.
    tokens: NDArray[np.float32]
    #: Vectors of fixed length by name: "embedding" of the encoder, the others computed without learned weights.
    descriptors: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
