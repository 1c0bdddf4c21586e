"""The page, asked in this process over a world in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urljoin

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from copydesk.errors import IndexNotSetUp, IndexUnreachable
from copydesk.index import Index, Kind
from copydesk.page.app import HEADERS, READS, make_app
from copydesk.page.rendering import PARTS
from made.desks import EMPTY, carried, desk_of, element, read, said
from made.documents import article_record, put
from made.world import World, source

STORY = "https://two.example/story"
OTHER = "https://one.example/story"
PAGES = sorted(path.lstrip("/") for path in READS)
SOURCES = [source(name) for name in ("one", "two", "three")]


@pytest.fixture(scope="module")
def client() -> TestClient:
    """The page over a story that three outlets carry."""
    return TestClient(make_app(desk_of(carried(), *SOURCES)))


def test_a_story_is_one_row_that_unfolds(client: TestClient) -> None:
    """Two copies are one row, which names who carried it; the third outlet's text stands alone."""
    page = read(client, "/")
    rows = page.css(".results > li")
    folded = [row for row in rows if row.css_first("details")]
    assert len(folded) == 1
    outlets = [link.text() for link in folded[0].css("details td:nth-child(2) a")]
    assert {"one", "two"} <= set(outlets)
    twin = client.get("/?format=json").json()["results"]
    assert sorted(row["size"]["outlets"] for row in twin) == [1, 2]
    assert all(row["carried_by"] == row["size"] for row in twin)
    assert element(folded[0], "summary").text().strip().startswith(f"carried by {len(set(outlets))} outlets")


def test_what_is_asked_for_stands_in_the_address(client: TestClient) -> None:
    """Query, outlet and language fill the form again, and a link to a page more keeps them."""
    page = read(client, "/?q=Marnhaven&outlet=two&language=en&limit=1")
    assert element(page, "#q").attributes["value"] == "Marnhaven"
    assert element(page, "[name=outlet]").attributes["value"] == "two"
    assert [row.text().strip().split(" ")[0] for row in page.css(".results .facts")] == ["two"]
    assert (
        said(read(client, "/?q=nowhere"))
        == "Results for nowhere Nothing is found. All 3 sources were seen. Sources"
    )


def test_what_is_found_is_counted_whole(client: TestClient) -> None:
    """How many stories are shown of how many, and how many articles there are in all."""
    assert said(read(client, "/"), ".count [role=status]") == "2 stories, 3 articles in all"
    assert said(read(client, "/?limit=1"), ".count [role=status]") == "1 of 2 stories, 3 articles in all"
    twin = client.get("/?limit=1&format=json").json()
    assert (twin["stories"], twin["articles"], len(twin["results"])) == (2, 3, 1)
    assert (
        said(read(client, "/?q=outlet:one+OR+outlet:two"), ".count [role=status]")
        == "1 story, 2 articles in all"
    )


def test_a_query_without_meaning_is_answered_with_a_hint(client: TestClient) -> None:
    """The page says what is wrong and what to write, and keeps the query in its box."""
    page = read(client, "/?q=(ferry&outlet=two", 400)
    assert element(page, "[name=outlet]").attributes["value"] == "two"
    assert element(page, "#q").attributes["value"] == "(ferry"
    twin = client.get("/?q=(ferry&format=json").json()
    assert said(page, "[role=alert]").startswith(twin["what"])
    assert (twin["place"], twin["hint"] != "") == (0, True)


def test_a_misspelt_query_is_answered_with_another(client: TestClient) -> None:
    """Its unknown words as articles spell them, all else as it was typed, if that finds something."""
    page = read(client, "/?q=Marnhavn+-(nothing)&outlet=two")
    other = element(page, ".notice a[href*=marnhaven]")
    found = read(client, f"/{other.attributes['href']}")
    assert (said(found, ".count [role=status]"), element(found, "#q").attributes["value"]) == (
        "1 story, 1 article in all",
        "marnhaven -(nothing)",
    )
    assert "Did you mean" not in said(read(client, "/?q=zzzzzz"))


def test_what_was_asked_for_is_marked(client: TestClient) -> None:
    """In titles and snippets, in every form in which it was found, and nothing where nothing was asked for."""
    page = read(client, "/?q=cranes+title:happened+-museum")
    assert [mark.text() for mark in page.css("h2 mark")] == ["happened"]
    assert [mark.text() for mark in page.css(".snippet mark")] == ["crane"]
    assert read(client, "/").css("mark") == []


