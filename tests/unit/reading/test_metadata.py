import json
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk.reading.facts import gather
from copydesk.reading.metadata import Metadata, read_metadata
from made.pages import FETCHED

URL = "https://www.post.example/valley/gate"


def told(
    head: str = "",
    body: str = "",
    *,
    linked: object = None,
    url: str = URL,
    announced: datetime | None = None,
) -> Metadata:
    """What is read from a page with this head and body and this JSON-LD."""
    script = (
        f'<script type="application/ld+json">{linked if isinstance(linked, str) else json.dumps(linked)}</script>'
        if linked
        else ""
    )
    facts = gather(LexborHTMLParser(f"<html><head>{head}{script}</head><body>{body}</body></html>"))
    return read_metadata(facts, url=url, fetched_at=FETCHED, announced_at=announced)


ARTICLE = {"@type": "NewsArticle", "headline": "Gate stays shut"}


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (
            "<title>Gate stays shut - Aldervik Post</title><meta property=og:site_name content='Aldervik Post'>",
            "",
            "Gate stays shut",
        ),
        (
            "<meta property=og:title content='Gate stays shut | Post'><meta property=og:site_name content=Post>",
            "<h1>Another</h1>",
            "Gate stays shut",
        ),
        ("<title>Gate stays shut – Valley – Post</title>", "<h1>Gate stays shut</h1>", "Gate stays shut"),
        ("", "<h1> Gate <em>stays</em> shut </h1>", "Gate stays shut"),
        ("<meta property=og:title content='Tom &amp; Ann: a story'>", "", "Tom & Ann: a story"),
        ("", "<p>No title at all</p>", ""),
        ("<meta property=og:title content='Tom &amp;amp; Ann&amp;#8217;s story'>", "", "Tom & Ann’s story"),
        (
            "<meta property=og:title content='Post | Gate stays shut'>",
            "<h1>Gate stays shut</h1>",
            "Gate stays shut",
        ),
        ("<meta property=og:title content='Gate opens'>", "<h1>Gate stays shut</h1>", "Gate opens"),
    ],
)
def test_title(head: str, body: str, title: str) -> None:
    """The headline without the name of the site, wherever it is declared."""
    assert told(head, body).title == title


def test_title_of_agreeing_sources() -> None:
    """Heading and JSON-LD win over an Open Graph title that only repeats the title element."""
    head = "<title>River, gates, dams: all news</title><meta property=og:title content='River, gates, dams: all news'>"
    assert told(head, "<h1>Gate stays shut</h1>", linked=ARTICLE).title == "Gate stays shut"


def test_title_as_shown_where_only_marks_differ() -> None:
    """Of two wordings that differ in punctuation the one of heading and JSON-LD is taken."""
    head = "<title>Ola's gate - Post</title><meta property=og:title content=\"Ola's gate\">"
    assert (
        told(head, "<h1>Ola’s gate</h1>", linked={**ARTICLE, "headline": "Ola’s gate"}).title == "Ola’s gate"
    )


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<nav><h1>Dam news: gate</h1></nav><h2>Gate stays shut</h2>", "Gate stays shut"),
        ("<ol><li>Valley<li><h1>Dam news: gate</h1></ol><h2>Gate <b>stays</b> shut</h2>", "Gate stays shut"),
        ("<h1 class=breadcrumb__title>Dam news: gate</h1><h2>Gate stays shut</h2>", "Gate stays shut"),
        ("<nav><h1>Dam news: gate</h1></nav><h2>Something else</h2>", "Dam news: gate"),
        ("<h1>Dam news: gate</h1><h2>Gate stays shut</h2>", "Dam news: gate"),
    ],
)
def test_title_below_a_trail_of_links(heading: str, title: str) -> None:
    """A heading among the links to the page is for search engines; the headline is shown in the next rank."""
    head = "<title>Dam news: gate</title><meta property=og:title content='Dam news: gate'>"
    assert told(head, heading, linked=ARTICLE).title == title


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Gate stays shut | Post.example</title>", "Gate stays shut"),
        ("<title>Gate stays shut--Post</title>", "Gate stays shut"),
        ("<title>Gate stays shut_Post</title>", "Gate stays shut"),
        ("<title>Gate stays shut » Post</title>", "Gate stays shut"),
        ("<title>Ola: «The gate stays shut» | Post</title>", "Ola: «The gate stays shut»"),
        ("<title>The new post | Gate stays shut for ever</title>", "Gate stays shut for ever"),
        ("<title>Gate stays shut | Opinion</title>", "Gate stays shut | Opinion"),
    ],
)
def test_title_without_the_site_of_the_address(head: str, title: str) -> None:
    """Where a page does not name its site, the address does."""
    assert told(head).title == title


