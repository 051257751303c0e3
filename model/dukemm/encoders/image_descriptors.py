"""What can be said of an image without learned weights: thumbnails, and histograms of gradients (Dalal & Triggs 2005)."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

Grey = NDArray[np.float32]
#: Sides of the thumbnails in grey and in colour.
GREY_SIDE, COLOUR_SIDE = 28, 8
#: Histograms: side that is looked at, pixels of a cell, directions (light to dark is another than dark to light).
SIDE, CELL, DIRECTIONS = 32, 4, 8
#: No single direction may count for more than this of a block of 2 × 2 cells.
_MOST = 0.2
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def descriptors_of(image: NDArray[np.uint8]) -> Mapping[str, NDArray[np.float32]]:
    """(h, w, 3) → "gradients" (1568,), "pixels" (784,) in grey and "colours" (192,), levels 0..1.

    On Fashion-MNIST with 1,000 labels an SVC reaches 87.3 % with gradients and 82.2 % with pixels (LOG.md).
    """
    levels = image.astype(np.float32) / 255.0
    grey = levels @ _LUMA
    return {
        "gradients": _gradients(scaled(grey[..., None], SIDE)[..., 0]),
        "pixels": scaled(grey[..., None], GREY_SIDE).reshape(-1),
        "colours": scaled(levels, COLOUR_SIDE).reshape(-1),
    }


def scaled(levels: Grey, side: int) -> Grey:
    """(h, w, c) → (side, side, c)."""
    if levels.shape[:2] == (side, side):
        return levels
    planes = torch.from_numpy(levels).permute(2, 0, 1)[None]
    planes = functional.interpolate(planes, size=(side, side), mode="bilinear", antialias=True, align_corners=False)
    return planes[0].permute(1, 2, 0).numpy()


def build_batch(images: Sequence[NDArray[np.uint8]], side: int) -> Tensor:
    """Images of any sizes → (n, 3, side, side), levels 0..255. The whole image is kept, its proportions are not."""
    scaled = []
    for image in images:
        planes = torch.from_numpy(image.astype(np.float32)).permute(2, 0, 1)[None]
        smaller = max(image.shape[:2]) > side
        scaled.append(
            functional.interpolate(planes, size=(side, side), mode="bicubic", antialias=smaller, align_corners=False)
        )
    return torch.cat(scaled).clamp_(0.0, 255.0)


def _gradients(grey: Grey) -> NDArray[np.float32]:
    """(side, side) → (7 · 7 · 4 · 8,)."""
    # The square root makes a difference in the dark count as one in the light.
    grey = np.sqrt(np.maximum(grey, 0.0))
    across, down = np.zeros_like(grey), np.zeros_like(grey)
    across[:, 1:-1] = grey[:, 2:] - grey[:, :-2]
    down[1:-1] = grey[2:] - grey[:-2]
    strength = np.hypot(across, down)
    direction = (np.arctan2(down, across) % (2 * np.pi)) / (2 * np.pi) * DIRECTIONS
    lower = np.floor(direction).astype(np.int64)
    share = direction - lower
    # Each pixel's strength goes to the two directions beside its own.
    votes = np.zeros((*grey.shape, DIRECTIONS), np.float32)
    rows, columns = np.indices(grey.shape)
    votes[rows, columns, lower % DIRECTIONS] += strength * (1 - share)
    votes[rows, columns, (lower + 1) % DIRECTIONS] += strength * share
    cells = SIDE // CELL
    histograms = votes.reshape(cells, CELL, cells, CELL, DIRECTIONS).sum((1, 3))
    blocks = np.concatenate([histograms[i : cells - 1 + i, j : cells - 1 + j] for i in (0, 1) for j in (0, 1)], axis=-1)
    length = np.sqrt((blocks**2).sum(-1, keepdims=True) + 0.01)
    return np.minimum(blocks / length, _MOST).reshape(-1).astype(np.float32)
