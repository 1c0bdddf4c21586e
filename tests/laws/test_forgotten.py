"""What was forgotten: complete beyond any number, under any spelling, never sent, never back."""

import gzip
from datetime import timedelta

import pytest

from copydesk.alerting.delivering import _recent, deliver
from copydesk.errors import ConfigError
from copydesk.index import Kind, Write
from copydesk.index.records import to_record
from copydesk.index.state import CaptureRecord, LedgerRecord
from copydesk.operating.backup import backup, restore
from copydesk.operating.replaying import replay
from copydesk.operating.retrying import retry
from copydesk.ports import Sent
from copydesk.takedowns import load_takedowns
from copydesk.takedowns.forgetting import forget, renew
from copydesk.views.articles import articles_at
from copydesk.views.status import funnel
from made.published import TOPICS, articles, run
from made.takedowns import ONE, TARGETS, TITLE, is_gone, lasts, published
from made.world import World, page


def test_what_was_hushed_is_never_sent() -> None:
    """What waited to be sent ends as taken down, even if made due by hand; a feed of alerts leaves it out."""
    world = World()
    world.post.answer = Sent("retry")
    run(world, published(world))
    forget(world.ports, "one")
    (row,) = world.index.scan(Kind.DELIVERIES)
    assert (row.body["state"], row.body["detail"]) == ("dead", "taken-down")
    due = {**row.body, "state": "pending", "retry_at": world.clock.now().isoformat()}
    world.index.write([Write(kind=Kind.DELIVERIES, id=row.id, body=due)])
    sent = len(world.post.sent)
    deliver(world.index, world.post, TOPICS.channels, world.clock.now())
    assert len(world.post.sent) == sent
    assert world.index.get(Kind.DELIVERIES, [row.id])[row.id].body["state"] == "dead"
    assert _recent(world.index, "log", 10) == []


def test_what_was_taken_down_is_never_tried_again() -> None:
    """Asked to retry it, the command says no."""
    with pytest.raises(ConfigError, match="what was taken down is never tried again"):
        retry(World().ports, reason="taken-down", lease=timedelta(minutes=1))


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("target", TARGETS)
def test_a_restore_does_not_bring_it_back(target: str, late: bool) -> None:  # noqa: FBT001 (a table)
    """Neither a backup made before nor a server that was lost brings anything back, nor do the files hold it.

    A backup that was being made just then is written late, and tells of it.
    """
    world = World()
    run(world, published(world))
    name, _ = backup(world.index, world.archive, world.clock.now())
    assert TITLE.encode() in gzip.decompress(world.archive.files[name])
    telling = world.archive.files[name]
    forget(world.ports, target)
    assert TITLE.encode() not in gzip.decompress(world.archive.files[name])
    world.archive.files[name] = telling if late else world.archive.files[name]
    lost = World(clock=world.clock, archive=world.archive)
    restore(lost.index, lost.archive)
    assert renew(lost.ports) == 1
    replay(lost.ports)
    is_gone(lost)
    assert set(articles(lost)) == {"two", "three"}


@pytest.mark.parametrize("registered", [False, True])
def test_a_server_lost_for_good_balances(registered: bool) -> None:  # noqa: FBT001 (a table)
    """Rebuilt from the archive alone, what was cut counts as taken down, whether or not its segment was known."""
    world = World()
    run(world, published(world))
    if registered:
        backup(world.index, world.archive, world.clock.now())
    forget(world.ports, "one")
    lost = World(clock=world.clock, archive=world.archive)
    if registered:
        restore(lost.index, lost.archive)
    replay(lost.ports)
    seen = funnel(lost.index)
    assert seen.imbalance == 0
    assert seen.reasons["taken-down"] >= 1
    assert not {"damaged", "archive-lost"} & seen.reasons.keys()


def test_there_is_no_number_beyond_which_it_stops() -> None:
    """An outlet with more addresses and captures than a search gives at once is forgotten whole, in one call."""
    world = World()
    row = LedgerRecord(
        url="", host="one.example", shard=1, source="one", sources=("one",), outlet="one", publisher="one",
        first_seen_at=world.clock.now(), retry_at=world.clock.now(),
    )  # fmt: skip
    made = CaptureRecord(
        id="", segment="20260302T090000000Z-00000000-0", source="one", outlet="one", url="",
        first_seen_at=world.clock.now(),
    )  # fmt: skip
    ledger, capture = to_record(row), to_record(made)
    urls = [f"https://one.example/{number}" for number in range(10_600)]
    world.index.write(
        [Write(kind=Kind.LEDGER, id=f"l{n}", body={**ledger, "url": url}) for n, url in enumerate(urls)]
    )
    world.index.write(
        [
            Write(kind=Kind.CAPTURES, id=f"c{n}", body={**capture, "id": f"c{n}", "url": url})
            for n, url in enumerate(urls[:1200])
        ]
    )
    world.archive.closed[made.segment] = []
    counts = forget(world.ports, "one")
    assert (counts["addresses"], counts["captures"]) == (10_600, 1200)
    assert {row.body["reason"] for row in world.index.scan(Kind.LEDGER)} == {"taken-down"}
    assert {row.body["reason"] for row in world.index.scan(Kind.CAPTURES)} == {"taken-down"}
    assert forget(world.ports, "one") == {"addresses": 0, "articles": 0, "captures": 0}


@pytest.mark.parametrize("spelling", [" HTTPS://One.example:443/story#top", f"{ONE}?utm_source=rss", ONE])
def test_an_address_is_named_in_any_spelling(spelling: str) -> None:
    """What a person copies from anywhere names the page, and the takedown is kept in one spelling."""
    world = World()
    run(world, published(world))
    assert forget(world.ports, spelling)["articles"] == 1
    is_gone(world)
    (row,) = world.index.scan(Kind.TAKEDOWNS)
    assert row.body["target"] == ONE


def test_a_page_known_by_another_address_is_found_by_either() -> None:
    """Fetched under one address and declaring another, a page is forgotten by both, now and when it comes again."""
    for target in ("https://one.example/story", "https://one.example/canonical"):
        world = World()
        sources = published(world)
        world.web.pages[ONE] = page(
            "one says what happened", "A text of twenty words that says what happened."
        ).replace(b"<head>", b'<head><link rel="canonical" href="https://one.example/canonical">')
        run(world, sources)
        forget(world.ports, target)
        is_gone(world)
        run(world, sources)
        is_gone(world)


def test_what_was_taken_down_says_so() -> None:
    """Asked for by its address, a page that was forgotten is said to be, by address and by outlet."""
    for target in TARGETS:
        world = World()
        run(world, published(world))
        forget(world.ports, target)
        with pytest.raises(ConfigError, match="was taken out with `copydesk forget`"):
            articles_at(world.index, [ONE])
    with pytest.raises(ConfigError, match="no article has this address"):
        articles_at(world.index, ["https://four.example/"])


def test_a_spoiled_takedown_forbids_nothing_else() -> None:
    """A file beside the archive that cannot be read is passed over; the others count."""
    world = World()
    run(world, published(world))
    forget(world.ports, "one")
    for name, content in {"a": b"{", "b": b"[]", "c": b'{"id": 1', "d": b"7", "cut/e": b"[7]"}.items():
        world.archive.files[f"takedowns/{name}.json"] = content
    assert load_takedowns(world.index, world.archive) == 1
    lasts(world)
