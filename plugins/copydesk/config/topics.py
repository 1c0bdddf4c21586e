"""Topics as they are written in `topics.yml`. Pure.

Which article meets which is decided in `matching`.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from copydesk.channels import Channel, LogChannel
from copydesk.config.yamlfile import load, position
from copydesk.errors import ConfigError
from copydesk.model import LONGEST_NAME
from copydesk.query.evaluator import MOST_WORDS, is_met_by_all
from copydesk.query.mistakes import QueryError
from copydesk.query.tree import forms_of
from copydesk.topic import WORDED, Topic

__all__ = ["TopicsFile", "parse_topics"]


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

    Raises ConfigError with one line that names file, line, key and what is allowed, also for a topic that could never
    ring, or always: one that asks for nothing, or with a word that holds neither letter nor digit.
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
        _check_words(text, file, number, topic)
        for nth, channel in enumerate(topic.channels):
            if channel not in read.channels:
                at = position(text, file, (*here, "channels", nth))
                raise ConfigError(f"{at}: no channel {channel!r}; there are {', '.join(read.channels)}")
    return read


def _check_words(text: str, file: str, number: int, topic: Topic) -> None:
    """What a topic asks for: whether it is understood, not too much, and not everything."""
    here = ("topics", number)
    cost = len({*topic.any, *topic.all, *topic.none})
    if cost > MOST_WORDS:
        at = position(text, file, here)
        raise ConfigError(
            f"{at}: {topic.name!r} costs {cost} words and names, at most {MOST_WORDS} are looked for"
        )
    for key in WORDED:
        for nth, word in enumerate(getattr(topic, key)):
            if not forms_of(word)[0]:
                raise ConfigError(f"{position(text, file, (*here, key, nth))}: {word!r} holds no word")
    try:
        met_by_all = is_met_by_all(topic)
    except QueryError as exc:
        raise ConfigError(f"{position(text, file, (*here, 'query'))}: {exc}") from exc
    if met_by_all:
        raise ConfigError(
            f"{position(text, file, here)}: needs `query`, `any` or `all`, or it would be met by everything"
        )
