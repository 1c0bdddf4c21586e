"""When what a topic met is told: at once, in a digest, or not at all. Pure.

A digest belongs to a moment, which follows from the topic and from when it rang alone. Whatever is done again, late or
twice at once, an alert waits for the same digest.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copydesk.topic import DAYS, Topic

__all__ = ["digest_at", "hour_of", "is_muted"]

HOUR = timedelta(hours=1)
MORNING = time(8)


def digest_at(topic: Topic, at: datetime, *, publishers: int = 1, rung: int = 0) -> datetime | None:
    """The moment of the digest that what rings at a time goes into; None when it is told at once.

    The first moment after `at` that the cadence names; for what `at_once` calls big none is waited for. What falls into
    quiet hours waits until they end.

    Args:
        topic: The topic.
        at: When it rings.
        publishers: How many have the story.
        rung: How many the topic told at once in the hour of `at` already, see `hour_of`.
    """
    is_big = 0 < topic.at_once <= publishers
    slot = None if is_big else _slot_after(topic, at)
    if slot is None and topic.limit and rung >= topic.limit and not is_big:
        slot = hour_of(at) + HOUR
    return _end_of_quiet(topic, slot or at) or slot


def hour_of(at: datetime) -> datetime:
    """When the hour (UTC) of a time began, by which `limit` counts."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def is_muted(topic: Topic, at: datetime) -> bool:
    """Whether the topic is to say nothing at a time."""
    until = topic.mute_until
    if until is None:
        return False
    return at < (until if until.tzinfo else until.replace(tzinfo=ZoneInfo(topic.time_zone)))


def _slot_after(topic: Topic, at: datetime) -> datetime | None:
    """The first moment after a time that the cadence names; None for `now`."""
    match topic.cadence:
        case "now":
            return None
        case "hourly":
            return hour_of(at) + HOUR
    days = topic.days or (DAYS[:1] if topic.cadence == "weekly" else DAYS)
    today = at.astimezone(ZoneInfo(topic.time_zone)).date()
    dates = (today + timedelta(days=ahead) for ahead in range(9))
    slots = (_moment(topic, day, topic.at or MORNING) for day in dates if DAYS[day.weekday()] in days)
    return next(slot for slot in slots if slot > at)


def _moment(topic: Topic, day: date, clock: time) -> datetime:
    """When a clock shows a time on a day: the first of two such moments; if it is skipped, as if it were not."""
    return datetime.combine(day, clock, ZoneInfo(topic.time_zone)).astimezone(UTC)


def _end_of_quiet(topic: Topic, moment: datetime) -> datetime | None:
    """When the quiet hours end in which a moment lies; None when it lies in none."""
    if not _is_quiet(topic, moment):
        return None
    _, end = topic.quiet_hours or (MORNING, MORNING)
    today = moment.astimezone(ZoneInfo(topic.time_zone)).date()
    # an hour that comes twice ends twice
    ends = (
        _moment(topic, today + timedelta(days=ahead), end.replace(fold=fold))
        for ahead in range(3)
        for fold in (0, 1)
    )
    return next(one for one in sorted(ends) if one > moment and not _is_quiet(topic, one))


def _is_quiet(topic: Topic, moment: datetime) -> bool:
    if topic.quiet_hours is None:
        return False
    begin, end = topic.quiet_hours
    clock = moment.astimezone(ZoneInfo(topic.time_zone)).time()
    return begin <= clock < end if begin < end else clock >= begin or clock < end
