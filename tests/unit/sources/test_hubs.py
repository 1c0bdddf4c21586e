"""Which hub a feed names, however it says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.sources.hubs import Hub, hub_of

BASE = "https://one.example/feed"
HUB, SELF = "https://hub.example/", "https://one.example/feed?self"
NAMED = Hub(HUB, SELF)

RSS = """<?xml version="1.0"?><rss><channel><title>f</title>
<atom:link rel="self" href="https://one.example/feed?self"/><atom:link href='https://hub.example/' rel='hub' />
<item><link>https://one.example/a</link></item></channel></rss>"""
ATOM = (
    '<feed><link rel="hub" href="https://hub.example/"/><link rel="self" href="/feed?self"/><entry/></feed>'
)
JSON = """{"version": "https://jsonfeed.org/version/1.1", "feed_url": "https://one.example/feed?self",
"hubs": [{"type": "rssCloud", "url": "https://other.example/"}, {"type": "WebSub", "url": "https://hub.example/"}],
"items": []}"""
LINKS = '<https://hub.example/>; rel="hub", <https://one.example/feed?self>; rel="self"'


@pytest.mark.parametrize(
    ("body", "link", "expected"),
    [
        (RSS, "", NAMED),
        (ATOM, "", NAMED),
        (JSON, "", NAMED),
        ("<rss/>", LINKS, NAMED),
        ("<rss/>", '<https://hub.example/>; title="x"; rel="self hub"', Hub(HUB, HUB)),
        (RSS, '<https://first.example/>; rel="hub"', Hub("https://first.example/", SELF)),
        ('<rss><atom:link rel="hub" href="https://hub.example/"/></rss>', "", Hub(HUB, BASE)),
        (
            '<rss><atom:link rel="hub" href="/h?a=1&amp;b=2"/></rss>',
            "",
            Hub("https://one.example/h?a=1&b=2", BASE),
        ),
        ('<rss><item><link rel="hub" href="https://hub.example/"/></item></rss>', "", None),
        ('<rss><atom:link rel="hub" href="javascript:alert(1)"/></rss>', "", None),
        ('<rss><atom:link rel="hub" href="https://[/"/></rss>', "", None),
        ('<rss><atom:link rel="alternate" href="https://hub.example/"/></rss>', "", None),
        ('{"hubs": [{"type": "WebSub", "url": 7}], "items": []}', "", None),
        ('{"hubs": "https://hub.example/", "items": []}', "", None),
        (RSS.replace("hub'", "Hub'"), "", NAMED),
        ("", "", None),
    ],
)
def test_the_hub_that_a_document_names(body: str, link: str, expected: Hub | None) -> None:
    assert hub_of(body.encode(), link, BASE) == expected


@given(st.text(max_size=300), st.text(max_size=200))
def test_anything_else_names_none_and_breaks_nothing(body: str, link: str) -> None:
    found = hub_of(f"<rss>{body}".encode(), link, BASE)
    assert found is None or found.url.startswith(("http://", "https://"))
