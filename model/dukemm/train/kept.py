"""The state that families keep: what a run could not fit goes on as the version before knew it."""

from collections.abc import Mapping

from dukemm.answering import Version
from dukemm.config import ModelConfig
from dukemm.data.unusable import Unusable
from dukemm.errors import DukeMMError
from dukemm.learn.store import Known

#: Parts of a version that its families' vectors depend on.
STANDS_ON = ("text_encoder", "image_encoder", "audio_encoder")


def last_states(
    parent: Version | None, model: ModelConfig, fitted: Mapping[str, Known], unusable: Unusable
) -> dict[str, Known]:
    """By name, the families of the version before that this run has not fitted, as that version has them.

    None where the new version stands on other encoders: their vectors mean something else. A family whose state cannot be
    read is named in `unusable`.
    """
    if parent is None or not stands_on_the_same(parent.config, model):
        return {}
    kept: dict[str, Known] = {}
    for name in parent.families.names:
        if name in fitted:
            continue
        try:
            known = parent.families.get(name)
        except DukeMMError as error:
            unusable.family(name, f"{error.message}, and this run could not fit it", 0)
            continue
        if known is not None:
            kept[name] = known
    return kept


def stands_on_the_same(one: ModelConfig, other: ModelConfig) -> bool:
    """Whether a family's vectors mean the same to both versions."""
    return all(getattr(one, part) == getattr(other, part) for part in STANDS_ON)
