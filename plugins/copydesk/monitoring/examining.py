"""Examine: everything an operator asks about, one line each: versions, files, archive, server, tasks, sources, hosts.

Where `checking` judges what is written, this asks what runs. Each part is looked at whatever became of the others.
"""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from copydesk import __version__
from copydesk.config.files import known_sources
from copydesk.config.settings import Settings
from copydesk.connect import archive_folder, open_archive, open_fetcher, open_server, utc_now
from copydesk.errors import CopydeskError
from copydesk.index.served import Disk, Health, Served, Vitals
from copydesk.index.state import HostRecord
from copydesk.model import Source
from copydesk.monitoring.checking import check
from copydesk.monitoring.parts import part_troubles, runs
from copydesk.monitoring.stored import index_troubles
from copydesk.monitoring.watching import is_nearly_full, server_troubles
from copydesk.ports import Unfetched, Wanted
from copydesk.views.hosts import HostState, host_states
from copydesk.views.sources import SourceReport, source_reports

__all__ = ["Line", "disk_line", "examine", "host_lines", "is_open_to_others", "server_lines", "source_lines"]

PACKAGES = ("apache-airflow", "elasticsearch", "trafilatura", "langdetect")
OLDEST_SERVER = (8, 19)
CLOCK = timedelta(seconds=5)
"""How far the server's clock may be from ours. A lease lasts a minute, and workers take one another's by their own."""

SLOW = 60.0
"""Seconds between two requests that a host may ask for without a word: 60 pages an hour."""

BROKEN = 500
"""Statuses from here on say that a server is in trouble; robots.txt forbids all then (RFC 9309)."""

TRIED = "doctor"
"""A small file that is written beside the archive, and removed."""

NAMED = 5
MOST = 10
"""Names in a line, and lines of one kind; of more only how many."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was looked at and what was found: all is well, a person should look, or it does not work like this."""

    state: Literal["ok", "look", "wrong"]
    what: str
    says: str


def examine(settings: Settings, *, ask: bool = False) -> Iterator[Line]:
    """What there is to say about everything, in the order of the way of a page; with `ask` every source is asked."""
    parts: list[tuple[str, Callable[[], Iterator[Line]]]] = [
        ("versions", _versions),
        ("files", partial(_files, settings)),
        ("archive", partial(_archive, settings)),
        ("tasks", partial(_tasks, settings)),
        ("elasticsearch", partial(_server, settings)),
    ]
    parts += [("asked now", partial(_asked, settings))] if ask else []
    for what, look in parts:
        try:
            yield from look()
        except CopydeskError as exc:
            yield Line("wrong", what, str(exc))


def _versions() -> Iterator[Line]:
    told = [f"copydesk {__version__}", f"Python {sys.version.split()[0]}"]
    for name in PACKAGES:
        try:
            told.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    yield Line("ok", "versions", ", ".join(told))


def _files(settings: Settings) -> Iterator[Line]:
    findings = check(settings)
    for finding in findings:
        yield Line("wrong" if finding.wrong else "look", "files", finding.line)
    if not findings:
        yield Line(
            "ok",
            "files",
            f"{settings.sources}, {settings.topics}, settings and secrets are as they should be",
        )
    if not settings.contact:
        yield Line("look", "contact", "COPYDESK_CONTACT is not set: nothing outside this machine is fetched")


def _archive(settings: Settings) -> Iterator[Line]:
    archive = open_archive(settings.archive)
    archive.segments(newest=1)
    archive.save(TRIED, b"")
    archive.remove(TRIED)
    folder = archive_folder(settings)
    if folder is None:
        yield Line("ok", "archive", f"{settings.archive} can be read and written")
        return
    usage = shutil.disk_usage(folder)
    room = f"{_size(usage.free)} free of {_size(usage.total)}"
    full = is_nearly_full(usage.free, usage.total)
    yield Line("look" if full else "ok", "archive", f"{folder} can be read and written, {room}")
    if is_open_to_others(folder):
        yield Line("look", "archive", f"every user of this machine can read {folder}: chmod o-rx {folder}")


def is_open_to_others(folder: Path) -> bool:
    """Whether users who have nothing to do with a folder can list it: all above it must let them through."""
    reads, passes = 0o004, 0o001
    here = folder.resolve()
    return bool(here.stat().st_mode & reads) and all(
        one.stat().st_mode & passes for one in (here, *here.parents)
    )


def _tasks(settings: Settings) -> Iterator[Line]:
    archive = open_archive(settings.archive)
    found, now = runs(archive), utc_now()
    for trouble in part_troubles(found, now):
        yield Line("wrong", "tasks", trouble.text)
    ended = [run.succeeded_at for run in found.values() if run.succeeded_at]
    if not found:
        yield Line("look", "tasks", "no task of Airflow's has run on this archive yet")
    elif ended:
        yield Line("ok", "tasks", f"the last of {len(found)} ended well {_ago(now - max(ended))}")


def _server(settings: Settings) -> Iterator[Line]:
    with closing(open_server(settings)) as index:
        health = index.health()
        yield from server_lines(health, index.vitals(), utc_now())
        if not health.generation:
            yield Line("wrong", "index", "not set up: run `copydesk setup`")
            return
        yield from _stored(index, settings)


