"""Configuration files written by people: `sources.yml` and `topics.yml`, checked when loaded."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator

from copydesk import urls
from copydesk.config.topics import TopicsFile, parse_topics
from copydesk.config.yamlfile import load, position, read_file
from copydesk.errors import ConfigError
from copydesk.model import Source
from copydesk.reading.selecting import fault
from copydesk.zones import is_time_zone

__all__ = [
    "SourcesFile",
    "known_sources",
    "known_topics",
    "load_sources",
    "load_topics",
    "parse_sources",
    "share_of",
]

SECRET = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*")


class SourcesFile(BaseModel):
    """What `sources.yml` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: tuple[Source, ...]

    @field_validator("sources")
    @classmethod
    def _names_are_unique(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        twice = [name for name, times in Counter(source.name for source in sources).items() if times > 1]
        if twice:
            raise ValueError(f"each name once; given more than once: {', '.join(twice)}")
        return sources


def load_sources(path: Path) -> tuple[Source, ...]:
    """The sources of a file. Raises ConfigError with file, line and what is allowed."""
    return parse_sources(read_file(path), str(path))


@lru_cache(maxsize=2)
def parse_sources(text: str, file: str) -> tuple[Source, ...]:
    """The sources out of the text of a file, whose name serves errors only. Raises ConfigError as `load_sources`.

    The last ones are remembered: five thousand take two seconds of processor.
    """
    sources = load(text, file, SourcesFile).sources
    for number, source in enumerate(sources):
        for at, wrong in _faults(source):
            where = position(text, file, ("sources", number, *at))
            raise ConfigError(f"{where}: source {source.name}: {wrong}")
    return sources


def _faults(source: Source) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Under which key of a source something is wrong, and what."""
    if source.kind == "inbox":
        if not (source.url.strip() and source.url.isprintable()):
            yield ("url",), "is no folder, such as /var/spool/inbox"
    elif not urls.host(source.url):
        yield ("url",), "is no web address, such as https://paper.example/feed"
    for key, selectors in (("remove", source.remove), ("keep", source.keep)):
        for at, selector in enumerate(selectors):
            if wrong := fault(selector):
                yield (key, at), f"{selector!r} {wrong}"
    if source.zone and not is_time_zone(source.zone):
        yield ("zone",), f"{source.zone!r} is no time zone, such as Europe/Berlin"
    yield from _pattern_faults(source)
    for key, secret in (("login", source.login), ("cookies", source.cookies)):
        if secret and (source.kind == "inbox" or not SECRET.fullmatch(secret)):
            yield (key,), "must be a reference such as env:PAPER_LOGIN, at a source in the web"


def _pattern_faults(source: Source) -> Iterator[tuple[tuple[str], str]]:
    if source.kind != "section":
        if source.links:
            yield ("links",), "is for the kind section only"
    elif not source.links:
        yield ("kind",), r"a section needs links, a regular expression such as '/\d{4}/\d\d/'"
    else:
        try:
            re.compile(source.links)
        except (re.error, OverflowError, RecursionError) as exc:
            yield ("links",), f"{source.links!r} is no regular expression: {exc}"


def known_sources(path: Path) -> tuple[Source, ...]:
    """The sources of a file, for their selectors; none when there is no file, as where all is ingested by hand."""
    return load_sources(path) if path.exists() else ()


def load_topics(path: Path) -> TopicsFile:
    """The topics and channels of a file. Raises ConfigError with file, line and what is allowed."""
    return parse_topics(read_file(path), str(path))


def known_topics(path: Path) -> TopicsFile:
    """The topics and channels of a file; none, and the log alone, when there is no file."""
    return load_topics(path) if path.exists() else TopicsFile()


def share_of(sources: Sequence[Source], number: int, of: int) -> tuple[list[Source], list[int]]:
    """The sources and the shards of hosts that belong to one of several ingest tasks, by host. Pure."""
    shards = [shard for shard in range(urls.SHARDS) if shard % of == number]
    return [source for source in sources if urls.shard(urls.host(source.url)) in shards], shards