def test_what_is_found_can_be_narrowed(client: TestClient) -> None:
    """By outlet and the like, with how many articles each brings; the link keeps the rest of what was asked."""
    page = read(client, "/?q=what+OR+museum&sort=newest")
    links = page.css(".facets a")
    assert [link.text() for link in links[:3]] == ["one", "three", "two"]
    narrowed = read(client, f"/{links[2].attributes['href']}")
    assert element(narrowed, "#q").attributes["value"] == '(what OR museum) outlet:"two"'
    assert said(narrowed, ".count [role=status]") == "1 story, 1 article in all"
    assert element(narrowed, "[name=sort]").attributes["value"] == "newest"
    assert narrowed.css(".facets") == []


def test_time_is_narrowed_by_bars() -> None:
    """Each day from the first to the last has a bar, its number in words, and its own query."""
    world = World()
    for at, day in enumerate(["2026-11-18", "2026-11-20", "2026-11-20"]):
        put(world.index, Kind.ARTICLES, {f"a{at}": article_record(f"a{at}", published_at=f"{day}T10:00:00Z")})
    client = TestClient(make_app(desk_of(world)))
    bars = read(client, "/").css(".spans a")
    titles = [element(bar, "title").text() for bar in bars]
    assert titles == ["2026-11-18: 1 article", "2026-11-19: 0 articles", "2026-11-20: 2 articles"]
    assert said(read(client, f"/{bars[2].attributes['href']}"), ".count [role=status]").endswith(
        "2 articles in all"
    )


def test_stories_come_in_the_order_that_is_asked_for(client: TestClient) -> None:
    """The choice stands in the address, links to the others keep the query; nonsense is no choice."""

    def others(address: str) -> list[str | None]:
        return [link.attributes["href"] for link in read(client, address).css(".count a[href^='./']")]

    assert others("/?q=what&sort=newest") == ["./?q=what&sort=best", "./?q=what&sort=carried"]
    assert others("/?q=what&sort=x") == ["./?q=what&sort=newest", "./?q=what&sort=carried"]
    assert others("/") == ["./?sort=carried"]
    page = read(client, "/?sort=carried")
    assert element(page, "[name=sort]").attributes["value"] == "carried"
    assert [len(row.css(".carriers")) for row in page.css(".results > li")] == [1, 0]


def test_why_an_address_is_not_here(client: TestClient) -> None:
    """A page that was rejected, one that nobody announced, and one that is here; without an address the question."""
    assert "rejected by read: no-text" in said(read(client, f"/why?url={EMPTY}"))
    assert "no source has announced this address" in said(read(client, "/why?url=https://four.example/x"))
    here = read(client, f"/why?url={STORY}?utm_source=mail")
    assert "It is here: two says what happened" in said(here)
    assert read(client, urljoin("/why", element(here, "main section a").attributes["href"] or "")).css(
        "article"
    )
    assert read(client, "/why").css(".steps") == []


def test_a_story_in_the_order_of_time(client: TestClient) -> None:
    """Who had it first, and how much of each copy is the original's."""
    link = next(
        link for link in read(client, "/").css("details a") if "story" in (link.attributes["href"] or "")
    )
    page = read(client, f"/{link.attributes['href']}")
    first, *others = page.css(".timeline li")
    assert "the original" in first.text()
    assert ["a copy: 100% of it" in said(one, "p") for one in others] == [True]
    twin = client.get(f"/{link.attributes['href']}&format=json").json()
    (text,) = twin["provenance"]
    assert (text["outlet"], [copy["outlet"] for copy in text["copies"]]) == ("one", ["two"])
    assert (twin["size"]["articles"], twin["languages"]) == (2, {"en": 2})


def test_sources_say_how_they_do(client: TestClient) -> None:
    page = read(client, "/sources")
    assert [one.text().split()[0] for one in page.css(".sources h2")] == ["one", "two", "three"]
    assert page.css("form[method=post]") == []


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_twin_for_programs(client: TestClient, page: str) -> None:
    """The link in its foot leads to JSON that holds what it shows; no answer is taken for another kind of file."""
    asked = {
        "article": f"?id={STORY}",
        "why": f"?url={STORY}",
        "pair": f"?one={STORY}&other={OTHER}",
        "topic": "?name=harbour",
    }.get(page, "")
    if page == "story":
        asked = f"?id={client.get(f'/article?id={STORY}&format=json').json()['article']['story']}"
    shown = read(client, f"/{page}{asked}")
    twin = client.get(f"/{element(shown, 'footer a').attributes['href']}")
    assert twin.headers["content-type"] == "application/json"
    assert {"sources": "one", "topics": "harbour", "topic": "says what happened"}.get(page, STORY) in str(
        twin.json()
    )


