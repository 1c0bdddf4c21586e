"""Sources → entries, and the cursor of each source."""

import json
from datetime import timedelta
from typing import Any

import pytest

from copydesk import sources
from copydesk.fetching import polling
from copydesk.fetching.cursors import GONE_PAUSE, LONGEST_PAUSE, Brought, next_poll
from copydesk.fetching.polling import poll
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.model import Source
from copydesk.monitoring.stored import index_troubles
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Unfetched, Wanted
from copydesk.sources import Announced
from copydesk.views.sources import source_troubles
from copydesk.views.status import funnel
from made.world import START, World, feed, source

LEASE = timedelta(minutes=1)
FEED = "https://one.example/feed"


def cursor(world: World, name: str = "one") -> PollRecord:
    return from_record(PollRecord, world.index.get(Kind.POLLS, [name])[name].body)


def test_a_feed_is_archived_before_its_entries_are_entered() -> None:
    """The feed document lies in a closed segment, and its entries are pending."""
    world = World()
    world.web.pages[FEED] = feed("https://one.example/a", "https://one.example/b")
    counts = poll(world.ports, [source()], lease=LEASE)
    assert (counts["polled"], counts["announced"], counts["new"]) == (1, 2, 2)
    assert [capture.kind for captures in world.archive.closed.values() for capture in captures] == ["feed"]
    assert len(list(world.index.get(Kind.SEGMENTS, list(world.archive.closed)))) == 1


def test_a_source_is_polled_again_only_when_due() -> None:
    """Between two polls lies at least `every`; the second one is conditional."""
    world = World()
    world.web.pages[FEED] = feed("https://one.example/a")
    poll(world.ports, [source()], lease=LEASE)
    poll(world.ports, [source()], lease=LEASE)
    assert len(world.web.asked) == 1
    world.clock.wait(timedelta(minutes=15))
    world.web.pages[FEED] = 304
    assert poll(world.ports, [source()], lease=LEASE) == {"unchanged": 1}
    assert world.web.asked[-1].etag == '"1"'


def test_the_first_poll_is_quiet_unless_asked() -> None:
    """What a new source announces first never rings, later entries do."""
    world, quiet = World(), source(ring_first=False)
    world.web.pages[FEED] = feed("https://one.example/a")
    poll(world.ports, [quiet], lease=LEASE)
    world.clock.wait(quiet.every)
    world.web.pages[FEED] = feed("https://one.example/b")
    poll(world.ports, [quiet], lease=LEASE)
    world.index.refresh(Kind.LEDGER)
    rows = {str(row.body["url"])[-1]: row.body["quiet"] for row in world.index.scan(Kind.LEDGER)}
    assert rows == {"a": True, "b": False}


def test_html_in_place_of_a_feed_leaves_the_cursor_and_says_why() -> None:
    """A login page is a failure of the source with a reason; nothing is entered."""
    world = World()
    world.web.pages[FEED] = b"<html><body>Please log in</body></html>"
    counts = poll(world.ports, [source()], lease=LEASE)
    assert counts["failed"] == 1
    assert cursor(world).reason == Reason.NOT_A_FEED
    assert cursor(world).etag is None


def test_an_index_is_followed_and_never_remembered_as_unchanged() -> None:
    """A sitemap index leads to its sitemaps; its etag is forgotten, lest a failed sitemap stay unread."""
    world = World()
    index, part = "https://one.example/index.xml", "https://one.example/part.xml"
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    world.web.pages = {
        index: f"<sitemapindex {space}><sitemap><loc>{part}</loc></sitemap></sitemapindex>".encode(),
        part: f"<urlset {space}><url><loc>https://one.example/a</loc></url></urlset>".encode(),
    }
    counts = poll(world.ports, [source(kind="sitemap", url=index)], lease=LEASE)
    assert counts["new"] == 1
    assert cursor(world).etag is None


def test_a_source_that_fails_alone_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception nobody expected is that source's trouble, told with type, message and place; the others go on."""
    world = World()

    def parse(one: Source, *rest: Any) -> Announced:
        if one.name == "bad":
            raise RuntimeError("nobody thought of this")
        return sources.parse(one, *rest)

    monkeypatch.setattr(polling, "parse", parse)
    three = [source(name) for name in ("a", "bad", "c")]
    for one in three:
        world.web.pages[one.url] = feed(f"{one.url}/1")
    assert poll(world.ports, three, lease=LEASE) == {"polled": 2, "announced": 2, "new": 2, "failed": 1}
    told = cursor(world, "bad")
    assert (told.reason, told.failures) == (Reason.INTERNAL, 1)
    assert told.detail.startswith("RuntimeError: nobody thought of this (")
    world.clock.wait(timedelta(hours=1))
    poll(world.ports, three, lease=LEASE)
    assert cursor(world, "bad").failures == 2


