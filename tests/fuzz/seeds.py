"""Good inputs of every kind that comes from outside, to be broken: our own, small, and of the shapes that occur."""

from pathlib import Path

from copydesk.adapters.archive.record import information, to_member
from made.archives import PAGE
from made.pages import PROSE, page

__all__ = [
    "ADDRESSES",
    "DATES",
    "FEEDS",
    "HEADERS",
    "INBOX",
    "JSON",
    "LINES",
    "LINKED",
    "NEWSML",
    "PAGES",
    "ROBOTS",
    "SITEMAPS",
    "YAML",
    "segments",
]

ROOT = Path(__file__).parents[2]

PAGES = [path.read_bytes() for path in sorted((ROOT / "tests" / "golden").glob("*/page.html"))]
PAGES = [body for body in PAGES if len(body) < 40_000] or [page().encode()]

LINKED = [
    page(head=f'<script type="application/ld+json">{text}</script>').encode()
    for text in (
        ('{"@context":"https://schema.org","@type":"NewsArticle","headline":"Gate",'
        '"author":[{"@type":"Person","name":"Ola Berg","@id":"#ola"}],'
        '"datePublished":"2026-03-02T09:00:00+01:00","dateModified":"2026-03-02","image":{"url":"/a.jpg"},'
        '"publisher":{"name":"Post"},"articleSection":["Valley"],"keywords":"gate,bridge",'
        '"description":"&quot;It stays shut&quot;"}'),
        ('[{"@graph":[{"@type":["Report","Thing"],"@id":"x","author":{"@id":"#ola"}},'
        '{"@id":"#ola","name":"Ola Berg"}]}]'),
        '<!--//<![CDATA[\n{"@type":"BlogPosting","headline":{"@value":"Gate"},"author":"Ola Berg",}\n//]]>-->',
    )
]  # fmt: skip

FEEDS = [
    b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xml:base="https://post.example/"
xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Post</title><item><title>Gate &amp; mill</title><link>/a?id=1</link><guid isPermaLink="false">x1</guid>
<pubDate>Mon, 02 Mar 2026 09:00:00 +0100</pubDate></item><item><title><![CDATA[Two]]></title>
<link>https://post.example/b</link>
<dc:date>2026-03-02T09:00:00Z</dc:date></item></channel></rss>""",
    b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title>
<entry><title type="html">Gate &lt;b&gt;shut&lt;/b&gt;</title>
<link rel="alternate" href="a"/><id>urn:x:1</id><updated>2026-03-02T09:00:00Z</updated></entry></feed>""",
    """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<item><title>Größe</title>
<link>https://post.example/ü</link></item></rdf:RDF>""".encode(),
]  # fmt: skip

SITEMAPS = [
    b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://post.example/a</loc><lastmod>2026-03-02</lastmod><news:news><news:title>Gate</news:title>
<news:publication_date>2026-03-02T09:00:00+01:00</news:publication_date></news:news></url></urlset>""",
    b"""<sitemapindex><!-- parts --><sitemap>
<loc>https://post.example/1.xml</loc><lastmod>2026-03-02T09:00Z</lastmod></sitemap></sitemapindex>""",
    b"""<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "b">]>
<urlset><url><loc>https://post.example/&a;</loc></url></urlset>""",
]  # fmt: skip

JSON = [
    (b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"/a?id=1","title":"Gate",'
     b'"date_published":"2026-03-02T09:00:00+01:00"},{"external_url":"https://post.example/b"}]}'),
    (b'[{"uri":"urn:x:1","type":"text","pubstatus":"usable","headline":"Gate","body_html":"<p>Gate</p>",'
     b'"versioncreated":"2026-03-02T09:00:00Z"},{"uri":"https://post.example/c","headlines":[{"value":"Two"}]}]'),
]  # fmt: skip

NEWSML = [
    b"""<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><newsItem guid="urn:x:1" version="1">
<itemMeta><itemClass qcode="ninat:text"/><versionCreated>2026-03-02T09:00:00Z</versionCreated>
<pubStatus qcode="stat:usable"/>
</itemMeta><contentMeta><headline>Gate</headline></contentMeta><contentSet>
<inlineXML contenttype="application/nitf+xml"><nitf><body>
<body.content><p>Gate</p></body.content></body></nitf></inlineXML>
</contentSet></newsItem></itemSet>
</newsMessage>""",
]  # fmt: skip

ROBOTS = [
    (b"User-agent: *\nDisallow: /private\nAllow: /private/open$\nCrawl-delay: 2.5\nRequest-rate: "
     b"1/5s 0900-1700\nSitemap: https://post.example/s.xml\n"),
    (b"\xef\xbb\xbf# comment\r\nuser-agent: copydesk\r\nuser-agent: other\r\n"
     b"disallow: /*?id=%41*\r\nvisit-time: 0000-0400\r\n"),
]  # fmt: skip

INBOX = ["\n".join(PROSE).encode(), page().encode(), b"\xff\xfe" + "Gate".encode("utf-16-le")]

LINES = [
    (b'{"text":"The gate stays shut.","url":"https://post.example/a","title":"Gate",'
     b'"published":"2026-03-02T09:00:00Z"}\n{"html":"<p>Gate</p>"}\n'),
    b'{"text":"Gate","url":"http://[::1]/","outlet":"post","published":1772442000,"title":null}\n\n[1,2]\n',
]  # fmt: skip

YAML = [path.read_bytes() for path in sorted((ROOT / "config").glob("*.yml"))] + [
    b"sources:\n- {name: one, kind: rss, url: 'https://one.example/feed', outlet: One, every: 15m, remove: [.ad]}\n",
    (b'topics:\n  - name: harbours\n    any: [harbour, "port of call"]\n    none: [wine]\n    max_age: 7d\n '
     b'   channels: [log]\n'
    b"channels:\n  desk: {kind: webhook, url: 'https://desk.example/hook', secret: 'env:SECRET'}\n"),
    b"fetch: {delay: 2s, allow: [127.0.0.0/8]}\nkeep: 365d\nelasticsearch:\n  url: http://127.0.0.1:9200\n",
]  # fmt: skip

ADDRESSES = [
    text.encode()
    for text in (
        "https://post.example/a?id=1&utm_source=rss#top", "http://user:pw@xn--bcher-kva.example:8080/%7Ea/../b;c?d",
        "http://[fe80::1%25eth0]:80/",
        "inbox:0123456789abcdef", "https://bücher.example/ü?q=%C3%BC", "//post.example/a", "HTTP://127.0.0.1:80",
        "../a/./b",
    )
]  # fmt: skip

DATES = [
    text.encode()
    for text in (
        "2026-03-02T09:00:00.123+01:00", "Mon, 02 Mar 2026 09:00:00 GMT", "2. März 2026, 9.00 Uhr",
        "02/03/2026 9:00 PM EST", "1772442000",
        "20260302T090000Z", "Lunes, 2 de marzo de 2026 09:00 UTC+3", "2026-W10-1", "Monday, March 2nd 2026", "120",
    )
]  # fmt: skip

HEADERS = [
    b"text/html; charset=utf-8", b'application/rss+xml;charset="iso-8859-1"', b'W/"abc"', b"gzip, identity", b"120",
    b"Mon, 02 Mar 2026 09:00:00 GMT", b"text/plain; charset=hex",
]  # fmt: skip


def segments() -> list[bytes]:
    """Files of the archive: a record about itself, and two pages."""
    return [information("20260901T090000123Z-00000000") + to_member(PAGE) * 2, to_member(PAGE)]
