"""What contenders see of an item: the same content that Duke MM gets, read with the usual libraries."""

import io
import wave
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import numpy as np
from PIL import Image
from scipy.fft import dct
from scipy.signal import stft

from benchmarks.data.rows import Domain, Row
from dukemm.domain.items import Medium

#: Log-mel spectrum of a sound, stretched to so many frames.
MELS, FRAMES = 40, 32
MFCC = 13
#: Directions that gradients are counted by.
DIRECTIONS = 9


def content(medium: Medium) -> bytes:
    """The bytes of a medium on this disk."""
    return Path(url2pathname(urlparse(medium.uri).path)).read_bytes()


class Features:
    """Features of all rows of a domain, (rows, …) in its order, each kind computed once."""

    def __init__(self, domain: Domain, cache: Path) -> None:
        self.domain = domain
        self._cache = cache / "features"
        self._known: dict[str, np.ndarray] = {}

    def of(self, name: str, rows: Sequence[Row]) -> np.ndarray:
        """«numbers», «pixels», «gradients», «texts», «mels», «mfcc» or «minilm» of some rows."""
        places = [self.domain.places[row.item.id] for row in rows]
        return self.all(name)[places]

    def all(self, name: str) -> np.ndarray:
        """Of all rows."""
        if name not in self._known:
            if name == "texts":
                self._known[name] = self._texts()
            else:
                compute = self._minilm if name == "minilm" else partial(self._of_rows, name)
                self._known[name] = self._kept(name, compute) if name in SLOW else compute()
        return self._known[name]

    def _texts(self) -> np.ndarray:
        if self.domain.source.modality != "document":
            return np.array([text(row) for row in self.domain.rows], object)
        return self._kept("texts", lambda: np.array([page(row) for row in self.domain.rows], str)).astype(object)

    def _kept(self, name: str, compute: Callable[[], np.ndarray]) -> np.ndarray:
        """Computed once and kept on disk, with the ids of the rows it is of."""
        path = self._cache / f"{self.domain.name}-{name}.npz"
        ids = np.array([row.item.id for row in self.domain.rows])
        if path.exists():
            with np.load(path, allow_pickle=False) as kept:
                if np.array_equal(kept["ids"], ids):
                    return kept["values"]
        values = compute()
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, ids=ids, values=values)
        return values

    def _of_rows(self, name: str) -> np.ndarray:
        return np.array([BY_ROW[name](row) for row in self.domain.rows])

    def _minilm(self) -> np.ndarray:
        from dukemm.config import PRESETS
        from dukemm.encoders.text import load_text_encoder
        from dukemm.media.views import views_of

        encoder = load_text_encoder(PRESETS["embedded"].text)
        texts = self.all("texts")
        return encoder.encode([views_of({"text": str(t)}, {}).meaning for t in texts]).astype(np.float32)


def numbers(row: Row) -> list[float]:
    """Cells that are numbers, by the order of their names."""
    return [float(v) for _, v in sorted(row.item.fields.items()) if isinstance(v, int | float)]


def text(row: Row) -> str:
    """Cells that are texts."""
    return "\n".join(v for _, v in sorted(row.item.fields.items()) if isinstance(v, str))


def pixels(row: Row) -> np.ndarray:
    """Grey values of the one picture, 0..1, flat."""
    (medium,) = row.item.media.values()
    return np.asarray(Image.open(io.BytesIO(content(medium))).convert("L"), np.float32).ravel() / 255


def gradients(flat: np.ndarray) -> np.ndarray:
    """Histograms of oriented gradients of a square picture (Dalal & Triggs 2005): cells of 2 or 4 pixels."""
    side = round(len(flat) ** 0.5)
    cell = max(2, side // 7)
    cells = side // cell
    down, right = np.gradient(np.sqrt(flat.reshape(side, side)))
    size, angle = np.hypot(down, right), np.arctan2(down, right) % np.pi / np.pi * DIRECTIONS
    lower, part = np.floor(angle).astype(int), angle % 1
    counts = np.zeros((side, side, DIRECTIONS))
    rows, columns = np.indices((side, side))
    np.add.at(counts, (rows, columns, lower % DIRECTIONS), size * (1 - part))
    np.add.at(counts, (rows, columns, (lower + 1) % DIRECTIONS), size * part)
    grid = counts[: cells * cell, : cells * cell].reshape(cells, cell, cells, cell, DIRECTIONS).sum((1, 3))
    blocks = [grid[i : i + 2, j : j + 2].ravel() for i in range(cells - 1) for j in range(cells - 1)]
    return np.concatenate([_clipped(block) for block in blocks]).astype(np.float32)


def _clipped(block: np.ndarray) -> np.ndarray:
    """Length 1, no entry above 0.2, length 1 again: shadows count less."""
    unit = np.minimum(block / np.sqrt((block**2).sum() + 1e-4), 0.2)
    return unit / np.sqrt((unit**2).sum() + 1e-4)


def page(row: Row) -> str:
    """The text of the one PDF file."""
    from pypdf import PdfReader

    (medium,) = row.item.media.values()
    return "\n".join(p.extract_text() for p in PdfReader(io.BytesIO(content(medium))).pages)


def log_mels(row: Row) -> np.ndarray:
    """Log-mel spectrum where there is sound, stretched to FRAMES, flat: words said slowly and fast look alike."""
    mels = spectrum(row)
    loud = np.flatnonzero(mels.mean(0) > mels.mean(0).min() + 0.3 * np.ptp(mels.mean(0)))
    mels = mels[:, loud[0] : loud[-1] + 1]
    at = np.linspace(0, mels.shape[1] - 1, FRAMES)
    return np.array([np.interp(at, np.arange(mels.shape[1]), band) for band in mels], np.float32).ravel()


def mfcc(row: Row) -> np.ndarray:
    """Mean and deviation over time of MFCC and of their changes."""
    cepstrum = dct(spectrum(row), axis=0, norm="ortho")[:MFCC]
    both = np.concatenate([cepstrum, np.diff(cepstrum, axis=1, prepend=cepstrum[:, :1])])
    return np.concatenate([both.mean(1), both.std(1)])


def spectrum(row: Row) -> np.ndarray:
    """Log energies of MELS triangular bands of the mel scale (O'Shaughnessy 1987), windows of 25 ms each 10 ms."""
    (medium,) = row.item.media.values()
    with wave.open(io.BytesIO(content(medium))) as handle:
        rate = handle.getframerate()
        samples = np.frombuffer(handle.readframes(handle.getnframes()), "<i2") / 32768
    frequencies, _, states = stft(samples, rate, nperseg=rate // 40, noverlap=rate // 40 - rate // 100, nfft=512)
    highest = 2595 * np.log10(1 + rate / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, highest, MELS + 2) / 2595) - 1)
    rising = (frequencies[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - frequencies[None]) / (edges[2:] - edges[1:-1])[:, None]
    return np.log(np.maximum(np.minimum(rising, falling), 0) @ np.abs(states) ** 2 + 1e-10)


#: Computed row by row; those of SLOW are kept on disk.
BY_ROW: Mapping[str, Callable[[Row], object]] = {
    "numbers": numbers,
    "pixels": pixels,
    "gradients": lambda row: gradients(pixels(row)),
    "mels": log_mels,
    "mfcc": mfcc,
}
SLOW = ("gradients", "mels", "mfcc", "minilm")