def test_what_was_left_out_is_told_at_its_source() -> None:
    """A feed whose entries have no address says so, and is no failing source; the next good one takes it back."""
    world = World()
    world.web.pages[FEED] = (
        b"<rss><channel><item><title>A</title></item><item><title>B</title></item></channel></rss>"
    )
    poll(world.ports, [source()], lease=LEASE)
    told = cursor(world)
    assert (told.reason, told.left_out, told.failures) == (Reason.ADDRESS, 2, 0)
    assert told.detail == "2 left out: neither a link nor an id is a web address"
    assert [record.source for record in funnel(world.index).failing] == ["one"]
    world.web.pages[FEED] = feed("https://one.example/a")
    world.clock.wait(timedelta(minutes=15))
    poll(world.ports, [source()], lease=LEASE)
    assert (cursor(world).reason, cursor(world).left_out) == (None, 0)


@pytest.mark.parametrize(
    ("failures", "retry_after", "pause"),
    [
        (0, None, timedelta(minutes=30)),
        (1, None, timedelta(hours=1)),
        (50, None, timedelta(hours=1)),
        (72, None, LONGEST_PAUSE),
        (0, 7200.0, timedelta(hours=2)),
        (0, 10**9, LONGEST_PAUSE),
    ],
)
def test_a_failing_source_waits_longer_each_time(
    failures: int,
    retry_after: float | None,
    pause: timedelta,
) -> None:
    """Twice as long each time, or as long as the server asks, a day at most."""
    answer = Unfetched(
        wanted=Wanted(key="one", url=FEED, kind="feed"),
        outcome=EntryOutcome.FAILED,
        reason=Reason.STATUS,
        retry_after=retry_after,
    )
    old = PollRecord(source="one", next_poll_at=START, failures=failures, etag="kept")
    record = next_poll(source(), answer, START, Brought(), old)
    assert record is not None
    assert record.next_poll_at - START == pause
    assert record.etag == "kept"


def test_a_feed_that_is_gone_is_asked_ever_more_seldom_and_may_come_back() -> None:
    """For sixty days of 404 or 410: hourly for three, then weekly; named as gone, read again once it is there."""
    world = World()
    world.web.pages = {FEED: Reason.GONE}
    end = START + timedelta(days=60)
    while world.clock.now() < end:
        poll(world.ports, [source()], lease=LEASE)
        world.clock.wait(timedelta(minutes=15))
    assert 75 <= len(world.web.asked) <= 85
    (failing,) = funnel(world.index).failing
    assert failing.reason == Reason.GONE
    assert [trouble.gone for trouble in source_troubles([failing]).told] == [True]
    names = [
        [trouble.key for trouble in index_troubles(world.index, end, asked)] for asked in (["one"], ["two"])
    ]
    assert names == [["source:one"], []]
    world.web.pages = {FEED: feed("https://one.example/a")}
    world.clock.wait(GONE_PAUSE)
    assert poll(world.ports, [source()], lease=LEASE)["new"] == 1
    assert funnel(world.index).failing == ()
    assert index_troubles(world.index, end, ["one"]) == []


def test_what_brings_its_text_is_captured_at_once() -> None:
    """An agency's item is archived with its text and never asked for; one without a text waits to be fetched."""
    world = World()
    item = {
        "uri": "urn:x:1",
        "headline": "Quay",
        "body_html": "<p>The quay opened.</p>",
        "versioncreated": "2026-03-02",
    }
    bare = {"uri": "https://one.example/a", "headline": "Mill"}
    world.web.pages[FEED] = json.dumps([item, bare]).encode()
    counts = poll(world.ports, [source(kind="ninjs")], lease=LEASE)
    assert (counts["announced"], counts["new"]) == (2, 2)
    world.index.refresh(Kind.LEDGER)
    outcomes = {str(row.body["url"])[:5]: row.body["outcome"] for row in world.index.scan(Kind.LEDGER)}
    assert outcomes == {"inbox": "captured", "https": "pending"}
    captures = [
        capture for segment in world.archive.closed.values() for capture in segment if capture.kind == "page"
    ]
    assert [(capture.body, capture.entry_title) for capture in captures] == [
        (b"<p>The quay opened.</p>", "Quay")
    ]
    world.clock.wait(source().every)
    assert poll(world.ports, [source(kind="ninjs")], lease=LEASE)["new"] == 0
