"""Who may read the page, and who may have something done by it."""

from collections.abc import Mapping

import pytest
from fastapi import Depends
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser
from starlette.exceptions import HTTPException

from copydesk.index import Kind
from copydesk.page.app import DONE, READS, make_app
from copydesk.page.sources import DONE as TO_SOURCES
from made.desks import carried, desk_of, element, read, said
from made.world import source

SOURCES = [source(name) for name in ("one", "two", "three")]


WRITES = sorted(f"/{path}" for path in DONE)


def refuse() -> None:
    raise HTTPException(401, "who are you?")


def test_no_route_answers_whom_the_guards_refuse() -> None:
    """Whatever there is, of files and writes too; who comes with a browser is shown where to log in.

    Feeds and hubs have their own guards, see `test_feed.py` and `test_hub.py`.
    """
    app = make_app(desk_of(carried(), *SOURCES), readers=[Depends(refuse)], login="../login")
    client = TestClient(app)
    paths = {str(getattr(route, "path", "")).replace("{name}", "desk.css") for route in app.routes}
    paths -= {"/feed", "/hub"}
    assert {*READS, *WRITES} <= paths
    for path in paths:
        answer = client.post(path) if path in WRITES else client.get(path)
        assert (answer.status_code, answer.json()) == (401, {"detail": "who are you?"}), path
    shown = LexborHTMLParser(client.get("/why?url=a", headers={"accept": "text/html"}).text)
    assert element(shown, "main a").attributes["href"] == "../login?next=%2Fwhy%3Furl%3Da"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://testserver"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
        ({"origin": "http://testserver"}, 303),
        ({"sec-fetch-site": "same-origin", "origin": "http://testserver"}, 303),
    ],
)
def test_a_foreign_page_has_nothing_polled(headers: Mapping[str, str], status: int) -> None:
    """A source is asked when a page of ours sends it; then that source is, once, and the page says so."""
    world = carried()
    before = len(world.web.asked)
    client = TestClient(make_app(desk_of(world, *SOURCES, writes=True)), follow_redirects=False)
    answer = client.post("/poll?source=two", headers=headers)
    assert answer.status_code == status
    asked = [wanted.url for wanted in world.web.asked[before:]]
    assert asked == ([] if status == 403 else ["https://two.example/feed"])
    if status == 303:
        assert "two was asked just now" in said(read(client, f"/{answer.headers['location']}"))


def test_a_page_that_only_reads_polls_nothing() -> None:
    """Nor does one that may, when it is only looked at, or a source is not there; and writers are asked for a right."""
    client = TestClient(make_app(desk_of(carried(), *SOURCES)))
    own = {"sec-fetch-site": "same-origin"}
    assert client.post("/poll?source=two", headers=own).status_code == 404
    assert client.get("/poll?source=two").status_code == 405
    writing = TestClient(make_app(desk_of(carried(), *SOURCES, writes=True)))
    assert writing.post("/poll?source=four", headers=own).status_code == 404
    guarded = make_app(desk_of(carried(), *SOURCES, writes=True), writers=[Depends(refuse)])
    assert TestClient(guarded).post("/poll?source=two", headers=own).status_code == 401
    assert TestClient(guarded).get("/sources").status_code == 200


@pytest.mark.parametrize("path", sorted(f"/{path}" for path in TO_SOURCES))
def test_only_a_writer_on_our_page_changes_a_source(path: str) -> None:
    """From elsewhere, without the right, by a page that only reads, or of no source: nothing is changed or asked."""
    own, world = {"sec-fetch-site": "same-origin"}, carried()
    asked, kept = len(world.web.asked), {row.id: row.body for row in world.index.scan(Kind.POLLS)}
    reading, writing = (make_app(desk_of(world, *SOURCES, writes=writes)) for writes in (False, True))
    guarded = make_app(desk_of(world, *SOURCES, writes=True), writers=[Depends(refuse)])
    for app, name, headers, status in (
        (writing, "two", {"sec-fetch-site": "cross-site"}, 403),
        (writing, "two", {}, 403),
        (guarded, "two", own, 401),
        (reading, "two", own, 404),
        (writing, "four", own, 404),
    ):
        assert TestClient(app).post(f"{path}?source={name}", headers=headers).status_code == status
    assert TestClient(writing).get(f"{path}?source=two").status_code == 405
    assert {row.id: row.body for row in world.index.scan(Kind.POLLS)} == kept
    assert len(world.web.asked) == asked


def test_a_source_is_paused_and_resumed_by_somebody() -> None:
    """The page says since when and by whom, offers to resume it and nothing else; asked all the same it refuses."""
    world = carried()
    own = {"sec-fetch-site": "same-origin"}
    app = make_app(desk_of(world, *SOURCES, writes=True), who=Depends(lambda: "Rosa <b>"))
    client = TestClient(app, headers=own)
    assert [form.attributes["action"] for form in read(client, "/sources").css("li form")][:2] == [
        "poll?source=one",
        "pause?source=one",
    ]
    page = LexborHTMLParser(client.post("/pause?source=one").text)
    assert "one is paused" in said(page, "[role=status]")
    assert f"paused since {world.clock.now():%Y-%m-%d %H:%M} by Rosa <b>:" in said(page, ".sources .paused")
    assert [form.attributes["action"] for form in page.css(".paused form")] == ["resume?source=one"]
    assert client.get("/sources?format=json").json()["sources"][0]["paused_by"] == "Rosa <b>"
    assert "one is paused, since" in said(
        LexborHTMLParser(client.post("/poll?source=one").text), "[role=alert]"
    )
    page = LexborHTMLParser(client.post("/resume?source=one").text)
    assert "one is asked again" in said(page, "[role=status]")
    assert not page.css(".paused")
