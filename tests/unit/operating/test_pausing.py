"""A person has a source not asked until a person has it asked again."""

from datetime import timedelta

import pytest

from copydesk.errors import ConfigError
from copydesk.fetching.cursors import due_names
from copydesk.fetching.inboxes import poll_inboxes
from copydesk.fetching.polling import poll
from copydesk.index import Kind
from copydesk.index.records import load
from copydesk.index.state import LedgerRecord, PollRecord
from copydesk.model import Source
from copydesk.operating.backup import backup, restore
from copydesk.operating.pausing import chosen, pause, require_asked, resume
from copydesk.operating.replaying import replay
from copydesk.outcomes import EntryOutcome
from copydesk.pipeline import ingest_once
from copydesk.views.sources import source_reports
from copydesk.views.status import funnel
from made.published import BOX, LEASE, published, run
from made.world import World


@pytest.fixture
def world() -> World:
    return World()


def asked(world: World, sources: list[Source], *, at_once: bool = False) -> set[str]:
    """The sources whose feeds are asked, long after all were."""
    world.clock.wait(timedelta(days=1))
    before = len(world.web.asked)
    poll(world.ports, sources, lease=LEASE, at_once=at_once)
    poll_inboxes(world.ports, sources, lease=LEASE, at_once=at_once)
    return {wanted.url.split("/")[2].split(".")[0] for wanted in world.web.asked[before:]}


@pytest.mark.parametrize("before", [True, False], ids=["asked before", "never asked"])
def test_a_paused_source_is_not_asked(world: World, *, before: bool) -> None:
    """Neither when it is due nor at once, whether it was ever asked or not; resumed it is due as before."""
    sources = published(world)
    if before:
        run(world, sources)
    one = sources[0]
    assert set(pause(world.index, [one], "Rosa", world.clock.now())) == {"one"}
    assert pause(world.index, [one], "Kurt", world.clock.now()) == {}
    assert asked(world, sources) == asked(world, sources, at_once=True) == {"two", "three"}
    assert "one" not in due_names(world.index, world.clock.now())
    with pytest.raises(ConfigError, match=r"^one is paused, since [-0-9: ]+ UTC: resume it first$"):
        require_asked(world.index, one)
    assert set(resume(world.index, [one])) == {"one"}
    assert resume(world.index, sources) == {}
    require_asked(world.index, one)
    assert "one" in due_names(world.index, world.clock.now())
    assert asked(world, sources) == {"one", "two", "three"}


def test_it_stays_paused_at_another_address(world: World) -> None:
    """A mended address makes a cursor new, and does not have it asked."""
    sources = published(world)
    run(world, sources)
    pause(world.index, sources[:1], "Rosa", world.clock.now())
    mended = sources[0].model_copy(update={"url": "https://one.example/other"})
    assert asked(world, [mended], at_once=True) == set()


def test_what_was_announced_ends_in_an_outcome(world: World) -> None:
    """The pages that a source named before it was paused are fetched as if it were not."""
    sources = published(world)
    poll(world.ports, sources, lease=LEASE)
    pause(world.index, sources, "Rosa", world.clock.now())
    world.clock.wait(timedelta(seconds=1))
    ingest_once(world.ports, sources, shards=range(16), lease=LEASE, until=world.clock.now() + BOX)
    ids = [row.id for row in world.index.scan(Kind.LEDGER)]
    outcomes = {one.outcome for one in load(world.index, Kind.LEDGER, LedgerRecord, ids).values()}
    assert (len(ids), outcomes) == (3, {EntryOutcome.CAPTURED})


def test_replay_and_restore_keep_it(world: World) -> None:
    """It is state: no rebuilt index forgets it, and an empty one has it from the backup."""
    sources = published(world)
    run(world, sources)
    pause(world.index, sources[:1], "Rosa", world.clock.now())
    replay(world.ports)
    backup(world.index, world.archive, world.clock.now())
    fresh = World()
    restore(fresh.index, world.archive)
    for index in (world.index, fresh.index):
        record = load(index, Kind.POLLS, PollRecord, ["one"])["one"]
        assert (record.paused_at, record.paused_by) == (world.clock.now(), "Rosa")


def test_who_paused_it_is_said_instead_of_any_trouble(world: World) -> None:
    """In the words about sources; `status` tells no failure of a source that nobody wants asked."""
    sources = published(world)
    del world.web.pages["https://one.example/feed"]
    run(world, sources)
    assert [record.source for record in funnel(world.index).failing] == ["one"]
    pause(world.index, sources[:1], "Rosa", world.clock.now())
    report = source_reports(world.index, sources, world.clock.now())[0]
    assert report.why == (
        f"paused since {world.clock.now():%Y-%m-%d %H:%M} by Rosa: `copydesk sources resume one` has it asked again",
    )
    assert (report.is_paused, report.fails, funnel(world.index).failing) == (True, False, ())


def test_a_name_that_is_none_pauses_nothing(world: World) -> None:
    """The first one that is wrong is named, with those there are."""
    sources = published(world)
    assert chosen(sources, ["two", "one"]) == [sources[1], sources[0]]
    with pytest.raises(ConfigError, match=r"^four: no such source; there are one, three, two$"):
        chosen(sources, ["one", "four"])
