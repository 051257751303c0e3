"""Image encoders: pooled features of several depths, and a few tokens by region. Frozen, so threads may share them."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from dukemm.config import ImageEncoderConfig
from dukemm.domain.encoded import MediumFeatures
from dukemm.domain.errors import DukeMMError
from dukemm.encoders import efficientnet, vit
from dukemm.encoders.device import BATCH_SIZE, device, precision
from dukemm.encoders.efficientnet_openvino import Maps, compile_network
from dukemm.encoders.image_descriptors import build_batch, descriptors_of
from dukemm.encoders.weights.convert import converted
from dukemm.encoders.weights.locate import encoder_folder, located

#: Input side of an image, in pixels: its longer side times UPSCALING, rounded up to SIDE_STEP, at least MIN_SIDE. A fixed
#: side of 224 costs five times as much for small images and gains nothing.
MIN_SIDE, UPSCALING, SIDE_STEP = 96, 3, 32
#: Stages of EfficientNet whose maps are kept: the 4th and 5th tell shapes and textures, the 7th objects.
_SHAPES, _OBJECTS, _HEAD = (3, 4), 6, 7
#: The grid that the embedding is pooled over: 2 × 2 costs a point of accuracy on Fashion-MNIST, 1 × 1 three.
GRID = 3


class ImageEncoder(Protocol):
    """Maps images to features."""

    #: Number of weights.
    parameters: int

    def encode(self, images: Sequence[NDArray[np.uint8]]) -> list[MediumFeatures]:
        """Images (h, w, 3) of any sizes → features, in order. Beyond rounding, the batch does not change them."""
        ...


class EfficientNetEncoder:
    """Tokens (5, 512): whole image and its quarters. "embedding" (1728,), "objects" (1280,)."""

    def __init__(self, config: ImageEncoderConfig, network: efficientnet.EfficientNetLite0) -> None:
        self.config = config
        self.parameters = sum(p.numel() for p in network.parameters())
        self._device, self._precision = device(), precision()
        self._maps = self._on_cpu(network) if self._device == "cpu" else self._on_gpu(network)

    def _on_cpu(self, network: efficientnet.EfficientNetLite0) -> Maps:
        return compile_network(network, self._precision)

    def _on_gpu(self, network: efficientnet.EfficientNetLite0) -> Maps:
        placed = network.to(self._device, self._precision, memory_format=torch.channels_last)

        def maps(images: Tensor) -> list[Tensor]:
            found = placed(images.to(self._device, self._precision, memory_format=torch.channels_last))
            return [grid.float() for grid in found]

        return maps

    def encode(self, images: Sequence[NDArray[np.uint8]]) -> list[MediumFeatures]:
        """See ImageEncoder."""
        sides = [_side(image, self.config.side) for image in images]
        features: dict[int, MediumFeatures] = {}
        size = BATCH_SIZE[self._device]
        for side in sorted(set(sides)):
            places = [i for i, own in enumerate(sides) if own == side]
            for start in range(0, len(places), size):
                batch = places[start : start + size]
                features.update(zip(batch, self._pass([images[i] for i in batch], side), strict=True))
        return [features[i] for i in range(len(images))]

    @torch.inference_mode()
    def _pass(self, images: Sequence[NDArray[np.uint8]], side: int) -> list[MediumFeatures]:
        maps = self._maps((build_batch(images, side) - efficientnet.MEAN) / efficientnet.SPREAD)
        pool = functional.adaptive_avg_pool2d
        shapes = torch.cat([pool(maps[i], GRID).flatten(1) for i in _SHAPES], 1).cpu().numpy()
        objects = maps[_HEAD].mean((2, 3)).cpu().numpy()
        regions = [torch.cat([pool(maps[i], n).flatten(2) for i in (*_SHAPES, _OBJECTS)], 1) for n in (1, 2)]
        tokens = torch.cat(regions, 2).transpose(1, 2).cpu().numpy()
        return [
            MediumFeatures("image", tokens[i], {"embedding": shapes[i], "objects": objects[i], **descriptors_of(image)})
            for i, image in enumerate(images)
        ]


def _side(image: NDArray[np.uint8], max_side: int) -> int:
    wanted = -(-UPSCALING * max(image.shape[:2]) // SIDE_STEP) * SIDE_STEP
    return min(max_side, max(MIN_SIDE, wanted))


def load_image_encoder(config: ImageEncoderConfig) -> ImageEncoder:
    """Load the encoder that a config names. Raises DukeMMError artifact_invalid."""
    if config.architecture == "efficientnet-lite0":
        tensors = converted(config.architecture, located(config), config.sha256)
        try:
            return EfficientNetEncoder(config, efficientnet.from_tensors(tensors))
        except (KeyError, RuntimeError) as error:
            raise DukeMMError("artifact_invalid", f"the weights of {config.name} do not fit: {error}") from error
    return vit.random_encoder() if config.source == "random" else vit.load(encoder_folder(config))
