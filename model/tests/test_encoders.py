"""Encoders of images and sounds of the embedded preset."""

import numpy as np
import pytest
import torch

from dukemm.config import PRESETS
from dukemm.encoders import efficientnet
from dukemm.encoders.audio import AudioEncoder, load_audio_encoder
from dukemm.encoders.efficientnet_openvino import compile_network
from dukemm.encoders.image import ImageEncoder, load_image_encoder
from dukemm.encoders.image_descriptors import descriptors_of
from dukemm.encoders.weights.convert import converted
from dukemm.encoders.weights.locate import located

EMBEDDED = PRESETS["embedded"]


@pytest.fixture(scope="module")
def images() -> ImageEncoder:
    return load_image_encoder(EMBEDDED.image)


@pytest.fixture(scope="module")
def sounds() -> AudioEncoder:
    return load_audio_encoder(EMBEDDED.audio)


def drawing(shape: str, seed: int, side: int = 28) -> np.ndarray:
    """A disc or a square somewhere, on noise."""
    random = np.random.default_rng(seed)
    rows, columns = np.indices((side, side)) - random.uniform(0.4, 0.6, 2)[:, None, None] * side
    reach = random.uniform(0.2, 0.35) * side
    inside = np.hypot(rows, columns) < reach if shape == "disc" else np.maximum(abs(rows), abs(columns)) < reach
    grey = random.normal(60, 25, (side, side)) + 120 * inside
    return np.repeat(grey.clip(0, 255).astype(np.uint8)[..., None], 3, 2)


def tone(hertz: float, seconds: float = 0.5) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(int(16_000 * seconds)) / 16_000)).astype(np.float32)


def test_an_image_has_tokens_and_descriptors_of_fixed_length(images):
    first, second = images.encode([drawing("disc", 0), drawing("square", 1, side=600)])
    assert first.kind == "image"
    assert first.tokens.shape == second.tokens.shape == (5, 512)
    lengths = {"embedding": 1728, "objects": 1280, "gradients": 1568, "pixels": 784, "colours": 192}
    for features in (first, second):
        assert {name: vector.shape for name, vector in features.descriptors.items()} == {
            n: (d,) for n, d in lengths.items()
        }
        assert all(vector.dtype == np.float32 and np.isfinite(vector).all() for vector in features.descriptors.values())


def test_the_image_encoder_recognises_everyday_objects(images):
    """Nearest neighbour over twenty drawings, each left out."""
    shapes = ["disc", "square"] * 10
    vectors = np.stack([f.descriptors["embedding"] for f in images.encode([drawing(s, i) for i, s in enumerate(shapes)])])
    vectors -= vectors.mean(0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = vectors @ vectors.T - 2 * np.eye(20)
    right = [shapes[i] == shapes[j] for i, j in enumerate(cosines.argmax(1))]
    assert np.mean(right) >= 0.85


@pytest.mark.parametrize("side", [96, 128, 224])
def test_openvino_answers_as_pytorch_does(side):
    tensors = converted(EMBEDDED.image.architecture, located(EMBEDDED.image), EMBEDDED.image.sha256)
    network = efficientnet.from_tensors(tensors)
    images = torch.from_numpy(np.random.default_rng(side).normal(size=(3, 3, side, side)).astype(np.float32))
    with torch.inference_mode():
        expected = network(images)
        found = compile_network(network, torch.float32)(images)
    assert [grid.shape for grid in found] == [grid.shape for grid in expected]
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.numpy() == pytest.approx(theirs.numpy(), abs=1e-3 * float(theirs.abs().max()))


@pytest.mark.parametrize("size", [(1, 1, 3), (1, 500, 3), (500, 2, 3), (8, 8, 3)])
def test_images_of_any_size_are_encoded(images, size):
    [features] = images.encode([np.full(size, 7, np.uint8)])
    assert all(np.isfinite(vector).all() for vector in features.descriptors.values())


def test_other_images_in_a_batch_do_not_change_an_image(images):
    [alone] = images.encode([drawing("disc", 3)])
    among = images.encode([drawing("square", 4, 300), drawing("disc", 3), drawing("disc", 5)])[1]
    cosine = np.corrcoef(alone.descriptors["embedding"], among.descriptors["embedding"])[0, 1]
    assert cosine > 0.999


def test_a_thumbnail_of_its_own_size_is_the_image_itself():
    image = drawing("disc", 0)
    assert descriptors_of(image)["pixels"] == pytest.approx(image[..., 0].reshape(-1) / 255, abs=1e-5)


def test_a_sound_has_tokens_and_descriptors_of_fixed_length(sounds):
    for seconds in (0.001, 0.4, 5.0):
        [features] = sounds.encode([tone(440, seconds)])
        assert features.kind == "audio"
        assert features.tokens.shape == (8, 96)
        assert {n: v.shape for n, v in features.descriptors.items()} == {"embedding": (576,), "spectrum": (320,)}
        assert all(np.isfinite(vector).all() for vector in features.descriptors.values())


def test_silence_has_finite_features(sounds):
    [features] = sounds.encode([np.zeros(16_000, np.float32)])
    assert all(np.isfinite(vector).all() for vector in features.descriptors.values())


def test_similar_sounds_have_similar_features_and_time_order_matters(sounds):
    up, again, down = sounds.encode(
        [
            np.concatenate(parts)
            for parts in ([tone(300), tone(900)], [0.5 * tone(310), 0.5 * tone(880)], [tone(900), tone(300)])
        ]
    )
    for name in ("embedding", "spectrum"):
        a, b, c = (features.descriptors[name] for features in (up, again, down))
        assert np.linalg.norm(a - b) < 0.7 * np.linalg.norm(a - c)


def test_encoding_all_windows_at_once_equals_one_at_a_time(sounds):
    network = sounds._network
    spectrogram = network.spectrogram(torch.from_numpy(tone(500, 2.0))[None])
    whole = network.embeddings(spectrogram)[0]
    for place in (0, 1, len(whole) - 1):
        window = network.embeddings(spectrogram[:, 8 * place : 8 * place + 76])[0]
        assert window[0].numpy() == pytest.approx(whole[place].numpy(), abs=1e-3)
