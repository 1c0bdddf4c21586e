"""A roundup that comes before what it holds: the items ring by their own articles once it is known as one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from copydesk.alerting.matching import match
from copydesk.alerting.telling import told_by
from copydesk.fetching.entering import enter
from copydesk.index import Kind
from copydesk.model import Document, Entry, Topic
from copydesk.pipeline import work
from copydesk.segments.contents import Page
from copydesk.urls import url_key
from made.races import Read, capture
from made.texts import document, paragraphs
from made.world import START, World, source

TOPIC = Topic(name="all", any=("the",))
ONE, TWO = paragraphs(41, 8), paragraphs(42, 8)


def publish(world: World, address: str, lines: Sequence[str], at: datetime, *, quiet: bool = False) -> None:
    """A page is announced, read, judged, stored and matched."""
    url = f"https://{address}"
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
        document(url_key(url), list(lines), outlet=outlet),
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


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [(False, ["brief.example", "one.example", "two.example"]), (True, ["brief.example", "two.example"])],
    ids=["news", "found by a first poll"],
)
def test_the_first_item_rings_when_the_second_parts_it_from_the_roundup(
    quiet: bool,  # noqa: FBT001 (a column of the table)
    expected: list[str],
) -> None:
    """While only one item is known, it looks like the roundup's story, which rang; what must not ring does not."""
    world = World()
    publish(world, "brief.example/a", [*ONE[:3], *TWO[:3]], START)
    publish(world, "one.example/b", ONE, START + timedelta(minutes=1), quiet=quiet)
    assert rung(world) == ["brief.example"]
    publish(world, "two.example/c", TWO, START + timedelta(minutes=2))
    assert sorted(rung(world)) == expected
    publish(world, "two.example/d", [*TWO[:4], ONE[0]], START + timedelta(minutes=3))
    assert sorted(rung(world)) == expected


def test_an_item_that_rang_by_itself_is_told_by_its_own_alert() -> None:
    """So that a rebuilt index, whose stories bear other ids, does not ring it again."""
    world = World()
    publish(world, "brief.example/a", [*ONE[:3], *TWO[:3]], START)
    publish(world, "one.example/b", ONE, START + timedelta(minutes=1))
    publish(world, "two.example/c", TWO, START + timedelta(minutes=2))
    article = url_key("https://one.example/b")
    (alert,) = told_by(world.index, [("all", article)]).values()
    assert world.index.get(Kind.ALERTS, [alert])[alert].body["article"] == article
