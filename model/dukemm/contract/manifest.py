"""The data of one training run (`DataManifest` in contracts/learning/manifest.ts).

Shards are checked before a line of them is parsed, and read line by line.
"""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from msgspec import UNSET

from dukemm.contract.messages import Counts, DataManifest, Families, ShardRef
from dukemm.contract.outcomes import parse_outcome
from dukemm.contract.unusable import Unusable
from dukemm.contract.validation import invalid, read_json, read_message
from dukemm.domain.errors import DukeMMError
from dukemm.domain.outcomes import Outcome
from dukemm.storage import MissingObjectError, Storage, file_sha256

MANIFEST = "manifest.json"
MAX_MANIFEST = 64 << 20
#: Of a shard that is read over the net: it is held in memory until its hash is known. Of a folder any size.
MAX_REMOTE_SHARD = 256 << 20
#: One outcome. An item comes in a request of at most 6 MB.
MAX_LINE = 16 << 20

Split = Literal["train", "validation", "reservoir"]
SPLITS: tuple[Split, ...] = get_args(Split)


@dataclass(frozen=True)
class Manifest:
    """What one training run learns from and is measured on."""

    data: DataManifest
    #: Of the manifest's own bytes: names the data in artifacts and reports.
    sha256: str
    _at: str | Path
    _storage: Storage | None

    @property
    def id(self) -> str:
        """The run that prepared the data."""
        return self.data.id

    @property
    def seed(self) -> int:
        """Seed of all random choices of the run."""
        return self.data.seed

    @property
    def families(self) -> Mapping[str, Families]:
        """Kind of each family, and its outcomes in each split."""
        return self.data.families

    @property
    def counts(self) -> Counts:
        """Outcomes in each split."""
        return self.data.counts

    @property
    def withdrawn_families(self) -> Sequence[str]:
        """Families whose state in the parent may hold outcomes that their buyer withdrew from training."""
        names = self.data.withdrawn_families
        return () if names is UNSET else names

    def shards(self, split: Split) -> Sequence[ShardRef]:
        """The files of a split."""
        return getattr(self.data.splits, split)

    def rows(self, split: Split, unusable: Unusable | None = None) -> Iterator[Outcome]:
        """The outcomes of a split in the order of its shards, one at a time.

        A line that cannot be read is counted in `unusable` and left out; without `unusable` it raises.
        Raises DukeMMError invalid_request if a shard is missing or is not the one that was named.
        """
        for shard in self.shards(split):
            count = 0
            with self._open(shard) as lines:
                for number, line in enumerate(_lines(lines), start=1):
                    if line is not None and not line.strip():
                        continue
                    count += 1
                    if unusable is not None:
                        unusable.of_outcomes += 1
                    try:
                        yield self._outcome(line, f"{shard.path}:{number}")
                    except DukeMMError as error:
                        if unusable is None:
                            raise
                        unusable.outcomes(_family_in(line), error.message)
            if count != shard.count:
                raise invalid(shard.path, f"{shard.count} lines as the manifest says, not {count}")

    def _outcome(self, line: bytes | None, place: str) -> Outcome:
        if line is None:
            raise invalid(place, f"a line of at most {MAX_LINE} bytes")
        outcome = parse_outcome(line, place)
        family = self.families.get(outcome.family)
        if family is None:
            raise invalid(place, "a family that the manifest names")
        if family.kind != outcome.kind:
            raise invalid(place, "an outcome of another kind than its family")
        return outcome

    def _open(self, shard: ShardRef) -> io.BufferedIOBase:
        if isinstance(self._at, str):
            assert self._storage is not None
            return io.BytesIO(self._storage.read_checked(f"{self._at}/{shard.path}", shard.sha256, MAX_REMOTE_SHARD))
        path = self._at / shard.path
        if not path.is_file():
            raise invalid(shard.path, "a file beside the manifest")
        if path.stat().st_size != shard.size_bytes or file_sha256(path) != shard.sha256:
            raise invalid(shard.path, "not the file that the manifest names: size or hash differ")
        return path.open("rb")


def read_manifest(at: str | Path, storage: Storage | None = None) -> Manifest:
    """The manifest in a folder, or under an `s3://` or `file://` address (then with a storage).

    Raises DukeMMError invalid_request.
    """
    remote = isinstance(at, str) and "://" in at
    if remote and storage is None:
        raise ValueError("an address needs a storage")
    if remote:
        at = str(at).rstrip("/")
        try:
            content = storage.read(f"{at}/{MANIFEST}", MAX_MANIFEST)
        except MissingObjectError as error:
            raise DukeMMError("invalid_request", f"there is no {MANIFEST} under {at}") from error
    else:
        at = Path(at)
        if not (at / MANIFEST).is_file():
            raise DukeMMError("invalid_request", f"there is no {MANIFEST} in {at}")
        content = (at / MANIFEST).read_bytes()
    return _parse(content, at, storage)


def _lines(file: io.BufferedIOBase) -> Iterator[bytes | None]:
    """Lines of a shard; None in the place of one that is longer than MAX_LINE, which is read past and not held."""
    while line := file.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE)
        yield None


def _family_in(line: bytes | None) -> str | None:
    """The family of a line that is wrong elsewhere; None if it does not say one."""
    if line is None:
        return None
    try:
        found = read_json(line)
    except DukeMMError:
        return None
    family = found.get("family") if isinstance(found, dict) else None
    return family if isinstance(family, str) and family else None


def _parse(content: bytes, at: str | Path, storage: Storage | None) -> Manifest:
    data = read_message(content, DataManifest, MANIFEST)
    manifest = Manifest(data, hashlib.sha256(content).hexdigest(), at, storage)
    for split in SPLITS:
        total = getattr(data.counts, split)
        in_shards = sum(shard.count for shard in manifest.shards(split))
        in_families = sum(getattr(family, split) for family in manifest.families.values())
        if not in_shards == in_families == total:
            raise invalid(
                f"counts.{split}", f"one number: {total} as said, {in_shards} in shards, {in_families} in families"
            )
    return manifest
