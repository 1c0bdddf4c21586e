"""Three sources, one of them a poison: a real `copydesk ingest` of the two good ones loses nothing.

Each poison stopped every source once (an exception nobody had thought of), or brought nothing and said nothing.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from aiohttp import web
from multidict import CIMultiDict

from copydesk.adapters.elastic.index import open_index
from copydesk.index import Kind
from made.commands import call
from made.servers import serving, web_served
from made.texts import paragraphs

LATE = "Mon, 02 Mar 2026 999999999909:00:00 GMT"
NOWHERE = "http://[]@/"
NEVER = "2026-03-02T09:09999999999999999999999999999990:00Z"
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>{1}</article></body></html>"
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>f</title>{}</channel></rss>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>f</title>{}</feed>'
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


@dataclass
class Site:
    """A newspaper with three articles and a feed of them, whose answers a poison may change."""

    seed: int
    port: int = 0
    feed: Callable[[list[str]], str] = lambda urls: RSS.format(
        "".join(f"<item><link>{u}</link></item>" for u in urls)
    )
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    statuses: Mapping[str, int] = field(default_factory=dict)

    @property
    def urls(self) -> list[str]:
        """Its articles."""
        return [f"http://127.0.0.1:{self.port}/{number}" for number in range(3)]

    async def answer(self, request: web.Request) -> web.Response:
        """Feed and pages; all else is not there."""
        path = request.path.removeprefix("/")
        if path not in {"feed", "0", "1", "2"}:
            raise web.HTTPNotFound
        kind = "xml" if path == "feed" else "html"
        text = self.feed(self.urls) if path == "feed" else self._page(int(path))
        headers = CIMultiDict({**self.headers.get(path, {}), "Content-Type": f"text/{kind}; charset=utf-8"})
        return web.Response(text=text, status=self.statuses.get(path, 200), headers=headers)

    def _page(self, number: int) -> str:
        texts = "".join(f"<p>{text}</p>" for text in paragraphs(self.seed + number))
        return PAGE.format(f"Title {self.seed + number}", texts)


def items(template: str, item: str) -> Callable[[list[str]], str]:
    """A feed of items, made of addresses."""
    return lambda urls: template.format("".join(item.format(url=url) for url in urls))


@dataclass(frozen=True)
class Poison:
    """What is wrong with the third source, and how many of its three articles are there all the same.

    None where that depends on which page of the host was asked for first.
    """

    site: Callable[[], Site] = lambda: Site(30)
    kind: str = "rss"
    found: int | None = 3
    inbox: Mapping[str, str | bytes] | None = None


def header(path: str, status: int, name: str, value: str) -> Callable[[], Site]:
    """A site that answers so."""
    return lambda: Site(30, headers={path: {name: value}}, statuses={path: status})


def line(**fields: str) -> str:
    """A line of an inbox file."""
    return json.dumps({"title": "In the box", "text": "\n".join(paragraphs(40)), **fields}) + "\n"


GOOD_LINE = line(url="https://box.example/good")

POISONS = {
    "none": Poison(),
    "retry-after of the feed": Poison(header("feed", 503, "Retry-After", LATE), found=0),
    "retry-after of a page": Poison(header("1", 503, "Retry-After", LATE), found=2),
    "retry-after beyond all numbers": Poison(header("1", 429, "Retry-After", "9" * 400), found=None),
    "location of the feed": Poison(header("feed", 302, "Location", NOWHERE), found=0),
    "location of a page": Poison(header("1", 302, "Location", NOWHERE), found=2),
    "location without an end": Poison(header("1", 302, "Location", "/" + "a" * 5000), found=2),
    "xml:base": Poison(
        lambda: Site(30, feed=items(ATOM, '<entry xml:base="http://[::1"><link href="{url}"/></entry>')),
        "atom",
    ),
    "date in a feed": Poison(
        lambda: Site(30, feed=items(RSS, f"<item><link>{{url}}</link><pubDate>{NEVER}</pubDate></item>"))
    ),
    "address in a feed": Poison(
        lambda: Site(
            30, feed=items(RSS, f"<item><link>{{url}}</link></item><item><link>{NOWHERE}</link></item>")
        )
    ),
    "comment in a sitemap": Poison(
        lambda: Site(30, feed=items(SITEMAP, "<url><loc><!-- here -->{url}</loc></url>")), "sitemap"
    ),
    "entity behind a broken cdata": Poison(
        lambda: Site(
            30,
            feed=lambda urls: SITEMAP.format(
                "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "<url><loc><![CDAT &x;[</loc></url>"
            ),
        ),
        "sitemap",
    ),
    "inbox address": Poison(kind="inbox", found=2, inbox={"a.jsonl": line(url=NOWHERE) + GOOD_LINE}),
    "inbox date": Poison(
        kind="inbox", found=1, inbox={"a.jsonl": line(url="https://box.example/good", published=NEVER)}
    ),
    "inbox line that is none": Poison(
        kind="inbox", found=1, inbox={"a.jsonl": "[" * 9999 + "\n" + GOOD_LINE}
    ),
    "inbox file that is none": Poison(
        kind="inbox", found=1, inbox={"a.jsonl": b"\xff\x00" * 99, "b.jsonl": GOOD_LINE}
    ),
    "inbox that is not there": Poison(kind="inbox", found=0, inbox=None),
}


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """The site, answering."""
    with serving(web_served(site.answer)) as port:
        site.port = port
        yield site


@pytest.mark.elasticsearch
@pytest.mark.parametrize("name", POISONS)
def test_the_good_ones_lose_nothing(
    name: str,
    prefix: str,
    elasticsearch_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """After one round all articles of the good sources are there, whatever the third one is, and the counts balance."""
    poison = POISONS[name]
    with served(Site(10)) as one, served(Site(20)) as two, served(poison.site()) as bad:
        box = tmp_path / "box"
        for file, content in (poison.inbox or {}).items():
            box.mkdir(exist_ok=True)
            (box / file).write_bytes(content.encode() if isinstance(content, str) else content)
        addresses = {"aaa": bad, "one": one, "two": two}
        sources = [
            {
                "name": key,
                "kind": "rss",
                "url": f"http://127.0.0.1:{site.port}/feed",
                "outlet": key,
                "every": "1s",
            }
            for key, site in addresses.items()
        ]
        sources[0] |= {"kind": poison.kind, **({"url": str(box)} if poison.kind == "inbox" else {})}
        (tmp_path / "sources.yml").write_text(yaml.safe_dump({"sources": sources}))
        monkeypatch.setenv("COPYDESK_SOURCES", str(tmp_path / "sources.yml"))
        first = call(capsys, "ingest")
        assert (first.code, "Traceback" in first.err) == (0, False)
        index = open_index(elasticsearch_url, prefix=prefix)
        found = {str(row.body["url"]) for row in index.scan(Kind.ARTICLES)}
        assert {*one.urls, *two.urls} <= found
        found -= {*one.urls, *two.urls}
        assert poison.found is None or len(found) == poison.found, sorted(found)
        *_, totals = call(capsys, "status", "--json").rows
    assert totals["imbalance"] == 0
