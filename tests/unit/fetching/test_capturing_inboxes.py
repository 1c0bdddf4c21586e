"""Entries of an inbox → registered segments."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from copydesk.fetching.capturing import take_in
from copydesk.fetching.entering import enter
from copydesk.model import Capture, Entry
from made.capturing import Strict, ledger, run
from made.world import START, World, source


def test_an_inbox_entry_is_captured_once() -> None:
    """What an inbox delivers is archived with its content; delivering it again changes nothing."""
    world = World()
    entry = Entry(url="inbox:sha256:1", source="in", body=b"Some text", content_type="text/plain")
    inbox = source("in", kind="inbox", url="inbox")
    assert take_in(world.ports, inbox, [entry])["captured"] == 1
    assert take_in(world.ports, inbox, [entry]) == {"captured": 0, "known": 1}
    assert [made.body for captures in world.archive.closed.values() for made in captures] == [b"Some text"]


def test_of_two_states_in_an_inbox_the_later_counts() -> None:
    """A file that is looked at again, for the time since it came is short, does not hide the one that came after it."""
    world = World()
    inbox = source(kind="inbox", url="folder")
    old, new = (
        Entry(
            url="https://one.example/a",
            source="one",
            title=text,
            body=text.encode(),
            content_type="text/plain",
        )
        for text in ("old", "new")
    )
    take_in(world.ports, inbox, [old])
    take_in(world.ports, inbox, [old, new])
    take_in(world.ports, inbox, [old, new])
    assert [made.body for captures in world.archive.closed.values() for made in captures] == [b"old", b"new"]


@pytest.mark.parametrize("known", ["one", "two"])
def test_a_text_that_was_delivered_has_the_title_and_date_it_came_with(known: str) -> None:
    """Also where the ledger, restored or told by another source, waits for an earlier state of it."""
    world = World()
    old = Entry(url="https://one.example/a", source=known, title="old", published_at=START)
    enter(world.index, source(known), [old], world.clock.now())
    delivered = replace(
        old, title="new", published_at=START + timedelta(days=1), body=b"new", content_type="text/plain"
    )
    take_in(world.ports, source("one", kind="inbox", url="folder"), [delivered])
    (made,) = [made for captures in world.archive.closed.values() for made in captures]
    assert (made.body, made.entry_title, made.entry_published_at) == (b"new", "new", delivered.published_at)


def test_what_an_inbox_delivers_and_nobody_can_archive_is_never_fetched() -> None:
    """It fails, waits to be delivered again, and is captured then."""
    world = World(archive=Strict())
    broken = Entry(url="https://one.example/x", source="in", body=b"text", content_type="text/plain")
    inbox = source("in", kind="inbox", url="inbox")
    world.archive.append = fail_once(world.archive.append)  # type: ignore[method-assign, assignment]
    assert take_in(world.ports, inbox, [broken])["failed"] == 1
    assert ledger(world, broken.url).retry_at is None
    world.clock.wait(timedelta(days=2))
    assert run(world) == {}
    assert take_in(world.ports, inbox, [broken])["captured"] == 1


def fail_once(append: Callable[[Capture], None]) -> Callable[[Capture], None]:
    """An append that fails the first time."""
    failures = [KeyError("once")]

    def failing(capture: Capture) -> None:
        if failures:
            raise failures.pop()
        append(capture)

    return failing
