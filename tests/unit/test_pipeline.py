"""The whole street on a world of fakes: the four laws, end to end."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.errors import ConfigError
from copydesk.fetching.polling import poll
from copydesk.index import Kind, Stored, Write
from copydesk.judging.candidates import find_candidates, load_texts
from copydesk.model import Source
from copydesk.operating.backup import backup, restore
from copydesk.operating.comparing import COMPARED, digest
from copydesk.operating.recovering import recover
from copydesk.operating.replaying import replay
from copydesk.outcomes import CaptureOutcome, EntryOutcome
from copydesk.pipeline import ingest_once, process
from copydesk.ports import Sent
from copydesk.query.tree import Term
from copydesk.segments import claim_segments
from copydesk.takedowns.forgetting import forget
from copydesk.views.status import funnel
from made.published import BOX, LEASE, TOPICS, WIRE, articles, published, run
from made.world import Post, World, feed, page, source


def test_a_page_goes_from_feed_to_alert() -> None:
    """Everything announced is archived, read, judged, indexed and found; the copies ring once."""
    world = World()
    counts = run(world, published(world))
    assert (counts["captured"], counts["indexed"], counts["alerts"]) == (3, 3, 1)
    found = articles(world)
    assert found["two"]["family"] == found["one"]["family"] != found["three"]["family"]
    assert {found["one"].get("duplicate_of"), found["two"].get("duplicate_of")} > {None}
    assert len(world.post.sent) == 1
    assert [hit.copies for hit in world.index.search(Term("Marnhaven")).hits] == [2]


def test_what_could_not_be_sent_is_sent_when_nothing_else_is_to_do() -> None:
    """A run that finds no segment sends the deliveries that are due again."""
    world = World(post=Post(answer=Sent("retry")))
    run(world, published(world))
    world.post.answer = Sent("sent")
    world.clock.wait(timedelta(hours=1))
    assert not process(world.ports, TOPICS, lease=LEASE, until=world.clock.now() + BOX, idle=LEASE)
    world.index.refresh(Kind.DELIVERIES)
    (state,) = [row.body["state"] for row in world.index.scan(Kind.DELIVERIES)]
    assert (state, len(world.post.sent)) == ("sent", 2)


def test_counts_balance_at_every_moment() -> None:
    """Law 2: pending included, nothing is ever missing from the funnel."""
    world = World()
    sources = published(world)
    for name in ("four", "five"):
        sources.append(source(name))
        world.web.pages[f"https://{name}.example/feed"] = feed(f"https://{name}.example/story")
    world.web.pages["https://five.example/story"] = b"<html><body></body></html>"
    poll(world.ports, sources, lease=LEASE)
    seen = funnel(world.index)
    assert sum(counts[EntryOutcome.PENDING] for counts in seen.entries.values()) == 5
    run(world, sources)
    seen = funnel(world.index)
    entries = sum(seen.entries.values(), Counter())
    captures = sum(seen.captures.values(), Counter())
    assert entries == {EntryOutcome.CAPTURED: 4, EntryOutcome.FAILED: 1}
    assert captures == {CaptureOutcome.INDEXED: 3, CaptureOutcome.REJECTED: 1}
    assert seen.imbalance == 0
    assert seen.reasons == {"gone": 1, "no-text": 1}


def test_everything_twice_changes_nothing_and_rings_once() -> None:
    """Law 3: the same world fetched again leaves the same articles and no second alert."""
    world = World()
    sources = published(world)
    run(world, sources)
    before = [digest(world.index, kind) for kind in COMPARED]
    world.clock.wait(timedelta(hours=1))
    world.index.write(
        [Write(kind=Kind.LEDGER, id=row.id, body=None) for row in world.index.scan(Kind.LEDGER)]
    )
    counts = run(world, sources)
    assert counts["captured"] == 3
    assert counts["unchanged"] == 3
    assert [digest(world.index, kind) for kind in COMPARED] == before
    assert len(world.post.sent) == 1


@pytest.mark.parametrize("per_segment", [1, 2, 10])
def test_segments_may_be_worked_on_in_any_cut(per_segment: int) -> None:
    """However the captures fall into segments and batches, the articles are the same."""
    whole, cut = World(), World()
    cut.archive.per_segment = per_segment
    for world in (whole, cut):
        run(world, published(world))
    assert [digest(whole.index, kind)[0] for kind in COMPARED] == [
        digest(cut.index, kind)[0] for kind in COMPARED
    ]
    families = [{name: body["family"] for name, body in articles(world).items()} for world in (whole, cut)]
    assert families[0] == families[1]


def test_replay_rebuilds_the_same_index_and_never_rings() -> None:
    """Law 4: a generation rebuilt from the archive has the same checksums; alerts stay as they were."""
    world = World()
    run(world, published(world))
    result = replay(world.ports)
    assert set(result.equal) == {kind.value for kind in COMPARED}
    assert result.counts["articles"] == (3, 3)
    assert len(world.post.sent) == 1
    assert funnel(world.index).imbalance == 0


def test_what_a_replay_carries_over_is_still_found_as_a_copy() -> None:
    """A replay of later months copies fingerprints whole, the values they are looked up by included."""
    world = World()
    run(world, published(world))
    one, two = (str(articles(world)[name]["id"]) for name in ("one", "two"))
    replay(world.ports, since="2099.01")
    world.index.refresh(Kind.FINGERPRINTS)
    assert find_candidates(world.index, load_texts(world.index, [two])) == {two: {one: None}}


def test_an_empty_server_is_filled_from_archive_and_backup() -> None:
    """Law 4: restore brings back the state, replay the articles; what was rung does not ring again."""
    world = World()
    sources = published(world)
    run(world, sources)
    before = [digest(world.index, kind) for kind in COMPARED]
    backup(world.index, world.archive, world.clock.now())
    fresh = World(clock=world.clock, archive=world.archive)
    fresh.web.pages = world.web.pages
    restore(fresh.index, fresh.archive)
    replay(fresh.ports)
    assert [digest(fresh.index, kind) for kind in COMPARED] == before
    assert funnel(fresh.index).imbalance == 0
    run(fresh, sources)
    assert fresh.post.sent == []


def test_an_emptied_server_is_not_taken_for_a_new_one() -> None:
    """Until it is restored nothing is registered, which would ring again, and no backup of nothing is written."""
    world = World()
    run(world, published(world))
    assert recover(world.ports) == 0
    name, _ = backup(world.index, world.archive, world.clock.now())
    world.clock.wait(timedelta(hours=1))
    fresh = World(clock=world.clock, archive=world.archive)
    for step in (recover, lambda ports: backup(ports.index, ports.archive, ports.now())):
        with pytest.raises(ConfigError, match="copydesk restore"):
            step(fresh.ports)
    assert world.archive.names("backups") == [name]
    restore(fresh.index, fresh.archive)
    assert recover(fresh.ports) == 0


def test_replay_of_an_unknown_archive_rings_nothing_later() -> None:
    """Without a backup too: replayed segments count as worked on."""
    world = World()
    run(world, published(world))
    fresh = World(clock=world.clock, archive=world.archive)
    replay(fresh.ports)
    assert process(fresh.ports, TOPICS, lease=LEASE, until=fresh.clock.now() + BOX) == {}
    assert len(articles(fresh)) == 3


def test_a_worker_that_dies_loses_its_segment_to_the_next() -> None:
    """A claimed segment is taken up when the lease ends, and ends in the same articles."""
    world = World()
    sources = published(world)
    poll(world.ports, sources, lease=LEASE)
    world.clock.wait(timedelta(seconds=1))
    ingest_once(world.ports, sources, shards=range(16), lease=LEASE, until=world.clock.now() + BOX)
    assert claim_segments(world.index, now=world.clock.now(), lease=LEASE, most=10)
    until = world.clock.now() + BOX
    assert process(world.ports, TOPICS, lease=LEASE, until=until) == {}
    world.clock.wait(LEASE)
    assert process(world.ports, TOPICS, lease=LEASE, until=until)["indexed"] == 3


class Killed(BaseException):
    """The worker is gone."""


@dataclass
class Dying(MemoryIndex):
    """An index before which the worker dies as it comes to write its first article, if told to."""

    dying: bool = False

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        if self.dying and any(write.kind is Kind.ARTICLES for write in writes):
            self.dying = False
            raise Killed
        return MemoryIndex.write(self, writes)


def carried(world: World, name: str, paragraphs: int) -> list[Source]:
    """An outlet that carries the beginning of the wire text."""
    address = f"https://{name}.example/wire"
    world.web.pages[f"https://{name}.example/feed"] = feed(address)
    world.web.pages[address] = page("Crane closes harbour", *WIRE[:paragraphs])
    return [source(name)]


def test_a_worker_that_dies_between_judging_and_storing_leaves_no_stale_article() -> None:
    """Older articles whose judgement the dead worker changed are brought in line by the next one."""
    index = Dying(lag=True)
    world = World(index=index)
    run(world, carried(world, "short", 3))
    run(world, carried(world, "middle", 4))
    assert "duplicate_of" not in articles(world)["middle"]
    index.dying = True
    with pytest.raises(Killed):
        run(world, carried(world, "whole", 6))
    world.clock.wait(LEASE)
    run(world, carried(world, "whole", 6))
    found = articles(world)
    assert found["short"]["duplicate_of"] == found["middle"]["duplicate_of"] == found["whole"]["id"]
    assert "duplicate_of" not in found["whole"]


@pytest.mark.parametrize("target", ["https://one.example/story", "one"])
def test_what_is_forgotten_is_gone_and_stays_gone(target: str) -> None:
    """Out of index and archive; neither polling nor replay brings it back, and the counts still balance."""
    world = World()
    sources = published(world)
    run(world, sources)
    counts = forget(world.ports, target)
    assert (counts["articles"], counts["captures"]) == (1, 1)
    assert "one" not in articles(world)
    assert "duplicate_of" not in articles(world)["two"]
    held = [
        made.url for captures in world.archive.closed.values() for made in captures if made.kind == "page"
    ]
    assert "https://one.example/story" not in held
    world.clock.wait(timedelta(hours=1))
    run(world, sources)
    replay(world.ports)
    assert set(articles(world)) == {"two", "three"}
    assert funnel(world.index).imbalance == 0
