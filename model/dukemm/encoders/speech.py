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
FRAMES, STRIDE = 76, 8
WIDTH = 96
#: Samples that the shortest sound with an embedding has.
SHORTEST = WINDOW + (FRAMES - 1) * HOP
#: Decibels below the loudest that count as silence.
RANGE = 80.0
#: Of batch normalisation, from the graph.
EPSILON = 1e-3
_LEAK, _FLOOR = 0.2, -0.4
#: Where maxima are taken: after which convolution, over how many frames and mels.
_POOLS = {2: (2, 2), 6: (1, 2), 10: (2, 2), 14: (1, 2), 18: (2, 2)}
_LAST = 19
_FIRST, _NORM = "model/conv2d/StatefulPartitionedCall/StatefulPartitionedCall", "model/batch_normalization"


class SpeechEmbedding(nn.Module):
    """Spectrogram and network, frozen."""

    def __init__(self, tensors: Mapping[str, NDArray[np.float32]]) -> None:
        """Initializers of melspectrogram.onnx and embedding_model.onnx. Raises KeyError where one is missing."""
        super().__init__()
        self._keep("real", tensors["0.stft.conv_real.weight"])
        self._keep("imaginary", tensors["0.stft.conv_imag.weight"])
        self._keep("mels", tensors["1.melW"])
        self._keep("weight0", tensors[f"{_FIRST}/Conv2D/ReadVariableOp:0"])
        # The first normalisation comes after the ReLU, so it is not folded into the convolution as the others are.
        gain, shift = tensors[f"{_NORM}/ReadVariableOp:0"], tensors[f"{_NORM}/ReadVariableOp_1:0"]
        mean, variance = (tensors[f"{_NORM}/FusedBatchNormV3/ReadVariableOp{which}:0"] for which in ("", "_1"))
        scale = gain / np.sqrt(variance + np.float32(EPSILON))
        self._keep("scale", scale[:, None, None])
        self._keep("shift", (shift - mean * scale)[:, None, None])
        for i in range(1, _LAST):
            self._keep(f"weight{i}", tensors[f"model/conv2d_{i}/Conv2D_weights_fused_bn"])
            self._keep(f"bias{i}", tensors[f"model/conv2d_{i}/Conv2D_bias_fused_bn"])
        self._keep(f"weight{_LAST}", tensors[f"model/conv2d_{_LAST}/Conv2D/ReadVariableOp:0"])

    def _keep(self, name: str, values: NDArray[np.float32]) -> None:
        self.register_buffer(name, torch.tensor(values))

    def spectrogram(self, samples: Tensor) -> Tensor:
        """(n, samples) in −1..1 → (n, frames, mels): decibels of 16-bit samples, no more than 80 below the loudest."""
        waves = 32768.0 * samples[:, None]
        power = (
            functional.conv1d(waves, self.real, stride=HOP) ** 2 + functional.conv1d(waves, self.imaginary, stride=HOP) ** 2
        )
        decibels = 10.0 * torch.log10((power.transpose(1, 2) @ self.mels).clamp_min(1e-10))
        return torch.maximum(decibels, decibels.amax((1, 2), keepdim=True) - RANGE)

    def embeddings(self, spectrogram: Tensor) -> Tensor:
        """(n, frames, mels) of `spectrogram`, at least 76 frames → (n, windows, 96)."""
        hidden = (spectrogram / 10.0 + 2.0)[:, None]
        hidden = functional.relu(functional.conv2d(functional.pad(hidden, (1, 1)), self.weight0))
        hidden = _leaky(hidden * self.scale + self.shift)
        for i in range(1, _LAST):
            padding = (0, 1) if i % 2 else 0
            hidden = _leaky(
                functional.conv2d(hidden, getattr(self, f"weight{i}"), getattr(self, f"bias{i}"), padding=padding)
            )
            if i in _POOLS:
                hidden = functional.max_pool2d(hidden, _POOLS[i])
        return functional.conv2d(hidden, self.weight19)[..., 0].transpose(1, 2)


def _leaky(hidden: Tensor) -> Tensor:
    return functional.leaky_relu(hidden, _LEAK).clamp_min(_FLOOR)
