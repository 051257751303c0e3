"""Sounds: WAV, FLAC, OGG, MP3 and M4A → samples."""

import io
import math
from collections.abc import Callable

import av
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
#: Signatures of the formats that libsndfile decodes here; it would accept thirty more.
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
    if content[4:8] == b"ftyp":
        rate, samples = _decode_m4a(content, seconds, name)
    elif any(matches(content[:12]) for matches in _SIGNATURES):
        rate, samples = _decode(content, seconds, name)
    else:
        raise DukeMMError("invalid_request", f"{name} is not a WAV, FLAC, OGG, MP3 or M4A sound")
    if not len(samples):
        raise _invalid(name, "a sound without samples")
    samples = np.clip(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)
    divisor = math.gcd(rate, RATE)
    if rate != RATE:
        samples = resample_poly(samples, RATE // divisor, rate // divisor).astype(np.float32)
    return np.clip(samples, -1.0, 1.0)


def _decode(content: bytes, seconds: float, name: str) -> tuple[int, Samples]:
    """Sampling rate, and samples (n,) of the mean of the channels."""
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as sound:
            rate = _checked(name, sound.samplerate, sound.channels)
            return rate, sound.read(math.ceil(seconds * rate), dtype="float32", always_2d=True).mean(1)
    except (soundfile.LibsndfileError, RuntimeError, ValueError, OSError) as error:
        raise _invalid(name, f"a broken sound: {str(error)[:200]}") from error


def _decode_m4a(content: bytes, seconds: float, name: str) -> tuple[int, Samples]:
    """See _decode."""
    pieces: list[Samples] = []
    wanted = 0
    try:
        with av.open(io.BytesIO(content), format="mov") as container:
            stream = container.streams.audio[0]
            rate = _checked(name, stream.codec_context.sample_rate, stream.codec_context.channels)
            wanted = math.ceil(seconds * rate)
            resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate)
            for frame in container.decode(stream):
                pieces.extend(part.to_ndarray()[0] for part in resampler.resample(frame))
                if sum(map(len, pieces)) >= wanted:
                    break
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise _invalid(name, f"a broken sound: {str(error)[:200]}") from error
    return rate, np.concatenate(pieces)[:wanted] if pieces else np.empty(0, np.float32)


def _checked(name: str, rate: int, channels: int) -> int:
    if not MIN_RATE <= rate <= MAX_RATE:
        raise _invalid(name, f"{rate} samples a second; the limits are {MIN_RATE:,} and {MAX_RATE:,}")
    if channels > MAX_CHANNELS:
        raise _invalid(name, f"{channels} channels; the limit is {MAX_CHANNELS}")
    return rate


def _invalid(name: str, reason: str) -> DukeMMError:
    return DukeMMError("invalid_request", f"{name}: {reason}")
