"""Presets as this host may load them, and what an image's build does for that.

`python -m dukemm.encoders.weights.presets NAME` converts and fetches what a preset names. The commits of hub ids come from
the environment: DUKEMM_REVISIONS="text=<commit> image=<commit> audio=<commit> language=<commit>".
"""

import dataclasses
import os
import sys
from typing import Any

from dukemm.config import PRESETS, EncoderWeights, MultilingualEncoderConfig, Preset
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.weights.convert import CONVERSIONS, converted
from dukemm.encoders.weights.locate import check_commit, located

#: Of a repository of the hub, no code and no weights in other forms.
FILES = ["*.json", "*.safetensors", "*.txt", "*.model"]


def preset_named(name: str) -> Preset:
    """A preset with the commits that the environment says. Raises DukeMMError artifact_invalid."""
    preset = PRESETS[name]
    revisions: dict[str, Any] = {}
    encoders = {field.name: getattr(preset, field.name) for field in dataclasses.fields(Preset)}
    for pair in os.environ.get("DUKEMM_REVISIONS", "").split():
        part, _, commit = pair.partition("=")
        if part not in encoders or not commit:
            raise DukeMMError("artifact_invalid", f"DUKEMM_REVISIONS: {pair} is not encoder=commit")
        encoder: EncoderWeights | None = encoders[part]
        if encoder is not None and encoder.source == "hub":
            revisions[part] = dataclasses.replace(encoder, revision=commit)
    return dataclasses.replace(preset, **revisions)


def prepare(preset: Preset) -> list[str]:
    """Fetch hub ids at their commits and convert what packages carry; returns what was done, a line each.

    Raises DukeMMError artifact_invalid if a commit is missing: weights that a name means today may be others tomorrow.
    """
    done = []
    for part in dataclasses.fields(Preset):
        encoder: EncoderWeights | None = getattr(preset, part.name)
        if encoder is None:
            continue
        is_multilingual = isinstance(encoder, MultilingualEncoderConfig)
        architecture = "universal-sentence" if is_multilingual else getattr(encoder, "architecture", "")
        if encoder.source == "hub":
            check_commit(encoder)
            from huggingface_hub import snapshot_download

            snapshot_download(encoder.name, revision=encoder.revision, allow_patterns=FILES)
            done.append(f"{part.name}: {encoder.name} at {encoder.revision}")
        elif architecture in CONVERSIONS:
            converted(architecture, located(encoder), encoder.sha256)
            done.append(f"{part.name}: {encoder.name}, converted")
    return done


if __name__ == "__main__":
    print("\n".join(prepare(preset_named(sys.argv[1]))))
