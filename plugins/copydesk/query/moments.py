"""The times of `since:` and `until:` as people write them. Pure."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

import regex

__all__ = ["EXAMPLES", "span_of"]

EXAMPLES: Final = (
    "write 12h, 7d or 4w (so long ago), today, yesterday, 2026-11-28, 2026-11 or 2026-11-28T14:30"
)

_AGO: Final = regex.compile(r"(?P<number>\d{1,5})(?P<unit>[mhdw])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DAYS: Final = {"today": 0, "yesterday": 1}
_DATE: Final = regex.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2})(?:T(?P<hour>\d{1,2}):(?P<minute>\d{2}))?)?)?"
)


def span_of(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """The first moment that is meant and the first behind it: a day lasts until the next. None when it is no time.

    What is so long ago is one moment. Days are those of the zone; the answer is in UTC.
    """
    if ago := _AGO.fullmatch(text):
        return _ago(now, timedelta(**{_UNITS[ago["unit"]]: int(ago["number"])}))
    if text.lower() in _DAYS:
        day = (now.astimezone(zone) - timedelta(days=_DAYS[text.lower()])).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        return _utc(day), _utc(day + timedelta(days=1))
    if date := _DATE.fullmatch(text):
        try:
            return _dated({name: int(part) for name, part in date.groupdict().items() if part}, zone)
        except (ValueError, OverflowError):
            return None
    return None


def _ago(now: datetime, ago: timedelta) -> tuple[datetime, datetime] | None:
    try:
        return now.astimezone(UTC) - ago, now.astimezone(UTC) - ago
    except OverflowError:
        return None


def _dated(parts: dict[str, int], zone: tzinfo) -> tuple[datetime, datetime]:
    begin = datetime(
        parts["year"],
        parts.get("month", 1),
        parts.get("day", 1),
        parts.get("hour", 0),
        parts.get("minute", 0),
        tzinfo=zone,
    )
    if "hour" in parts:
        return _utc(begin), _utc(begin + timedelta(minutes=1))
    if "day" in parts:
        return _utc(begin), _utc(begin + timedelta(days=1))
    if "month" in parts:
        month = begin + timedelta(days=31)
        return _utc(begin), _utc(month.replace(day=1))
    return _utc(begin), _utc(begin.replace(year=parts["year"] + 1))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
