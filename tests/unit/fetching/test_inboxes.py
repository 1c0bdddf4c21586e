"""Polling inboxes: captured, with the troubles of a file remembered until it is mended."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from copydesk.fetching.inboxes import TRIES, poll_inboxes
from copydesk.fetching.sitemaps import parts_of
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.model import Entry, Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Ports, Untaken
from copydesk.views.status import funnel
from made.world import START, World, source

LEASE = timedelta(minutes=1)
DESK = source("desk", kind="inbox", url="/srv/inbox")


@dataclass
class Folders:
    """Inboxes by their names: what each brings, or raises; and since when they were asked."""

    found: dict[str, list[Entry | Untaken] | Exception] = field(default_factory=dict)
    since: list[datetime | None] = field(default_factory=list)

    def __call__(self, one: Source, since: datetime | None) -> Iterator[Entry | Untaken]:
        self.since.append(since)
        found = self.found.get(one.name, [])
        if isinstance(found, Exception):
            raise found
        yield from (one for one in found if _is_shown(one, since))


def _is_shown(one: Entry | Untaken, since: datetime | None) -> bool:
    changed_at = None if isinstance(one, Entry) else one.changed_at
    return since is None or changed_at is None or changed_at >= since


def entry(text: str) -> Entry:
    return Entry(url=f"inbox:{text}", source="desk", body=text.encode(), content_type="text/plain")


def ports(world: World, folders: Folders) -> Ports:
    return replace(world.ports, inbox=folders)


def cursor(world: World, name: str = "desk") -> PollRecord:
    return from_record(PollRecord, world.index.get(Kind.POLLS, [name])[name].body)


BROKEN = Untaken(
    name="b.txt",
    reason=Reason.UNREADABLE,
    detail="cannot be read: Permission denied",
    changed_at=START - timedelta(hours=1),
    passes=True,
)


@pytest.mark.parametrize(
    "trouble",
    [
        [Untaken(name="", reason=Reason.UNREADABLE, detail="away", passes=True)],
        RuntimeError("nobody thought of this"),
    ],
)
def test_an_inbox_that_fails_stops_no_other(trouble: list[Entry | Untaken] | Exception) -> None:
    """The others are captured; it is told with its reason, and read whole when it is back."""
    world, folders = World(), Folders({"desk": trouble, "two": [entry("x")]})
    inboxes = [DESK, source("two", kind="inbox", url="/srv/two")]
    assert poll_inboxes(ports(world, folders), inboxes, lease=LEASE) == {
        "captured": 1,
        "failed": 1,
    }
    told = cursor(world)
    assert (told.failures, told.read_at) == (1, None)
    assert told.reason == (Reason.UNREADABLE if isinstance(trouble, list) else Reason.INTERNAL)
    assert [one.source for one in funnel(world.index).failing] == ["desk"]
    folders.found["desk"] = [entry("y")]
    world.clock.wait(timedelta(minutes=30))
    assert poll_inboxes(ports(world, folders), [DESK], lease=LEASE)["captured"] == 1
    assert folders.since[-1] is None
    assert (cursor(world).reason, cursor(world).failures, cursor(world).new_at) == (
        None,
        0,
        world.clock.now(),
    )


def test_the_first_reading_that_succeeds_is_the_quiet_one() -> None:
    """An inbox that was away at first does not ring with its stock when it is back."""
    world, folders = World(), Folders({"desk": [Untaken(name="", reason=Reason.UNREADABLE, detail="away")]})
    quiet = source("desk", kind="inbox", url="/srv/inbox", ring_first=False)
    for found in ([entry("stock")], [entry("news")]):
        poll_inboxes(ports(world, folders), [quiet], lease=LEASE)
        folders.found["desk"] = [*found]
        world.clock.wait(timedelta(hours=1))
    poll_inboxes(ports(world, folders), [quiet], lease=LEASE)
    world.index.refresh()
    rows = {row.body["url"]: row.body["quiet"] for row in world.index.scan(Kind.LEDGER)}
    assert rows == {"inbox:stock": True, "inbox:news": False}


def test_a_file_that_may_pass_is_tried_ever_more_seldom_and_then_named_as_failed() -> None:
    """It is looked for again although nothing changed, costs the other files no time, and ends."""
    world, folders = World(), Folders({"desk": [entry("a"), BROKEN]})
    looked = []
    for _ in range(400):
        poll_inboxes(ports(world, folders), [DESK], lease=LEASE)
        since = folders.since[-1]
        looked.append(since is None or since <= START - timedelta(hours=1))
        world.clock.wait(DESK.every)
    assert sum(looked) == TRIES
    assert looked[-1] is False
    (file,) = parts_of(world.index, "desk").values()
    assert (file.url, file.failures, file.outcome) == ("b.txt", TRIES, EntryOutcome.FAILED)
    assert [(one.source, one.url) for one in funnel(world.index).failing] == [("desk", "b.txt")]
    world.clock.wait(timedelta(days=8))
    poll_inboxes(ports(world, folders), [DESK], lease=LEASE)
    assert parts_of(world.index, "desk") == {}


def test_a_mended_file_is_taken_and_told_no_more() -> None:
    """Once its permission is right, its article comes in at its next try."""
    world, folders = World(), Folders({"desk": [BROKEN]})
    poll_inboxes(ports(world, folders), [DESK], lease=LEASE)
    folders.found["desk"] = [entry("b")]
    world.clock.wait(timedelta(minutes=30))
    assert poll_inboxes(ports(world, folders), [DESK], lease=LEASE)["captured"] == 1
    assert parts_of(world.index, "desk") == {}


def test_a_hopeless_file_is_named_at_once_and_not_looked_for() -> None:
    """What cannot become an article costs one look, until it is changed."""
    hopeless = replace(BROKEN, reason=Reason.TOO_LARGE, passes=False)
    world, folders = World(), Folders({"desk": [hopeless]})
    for _ in range(3):
        poll_inboxes(ports(world, folders), [DESK], lease=LEASE)
        folders.found["desk"] = []
        world.clock.wait(DESK.every)
    assert folders.since == [None, START, START + DESK.every]
    assert [one.reason for one in funnel(world.index).failing] == [Reason.TOO_LARGE]


def test_a_thousand_broken_files_are_a_hundred_records() -> None:
    """What is remembered one by one is bounded, the number is not."""
    world = World()
    broken: list[Entry | Untaken] = [replace(BROKEN, name=f"{number}.txt") for number in range(1000)]
    poll_inboxes(ports(world, Folders({"desk": broken})), [DESK], lease=LEASE)
    assert len(parts_of(world.index, "desk")) == 100
    assert (cursor(world).left_out, cursor(world).parts) == (1000, 100)
