"""Content encodings, undone block by block: at no time is more than one block of what is unpacked in memory."""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import brotli
from backports import zstd

__all__ = ["CHUNK", "Brotli", "Unpacker", "Zstd", "unpacked", "unpackers"]

CHUNK = 64 * 1024
MOST_MEMBERS = 100
UNASKED = frozenset({"compress", "x-compress", "exi", "pack200-gzip", "dcb", "dcz"})

MOST_LAYERS = 2
"""A proxy that packs what is packed is a known mistake; more is none."""

FRAME = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", re.DOTALL)
"""How a frame of Zstandard begins, and one that holds no content."""

LARGEST_WINDOW: Mapping[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
"""8 MiB, all that HTTP allows (RFC 9659); by itself a frame may ask for 128."""


class Layer(Protocol):
    """Undoes one packing."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """What the bytes unpack to, in blocks. Raises ValueError for what is not packed so."""

    def whole(self) -> bool:
        """Whether nothing is missing at the end."""


class Unpacker:
    """Undoes gzip or deflate block by block: at no time is more than one block in memory."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None
        self._members = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """What the bytes unpack to, in blocks. Raises ValueError for what is not packed so."""
        while chunk:
            stream = self._stream = self._stream or self._begin(chunk[0])
            try:
                yield from _blocks(stream, chunk)
            except zlib.error as exc:
                raise ValueError(f"the body is not packed as it says: {exc}") from exc
            chunk = stream.unused_data
            if chunk.startswith(b"\x1f\x8b") and self._members < MOST_MEMBERS:
                self._stream = None
            else:
                return

    def _begin(self, first: int) -> "zlib._Decompress":
        # A zlib stream names its method, 8, in its first half-byte, gzip begins with 1F; bare deflate does neither.
        bare = first & 0x0F != 8 and first != 0x1F  # noqa: PLR2004 (explained)
        self._members += 1
        return zlib.decompressobj(wbits=-15 if bare else 47)

    def whole(self) -> bool:
        """Whether nothing is missing at the end."""
        return self._stream is None or self._stream.eof


class Brotli:
    """Undoes Brotli, as `Unpacker` does gzip."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._begun = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """What the bytes unpack to, in blocks. Raises ValueError for what is not packed so."""
        if self._stream.is_finished():
            return  # what follows the end is none of it
        self._begun = True
        try:
            block = self._stream.process(chunk, output_buffer_limit=CHUNK)
            while block:
                yield block
                done = self._stream.is_finished()
                block = b"" if done else self._stream.process(b"", output_buffer_limit=CHUNK)
        except brotli.error as exc:
            raise ValueError(f"the body is not packed as it says: {exc}") from exc

    def whole(self) -> bool:
        """Whether nothing is missing at the end."""
        return not self._begun or self._stream.is_finished()


class Zstd:
    """Undoes Zstandard, as `Unpacker` does gzip."""

    def __init__(self) -> None:
        self._stream = zstd.ZstdDecompressor(options=LARGEST_WINDOW)
        self._frames = 0
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """What the bytes unpack to, in blocks. Raises ValueError for what is not packed so."""
        chunk, self._rest = self._rest + chunk, b""
        while chunk:
            if self._stream.eof:
                if len(chunk) < 4 and self._frames < MOST_MEMBERS:  # noqa: PLR2004 (bytes that a frame begins with)
                    self._rest = chunk
                    return
                if self._frames >= MOST_MEMBERS or not FRAME.match(chunk):
                    self._frames = MOST_MEMBERS  # what follows the end is none of it
                    return
                self._stream = zstd.ZstdDecompressor(options=LARGEST_WINDOW)
            self._frames = max(self._frames, 1)
            try:
                yield from self._blocks(chunk)
            except zstd.ZstdError as exc:
                raise ValueError(f"the body is not packed as it says: {exc}") from exc
            self._frames += self._stream.eof
            chunk = self._stream.unused_data

    def _blocks(self, chunk: bytes) -> Iterator[bytes]:
        block = self._stream.decompress(chunk, CHUNK)
        while block:
            yield block
            done = self._stream.eof or self._stream.needs_input
            block = b"" if done else self._stream.decompress(b"", CHUNK)

    def whole(self) -> bool:
        """Whether nothing is missing at the end."""
        return self._frames == 0 or self._stream.eof


def _blocks(stream: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    block = stream.decompress(chunk, CHUNK)
    while block:
        yield block
        # A full block may leave output behind although its input is used up.
        more = stream.unconsumed_tail
        block = stream.decompress(more, CHUNK) if more or len(block) == CHUNK else b""


PACKINGS: Mapping[str, type[Layer]] = {
    "gzip": Unpacker,
    "x-gzip": Unpacker,
    "deflate": Unpacker,
    "br": Brotli,
    "zstd": Zstd,
}
"""What is asked for, as servers name it."""


def unpackers(encoding: str) -> list[Layer]:
    """What undoes a Content-Encoding, outermost first. Raises ValueError for packings that were not asked for.

    What is no packing at all (`identity`, `utf-8`, garbage) changes nothing, as in browsers.
    """
    names = [name.strip().lower() for name in encoding.split(",")]
    strange = [name for name in names if name in UNASKED]
    layers = [PACKINGS[name]() for name in reversed(names) if name in PACKINGS]
    if strange or len(layers) > MOST_LAYERS:
        raise ValueError(f"content encoding {encoding[:60]!r} was not asked for")
    return layers


def unpacked(layers: Sequence[Layer], chunk: bytes) -> Iterator[bytes]:
    """What the bytes are inside all layers, in blocks. Raises ValueError for what is not packed so."""
    if not layers:
        yield chunk
        return
    for block in layers[0].feed(chunk):
        yield from unpacked(layers[1:], block)
