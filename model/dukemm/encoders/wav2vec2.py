"""wav2vec 2.0 (Baevski et al. 2020), from a folder in the hub's layout."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from transformers import Wav2Vec2Config, Wav2Vec2Model

from dukemm.domain.encoded import MediumFeatures
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.device import device, precision
from dukemm.encoders.sound_descriptors import TOKENS, in_order, log_bands, spectrum_of

#: Shorter sounds are padded to a quarter of a second, which exceeds the network's receptive field.
MIN_SAMPLES = 4_000


class Wav2Vec2Encoder:
    """Tokens (8, width); "embedding" (2 · width,): mean and spread over time; "spectrum" (320,)."""

    def __init__(self, model: Wav2Vec2Model) -> None:
        self.parameters = sum(p.numel() for p in model.parameters())
        self._device = device()
        self._model = model.eval().requires_grad_(False).to(self._device, precision())

    def encode(self, sounds: Sequence[NDArray[np.float32]]) -> list[MediumFeatures]:
        """See AudioEncoder: one sound a pass, since padding would change what the others are normalised by."""
        return [self._one(sound) for sound in sounds]

    @torch.inference_mode()
    def _one(self, sound: NDArray[np.float32]) -> MediumFeatures:
        samples = torch.from_numpy(np.ascontiguousarray(sound, np.float32))
        samples = functional.pad(samples, (0, max(0, MIN_SAMPLES - len(samples))))
        samples = (samples - samples.mean()) / (samples.var(correction=0) + 1e-7).sqrt()
        states = self._model(samples[None].to(self._device, self._model.dtype)).last_hidden_state[0].float()
        pooled = torch.cat([states.mean(0), states.std(0, correction=0)])
        return MediumFeatures(
            "audio",
            in_order(states, TOKENS).cpu().numpy(),
            {"embedding": pooled.cpu().numpy(), "spectrum": spectrum_of(log_bands(sound))},
        )


def load(folder: Path) -> Wav2Vec2Encoder:
    """From config.json and model.safetensors. Raises DukeMMError artifact_invalid."""
    try:
        return Wav2Vec2Encoder(Wav2Vec2Model.from_pretrained(folder, use_safetensors=True, local_files_only=True))
    except (OSError, ValueError, KeyError) as error:
        raise DukeMMError("artifact_invalid", f"the encoder in {folder.name} cannot be read: {error}") from error


def random_encoder() -> Wav2Vec2Encoder:
    """Two small layers with seeded random weights: for tests of the machinery."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        shape = Wav2Vec2Config(
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            conv_dim=(16, 16),
            conv_stride=(20, 16),
            conv_kernel=(40, 16),
            num_conv_pos_embeddings=16,
            num_conv_pos_embedding_groups=4,
        )
        return Wav2Vec2Encoder(Wav2Vec2Model(shape))
