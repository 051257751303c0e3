"""Carries families that a run could not fit over from the parent version."""

from collections.abc import Collection, Mapping

from dukemm.answering.version import Version
from dukemm.config import ModelConfig, same_encoders
from dukemm.contract.unusable import Unusable
from dukemm.domain.errors import DukeMMError
from dukemm.versions.families import Known


def unfitted_parent_families(
    parent: Version | None,
    model: ModelConfig,
    fitted: Mapping[str, Known],
    unusable: Unusable,
    withdrawn: Collection[str] = (),
) -> dict[str, Known]:
    """Families of the parent that this run has not fitted, by name.

    Without the `withdrawn` families, whose state in the parent may hold withdrawn outcomes. Empty if the new version has
    other encoders, whose vectors are not comparable. A family that cannot be read is recorded in `unusable`.
    """
    if parent is None or not same_encoders(parent.config, model):
        return {}
    kept: dict[str, Known] = {}
    for name in parent.families.names:
        if name in fitted or name in withdrawn:
            continue
        try:
            known = parent.families.get(name)
        except DukeMMError as error:
            unusable.family(name, f"{error.message}, and this run could not fit it", 0)
            continue
        if known is not None:
            kept[name] = known
    return kept
