"""Families in an artifact: how they are written, and read when one is first asked for."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.numpy import load, save

from dukemm.artifact import Artifact
from dukemm.errors import DukeMMError
from dukemm.fusion.network import FusionNetwork
from dukemm.fusion.training import Member
from dukemm.generation.known import KnownTexts
from dukemm.learn.known import KnownFamily

#: What a family's calibration is; the rest of its specification lies in families.json.
CALIBRATION = ("mixture", "joined", "head", "threshold", "weights", "slope", "offset", "factor")

Known = KnownFamily | KnownTexts


class Families:
    """The families of one loaded version. Threads may share it."""

    def __init__(self, artifact: Artifact) -> None:
        self._artifact = artifact
        self._found: dict[str, Known] = {}
        self._lock = threading.Lock()
        self.members = _members(artifact)

    @property
    def names(self) -> list[str]:
        """All that the version has learned."""
        return list(self._artifact.families["families"])

    def get(self, name: str) -> Known | None:
        """What the version knows of a family; None where it knows nothing. Raises DukeMMError artifact_invalid."""
        spec = self._artifact.families["families"].get(name)
        if spec is None:
            return None
        with self._lock:
            if name not in self._found:
                self._found[name] = self._read(name, spec)
            return self._found[name]

    def _read(self, name: str, spec: Mapping[str, Any]) -> Known:
        try:
            arrays = load(self._artifact.memory[f"{spec['file']}.safetensors"])
            records = [json.loads(line) for line in self._artifact.memory[f"{spec['file']}.jsonl"].splitlines()]
            if spec["kind"] == "generation":
                return KnownTexts.unpack(arrays, records)
            model = {**spec["model"], **self._artifact.calibration["families"][name]}
            return KnownFamily.unpack(name, {**spec, "model": model}, arrays, records, self.members)
        except (KeyError, ValueError, TypeError, IndexError, SafetensorError) as error:
            raise DukeMMError("artifact_invalid", f"family {name} cannot be read: {type(error).__name__}") from error


def packed_families(families: Mapping[str, Known]) -> tuple[dict[str, Any], dict[str, Any], dict[str, bytes]]:
    """What families.json, calibration.json and `memory/` hold of each family."""
    specs, calibration, memory = {}, {}, {}
    for i, (name, family) in enumerate(sorted(families.items())):
        spec, arrays, records = family.pack()
        file = f"family-{i:05d}"
        if "model" in spec:
            calibration[name] = {key: spec["model"][key] for key in CALIBRATION if key in spec["model"]}
            spec["model"] = {key: value for key, value in spec["model"].items() if key not in CALIBRATION}
        specs[name] = {**spec, "file": file}
        memory[f"{file}.safetensors"] = save({key: np.ascontiguousarray(array) for key, array in arrays.items()})
        lines = (json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records)
        memory[f"{file}.jsonl"] = "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
    return specs, calibration, memory


def member_tensors(members: Sequence[Member]) -> dict[str, np.ndarray]:
    """The network's weights as model.safetensors holds them."""
    return {
        f"fusion.{i}.{name}": tensor.detach().cpu().contiguous().numpy()
        for i, member in enumerate(members)
        for name, tensor in member.state_dict().items()
    }


def _members(artifact: Artifact) -> list[Member]:
    config = artifact.config.fusion
    if config is None:
        return []
    heads = {name: tuple(shape) for name, shape in artifact.families["heads"].items()}
    members = []
    for i in range(config.members):
        member = Member(FusionNetwork(config), heads)
        prefix = f"fusion.{i}."
        state = {n.removeprefix(prefix): torch.from_numpy(t) for n, t in artifact.tensors.items() if n.startswith(prefix)}
        member.load_state_dict(state)
        members.append(member.eval().requires_grad_(False))
    return members


def without_fusion(family: KnownFamily) -> KnownFamily:
    """The same, its network silent: for reports."""
    return replace(family, fusion=None)