def server_lines(health: Health, vitals: Vitals, now: datetime) -> Iterator[Line]:
    """What a server's answers mean. Pure."""
    known = tuple(int(part) for part in health.version.split(".")[:2] if part.isdecimal())
    said = f"{health.version}, {health.status}"
    if known < OLDEST_SERVER:
        yield Line("wrong", "elasticsearch", f"{said}: needs {'.'.join(map(str, OLDEST_SERVER))} or newer")
    else:
        yield Line("wrong" if health.status == "red" else "ok", "elasticsearch", said)
    yield from map(disk_line, vitals.disks[:MOST])
    if vitals.lacking:
        yield Line(
            "wrong", "rights", f"the login lacks {', '.join(vitals.lacking)}: see config/elasticsearch/roles"
        )
    apart = abs(vitals.now - now)
    if apart > CLOCK:
        yield Line("look", "clock", f"this machine and Elasticsearch are {apart.total_seconds():.0f} s apart")
    else:
        yield Line(
            "ok", "clock", f"this machine and Elasticsearch agree within {CLOCK.total_seconds():.0f} s"
        )


def disk_line(disk: Disk) -> Line:
    """How much room a disk of the server has. Pure."""
    room = f"{disk.node}: {_size(disk.free)} free of {_size(disk.total)}"
    if disk.free < disk.stops:
        return Line("wrong", "disk", f"{room}: takes nothing with less than {_size(disk.stops)}")
    if disk.free < disk.crowded or (not disk.stops and is_nearly_full(disk.free, disk.total)):
        return Line("look", "disk", f"{room}: nearly full")
    return Line("ok", "disk", room + (f", stops at {_size(disk.stops)}" if disk.stops else ""))


def _stored(index: Served, settings: Settings) -> Iterator[Line]:
    sources, now = known_sources(settings.sources), utc_now()
    troubles = [*server_troubles(index), *index_troubles(index, now, {source.name for source in sources})]
    for trouble in troubles:
        yield Line("wrong", "index", trouble.text)
    if not troubles:
        yield Line("ok", "index", f"generation {index.number}, mapping as this version writes it")
    yield from _some(source_lines(source_reports(index, sources, now)), "sources")
    yield from _some(host_lines(host_states(index), now), "hosts")


def source_lines(reports: Sequence[SourceReport]) -> list[Line]:
    """How many sources do what they should, and why the others bring nothing, those alike in one line. Pure."""
    troubled = {
        report.name: "; ".join(report.why)
        for report in reports
        if report.fails or report.is_paused or report.was_never_asked
    }
    well = len(reports) - len(troubled)
    said = f"{well} of {len(reports)} were read when they were asked last"
    return [Line("look" if troubled else "ok", "sources", said), *_alike(troubled, "sources")]


def _alike(found: Mapping[str, str], what: str) -> list[Line]:
    """One line for all names of which the same is to be said."""
    names: dict[str, list[str]] = {}
    for name, said in found.items():
        names.setdefault(said, []).append(name)
    return [
        Line(
            "look",
            what,
            f"{', '.join(some[:NAMED])}{f' and {more} more' if (more := len(some) - NAMED) > 0 else ''}: {said}",
        )
        for said, some in names.items()
    ]


def host_lines(hosts: Sequence[HostState], now: datetime) -> list[Line]:
    """The hosts that keep us from asking, and how many there are. Pure."""
    lines = [Line("ok", "hosts", f"{len(hosts)} were asked")] if hosts else []
    return lines + [Line("look", "host", said) for host in hosts for said in _keeps(host.record, now)]


def _keeps(host: HostRecord, now: datetime) -> Iterator[str]:
    """How a host keeps us from asking."""
    if host.closed_until and host.closed_until > now:
        yield f"{host.origin} wants to be left alone until {host.closed_until:%Y-%m-%d %H:%M} UTC"
    if (host.robots_status or 0) >= BROKEN:
        yield f"{host.origin} answers {host.robots_status} for robots.txt: nothing is fetched there"
    if (host.crawl_delay or 0.0) > SLOW:
        yield f"{host.origin} asks for {host.crawl_delay:.0f} s between two requests"


def _some(lines: Sequence[Line], what: str) -> Iterator[Line]:
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield Line("look", what, f"and {len(lines) - MOST} more")


def _asked(settings: Settings) -> Iterator[Line]:
    """Ask each source once, as a poll does, and keep nothing of it."""
    sources: list[Source] = [source for source in known_sources(settings.sources) if source.kind != "inbox"]
    wanted = [Wanted(key=source.name, url=source.url, kind="feed") for source in sources]
    with open_fetcher(settings, delay=settings.fetch.delay) as fetcher:
        answers = [answer for answer in fetcher.fetch(wanted) if answer is not None]
    refused = {
        one.wanted.key: f"{one.outcome}: {one.reason} {one.detail}".rstrip()
        for one in answers
        if isinstance(one, Unfetched)
    }
    said = f"{len(answers) - len(refused)} of {len(sources)} sources answer"
    yield Line("look" if refused else "ok", "asked now", said)
    yield from _some(_alike(refused, "asked now"), "asked now")


def _size(number: int) -> str:
    return f"{number / 2**30:.1f} GiB"


def _ago(gap: timedelta) -> str:
    minutes = max(int(gap.total_seconds() // 60), 0)
    return "within the last minute" if not minutes else f"{minutes} min ago"
