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
#: Sampling rate of the decoded samples, in Hz.
RATE = 16_000
MIN_RATE, MAX_RATE = 1_000, 192_000
MAX_CHANNELS = 8
#: Signatures of the accepted formats; libsndfile would accept thirty more.
_SIGNATURES: tuple[Callable[[bytes], bool], ...] = (
    lambda head: head[:4] == b"RIFF" and head[8:12] == b"WAVE",
    lambda head: head[:4] in (b"fLaC", b"OggS"),
    lambda head: head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] >= b"\xe0"),
)


def decode_audio(content: bytes, seconds: float, name: str = "audio") -> Samples:
    """Decode the first `seconds` to mono: (n,) float32 samples at 16 kHz, finite and within −1..1.

    Nothing beyond is decoded, so neither a long sound nor a header that announces one takes memory or time.
    Raises DukeMMError invalid_request with the reason.
    """
    if not any(matches(content[:12]) for matches in _SIGNATURES):
        raise DukeMMError("invalid_request", f"{name} is not a WAV, FLAC, OGG or MP3 sound")
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as sound:
            rate, channels = sound.samplerate, sound.channels
            if not MIN_RATE <= rate <= MAX_RATE:
                raise _invalid(name, f"{rate} samples a second; the limits are {MIN_RATE:,} and {MAX_RATE:,}")
            if channels > MAX_CHANNELS:
                raise _invalid(name, f"{channels} channels; the limit is {MAX_CHANNELS}")
            samples = sound.read(math.ceil(seconds * rate), dtype="float32", always_2d=True).mean(1)
    except (soundfile.LibsndfileError, RuntimeError, ValueError, OSError) as error:
        raise _invalid(name, f"a broken sound: {str(error)[:200]}") from error
    if not len(samples):
        raise _invalid(name, "a sound without samples")
    samples = np.clip(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)
    divisor = math.gcd(rate, RATE)
    if rate != RATE:
        samples = resample_poly(samples, RATE // divisor, rate // divisor).astype(np.float32)
    return np.clip(samples, -1.0, 1.0)


def _invalid(name: str, reason: str) -> DukeMMError:
    return DukeMMError("invalid_request", f"{name}: {reason}")