def test_title_among_headings() -> None:
    """Of several headings the one most like the title element counts."""
    body = "<h1>Aldervik Post</h1><h1>Gate of Aldervik stays shut</h1><h1>Other news</h1>"
    linked = {**ARTICLE, "headline": "Gate of Aldervik stays shut"}
    head = "<title>Aldervik: gate shut - Post</title><meta property=og:title content='Aldervik: gate shut'>"
    assert told(head, body, linked=linked).title == "Gate of Aldervik stays shut"


@pytest.mark.parametrize(
    ("author", "found"),
    [
        ({"@type": "Person", "name": "Ola Berg"}, ("Ola Berg",)),
        ([{"name": "Ola Berg"}, {"name": "Marta Lund"}], ("Ola Berg", "Marta Lund")),
        ("By Ola Berg and Marta Lund", ("Ola Berg", "Marta Lund")),
        ({"givenName": "Ola", "familyName": "Berg"}, ("Ola Berg",)),
        ({"@id": "#ola"}, ("Ola Berg",)),
        ({"@type": "Organization", "name": "Aldervik Post"}, ("Aldervik Post",)),
        (["https://post.example/ola", "ola@post.example"], ()),
        (None, ()),
    ],
)
def test_authors(author: object, found: tuple[str, ...]) -> None:
    """Names of people as JSON-LD gives them; the outlet only when nobody else is named."""
    linked = [
        {**ARTICLE, "author": author, "datePublished": "2031-06-03"},
        {"@type": "Person", "@id": "#ola", "name": "Ola Berg"},
    ]
    if author is not None and isinstance(author, list) and "https" in str(author[0]):
        assert all("@" not in name and "://" not in name for name in told(linked=linked[:1]).authors[1:])
    else:
        assert told(linked=linked).authors == found


def test_authors_shown_on_the_page() -> None:
    """Without declarations the byline of the page names them."""
    assert told(body="<span class=article__author>Von Ola Berg und Marta Lund</span>").authors == (
        "Ola Berg",
        "Marta Lund",
    )


@pytest.mark.parametrize(
    "label", ["Written by", "Verfasst von", "Escrito por", "Écrit par", "Scritto da", "Автор"]
)
def test_authors_of_cards(label: str) -> None:
    """The label and data pair that content management systems write for cards names them."""
    head = f"<meta name=twitter:label1 content='{label}'><meta name=twitter:data1 content='Ola Berg'>"
    other = "<meta name=twitter:label2 content='Reading time'><meta name=twitter:data2 content='3 minutes'>"
    assert told(head + other).authors == ("Ola Berg",)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            "<article><p>von <a href=/autoren/name/ola-berg>Dr. Ola Berg</a></p><p>Text.</p></article>",
            ("Dr. Ola Berg",),
        ),
        (
            (
                "<article><p><a href=/author/1>Ola Berg</a>, <a href=/author/2>Marta Lund</a></p><a "
                "href=/author/3>Petra Holm</a></article>"
            ),
            ("Ola Berg", "Marta Lund"),
        ),
        ("<article><a href=/author/1>All articles</a></article>", ()),
        ("<nav><a href=/author/1>Ola Berg</a></nav><article><p>Text.</p></article>", ()),
        ("<div id=comments><span class=author>troll77x</span><span class=author>Petra Holm</span></div>", ()),
        ("<aside class=teasers><span class=byline>Petra Holm</span></aside>", ()),
        ("<span class=byline>Quelle: dpa</span>", ()),
    ],
)
def test_authors_by_link(body: str, found: tuple[str, ...]) -> None:
    """Without a marked byline the first links to pages of authors count; comments, cards and sources do not."""
    assert told(body=body).authors == found


