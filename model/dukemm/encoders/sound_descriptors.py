"""What can be said of a sound without learned weights."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

#: Tokens of a sound, in the order of time.
TOKENS = 8
#: Parts of the spectrum in the order of time.
PARTS = 8
#: Of spectrograms of raw samples: window, samples from frame to frame, bands.
WINDOW, HOP, BANDS = 512, 160, 32


def in_order(rows: Tensor, parts: int) -> Tensor:
    """(t, width) → (parts, width): means of equal parts in the order of time; parts overlap where rows are few."""
    return functional.adaptive_avg_pool1d(rows.T[None], parts)[0].T


def spectrum_of(spectrogram: Tensor) -> NDArray[np.float32]:
    """(frames, bands) in decibels → ((8 + 2) · bands,) in bels: mean of each part, then mean and spread of the whole.

    The loudness of the whole is taken off: how near the microphone was says nothing.
    """
    bels = spectrogram / 10.0
    bels = bels - bels.mean()
    whole = torch.stack([bels.mean(0), bels.std(0, correction=0)])
    return torch.cat([in_order(bels, PARTS), whole]).flatten().numpy()


def log_bands(samples: NDArray[np.float32]) -> Tensor:
    """(n,) samples → (frames, 32) decibels of bands of equal width, for encoders that have no spectrogram of their own."""
    waves = functional.pad(torch.from_numpy(samples), (0, max(0, WINDOW - len(samples))))
    frames = waves.unfold(0, WINDOW, HOP) * torch.hann_window(WINDOW)
    power = torch.fft.rfft(frames).abs().square()[:, 1:]
    bands = power.reshape(len(frames), BANDS, -1).sum(2)
    return 10.0 * torch.log10(bands.clamp_min(1e-10))