def test_the_help_says_what_the_language_takes(client: TestClient) -> None:
    """Every example of how to ask is a query with a meaning."""
    examples = [code.text() for code in read(client, "/").css(".help dt code")]
    assert len(examples) > 5
    assert {client.get("/", params={"q": example}).status_code for example in examples} == {200}


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_index_says_so(page: str) -> None:
    """Every page is whole over an index that holds nothing, with the box to search in."""
    answer = TestClient(make_app(desk_of(World()))).get(f"/{page}")
    shown = LexborHTMLParser(answer.text)
    assert answer.status_code == (404 if page in {"article", "pair", "story"} else 200)
    assert element(shown, "#q")
    assert page or "The index is empty" in said(shown)


@pytest.mark.parametrize(
    "error", [IndexUnreachable("Elasticsearch at http://es: away"), IndexNotSetUp("none")]
)
@pytest.mark.parametrize("page", [page for page in PAGES if page not in {"why", "topic"}])
def test_a_server_that_is_down_leaves_the_page_whole(page: str, error: Exception) -> None:
    """503, in one line, with the query still in its box; its twin says the same."""

    @contextmanager
    def away() -> Iterator[Index]:
        raise error
        yield

    client = TestClient(make_app(replace(desk_of(World()), index=away)))
    shown = read(client, f"/{page}?q=ferry", 503)
    assert element(shown, "#q").attributes["value"] == "ferry"
    assert said(shown, "[role=alert]") in {
        "Elasticsearch at http://es: away",
        "Nothing is here yet copydesk setup",
    }
    assert client.get(f"/{page}?format=json").json()["what"]


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_a_mistake_of_ours_leaves_the_page_whole(accept: str) -> None:
    """500 with the headers and, for a browser, the box to search in; the error itself stays in the log."""

    @contextmanager
    def broken() -> Iterator[Index]:
        raise ZeroDivisionError("secret")
        yield

    app = make_app(replace(desk_of(World()), index=broken))
    answer = TestClient(app, raise_server_exceptions=False).get("/?q=ferry", headers={"accept": accept})
    assert (answer.status_code, "secret" in answer.text) == (500, False)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert ('value="ferry"' in answer.text) == (accept == "text/html")


def test_no_page_leads_to_more_than_there_can_be(client: TestClient) -> None:
    """Nonsense for a limit is a page; the largest one has no link to a larger."""
    for limit in ("-1", "x", "٣", "1e9", "999999999999", ""):
        assert client.get("/", params={"limit": limit, "format": "json"}).json()["limit"] == 20
    assert client.get("/?limit=99999&format=json").json()["limit"] == 1000
    assert client.get("/?limit=0&format=json").json()["limit"] == 1
    assert element(read(client, "/?q=what&limit=1"), "a.more").attributes["href"] == "./?q=what&limit=21"


def test_all_pages_lead_to_each_other_under_any_prefix() -> None:
    """Every link of every page is relative and answered, where Airflow mounts us below a prefix of its own too."""
    outer = FastAPI()
    outer.mount("/desk/copydesk", make_app(desk_of(carried(), *SOURCES)))
    client = TestClient(outer)
    ahead, known = ["/desk/copydesk/"], set()
    while ahead:
        at = ahead.pop()
        known.add(at)
        answer = client.get(at)
        assert answer.status_code == 200, at
        if answer.headers["content-type"].startswith("text/html"):
            page = LexborHTMLParser(answer.text)
            links = [
                node.attributes[name] or "" for name in ("href", "src") for node in page.css(f"[{name}]")
            ]
            inside = [link for link in links if not link.startswith(("https://", "#"))]
            assert not [link for link in inside if link.startswith("/") or "//" in link.partition("?")[0]]
            ahead += {urljoin(at, link) for link in inside} - known - set(ahead)
    assert {at.removeprefix("/desk/copydesk").partition("?")[0] for at in known} == {
        *READS,
        "/export",
        "/feed",
        *(f"/static/{name}" for name in PARTS),
    }


@pytest.mark.parametrize("path", [*READS, "/static/desk.css", "/static/none", "/nowhere"])
def test_browsers_are_told_to_load_and_run_nothing_else(client: TestClient, path: str) -> None:
    """Every answer has the headers; no page holds a script or a style of its own."""
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    page = LexborHTMLParser(answer.text)
    assert [script.attributes for script in page.css("script") if not script.attributes.get("src")] == []
    assert page.css("style, [style], [onclick], [onload], [onerror], iframe, object") == []
