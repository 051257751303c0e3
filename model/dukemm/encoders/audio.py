"""Audio encoders: a few tokens in the order of time, pooled features, and statistics of the spectrum."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from dukemm.config import AudioEncoderConfig
from dukemm.domain.encoded import MediumFeatures
from dukemm.domain.errors import DukeMMError
from dukemm.encoders import wav2vec2
from dukemm.encoders.device import device
from dukemm.encoders.sound_descriptors import TOKENS, in_order, spectrum_of
from dukemm.encoders.speech import DYNAMIC_RANGE_DB, MIN_SAMPLES, WINDOW_FRAMES, SpeechEmbedding
from dukemm.encoders.weights.convert import converted
from dukemm.encoders.weights.locate import encoder_folder, located

#: Parts in the order of time that the embedding keeps apart.
PARTS = 4
#: A frame is speech if it is at most SPEECH_RANGE_DB below the loudest frame, and above the noise (the NOISE_QUANTILE of
#: loudness) by NOISE_MARGIN of the distance to the loudest. Among noise, words with three examples each are told apart in
#: 78.9 % of cases, without the second condition in 56.2 %.
SPEECH_RANGE_DB, NOISE_MARGIN, NOISE_QUANTILE = 40.0, 0.2, 0.1
#: Frames of the moving average of loudness.
SMOOTHING_FRAMES = 5


class AudioEncoder(Protocol):
    """Maps sounds to features."""

    #: Number of weights.
    parameters: int

    def encode(self, sounds: Sequence[NDArray[np.float32]]) -> list[MediumFeatures]:
        """Sounds (n,) of any length, 16,000 samples a second → features, in order."""
        ...


class SpeechEncoder:
    """Tokens (8, 96); "embedding" (576,): mean, spread and four parts in order; "spectrum" (320,)."""

    def __init__(self, network: SpeechEmbedding) -> None:
        self.parameters = sum(weights.numel() for weights in network.buffers())
        self._device = device()
        self._network = network.eval().to(self._device)

    def encode(self, sounds: Sequence[NDArray[np.float32]]) -> list[MediumFeatures]:
        """See AudioEncoder."""
        return [self._one(sound) for sound in sounds]

    @torch.inference_mode()
    def _one(self, sound: NDArray[np.float32]) -> MediumFeatures:
        samples = torch.from_numpy(np.ascontiguousarray(sound, np.float32))
        samples = functional.pad(samples, (0, max(0, MIN_SAMPLES - len(samples)))).to(self._device)
        spectrogram = _audible(self._network.spectrogram(samples[None])[0])
        windows = self._network.embeddings(_with_silence(spectrogram)[None])[0]
        pooled = torch.cat([windows.mean(0), windows.std(0, correction=0), in_order(windows, PARTS).flatten()])
        return MediumFeatures(
            "audio",
            in_order(windows, TOKENS).cpu().numpy(),
            {"embedding": pooled.cpu().numpy(), "spectrum": spectrum_of(spectrogram.cpu())},
        )


def _audible(spectrogram: Tensor) -> Tensor:
    """(frames, mels) without the silence, or the noise, before and after."""
    loudness = functional.avg_pool1d(
        spectrogram.mean(1)[None, None], SMOOTHING_FRAMES, 1, SMOOTHING_FRAMES // 2, count_include_pad=False
    )[0, 0]
    loudest, noise = loudness.amax(), loudness.quantile(NOISE_QUANTILE)
    heard = (loudness >= torch.maximum(loudest - SPEECH_RANGE_DB, noise + NOISE_MARGIN * (loudest - noise))).nonzero()[:, 0]
    return spectrogram[heard[0] : heard[-1] + 1]


def _with_silence(spectrogram: Tensor) -> Tensor:
    """Half a window of silence on either side: a short word is then seen by several windows, its beginning by the first."""
    silence = float(spectrogram.amax()) - DYNAMIC_RANGE_DB
    return functional.pad(spectrogram, (0, 0, WINDOW_FRAMES // 2, WINDOW_FRAMES // 2), value=silence)


def load_audio_encoder(config: AudioEncoderConfig) -> AudioEncoder:
    """Load the encoder that a config names. Raises DukeMMError artifact_invalid."""
    if config.architecture == "speech-embedding":
        try:
            return SpeechEncoder(SpeechEmbedding(converted(config.architecture, located(config), config.sha256)))
        except KeyError as error:
            raise DukeMMError("artifact_invalid", f"the weights of {config.name} do not fit: {error}") from error
    return wav2vec2.random_encoder() if config.source == "random" else wav2vec2.load(encoder_folder(config))
