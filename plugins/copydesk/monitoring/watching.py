"""Watch: Copydesk's own troubles → the operator is told, over the channels that `alarm` in the settings names.

Works while Elasticsearch is away and while `topics.yml` is refused: nothing here goes through the index or the
outbox. What was told stands in `alarm.json` beside the archive.
"""

import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import orjson

from copydesk.border import Border, contained
from copydesk.channels import Channel
from copydesk.config.lastgood import refusals, sources_in_force, topics_in_force
from copydesk.config.settings import Settings
from copydesk.connect import archive_folder, open_archive, open_notifier, open_server, utc_now
from copydesk.errors import ArchiveError, ConfigError, CopydeskError, IndexUnavailable
from copydesk.index.mapping import MAPPING_VERSION
from copydesk.index.records import from_record, to_record
from copydesk.index.served import Served
from copydesk.monitoring.notices import render_notice
from copydesk.monitoring.parts import GRACE, part_troubles, runs
from copydesk.monitoring.stored import index_troubles
from copydesk.monitoring.troubles import Notice, Standing, Trouble, decide, untold
from copydesk.ports import Archive, Notifier

__all__ = ["AWAY", "server_troubles", "tell", "troubles_now", "watch"]

log = logging.getLogger(__name__)

STATE = "alarm.json"
LEAST_SHARE = 0.05
LEAST_FREE = 5 * 2**30
"""A disk is nearly full when both are undercut: a twentieth of a large one is plenty."""
EVERY_MINUTES = 5
"""Between two looks, see `dags/alarm.py`."""
AWAY = "elasticsearch"
INDEX_KINDS = frozenset(
    {
        "elasticsearch-disk",
        "elasticsearch-mapping",
        "elasticsearch-red",
        "channel",
        "dead",
        "archive-lost",
        "topic",
        "source",
    }
)


def watch(settings: Settings) -> int:
    """Look at everything once, and tell what is due; how many troubles there are."""
    archive, now = open_archive(settings.archive), utc_now()
    troubles, unknown = troubles_now(settings, archive, now)
    channels = _channels(settings, archive, now)
    tell(archive, open_notifier(settings), channels, troubles, now, unknown=unknown)
    return len(troubles)


def troubles_now(settings: Settings, archive: Archive, now: datetime) -> tuple[list[Trouble], frozenset[str]]:
    """Every trouble there is now, and the kinds that could not be looked at."""
    looks: Sequence[tuple[frozenset[str], Callable[[], list[Trouble]]]] = (
        (frozenset({"disk"}), lambda: _little_room(settings)),
        (frozenset({"config"}), lambda: _refused(archive)),
        (frozenset({"part"}), lambda: part_troubles(runs(archive), now)),
        (INDEX_KINDS, lambda: _of_the_server(settings, archive, now)),
    )
    out_of_reach = _out_of_reach(archive)
    beside = frozenset({"config", "part"})
    looked = [_looked(kinds, look) for kinds, look in looks if not (out_of_reach and kinds & beside)]
    looked += [(out_of_reach, beside)] if out_of_reach else []
    unknown = frozenset[str]().union(*(kinds for _, kinds in looked))
    return [trouble for troubles, _ in looked for trouble in troubles], unknown


def _looked(kinds: frozenset[str], look: Callable[[], list[Trouble]]) -> tuple[list[Trouble], frozenset[str]]:
    """What a look brings; one that fails is a trouble itself, leaves its kinds unknown, and hinders no other."""
    name = min(kinds)
    try:
        with contained(Border.LOOK, name) as caught:
            return look(), frozenset()
    except IndexUnavailable as exc:
        return [Trouble(key=AWAY, text=str(exc), grace=GRACE)], kinds
    except CopydeskError as exc:
        return [Trouble(key=f"look:{name}", text=str(exc))], kinds
    return [Trouble(key=f"look:{name}", text=f"looking for troubles of {name} failed: {caught.fault}")], kinds


def _refused(archive: Archive) -> list[Trouble]:
    return [Trouble(key=f"config:{one.name}", text=str(one), since=one.since) for one in refusals(archive)]


def _out_of_reach(archive: Archive) -> list[Trouble]:
    """That nothing beside the archive can be read; then there is no use in looking there for anything else."""
    try:
        archive.load(STATE)
        archive.segments(newest=1)
    except ArchiveError as exc:
        return [Trouble(key="archive", text=f"the archive cannot be read, nothing is fetched or told: {exc}")]
    return []


def _of_the_server(settings: Settings, archive: Archive, now: datetime) -> list[Trouble]:
    with closing(open_server(settings)) as index:
        return [*server_troubles(index), *index_troubles(index, now, _names(settings, archive, now))]


