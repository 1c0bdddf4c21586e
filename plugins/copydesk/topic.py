"""A topic, as it is written in `topics.yml`: what it is met by, where and when it is told. Pure."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from copydesk.durations import Duration
from copydesk.model import LONGEST_NAME
from copydesk.zones import is_time_zone

__all__ = ["DAYS", "TIMED", "WORDED", "Topic"]

WORDED: Final = (
    "any", "all", "none", "outlets", "not_outlets", "publishers", "not_publishers", "languages", "agencies", "authors",
)  # fmt: skip
"""The keys of a topic whose values are words or names."""

TIMED: Final = (
    "cadence", "at", "days", "time_zone", "at_once", "quiet_hours", "limit", "expect", "mute_until",
)  # fmt: skip
"""The keys of a topic that say when it is told, and how often."""

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_DAY: Final = 24 * 60


def _time(value: object) -> object:
    """`07:30`; YAML makes 630 minutes of an unquoted 10:30."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _DAY:
        return time(*divmod(value, 60))
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("must be a time of day such as 07:30")
    return time(int(found[1]), int(found[2]))


def _hours(value: object) -> object:
    parts = value.split("-") if isinstance(value, str) else []
    if len(parts) != 2 or not all(_TIME.fullmatch(part.strip()) for part in parts):  # noqa: PLR2004
        raise ValueError('must be two times of day such as "22:00-07:00"')
    begin, end = map(_time, parts)
    if begin == end:
        raise ValueError("must end at another time than they begin")
    return begin, end


def _limit(value: object) -> object:
    return _rate(value, "h", "an hour")


def _expected(value: object) -> object:
    return _rate(value, "d", "a day")


def _rate(value: object, unit: str, words: str) -> int:
    found = (
        re.fullmatch(rf"([1-9]\d{{0,4}})/{unit}", value.strip(), re.ASCII) if isinstance(value, str) else None
    )
    if found is None:
        raise ValueError(f"must be a number {words} such as 10/{unit}")
    return int(found[1])


def _moment(value: object) -> object:
    """A day, which begins at midnight, or a day and a time."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError("must be a day such as 2027-01-31, or one with a time: 2027-01-31 09:00") from None


def _zone(value: str) -> str:
    if not is_time_zone(value):
        raise ValueError(f"{value[:40]!r} is no time zone, such as Europe/Berlin")
    return value


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
        cadence: Whether what rings is told at once, or with all else in a digest.
        at, days: When a digest of the day (08:00 if not said) or week is due, on which days: of the week's on Monday.
        time_zone: Of all times of the topic that name none.
        at_once: What so many publishers have waits for no digest, and counts for no limit; 0 for nothing.
        quiet_hours: In these nothing is told; it waits for their end.
        limit: How much is told at once in an hour; the rest waits for the next, in one digest. 0 for all.
        expect: How many alerts a day are wanted at most, which `check-config` holds it to; 0 for any number.
        mute_until: Before this what rings is told nobody.
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
    cadence: Literal["now", "hourly", "daily", "weekly"] = "now"
    at: Annotated[time | None, BeforeValidator(_time)] = None
    days: tuple[Day, ...] = ()
    time_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    at_once: int = Field(default=0, ge=0)
    quiet_hours: Annotated[tuple[time, time] | None, BeforeValidator(_hours)] = None
    limit: Annotated[int, BeforeValidator(_limit)] = 0
    expect: Annotated[int, BeforeValidator(_expected)] = 0
    mute_until: Annotated[datetime | None, BeforeValidator(_moment)] = None

    @model_validator(mode="after")
    def _timed(self) -> Self:
        if (self.at or self.days) and self.cadence in {"now", "hourly"}:
            raise ValueError("`at` and `days` go with cadence daily or weekly")
        if self.at_once and self.cadence == "now" and not self.limit:
            raise ValueError("`at_once` goes with a cadence or a limit; without them all is told at once")
        return self
