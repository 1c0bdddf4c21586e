"""One odd answer is that request's alone: whatever a site sends, every other request is answered."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import brotli
import pytest
from backports import zstd
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from copydesk.adapters.http.addresses import forbidden_url
from copydesk.adapters.http.download import Failure, Response, retry_after
from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.adapters.http.messages import address, value
from copydesk.adapters.http.robots import LONGEST_DELAY, rules
from copydesk.adapters.http.robots_cache import Learned
from copydesk.adapters.http.unpacking import Brotli, Zstd, unpacked, unpackers
from copydesk.errors import ArchiveError
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched
from made.servers import serving
from made.sites import LOOPBACK, NINE, Site, failure, fetch
from made.world import Shelf

OK = b"<html><body>ok</body></html>"
ANY_TEXT = st.text(st.characters(), max_size=60)
HEADERS = st.one_of(ANY_TEXT, st.binary(max_size=60).map(lambda raw: raw.decode("utf-8", "surrogateescape")))
DATES = st.from_regex(r"\A(Mon, )?\d{1,3} (Mar|Xyz) \d{1,8} \d{1,15}:\d\d(:\d{1,9})? ?([+-]\d{1,9}|GMT)?\Z")


T = TypeVar("T")


def tried(call: Callable[[], T]) -> T | Failure:
    """What a call gives, or the trouble it raises."""
    try:
        return call()
    except Failure as failure:
        return failure


@given(st.one_of(HEADERS, DATES, st.from_regex(r"\A\d{1,5000}\Z")))
@example("Mon, 02 Mar 2026 999999999909:00:00 GMT")
@example("9" * 400)
def test_any_retry_after_is_seconds_or_none(text: str) -> None:
    """Whatever the header says, it names no time or one between now and a day."""
    wait = retry_after(text, NINE)
    assert wait is None or 0 <= wait <= 24 * 3600


@given(HEADERS, st.one_of(st.none(), st.just(URL("http://kurier.example/a"))))
@example("http://[]@/", None)
@example("http://[f0:61+99:99e80::1%25eth0]:80/", None)
@example("http://[]@/", URL("http://kurier.example/a"))
@example("//[::1", URL("http://kurier.example/a"))
def test_any_location_is_an_address_or_refused(text: str, base: URL | None) -> None:
    """What a redirect names is an address that can be judged, or refused as none."""
    found = tried(lambda: address(text, base))
    if isinstance(found, Failure):
        assert (found.outcome, found.reason) == (EntryOutcome.REFUSED, Reason.ADDRESS)
        return
    assert len(str(found)) <= 2000
    assert forbidden_url(found, ()) or found.origin().host


@given(HEADERS)
def test_any_header_is_kept_whole_or_not_at_all(text: str) -> None:
    """A kept value is one line of characters that an index and the next request take."""
    kept = value(text)
    assert kept is None or kept == text == kept.encode().decode()
    assert "\n" not in (kept or "")


@given(st.one_of(st.binary(max_size=300), ANY_TEXT.map(lambda text: text.encode(errors="replace"))), ANY_TEXT)
@example(b"User-agent: *\nCrawl-delay: nan", "")
@example(b"User-agent: *\nCrawl-delay: inf", "")
@example(b"User-agent: *\nCrawl-delay: -1\nDisallow: /*%\xff*$\nRequest-rate: 1/0s", "%")
def test_any_robots_are_rules(body: bytes, path: str) -> None:
    """Whatever the file holds, there is a delay, and each address is allowed or not."""
    found = rules(Response(URL("http://kurier.example/robots.txt"), 200, {}, body))
    assert 0 <= found.delay <= LONGEST_DELAY
    refused = tried(lambda: found.check(f"http://kurier.example/{path}"))
    assert refused is None or refused.reason is Reason.ROBOTS


@given(ANY_TEXT)
@example("gzip,gzip")
@example("br")
@example("br, gzip")
@example("zstd")
@example("zstd, gzip")
@example("compress")
def test_any_content_encoding_is_a_packing_or_refused(encoding: str) -> None:
    """A Content-Encoding is undone, changes nothing, or was not asked for."""
    try:
        layers = unpackers(encoding)
    except ValueError:
        return
    body = OK
    for layer in reversed(layers):
        pack = {Brotli: brotli.compress, Zstd: zstd.compress}.get(type(layer), gzip.compress)
        body = pack(body)
    assert b"".join(unpacked(layers, body)) == OK
    assert all(layer.whole() for layer in layers)


@dataclass
class Raw:
    """A server that answers paths with bytes as they are, and all others with a page."""

    answers: Mapping[str, bytes]

    @asynccontextmanager
    async def served(self) -> AsyncIterator[int]:
        """Serve on a free port."""
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ")[1].decode()
        writer.write(self.answers.get(path, http(OK)))
        await writer.drain()
        writer.close()


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A raw answer that ends with its connection."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


PACKED = gzip.compress(OK)
READ = {
    "150 headers": http(OK, *(f"X-H{n}: 1" for n in range(150))),
    "a header of 9,000 bytes": http(OK, f"Content-Security-Policy: {'x' * 9000}"),
    "identity, gzip": http(PACKED, "Content-Encoding: identity, gzip"),
    "gzip, identity": http(PACKED, "Content-Encoding: gzip, identity"),
    "gzip in a second line": http(PACKED, "Content-Encoding: identity", "Content-Encoding: gzip"),
    "gzip twice": http(gzip.compress(PACKED), "Content-Encoding: gzip, gzip"),
    "x-gzip": http(PACKED, "Content-Encoding: x-gzip"),
    "GZIP with commas": http(PACKED, "Content-Encoding: , GZIP ,"),
    "a character set as encoding": http(OK, "Content-Encoding: UTF-8"),
    "two equal lengths": http(OK, f"Content-Length: {len(OK)}", f"Content-Length: {len(OK)}"),
    "early hints": b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + http(OK),
    "two early hints": b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" * 2 + http(OK),
    "an etag of odd bytes": http(OK, 'ETag: "\xff\xfe\x80"', "Last-Modified: \xe9\xe9"),
    "a type of odd bytes": http(OK, "Content-Type: text/\xff; charset=\xfe"),
    "a retry-after with a page": http(OK, "Retry-After: Mon, 02 Mar 2026 999999999909:00:00 GMT"),
}
"""Odd answers that are pages all the same."""

UNREAD = {
    "a date beyond all clocks": (
        http(b"", "Retry-After: Mon, 02 Mar 2026 999999999909:00:00 GMT", status="503 Busy"),
        Reason.STATUS,
    ),
    "too many, with odd bytes": (http(b"", "Retry-After: \xff", status="429 Slow"), Reason.STATUS),
    "a redirect to brackets": (http(b"", "Location: http://[]@/", status="302 Found"), Reason.ADDRESS),
    "a redirect to half a bracket": (http(b"", "Location: //[::1", status="301 Found"), Reason.ADDRESS),
    "a redirect of odd bytes": (http(b"", "Location: http://\xff\xfe/", status="302 Found"), Reason.ADDRESS),
    "an endless redirect": (http(b"", f"Location: /{'x' * 3000}", status="302 Found"), Reason.ADDRESS),
    "a port beyond all": (http(b"", "Location: http://a.example:99999/", status="302 Found"), Reason.ADDRESS),
    "a cut chunk": (http(b"ff\r\n<html>", "Transfer-Encoding: chunked"), Reason.CONNECTION),
    "a chunk of no size": (http(b"zz\r\n<html>", "Transfer-Encoding: chunked"), Reason.CONNECTION),
    "br, which nobody asked for": (http(b"\x0b\x02\x80", "Content-Encoding: br"), Reason.CONNECTION),
    "gzip three times": (http(PACKED, "Content-Encoding: gzip, gzip, gzip"), Reason.CONNECTION),
    "two lengths": (http(OK, "Content-Length: 28", "Content-Length: 7"), Reason.CONNECTION),
    "a negative length": (http(OK, "Content-Length: -28"), Reason.CONNECTION),
    "no status": (b"HTTP/1.1 \r\n\r\n", Reason.CONNECTION),
    "nothing": (b"", Reason.CONNECTION),
    "1,000 headers": (http(OK, *(f"X-H{n}: 1" for n in range(1000))), Reason.CONNECTION),
}
"""Odd answers that are none, and why."""


@pytest.mark.parametrize("name", [*READ, *UNREAD])
def test_an_odd_answer_is_that_requests_alone(fetcher: HttpFetcher, name: str) -> None:
    """It is a page or ends with its reason, and three good requests beside it are answered."""
    answer = READ[name] if name in READ else UNREAD[name][0]
    with serving(Raw({"/odd": answer}).served()) as port:
        hosts = ("odd", "a", "b", "c")
        found = fetch(fetcher, *(f"http://{host}.localhost:{port}/{host}" for host in hosts))
    by_host = {str(one.wanted.url).rpartition("/")[2]: one for one in found}
    assert by_host.keys() == set(hosts)
    assert all(isinstance(by_host[host], Fetched) for host in "abc")
    odd = by_host["odd"]
    if name in READ:
        assert isinstance(odd, Fetched), odd
        assert odd.body == OK
        assert all(text == text.encode().decode() for text in (odd.content_type, odd.etag or "") if text)
    else:
        assert failure(odd)[1] is UNREAD[name][1]
        assert isinstance(odd, Unfetched)
        assert odd.detail.encode().decode() == odd.detail
        assert len(odd.detail) <= 500


class Broken(Shelf):
    """An Archive of which one file cannot be read."""

    def __init__(self, fault: Exception, nth: int) -> None:
        super().__init__()
        self.fault, self.left = fault, nth

    def load(self, name: str) -> bytes | None:
        """Fail at one of the calls."""
        self.left -= 1
        if self.left == 0:
            raise self.fault
        return super().load(name)


def test_what_nobody_expected_ends_one_request(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """A mistake of ours in the middle of an answer is its outcome, says where, and is logged once."""
    with HttpFetcher(delay=0, allow=LOOPBACK, learned=Learned(Broken(RuntimeError("boom"), 2))) as fetcher:
        answers = fetch(fetcher, *(site.url("/a", host) for host in "abc"))
    assert sum(isinstance(answer, Fetched) for answer in answers) == 2
    (fault,) = [answer for answer in answers if isinstance(answer, Unfetched)]
    assert failure(fault) == (EntryOutcome.FAILED, Reason.INTERNAL)
    assert fault.detail.startswith("RuntimeError: boom (adapters/http/robots_cache.py:")
    assert [record.message for record in caplog.records] == [
        f"internal border=answer item={fault.wanted.url}"
    ]


def test_an_archive_that_is_away_is_said_as_such(site: Site) -> None:
    """What concerns all requests is raised as it is, not as a group of errors."""
    with (
        HttpFetcher(delay=0, allow=LOOPBACK, learned=Learned(Broken(ArchiveError("away"), 1))) as fetcher,
        pytest.raises(ArchiveError, match="away"),
    ):
        fetch(fetcher, site.url("/a"))


@pytest.mark.parametrize(
    "content",
    [
        b'{"at": "9999-12-31T23:59:59+00:00", "status": 200, "body": ""}',
        b'{"at": "2026-09-01T09:00:00+00:00", "status": "two", "body": ""}',
        b'{"at": "2026-09-01T09:00:00", "status": 200, "body": ""}',
        b'{"at": "2026-09-01T09:00:00+00:00", "status": 1e999, "body": ""}',
        b"\xff",
    ],
)
def test_any_learned_file_is_an_answer_or_none(content: bytes) -> None:
    """A file that somebody spoiled makes us ask again."""
    shelf = Shelf()
    Learned(shelf).keep_robots(URL("http://a.example"), Response(URL(), 200, {}, b"x"), NINE)
    (name,) = shelf.names("learned")
    shelf.save(name, content)
    assert Learned(shelf).robots(URL("http://a.example"), NINE + timedelta(hours=1)) is None
