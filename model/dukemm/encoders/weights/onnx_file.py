"""Reads the constant tensors of an ONNX file: a walk over its protocol buffers, without the onnx package.

Field numbers are those of onnx.proto3: ModelProto.graph 7, GraphProto.initializer 5, TensorProto.dims 1, .data_type 2,
.float_data 4, .name 8, .raw_data 9.
"""

import numpy as np
from numpy.typing import NDArray

from dukemm.encoders.weights.protobuf import MalformedMessageError, fields, varints

FLOAT = 1


class UnexpectedOnnxError(MalformedMessageError):
    """A tensor's data do not match its shape."""


def read_initializers(content: bytes) -> dict[str, NDArray[np.float32]]:
    """Float32 initializers by name; others (shapes, paddings) are left out. Raises MalformedMessageError."""
    found: dict[str, NDArray[np.float32]] = {}
    for model_field, graph in fields(content):
        if model_field == 7 and isinstance(graph, bytes):
            for graph_field, tensor in fields(graph):
                if graph_field == 5 and isinstance(tensor, bytes):
                    _add(found, tensor)
    return found


def _add(found: dict[str, NDArray[np.float32]], tensor: bytes) -> None:
    shape: list[int] = []
    name, kind, numbers = "", 0, b""
    for number, value in fields(tensor):
        if number == 1:
            shape.extend([value] if isinstance(value, int) else varints(value))
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
