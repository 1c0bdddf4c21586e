"""Configuration files written by people: `sources.yml` and `topics.yml`, checked when loaded."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator

from copydesk import urls
from copydesk.model import Source
from copydesk.topics import TopicsFile, parse_topics
from copydesk.yamlfile import load, read_file

__all__ = ["SourcesFile", "load_sources", "load_topics", "share_of"]


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
    return load(read_file(path), str(path), SourcesFile).sources


def load_topics(path: Path) -> TopicsFile:
    """The topics and channels of a file. Raises ConfigError with file, line and what is allowed."""
    return parse_topics(read_file(path), str(path))


def share_of(sources: Sequence[Source], number: int, of: int) -> tuple[list[Source], list[int]]:
    """The sources and the shards of hosts that belong to one of several ingest tasks, by host. Pure."""
    shards = [shard for shard in range(urls.SHARDS) if shard % of == number]
    return [source for source in sources if urls.shard(urls.host(source.url)) in shards], shards
