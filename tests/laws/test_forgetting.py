"""Forgetting at any moment: what is in flight obeys, and killed anywhere the command is repeated."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from copydesk.index import Generations, Kind, Write
from copydesk.operating.recovering import recover
from copydesk.pipeline import process
from copydesk.ports import Archive, Ports
from copydesk.takedowns.forgetting import forget
from copydesk.views.status import funnel
from made.published import TOPICS, run
from made.takedowns import ONE, TARGETS, TITLE, lasts, published
from made.world import START, World

END = START + timedelta(days=1)


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


def killed() -> None:
    raise Killed
