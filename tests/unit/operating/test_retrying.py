"""One command makes due again what failed, and everything still ends once."""

from datetime import timedelta
from pathlib import Path

import pytest

from copydesk import urls
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.fetching.answered import PAUSES
from copydesk.fetching.capturing import capture
from copydesk.fetching.entering import enter
from copydesk.fetching.polling import poll
from copydesk.index import Index, Kind, Write
from copydesk.index.records import from_record
from copydesk.index.state import LedgerRecord
from copydesk.model import Entry
from copydesk.operating.backup import backup, restore
from copydesk.operating.replaying import replay
from copydesk.operating.retrying import retry
from copydesk.outcomes import CaptureOutcome, EntryOutcome, Reason
from copydesk.segments import RESTS, claim_segments
from copydesk.storing.refused import resend
from copydesk.views.status import funnel
from made.archives import file_of
from made.losses import balanced, damage, made, reasons, run, stocked
from made.poison import GOOD, POISON, STEPS, captures, published
from made.poison import run as work_on
from made.races import LEASE, Newsroom
from made.world import World, source


def test_a_segment_that_came_back_is_worked_on(tmp_path: Path) -> None:
    """Archive-lost captures of a file that was moved away are indexed after it returned."""
    room, segments = stocked(tmp_path)
    path = file_of(tmp_path, segments[1])
    content = path.read_bytes()
    path.unlink()
    run(room)
    assert retry(room.ports(), lease=LEASE)["captures"] == 4
    assert run(room) == {"rejected": 4}, "it is still gone"
    path.write_bytes(content)
    assert retry(room.ports(), lease=LEASE)["captures"] == 4
    assert funnel(room.index).imbalance == 0
    assert run(room)["indexed"] == 12 - 8
    assert reasons(room) == {}
    assert balanced(room)


def test_captures_whose_names_were_lost_come_back_under_their_names(tmp_path: Path) -> None:
    """What stood for them gives way to them."""
    room, segments = stocked(tmp_path)
    run(room)
    backup(room.index, room.archive, room.clock.now())
    path = file_of(tmp_path, segments[0])
    content = path.read_bytes()
    path.unlink()
    fresh = Newsroom(MemoryIndex(lag=True), clock=room.clock, archive=room.archive)
    restore(fresh.index, fresh.archive)
    replay(fresh.ports())
    path.write_bytes(content)
    retry(fresh.ports(), lease=LEASE)
    run(fresh)
    assert balanced(fresh)
    assert set(fresh.index.get(Kind.CAPTURES, [made(n).id for n in range(4)])) == {
        made(n).id for n in range(4)
    }


@pytest.mark.parametrize("step", ["read", "judge", "store"])
def test_a_poison_is_indexed_once_the_mistake_is_mended(step: str) -> None:
    """After a new version; before that it ends again as it did."""
    room = published(3)
    ports = STEPS[step](room.ports())
    for rest in (*RESTS, timedelta()):
        work_on(room, ports)
        room.clock.wait(rest)
    assert captures(room)[POISON].outcome is CaptureOutcome.REJECTED
    assert retry(ports, lease=LEASE)["captures"] == 1
    work_on(room, room.ports())
    assert {captures(room)[address].outcome for address in (*GOOD, POISON)} == {CaptureOutcome.INDEXED}
    assert balanced(room)


def test_a_resting_segment_is_tried_at_once() -> None:
    room = published(1)
    work_on(room, STEPS["judge"](room.ports()))
    assert retry(room.ports(), lease=LEASE)["segments"] == 1
    assert captures(room)[POISON].outcome is CaptureOutcome.INDEXED
    work_on(room, room.ports())
    assert funnel(room.index).resting == ()
    assert len(list(room.index.scan(Kind.ARTICLES))) == 13


def test_only_what_is_named_is_tried_again(tmp_path: Path) -> None:
    """A source, a segment, an address, a reason."""
    room, segments = stocked(tmp_path)
    file_of(tmp_path, segments[0]).unlink()
    damage(file_of(tmp_path, segments[1]))
    run(room)
    ports = room.ports()
    assert reasons(room) == {Reason.ARCHIVE_LOST: 4, Reason.DAMAGED: 1}
    for named, number in (
        ({"names": ["nobody"]}, 0),
        ({"reason": Reason.NO_TEXT}, 0),
        ({"reason": Reason.DAMAGED}, 1),
        ({"names": ["n1.example"]}, 1),
        ({"names": ["https://n2.example/news"]}, 1),
        ({"names": [segments[0].name]}, 2),
    ):
        assert retry(ports, lease=LEASE, **named)["captures"] == number
    assert funnel(room.index).imbalance == 0
    run(room)
    assert reasons(room) == {Reason.ARCHIVE_LOST: 4, Reason.DAMAGED: 1}
    assert balanced(room)


def test_a_segment_in_somebodys_hands_is_left_alone(tmp_path: Path) -> None:
    """Whoever has it would finish it, and captures made pending meanwhile would wait for ever."""
    room, segments = stocked(tmp_path, 1)
    file_of(tmp_path, segments[0]).unlink()
    run(room)
    retry(room.ports(), lease=LEASE)
    claim_segments(room.index, now=room.clock.now(), lease=LEASE, most=10)
    assert retry(room.ports(), lease=LEASE)["captures"] == 0


def test_failed_addresses_and_sources_are_asked_again() -> None:
    """Those that were given up, from the first attempt on; what is gone only when asked for by that reason."""
    world = World()
    a, gone = "https://one.example/a", "https://one.example/gone"
    enter(
        world.index, source(), [Entry(url=a, source="one"), Entry(url=gone, source="one")], world.clock.now()
    )
    world.web.pages = {a: Reason.TIMEOUT, gone: Reason.GONE}
    for pause in (timedelta(), *PAUSES):
        world.clock.wait(pause + timedelta(seconds=1))
        fetch(world)
    assert (ledger(world, a).retry_at, ledger(world, a).outcome) == (None, EntryOutcome.FAILED)
    poll(world.ports, [source()], lease=LEASE)
    asked = len(world.web.asked)
    world.web.pages[a] = b"x"
    counts = retry(world.ports, lease=LEASE)
    assert (counts["addresses"], counts["polls"]) == (1, 1)
    assert ledger(world, a).attempts == 0
    world.clock.wait(timedelta(seconds=1))
    poll(world.ports, [source()], lease=LEASE)
    assert len(world.web.asked) == asked + 1
    assert fetch(world) == {"captured": 1}
    assert retry(world.ports, lease=LEASE, reason=Reason.GONE)["addresses"] == 1


def fetch(world: World) -> dict[str, int]:
    until = world.clock.now() + timedelta(seconds=45)
    return dict(capture(world.ports, shards=range(16), lease=LEASE, until=until))


def ledger(world: World, url: str) -> LedgerRecord:
    key = urls.url_key(url)
    return from_record(LedgerRecord, world.index.get(Kind.LEDGER, [key])[key].body)


def test_a_refused_document_that_nobody_can_read_holds_up_no_other() -> None:
    """It stays, and is counted."""
    index: Index = MemoryIndex()
    index.write(
        [
            Write(
                kind=Kind.REFUSED,
                id="bad",
                body={"kind": "articles", "document": "x", "body": "{", "reason": "r"},
            )
        ]
    )
    assert resend(index) == (0, 1)