@pytest.mark.parametrize(
    ("head", "linked", "published"),
    [
        ("", {**ARTICLE, "datePublished": "2031-06-03T10:42:00+02:00"}, "2031-06-03T08:42:00"),
        ("<meta property=article:published_time content=2031-06-03T08:42:00Z>", None, "2031-06-03T08:42:00"),
        (
            "<meta property=article:published_time content=2031-06-03T08:42:00Z>",
            {**ARTICLE, "datePublished": "2031-06-03"},
            "2031-06-03T08:42:00",
        ),
        (
            "<meta name=date content=2031-06-03T10:42:00+02:00>",
            {**ARTICLE, "datePublished": "2031-06-03 10:42:00"},
            "2031-06-03T08:42:00",
        ),
        ("", {**ARTICLE, "datePublished": "2031-06-04T18:00:00Z"}, "2031-06-04T12:00:00"),
        ("", {**ARTICLE, "datePublished": "2051-06-04T18:00:00Z"}, None),
        ("", {**ARTICLE, "datePublished": "1970-01-01T00:00:00Z"}, None),
        ("", {**ARTICLE, "datePublished": "yesterday"}, None),
        ("", None, None),
    ],
)
def test_published(head: str, linked: object, published: str | None) -> None:
    """With time and zone where any declaration has them; slightly future dates are clamped, absurd ones dropped."""
    found = told(head, linked=linked).published_at
    assert (found.replace(tzinfo=None).isoformat() if found else None) == published


@pytest.mark.parametrize(
    ("linked", "doubts"),
    [
        ({"datePublished": "2031-06-03T10:42:00Z", "dateModified": "2031-06-03T11:00:00Z"}, ()),
        (
            {"datePublished": "2031-06-04T18:00:00Z"},
            ("published 2031-06-04T18:00:00Z: in the future, set to the time of fetching",),
        ),
        ({"datePublished": "2051-06-04"}, ("published 2051-06-04: in the future, dropped",)),
        (
            {"datePublished": "1985-01-01T00:00:00Z", "dateModified": "2051-06-04"},
            (
                "published 1985-01-01T00:00:00Z: before the web, dropped",
                "modified 2051-06-04: in the future, dropped",
            ),
        ),
        ({"datePublished": "yesterday"}, ()),
    ],
)
def test_impossible_times_are_flagged(linked: dict[str, str], doubts: tuple[str, ...]) -> None:
    """What was clamped or dropped is told, in words that the reader of a document sees."""
    assert told(linked={**ARTICLE, **linked}).doubts == doubts


def test_published_falls_back_to_the_feed() -> None:
    """What the announcement said counts where the page says nothing."""
    announced = datetime(2031, 6, 2, 9, 30, tzinfo=UTC)
    assert told(announced=announced).published_at == announced


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (
            "<link rel=canonical href=https://m.post.example/valley/gate-shut>",
            "https://m.post.example/valley/gate-shut",
        ),
        ("<link rel=canonical href=/valley/gate-shut>", "https://www.post.example/valley/gate-shut"),
        ("<link rel=canonical href=https://agency.example/wire/1>", URL),
        ("<link rel=canonical href='http://[broken'>", URL),
        ("<link rel=canonical href=''>", URL),
        (
            "<link rel=canonical href=https://agency.example/1><meta property=og:url content=https://www.post.example/g>",
            "https://www.post.example/g",
        ),
    ],
)
def test_canonical_address(head: str, url: str) -> None:
    """A declared address counts within the same owner only: a copy naming the agency's page must not overwrite it."""
    assert told(head).url == url


def test_other_fields() -> None:
    """Section, tags, site, image and standfirst."""
    head = (
        "<meta property=og:site_name content='Aldervik Post'><meta property=og:image content=/gate.jpg>"
        "<meta name=description content='The lower gate stays shut.'><meta property=article:section content=Valley>"
        "<meta name=keywords content='dams, floods, Dams'>"
    )
    found = told(head)
    assert (found.site_name, found.section, found.tags) == ("Aldervik Post", "Valley", ("dams", "floods"))
    assert (found.image, found.standfirst) == (
        "https://www.post.example/gate.jpg",
        "The lower gate stays shut.",
    )


@pytest.mark.parametrize(
    "script",
    ["{", "[" * 5000 + "]" * 5000, '{"@type": "NewsArticle", "headline": "Gate stays shut",}',
     '<!-- {"@type":"NewsArticle","headline":"Gate stays shut"} -->',
     '{"@type":"NewsArticle","headline":"Gate\n stays shut"}',
     '{"@graph":[{"@type":["NewsArticle"],"headline":"Gate stays shut"}]}'],
)  # fmt: skip
def test_damaged_linked_data(script: str) -> None:
    """Hopeless JSON-LD is ignored, slightly damaged JSON-LD is read."""
    assert told(linked=script).title in {"", "Gate stays shut"}
    assert ("NewsArticle" in script) == (told(linked=script).title == "Gate stays shut")
