"""Configuration files written by people: `sources.yml` and `topics.yml`, checked when loaded."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator

from copydesk import urls
from copydesk.config.topics import TopicsFile, parse_topics
from copydesk.config.yamlfile import load, position, read_file
from copydesk.errors import ConfigError
from copydesk.model import Source
from copydesk.reading.selecting import fault

__all__ = ["known_sources", "load_sources", "load_topics", "parse_sources", "share_of"]


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


def parse_sources(text: str, file: str) -> tuple[Source, ...]:
    """The sources out of the text of a file, whose name serves errors only. Raises ConfigError as `load_sources`."""
    sources = load(text, file, SourcesFile).sources
    for number, source in enumerate(sources):
        if source.kind != "inbox" and not urls.host(source.url):
            where = position(text, file, ("sources", number, "url"))
            raise ConfigError(
                f"{where}: source {source.name}: is no web address, such as https://paper.example/feed"
            )
        if source.kind == "inbox" and not (source.url.strip() and source.url.isprintable()):
            where = position(text, file, ("sources", number, "url"))
            raise ConfigError(f"{where}: source {source.name}: is no folder, such as /var/spool/inbox")
        for key, selectors in (("remove", source.remove), ("keep", source.keep)):
            for at, selector in enumerate(selectors):
                if wrong := fault(selector):
                    where = position(text, file, ("sources", number, key, at))
                    raise ConfigError(f"{where}: source {source.name}: {selector!r} {wrong}")
    return sources


def known_sources(path: Path) -> tuple[Source, ...]:
    """The sources of a file, for their selectors; none when there is no file, as where all is ingested by hand."""
    return load_sources(path) if path.exists() else ()


def load_topics(path: Path) -> TopicsFile:
    """The topics and channels of a file. Raises ConfigError with file, line and what is allowed."""
    return parse_topics(read_file(path), str(path))


def share_of(sources: Sequence[Source], number: int, of: int) -> tuple[list[Source], list[int]]:
    """The sources and the shards of hosts that belong to one of several ingest tasks, by host. Pure."""
    shards = [shard for shard in range(urls.SHARDS) if shard % of == number]
    return [source for source in sources if urls.shard(urls.host(source.url)) in shards], shards
