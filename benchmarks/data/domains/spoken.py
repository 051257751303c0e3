"""Spoken words, made by a speech synthesiser: no real voices."""

import io
import shutil
import subprocess
import wave
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.signal import resample_poly

from benchmarks.data.rows import Raw, Side, Source

RATE = 16_000
#: Of espeak-ng, which speaks at this rate.
SPOKEN_RATE = 22_050
WORDS = (
    *("yes", "no", "stop", "go", "left", "right", "up", "down", "open", "close"),
    *("start", "cancel", "accept", "reject", "seven", "nine", "morning", "invoice", "copper", "river"),
)
ACCENTS = ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029")
#: No voice is on both sides.
VOICES: dict[Side, tuple[str, ...]] = {
    "pool": ("m1", "m2", "m3", "m4", "f1", "f2", "Alex", "Andy", "Annie", "Lee", "max", "Mike", "linda", "Denis", "klatt2"),
    "test": ("m5", "m7", "f3", "f4", "Michael", "Storm", "steph", "pablo"),
}
EACH: dict[Side, int] = {"pool": 75, "test": 50}
#: Noise is this far below the voice, in dB.
NOISE = (5.0, 20.0)


def speak(word: str, accent: str, voice: str, speed: int, pitch: int) -> np.ndarray:
    """Samples at RATE, −1..1."""
    command = ["espeak-ng", "-v", f"{accent}+{voice}", "-s", str(speed), "-p", str(pitch), "--stdout", word]
    spoken = subprocess.run(command, check=True, capture_output=True).stdout
    samples = np.frombuffer(spoken[44:], "<i2").astype(np.float64) / 32768  # after the header of a WAV file
    return resample_poly(samples, RATE, SPOKEN_RATE)


def with_noise(samples: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """White noise, and up to a tenth of a second of it before and after."""
    padded = np.pad(samples, tuple(random.integers(0, RATE // 10, 2)))
    power = float((samples**2).mean()) / 10 ** (random.uniform(*NOISE) / 10)
    return np.clip(padded + random.normal(0, np.sqrt(power), len(padded)), -1, 1)


def wav(samples: np.ndarray) -> bytes:
    """A WAV file: mono, 16 bits, RATE."""
    target = io.BytesIO()
    with wave.open(target, "wb") as handle:
        handle.setnchannels(1)
        handle.setsampwidth(2)
        handle.setframerate(RATE)
        handle.writeframes((samples * 32767).astype("<i2").tobytes())
    return target.getvalue()


def spoken(
    words: Sequence[str] = WORDS, accents: Sequence[str] = ACCENTS, each: Mapping[Side, int] = EACH
) -> Iterable[Raw]:
    """Every word equally often, by random accents, voices, speeds and pitches.

    Raises FileNotFoundError without espeak-ng.
    """
    if not shutil.which("espeak-ng"):
        raise FileNotFoundError("espeak-ng is missing: apt install espeak-ng")
    random = np.random.default_rng(0)
    for side, voices in VOICES.items():
        for word in words:
            for _ in range(each[side]):
                accent, voice = random.choice(accents), random.choice(voices)
                samples = speak(word, accent, voice, int(random.integers(130, 220)), int(random.integers(20, 80)))
                yield Raw({}, {"sound": ("audio", wav(with_noise(samples, random)))}, word, side)


SPOKEN = Source(
    name="spoken",
    title="spoken words (synthetic)",
    kind="classification",
    modality="sound",
    description="Which word is said?",
    raws=spoken,
    sizes=(100, 500, 1000),
    note="Synthetic: espeak-ng, 20 words, white noise 5 to 20 dB below; 15 voices to learn from, 8 others in the test.",
)
