"""Sounds, also hostile and broken ones: samples or a clear reason, in bounded time and memory."""

import io
import struct

import av
import numpy as np
import pytest
import soundfile
from bounds import refused, within
from conftest import at_most

from dukemm.media.audio import RATE, decode_audio


def sound_of(samples: np.ndarray, kind: str = "WAV", rate: int = RATE, **options: str) -> bytes:
    packed = io.BytesIO()
    soundfile.write(packed, samples, rate, format=kind, **options)
    return packed.getvalue()


def m4a_of(samples: np.ndarray, rate: int) -> bytes:
    packed = io.BytesIO()
    with av.open(packed, "w", format="ipod") as container:
        stream = container.add_stream("aac", rate=rate)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(samples.astype(np.float32)[None], format="fltp", layout="mono")
        frame.sample_rate = rate
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return packed.getvalue()


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_m4a_is_decoded_up_to_the_requested_length(rate):
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(3 * rate) / rate)
    samples = decode_audio(m4a_of(tone, rate), 1)
    assert len(samples) == RATE
    assert np.argmax(np.abs(np.fft.rfft(samples, RATE))) == pytest.approx(440, abs=3)


@pytest.mark.parametrize("end", [40, 400, -200])
def test_a_broken_m4a_is_rejected_or_read_in_part(end):
    broken = m4a_of(np.zeros(16_000), 16_000)[:end]
    refused(lambda: decode_audio(broken, 30), "sound")


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_sounds_are_decoded_to_samples(kind, rate):
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    samples = decode_audio(sound_of(tone, kind, rate), 30)
    assert len(samples) == pytest.approx(RATE, abs=2500)
    loudest = np.argmax(np.abs(np.fft.rfft(samples[:RATE], RATE)))
    assert loudest == pytest.approx(440, abs=3)


def test_channels_are_averaged_and_long_sounds_are_decoded_in_part():
    long = sound_of(np.full((RATE * 600, 2), 0.25, np.float32), subtype="PCM_U8")
    within(50, lambda: at_most(1, lambda: decode_audio(long, 30)))
    assert decode_audio(long, 30) == pytest.approx(np.full(RATE * 30, 0.25), abs=0.01)


def test_a_header_that_claims_hours_allocates_no_memory():
    endless = bytearray(sound_of(np.zeros(100)))
    endless[4:8] = endless[40:44] = struct.pack("<I", 0x7FFFFFF0)
    within(30, lambda: at_most(1, lambda: decode_audio(bytes(endless), 30)))


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf, 1e38])
def test_nan_samples_are_silence_and_loud_ones_are_clipped(odd):
    samples = decode_audio(sound_of(np.array([0.1, odd, -0.1] * 999, np.float32), subtype="FLOAT", rate=22_050), 30)
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a WAV"),
        (b"RIFF\x00\x00\x00\x00WAVE", "sound"),
        (sound_of(np.zeros(100))[:40], "sound"),
        (sound_of(np.zeros(0)), "without samples"),
        (sound_of(np.zeros((10, 9))), "9 channels"),
        (sound_of(np.zeros(10), rate=400_000), "400000 samples"),
        (sound_of(np.zeros(10), rate=8), "8 samples"),
        (sound_of(np.zeros(100), "AIFF"), "not a WAV"),
        (b"fLaC" + b"\xff" * 500, "broken"),
        (b"OggS" + b"\x00" * 500, "broken"),
        (b"ID3" + b"\x00" * 5000, "broken"),
    ],
)
def test_broken_and_other_files_are_rejected_with_the_reason(content, says):
    refused(lambda: decode_audio(content, 30, "clip"), says)
