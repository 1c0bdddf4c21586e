"""A text that holds several wires and comes before them: what it holds rings by its own articles."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from copydesk.alerting.matching import match
from copydesk.alerting.telling import told_by
from copydesk.fetching.entering import enter
from copydesk.index import Kind
from copydesk.model import Document, Entry
from copydesk.pipeline import work
from copydesk.segments.contents import Page
from copydesk.topic import Topic
from copydesk.urls import url_key
from made.races import Read, capture
from made.texts import document, paragraphs
from made.world import START, World, source

TOPIC = Topic(name="all", any=("the",))
ONE, TWO = paragraphs(41, 8), paragraphs(42, 8)
DIGEST = "News in brief"
"""A title that says what the page is."""


def publish(
    world: World,
    address: str,
    lines: Sequence[str],
    minute: int,
    *,
    quiet: bool = False,
    title: str = "",
) -> None:
    """A page is announced, read, judged, stored and matched."""
    url, at = f"https://{address}", START + timedelta(minutes=minute)
    outlet = address.partition("/")[0]
    enter(
        world.index,
        source(outlet.partition(".")[0], outlet=outlet),
        [Entry(url=url, source=outlet)],
        at,
        quiet=quiet,
    )
    world.index.refresh(Kind.LEDGER)
    page = replace(capture(address, lines, seen=at), quiet=quiet)
    read: Document = replace(
        document(url_key(url), list(lines), outlet=outlet, title=title),
        url=url, capture_id=page.id, first_seen_at=at, published_at=at, fetched_at=at,
    )  # fmt: skip
    ports = replace(world.ports, reader=Read({page.id: read}))
    _, fresh = work(ports, {page.id: Page(page, "segment")})
    match(world.index, [TOPIC], fresh, at)


def rung(world: World) -> list[str]:
    """The outlets of the articles that rang, in order of time."""
    world.index.refresh()
    articles = {row.id: str(row.body["outlet"]) for row in world.index.scan(Kind.ARTICLES)}
    alerts = sorted(world.index.scan(Kind.ALERTS), key=lambda row: str(row.body["created_at"]))
    return [articles[str(row.body["article"])] for row in alerts]


@pytest.mark.parametrize("quiet", [False, True], ids=["news", "found by a first poll"])
def test_items_ring_beside_a_digest_that_came_first(quiet: bool) -> None:  # noqa: FBT001 (a column of the table)
    """A digest is no copy of what it holds, so each item is news by itself; what must not ring does not."""
    world = World()
    first = ["brief.example"] if quiet else ["brief.example", "one.example"]
    publish(world, "brief.example/a", [*ONE[:3], *TWO[:3]], 0, title=DIGEST)
    publish(world, "one.example/b", ONE, 1, quiet=quiet)
    assert sorted(rung(world)) == first
    publish(world, "two.example/c", TWO, 2)
    assert sorted(rung(world)) == [*first, "two.example"]
    publish(world, "two.example/d", [*TWO[:4], ONE[0]], 3)
    assert sorted(rung(world)) == [*first, "two.example"]


def test_an_item_that_rang_by_itself_is_told_by_its_own_alert() -> None:
    """So that a rebuilt index, whose stories bear other ids, does not ring it again."""
    world = World()
    publish(world, "brief.example/a", [*ONE[:3], *TWO[:3]], 0, title=DIGEST)
    publish(world, "one.example/b", ONE, 1)
    publish(world, "two.example/c", TWO, 2)
    article = url_key("https://one.example/b")
    (alert,) = told_by(world.index, [("all", article)]).values()
    assert world.index.get(Kind.ALERTS, [alert])[alert].body["article"] == article
