"""RSS and Atom, as they are meant to be and as they come."""

import datetime as dt
import time

import pytest

from copydesk.model import Source
from copydesk.sources import Announced, parse

SOURCE = Source(name="kurier", kind="rss", url="https://kurier.example/feed", outlet="kurier")
NINE = dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC)


def feed(body: str | bytes, content_type: str = "application/rss+xml") -> Announced:
    document = body.encode() if isinstance(body, str) else body
    return parse(SOURCE, document, content_type, "https://kurier.example/news/feed.xml")


def rss(*items: str, prolog: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{prolog}<rss version="2.0"><channel><title>Kurier</title>{"".join(items)}</channel></rss>'


def item(title: str = "Hafen wieder offen", link: str = "https://kurier.example/a/1", rest: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{rest}</item>"


def titles(announced: Announced) -> list[str | None]:
    return [entry.title for entry in announced.entries]


def urls(announced: Announced) -> list[str]:
    return [entry.url for entry in announced.entries]


def test_rss() -> None:
    """An RSS item becomes an entry with address, title and time; the channel's own title is none."""
    entry = feed(rss(item(rest="<pubDate>Tue, 01 Sep 2026 11:00:00 +0200</pubDate>"))).entries[0]
    assert (entry.url, entry.source, entry.title) == (
        "https://kurier.example/a/1",
        "kurier",
        "Hafen wieder offen",
    )
    assert (entry.published_at, entry.updated_at, entry.body) == (NINE, None, None)


def test_atom() -> None:
    """An Atom entry's own link, title and both dates count; those of a quoted source do not."""
    entry = feed(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://kurier.example/base/"><title>Kurier</title>
        <entry><source><title>Other</title><link href="https://other.example/"/></source>
        <link rel="self" href="/self"/><link rel="alternate" href="a/1#top"/>
        <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Hafen <b>wieder</b> offen</div></title>
        <published>2026-09-01T09:00:00Z</published><updated>2026-09-01T11:00:00+02:00</updated></entry></feed>""",
    ).entries[0]
    assert (entry.url, entry.title) == ("https://kurier.example/base/a/1", "Hafen wieder offen")
    assert (entry.published_at, entry.updated_at) == (NINE, NINE)


def test_rdf() -> None:
    """RSS 1.0 keeps its items beside the channel and its dates in Dublin Core."""
    entry = feed(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://kurier.example/"/>
        <item rdf:about="https://kurier.example/a/1"><title>A</title><dc:date>2026-09-01T09:00:00Z</dc:date></item></rdf:RDF>""",
    ).entries[0]
    assert (entry.url, entry.title, entry.published_at) == ("https://kurier.example/a/1", "A", NINE)


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("A &amp; B", "A & B"),
        ("A &amp;amp; B", "A & B"),
        ("&lt;b&gt;A&lt;/b&gt; B", "A B"),
        ("<![CDATA[A & <i>B</i>]]>", "A & B"),
        ("  A\n  B ", "A B"),
        ("5 &lt; 6", "5 < 6"),
        ("A & B", "A & B"),
        ("A&nbsp;B &ndash; C", "A B \u2013 C"),
        ("A &bogus; B &", "A &bogus; B &"),
        ("A&#8211;B&#0;&#x1F;C", "A\u2013BC"),
        ("A\x00\x0bB", "AB"),
        ("Zürich", "Zürich"),
        ("", None),
    ],
)
def test_titles_are_plain_text(title: str, plain: str | None) -> None:
    """Markup goes, words stay, whether the document was well-formed or not."""
    assert titles(feed(rss(item(title)))) == [plain]


