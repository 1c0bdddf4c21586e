"""One run of a scene: phases of rounds of tasks, as the DAGs would have them, until nothing is left to do."""

import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, TypeAlias, cast

import fsspec

from copydesk.adapters.archive.warc import Archive
from copydesk.alerting.delivering import deliver
from copydesk.config.files import share_of
from copydesk.errors import CopydeskError
from copydesk.index import Generations, Kind, Write
from copydesk.operating.backup import backup, restore
from copydesk.operating.recovering import recover
from copydesk.operating.replaying import replay
from copydesk.operating.ruling import load_rulings
from copydesk.pipeline import ingest_once, process
from copydesk.ports import Ports
from copydesk.storing.refused import resend
from copydesk.takedowns.forgetting import forget, renew
from made.world import Clock
from simulation.disk import open_disk
from simulation.faults import Faults, Hold, KilledError
from simulation.made import LAST, SOURCES, TOPICS, Made, begin_of
from simulation.people import Mailing, Mails, Reading
from simulation.records import Records
from simulation.rotting import Rotting, doomed_in
from simulation.scenes import Scene
from simulation.sites import Fetching, Sites
from simulation.turns import Turns

__all__ = ["Mutant", "Street", "archives"]

LEASE = timedelta(seconds=60)
BOX = timedelta(seconds=45)
LOOKS = (timedelta(minutes=5), timedelta(minutes=30))
MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of our own below it)

Mutant: TypeAlias = Callable[[Ports], Ports]
"""A worker's ports with one of them broken, to see which law notices."""

Step: TypeAlias = Callable[[Ports], object]
MARKS = count()


@contextmanager
def archives(where: str) -> Iterator[str]:
    """The address of an empty archive, in memory either way."""
    if where == "memory":
        address = f"memory://simulation-{next(MARKS)}"
        try:
            yield address
        finally:
            files = fsspec.filesystem("memory")
            if files.exists(address):
                files.rm(address, recursive=True)
    else:
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            yield folder


