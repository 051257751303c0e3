"""Encoders in the hub's layout, at their commits: small checkpoints stand in for the large ones of the `gpu` preset."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from transformers import BertConfig, BertModel, ViTConfig, ViTModel, Wav2Vec2Config, Wav2Vec2Model

from dukemm.config import PRESETS, AudioEncoderConfig, ImageEncoderConfig, TextEncoderConfig
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.audio import load_audio_encoder
from dukemm.encoders.image import load_image_encoder
from dukemm.encoders.text import load_text_encoder
from dukemm.encoders.weights.presets import FILES, prepare, preset_named

COMMIT = "0123456789abcdef0123456789abcdef01234567"


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
    [features] = image.encode([np.zeros((28, 28, 3), np.uint8)])
    assert (features.tokens.shape, features.descriptors["embedding"].shape) == ((5, 32), (64,))
    audio = load_audio_encoder(dataclasses.replace(gpu.audio, name="some/wav2vec2", revision=COMMIT))
    [features] = audio.encode([np.zeros(160, np.float32)])
    assert (features.tokens.shape, features.descriptors["embedding"].shape) == ((8, 32), (64,))
    assert features.descriptors["spectrum"].shape == (320,)


def test_a_name_without_a_commit_is_rejected(hub):
    small_vit(hub("some/vit"))
    for revision in ("", "main", COMMIT[:7]):
        with pytest.raises(DukeMMError, match="name the commit"):
            load_image_encoder(ImageEncoderConfig("hub", "some/vit", revision=revision, architecture="vit"))


def test_files_missing_in_the_cache_are_not_downloaded(hub):
    for load, kind in (
        (load_text_encoder, TextEncoderConfig("hub", "some/bert", revision=COMMIT)),
        (load_audio_encoder, AudioEncoderConfig("hub", "some/wav2vec2", revision=COMMIT, architecture="wav2vec2")),
    ):
        with pytest.raises(DukeMMError, match="not in the hub's cache"):
            load(kind)


def test_weights_in_other_formats_than_safetensors_are_rejected(hub):
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
    done = prepare(gpu)
    # The multilingual encoder comes from a package on every preset.
    assert [line.partition(":")[0] for line in done if line.endswith("converted")] == ["multilingual"]
    assert len(done) - 1 == len(fetched) == 4
    assert set(fetched.values()) == {COMMIT}
    assert not any(pattern.endswith((".py", ".bin", ".pt", "*")) for pattern in FILES)
    monkeypatch.setenv("DUKEMM_REVISIONS", "texts=1")
    with pytest.raises(DukeMMError, match="texts=1"):
        preset_named("gpu")
