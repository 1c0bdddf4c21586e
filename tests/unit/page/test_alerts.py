"""The page of what rang: why, when, where it was told; and sending again what was given up."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import Depends
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser
from starlette.exceptions import HTTPException

from copydesk.config.topics import TopicsFile
from copydesk.index import Kind
from copydesk.index.records import from_record, to_record
from copydesk.index.state import Delivery
from copydesk.page.app import make_app
from copydesk.views.alerts import without_addresses
from made.deliveries import put as put_alert
from made.deliveries import stored
from made.desks import SECRET, carried, desk_of, element, read, rung, said
from made.documents import put
from made.messages import ALERT, NOW
from made.world import World

OWN = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    """The page over a story that rang."""
    return TestClient(make_app(desk_of(rung(), writes=True)))


def test_an_alert_says_why_it_rang_and_who_was_told(client: TestClient) -> None:
    """Headline, topic, who had it first, how many carry it, its words marked; each channel with what became of it."""
    page = read(client, "/alerts")
    (row,) = page.css(".results > li")
    assert said(row, "h2").endswith("says what happened")
    facts = said(row, ".facts")
    assert facts.startswith("Harbours <b> · rang ")
    assert "two had it first · 2 outlets" in facts
    assert {mark.text().lower() for mark in row.css(".snippet mark")} >= {"harbour", "marnhaven"}
    assert [" ".join(one.text().split()).partition(",")[0][:13] for one in row.css(".deliveries li")] == [
        "desk: waits t",
        "hook: given u",
        "log: sent 202",
    ]
    (twin,) = client.get("/alerts?format=json").json()["alerts"]
    assert (twin["topic"], twin["publishers"], twin["matched"]) == ("harbour", 2, ["marnhaven", "harbours"])
    assert [(one["channel"], one["state"], one["attempts"]) for one in twin["deliveries"]] == [
        ("desk", "pending", 0),
        ("hook", "dead", 9),
        ("log", "sent", 1),
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", 1),
        ("topic=harbour", 1),
        ("topic=x", 0),
        ("words=happened", 1),
        ("words=harbour+-crane", 0),
        ("words=nothing", 0),
        ("words=outlet:two", 1),
        ("since=1d", 1),
        ("until=2d", 0),
        ("since=1d&until=today&topic=harbour&words=happened", 1),
        ("dead=1", 1),
        ("dead=1&topic=x", 0),
        ("story=none", 0),
    ],
)
def test_what_rang_is_searched(client: TestClient, asked: str, found: int) -> None:
    """By topic, words, time, story, and what was given up; what is asked for stands in the form again."""
    page = read(client, f"/alerts?{asked}")
    assert len(page.css(".results > li")) == found
    for name, value in (pair.split("=") for pair in asked.split("&") if pair):
        kept = page.css(f"main form.ask [name={name}]")
        if kept and name != "topic":
            assert kept[0].attributes["value"] == value.replace("+", " ")
    assert found or "No such alert" in said(page)


def test_the_newest_come_first_and_more_are_asked_for() -> None:
    """A page holds twenty, and leads to the rest; each once."""
    world = World()
    for number in range(25):
        put_alert(world.index, number, "log", created_at=NOW + timedelta(minutes=number))
    client = TestClient(make_app(desk_of(world)))
    page = read(client, "/alerts")
    titles = [" ".join(one.text().split()) for one in page.css(".results h2")]
    assert titles == [f"Ferry {number}" for number in range(24, 4, -1)]
    assert said(page, ".count") == "20 of 25 alerts"
    more = read(client, f"/{element(page, 'a.more').attributes['href']}")
    assert len(more.css(".results h2")) == 25
    assert not more.css("a.more")


@pytest.mark.parametrize("asked", ["words=(ferry", "since=soon", "until=2026-13-01"])
def test_what_has_no_meaning_is_said(client: TestClient, asked: str) -> None:
    assert said(read(client, f"/alerts?{asked}", 400), "[role=alert]")


def test_story_and_article_lead_to_what_they_rang(client: TestClient) -> None:
    """Both name the alerts of the story; one that rang nothing names none."""
    alert = client.get("/alerts?format=json").json()["alerts"][0]
    story = read(client, f"/story?id={alert['story']}")
    assert "It rang for harbour" in said(story)
    article = read(client, f"/article?id={alert['article']}")
    for page in (story, article):
        link = element(page, "main a[href^='alerts?']").attributes["href"]
        assert len(read(client, f"/{link}").css(".results > li")) == 1
    silent = TestClient(make_app(desk_of(carried(TopicsFile()))))
    assert not read(silent, f"/article?id={alert['article']}").css("main a[href^='alerts?']")


def test_what_was_given_up_is_sent_again_by_a_writer() -> None:
    """It is due as if it had never been tried, that of other channels is not touched, and the page says so."""
    world = rung()
    client = TestClient(make_app(desk_of(world, writes=True)), headers=OWN)
    page = read(client, "/alerts")
    assert "hook: 1 delivery given up" in said(page, ".trouble")
    before = _states(world)
    form = element(page, ".trouble form").attributes["action"]
    after = LexborHTMLParser(client.post(f"/{form}").text)
    assert "given up of hook is due again" in said(after, "[role=status]")
    assert _states(world) == {**before, "hook": ("pending", 0)}


def test_only_a_writer_on_our_page_has_something_sent() -> None:
    """From elsewhere, without the right, by a page that only reads, to a channel that is not there: nothing changes."""

    def refuse() -> None:
        raise HTTPException(401, "who are you?")

    world = rung()
    before = _states(world)
    reading, writing = (make_app(desk_of(world, writes=writes)) for writes in (False, True))
    guarded = make_app(desk_of(world, writes=True), writers=[Depends(refuse)])
    for app, channel, headers, status in (
        (writing, "hook", {"sec-fetch-site": "cross-site"}, 403),
        (writing, "hook", {}, 403),
        (guarded, "hook", OWN, 401),
        (reading, "hook", OWN, 404),
        (writing, "none", OWN, 404),
    ):
        assert TestClient(app).post(f"/revive?channel={channel}", headers=headers).status_code == status
    assert _states(world) == before
    assert not read(TestClient(reading), "/alerts").css("main form[method=post]")


def test_no_page_tells_where_a_channel_leads(client: TestClient) -> None:
    """An answer may repeat an address of which only the sender may know, or a mailbox: neither is shown."""
    for address in ("/alerts", "/alerts?format=json", "/alerts?dead=1", "/sources"):
        assert "verysecret" not in client.get(address).text
    assert "https://hooks.example/" in client.get("/alerts").text


@pytest.mark.parametrize(
    ("detail", "shown"),
    [
        ("HTTP 500", "HTTP 500"),
        (f"InvalidURL: {SECRET}", "InvalidURL"),
        ("InvalidURL: verysecret", "InvalidURL"),
        (f"ClientError: at {SECRET}?a=b again", "ClientError: at https://hooks.example/… again"),
        ("see smtp://user:word@mail.example:25", "see smtp://mail.example:25/…"),
        (
            "refused for rosa@desk.example: 550 no <rosa@desk.example>",
            "refused for …@desk.example: 550 no <…@desk.example>",
        ),
    ],
)
def test_an_answer_is_shown_without_what_only_the_sender_may_know(detail: str, shown: str) -> None:
    assert without_addresses(detail) == shown


def test_what_nobody_can_read_leaves_the_page_whole() -> None:
    """An alert or a delivery of another shape is left out; the others are there."""
    world = World()
    for number in range(2):
        put_alert(world.index, number, "log", created_at=NOW)
    put(world.index, Kind.ALERTS, {"alert0": {"id": "alert0", "created_at": NOW.isoformat()}})
    put(world.index, Kind.DELIVERIES, {"1-log": {"alert": "alert1", "channel": "log", "state": "pending"}})
    page = read(TestClient(make_app(desk_of(world))), "/alerts")
    assert [" ".join(one.text().split()) for one in page.css(".results h2")] == ["Ferry 1"]


def test_an_alert_that_was_taken_down_names_nothing() -> None:
    world = World()
    silent = replace(ALERT, title="", url="", snippet="", matched=(), links=(), channels=())
    put(world.index, Kind.ALERTS, {silent.id: to_record(silent)})
    page = read(TestClient(make_app(desk_of(world))), "/alerts")
    assert said(page, ".results h2") == "Taken down"
    assert not page.css(".results a")


def test_a_story_told_by_another_topic_says_so() -> None:
    """The one delivery of a channel about a story stands under each alert that it told of."""
    world = World()
    put_alert(world.index, 1, "log", created_at=NOW)
    other = replace(ALERT, id="other", topic="boats", story="s1", created_at=NOW, channels=("log",))
    put(world.index, Kind.ALERTS, {"other": to_record(other)})
    first = replace(stored(world.index, "1-log"), also=("other",))
    put(world.index, Kind.DELIVERIES, {"1-log": to_record(first)})
    rows = TestClient(make_app(desk_of(world))).get("/alerts?format=json").json()["alerts"]
    assert {row["id"]: [one["elsewhere"] for one in row["deliveries"]] for row in rows} == {
        "alert1": [False],
        "other": [True],
    }


def _states(world: World) -> dict[str, tuple[str, int]]:
    rows: Iterator[Delivery] = (from_record(Delivery, row.body) for row in world.index.scan(Kind.DELIVERIES))
    return {one.channel: (str(one.state), one.attempts) for one in rows}


def test_a_time_that_is_none_is_no_fault_of_the_search(client: TestClient) -> None:
    """The page says how times are written, and does not mark the box of the search, which was not used."""
    answer = client.get("/alerts?since=nonsense")
    page = LexborHTMLParser(answer.text)
    assert answer.status_code == 400
    assert "7d" in said(page, ".trouble")
    assert page.css("[aria-invalid]") == []
