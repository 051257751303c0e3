"""Rebuilds the artifact of a candidate with production's state of the held-back families."""

from collections.abc import Callable, Collection
from pathlib import Path

from dukemm.answering.version import Version
from dukemm.config import same_encoders
from dukemm.domain.errors import DukeMMError
from dukemm.evaluate.held_back import Recomposed
from dukemm.storage import file_sha256
from dukemm.versions.artifact import ARCHIVE, pack, version_files
from dukemm.versions.families import Known, pack_families


class ArtifactRecomposer:
    """Combines families of two versions in one artifact."""

    def __init__(
        self, candidate: Version, production: Version | None, folder: Path, load: Callable[[Path], Version]
    ) -> None:
        """`folder`: where the archive is written and loaded from. `load`: loads a version from a folder."""
        self._candidate = candidate
        self._production = production
        self._folder = folder
        self._load = load

    @property
    def version(self) -> str | None:
        """See Recomposer."""
        return self._production.config.version if self._production else None

    def sharing_state(self, names: Collection[str]) -> set[str]:
        """See Recomposer."""
        return self._production.families.sharing_state(names) if self._production else set(names)

    def unreadable(self, names: Collection[str]) -> set[str]:
        """See Recomposer."""
        known = set(self._candidate.families.names)
        return {name for name in names if name in known and _state(self._candidate, name) is None}

    def without(self, held: Collection[str], withdrawn: Collection[str] = ()) -> Recomposed:
        """See Recomposer. Raises DukeMMError artifact_invalid if the result exceeds the limits of an artifact."""
        families: dict[str, Known] = {}
        kept, unreadable = set(), set()
        for name in sorted({*self._candidate.families.names, *held}):
            state = None if name in held else _state(self._candidate, name)
            if state is None and self._production is not None and name not in withdrawn:
                state = _state(self._production, name)
                kept.update([name] if state is not None else [])
            if state is not None:
                families[name] = state
            if name not in held and (state is None or name in kept):
                unreadable.add(name)
        packed = pack_families(families)
        config, parameters = self._candidate.config, self._candidate.text_parameters
        files = version_files(config, packed.families, packed.calibration, packed.memory, parameters, packed.networks)
        self._folder.mkdir(parents=True, exist_ok=True)
        archive = self._folder / ARCHIVE
        archive.write_bytes(pack(files))
        version = self._load(self._folder)
        return Recomposed(version, kept, unreadable, file_sha256(archive), archive.stat().st_size)


def make_recomposer(
    candidate: Version, production: Version | None, folder: Path, load: Callable[[Path], Version]
) -> ArtifactRecomposer | None:
    """Make a recomposer; None if the versions have different encoders, as their families are then not interchangeable."""
    if production is not None and not same_encoders(production.config, candidate.config):
        return None
    return ArtifactRecomposer(candidate, production, folder, load)


def _state(version: Version, name: str) -> Known | None:
    try:
        return version.families.get(name)
    except DukeMMError:
        return None
