"""How records lie in a journal file: frames of length, CRC-32 and JSON.

A frame is written with one call and read as a whole or not at all. A process that is killed leaves a prefix of what it
wrote; a machine that loses power may leave anything after the last fsync. Both end the file at the first bad frame.
"""

import json
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

Key = tuple[str, ...]
Record = tuple[Key, object]

MAGIC = b"DUKENET-JOURNAL-1\n"
_HEADER = struct.Struct("<II")
# Records come from requests in JSON, which have no cycles: looking for them costs a sixth of the time.
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
# A longer length is garbage: a frame holds the changes of a few requests.
MAX_FRAME_BYTES = 1 << 30


class DamagedJournalError(RuntimeError):
    """A file that was complete once cannot be read any more."""


@dataclass(frozen=True)
class Read:
    """What a file holds, up to the first bad frame."""

    frames: list[list[Record]]
    good_bytes: int
    total_bytes: int

    @property
    def is_whole(self) -> bool:
        """Whether the file ends with a whole frame."""
        return self.good_bytes == self.total_bytes


def encode(records: Iterable[Record]) -> bytes:
    """The frame of some records, in order."""
    body = _encode(list(records)).encode("ascii")
    return _HEADER.pack(len(body), zlib.crc32(body)) + body


def read(path: Path) -> Read:
    """Every whole frame of a file from its beginning."""
    data = path.read_bytes()
    if not data.startswith(MAGIC):
        return Read([], 0, len(data))
    frames, at = [], len(MAGIC)
    for body in _bodies(data, at):
        frames.append([(tuple(key), value) for key, value in json.loads(body)])
        at += _HEADER.size + len(body)
    return Read(frames, at, len(data))


def _bodies(data: bytes, at: int) -> Iterator[bytes]:
    while at + _HEADER.size <= len(data):
        length, checksum = _HEADER.unpack_from(data, at)
        body = data[at + _HEADER.size : at + _HEADER.size + length]
        if length > MAX_FRAME_BYTES or len(body) < length or zlib.crc32(body) != checksum:
            return
        yield body
        at += _HEADER.size + length


def apply(records: dict[Key, object], frames: Iterable[list[Record]]) -> None:
    """Replays frames onto a map: the last value of a key counts, `None` removes it."""
    for frame in frames:
        for key, value in frame:
            if value is None:
                records.pop(key, None)
            else:
                records[key] = value
