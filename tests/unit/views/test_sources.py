"""How each source does, and why one brings nothing."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from copydesk.fetching.capturing import capture
from copydesk.fetching.polling import poll
from copydesk.index import Kind, Write
from copydesk.index.records import from_record, to_record
from copydesk.index.state import CaptureRecord
from copydesk.model import Source
from copydesk.outcomes import CaptureOutcome, EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched, Wanted
from copydesk.urls import SHARDS
from copydesk.views.silence import Page
from copydesk.views.sources import SourceReport, permissions, source_reports
from copydesk.views.status import funnel
from made.world import START, World, feed, source

LEASE = timedelta(minutes=1)
FEED = "https://one.example/feed"
PAGES = [f"https://one.example/{letter}" for letter in "abcd"]


def answered(status: int, wanted: Wanted) -> Fetched | Unfetched:
    detail = f"status {status}"
    return Unfetched(wanted=wanted, outcome=EntryOutcome.FAILED, reason=Reason.STATUS, detail=detail)


def polled(world: World, one: Source | None = None) -> SourceReport:
    """The report of a source after one more poll of it, and of its pages."""
    one = one or source()
    poll(world.ports, [one], lease=LEASE)
    world.clock.wait(timedelta(milliseconds=1))
    capture(world.ports, shards=range(SHARDS), lease=LEASE, until=world.clock.now() + LEASE)
    return report(world, one)


def report(world: World, one: Source | None = None) -> SourceReport:
    (found,) = source_reports(world.index, [one or source()], world.clock.now())
    return found


def test_a_source_that_does_what_it_should_says_nothing() -> None:
    """What it brought is counted; there is no line for a person."""
    world = World()
    world.web.pages = {FEED: feed(*PAGES), **dict.fromkeys(PAGES, b"<p>text</p>")}
    found = polled(world)
    assert (found.why, found.today, found.usual, found.per_article, found.unchanged) == ((), 4, None, 1.25, 0)


def test_a_source_that_was_never_asked_says_so() -> None:
    """It stands in the list all the same."""
    assert report(World()).why == ("was never asked: no poll has run since it was written down",)


@pytest.mark.parametrize(
    ("document", "line"),
    [
        (Reason.ROBOTS, "robots; failed 1x, never read"),
        (partial(answered, 403), "status 403; failed 1x, never read"),
        (b"<html>Please log in</html>", "not-a-feed found <html> where one of"),
        (b"<rss><channel/></rss>", f"its document names nothing since {START:%Y}-"),
        (
            b"<rss><channel><item><title>A</title></item></channel></rss>",
            "0 entries, address 1 left out: neither a link nor an id is a web address",
        ),
    ],
)
def test_why_a_document_brings_nothing(document: bytes, line: str) -> None:
    """Whether it cannot be had, is none, is empty, or holds nothing to follow; and so an answer of 304 later."""
    world = World()
    world.web.pages[FEED] = document
    (why,) = polled(world).why
    assert why.startswith(line)
    if isinstance(document, bytes) and not line.startswith("not"):
        world.web.pages[FEED] = 304
        world.clock.wait(timedelta(hours=1))
        assert polled(world).why == (why,)


def test_pages_that_a_site_keeps_from_us_are_told_with_their_status() -> None:
    """The host, the reason most have, how many of how many; the others are values."""
    world = World()
    world.web.pages = {
        FEED: feed(*PAGES),
        **dict.fromkeys(PAGES[:3], partial(answered, 403)),
        PAGES[3]: b"<p>x</p>",
    }
    found = polled(world)
    assert found.why == ("status 403 at pages of one.example: 3 of 4",)
    assert found.pages == (Page("one.example", EntryOutcome.FAILED, "status 403", 3),)


def test_pages_that_reading_rejects_are_told_too() -> None:
    """They were fetched, so that the ledger has no trouble with them; the reason of most is named."""
    world = World()
    world.web.pages = {FEED: feed(*PAGES), **dict.fromkeys(PAGES, b"<p>text</p>")}
    polled(world)
    rows = list(world.index.scan(Kind.CAPTURES))
    assert len(rows) == 4
    ended = [
        replace(
            from_record(CaptureRecord, row.body), outcome=CaptureOutcome.REJECTED, reason=str(Reason.NOINDEX)
        )
        for row in rows[:3]
    ]
    world.index.write([Write(kind=Kind.CAPTURES, id=one.id, body=to_record(one)) for one in ended])
    assert report(world).why == ("noindex in pages that were fetched: 3 of 4",)


def test_what_permits_a_source_is_told() -> None:
    """With the site it is for."""
    assert permissions([source(), source("two", url="https://feeds.two.example/f", permission="letter")]) == [
        "two: read whatever two.example says to machines: letter"
    ]


def test_known_entries_are_no_news() -> None:
    """After a day without anything new the source says that it has nothing else, and since when."""
    world = World()
    world.web.pages = {FEED: feed(*PAGES), **dict.fromkeys(PAGES, b"<p>text</p>")}
    polled(world)
    for _ in range(3):
        world.clock.wait(timedelta(days=1))
        found = polled(world)
    (why,) = found.why
    assert why.startswith(f"every entry is known (4); nothing new since {START:%Y}-")
    assert found.today == 0
    assert found.usual == pytest.approx(4 / 3)


def test_parts_that_fail_are_told_of_their_index() -> None:
    """How many of how many, with the reason of most; what the parts brought counts as the source's."""
    world, site = World(), source(kind="sitemap", url="https://one.example/i")
    parts = [f"https://one.example/{number}" for number in range(3)]
    index = "".join(f"<sitemap><loc>{part}</loc></sitemap>" for part in parts)
    good = f"<urlset><url><loc>{PAGES[0]}</loc></url></urlset>".encode()
    world.web.pages = {
        site.url: f"<sitemapindex>{index}</sitemapindex>".encode(),
        parts[0]: good,
        PAGES[0]: b"<p>x</p>",
    }
    world.web.pages |= dict.fromkeys(parts[1:], partial(answered, 403))
    found = polled(world, site)
    assert found.why == ("2 of 3 parts fail: status 403",)
    assert (found.today, found.per_article) == (1, 5)
    assert found.cursor is not None
    assert found.cursor.new_at is not None


