"""The page over the made news world, in memory.

`PYTHONPATH=plugins:tools:tests python -m made.desks PORT` serves it on loopback, to be looked at.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache

import uvicorn
from selectolax.lexbor import LexborHTMLParser, LexborNode

import newsworld
from copydesk.index import Index, Kind
from copydesk.model import Source, Topic
from copydesk.page.app import make_app
from copydesk.page.desk import Desk
from copydesk.ports import Ports
from made.published import published
from made.published import run as published_run
from made.streets import papers, run
from made.world import World, feed, source

__all__ = ["EMPTY", "carried", "desk_of", "element", "news"]

EMPTY = "https://one.example/empty"
"""The address of a page without a text."""


def desk_of(world: World, *sources: Source, writes: bool = False) -> Desk:
    """A desk over a world of plain objects."""

    @contextmanager
    def index() -> Iterator[Index]:
        world.index.refresh()
        yield world.index

    @contextmanager
    def ports() -> Iterator[Ports]:
        yield world.ports

    return Desk(index=index, sources=lambda: sources, now=world.clock.now, ports=ports if writes else None)


@cache
def news() -> World:
    """The demo's news world, whole, as it stands at its end. Shared: only to be read."""
    made, street = newsworld.build(7, "demo"), World()
    topics = [Topic.model_validate(asdict(topic)) for topic in newsworld.topics(made)]
    run(papers(made), topics, street)
    return street


def carried() -> World:
    """A text that two outlets print, a third outlet's own, and a page that holds none."""
    world = World()
    sources = published(world)
    world.web.pages["https://one.example/feed"] = feed("https://one.example/story", EMPTY)
    world.web.pages[EMPTY] = b"<html><body></body></html>"
    published_run(world, sources)
    return world


def element(page: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    """The first of these, which has to be there."""
    found = page.css_first(selector)
    assert found is not None, selector
    return found


def main() -> None:
    """Serve it on a port of loopback."""
    outlets = sorted({str(row.body["outlet"]) for row in news().index.scan(Kind.ARTICLES)})
    app = make_app(desk_of(news(), *map(source, outlets), writes=True))
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    main()