@pytest.mark.parametrize(
    ("document", "content_type"),
    [
        (rss(item("Zürich „Größe“ €"), prolog="").encode("cp1252"), ""),
        (rss(item("Zürich „Größe“ €")).encode("cp1252"), ""),
        (rss(item("Zürich „Größe“ €"), prolog="").encode("cp1252"), "text/xml; charset=ISO-8859-1"),
        (rss(item("Zürich „Größe“ €"), prolog='<?xml version="1.0" encoding="utf-16"?>').encode(), ""),
        (
            rss(item("Zürich „Größe“ €"), prolog='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16"),
            "",
        ),
        (b"\xef\xbb\xbf" + rss(item("Zürich „Größe“ €")).encode(), ""),
        (rss(item("Zürich „Größe“ €"), prolog='<?xml version="1.0" encoding="gibberish"?>').encode(), ""),
        (b"\n\n  Warning: something in line 3<br>\n" + rss(item("Zürich „Größe“ €")).encode(), ""),
        (rss(item("Zürich „Größe“ €"), item("&", link="/b")).encode() + b"\xe4<p>trailer", ""),
    ],
)
def test_character_sets_and_junk(document: bytes, content_type: str) -> None:
    """The declared set, or the real one, and whatever stands around the document: the words arrive."""
    assert titles(feed(document, content_type))[0] == "Zürich „Größe“ €"


def test_a_cut_document_gives_what_stands_before_the_cut() -> None:
    """Complete entries before the damage are kept, the torn one has no full address and may go."""
    document = rss(*(item(f"N{number}", f"/a/{number}") for number in range(20)))
    cut = feed(document[: document.index("N15")])
    assert titles(cut)[:15] == [f"N{number}" for number in range(15)]


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/a/1", "https://kurier.example/a/1"),
        ("1.html#c", "https://kurier.example/news/1.html"),
        ("//m.kurier.example/a", "https://m.kurier.example/a"),
        ("https://kurier.example/a?x=1&amp;y=2", "https://kurier.example/a?x=1&y=2"),
        ("https://kurier.example/a?x=1&y=2", "https://kurier.example/a?x=1&y=2"),
    ],
)
def test_links_are_made_absolute(link: str, url: str) -> None:
    """Relative links start at the address of the feed; fragments go."""
    assert urls(feed(rss(item(link=link)))) == [url]


@pytest.mark.parametrize(
    "link", ["", "javascript:alert(1)", "mailto:a@kurier.example", "file:///etc/hosts", "http://[bad"]
)
def test_entries_without_a_web_address_are_left_out(link: str) -> None:
    """What cannot be fetched is no entry; its neighbours are."""
    assert urls(feed(rss(item(link=link), item(link="/a/2")))) == ["https://kurier.example/a/2"]


def test_where_the_link_hides() -> None:
    """Without a link the id serves, even one said to be no address; the address before a link counter before all."""
    assert urls(
        feed(
            rss(
                "<item><guid>https://kurier.example/g</guid></item>",
                '<item><guid isPermaLink="false">https://kurier.example/no</guid></item>',
                '<item xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"><link>https://count.example/7</link>'
                "<f:origLink>https://kurier.example/o</f:origLink></item>",
                '<item xmlns:m="http://search.yahoo.com/mrss/"><m:title>Bild</m:title><link>/p</link></item>',
            ),
        ),
    ) == [
        "https://kurier.example/g",
        "https://kurier.example/no",
        "https://kurier.example/o",
        "https://kurier.example/p",
    ]


def test_an_address_counts_once() -> None:
    """The first of several entries with one address stands."""
    announced = feed(rss(item("A"), item("B", "/b"), item("C")))
    assert titles(announced) == ["A", "B"]


def test_an_empty_feed_is_a_feed() -> None:
    """No entries is an answer."""
    assert feed(rss()) == Announced()


BOMB = "<!DOCTYPE rss [" + '<!ENTITY a "haha">' + "".join(
    f'<!ENTITY {chr(98 + step)} "{f"&{chr(97 + step)};" * 10}">' for step in range(9)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    ("document", "title"),
    [
        (rss(item("A &j; B"), prolog=BOMB), "A &j; B"),
        (
            rss(item("A &x; B"), prolog='<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
            "A &x; B",
        ),
        (rss(item("A"), prolog='<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">'), "A"),
        (rss(item("A &house; B"), prolog='<!DOCTYPE rss [<!ENTITY house "Kurier">]>'), "A Kurier B"),
        (rss(item("A" + "<b>" * 100_000)), None),
        (rss(item("&lt;" * 200_000)), None),
        (rss(item("A", rest="<![CDATA[" * 100_000)), None),
        (rss(item("A", rest="&" * 300_000)), "A"),
        (rss(*(item("A", f"/{number}") for number in range(10_000))), "A"),
    ],
    ids=["laughs", "xxe", "dtd", "own entity", "depth", "brackets", "cdata", "ampersands", "many"],
)
def test_attacks_cost_nothing(document: str, title: str | None) -> None:
    """No expansion, no file, no network, no long computing: two seconds of processor time are plenty."""
    before = time.process_time()
    announced = feed(document)
    assert time.process_time() - before < 2
    if title is not None:
        assert announced.entries[0].title == title
