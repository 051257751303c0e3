"""What the frozen encoders are worth: an SVC on each descriptor of images and sounds, and how fast they are made.

python -m benchmarks encoders [--train 500 1000 5000] [--test 2000] [--only images|words]
"""

import argparse
import time
from collections.abc import Sequence

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from benchmarks.data.domains.images import fashion_pictures
from benchmarks.data.domains.spoken import spoken
from dukemm.config import PRESETS
from dukemm.domain.encoded import MediumFeatures
from dukemm.encoders.audio import load_audio_encoder
from dukemm.encoders.image import load_image_encoder
from dukemm.media.audio import decode_audio
from dukemm.media.images import decode_image

#: Descriptors whose numbers are on one scale already.
ON_ONE_SCALE = {"pixels", "gradients", "colours"}


def report(
    title: str, features: Sequence[MediumFeatures], labels: Sequence[str], test: int, sizes: Sequence[int], seconds: float
) -> None:
    """Train on the first of what is not in the test, which is the end."""
    print(f"{title}: {len(features) / seconds:.0f} a second")
    answers = np.array(labels)
    learn = len(features) - test
    for name in features[0].descriptors:
        table = np.stack([each.descriptors[name] for each in features])
        row = []
        for size in sizes:
            if size <= learn:
                svc = SVC(C=10) if name in ON_ONE_SCALE else make_pipeline(StandardScaler(), SVC(C=10))
                row.append(f"{100 * svc.fit(table[:size], answers[:size]).score(table[learn:], answers[learn:]):.1f}")
        print(f"  {name:10} {table.shape[1]:5} numbers: " + " ".join(row), flush=True)


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=int, nargs="+", default=[500, 1000, 5000])
    parser.add_argument("--test", type=int, default=2000)
    parser.add_argument("--only", choices=["images", "words"])
    parsed = parser.parse_args(arguments)
    if parsed.only != "words":
        pictures = [*fashion_pictures("train", max(parsed.train)), *fashion_pictures("t10k", parsed.test)]
        encoder = load_image_encoder(PRESETS["embedded"].image)
        pixels = [decode_image(content) for content, _ in pictures]
        started = time.monotonic()
        features = encoder.encode(pixels)
        labels = [label for _, label in pictures]
        report("Fashion-MNIST", features, labels, parsed.test, parsed.train, time.monotonic() - started)
    if parsed.only != "images":
        order = np.random.default_rng(1)
        said = [(raw.media["sound"][1], raw.expected, raw.side) for raw in spoken()]
        pool = [said[i] for i in order.permutation(len(said)) if said[i][2] == "pool"]
        test = [each for each in said if each[2] == "test"]
        listener = load_audio_encoder(PRESETS["embedded"].audio)
        sounds = [decode_audio(content, 30) for content, _, _ in [*pool, *test]]
        started = time.monotonic()
        features = listener.encode(sounds)
        labels = [str(word) for _, word, _ in [*pool, *test]]
        report("Spoken words", features, labels, len(test), [60, 200, 400, 1000], time.monotonic() - started)