def test_a_poll_at_once_waits_for_no_time() -> None:
    """A source that is not due, or rests after failures, is asked when somebody names it."""
    world = World()
    world.web.pages[FEED] = partial(answered, 500)
    for number in range(1, 4):
        poll(world.ports, [source()], lease=LEASE, at_once=True)
        assert [wanted.url for wanted in world.web.asked] == [FEED] * number
    assert report(world).fails
    poll(world.ports, [source()], lease=LEASE)
    assert len(world.web.asked) == 3


def test_a_source_that_was_taken_out_leaves_the_status() -> None:
    """Its cursor is told no more, nor are its parts; what it announced stays counted."""
    world = World()
    world.web.pages = {FEED: feed(*PAGES), "https://two.example/f": Reason.GONE}
    poll(world.ports, [source(), source("two", url="https://two.example/f")], lease=LEASE)
    assert [record.source for record in funnel(world.index).polls] == ["one", "two"]
    seen = funnel(world.index, ["two"])
    assert [record.source for record in seen.polls] == [record.source for record in seen.failing] == ["two"]
    assert seen.sources == ["one"]


def test_a_mended_address_starts_afresh() -> None:
    """Neither the old tag nor the old wait, nor what was counted, is the new address's."""
    world = World()
    world.web.pages = {FEED: 304, "https://one.example/new": feed(PAGES[0])}
    poll(world.ports, [source()], lease=LEASE)
    found = polled(world, source(url="https://one.example/new"))
    assert (world.web.asked[1].url, world.web.asked[1].etag) == ("https://one.example/new", None)
    assert found.cursor is not None
    assert (found.cursor.asked, found.cursor.failures) == (1, 0)
