"""Bodies as the fetcher takes them: torn, packed, too large."""

import gzip
import zlib
from typing import Literal

import brotli
import pytest
from aiohttp import web
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.adapters.http.unpacking import Brotli, Unpacker, Zstd
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched
from made.sites import PAGE, Handler, Site, failure, fetch, page, want


def half(end: Literal["abort", "close"]) -> Handler:
    """Half of the promised bytes, then a reset or an orderly end."""

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"x" * 500)
        assert request.transport is not None
        hang_up = request.transport.abort if end == "abort" else request.transport.close
        hang_up()
        return response

    return handler


async def torn_chunks(request: web.Request) -> web.StreamResponse:
    """A chunked body without its end."""
    response = web.StreamResponse()
    response.enable_chunked_encoding()
    await response.prepare(request)
    await response.write(b"x" * 500)
    assert request.transport is not None
    request.transport.close()
    return response


async def noise(request: web.Request) -> web.StreamResponse:
    """No HTTP at all."""
    assert request.transport is not None
    request.transport.write(b"220 mail.kurier.example ESMTP\r\n")
    request.transport.close()
    return web.Response()


def packed(body: bytes, encoding: str = "gzip") -> Handler:
    return page(body, Content_Encoding=encoding)


SKIPPED = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
"""A frame of Zstandard that holds no content."""
BOMB = gzip.compress(bytes(6 << 20))
PACKER = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
WIDE = PACKER.compress(PAGE) + PACKER.flush()
"""Small, and wants 128 MiB of memory to be unpacked."""
NARROW = b"".join([gzip.compress(bytes(1 << 20), compresslevel=9)] * 4)


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (half("abort"), Reason.CONNECTION),
        (half("close"), Reason.CONNECTION),
        (torn_chunks, Reason.CONNECTION),
        (noise, Reason.CONNECTION),
        (packed(gzip.compress(PAGE)[:-9]), Reason.CONNECTION),
        (packed(PAGE), Reason.CONNECTION),
        (packed(PAGE, "br"), Reason.CONNECTION),
        (packed(brotli.compress(PAGE)[:-1], "br"), Reason.CONNECTION),
        (packed(brotli.compress(bytes(6 << 20)), "br"), Reason.TOO_LARGE),
        (packed(PAGE, "zstd"), Reason.CONNECTION),
        (packed(zstd.compress(PAGE)[:-1], "zstd"), Reason.CONNECTION),
        (packed(zstd.compress(bytes(6 << 20)), "zstd"), Reason.TOO_LARGE),
        (packed(zstd.compress(bytes(2 << 20)) * 9, "zstd"), Reason.TOO_LARGE),
        (packed(WIDE, "zstd"), Reason.CONNECTION),
        (packed(PAGE, "compress"), Reason.CONNECTION),
        (page(b"x" * (5 * 1024 * 1024 + 1)), Reason.TOO_LARGE),
        (packed(BOMB), Reason.TOO_LARGE),
        (packed(NARROW), Reason.TOO_LARGE),
        (packed(zlib.compress(bytes(6 << 20)), "deflate"), Reason.TOO_LARGE),
    ],
    ids=[
        "reset",
        "short",
        "torn",
        "noise",
        "cut gzip",
        "no gzip",
        "no br",
        "cut br",
        "br bomb",
        "no zstd",
        "cut zstd",
        "zstd bomb",
        "zstd ratio",
        "zstd window",
        "unasked",
        "large",
        "bomb",
        "ratio",
        "deflate bomb",
    ],
)
def test_bodies_that_are_not_whole(
    site: Site, fetcher: HttpFetcher, handler: Handler, reason: Reason
) -> None:
    """What is cut, garbled, or too large packed or unpacked, is never handed out as a page; the next one is."""
    site.pages["/a"] = handler
    assert failure(fetch(fetcher, site.url("/a"))[0]) == (EntryOutcome.FAILED, reason)
    assert isinstance(fetch(fetcher, site.url("/b"))[0], Fetched)


