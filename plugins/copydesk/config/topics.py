"""Topics as they are written in `topics.yml`. Pure.

Which article meets which is decided in `matching`.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from copydesk.channels import Channel, LogChannel
from copydesk.config.yamlfile import load, position
from copydesk.errors import ConfigError
from copydesk.model import LONGEST_NAME, Topic
from copydesk.query.words import words_of

__all__ = ["TopicsFile", "parse_topics"]


MOST_WORDS = 100_000
"""Words and names of one topic: more would take a run of `process` longer to read than to look for."""


class TopicsFile(BaseModel):
    """What `topics.yml` says; a channel `log` is always there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    topics: tuple[Topic, ...] = ()
    channels: Annotated[
        Mapping[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=LONGEST_NAME)], Channel],
        AfterValidator(lambda channels: {"log": LogChannel(kind="log"), **channels}),
        Field(validate_default=True),
    ] = {}


def parse_topics(text: str, file: str) -> TopicsFile:
    """Topics and channels out of the text of a file, whose name serves errors only.

    Raises ConfigError with one line that names file, line, key and what is allowed, also for a topic that could
    never ring: one without `any` and `all`, or with a word that holds neither letter nor digit.
    """
    read = load(text, file, TopicsFile)
    names = [topic.name for topic in read.topics]
    for number, topic in enumerate(read.topics):
        here = ("topics", number)
        if topic.name in names[:number]:
            at = position(text, file, (*here, "name"))
            raise ConfigError(
                f"{at}: {topic.name!r} is the name of topic {names.index(topic.name) + 1} already"
            )
        if not (topic.any or topic.all):
            raise ConfigError(
                f"{position(text, file, here)}: needs `any` or `all`, or it would be met by everything"
            )
        cost = len({*topic.any, *topic.all, *topic.none})
        if cost > MOST_WORDS:
            at = position(text, file, here)
            raise ConfigError(
                f"{at}: {topic.name!r} costs {cost} words and names, at most {MOST_WORDS} are looked for"
            )
        for key, words in (("any", topic.any), ("all", topic.all), ("none", topic.none)):
            for nth, word in enumerate(words):
                if not words_of(word):
                    raise ConfigError(f"{position(text, file, (*here, key, nth))}: {word!r} holds no word")
        for nth, channel in enumerate(topic.channels):
            if channel not in read.channels:
                at = position(text, file, (*here, "channels", nth))
                raise ConfigError(f"{at}: no channel {channel!r}; there are {', '.join(read.channels)}")
    return read
