"""The state that families keep: what a run could not fit goes on as the version before knew it."""

from collections.abc import Mapping

from dukemm.answering.version import Version
from dukemm.config import ModelConfig, same_encoders
from dukemm.contract.unusable import Unusable
from dukemm.domain.errors import DukeMMError
from dukemm.versions.families import Known


def last_states(
    parent: Version | None, model: ModelConfig, fitted: Mapping[str, Known], unusable: Unusable
) -> dict[str, Known]:
    """By name, the families of the version before that this run has not fitted, as that version has them.

    None where the new version stands on other encoders: their vectors mean something else. A family whose state cannot be
    read is named in `unusable`.
    """
    if parent is None or not same_encoders(parent.config, model):
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