@pytest.mark.parametrize(
    "handler",
    [
        packed(gzip.compress(PAGE)),
        packed(gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:])),
        packed(gzip.compress(PAGE) + b"trailing"),
        packed(brotli.compress(PAGE), "br"),
        packed(gzip.compress(brotli.compress(PAGE)), "br, gzip"),
        packed(zstd.compress(PAGE), "zstd"),
        packed(zstd.compress(PAGE[:9]) + SKIPPED + zstd.compress(PAGE[9:]), "zstd"),
        packed(zstd.compress(PAGE) + b"trailing", "zstd"),
        page(PAGE, 203),
        packed(zlib.compress(PAGE), "deflate"),
        packed(zlib.compress(PAGE, wbits=-15), "deflate"),
        page(PAGE, Content_Encoding="identity"),
    ],
)
def test_packed_bodies(site: Site, fetcher: HttpFetcher, handler: Handler) -> None:
    """Gzip, Brotli, Zstandard, both kinds of deflate are unpacked, one in the other too; proxies may tell."""
    site.pages["/a"] = handler
    (answer,) = fetch(fetcher, site.url("/a"))
    assert isinstance(answer, Fetched)
    assert answer.body == PAGE


@given(
    st.binary(max_size=2000),
    st.lists(st.integers(1, 60), min_size=1),
    st.integers(1, 3),
    st.sampled_from([1, 200]),
)
def test_unpacking_does_not_depend_on_the_pieces(
    body: bytes,
    sizes: list[int],
    members: int,
    times: int,
) -> None:
    """However a packed body is cut into pieces, it unpacks to the same bytes, and an end too early is noticed."""
    body = body * times
    whole = gzip.compress(body) * members
    unpacker, found, at = Unpacker(), b"", 0
    while at < len(whole):
        size = sizes[at % len(sizes)]
        found += b"".join(unpacker.feed(whole[at : at + size]))
        at += size
        assert unpacker.whole() or at < len(whole)
    assert found == body * members


@given(st.binary(max_size=2000), st.lists(st.integers(1, 60), min_size=1), st.sampled_from([1, 200]))
def test_unpacking_brotli_does_not_depend_on_the_pieces(body: bytes, sizes: list[int], times: int) -> None:
    """As above, and what follows the end is passed over."""
    whole = brotli.compress(body * times)
    unpacker, found, at = Brotli(), b"", 0
    while at < len(whole):
        size = sizes[at % len(sizes)]
        found += b"".join(unpacker.feed(whole[at : at + size]))
        at += size
        assert unpacker.whole() == (at >= len(whole))
    assert found + b"".join(unpacker.feed(b"trailing")) == body * times


@given(
    st.binary(max_size=2000),
    st.lists(st.integers(1, 60), min_size=1),
    st.integers(1, 3),
    st.sampled_from([1, 200]),
    st.booleans(),
)
def test_unpacking_zstandard_does_not_depend_on_the_pieces(
    body: bytes,
    sizes: list[int],
    frames: int,
    times: int,
    trailing: bool,  # noqa: FBT001 (drawn)
) -> None:
    """As above, with several frames, and what follows the last is passed over however it is cut."""
    whole = zstd.compress(body * times) * frames + b"no frame" * trailing
    unpacker, found, at = Zstd(), b"", 0
    while at < len(whole):
        size = sizes[at % len(sizes)]
        found += b"".join(unpacker.feed(whole[at : at + size]))
        at += size
    assert unpacker.whole()
    assert found == body * times * frames


def test_feeds_may_be_larger_and_sitemaps_larger_still(site: Site, fetcher: HttpFetcher) -> None:
    """Ten MiB for a feed, fifty for a sitemap, five for a page."""
    site.pages["/feed"] = page(b"<rss>" + b" " * (6 << 20))
    site.pages["/large"] = page(b"<rss>" + b" " * (11 << 20))
    site.pages["/sitemap"] = page(b"<?xml version='1.0'?><urlset>" + b" " * (11 << 20))
    answers = {
        answer.wanted.key.rpartition("/")[2]: isinstance(answer, Fetched)
        for answer in fetch(
            fetcher, *(want(site.url(f"/{name}"), kind="feed") for name in ("feed", "large", "sitemap"))
        )
    }
    assert answers == {"feed": True, "large": False, "sitemap": True}
