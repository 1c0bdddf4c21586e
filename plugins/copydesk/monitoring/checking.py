"""Check: everything a person has written or set, before anything starts, by files and the environment alone.

What is wrong would stop or silence something; what is worth a look works all the same, or may work later. Which sources
have never worked, and which topics ring too often, is known by a server that runs: `never_worked` and `too_loud` ask.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from copydesk.alerting.backtesting import backtest
from copydesk.channels import AtomChannel
from copydesk.channels.values import is_reference
from copydesk.config.files import load_sources, load_topics
from copydesk.config.settings import Settings, near_setting, resolve_secret, stray_variables
from copydesk.config.topics import TopicsFile
from copydesk.config.yamlfile import position, read_file
from copydesk.connect import (
    archive_folder,
    asking,
    callback_of,
    check_networks,
    memory_index,
    open_server,
    utc_now,
)
from copydesk.errors import ConfigError, CopydeskError
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord

__all__ = ["Finding", "check", "never_worked", "too_loud"]

LATELY = timedelta(days=7)
"""A whole week: how much is printed differs by its days."""

SECRET = re.compile(r"\benv:([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for a person; `wrong` when nothing should start before it is mended."""

    line: str
    wrong: bool = True


def check(settings: Settings) -> list[Finding]:
    """What is wrong, or worth a look, in settings, sources, topics, channels, secrets and environment."""
    return [finding for part in (_variables, _places, _sources, _topics) for finding in part(settings)]


def never_worked(settings: Settings) -> list[Finding]:
    """Sources that were asked and could never be read; none while the file is wrong or no server answers."""
    try:
        sources = load_sources(settings.sources)
        with asking(settings) as index:
            rows = index.get(Kind.POLLS, [source.name for source in sources])
    except CopydeskError:
        return []
    cursors = {name: from_record(PollRecord, row.body) for name, row in rows.items()}
    url_of = {source.name: source.url for source in sources}
    unread = (
        record
        for name, record in cursors.items()
        if record.url == url_of[name]
        and record.failures
        and record.read_at is None
        and record.paused_at is None
    )
    return [
        Finding(
            f"{settings.sources}: source {record.source} has never worked: {record.reason} {record.detail}".strip(),
            wrong=False,
        )
        for record in unread
    ]


def too_loud(settings: Settings) -> list[Finding]:
    """Topics that ring more often than they expect; none while the file is wrong or no server answers."""
    found = []
    try:
        topics = [topic for topic in load_topics(settings.topics).topics if topic.expect]
        with asking(settings) as index:
            now = utc_now()
            for topic in topics:
                tested = backtest(index, memory_index(), topic, since=now - LATELY, until=now)
                found += [tested] if tested.per_day > topic.expect else []
    except CopydeskError:
        return []
    return [
        Finding(
            f"{settings.topics}: topic {one.topic.name} expects {one.topic.expect} alerts a day and would have rung "
            f"{one.per_day:.1f} times a day in the last {LATELY.days} days: `copydesk topics {one.topic.name}`",
            wrong=False,
        )
        for one in found
    ]


def _variables(settings: Settings) -> Iterator[Finding]:
    """Variables that nothing reads. One that a channel or a source names as its secret is read all the same."""
    try:
        named = {
            name for file in (settings.topics, settings.sources) for name in SECRET.findall(read_file(file))
        }
    except ConfigError:
        return  # told by _topics or _sources; who reads what cannot be known before that is mended
    for name in stray_variables():
        if name not in named:
            near = near_setting(name)
            meant = f"; did you mean {near}?" if near else ""
            yield Finding(f"{name} is set in the environment and is no setting{meant}")


def _places(settings: Settings) -> Iterator[Finding]:
    """Archive, server and networks, as far as they can be judged without asking anybody."""
    yield from _said(lambda: open_server(settings).close())
    yield from _said(partial(check_networks, settings))
    yield from _said(partial(callback_of, settings))
    try:
        folder = archive_folder(settings)
    except ConfigError as exc:
        yield Finding(str(exc))
        return
    if folder is not None:
        nearest = next(one for one in (folder, *folder.absolute().parents) if one.exists())
        if not nearest.is_dir():
            yield Finding(f"archive {settings.archive}: {nearest} is no folder")
        elif not os.access(nearest, os.W_OK | os.X_OK):
            yield Finding(f"archive {settings.archive}: {nearest} cannot be written to")


def _said(step: Callable[[], object]) -> Iterator[Finding]:
    try:
        step()
    except ConfigError as exc:
        yield Finding(str(exc))


def _sources(settings: Settings) -> Iterator[Finding]:
    file = settings.sources
    try:
        sources = load_sources(file)
    except ConfigError as exc:
        yield Finding(str(exc))
        return
    for number, source in enumerate(sources):
        for key, secret in (("login", source.login), ("cookies", source.cookies)):
            for finding in _said(partial(resolve_secret, secret)) if secret else ():
                at = position(read_file(file), str(file), ("sources", number, key))
                yield Finding(f"{at}: source {source.name}: {finding.line}")
        if source.kind == "inbox" and not Path(source.url).is_dir():
            at = position(read_file(file), str(file), ("sources", number, "url"))
            # a share may be mounted later, and until then only this source waits
            yield Finding(f"{at}: source {source.name}: no folder {source.url} now", wrong=False)


def _topics(settings: Settings) -> Iterator[Finding]:
    file = settings.topics
    try:
        topics = load_topics(file)
    except ConfigError as exc:
        yield Finding(str(exc))
        return
    text = read_file(file)
    for name in settings.alarm:
        if name not in topics.channels:
            yield Finding(
                f"COPYDESK_ALARM: no channel {name!r} in {file}; there are {', '.join(topics.channels)}"
            )
        elif isinstance(topics.channels[name], AtomChannel):
            yield Finding(
                f"COPYDESK_ALARM: channel {name!r} is a file of alerts; name a log, webhook, slack or mail channel"
            )
    for name, key, secret in _secrets(topics):
        for finding in _said(partial(resolve_secret, secret)):
            yield Finding(f"{position(text, str(file), ('channels', name, key))}: {finding.line}")
    for name, channel in topics.channels.items():
        if isinstance(channel, AtomChannel) and not Path(channel.path).parent.is_dir():
            at = position(text, str(file), ("channels", name, "path"))
            yield Finding(f"{at}: no folder {Path(channel.path).parent} now", wrong=False)


def _secrets(topics: TopicsFile) -> Sequence[tuple[str, str, str]]:
    """Channel, key and reference of every secret that the channels name."""
    return [
        (name, key, value)
        for name, channel in topics.channels.items()
        for key in ("url", "secret", "password")
        if isinstance(value := getattr(channel, key, None), str) and is_reference(value)
    ]