def _names(settings: Settings, archive: Archive, now: datetime) -> frozenset[str]:
    """The sources that are asked."""
    try:
        return frozenset(source.name for source in sources_in_force(archive, settings.sources, now))
    except ConfigError:  # a trouble of its own
        return frozenset()


def _little_room(settings: Settings) -> list[Trouble]:
    folder = archive_folder(settings)
    if folder is None:
        return []
    nearest = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    usage = shutil.disk_usage(nearest)
    if not is_nearly_full(usage.free, usage.total):
        return []
    return [
        Trouble(
            key="disk", text=f"the disk of the archive is nearly full: {_room(usage.free)} free at {nearest}"
        )
    ]


def is_nearly_full(free: int, total: int) -> bool:
    """Whether a disk with this much room, in bytes, needs a person soon. Pure."""
    return free < LEAST_FREE and free < total * LEAST_SHARE


def _room(free: int) -> str:
    return f"{free / 2**30:.1f} GiB"


def server_troubles(index: Served) -> list[Trouble]:
    """What is wrong with the server, and with the indices on it."""
    health = index.health()
    troubles = []
    if health.blocked:
        text = (
            f"Elasticsearch takes nothing more, its disk is too full: {', '.join(health.blocked[:3])} blocked"
        )
        troubles.append(Trouble(key="elasticsearch-disk", text=text))
    if health.mapping != MAPPING_VERSION:
        text = (
            f"the index has mapping {health.mapping}, this version of Copydesk writes mapping {MAPPING_VERSION}:"
            " run `copydesk replay`"
        )
        troubles.append(Trouble(key="elasticsearch-mapping", text=text))
    if health.status == "red":
        text = "Elasticsearch is red: some of its data cannot be reached"
        troubles.append(Trouble(key="elasticsearch-red", text=text, grace=GRACE))
    return troubles


def _channels(settings: Settings, archive: Archive, now: datetime) -> dict[str, Channel]:
    """The channels of the alarm, as far as there are such."""
    if not settings.alarm:
        return {}
    try:
        known = topics_in_force(archive, settings.topics, now).channels
    except ConfigError as exc:
        log.warning("the channels of the alarm are not known: %s", exc)
        return {}
    return {name: known[name] for name in settings.alarm if name in known}


def tell(
    archive: Archive,
    notifier: Notifier,
    channels: Mapping[str, Channel],
    troubles: Sequence[Trouble],
    now: datetime,
    *,
    unknown: frozenset[str] = frozenset(),
) -> list[Notice]:
    """Tell what is due, in the log and over every channel; what was told.

    A notice that no channel took is tried again at the next look, and one that was sent by a worker that died then
    is sent again under its id. Where nothing can be remembered, as on a full disk, all is told once an hour.
    """
    try:
        before = _remembered(archive)
        notices, after = decide(before, troubles, now, unknown=unknown)
        waiting = _without(after, before, notices)
        if notices or waiting != before:
            archive.save(STATE, _content(waiting))
        told = [notice for notice in notices if _send(notifier, channels, notice)]
        if told:
            archive.save(
                STATE, _content(_without(after, before, [one for one in notices if one not in told]))
            )
    except ArchiveError as exc:
        log.warning("what is told cannot be remembered: %s", exc)
        if now.minute >= EVERY_MINUTES:
            return []
        notices, _ = decide({}, [replace(trouble, grace=timedelta(0)) for trouble in troubles], now)
        return [notice for notice in notices if _send(notifier, channels, notice)]
    return told


def _without(
    after: Mapping[str, Standing], before: Mapping[str, Standing], notices: Sequence[Notice]
) -> dict[str, Standing]:
    left = dict(after)
    for notice in notices:
        left = untold(left, before, notice)
    return left


def _send(notifier: Notifier, channels: Mapping[str, Channel], notice: Notice) -> bool:
    """Whether somebody was told: over one channel at least, or in the log where no channel is named."""
    log.warning("trouble %s: %s", notice.key, notice.line)
    messages = {name: render_notice(channel, notice) for name, channel in channels.items()}
    answers = {name: notifier.send(message) for name, message in messages.items() if message is not None}
    for name, sent in answers.items():
        if sent.status != "sent":
            log.warning("alarm channel=%s: %s", name, sent.detail)
    return not answers or any(sent.status == "sent" for sent in answers.values())


def _remembered(archive: Archive) -> dict[str, Standing]:
    content = archive.load(STATE)
    try:
        return {key: from_record(Standing, body) for key, body in orjson.loads(content or b"{}").items()}
    except (AttributeError, TypeError, ValueError) as exc:
        log.warning("%s is none of ours, and begun anew: %s", STATE, exc)
        return {}


def _content(standing: Mapping[str, Standing]) -> bytes:
    return orjson.dumps({key: to_record(value) for key, value in sorted(standing.items())})
