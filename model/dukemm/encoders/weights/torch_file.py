"""Reads the tensors of an old torch file (before version 1.6) without unpickling it.

Such a file is five pickles, then the numbers of each storage. `pickletools.genops` only names the steps of a pickle; the
few that a dictionary of tensors consists of are followed here, and nothing that they name is looked up or called.
"""

import io
import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001

_TYPES = {"torch FloatStorage": np.dtype("<f4"), "torch LongStorage": np.dtype("<i8")}
_DICTIONARY, _TENSOR = "collections OrderedDict", "torch._utils _rebuild_tensor_v2"


class UnexpectedPickleError(ValueError):
    """The file holds something else than a dictionary of tensors."""


@dataclass(frozen=True)
class _Name:
    """Something that a pickle would import."""

    of: str


@dataclass(frozen=True)
class _Storage:
    key: str
    dtype: np.dtype[Any]
    count: int


@dataclass(frozen=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Mark:
    """Where the arguments of a later step begin."""


def read_tensors(content: bytes) -> dict[str, NDArray[Any]]:
    """Name → array. Raises UnexpectedPickleError for whatever is no dictionary of float32 and int64 tensors."""
    stream = io.BytesIO(content)
    if [_follow(stream), _follow(stream)] != [MAGIC, PROTOCOL]:
        raise UnexpectedPickleError("not a torch file of the old format")
    if _follow(stream).get("little_endian") is not True:
        raise UnexpectedPickleError("not little-endian")
    tensors, keys = _follow(stream), _follow(stream)
    if not isinstance(tensors, dict) or not all(isinstance(tensor, _Tensor) for tensor in tensors.values()):
        raise UnexpectedPickleError("not a dictionary of tensors")
    storages = {tensor.storage.key: tensor.storage for tensor in tensors.values()}
    numbers = {key: _numbers(stream, storages[key]) for key in keys}
    return {name: _array(tensor, numbers[tensor.storage.key]) for name, tensor in tensors.items()}


def _numbers(stream: io.BytesIO, storage: _Storage) -> NDArray[Any]:
    count = int.from_bytes(stream.read(8), "little")
    content = stream.read(count * storage.dtype.itemsize)
    if count != storage.count or len(content) != count * storage.dtype.itemsize:
        raise UnexpectedPickleError("a storage is not as long as it was announced")
    return np.frombuffer(content, storage.dtype)


def _array(tensor: _Tensor, numbers: NDArray[Any]) -> NDArray[Any]:
    last = tensor.offset + sum((n - 1) * stride for n, stride in zip(tensor.shape, tensor.strides, strict=True))
    if min(tensor.offset, *tensor.shape, *tensor.strides, 0) < 0 or 0 in tensor.shape or last >= len(numbers):
        raise UnexpectedPickleError("a tensor reaches outside of its storage")
    strides = tuple(stride * numbers.itemsize for stride in tensor.strides)
    view = np.lib.stride_tricks.as_strided(numbers[tensor.offset :], tensor.shape, strides, writeable=False)
    return np.ascontiguousarray(view).reshape(tensor.shape)


def _follow(stream: io.BytesIO) -> Any:
    """The value of the next pickle of the stream."""
    state = _State()
    try:
        for opcode, argument, _ in pickletools.genops(stream):
            step = _STEPS.get(opcode.name)
            if step is None:
                raise UnexpectedPickleError(f"a step {opcode.name}")
            step(state, argument)
        [value] = state.stack
        return value
    except UnexpectedPickleError:
        raise
    except (IndexError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise UnexpectedPickleError(f"cannot be followed: {error}") from error


@dataclass
class _State:
    stack: list[Any] = field(default_factory=list)
    memo: dict[int, Any] = field(default_factory=dict)

    def since_mark(self) -> list[Any]:
        start = max(i for i, value in enumerate(self.stack) if isinstance(value, _Mark))
        values = self.stack[start + 1 :]
        del self.stack[start:]
        return values

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def name(self, argument: str) -> None:
        if argument not in {*_TYPES, _DICTIONARY, _TENSOR}:
            raise UnexpectedPickleError(f"the name {argument}")
        self.push(_Name(argument))

    def tuple_of(self, count: int) -> None:
        values = tuple(self.stack[-count:])
        del self.stack[-count:]
        self.push(values)

    def storage(self, _argument: None) -> None:
        kind, of, key, _device, count, view = self.stack.pop()
        if kind != "storage" or view is not None:
            raise UnexpectedPickleError("a storage of another form")
        self.push(_Storage(key, _TYPES[of.of], count))

    def reduce(self, _argument: None) -> None:
        arguments, called = self.stack.pop(), self.stack.pop()
        if called == _Name(_DICTIONARY) and arguments == ():
            self.push({})
        elif called == _Name(_TENSOR) and isinstance(arguments[0], _Storage):
            self.push(_Tensor(*arguments[:4]))
        else:
            raise UnexpectedPickleError(f"a call of {called}")

    def build(self, _argument: None) -> None:
        """Attributes of the dictionary (versions of its modules) are left out."""
        if not isinstance(self.stack.pop(), dict) or not isinstance(self.stack[-1], dict):
            raise UnexpectedPickleError("attributes of something else than a dictionary")

    def append_all(self, _argument: None) -> None:
        values = self.since_mark()
        self.stack[-1].extend(values)

    def set_item(self, _argument: None) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self.stack[-1][key] = value

    def set_items(self, _argument: None) -> None:
        pairs = self.since_mark()
        self.stack[-1].update(zip(pairs[::2], pairs[1::2], strict=True))


_constants = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
_STEPS: dict[str, Callable[[_State, Any], object]] = {
    "PROTO": lambda state, argument: None,
    "STOP": lambda state, argument: None,
    "MARK": lambda state, argument: state.push(_Mark()),
    "EMPTY_DICT": lambda state, argument: state.push({}),
    "EMPTY_LIST": lambda state, argument: state.push([]),
    **{name: lambda state, argument, value=value: state.push(value) for name, value in _constants.items()},
    **dict.fromkeys(("BININT", "BININT1", "BININT2", "LONG1", "BINUNICODE"), _State.push),
    **{name: lambda state, argument: state.memo.update({argument: state.stack[-1]}) for name in ("BINPUT", "LONG_BINPUT")},
    **{name: lambda state, argument: state.push(state.memo[argument]) for name in ("BINGET", "LONG_BINGET")},
    "TUPLE": lambda state, argument: state.push(tuple(state.since_mark())),
    "TUPLE1": lambda state, argument: state.tuple_of(1),
    "TUPLE2": lambda state, argument: state.tuple_of(2),
    "TUPLE3": lambda state, argument: state.tuple_of(3),
    "APPENDS": _State.append_all,
    "SETITEM": _State.set_item,
    "SETITEMS": _State.set_items,
    "GLOBAL": _State.name,
    "BINPERSID": _State.storage,
    "REDUCE": _State.reduce,
    "BUILD": _State.build,
}
