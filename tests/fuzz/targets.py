"""The parsers at the border, each as a function of bytes that raises when something escaped."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import RootModel
from yarl import URL

from copydesk import urls
from copydesk.adapters.archive.record import from_member, members
from copydesk.adapters.http import messages
from copydesk.adapters.http.addresses import forbidden_url
from copydesk.adapters.http.download import Failure, Response, retry_after
from copydesk.adapters.http.robots import LONGEST_DELAY, rules
from copydesk.adapters.http.unpacking import unpacked, unpackers
from copydesk.config.files import SourcesFile
from copydesk.config.settings import load_settings
from copydesk.config.topics import parse_topics
from copydesk.config.yamlfile import load
from copydesk.dates import moment
from copydesk.errors import ConfigError
from copydesk.model import Document, Source
from copydesk.reading.decoding import NotText, decode, scrub
from copydesk.reading.documents import read
from copydesk.sources import NotAFeed, parse
from fuzz import seeds
from made.archives import NINE
from made.pages import capture

__all__ = ["TARGETS", "Target"]


@dataclass(frozen=True)
class Target:
    """A parser, good inputs for it, and what to break them with.

    Attributes:
        run: Raises when an exception escapes, or when what comes back is not what was promised.
    """

    run: Callable[[bytes], None]
    seeds: Sequence[bytes]
    tokens: Sequence[bytes] = ()


def page(data: bytes) -> None:
    """Reading: a document of clean text and bounded fields, or a rejection."""
    answer = read(capture(data))
    if isinstance(answer, Document):
        assert scrub(answer.title + answer.text) == answer.title + answer.text
        assert len(answer.title) <= 1_000
        assert (
            max(map(len, (answer.section or "", answer.site_name or "", *answer.authors, *answer.tags)))
            <= 200
        )
        assert len(answer.url.encode()) <= 2_000


def announced(kind: str, content_type: str) -> Callable[[bytes], None]:
    """A parser of announcements: entries with addresses that can be kept, or NotAFeed."""
    source = Source.model_validate(
        {
            "name": "x",
            "kind": kind,
            "url": "https://post.example/f",
            "outlet": "post",
            "zone": "Europe/Berlin",
        }
    )

    def run(data: bytes) -> None:
        try:
            found = parse(source, data, content_type, source.url)
        except NotAFeed:
            return
        for entry in found.entries:
            assert urls.canonicalize(entry.url).encode()
            assert (entry.title or "").encode() is not None

    return run


def robots(data: bytes) -> None:
    """Rules with a delay that can be kept, which allow or refuse."""
    found = rules(Response(URL("http://post.example/robots.txt"), 200, {}, data))
    assert 0 <= found.delay <= LONGEST_DELAY
    with suppress(Failure):
        found.check("http://post.example/private/a?id=1")


def yaml(data: bytes) -> None:
    """Files that people write: a model, or one line."""
    text = data.decode(errors="replace")
    for reader in (
        lambda: load(text, "f", SourcesFile),
        lambda: parse_topics(text, "f"),
        lambda: load_settings(**load(text, "f", RootModel[dict[str, Any]]).root),
    ):
        assert "\n" not in refusal(reader)


def refusal(reader: Callable[[], object]) -> str:
    """What is said against a file; "" when it is good."""
    try:
        reader()
    except ConfigError as exc:
        return str(exc)
    return ""


def address(data: bytes) -> None:
    """One spelling, idempotent; and what a redirect would make of it."""
    text = data.decode("utf-8", "surrogateescape")
    once = urls.canonicalize(text)
    assert urls.canonicalize(once) == once
    assert urls.host(once) == urls.host(text)
    assert urls.url_key(once) == urls.url_key(text)
    urls.registrable_domain(text)
    urls.join("https://post.example/a", text)
    for base in (None, URL("http://post.example/a")):
        try:
            url = messages.address(text, base)
        except Failure:
            continue
        assert forbidden_url(url, ()) or url.origin()


def date(data: bytes) -> None:
    """A time with a zone, or none."""
    found = moment(data.decode("utf-8", "surrogateescape"))
    assert found is None or found.tzinfo is not None


def header(data: bytes) -> None:
    """Waits, kept values, packings and character sets."""
    text = data.decode("utf-8", "surrogateescape")
    wait = retry_after(text, NINE)
    assert wait is None or 0 <= wait <= 24 * 3600
    assert (messages.value(text) or "").encode() is not None
    with suppress(ValueError):
        list(unpacked(unpackers(text), data))
    with suppress(NotText):
        decode(b"\xe9\xff gate", text)


def segment(data: bytes) -> None:
    """Archive files: captures, or counted damage."""
    for _, content in members(data):
        try:
            from_member(content)
        except ValueError:
            continue


def text(data: bytes) -> None:
    """Bytes of any kind: clean text, or none."""
    try:
        found = decode(data, "")
    except NotText:
        return
    assert scrub(found) == found


TARGETS: Mapping[str, Target] = {
    "page": Target(page, seeds.PAGES,
        (b"<p>", b"</div>", b"<table>", b"<meta charset=hex>", b"<time datetime=", b"<h1>")),
    "linked-data": Target(page, seeds.LINKED, (b'{"@id":[1]}', b'{"name":', b"[", b"null", b"&#", b'"@type":')),
    "feed": Target(announced("rss", "application/rss+xml"), seeds.FEEDS,
        (b"&a;", b"<?x?>", b"xml:base=", b"<item>", b"<link/>")),
    "sitemap": Target(announced("sitemap", "application/xml"), seeds.SITEMAPS,
        (b"&a;", b"<?x?>", b"<url>", b"<loc/>", b"<sitemap>")),
    "json": Target(announced("json", "application/feed+json"), seeds.JSON,
        (b'"items":', b'"uri":', b'"url":', b"null", b"[[", b'"body_html":')),
    "newsml": Target(announced("newsml", "application/xml"), seeds.NEWSML,
        (b"&a;", b"<?x?>", b"<newsItem>", b"<inlineXML>", b"qcode=")),
    "section": Target(announced("section", "text/html"), seeds.PAGES,
        (b"<a href=", b"<!--", b"</a>", b"<script>", b"<base href=", b"'")),
    "robots": Target(robots, seeds.ROBOTS, (b"Crawl-delay: nan", b"*", b"$", b"%zz", b"User-agent:", b"Disallow:")),
    "inbox": Target(announced("inbox", "text/plain"), seeds.INBOX),
    "lines": Target(announced("inbox", "application/jsonl"), seeds.LINES,
        (b'"url":', b'"published":', b"null", b"[[", b'{"text":')),
    "yaml": Target(yaml, seeds.YAML,
        (b"&x ", b"*x", b"!!int ", b"<<: ", b"? ", b"- ", b"\n  ", b"0b_", b"'", b"---\n", b"9d")),
    "address": Target(address, seeds.ADDRESSES,
        (b"xn--", b"%25", b":0", b"@", b"..", b"\xd9\x99", b"\xe3\x80\x82", b"://")),
    "date": Target(date, seeds.DATES, (b"UTC+99", b":", b"-", b"BC", b"T", b"99:99", b"+14:00", b".", b"PM")),
    "header": Target(header, seeds.HEADERS, (b"gzip", b"charset=", b",", b";", b"GMT", b":", b"idna")),
    "segment": Target(segment, seeds.segments(), (b"\x1f\x8b\x08", b"WARC/1.1\r\n", b"Content-Length: ")),
    "text": Target(text, (*seeds.INBOX, *seeds.PAGES),
        (b"\xef\xbb\xbf", b"\xfe\xff", b"\x1b$B", b"<meta charset=iso-2022-jp>")),
}  # fmt: skip
