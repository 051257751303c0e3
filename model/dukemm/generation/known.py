"""Confirmed examples of a family that is answered in texts: new tasks of the family learn from them as from their own."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from dukemm.features.item import ItemViews
from dukemm.task.blocks import Arrays, Encoded
from dukemm.task.context import Example

#: Examples kept, the newest; a copier learns what they have in common from fewer.
MOST = 300


@dataclass(frozen=True)
class KnownTexts:
    """One family."""

    examples: Sequence[Example]
    kind: Literal["generation"] = "generation"

    def pack(self) -> tuple[dict[str, Any], Arrays, list[dict[str, Any]]]:
        """Specification, arrays and records, as an artifact keeps them."""
        records = [
            {"id": e.id, "expected": e.expected, "digest": e.digest, "views": asdict(e.encoded.views)}
            for e in self.examples
        ]
        vectors = np.stack([example.encoded.vector for example in self.examples])
        return {"kind": self.kind, "count": len(self.examples)}, {"vectors": vectors}, records

    @staticmethod
    def unpack(arrays: Mapping[str, np.ndarray], records: Sequence[Mapping[str, Any]]) -> "KnownTexts":
        """What `pack` was called on, but for pictures and sounds, which no text is copied from."""
        examples = []
        for record, vector in zip(records, arrays["vectors"], strict=True):
            views = record["views"]
            lists = {**views, "attributes": tuple(views["attributes"]), "shape": tuple(views["shape"])}
            encoded = Encoded(ItemViews(**lists), vector)
            examples.append(Example(record["id"], record["expected"], encoded, record["digest"]))
        return KnownTexts(examples)
