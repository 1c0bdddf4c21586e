"""Whatever a newspaper prints is text on the page: read back by a real parser of HTML it is what it was."""

import random
import re
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.channels.plain import one_line
from copydesk.index import Kind
from copydesk.index.records import to_record
from copydesk.page.app import make_app
from copydesk.page.rendering import UNPRINTABLE
from copydesk.urls import url_key
from made.desks import desk_of, element
from made.documents import article_record, family_record, judgement_record, put, story_record
from made.messages import ALERT
from made.world import World

PARTS = (
    *(
        "<script>alert(1)</script>",
        "</title><script>",
        "<img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "<!--",
    ),
    *(
        "-->",
        "]]>",
        "<svg/onload=alert(1)>",
        "{{ 7*7 }}",
        "{% raw %}",
        "${1}",
        "&lt;b&gt;",
        "&#x3c;",
        "&",
        "'",
        '"',
        "`",
    ),
    *(
        "<",
        ">",
        "</",
        "<b>",
        "</main></body></html>",
        "\u202e",
        "\u2066",
        "\u0000",
        "\u0008",
        "\ufffe",
        "\ud800",
        "é",
    ),
    *(
        "’",
        "気候",
        "محادثات",
        "🚢",
        "=1+1",
        "%0d%0aSet-Cookie: a",
        "<textarea>",
        "<plaintext>",
        "<style>*{}",
        "ferry",
    ),
)


def drawn(seed: int) -> str:
    """A title made of what has broken pages."""
    rng = random.Random(seed)
    return " ".join(rng.choice(PARTS) for _ in range(rng.randint(1, 12)))


def shown(text: str) -> str:
    return " ".join(UNPRINTABLE.sub("\ufffd", text).split())


def outside_charts(page: LexborHTMLParser) -> set[str]:
    """The names of all elements but those of our charts, of which a page has one or none as its day falls."""
    for chart in page.css("svg.spans"):
        chart.decompose()
    return {str(node.tag) for node in page.css("main *")}


def over(index: MemoryIndex) -> TestClient:
    return TestClient(make_app(desk_of(World(index=index))))


@pytest.mark.parametrize("begin", range(0, 200, 20))
def test_hostile_titles_are_text(begin: int) -> None:
    """200 drawn titles, of articles, as queries, as addresses: no element comes of them, no letter is lost."""
    for seed in range(begin, begin + 20):
        title, index = drawn(seed), MemoryIndex()
        # an index takes no halves of characters; what people type may hold them
        kept: dict[str, Any] = {
            "title": title.replace("\ud800", ""),
            "text": f"ferry {title}".replace("\ud800", ""),
        }
        put(index, Kind.ARTICLES, {"a": article_record("a", outlet="A<b>", **kept)})
        put(index, Kind.STORIES, {"a": story_record("a")})
        put(index, Kind.FAMILIES, {"a": family_record("a")})
        put(index, Kind.JUDGEMENTS, {"a": judgement_record("a")})
        told = replace(
            ALERT, title=kept["title"], snippet=kept["text"], topic_title=kept["title"], matched=("<b>",)
        )
        put(index, Kind.ALERTS, {"alert1": to_record(told)})
        client = over(index)
        elements: set[str] = set()
        for address in ("/", "/?q=ferr*", "/article?id=a", "/why?url=a", "/alerts"):
            page = LexborHTMLParser(client.get(address).text)
            assert shown(kept["title"]) in shown(element(page, "main").text()), address
            elements |= outside_charts(page)
        for form in ("atom", "rss"):
            root = etree.fromstring(client.get(f"/feed?format={form}").content)
            assert {one_line(kept["title"])} < {one.text or "" for one in root.iter() if one.tag != "guid"}, (
                form
            )
        assert client.get("/feed?format=json").json()["items"][0]["title"] == one_line(kept["title"])
        for address, name in (("/", "q"), ("/topic", "q"), ("/why", "url")):
            page = LexborHTMLParser(client.get(address, params={name: title.encode("utf-8", "replace")}).text)
            assert element(page, f"#{name}").attributes["value"] is not None
            elements |= outside_charts(page)
        assert elements.isdisjoint({"script", "img", "svg", "b", "style", "textarea", "plaintext", "title"})


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,<b>", "inbox:sha256", "//evil.example", " http:x"]
)
def test_an_address_that_is_none_is_no_link(url: str) -> None:
    """Only what begins with http or https can be followed."""
    index = MemoryIndex()
    put(index, Kind.ARTICLES, {"a": article_record("a", url=url)})
    for address in ("/", "/article?id=a"):
        page = LexborHTMLParser(over(index).get(address).text)
        assert url.strip() in element(page, "main").text()
        assert not [
            link
            for link in page.css("[href]")
            if re.match(r"\s*(?!https?:)[a-z]+:|//", link.attributes["href"] or "")
        ]


def test_a_key_is_an_address() -> None:
    """The page of an article takes its id as well as its address."""
    index, url = MemoryIndex(), "https://a.example/1"
    put(index, Kind.ARTICLES, {url_key(url): article_record(url_key(url), url=url)})
    for asked in (url, url_key(url)):
        assert over(index).get("/article", params={"id": asked}).status_code == 200
