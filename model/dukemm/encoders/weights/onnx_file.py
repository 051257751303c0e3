"""Reads the constant tensors of an ONNX file: a walk over its protocol buffers, without the onnx package.

Field numbers are those of onnx.proto3: ModelProto.graph 7, GraphProto.initializer 5, TensorProto.dims 1, .data_type 2,
.float_data 4, .name 8, .raw_data 9.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

FLOAT = 1
_VARINT, _LENGTH, _FIXED = 0, 2, {1: 8, 5: 4}


class UnexpectedOnnxError(ValueError):
    """The bytes are not an ONNX file, or use a form that is not supported."""


def read_initializers(content: bytes) -> dict[str, NDArray[np.float32]]:
    """Float32 initializers by name; others (shapes, paddings) are left out. Raises UnexpectedOnnxError."""
    found: dict[str, NDArray[np.float32]] = {}
    for model_field, graph in _fields(content):
        if model_field == 7 and isinstance(graph, bytes):
            for graph_field, tensor in _fields(graph):
                if graph_field == 5 and isinstance(tensor, bytes):
                    _add(found, tensor)
    return found


def _add(found: dict[str, NDArray[np.float32]], tensor: bytes) -> None:
    shape: list[int] = []
    name, kind, numbers = "", 0, b""
    for number, value in _fields(tensor):
        if number == 1:
            shape.extend([value] if isinstance(value, int) else _varints(value))
        elif number == 2 and isinstance(value, int):
            kind = value
        elif number == 8 and isinstance(value, bytes):
            name = value.decode()
        elif number in (4, 9) and isinstance(value, bytes):
            numbers += value
    if kind != FLOAT:
        return
    if len(numbers) != 4 * int(np.prod(shape)):
        raise UnexpectedOnnxError(f"the tensor {name} is not as large as its shape")
    found[name] = np.frombuffer(numbers, "<f4").reshape(shape)


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each field of a message: an integer for varints, else bytes."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        wire = tag & 7
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield tag >> 3, value
            continue
        if wire == _LENGTH:
            size, at = _varint(message, at)
        elif wire in _FIXED:
            size = _FIXED[wire]
        else:
            raise UnexpectedOnnxError(f"a field of wire type {wire}")
        if at + size > len(message):
            raise UnexpectedOnnxError("a field reaches beyond its message")
        yield tag >> 3, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise UnexpectedOnnxError("a number without an end")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise UnexpectedOnnxError("a number of more than ten bytes")


def _varints(packed: bytes) -> Iterator[int]:
    at = 0
    while at < len(packed):
        value, at = _varint(packed, at)
        yield value
