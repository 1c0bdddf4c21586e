"""The pages of topics: what is written down, what one would have rung for, and what a query would."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborNode

from copydesk.alerting.backtesting import backtest
from copydesk.config.topics import TopicsFile
from copydesk.errors import ConfigError, IndexUnreachable
from copydesk.index import Index
from copydesk.page.app import make_app
from copydesk.topic import Topic
from made.desks import SECRET, TOLD, carried, desk_of, element, news, read, rung, said
from made.world import World


@pytest.fixture(scope="module")
def client() -> TestClient:
    """The page over a story that rang."""
    return TestClient(make_app(desk_of(rung())))


def test_topics_are_listed_with_what_they_ask_for(client: TestClient) -> None:
    """Query or words, when and where it is told, what is expected, how often it rang within a week."""
    page = read(client, "/topics")
    ports, railways = page.css(".sources > li")
    assert said(ports, "h2") == "Harbours <b> harbour"
    assert _pairs(ports) == {
        "query": "marnhaven harbours",
        "cadence": "now",
        "channels": "log, hook (webhook), desk (slack)",
    }
    assert "1 alert in the last 7 days" in " ".join(ports.text().split())
    assert _pairs(railways) == {
        "any": "railway",
        "cadence": "daily",
        "channels": "log",
        "expects": "5 a day at most",
    }
    assert "0 alerts" in railways.text()
    assert len(read(client, f"/{element(ports, 'p a').attributes['href']}").css(".results > li")) == 1


def test_a_topic_shows_what_it_would_have_rung_for(client: TestClient) -> None:
    """The back-test that the command line prints: how many, a day, by each cadence, the stories with words marked."""
    page = read(client, "/topic?name=harbour&since=7d")
    assert said(page, "[role=status]") == "1 story, 0.14 a day, carried by 2 outlets."
    assert {mark.text().lower() for mark in page.css(".snippet mark")} == {"harbour", "marnhaven"}
    twin = client.get("/topic?name=harbour&since=7d&format=json").json()["backtest"]
    assert (twin["alerts"], sum(one["alerts"] for one in twin["days"]), len(twin["days"])) == (1, 1, 8)
    assert twin["sent"]["daily"]["messages"] == 1
    assert "0 stories, 0.0 a day." in said(read(client, "/topic?name=railways"))


def test_it_is_the_back_test_of_the_command_line() -> None:
    """Over a whole made world the page names the stories that the same back-test finds, and no other."""
    world = news()
    client = TestClient(make_app(desk_of(world, topics=TopicsFile())))
    until = world.clock.now()
    for query in ("Corvsham", "title:Campoverana OR Quinlith", "nothing-of-it"):
        twin = client.get("/topic", params={"q": query, "limit": 1000, "format": "json"}).json()
        found = backtest(
            world.index,
            desk_of(world).scratch(),
            Topic(name="query", query=query),
            since=until - timedelta(days=30),
            until=until,
        )
        assert {one["story"] for one in twin["backtest"]["sample"] if one["rings"]} == found.stories
        assert twin["backtest"]["alerts"] == len(found.alerts)


def test_a_query_is_tried_without_being_saved(client: TestClient) -> None:
    """From a search, or typed: the same as of a topic; the box keeps it, and nothing is written."""
    results = read(client, "/?q=crane&outlet=two")
    link = next(one for one in results.css(".count a") if "topic?" in (one.attributes["href"] or ""))
    page = read(client, f"/{link.attributes['href']}")
    assert element(page, "#wish").attributes["value"] == 'crane outlet:"two"'
    assert said(page, "[role=status]").startswith("1 story")
    assert [" ".join(one.text().split()) for one in page.css(".results mark")] == ["crane"]
    assert said(read(client, "/topic"), "h1") == "Try a query"


@pytest.mark.parametrize("query", ["(ferry", "since:7d ferry", "-ferry", "*"])
def test_a_query_that_can_be_no_topic_is_said(client: TestClient, query: str) -> None:
    """One line, with the query still in its box; a search of it leads to no such page."""
    answer = client.get("/topic", params={"q": query, "format": "json"})
    assert answer.status_code in {400, 404}
    assert answer.json()["what"]
    found = client.get("/", params={"q": query, "format": "json"}).json()
    assert not found.get("wish")


def test_no_page_of_topics_tells_where_a_channel_leads(client: TestClient) -> None:
    for address in ("/topics", "/topic?name=harbour", "/topic?q=crane"):
        for form in ("", "&format=json" if "?" in address else "?format=json"):
            text = client.get(f"{address}{form}").text
            assert SECRET not in text
            assert "env:" not in text
            assert "hooks.example" not in text


def test_a_wrong_file_of_topics_leaves_the_other_pages_whole() -> None:
    """The page of topics says what is wrong, in one line; what rang is shown all the same."""

    def wrong() -> TopicsFile:
        raise ConfigError("topics.yml:3: topics.1.name: stands there twice")

    client = TestClient(make_app(replace(desk_of(rung()), topics=wrong)))
    assert "topics.yml:3" in said(read(client, "/topics", 404), "[role=alert]")
    assert len(read(client, "/alerts").css(".results > li")) == 1


def test_without_topics_the_page_says_where_they_stand() -> None:
    client = TestClient(make_app(desk_of(World(), topics=TopicsFile())))
    assert "No topic is written down yet" in said(read(client, "/topics"))
    assert "no such topic" in said(read(client, "/topic?name=harbour", 404))
    assert "0 stories" in said(read(client, "/topic?q=ferry"))


def test_a_server_that_is_down_is_said() -> None:
    @contextmanager
    def away() -> Iterator[Index]:
        raise IndexUnreachable("Elasticsearch at http://es: away")
        yield

    client = TestClient(make_app(replace(desk_of(World()), index=away)))
    for address in ("/topic?name=harbour", "/topic?q=ferry"):
        assert "away" in said(read(client, address, 503), "[role=alert]")


def test_a_topic_that_rings_more_than_it_expects_says_so() -> None:
    """Of a topic that expects fewer alerts a day than it would have had."""
    world = carried()
    quiet = TOLD.topics[1].model_copy(update={"name": "all", "any": ("the",), "expect": 1})
    client = TestClient(make_app(desk_of(world, topics=TopicsFile(topics=(quiet,)))))
    twin = client.get("/topic?name=all&since=7d&format=json").json()["backtest"]
    assert twin["too_loud"] == (twin["per_day"] > 1)


def _pairs(row: LexborNode) -> dict[str, str]:
    """What stands in a list of terms, by term."""
    names, values = ([" ".join(one.text().split()) for one in row.css(tag)] for tag in ("dt", "dd"))
    return dict(zip(names, values, strict=True))
