"""One HTTP exchange on a guarded session: one hop, its limits, its troubles. Follows no redirect.

Bodies are unpacked by us and not by aiohttp, so that packed and unpacked bytes are both counted as they come and
a body that ends inside its gzip stream is noticed.
"""

import asyncio
import email.utils
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
from yarl import URL

from copydesk.adapters.http.guard import Refused
from copydesk.adapters.http.unpacking import CHUNK, unpacked, unpackers
from copydesk.outcomes import EntryOutcome, Reason

__all__ = ["LONGEST_WAIT", "MIB", "WHOLE", "Failure", "Limit", "Response", "download", "retry_after"]

MIB = 1024 * 1024
LONGEST_WAIT = 24 * 3600.0
"""Seconds; a server that asks for more is asked again after a day."""

RATIO_FROM = MIB
LARGEST_RATIO = 200
"""Unpacked to packed bytes, beyond the first MiB. Web pages stay below 20; gzip can reach 1000 only with zeros."""

WHOLE = frozenset({200, 203})
"""Statuses of a whole answer; 203 is one that a proxy has changed."""

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
    form: Sequence[tuple[str, str]] = (),
) -> Response:
    """Ask once, by POST where there is a form to send.

    Raises Failure: address refused, no connection, too slow, too large, or cut short.
    """
    method = "POST" if form else "GET"
    try:
        async with (
            asyncio.timeout(seconds),
            session.request(
                method, url, headers=headers, data=form or None, allow_redirects=False
            ) as response,
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
            if max(len(body), packed) > limit.size and max(len(body), packed) > limit.of(body):
                if limit.cut:
                    return bytes(body[: limit.size])
                raise Failure(Reason.TOO_LARGE, f"more than {limit.of(body) // MIB} MiB")
            if len(body) > RATIO_FROM and len(body) > LARGEST_RATIO * packed:
                raise Failure(Reason.TOO_LARGE, f"unpacks to more than {LARGEST_RATIO} times its size")
    if not all(layer.whole() for layer in layers):
        raise Failure(Reason.CONNECTION, "the packed body is cut short")
    return bytes(body)


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
