"""The page over the made news world, in memory.

`PYTHONPATH=plugins:tools:tests python -m made.desks PORT` serves it on loopback, to be looked at; with the name of a
file instead it puts a picture of it there, if Chromium is on this machine (`make screenshot`).
"""

import asyncio
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser, LexborNode

import newsworld
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.channels import SlackChannel, WebhookChannel
from copydesk.config.files import known_topics
from copydesk.config.listing import known_text, write_whole
from copydesk.config.topics import TopicsFile
from copydesk.index import Index, Kind
from copydesk.index.records import from_record, to_record
from copydesk.index.served import Health
from copydesk.index.state import Delivery, DeliveryState
from copydesk.judging.clustering.provenance import Carrier
from copydesk.judging.clustering.stories import FamilyRecord, StoryRecord
from copydesk.model import Source
from copydesk.page.app import make_app
from copydesk.page.desk import Desk
from copydesk.ports import Ports
from copydesk.topic import Topic
from made.days import TODAY
from made.documents import article_record, put
from made.published import TOPICS, WIRE, published
from made.published import run as published_run
from made.servers import serving
from made.streets import papers, run
from made.world import World, feed, source

__all__ = [
    "EMPTY",
    "SECRET",
    "TOLD",
    "carried",
    "desk_of",
    "element",
    "grown",
    "news",
    "read",
    "rung",
    "said",
]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ASKED = "strike"
EMPTY = "https://one.example/empty"
"""The address of a page without a text."""
SECRET = "https://hooks.example/services/T0/verysecret"
HARBOUR = Topic(
    name="harbour", title="Harbours <b>", query="marnhaven harbours", channels=("log", "hook", "desk")
)
TOLD = TopicsFile(
    topics=(
        HARBOUR,
        Topic.model_validate({"name": "railways", "any": ["railway"], "expect": "5/d", "cadence": "daily"}),
    ),
    channels={
        "hook": WebhookChannel(kind="webhook", url=SECRET, secret="env:HOOK"),
        "desk": SlackChannel(kind="slack", url="env:DESK"),
    },
)
"""Topics, and channels of which only the sender may know where they lead."""


def desk_of(world: World, *sources: Source, writes: bool = False, topics: TopicsFile | Path = TOLD) -> Desk:
    """A desk over a world of plain objects, of topics or of a file of them, which alone can be written."""

    @contextmanager
    def index() -> Iterator[Index]:
        world.index.refresh()
        yield world.index

    @contextmanager
    def ports() -> Iterator[Ports]:
        yield world.ports

    def change(make: Callable[[str, str], str]) -> None:
        assert isinstance(topics, Path)
        write_whole(topics, make(known_text(topics), topics.name))

    return Desk(
        index=index,
        sources=lambda: sources,
        now=world.clock.now,
        health=lambda: Health(status="green", version="9.5.0", generation=world.index.number),
        ports=ports if writes else None,
        topics=lambda: known_topics(topics) if isinstance(topics, Path) else topics,
        scratch=MemoryIndex,
        rewrite=change if writes else None,
    )


@cache
def news() -> World:
    """The demo's news world, whole, as it stands at its end. Shared: only to be read."""
    made, street = newsworld.build(7, "demo"), World()
    run(papers(made), _topics(made), street)
    return street


def _topics(made: newsworld.World) -> list[Topic]:
    return [Topic.model_validate(asdict(topic)) for topic in newsworld.topics(made)]


def carried(topics: TopicsFile = TOPICS) -> World:
    """A text that two outlets print, a third outlet's own, and a page that holds none; it rings for topics."""
    world = World()
    sources = published(world)
    world.web.pages["https://one.example/feed"] = feed("https://one.example/story", EMPTY)
    world.web.pages[EMPTY] = b"<html><body></body></html>"
    published_run(world, sources, topics)
    world.clock.wait(timedelta(seconds=1))
    return world


def rung() -> World:
    """The same; of what rang, one channel was told, on another it was given up, on a third it is due."""
    world = carried(TOLD)
    world.index.refresh()
    ends: dict[str, dict[str, Any]] = {
        "desk": {"state": DeliveryState.PENDING, "attempts": 0, "sent_at": None, "detail": ""},
        "log": {"state": DeliveryState.SENT, "attempts": 1, "sent_at": world.clock.now()},
        "hook": {
            "state": DeliveryState.DEAD,
            "attempts": 9,
            "detail": f"given up after 9 attempts: HTTP 500 at {SECRET}",
        },
    }
    for row in list(world.index.scan(Kind.DELIVERIES)):
        one = from_record(Delivery, row.body)
        put(world.index, Kind.DELIVERIES, {row.id: to_record(replace(one, **ends.get(one.channel, {})))})
    return world


def grown() -> World:
    """The story "a0": a text that an outlet an hour prints; the third adds a line, which the fourth has from there."""
    world = World()
    names = [f"a{hour}" for hour in range(9)]
    line = "A sailor who watched from the mole said that she had seen the crane sway since the early morning."
    texts = {name: "\n".join([*WIRE, *([line] if name in names[2:4] else [])]) for name in names}
    carriers = tuple(
        Carrier(TODAY + timedelta(hours=hour), name, name, name) for hour, name in enumerate(names)
    )
    within: dict[str, Any] = {"first_seen_at": TODAY, "last_seen_at": carriers[-1].at}
    family = FamilyRecord(
        id="a0", story="a0", original="a0", members=tuple(names), carriers=carriers, agency="dpa", **within
    )
    story = StoryRecord(id="a0", families=("a0",), root="a0", kin=tuple(names), **within)
    articles = {
        name: article_record(name, text=text, family="a0", story="a0") for name, text in texts.items()
    }
    put(world.index, Kind.ARTICLES, articles)
    put(world.index, Kind.FAMILIES, {"a0": to_record(family)})
    put(world.index, Kind.STORIES, {"a0": to_record(story)})
    return world


def element(page: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    """The first of these, which has to be there."""
    found = page.css_first(selector)
    assert found is not None, selector
    return found


def read(client: TestClient, address: str, status: int = 200) -> LexborHTMLParser:
    """A page, which has to be answered so."""
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return LexborHTMLParser(answer.text)


def said(page: LexborHTMLParser | LexborNode, selector: str = "main") -> str:
    """What stands in a part of a page, on one line."""
    return " ".join(element(page, selector).text().split())


def main() -> None:
    """Serve it on a port of loopback, or take its picture."""
    outlets = sorted({str(row.body["outlet"]) for row in news().index.scan(Kind.ARTICLES)})
    wanted = TopicsFile(topics=tuple(_topics(newsworld.build(7, "demo"))))
    app = make_app(desk_of(news(), *map(source, outlets), writes=True, topics=wanted))
    if sys.argv[1].isdigit():
        uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
        return
    with serving(app_served(app)) as port:
        take_picture(f"http://127.0.0.1:{port}/?q={ASKED}", Path(sys.argv[1]))


def take_picture(address: str, file: Path) -> None:
    """What Chromium shows of an address. Raises LookupError when there is none."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise LookupError(f"none of {', '.join(BROWSERS)} is on this machine")
    with tempfile.TemporaryDirectory() as profile:
        options = ["--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=900,720"]
        where = [f"--user-data-dir={profile}", f"--screenshot={file.resolve()}", address]
        subprocess.run([browser, *options, *where], check=True, capture_output=True, timeout=60)  # noqa: S603


@asynccontextmanager
async def app_served(app: FastAPI) -> AsyncIterator[int]:
    """The app on a port of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await running


if __name__ == "__main__":
    main()
