"""Confirmed examples of a family that is answered in texts: new tasks of the family learn from them as from their own."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from dukemm.domain.arrays import Arrays
from dukemm.domain.encoded import EncodedExample, EncodedItem, ItemViews, MediumFeatures

#: Examples kept, the newest; a copier learns what they have in common from fewer.
MOST = 300


@dataclass(frozen=True)
class KnownTexts:
    """One family."""

    examples: Sequence[EncodedExample]
    kind: Literal["generation"] = "generation"

    def pack(self) -> tuple[dict[str, Any], Arrays, list[dict[str, Any]]]:
        """Specification, arrays and records, as an artifact keeps them."""
        records = [
            {"id": e.id, "expected": e.expected, "digest": e.digest, "views": asdict(e.encoded.views)}
            for e in self.examples
        ]
        vectors = np.stack([example.encoded.vector for example in self.examples])
        arrays = {"vectors": vectors, **_packed_media([example.encoded for example in self.examples])}
        return {"kind": self.kind, "count": len(self.examples)}, arrays, records

    @staticmethod
    def unpack(arrays: Mapping[str, np.ndarray], records: Sequence[Mapping[str, Any]]) -> "KnownTexts":
        """What `pack` was called on; of pictures and sounds the tokens and the embedding."""
        examples = []
        media = _unpacked_media(arrays, len(records))
        for record, vector, seen in zip(records, arrays["vectors"], media, strict=True):
            views = record["views"]
            lists = {**views, "attributes": tuple(views["attributes"]), "shape": tuple(views["shape"])}
            encoded = EncodedItem(ItemViews(**lists), vector, seen)
            examples.append(EncodedExample(record["id"], record["expected"], encoded, record["digest"]))
        return KnownTexts(examples)


def _packed_media(items: Sequence[EncodedItem]) -> Arrays:
    """Of each kind and name: which items have it, and their tokens (n, t, width) and embeddings (n, d)."""
    arrays: dict[str, np.ndarray] = {}
    for kind, name in sorted({(medium.kind, name) for item in items for name, medium in item.media.items()}):
        rows = [i for i, item in enumerate(items) if name in item.media and item.media[name].kind == kind]
        media = [items[i].media[name] for i in rows]
        key = f"{kind}.{name}"
        arrays[f"rows.{key}"] = np.array(rows, np.int64)
        arrays[f"tokens.{key}"] = np.stack([medium.tokens for medium in media])
        if all("embedding" in medium.descriptors for medium in media):
            arrays[f"embedding.{key}"] = np.stack([medium.descriptors["embedding"] for medium in media])
    return arrays


def _unpacked_media(arrays: Mapping[str, np.ndarray], count: int) -> list[dict[str, MediumFeatures]]:
    found: list[dict[str, MediumFeatures]] = [{} for _ in range(count)]
    for key in arrays:
        what, _, named = key.partition(".")
        if what == "rows":
            kind, _, name = named.partition(".")
            for place, row in enumerate(arrays[key]):
                whole = arrays.get(f"embedding.{named}")
                descriptors = {} if whole is None else {"embedding": whole[place]}
                tokens = arrays[f"tokens.{named}"][place]
                found[int(row)][name] = MediumFeatures("image" if kind == "image" else "audio", tokens, descriptors)
    return found
