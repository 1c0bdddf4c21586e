"""One HTTP exchange on a guarded session: one hop, its limits, its troubles. Follows no redirect.

Bodies are unpacked here and not by aiohttp, so that packed and unpacked bytes are both counted as they come and
a body that ends inside its gzip stream is noticed.
"""

import asyncio
import email.utils
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import brotli
from yarl import URL

from copydesk.adapters.http.guard import Refused
from copydesk.outcomes import EntryOutcome, Reason

__all__ = ["LONGEST_WAIT", "MIB", "WHOLE", "Failure", "Limit", "Response", "download", "retry_after"]

MIB = 1024 * 1024
CHUNK = 64 * 1024
LONGEST_WAIT = 24 * 3600.0
"""Seconds; a server that asks for more is asked again after a day."""

RATIO_FROM = MIB
LARGEST_RATIO = 200
"""Unpacked to packed bytes, beyond the first MiB. Web pages stay below 20; gzip can reach 1000 only with zeros."""

MOST_MEMBERS = 100
ASKED = frozenset({"gzip", "x-gzip", "deflate", "br"})
UNASKED = frozenset({"zstd", "compress", "x-compress", "exi", "pack200-gzip", "dcb", "dcz"})
WHOLE = frozenset({200, 203})
"""Statuses of a whole answer; 203 is one that a proxy has changed."""

MOST_LAYERS = 2
"""A proxy that packs what is packed is a known mistake; more is none."""

SITEMAP = re.compile(rb"\A\x1f\x8b|<(urlset|sitemapindex)\b")


class Failure(Exception):  # noqa: N818 (it becomes an answer, not an error)
    """Why there is no usable response; becomes an Unfetched."""

    def __init__(
        self,
        reason: Reason,
        detail: str = "",
        *,
        outcome: EntryOutcome = EntryOutcome.FAILED,
        wait: float | None = None,
        asked: bool = True,
    ) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
        self.outcome = outcome
        self.wait = wait
        self.asked = asked

    @classmethod
    def refusal(
        cls, reason: Reason, detail: str, *, wait: float | None = None, asked: bool = True
    ) -> "Failure":
        """A rule of ours or of the site says no."""
        return cls(reason, detail, outcome=EntryOutcome.REFUSED, wait=wait, asked=asked)


@dataclass(frozen=True, slots=True)
class Limit:
    """Most bytes of a body, packed or not.

    Attributes:
        size: Of any body; `sitemap` of one that turns out to be a sitemap, or a gzip file.
        cut: Whether a longer body is cut there instead of refused.
    """

    size: int
    sitemap: int = 0
    cut: bool = False

    def of(self, body: bytearray) -> int:
        """The limit for a body that begins like this."""
        return max(self.size, self.sitemap) if SITEMAP.search(body, 0, 4096) else self.size


@dataclass(frozen=True, slots=True)
class Response:
    """What one request was answered with; header names are case-insensitive. The body is that of a page only.

    Attributes:
        moved: The address that redirects for good led to, up to the first that is not.
        robots: The X-Robots-Tag headers, one by one.
    """

    url: URL
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved: URL | None = None
    robots: tuple[str, ...] = ()


async def download(
    session: aiohttp.ClientSession,
    url: URL,
    headers: Mapping[str, str],
    *,
    limit: Limit,
    seconds: float,
) -> Response:
    """Ask once. Raises Failure: address refused, no connection, too slow, too large, or cut short."""
    try:
        async with (
            asyncio.timeout(seconds),
            session.get(url, headers=headers, allow_redirects=False) as response,
        ):
            body = await _body(response, limit) if response.status in WHOLE else b""
            robots = tuple(response.headers.getall("X-Robots-Tag", []))
            return Response(url, response.status, response.headers, body, robots=robots)
    except TimeoutError as exc:
        raise Failure(Reason.TIMEOUT, f"no complete answer within {seconds:.0f} s") from exc
    except (aiohttp.ClientError, OSError, ValueError) as exc:
        refused = exc.os_error if isinstance(exc, aiohttp.ClientConnectorError) else exc
        if isinstance(refused, Refused):
            raise Failure.refusal(refused.reason, refused.detail) from exc
        raise Failure(Reason.CONNECTION, " ".join(f"{type(exc).__name__}: {exc}".split())[:300]) from exc


async def _body(response: aiohttp.ClientResponse, limit: Limit) -> bytes:
    layers = unpackers(",".join(response.headers.getall("Content-Encoding", [])))
    lengths = ",".join(response.headers.getall("Content-Length", []))
    if len({length.strip() for length in lengths.split(",")}) > 1:
        raise ValueError(f"lengths that differ: {lengths[:60]}")
    body, packed = bytearray(), 0
    async for chunk in response.content.iter_chunked(CHUNK):
        packed += len(chunk)
        for block in unpacked(layers, chunk):
            body += block
            if len(body) > limit.of(body) or packed > limit.of(body):
                if limit.cut:
                    return bytes(body[: limit.size])
                raise Failure(Reason.TOO_LARGE, f"more than {limit.of(body) // MIB} MiB")
            if len(body) > RATIO_FROM and len(body) > LARGEST_RATIO * packed:
                raise Failure(Reason.TOO_LARGE, f"unpacks to more than {LARGEST_RATIO} times its size")
    if not all(layer.whole() for layer in layers):
        raise Failure(Reason.CONNECTION, "the packed body is cut short")
    return bytes(body)


def unpackers(encoding: str) -> list["Unpacker | Brotli"]:
    """What undoes a Content-Encoding, outermost first. Raises ValueError for packings that were not asked for.

    What is no packing at all (`identity`, `utf-8`, garbage) changes nothing, as in browsers.
    """
    names = [name.strip().lower() for name in encoding.split(",")]
    strange = [name for name in names if name in UNASKED]
    layers = [Brotli() if name == "br" else Unpacker() for name in reversed(names) if name in ASKED]
    if strange or len(layers) > MOST_LAYERS:
        raise ValueError(f"content encoding {encoding[:60]!r} was not asked for")
    return layers


def unpacked(layers: Sequence["Unpacker | Brotli"], chunk: bytes) -> Iterator[bytes]:
    """What the bytes are inside all layers, in blocks. Raises ValueError for what is not packed so."""
    if not layers:
        yield chunk
        return
    for block in layers[0].feed(chunk):
        yield from unpacked(layers[1:], block)


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


def _blocks(stream: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    block = stream.decompress(chunk, CHUNK)
    while block:
        yield block
        # A full block may leave output behind although its input is used up.
        more = stream.unconsumed_tail
        block = stream.decompress(more, CHUNK) if more or len(block) == CHUNK else b""


def retry_after(text: str | None, now: datetime) -> float | None:
    """Seconds a Retry-After header asks for, 0 to a day, from its seconds or its date; None for any other text."""
    text = (text or "").strip()
    if re.fullmatch(r"\d+", text, re.ASCII):
        return min(float(text[:20]), LONGEST_WAIT)  # twenty digits are longer than a day
    try:
        then = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return min(max((then - now).total_seconds(), 0.0), LONGEST_WAIT)
