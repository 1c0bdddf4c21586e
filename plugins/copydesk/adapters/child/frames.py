"""Length-prefixed frames over pipes: eight bytes of length, big-endian, and the content."""

import select
import struct
import time
from typing import IO

__all__ = ["READY", "read_frame", "receive", "write_frame"]

READY = b"ready"
"""The first frame of a reading child that can serve; one that cannot says why instead."""

LENGTH = struct.Struct(">Q")
CHUNK = 1 << 20


def write_frame(stream: IO[bytes], content: bytes) -> None:
    """Write one frame; the caller flushes."""
    stream.write(LENGTH.pack(len(content)))
    stream.write(content)


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame of a buffered stream, or None at its end, also in the middle of a frame."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    length = LENGTH.unpack(head)[0]
    body = stream.read(length)
    return body if len(body) == length else None


def receive(pipe: IO[bytes], *, seconds: float) -> bytes | None:
    """The next frame of an unbuffered pipe: None at its end, also in the middle of a frame.

    Raises:
        TimeoutError: It was not complete after so many seconds.
    """
    deadline = time.monotonic() + seconds
    head = _exactly(pipe, LENGTH.size, deadline)
    return None if head is None else _exactly(pipe, LENGTH.unpack(head)[0], deadline)


def _exactly(pipe: IO[bytes], wanted: int, deadline: float) -> bytes | None:
    chunks: list[bytes] = []
    while wanted > 0:
        ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        chunk = pipe.read(min(wanted, CHUNK))
        if not chunk:
            return None
        chunks.append(chunk)
        wanted -= len(chunk)
    return b"".join(chunks)
