"""Confirmed examples of a family of texts. New tasks of the family use them like their own examples."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from dukemm.domain.arrays import Arrays
from dukemm.domain.encoded import EncodedExample, EncodedItem, ItemViews, MediumFeatures

#: Most examples stored, the newest; copying needs fewer to find what they have in common.
MAX_EXAMPLES = 300


@dataclass(frozen=True)
class KnownTexts:
    """A trained family that answers with texts."""

    examples: Sequence[EncodedExample]
    kind: Literal["generation"] = "generation"

    def pack(self) -> tuple[dict[str, Any], Arrays, list[dict[str, Any]]]:
        """JSON spec, arrays and records for the artifact."""
        records = [
            {"id": e.id, "expected": e.expected, "digest": e.digest, "views": asdict(e.encoded.views)}
            for e in self.examples
        ]
        vectors = np.stack([example.encoded.vector for example in self.examples])
        arrays = {"vectors": vectors, **_pack_media([example.encoded for example in self.examples])}
        return {"kind": self.kind, "count": len(self.examples)}, arrays, records

    @staticmethod
    def unpack(arrays: Mapping[str, np.ndarray], records: Sequence[Mapping[str, Any]]) -> "KnownTexts":
        """The inverse of `pack`. Of media only tokens and embeddings are stored."""
        examples = []
        media = _unpack_media(arrays, len(records))
        for record, vector, features in zip(records, arrays["vectors"], media, strict=True):
            views = record["views"]
            lists = {**views, "attributes": tuple(views["attributes"]), "shape": tuple(views["shape"])}
            encoded = EncodedItem(ItemViews(**lists), vector, features)
            examples.append(EncodedExample(record["id"], record["expected"], encoded, record["digest"]))
        return KnownTexts(examples)


def _pack_media(items: Sequence[EncodedItem]) -> Arrays:
    """For each media kind and name: indices of the n items that have it, tokens (n, t, width) and embeddings (n, d)."""
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


def _unpack_media(arrays: Mapping[str, np.ndarray], count: int) -> list[dict[str, MediumFeatures]]:
    media: list[dict[str, MediumFeatures]] = [{} for _ in range(count)]
    for key in arrays:
        part, _, medium = key.partition(".")
        if part == "rows":
            kind, _, name = medium.partition(".")
            for index, row in enumerate(arrays[key]):
                embeddings = arrays.get(f"embedding.{medium}")
                descriptors = {} if embeddings is None else {"embedding": embeddings[index]}
                tokens = arrays[f"tokens.{medium}"][index]
                media[int(row)][name] = MediumFeatures("image" if kind == "image" else "audio", tokens, descriptors)
    return media
