"""Sounds: WAV, FLAC, OGG and MP3 → samples."""

import io
import math
from collections.abc import Callable

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import resample_poly

from dukemm.domain.errors import DukeMMError

Samples = NDArray[np.float32]
#: Samples a second of what encoders listen to.
RATE = 16_000
LOWEST_RATE, HIGHEST_RATE = 1_000, 192_000
MOST_CHANNELS = 8
#: Nothing else is tried: libsndfile knows thirty formats more.
_BEGINNINGS: tuple[Callable[[bytes], bool], ...] = (
    lambda head: head[:4] == b"RIFF" and head[8:12] == b"WAVE",
    lambda head: head[:4] in (b"fLaC", b"OggS"),
    lambda head: head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] >= b"\xe0"),
)


def decode_audio(content: bytes, seconds: float, name: str = "audio") -> Samples:
    """(n,) samples of the first `seconds`, 16,000 a second, all channels as one, finite and within −1..1.

    What comes later is not decoded, so neither a long sound nor a header that promises one takes memory or time.
    Raises DukeMMError invalid_request with the reason.
    """
    if not any(begins(content[:12]) for begins in _BEGINNINGS):
        raise DukeMMError("invalid_request", f"{name} is not a WAV, FLAC, OGG or MP3 sound")
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as sound:
            rate, channels = sound.samplerate, sound.channels
            if not LOWEST_RATE <= rate <= HIGHEST_RATE:
                raise _invalid(name, f"{rate} samples a second; between {LOWEST_RATE:,} and {HIGHEST_RATE:,} are heard")
            if channels > MOST_CHANNELS:
                raise _invalid(name, f"{channels} channels; at most {MOST_CHANNELS} are heard")
            samples = sound.read(math.ceil(seconds * rate), dtype="float32", always_2d=True).mean(1)
    except (soundfile.LibsndfileError, RuntimeError, ValueError, OSError) as error:
        raise _invalid(name, f"a broken sound: {str(error)[:200]}") from error
    if not len(samples):
        raise _invalid(name, "a sound without samples")
    samples = np.clip(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)
    shared = math.gcd(rate, RATE)
    if rate != RATE:
        samples = resample_poly(samples, RATE // shared, rate // shared).astype(np.float32)
    return np.clip(samples, -1.0, 1.0)


def _invalid(name: str, reason: str) -> DukeMMError:
    return DukeMMError("invalid_request", f"{name}: {reason}")
