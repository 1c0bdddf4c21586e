"""A topic, as it is written in `topics.yml`. Pure."""

from datetime import timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from copydesk.durations import Duration
from copydesk.model import LONGEST_NAME

__all__ = ["WORDED", "Topic"]

WORDED: Final = (
    "any", "all", "none", "outlets", "not_outlets", "publishers", "not_publishers", "languages", "agencies", "authors",
)  # fmt: skip
"""The keys of a topic whose values are words or names."""


class Topic(BaseModel):
    """What someone wants to hear about, as written in `topics.yml`.

    A story meets the topic when one of its texts holds what `query` asks for (if given), at least one of `any` (if
    given), every one of `all` and none of `none`. In these a word matches as it stands, several words as a phrase, as
    in quotation marks; in the query a word stands for its other endings too.

    Attributes:
        outlets, publishers, languages, agencies, authors: Only texts of these, if any are named; case and accents do
            not matter, and a part of an author's name is enough, as for `outlet:` and `author:` in a query.
        not_outlets, not_publishers: No texts of these.
        min_words: Only texts of at least so many words.
        max_age: What was published longer ago does not ring.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=LONGEST_NAME)
    title: str = ""
    query: str = ""
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    not_outlets: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    not_publishers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    min_words: int = Field(default=0, ge=0)
    channels: tuple[str, ...] = ("log",)
    max_age: Duration = timedelta(days=7)