@dataclass(eq=False)
class Street:
    """A world and those who work in it.

    Attributes:
        index: The store behind all views of it.
        escaped: What steps raised that nobody raises on purpose.
        unarchived: Segments that were registered although they were not on disk.
        stuck: Phases that did not come to an end, each with what was left to do.
        alerts: Every alert ever written, by id: topic and address.
        deliveries: Every delivery ever written, by id: channel and alert.
    """

    scene: Scene
    made: Made
    store: Callable[[], Generations]
    address: str
    faults: Faults
    mutant: Mutant = lambda ports: ports
    clock: Clock = field(default_factory=Clock)
    mails: Mails = field(default_factory=Mails)
    failures: Counter[str] = field(default_factory=Counter)
    escaped: list[str] = field(default_factory=list)
    unarchived: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    alerts: dict[str, tuple[str, str]] = field(default_factory=dict)
    deliveries: dict[str, tuple[str, str]] = field(default_factory=dict)
    swaps: int = 0

    def __post_init__(self) -> None:
        self.index = self.store()
        self.chance = Random(f"street {self.scene.seed}")
        self.turns = Turns(self.chance, self.scene.switching)
        self.sites = Sites(self.made, SOURCES, self.clock)
        self.marks = count()
        self.calm_since = self.clock.time
        self.archive = Archive(self.address, now=self.clock.now, suffix=self._mark)
        doomed = doomed_in(self.made, Random(f"doomed {self.scene.world} {self.scene.rot}"))
        chance = Random(f"rotting {self.scene.seed}")
        self.rotting = Rotting(self.address, self.made, doomed, chance, self.faults.counts)

    def run(self) -> None:
        """All phases."""
        for phase in range(LAST + 1):
            self.phase(phase)
            if self.scene.loss is not None and phase + 1 == self.scene.loss:
                self.work({"backup": _back_up})
            if phase == self.scene.loss:
                self._lose_the_server()

    def _lose_the_server(self) -> None:
        """The index is gone; it is filled from the newest backup, which knows nothing of the phase, and the archive."""
        self.index = self.store()
        self.work({"restore": _restore})

    def phase(self, phase: int) -> None:
        """One phase: what is new is published, faults strike for some rounds, then all is brought to its end."""
        self.clock.time = max(self.clock.time + timedelta(hours=1), begin_of(phase))
        self.sites.began.append(self.clock.time)
        if phase == self.scene.rot:
            self.rotting.on = True
            self.rotting.strike(self.archive.segments())
        once = self._once(phase)
        for number in range(self.scene.most_rounds):
            self.faults.on = number < self.scene.rounds
            if self.faults.on or not number:
                self.calm_since = self.clock.time
            self._round(once)
            if not self.faults.on and not once and not self.left_to_do():
                return
            self._let_time_pass()
        self.stuck.append(f"phase {phase}: {'; '.join([*once, *self.left_to_do()])}")

    def _once(self, phase: int) -> dict[str, Step]:
        """What is done once in a phase, again and again until it succeeds."""
        once: dict[str, Step] = {}
        if phase in self.scene.backups:
            once["backup"] = _back_up
        rotted = phase == (self.scene.rot or None)  # a replay finds out what rotted since it was read
        if phase in self.scene.replays or rotted:
            once["replay"] = lambda ports: replay(ports, SOURCES, force=self.scene.rot is not None)
        if phase == LAST:
            once["forget"] = lambda ports: forget(ports, self.made.forgotten)
        return once

    def _round(self, once: dict[str, Step]) -> None:
        """The tasks of one minute, side by side; those of `once` that succeed are taken out."""
        self.work({"recover": recover})
        steps: dict[str, Step] = {f"fetch {n}": partial(_fetch, n) for n in range(2)}
        steps |= {f"process {n}": _process for n in range(1 if self.scene.alone else 2)}
        steps["deliver"] = lambda ports: deliver(
            ports.index, ports.notifier, TOPICS.channels, ports.now(), archive=ports.archive
        )
        now = [name for name in once if self.scene.alone or self.chance.random() < 1 / 2]
        steps |= {name: once[name] for name in now}
        if not self.faults.on:
            steps["resend"] = lambda ports: resend(ports.index)
        if self.scene.alone:
            ended = {
                name: end for name, step in steps.items() for name, end in self.work({name: step}).items()
            }
        else:
            ended = self.work(steps)
        for name in now:
            if ended[name] is None:
                del once[name]

    def work(self, steps: Mapping[str, Step]) -> dict[str, BaseException | None]:
        """Let a new worker each take one of the steps; how each ended."""
        holds = {name: self._hold(name) for name in steps}
        ended = self.turns.run({name: partial(step, self.ports(holds[name])) for name, step in steps.items()})
        for name, end in ended.items():
            holds[name].over = end is not None
            if isinstance(end, CopydeskError | KilledError):
                self.failures[f"{name.partition(' ')[0]}: {type(end).__name__}"] += 1
            elif end is not None:
                self.escaped.append(f"{name}: {type(end).__name__}: {end}"[:300])
        return ended

    def ports(self, hold: Hold) -> Ports:
        """The world as one worker has it in hand."""
        ports = Ports(
            fetcher=Fetching(self.sites, hold, self.chance),
            archive=cast("Any", open_disk(self.address, self.clock, hold, self._mark, self.rotting.strike)),
            reader=Reading(hold),
            index=cast("Generations", Records(self.view(hold), hold, self._watch)),
            notifier=Mailing(self.mails, hold),
            inbox=partial(self.sites.look, hold),
            now=self.clock.now,
            wait=partial(self._wait, hold),
        )
        return self.mutant(ports)

    def view(self, _hold: Hold) -> Generations:
        """The index as a worker reaches it."""
        return self.index

    def left_to_do(self) -> list[str]:
        """What somebody still has to do."""
        self.index.refresh(*Kind)
        rows = {kind: list(self.index.scan(kind)) for kind in (Kind.LEDGER, Kind.CAPTURES, Kind.SEGMENTS)}
        left: dict[str, Collection[object]] = {
            "addresses": [
                r for r in rows[Kind.LEDGER] if r.body["outcome"] == "pending" or "retry_at" in r.body
            ],
            "captures": [r for r in rows[Kind.CAPTURES] if r.body["outcome"] == "pending"],
            "segments": [r for r in rows[Kind.SEGMENTS] if "processed_at" not in r.body],
            "unregistered": {one.name for one in self.archive.segments()}
            - {r.id for r in rows[Kind.SEGMENTS]},
            "deliveries": [r for r in self.index.scan(Kind.DELIVERIES) if r.body["state"] == "pending"],
            "refused": list(self.index.scan(Kind.REFUSED)),
            "sources": self._unread(),
        }
        return [f"{len(some)} {what}" for what, some in left.items() if some]

    def _unread(self) -> list[str]:
        """Sources and parts of them that were not asked since the last fault, or did not answer, or not in whole."""
        rows = {row.id: row.body for row in self.index.scan(Kind.POLLS) if not row.id.startswith("~")}
        asked = {
            id_
            for id_, body in rows.items()
            if "polled_at" in body and _moment(body["polled_at"]) >= self.calm_since
        }
        open_ = {id_ for id_, body in rows.items() if "reason" in body or body.get("quiet")}
        return sorted(({source.name for source in SOURCES} | rows.keys()) - asked | open_)

    def _let_time_pass(self) -> None:
        """To the next minute; when nothing is due by then, to when something is."""
        due = [
            _moment(row.body[name])
            for kind, name in (
                (Kind.LEDGER, "retry_at"),
                (Kind.POLLS, "next_poll_at"),
                (Kind.DELIVERIES, "retry_at"),
            )
            for row in self.index.scan(kind)
            if name in row.body
        ]
        minute = self.clock.time + timedelta(minutes=1)
        self.clock.time = minute if self.faults.on else max(minute, min(due, default=minute))

    def _hold(self, name: str) -> Hold:
        return Hold(name, self.turns, self.faults)

    def _wait(self, hold: Hold, pause: timedelta) -> None:
        hold.touch()
        self.clock.wait(pause)
        self.turns.give_way(surely=True)

    def _mark(self) -> str:
        return f"{next(self.marks):08x}"

    def _watch(self, writes: object) -> None:
        for one in cast("list[Write]", writes):
            if one.body is None:
                continue
            if one.kind is Kind.ALERTS:
                self.alerts.setdefault(one.id, (str(one.body["topic"]), str(one.body["url"])))
            elif one.kind is Kind.DELIVERIES:
                self.deliveries.setdefault(one.id, (str(one.body["channel"]), str(one.body["alert"])))
            elif one.kind is Kind.SEGMENTS and one.create and not self._is_archived(one.id):
                self.unarchived.append(one.id)

    def _is_archived(self, segment: str) -> bool:
        return segment in self.rotting.gone or any(known.name == segment for known in self.archive.segments())


def _back_up(ports: Ports) -> None:
    backup(ports.index, ports.archive, ports.now())


def _restore(ports: Ports) -> None:
    restore(ports.index, ports.archive)
    renew(ports)
    load_rulings(ports.index, ports.archive)
    replay(ports, SOURCES)


def _fetch(number: int, ports: Ports) -> None:
    sources, shards = share_of(SOURCES, number, 2)
    ingest_once(ports, sources, shards=shards, lease=LEASE, until=ports.now() + BOX, looks=LOOKS)


def _process(ports: Ports) -> None:
    process(ports, TOPICS, SOURCES, lease=LEASE, until=ports.now() + BOX)


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(str(value))
