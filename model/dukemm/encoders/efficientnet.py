"""EfficientNet-Lite0 (Tan & Le 2019; the Lite variants have ReLU6, no squeeze-and-excitation), as a feature extractor."""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

#: Of each stage: expansion, kernel, stride, channels, blocks.
STAGES = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)
STEM, HEAD = 32, 1280
#: Of batch normalisation in TensorFlow's EfficientNets, where the weights come from.
EPSILON = 1e-3
#: Grey levels 0..255 → (level − 127) / 128, as the weights were trained.
MEAN, SPREAD = 127.0, 128.0


class SameConv(nn.Conv2d):
    """A convolution padded as TensorFlow pads: with an odd sum the larger half is below and on the right."""

    def forward(self, images: Tensor) -> Tensor:
        """(n, channels, height, width) → the same divided by the stride, rounded up."""
        (kernel, _), (stride, _) = self.kernel_size, self.stride
        height, width = images.shape[-2:]
        down, across = (max((-(-side // stride) - 1) * stride + kernel - side, 0) for side in (height, width))
        if down or across:
            images = functional.pad(images, (across // 2, across - across // 2, down // 2, down - down // 2))
        return super().forward(images)


class Block(nn.Module):
    """Inverted residual: widen, look around in each channel, narrow."""

    def __init__(self, before: int, after: int, expansion: int, kernel: int, stride: int) -> None:
        super().__init__()
        wide = before * expansion
        self.expand = SameConv(before, wide, 1) if expansion > 1 else None
        self.depthwise = SameConv(wide, wide, kernel, stride, groups=wide)
        self.project = SameConv(wide, after, 1)
        self.residual = stride == 1 and before == after

    def forward(self, images: Tensor) -> Tensor:
        """(n, before, h, w) → (n, after, h/stride, w/stride)."""
        hidden = images if self.expand is None else functional.relu6(self.expand(images))
        hidden = self.project(functional.relu6(self.depthwise(hidden)))
        return hidden + images if self.residual else hidden


class EfficientNetLite0(nn.Module):
    """The network without its classifier. Batch normalisations are folded into the convolutions before them."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = SameConv(3, STEM, 3, 2)
        blocks: list[Block] = []
        before = STEM
        self.ends: list[int] = []
        for expansion, kernel, stride, after, count in STAGES:
            for i in range(count):
                blocks.append(Block(before, after, expansion, kernel, stride if i == 0 else 1))
                before = after
            self.ends.append(len(blocks))
        self.blocks = nn.ModuleList(blocks)
        self.head = SameConv(before, HEAD, 1)

    def forward(self, images: Tensor) -> list[Tensor]:
        """(n, 3, h, w), normalised → the map at the end of each of the seven stages and of the head, (n, c, h', w')."""
        maps = []
        hidden = functional.relu6(self.stem(images))
        for i, block in enumerate(self.blocks, start=1):
            hidden = block(hidden)
            if i in self.ends:
                maps.append(hidden)
        return [*maps, functional.relu6(self.head(hidden))]


def from_tensors(tensors: Mapping[str, NDArray[np.float32]]) -> EfficientNetLite0:
    """The network with weights as the package names them. Raises KeyError or RuntimeError if they do not fit."""
    network = EfficientNetLite0()
    state: dict[str, Tensor] = {}

    def fold(name: str, conv: str, norm: str) -> None:
        scale = tensors[f"{norm}.weight"] / np.sqrt(tensors[f"{norm}.running_var"] + np.float32(EPSILON))
        state[f"{name}.weight"] = torch.from_numpy(tensors[f"{conv}.weight"] * scale[:, None, None, None])
        state[f"{name}.bias"] = torch.from_numpy(tensors[f"{norm}.bias"] - tensors[f"{norm}.running_mean"] * scale)

    fold("stem", "_conv_stem", "_bn0")
    for i, block in enumerate(network.blocks):
        if block.expand is not None:
            fold(f"blocks.{i}.expand", f"_blocks.{i}._expand_conv", f"_blocks.{i}._bn0")
        fold(f"blocks.{i}.depthwise", f"_blocks.{i}._depthwise_conv", f"_blocks.{i}._bn1")
        fold(f"blocks.{i}.project", f"_blocks.{i}._project_conv", f"_blocks.{i}._bn2")
    fold("head", "_conv_head", "_bn1")
    network.load_state_dict(state)
    return network.eval().requires_grad_(False)
