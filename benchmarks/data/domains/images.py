"""Pictures, as PNG files."""

import gzip
import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn import datasets

from benchmarks.data.rows import Raw, Side, Source

FASHION_FILES = Path("/usr/share/datasets/fashion-mnist")
#: In the order of the data set's class numbers.
GARMENTS = (
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)


def png(pixels: np.ndarray) -> bytes:
    """An 8-bit grey picture, (height, width)."""
    target = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8), "L").save(target, "PNG")
    return target.getvalue()


def fashion_pictures(part: str, count: int) -> Iterable[tuple[bytes, str]]:
    """(PNG, garment) of «train» (60,000) or «t10k» (10,000), the first `count` of a fixed random order."""
    if not FASHION_FILES.exists():
        raise FileNotFoundError(f"{FASHION_FILES} is missing: apt install dataset-fashion-mnist")
    with gzip.open(FASHION_FILES / f"{part}-images-idx3-ubyte.gz") as handle:
        pictures = np.frombuffer(handle.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    with gzip.open(FASHION_FILES / f"{part}-labels-idx1-ubyte.gz") as handle:
        labels = np.frombuffer(handle.read(), np.uint8, offset=8)
    for i in np.random.default_rng(0).permutation(len(labels))[:count]:
        yield png(pictures[i]), GARMENTS[labels[i]]


def fashion() -> Iterable[Raw]:
    """Xiao et al. 2017: 28 × 28 grey pictures of garments; its own test pictures are the test set here too."""
    sides: tuple[tuple[str, int, Side], ...] = (("t10k", 4000, "test"), ("train", 12_000, "pool"))
    for part, count, side in sides:
        for picture, garment in fashion_pictures(part, count):
            yield Raw({}, {"picture": ("image", picture)}, garment, side)


def digits() -> Iterable[Raw]:
    """8 × 8 grey pictures of handwritten digits, 1,797."""
    data = datasets.load_digits()
    for picture, label in zip(data.images, data.target, strict=True):
        yield Raw({}, {"picture": ("image", png(picture * 15.9375))}, str(label))


FASHION = Source(
    name="fashion",
    title="Fashion-MNIST",
    kind="classification",
    modality="pixels",
    description="Which garment does the picture show?",
    raws=fashion,
    sizes=(100, 500, 1000, 5000),
    note="Debian dataset-fashion-mnist (MIT); 12,000 of its training pictures to draw from, 4,000 of its test pictures.",
)
DIGITS = Source(
    name="digits",
    title="digits",
    kind="classification",
    modality="pixels",
    description="Which digit was written by hand?",
    raws=digits,
    sizes=(100, 500, 1000),
    test=797,
    note="scikit-learn (UCI), as PNG pictures of 8 × 8.",
)
