"""Walks the fields of protocol-buffer messages without generated classes."""

from collections.abc import Iterator

_VARINT, _LENGTH, _FIXED = 0, 2, {1: 8, 5: 4}


class MalformedMessageError(ValueError):
    """The bytes are not a protocol-buffer message, or use a wire type that is not supported."""


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each field of a message: an integer for varints, else bytes. Raises MalformedMessageError."""
    position = 0
    while position < len(message):
        tag, position = _varint(message, position)
        wire = tag & 7
        if wire == _VARINT:
            value, position = _varint(message, position)
            yield tag >> 3, value
            continue
        if wire == _LENGTH:
            size, position = _varint(message, position)
        elif wire in _FIXED:
            size = _FIXED[wire]
        else:
            raise MalformedMessageError(f"a field of wire type {wire}")
        if position + size > len(message):
            raise MalformedMessageError("a field reaches beyond its message")
        yield tag >> 3, message[position : position + size]
        position += size


def varints(packed: bytes) -> Iterator[int]:
    """The numbers of a packed repeated field. Raises MalformedMessageError."""
    position = 0
    while position < len(packed):
        value, position = _varint(packed, position)
        yield value


def _varint(message: bytes, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(message):
            raise MalformedMessageError("a number without an end")
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise MalformedMessageError("a number of more than ten bytes")
