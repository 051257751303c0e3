"""Labelled media in every format that uploads may have: digits, tones, and documents."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import av
import numpy as np
from fpdf import FPDF
from PIL import Image
from sklearn.datasets import load_digits

SAMPLE_RATE = 16_000
TOPICS = {
    "invoice": "Invoice {n}. Amount due {n}0.50 EUR. Please pay within 14 days to the account named below.",
    "recipe": "Recipe {n}. Mix flour, butter and {n} eggs, stir well and bake for {n}0 minutes until golden.",
    "minutes": "Minutes of meeting {n}. Present were {n} members; the board approved the budget and adjourned.",
}


@dataclass(frozen=True)
class Labelled:
    """A file, its label, and numbers that describe it to a baseline."""

    name: str
    media_type: str
    data: bytes
    label: str
    features: np.ndarray


def digits(image_format: str, count: int, seed: int) -> list[Labelled]:
    """Handwritten digits 0, 1 and 7 (scikit-learn), as pictures of 64 x 64 pixels."""
    rng = np.random.default_rng(seed)
    source = load_digits()
    chosen = rng.permutation(np.flatnonzero(np.isin(source.target, (0, 1, 7))))[:count]
    pictures = []
    for place in chosen:
        out = io.BytesIO()
        pixels = (source.images[place] * 15).astype("uint8")
        Image.fromarray(pixels).resize((64, 64)).convert("RGB").save(out, image_format.upper())
        pictures.append(
            Labelled(
                f"digit-{place}.{image_format}",
                f"image/{image_format}",
                out.getvalue(),
                str(source.target[place]),
                source.images[place].ravel() / 16,
            )
        )
    return pictures


SOUND_CODECS = {
    "wav": ("audio/wav", "pcm_s16le"),
    "flac": ("audio/flac", "flac"),
    "ogg": ("audio/ogg", "libopus"),
    "mp3": ("audio/mpeg", "libmp3lame"),
    "m4a": ("audio/mp4", "aac"),
}


def tones(sound_format: str, count: int, seed: int) -> list[Labelled]:
    """Tones with noise, one second each: low (200 to 400 Hz) or high (1,500 to 3,000 Hz)."""
    rng = np.random.default_rng(seed)
    media_type, codec = SOUND_CODECS[sound_format]
    sounds = []
    for place in range(count):
        label = ("high", "low")[place % 2]
        frequency = rng.uniform(200, 400) if label == "low" else rng.uniform(1500, 3000)
        time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
        samples = 0.3 * np.sin(2 * math.pi * frequency * time) + rng.normal(0, 0.05, SAMPLE_RATE)
        data = _encoded(samples.astype(np.float32), sound_format, codec)
        spectrum = np.abs(np.fft.rfft(samples))
        bands = np.array([part.mean() for part in np.array_split(spectrum, 32)])
        sounds.append(Labelled(f"tone-{place}.{sound_format}", media_type, data, label, np.log1p(bands)))
    return sounds


def _encoded(samples: np.ndarray, sound_format: str, codec: str) -> bytes:
    out = io.BytesIO()
    rate = 48_000 if codec == "libopus" else SAMPLE_RATE
    container = av.open(out, "w", format={"m4a": "ipod"}.get(sound_format, sound_format))
    stream = container.add_stream(codec, rate=rate, layout="mono")
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="fltp", layout="mono")
    frame.sample_rate = SAMPLE_RATE
    resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=rate)
    fifo = av.AudioFifo()
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        fifo.write(part)
    while fifo.samples:
        part = fifo.read(stream.codec_context.frame_size or 1024, partial=True)
        part.pts = None
        container.mux(stream.encode(part))
    container.mux(stream.encode(None))
    container.close()
    return out.getvalue()


def documents(count: int, seed: int, *, scanned: bool) -> list[Labelled]:
    """PDFs of three kinds: with text, or as a picture of the page."""
    rng = np.random.default_rng(seed)
    made = []
    for place in range(count):
        label = list(TOPICS)[place % len(TOPICS)]
        text = TOPICS[label].format(n=int(rng.integers(2, 9)))
        data, features = _scan(label, text, rng) if scanned else _page(text)
        made.append(Labelled(f"document-{place}.pdf", "application/pdf", data, label, features))
    return made


def _page(text: str) -> tuple[bytes, np.ndarray]:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=14)
    pdf.multi_cell(0, text=text)
    words = np.zeros(512)
    for word in text.lower().split():
        words[sum(map(ord, word)) % 512] += 1
    return bytes(pdf.output()), words


def _scan(label: str, text: str, rng: np.random.Generator) -> tuple[bytes, np.ndarray]:
    """A page that is a picture: a logo that its kind has, and lines of noise in place of letters."""
    page = np.full((640, 452), 245, dtype=np.uint8)
    page = np.clip(page + rng.normal(0, 4, page.shape), 0, 255).astype(np.uint8)
    left = {"invoice": 20, "recipe": 180, "minutes": 330}[label] + int(rng.integers(-8, 9))
    page[30:110, left : left + 90] = 40
    for line in range(160, 160 + 12 * len(text) // 10, 24):
        page[line : line + 8, 40 : 40 + int(rng.integers(200, 360))] = 60
    out = io.BytesIO()
    Image.fromarray(page).save(out, "PDF")
    small = np.asarray(Image.fromarray(page).resize((16, 22))) / 255
    return out.getvalue(), small.ravel()
