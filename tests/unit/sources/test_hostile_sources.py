"""Documents of one source made to hurt, among two good ones: what is good in any of them is taken."""

from typing import Literal

import pytest

from copydesk.index import Kind
from copydesk.model import Entry
from copydesk.sources.inbox import parse
from copydesk.views.status import funnel
from made.published import articles, published, run
from made.world import World, source

LINK = "https://bad.example/a"
HUGE = "9" * 40
DATES = (
    f"2026-03-02T09:0{HUGE}:00Z", f"2026-03-02T{HUGE}:09:00Z", f"{HUGE}-03-02", f"2026-{HUGE}-02",
    f"Mon, 02 Mar 2026 {HUGE}:00:00 GMT",
    f"Mon, {HUGE} Mar 2026 09:00:00 GMT", f"Mon, 02 Mar {HUGE} 09:00:00 GMT", f"Mon, 02 Mar 2026 09:00:00 +{HUGE}",
    "0000-00-00T00:00:00",
    "2026-03-02T09:00:00+99:99", HUGE, f"-{HUGE}", f"{HUGE}.{HUGE}", "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59", "\u0663/\u0663/\u0662\u0660",
    "2026-W99-9", "Mon, 02 Mar 2026 09:00:00 " + "X" * 30, "1e999", "nan", "P1D", "24:00", "2026-02-30",
)  # fmt: skip
"""Times that no clock shows; none may cost more than itself."""

BASES = (
    "http://[::1",
    "http://[]@/",
    "http://a:b:c/",
    "//exa\u2100mple/",
    "http://[v1.x]/",
    "mailto:x",
    "%00",
    "&#9;",
    "x" * 5000,
    "http://a b/",
)
"""Addresses that are none, where one is expected."""


def rss(item: str, attributes: str = "", before: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<rss version="2.0" {attributes}><channel>'
        f"<title>f</title>{item}</channel></rss>"
    ).encode()


def atom(entry: str, attributes: str = "") -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>f</title>{entry}</feed>'.encode()


def urlset(url: str, attributes: str = "", before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<urlset {attributes}>{url}</urlset>'.encode()


ITEM = f"<item><title>a</title><link>{LINK}</link></item>"
LOC = f"<url><loc>{LINK}</loc></url>"
Case = tuple[Literal["rss", "atom", "sitemap"], bytes]

TAKEN: dict[str, Case] = {
    **{f"base {base[:20]!r} of rss": ("rss", rss(ITEM, f'xml:base="{base}"')) for base in BASES},
    **{f"base {base[:20]!r} of an item": ("rss",
        rss(ITEM.replace("<item>", f'<item xml:base="{base}">'))) for base in BASES},
    **{f"base {base[:20]!r} of a feed": ("atom",
        atom(f'<entry><title>a</title><link href="{LINK}"/></entry>', f'xml:base="{base}"')) for base in BASES},
    **{f"{base[:20]!r} as a second link": ("rss", rss(f"<item><link>{base}</link></item>{ITEM}")) for base in BASES},
    **{f"pubDate {date[:30]!r}": ("rss",
        rss(ITEM.replace("<link>", f"<pubDate>{date}</pubDate><link>"))) for date in DATES},
    **{f"lastmod {date[:30]!r}": ("sitemap",
        urlset(LOC.replace("</url>", f"<lastmod>{date}</lastmod></url>"))) for date in DATES},
    "an entity behind CDATA that is none": ("sitemap", urlset(f"{LOC}&a;", 'xmlns="x<![CDATA["', "<!DOCTYPE urlset>")),
    "an entity behind the address": ("sitemap", urlset(f"<url><loc>{LINK}</loc>&a;</url>", before="<!DOCTYPE urlset>")),
    "an entity in the title": ("rss", rss(ITEM.replace("<title>a", "<title>a &b; c"), before="<!DOCTYPE rss>")),
    "a comment in the address": ("sitemap", urlset(f"<url><loc><!-- x -->{LINK}</loc></url>")),
    "an instruction beside the address": ("sitemap", urlset(f"<url><?x y?><loc>{LINK}</loc><?z?></url>")),
    "a comment in an item": ("rss", rss(ITEM.replace("<title>", "<!-- x --><title><?y?>"))),
    "NULs between the items": ("rss", rss("\x00" + ITEM)),
    "a declared entity of itself": ("rss", rss(ITEM, before='<!DOCTYPE rss [<!ENTITY a "&a;">]>')),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_one_hostile_document_costs_what_is_wrong_in_it(name: str) -> None:
    """All pages of the good sources become articles, the good address is entered, and the counts balance."""
    world = World()
    kind, body = TAKEN[name]
    good = published(world)
    bad = source("bad", kind=kind)
    world.web.pages[bad.url] = body
    run(world, [bad, *good])
    assert set(articles(world)) == {"one", "two", "three"}
    entered = {str(row.body["url"]) for row in world.index.scan(Kind.LEDGER) if row.body["source"] == "bad"}
    assert LINK in entered
    assert funnel(world.index).imbalance == 0


@pytest.mark.parametrize("date", DATES)
def test_an_inbox_line_loses_its_date_alone(date: str) -> None:
    """The line is an article, and the lines around it too."""
    lines = [
        {"text": "one two"},
        {"text": "three", "published": date},
        {"text": "four", "url": "http://[]@/"},
    ]
    body = "\n".join(str(line).replace("'", '"') for line in lines).encode()
    found: tuple[Entry, ...] = parse(
        source("box", kind="inbox"), body, "application/jsonl", "a.jsonl"
    ).entries
    assert len(found) == 3
    assert found[1].published_at is None or found[1].published_at.tzinfo is not None
