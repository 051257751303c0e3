"""Vision Transformer (Dosovitskiy et al. 2021), from a folder in the hub's layout."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from transformers import ViTConfig, ViTModel

from dukemm.domain.encoded import MediumFeatures
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.device import BATCH_SIZE, device, precision
from dukemm.encoders.image_descriptors import build_batch, descriptors_of


class VitEncoder:
    """A Vision Transformer. Tokens (5, width): the class token and the quarters. "embedding" (2 · width,)."""

    def __init__(self, model: torch.nn.Module, mean: Sequence[float], spread: Sequence[float]) -> None:
        """`mean` and `spread` of the three colours, in levels 0..1."""
        self.parameters = sum(p.numel() for p in model.parameters())
        self._device = device()
        self._model = model.eval().requires_grad_(False).to(self._device, precision())
        self._mean, self._spread = (torch.tensor(values)[:, None, None] for values in (mean, spread))

    def encode(self, images: Sequence[NDArray[np.uint8]]) -> list[MediumFeatures]:
        """See ImageEncoder."""
        size = BATCH_SIZE[self._device]
        return [features for start in range(0, len(images), size) for features in self._pass(images[start : start + size])]

    @torch.inference_mode()
    def _pass(self, images: Sequence[NDArray[np.uint8]]) -> list[MediumFeatures]:
        levels = (build_batch(images, self._model.config.image_size) / 255.0 - self._mean) / self._spread
        hidden = self._model(pixel_values=levels.to(self._device, self._model.dtype)).last_hidden_state.float()
        patches = hidden[:, 1:].transpose(1, 2).unflatten(2, (round((hidden.shape[1] - 1) ** 0.5), -1))
        quarters = functional.adaptive_avg_pool2d(patches, 2).flatten(2).transpose(1, 2)
        tokens = torch.cat([hidden[:, :1], quarters], 1).cpu().numpy()
        pooled = torch.cat([hidden[:, 0], patches.mean((2, 3))], 1).cpu().numpy()
        return [
            MediumFeatures("image", tokens[i], {"embedding": pooled[i], **descriptors_of(image)})
            for i, image in enumerate(images)
        ]


def load(folder: Path) -> VitEncoder:
    """From config.json, model.safetensors and preprocessor_config.json. Raises DukeMMError artifact_invalid."""
    try:
        said = json.loads((folder / "preprocessor_config.json").read_text())
        model = ViTModel.from_pretrained(folder, add_pooling_layer=False, use_safetensors=True, local_files_only=True)
        return VitEncoder(model, said["image_mean"], said["image_std"])
    except (OSError, ValueError, KeyError) as error:
        raise DukeMMError("artifact_invalid", f"the encoder in {folder.name} cannot be read: {error}") from error


def random_encoder() -> VitEncoder:
    """Two small layers with seeded random weights: for tests of the machinery."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        shape = ViTConfig(
            hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, image_size=32, patch_size=8
        )
        return VitEncoder(ViTModel(shape, add_pooling_layer=False), (0.5,) * 3, (0.5,) * 3)
