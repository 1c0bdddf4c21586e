"""A query saved as a topic, and a topic muted, by a writer on the page: in the file, whole, or not at all."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fastapi import Depends
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser
from starlette.exceptions import HTTPException

from copydesk.config.files import load_topics
from copydesk.page.app import make_app
from made.desks import desk_of, element, read, rung, said

OWN = {"sec-fetch-site": "same-origin"}
FILE = """topics:
  - name: ferries   # ours
    any: [ferry]
    time_zone: Europe/Berlin
channels:
  hook: {kind: webhook, url: "env:WHERE", secret: "env:HOOK"}  # theirs
"""
ASKED = "q=crane+-museum&name=cranes&title=Cranes+%3Cb%3E&channel=hook&cadence=daily"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of topics that can be written."""
    path = tmp_path / "topics.yml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture
def client(file: Path) -> TestClient:
    """The page for somebody who may write."""
    return TestClient(make_app(desk_of(rung(), writes=True, topics=file)), headers=OWN)


def test_a_query_is_seen_and_then_saved(client: TestClient, file: Path) -> None:
    """First the lines that would be written, beside what it would have rung for; then the page of the topic."""
    page = read(client, f"/topic?{ASKED}")
    assert said(page, "[role=status]").startswith("1 story")
    assert said(page, "pre") == (
        "- name: cranes title: Cranes <b> query: crane -museum channels: - hook cadence: daily"
    )
    assert file.read_text(encoding="utf-8") == FILE
    made = LexborHTMLParser(
        client.post(f"/{element(page, 'main form[method=post]').attributes['action']}").text
    )
    assert said(made, "h1") == "Cranes <b>"
    assert "It is written down" in said(made, "[role=status]")
    topic = load_topics(file).topics[-1]
    assert (topic.name, topic.query, topic.channels, topic.cadence) == (
        "cranes",
        "crane -museum",
        ("hook",),
        "daily",
    )
    text = file.read_text(encoding="utf-8")
    assert "# ours" in text
    assert "# theirs" in text
    assert "Cranes <b>" in said(read(client, "/topics"))


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ("q=crane&name=ferries", "ferries is the name of a topic already"),
        ("q=crane&name=Two+words", "small letters"),
        ("q=crane&name=a&channel=none", "no channel 'none'"),
        ("q=crane&name=a&cadence=never", "cadence"),
    ],
)
def test_what_the_check_would_not_take_is_said_in_one_line(
    client: TestClient, file: Path, asked: str, wrong: str
) -> None:
    """Beside the form, with what was typed still in it; sent all the same it is refused, and nothing is written."""
    page = read(client, f"/topic?{asked}")
    assert wrong in said(page, "#wrong")
    assert not page.css("main form[method=post]")
    assert "env:WHERE" not in client.get(f"/topic?{asked}").text
    answer = client.post(f"/save?{asked}")
    assert (answer.status_code, wrong in answer.text.replace("&#39;", "'")) == (404, True)
    assert file.read_text(encoding="utf-8") == FILE


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """One line, and no half of a file."""
    client = TestClient(
        make_app(desk_of(rung(), writes=True, topics=tmp_path / "away" / "topics.yml")), headers=OWN
    )
    answer = client.post("/save?q=crane&name=cranes")
    assert answer.status_code == 404
    assert "cannot be written" in said(LexborHTMLParser(answer.text), "[role=alert]")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_file_is_not_written(client: TestClient, file: Path) -> None:
    """What somebody is about to mend by hand stays as it is."""
    file.write_text("topics: [{name: a}", encoding="utf-8")
    for address in ("/save?q=crane&name=cranes", "/mute?name=ferries&for=1d"):
        assert client.post(address).status_code == 404
    assert file.read_text(encoding="utf-8") == "topics: [{name: a}"


def test_a_topic_is_muted_and_heard_again(file: Path) -> None:
    """Until a time of its own zone, which the page tells; after it is heard again the file is what it was."""
    world = rung()
    client = TestClient(make_app(desk_of(world, writes=True, topics=file)), headers=OWN)
    until = world.clock.now().astimezone(ZoneInfo("Europe/Berlin")) + timedelta(days=7)
    page = read(client, "/topic?name=ferries")
    actions = [form.attributes["action"] for form in page.css("main form[method=post]")]
    assert actions == [f"mute?name=ferries&for={days}" for days in ("1d", "7d", "30d")]
    page = LexborHTMLParser(client.post("/mute?name=ferries&for=7d").text)
    assert f"It is muted until {until:%Y-%m-%d %H:%M} (Europe/Berlin)." in said(page)
    assert load_topics(file).topics[0].mute_until is not None
    assert "It is muted" in said(read(client, "/topics"))
    client.post(f"/{page.css('main form[method=post]')[0].attributes['action']}")
    assert file.read_text(encoding="utf-8") == FILE
    assert client.post("/mute?name=none&for=7d").status_code == 404


def test_only_a_writer_on_our_page_changes_the_topics(file: Path) -> None:
    """From elsewhere, without the right, by a page that only reads, or only looked at: nothing is written."""

    def refuse() -> None:
        raise HTTPException(401, "who are you?")

    world = rung()
    reading, writing = (make_app(desk_of(world, writes=writes, topics=file)) for writes in (False, True))
    guarded = make_app(desk_of(world, writes=True, topics=file), writers=[Depends(refuse)])
    for address in (f"/save?{ASKED}", "/mute?name=ferries&for=1d"):
        for app, headers, status in (
            (writing, {"sec-fetch-site": "cross-site"}, 403),
            (writing, {}, 403),
            (guarded, OWN, 401),
            (reading, OWN, 404),
        ):
            assert TestClient(app).post(address, headers=headers).status_code == status
        assert TestClient(writing).get(address).status_code == 405
    assert file.read_text(encoding="utf-8") == FILE
    for address in (f"/topic?{ASKED}", "/topic?name=ferries", "/topics"):
        assert not read(TestClient(reading), address).css("main form[method=post], .save")
