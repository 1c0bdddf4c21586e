"""What servers say of their documents, and what becomes of it when it is not so."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from copydesk.adapters.http.messages import fresh_for
from copydesk.fetching.polling import poll
from copydesk.fetching.rhythm import SPREAD, shortest_of
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.ports import Fetched, Wanted
from copydesk.sources.hints import hinted
from copydesk.views.sources import source_reports
from made.world import START, World, feed, source

LEASE = timedelta(minutes=1)
FEED = "https://one.example/feed"
MINUTE = timedelta(minutes=1)
SOON, PAST = (format_datetime(START + gap * MINUTE, usegmt=True) for gap in (10, -10))


def cursor(world: World) -> PollRecord:
    return from_record(PollRecord, world.index.get(Kind.POLLS, ["one"])["one"].body)


def waited(world: World) -> timedelta:
    """Until its next poll."""
    return cursor(world).next_poll_at - world.clock.now()


def answer(world: World, body: bytes, fresh: float = 0.0, etag: str = '"1"') -> None:
    """Serve a document as a whole, or as unchanged to whoever has its tag."""

    def given(wanted: Wanted) -> Fetched:
        same = wanted.etag == etag
        return Fetched(
            wanted=wanted,
            final_url=FEED,
            status=304 if same else 200,
            content_type="application/xml",
            body=b"" if same else body,
            fetched_at=world.clock.now(),
            etag=etag,
            fresh_for=fresh,
        )

    world.web.pages[FEED] = given


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ({"Cache-Control": "public, max-age=300"}, 300),
        ({"Cache-Control": "s-maxage=900, max-age=60"}, 60),
        ({"Cache-Control": "max-age=300", "Age": "100"}, 200),
        ({"Cache-Control": "max-age=300", "Age": "900"}, 0),
        ({"Cache-Control": "no-cache, max-age=300"}, 0),
        ({"Cache-Control": "no-store"}, 0),
        ({"Cache-Control": "s-maxage=900"}, 0),
        ({"Cache-Control": "max-age=999999999"}, 86_400),
        ({"Cache-Control": "max-age=-1"}, 0),
        ({"Cache-Control": "max-age=soon"}, 0),
        ({"Expires": SOON}, 600),
        ({"Expires": "0"}, 0),
        ({"Expires": PAST}, 0),
        ({"Expires": SOON, "Cache-Control": "max-age=60"}, 60),
        ({}, 0),
    ],
)
def test_how_long_an_answer_is_fresh(header: dict[str, str], seconds: float) -> None:
    """By RFC 9111, of what concerns us."""
    assert fresh_for(header, START) == seconds


@pytest.mark.parametrize(
    ("head", "hint"),
    [
        (b"<ttl>60</ttl>", timedelta(hours=1)),
        (b"<ttl> 5 </ttl>", timedelta(minutes=5)),
        (b"<ttl>999999</ttl>", timedelta(days=1)),
        (b"<ttl>x</ttl>", timedelta(0)),
        (b"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", timedelta(minutes=15)),
        (b"<sy:updatePeriod>\n daily\n</sy:updatePeriod>", timedelta(days=1)),
        (b"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", timedelta(hours=1)),
        (b"<sy:updatePeriod>always</sy:updatePeriod>", timedelta(0)),
        (b"<item><ttl>60</ttl></item>", timedelta(0)),
        (b"", timedelta(0)),
    ],
)  # fmt: skip
def test_how_often_a_feed_says_it_changes(head: bytes, hint: timedelta) -> None:
    """In its channel, not in an item."""
    assert hinted(b"<rss><channel>" + head + b"<item/></channel></rss>") == hint


@pytest.mark.parametrize(("fresh", "most"), [(600.0, 10), (7200.0, 15), (0.0, 14)])
def test_a_hint_is_waited_for_but_no_longer_than_every(fresh: float, most: int) -> None:
    """Ten minutes of twenty: as the server says; two hours: as the user says; none: by the rhythm."""
    world, one = World(), source()
    answer(world, feed("https://one.example/a"), fresh)
    poll(world.ports, [one], lease=LEASE)
    assert min(fresh, 900) <= waited(world).total_seconds() <= 900
    assert waited(world) >= most * (1 - SPREAD) * MINUTE - timedelta(minutes=1)


def test_a_hint_that_is_not_so_counts_no_more() -> None:
    """A feed that says "hourly" and brings something each quarter is asked by its rhythm after three times."""
    world, one = World(), source()
    for number in range(60):
        urls = [f"https://one.example/{number}-{nth}" for nth in range(4)]
        body = feed("https://one.example/old", *urls)
        answer(world, body.replace(b"<item>", b"<ttl>60</ttl><item>", 1), etag=f'"{number}"')
        poll(world.ports, [one], lease=LEASE)
        if 0 < number < 3:
            assert waited(world) == one.every
        world.clock.wait(waited(world))
    assert cursor(world).early >= 3
    assert waited(world) < one.every / 2


def test_a_tag_that_lies_is_found_out() -> None:
    """Always "unchanged" though there is something new: after a day it is asked for whole, from then on always."""
    world, one = World(), source()
    answer(world, feed("https://one.example/a"))
    poll(world.ports, [one], lease=LEASE)
    answer(world, feed("https://one.example/b"))
    asked: list[bool] = []
    for _ in range(300):
        world.clock.wait(waited(world))
        poll(world.ports, [one], lease=LEASE)
        asked.append(world.web.asked[-1].etag is None)
    first = asked.index(True)
    assert cursor(world).untrusted
    assert all(asked[first:])
    assert 80 < first < 140
    assert cursor(world).fresh == 2


def test_an_honest_tag_is_asked_without_once_a_day() -> None:
    """That it came as a whole is no reproach when nothing new was in it."""
    world, one = World(), source()
    answer(world, feed("https://one.example/a"))
    start = world.clock.now()
    while world.clock.now() < start + timedelta(days=4):
        poll(world.ports, [one], lease=LEASE)
        world.clock.wait(one.every)
    whole = sum(wanted.etag is None for wanted in world.web.asked)
    assert (whole, cursor(world).untrusted) == (4, False)


def test_an_overflow_shortens_and_is_told() -> None:
    """Everything new though it was read before: something may have been missed, so it is asked sooner at once."""
    world, one = World(), source(every="4h")
    answer(world, feed(*(f"https://one.example/a{n}" for n in range(6))), etag='"a"')
    poll(world.ports, [one], lease=LEASE)
    assert cursor(world).overflow_at is None
    world.clock.wait(waited(world))
    answer(world, feed(*(f"https://one.example/b{n}" for n in range(6))), fresh=7200, etag='"b"')
    poll(world.ports, [one], lease=LEASE)
    assert cursor(world).overflow_at == world.clock.now()
    assert waited(world) == shortest_of(one.every)
    (report,) = source_reports(world.index, [one], world.clock.now())
    assert any("may have come and gone" in line for line in report.why)
