"""The last good configuration: what `sources.yml`, `topics.yml` and `settings.yml` last said right, for the DAGs.

Each file that loads is kept beside the archive, and stands in for the one that a slip of the pen has broken:

    config/sources.yml          the text itself, to be copied back
    config/sources.refused      since when the file of today is refused, and why; empty when it is not
    config/sources.json         what a long one says, as JSON: read by every task, while the text stays as it is

Only work that goes on without a person reads by this. At the command line somebody is there, and is told.
"""

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import orjson

from copydesk import __version__
from copydesk.config.files import SourcesFile, parse_sources
from copydesk.config.settings import Settings, load_settings, settings_text
from copydesk.config.topics import TopicsFile, parse_topics
from copydesk.config.yamlfile import read_file
from copydesk.errors import ArchiveError, ConfigError
from copydesk.model import Source
from copydesk.ports import Archive

__all__ = [
    "Refusal",
    "last_good_sources",
    "parsed_once",
    "refusals",
    "settings_in_force",
    "sources_in_force",
    "topics_in_force",
]

log = logging.getLogger(__name__)

T = TypeVar("T")

FOLDER = "config"
NAMES = ("settings", "sources", "topics")

PARSED = f"{FOLDER}/sources.json"
LONG = 50_000
"""Characters from which parsing costs more than a tenth of a second, and so more than a look beside the archive."""


class Parsed(SourcesFile):
    """The sources of a text that has this checksum, with the version of Copydesk that read it."""

    checksum: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that is not taken while its last good version is worked with.

    Attributes:
        name: "settings", "sources" or "topics".
        error: The one line that says what to mend.
    """

    name: str
    since: datetime
    error: str

    def __str__(self) -> str:
        return (
            f"{self.name}.yml refused: {self.error}; "
            f"working with the last good one ({FOLDER}/{self.name}.yml beside the archive)"
        )


def sources_in_force(archive: Archive, path: Path, now: datetime) -> tuple[Source, ...]:
    """The sources of a file, or of its last good version. Raises ConfigError when there is neither."""
    return _in_force(archive, "sources", path, partial(parsed_once, archive), now)


def parsed_once(archive: Archive, text: str, file: str) -> tuple[Source, ...]:
    """What the text of a file of sources says; a long one is parsed once a change, by all tasks together."""
    if len(text) < LONG:
        return parse_sources(text, file)
    checksum = hashlib.sha256(f"{__version__}\n{text}".encode()).hexdigest()
    with suppress(ArchiveError, ValueError):  # nothing there, or nothing of use: it is made anew
        kept = Parsed.model_validate_json(archive.load(PARSED) or b"")
        if kept.checksum == checksum:
            return kept.sources
    sources = parse_sources(text, file)
    made = Parsed(checksum=checksum, sources=sources)
    with suppress(ArchiveError):
        archive.save(PARSED, made.model_dump_json(exclude_defaults=True).encode())
    return sources


def last_good_sources(archive: Archive) -> tuple[Source, ...]:
    """The last good version of the sources, as it was kept; none where there is none that is right today."""
    name = _text_name("sources")
    try:
        return parse_sources((archive.load(name) or b"sources: []").decode(), name)
    except (ArchiveError, ConfigError, UnicodeDecodeError):
        return ()


def topics_in_force(archive: Archive, path: Path, now: datetime) -> TopicsFile:
    """The topics of a file, or of its last good version. Raises ConfigError when there is neither."""
    return _in_force(archive, "topics", path, parse_topics, now)


def settings_in_force(beside: Callable[[str], Archive], now: datetime, **given: Any) -> Settings:
    """The settings, or those with the last good version of their file, which lies beside the archive.

    That archive is found by the environment (or is the usual one) when the file is wrong. Raises ConfigError when
    there is no such version, and when it is the environment that is wrong.
    """
    try:
        text = settings_text()
        settings = load_settings(text, **given)
    except ConfigError as exc:
        try:
            archive = beside(load_settings("", **given).archive)
        except ConfigError:
            raise exc from None
        return _stand_in(archive, "settings", lambda kept, _: load_settings(kept, **given), now, exc)
    _try_to_keep(beside(settings.archive), "settings", text)
    return settings


def refusals(archive: Archive) -> list[Refusal]:
    """The files that are not taken now. Raises ArchiveError."""
    return [refusal for name in NAMES if (refusal := _refusal(archive, name)) is not None]


def _in_force(archive: Archive, name: str, path: Path, parse: Callable[[str, str], T], now: datetime) -> T:
    try:
        text = read_file(path)
        value = parse(text, str(path))
    except ConfigError as exc:
        return _stand_in(archive, name, parse, now, exc)
    _try_to_keep(archive, name, text)
    return value


def _try_to_keep(archive: Archive, name: str, text: str) -> None:
    try:
        _keep(archive, name, text)
    except ArchiveError as exc:
        # whoever needs the archive fails by itself; sending alerts does not
        log.warning("config %s cannot be kept: %s", name, exc)


def _keep(archive: Archive, name: str, text: str) -> None:
    kept = _text_name(name)
    if archive.load(kept) != text.encode():
        archive.save(kept, text.encode())
    if archive.load(_refused_name(name)):
        archive.save(_refused_name(name), b"")
        log.warning("config %s.yml is right again", name)


def _stand_in(
    archive: Archive, name: str, parse: Callable[[str, str], T], now: datetime, wrong: ConfigError
) -> T:
    """The last good version. Raises what is `wrong` where there is none, or none that is right today."""
    try:
        kept = archive.load(_text_name(name))
        value = parse((kept or b"").decode(), _text_name(name)) if kept is not None else None
    except (ArchiveError, ConfigError, UnicodeDecodeError) as exc:
        log.warning("config %s: no last good version: %s", name, exc)
        raise wrong from None
    if value is None:
        raise wrong
    log.warning("config refused, going on with the last good version: %s", wrong)
    _note(archive, name, now, str(wrong))
    return value


def _note(archive: Archive, name: str, now: datetime, error: str) -> None:
    try:
        before = _refusal(archive, name)
        if before is None or before.error != error:
            since = before.since if before else now
            archive.save(_refused_name(name), orjson.dumps({"since": since.isoformat(), "error": error}))
    except ArchiveError as exc:
        log.warning("config %s: refusal cannot be noted: %s", name, exc)


def _refusal(archive: Archive, name: str) -> Refusal | None:
    content = archive.load(_refused_name(name))
    if not content:
        return None
    noted = orjson.loads(content)
    return Refusal(name, datetime.fromisoformat(noted["since"]), noted["error"])


def _text_name(name: str) -> str:
    return f"{FOLDER}/{name}.yml"


def _refused_name(name: str) -> str:
    return f"{FOLDER}/{name}.refused"
