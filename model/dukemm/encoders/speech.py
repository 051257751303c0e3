"""Google's speech embedding (Lin et al. 2020, arXiv 2002.01322): 0.76 s of sound → 96 numbers, every 80 ms.

Built to the graphs that openWakeWord carries. The network pads the mels and never the time, so one pass over a whole sound
gives the same as one pass a window, at a fraction of the cost.
"""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

RATE = 16_000
#: Samples of a frame's window, and from frame to frame.
WINDOW, HOP = 512, 160
MELS = 32
#: Frames of an embedding, and from one to the next.
WINDOW_FRAMES, STRIDE = 76, 8
WIDTH = 96
#: Samples of the shortest sound that has an embedding.
MIN_SAMPLES = WINDOW + (WINDOW_FRAMES - 1) * HOP
#: Decibels below the loudest frame at which the spectrogram is clipped.
DYNAMIC_RANGE_DB = 80.0
#: Epsilon of batch normalisation, from the graph.
EPSILON = 1e-3
_LEAK, _FLOOR = 0.2, -0.4
#: Max pooling by the index of the convolution before it: (frames, mels).
_POOLS = {2: (2, 2), 6: (1, 2), 10: (2, 2), 14: (1, 2), 18: (2, 2)}
_LAST_CONVOLUTION = 19
_FIRST, _NORM = "model/conv2d/StatefulPartitionedCall/StatefulPartitionedCall", "model/batch_normalization"


class SpeechEmbedding(nn.Module):
    """Spectrogram and network, frozen."""

    def __init__(self, tensors: Mapping[str, NDArray[np.float32]]) -> None:
        """Initializers of melspectrogram.onnx and embedding_model.onnx. Raises KeyError if one is missing."""
        super().__init__()
        self._add_buffer("real", tensors["0.stft.conv_real.weight"])
        self._add_buffer("imaginary", tensors["0.stft.conv_imag.weight"])
        self._add_buffer("mels", tensors["1.melW"])
        self._add_buffer("weight0", tensors[f"{_FIRST}/Conv2D/ReadVariableOp:0"])
        # The first normalisation comes after the ReLU, so it is not folded into the convolution as the others are.
        gain, shift = tensors[f"{_NORM}/ReadVariableOp:0"], tensors[f"{_NORM}/ReadVariableOp_1:0"]
        mean, variance = (tensors[f"{_NORM}/FusedBatchNormV3/ReadVariableOp{which}:0"] for which in ("", "_1"))
        scale = gain / np.sqrt(variance + np.float32(EPSILON))
        self._add_buffer("scale", scale[:, None, None])
        self._add_buffer("shift", (shift - mean * scale)[:, None, None])
        for i in range(1, _LAST_CONVOLUTION):
            self._add_buffer(f"weight{i}", tensors[f"model/conv2d_{i}/Conv2D_weights_fused_bn"])
            self._add_buffer(f"bias{i}", tensors[f"model/conv2d_{i}/Conv2D_bias_fused_bn"])
        self._add_buffer(f"weight{_LAST_CONVOLUTION}", tensors[f"model/conv2d_{_LAST_CONVOLUTION}/Conv2D/ReadVariableOp:0"])

    def _add_buffer(self, name: str, values: NDArray[np.float32]) -> None:
        self.register_buffer(name, torch.tensor(values))

    def spectrogram(self, samples: Tensor) -> Tensor:
        """(n, samples) in −1..1 → (n, frames, mels): decibels of 16-bit samples, no more than 80 below the loudest."""
        waves = 32768.0 * samples[:, None]
        power = (
            functional.conv1d(waves, self.real, stride=HOP) ** 2 + functional.conv1d(waves, self.imaginary, stride=HOP) ** 2
        )
        decibels = 10.0 * torch.log10((power.transpose(1, 2) @ self.mels).clamp_min(1e-10))
        return torch.maximum(decibels, decibels.amax((1, 2), keepdim=True) - DYNAMIC_RANGE_DB)

    def embeddings(self, spectrogram: Tensor) -> Tensor:
        """(n, frames, mels) of `spectrogram`, at least 76 frames → (n, windows, 96)."""
        hidden = (spectrogram / 10.0 + 2.0)[:, None]
        hidden = functional.relu(functional.conv2d(functional.pad(hidden, (1, 1)), self.weight0))
        hidden = _leaky(hidden * self.scale + self.shift)
        for i in range(1, _LAST_CONVOLUTION):
            padding = (0, 1) if i % 2 else 0
            hidden = _leaky(
                functional.conv2d(hidden, getattr(self, f"weight{i}"), getattr(self, f"bias{i}"), padding=padding)
            )
            if i in _POOLS:
                hidden = functional.max_pool2d(hidden, _POOLS[i])
        return functional.conv2d(hidden, self.weight19)[..., 0].transpose(1, 2)


def _leaky(hidden: Tensor) -> Tensor:
    return functional.leaky_relu(hidden, _LEAK).clamp_min(_FLOOR)
