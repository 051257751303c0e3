"""The data of one training run: the Python side of `DataManifest` in contracts/learning/manifest.ts.

Shards are checked before a line of them is parsed, and read line by line. `test/contract/manifest.json` holds samples
that both sides parse in their tests.
"""

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from dukemm.contract.outcomes import parse_outcome
from dukemm.contract.unusable import Unusable
from dukemm.contract.validation import invalid, json_of, object_of, sha256_of, text_of, whole_of
from dukemm.domain.errors import DukeMMError
from dukemm.domain.outcomes import Outcome
from dukemm.domain.tasks import Kind
from dukemm.storage import MissingObjectError, Storage, file_sha256

MANIFEST = "manifest.json"
MAX_MANIFEST = 64 << 20
#: Of a shard that is read over the net: it is held in memory until its hash is known. Of a folder any size.
MAX_REMOTE_SHARD = 256 << 20
#: One outcome. An item comes in a request of at most 6 MB.
MAX_LINE = 16 << 20

Split = Literal["train", "validation", "reservoir"]
SPLITS: tuple[Split, ...] = get_args(Split)

_PATH = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9/_.-]*\.jsonl")


@dataclass(frozen=True)
class ShardRef:
    """A file of JSON lines, by its path beside the manifest."""

    path: str
    sha256: str
    count: int
    size_bytes: int


@dataclass(frozen=True)
class FamilyCounts:
    """How many outcomes of a family lie in each split."""

    kind: Kind
    train: int
    validation: int
    reservoir: int


@dataclass(frozen=True)
class Manifest:
    """What one training run learns from and is measured on."""

    id: str
    created_at: str
    #: The version that serves when the data is prepared.
    parent: str | None
    window: tuple[str, str]
    seed: int
    splits: Mapping[Split, tuple[ShardRef, ...]]
    families: Mapping[str, FamilyCounts]
    #: train, validation, reservoir, replay (of those in train, older than the window), left_out.
    counts: Mapping[str, int]
    lineage: Mapping[str, Any]
    #: Of the manifest's own bytes: names the data in artifacts and reports.
    sha256: str
    _at: str | Path
    _storage: Storage | None

    def rows(self, split: Split, unusable: Unusable | None = None) -> Iterator[Outcome]:
        """The outcomes of a split in the order of its shards, one at a time.

        A line that cannot be read is counted in `unusable` and left out; without `unusable` it raises.
        Raises DukeMMError invalid_request where a shard is missing or is not the one that was named.
        """
        for shard in self.splits[split]:
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
    """The family of a line that is wrong elsewhere; None where it does not say one."""
    if line is None:
        return None
    try:
        found = json_of(line)
    except DukeMMError:
        return None
    family = found.get("family") if isinstance(found, dict) else None
    return family if isinstance(family, str) and family else None


def _parse(content: bytes, at: str | Path, storage: Storage | None) -> Manifest:
    whole = {"format", "id", "created_at", "parent", "window", "seed", "splits", "families", "counts", "lineage"}
    data = object_of(json_of(content, MANIFEST), MANIFEST, whole, set())
    if data["format"] != 1:
        raise invalid("format", "1")
    window = object_of(data["window"], "window", {"from", "to"}, set())
    splits = object_of(data["splits"], "splits", set(SPLITS), set())
    counts = object_of(data["counts"], "counts", {*SPLITS, "replay", "left_out"}, set())
    if not isinstance(data["families"], dict):
        raise invalid("families", "an object")
    manifest = Manifest(
        id=text_of(data["id"], "id", 200),
        created_at=text_of(data["created_at"], "created_at", 40),
        parent=None if data["parent"] is None else text_of(data["parent"], "parent", 9),
        window=(text_of(window["from"], "window.from", 40), text_of(window["to"], "window.to", 40)),
        seed=whole_of(data["seed"], "seed"),
        splits={split: _shards(splits[split], f"splits.{split}") for split in SPLITS},
        families={name: _family(found, f"families.{name[:80]}") for name, found in data["families"].items()},
        counts={name: whole_of(count, f"counts.{name}") for name, count in counts.items()},
        lineage=_lineage(data["lineage"]),
        sha256=hashlib.sha256(content).hexdigest(),
        _at=at,
        _storage=storage,
    )
    for split in SPLITS:
        in_shards = sum(shard.count for shard in manifest.splits[split])
        in_families = sum(getattr(family, split) for family in manifest.families.values())
        if not in_shards == in_families == manifest.counts[split]:
            raise invalid(
                f"counts.{split}",
                f"one number: {manifest.counts[split]} as said, {in_shards} in shards, {in_families} in families",
            )
    return manifest


def _shards(value: Any, path: str) -> tuple[ShardRef, ...]:
    if not isinstance(value, list):
        raise invalid(path, "a list of shards")
    shards = []
    for i, entry in enumerate(value):
        found = object_of(entry, f"{path}.{i}", {"path", "sha256", "count", "size_bytes"}, set())
        if not isinstance(found["path"], str) or not _PATH.fullmatch(found["path"]):
            raise invalid(f"{path}.{i}.path", "the path of a .jsonl file beside the manifest")
        shards.append(
            ShardRef(
                found["path"],
                sha256_of(found["sha256"], f"{path}.{i}.sha256"),
                whole_of(found["count"], f"{path}.{i}.count", 1),
                whole_of(found["size_bytes"], f"{path}.{i}.size_bytes", 1),
            )
        )
    return tuple(shards)


def _family(value: Any, path: str) -> FamilyCounts:
    found = object_of(value, path, {"kind", *SPLITS}, set())
    if found["kind"] not in get_args(Kind):
        raise invalid(f"{path}.kind", ", ".join(get_args(Kind)))
    return FamilyCounts(found["kind"], *(whole_of(found[split], f"{path}.{split}") for split in SPLITS))


def _lineage(value: Any) -> dict[str, Any]:
    found = object_of(value, "lineage", {"shards", "first", "last", "sha256"}, set())
    whole_of(found["shards"], "lineage.shards")
    sha256_of(found["sha256"], "lineage.sha256")
    for name in ("first", "last"):
        if found[name] is not None:
            text_of(found[name], f"lineage.{name}", 40)
    return found
