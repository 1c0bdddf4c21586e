"""Forgetting: complete, also of what is in flight, beyond any number, and killed anywhere."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
import pytest

from copydesk.alerting.delivering import _recent, deliver
from copydesk.errors import ConfigError
from copydesk.index import Generations, Kind, Write
from copydesk.index.records import from_record, to_record
from copydesk.index.state import CaptureRecord, LedgerRecord
from copydesk.model import Source
from copydesk.operating.backup import backup, restore
from copydesk.operating.recovering import recover
from copydesk.operating.replaying import replay
from copydesk.operating.retrying import retry
from copydesk.outcomes import CaptureOutcome, EntryOutcome, Reason
from copydesk.pipeline import process
from copydesk.ports import Archive, Ports, Sent
from copydesk.takedowns import load_takedowns, target_of
from copydesk.takedowns.forgetting import forget, renew
from copydesk.views.articles import articles_at
from copydesk.views.status import funnel
from made.published import TOPICS, WIRE, articles, run
from made.published import published as announced
from made.world import START, World, page

ONE = "https://one.example/story"
TARGETS = (ONE, "one")
TITLE = "one says what happened"
END = START + timedelta(days=1)


DATED = (
    f'<head><meta property="article:published_time" content="{START - timedelta(hours=1):%FT%TZ}">'.encode()
)


def published(world: World) -> list[Source]:
    """Three outlets, two of them with the same text; what rings for it shows the page that is to be forgotten."""
    sources = announced(world)
    world.web.pages[ONE] = page(TITLE, *WIRE).replace(b"<head>", DATED)
    return sources


class Killed(BaseException):
    """The worker is gone."""


@dataclass
class Stepped:
    """An index or an archive that lets something happen before or after one of its writes.

    Attributes:
        nth: Which moment it is, counted from 1, two a write; 0 for none. Shared by the index and the archive of
            a world.
    """

    real: Any
    moments: list[int]
    nth: int
    happens: Callable[[], None]

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.real, name)
        if name not in {"write", "save", "append", "close", "rewrite"}:
            return method

        def stepped(*given: Any) -> Any:
            self._moment()
            answer = method(*given)
            self._moment()
            return answer

        return stepped

    def _moment(self) -> None:
        self.moments[0] += 1
        if self.moments[0] == self.nth:
            self.happens()


@dataclass
class Stage(World):
    """A world whose writes are moments at which something happens."""

    nth: int = 0
    happens: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.moments = [0]

    @property
    def plain(self) -> Ports:
        """The same world for somebody else, to whom nothing happens."""
        return super().ports

    @property
    def ports(self) -> Ports:
        """The world as our worker sees it."""
        plain = super().ports
        index: Generations = Stepped(plain.index, self.moments, self.nth, self.happens)
        archive: Archive = Stepped(plain.archive, self.moments, self.nth, self.happens)
        return Ports(
            **{name: getattr(plain, name) for name in Ports.__slots__} | {"index": index, "archive": archive}
        )


def is_gone(world: World) -> None:
    """Nothing of the target is anywhere, its addresses and captures say why, and the counts balance."""
    world.index.refresh()
    assert "one" not in articles(world)
    left = {row.id: row.body for row in world.index.scan(Kind.ARTICLES)}
    assert {body["duplicate_of"] for body in left.values() if body.get("duplicate_of")} <= left.keys()
    held = [made for made_in in world.archive.closed.values() for made in made_in if made.kind == "page"]
    assert ONE not in {made.url for made in held}
    rows = world.index.get(Kind.LEDGER, [target_of(ONE).key])
    (ledger,) = (from_record(LedgerRecord, row.body) for row in rows.values())
    assert (ledger.outcome, ledger.reason) == (EntryOutcome.REFUSED, Reason.TAKEN_DOWN)
    assert ledger.entry_title is None
    captures = [from_record(CaptureRecord, row.body) for row in world.index.scan(Kind.CAPTURES)]
    ends = {(record.outcome, record.reason) for record in captures if record.url == ONE}
    assert ends <= {(CaptureOutcome.REJECTED, Reason.TAKEN_DOWN)}
    kinds = (Kind.ALERTS, Kind.VERSIONS, Kind.REFUSED, Kind.LEDGER, Kind.ARTICLES)
    assert TITLE.encode() not in b"".join(
        orjson.dumps(row.body) for kind in kinds for row in world.index.scan(kind)
    )
    beside = [content for name, content in world.archive.files.items() if name.startswith("journal/")]
    assert TITLE.encode() not in b"".join(beside)
    assert funnel(world.index).imbalance == 0


def lasts(world: World) -> None:
    """It is gone, and stays so when everything is announced, worked on and rebuilt once more."""
    is_gone(world)
    sent = len(world.post.sent)
    run(world, published(world))
    is_gone(world)
    replay(world.ports)
    is_gone(world)
    assert set(articles(world)) == {"two", "three"}
    assert not any(TITLE.encode() in message.body for message in world.post.sent[sent:])


def moments_of(step: Callable[[Stage], object]) -> int:
    """How many moments a step has on an undisturbed stage."""
    stage = Stage()
    step(stage)
    return stage.moments[0]


def street(stage: Stage) -> None:
    """All the way from the feeds to the alerts."""
    run(stage, published(stage))


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_in_flight_obeys(target: str) -> None:
    """Forgotten at any moment of its way, before or after any write, a page ends as taken down and rings no more."""
    for nth in range(1, moments_of(street) + 1):
        stage = Stage(nth=nth)
        told: list[int] = []

        def forgets(stage: Stage = stage, told: list[int] = told) -> None:
            forget(stage.plain, target)
            told.append(len(stage.post.sent))

        stage.happens = forgets
        street(stage)
        assert told, f"moment {nth} never came"
        assert not any(TITLE.encode() in message.body for message in stage.post.sent[told[0] :]), nth
        lasts(stage)


@pytest.mark.parametrize("target", TARGETS)
def test_killed_anywhere_it_is_repeated(target: str) -> None:
    """Killed before or after any of its writes, the same command does the rest, and the counts balance."""
    whole = Stage()
    run(whole, published(whole))
    before = whole.moments[0]
    forget(whole.ports, target)
    for nth in range(before + 1, whole.moments[0] + 1):
        stage = Stage(nth=nth, happens=killed)
        run(stage, published(stage))
        with pytest.raises(Killed):
            forget(stage.ports, target)
        forget(stage.plain, target)
        lasts(stage)


def test_what_a_killed_worker_left_obeys() -> None:
    """Forgotten after a worker died anywhere, a page is gone from what it left: open, unregistered, half judged."""
    for nth in range(1, moments_of(street) + 1, 2):
        stage = Stage(nth=nth, happens=killed)
        with pytest.raises(Killed):
            street(stage)
        forget(stage.plain, "one")
        stage.clock.wait(timedelta(minutes=10))
        recover(stage.plain)
        held = [
            made.url for made_in in stage.archive.closed.values() for made in made_in if made.kind == "page"
        ]
        assert ONE not in held
        run(stage, published(stage))
        lasts(stage)
        assert not {"damaged", "archive-lost"} & funnel(stage.index).reasons.keys(), nth


@pytest.mark.parametrize("target", TARGETS)
def test_worked_on_while_it_is_recovered_it_counts_once(target: str) -> None:
    """What was cut before anybody registered it ends as taken down, also if its segment is worked on at that moment."""
    moments, nth = 1, 0
    while nth < moments:
        nth += 1
        stage = Stage()
        run(stage, published(stage))
        stage.index.refresh()
        for kind in (Kind.SEGMENTS, Kind.CAPTURES):  # as if the worker had died before it registered anything
            rows = [row for row in stage.index.scan(kind) if row.body.get("captures") != 0]
            stage.index.write([Write(kind=kind, id=row.id, body=None) for row in rows])
        forget(stage.plain, target)
        stage.moments[0], stage.nth = 0, nth

        def works(stage: Stage = stage) -> None:
            process(stage.plain, TOPICS, lease=timedelta(minutes=1), until=END)

        stage.happens = works
        recover(stage.ports)
        moments = stage.moments[0]
        works()
        lasts(stage)
        assert not {"damaged", "archive-lost"} & funnel(stage.index).reasons.keys(), nth


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


def killed() -> None:
    raise Killed


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
