"""Writes families and networks to an artifact, and reads each when it is first requested."""

import dataclasses
import json
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.numpy import load, save

from dukemm.config import FusionConfig
from dukemm.domain.errors import DukeMMError
from dukemm.fusion.network import FusionNetwork
from dukemm.fusion.training import Member
from dukemm.versions.artifact import Artifact
from dukemm.versions.family import KnownFamily
from dukemm.versions.texts import KnownTexts

#: Keys of a family's spec that are stored in calibration.json; the others are in families.json.
CALIBRATION_KEYS = ("mixture", "joined", "head", "threshold", "weights", "slope", "offset", "factor")

Known = KnownFamily | KnownTexts
T = TypeVar("T")


@dataclass(frozen=True)
class PackedFamilies:
    """Families in the files of a version; see version_files in artifact.py."""

    #: families.json: by family, and by network file.
    families: dict[str, Any]
    networks: dict[str, Any]
    #: calibration.json, by family.
    calibration: dict[str, Any]
    #: Files under `memory/`.
    memory: dict[str, bytes]


class Families:
    """The families of one loaded version. Thread-safe."""

    def __init__(self, artifact: Artifact) -> None:
        self._artifact = artifact
        self._loaded: dict[str, Known] = {}
        self._networks: dict[str, Sequence[Member]] = {}
        self._lock = threading.Lock()

    @property
    def names(self) -> list[str]:
        """Names of all trained families."""
        return list(self._artifact.families["families"])

    @property
    def has_network(self) -> bool:
        """Whether any family has a fusion network."""
        return any("fusion" in spec for spec in self._artifact.families["families"].values())

    def sharing_state(self, names: Collection[str]) -> set[str]:
        """These families, and those whose network was trained with one of them or continues such a network.

        All networks of one buyer are connected by the families that they were trained on.
        """
        specs = self._artifact.families["families"]
        heads = {file: set(spec["heads"]) for file, spec in self._artifact.families.get("networks", {}).items()}
        # In versions of format 2 all families shared one network.
        heads[""] = set(self._artifact.families.get("heads", ()))
        for name, spec in specs.items():
            if "fusion" in spec:
                heads[spec.get("network", "")].add(name)
        found = set(names)
        while connected := [file for file, families in heads.items() if families & found and not families <= found]:
            found.update(*(heads[file] for file in connected))
        return found

    def get(self, name: str) -> Known | None:
        """Load a trained family; None if the version has none of this name. Raises DukeMMError artifact_invalid."""
        spec = self._artifact.families["families"].get(name)
        if spec is None:
            return None
        with self._lock:
            if name not in self._loaded:
                self._loaded[name] = self._read_checked(name, lambda: self._read(name, spec))
            return self._loaded[name]

    def members_of(self, name: str) -> Sequence[Member]:
        """Members of the family's network; empty if it has none. Raises DukeMMError artifact_invalid."""
        spec = self._artifact.families["families"].get(name)
        if spec is None or "fusion" not in spec:
            return ()
        with self._lock:
            return self._read_checked(name, lambda: self._members(spec))

    def _read_checked(self, name: str, read: Callable[[], T]) -> T:
        try:
            return read()
        except (KeyError, ValueError, TypeError, IndexError, RuntimeError, SafetensorError) as error:
            raise DukeMMError("artifact_invalid", f"family {name} cannot be read: {type(error).__name__}") from error

    def _read(self, name: str, spec: Mapping[str, Any]) -> Known:
        arrays = load(self._artifact.memory[f"{spec['file']}.safetensors"])
        records = [json.loads(line) for line in self._artifact.memory[f"{spec['file']}.jsonl"].splitlines()]
        if spec["kind"] == "generation":
            return KnownTexts.unpack(arrays, records)
        model = {**spec["model"], **self._artifact.calibration["families"][name]}
        members = self._members(spec) if "fusion" in spec else ()
        return KnownFamily.unpack(name, {**spec, "model": model}, arrays, records, members)

    def _members(self, spec: Mapping[str, Any]) -> Sequence[Member]:
        file = spec.get("network", "")
        if file not in self._networks:
            self._networks[file] = _read_network(self._artifact, file)
        return self._networks[file]


def pack_families(families: Mapping[str, Known]) -> PackedFamilies:
    """Pack families and their networks; a network shared by families is stored once."""
    packed = PackedFamilies({}, {}, {}, {})
    files: dict[int, str] = {}
    for i, (name, family) in enumerate(sorted(families.items())):
        spec, arrays, records = family.pack()
        file = f"family-{i:05d}"
        if "model" in spec:
            packed.calibration[name] = {key: spec["model"][key] for key in CALIBRATION_KEYS if key in spec["model"]}
            spec["model"] = {key: value for key, value in spec["model"].items() if key not in CALIBRATION_KEYS}
        if isinstance(family, KnownFamily) and family.fusion is not None:
            members = family.fusion.members
            if id(members) not in files:
                files[id(members)] = network = f"network-{len(files):05d}"
                packed.networks[network], packed.memory[f"{network}.safetensors"] = _pack_network(members)
            spec["network"] = files[id(members)]
        packed.families[name] = {**spec, "file": file}
        packed.memory[f"{file}.safetensors"] = save({key: np.ascontiguousarray(array) for key, array in arrays.items()})
        lines = (json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records)
        packed.memory[f"{file}.jsonl"] = "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
    return packed


def _pack_network(members: Sequence[Member]) -> tuple[dict[str, Any], bytes]:
    tensors = {
        f"{i}.{name}": tensor.detach().cpu().contiguous().numpy()
        for i, member in enumerate(members)
        for name, tensor in member.state_dict().items()
    }
    first = members[0]
    return {"config": dataclasses.asdict(first.network.config), "heads": first.shapes}, save(tensors)


def _read_network(artifact: Artifact, file: str) -> list[Member]:
    """Read the members of a network. In versions of format 2 all families shared one network, without a file of its own."""
    if file:
        spec = artifact.families["networks"][file]
        config, heads, prefix = FusionConfig(**spec["config"]), spec["heads"], ""
        tensors = load(artifact.memory[f"{file}.safetensors"])
    else:
        config, heads, prefix = artifact.config.fusion, artifact.families["heads"], "fusion."
        tensors = artifact.tensors
    if config is None:
        raise ValueError("the version has no network")
    members = []
    for i in range(config.members):
        member = Member(FusionNetwork(config), {name: tuple(shape) for name, shape in heads.items()})
        own = f"{prefix}{i}."
        member.load_state_dict({n.removeprefix(own): torch.from_numpy(t) for n, t in tensors.items() if n.startswith(own)})
        members.append(member.eval().requires_grad_(False))
    return members


def drop_fusion(family: KnownFamily) -> KnownFamily:
    """A copy without the network, for reports."""
    return replace(family, fusion=None)
