"""Partitions of a kind: months "2026.11" and ISO weeks "2026-w47" of `first_seen_at`. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from copydesk.index import Json, Kind

__all__ = [
    "NO_LABEL",
    "PARTITIONS",
    "label_of",
    "labels_before",
    "labels_within",
    "month_begin",
    "parse_time",
]

PARTITIONS: Mapping[Kind, Literal["month", "week"]] = {
    Kind.ARTICLES: "month",
    Kind.VERSIONS: "month",
    Kind.CAPTURES: "month",
    Kind.FINGERPRINTS: "week",
}
"""Kinds that are split by `first_seen_at`, which never changes; fingerprints by week because look-ups for
copies touch only the days of their window."""


YEARS = range(1970, 9999)
"""Years that have partitions; a clock that is wrong must not open one for each year of the calendar."""

NO_LABEL = f"first_seen_at must be an ISO time of the years {YEARS[0]} to {YEARS[-1]}"


def parse_time(value: Json) -> datetime | None:
    """An ISO time in UTC; None for anything else."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None:
            return None
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # the second: a time of year 1 or 9999 that is of another one in UTC
        return None


def label_of(kind: Kind, first_seen_at: Json) -> str | None:
    """The partition for a first-seen time: "" for a kind that is not split, None when the time is no time."""
    if kind not in PARTITIONS:
        return ""
    day = parse_time(first_seen_at)
    if day is None or day.year not in YEARS:
        return None
    if PARTITIONS[kind] == "month":
        return f"{day:%Y.%m}"
    week = day.isocalendar()
    return f"{week.year:04}-w{week.week:02}"


def month_begin(month: str) -> date:
    """The first day of a month ("2026.01")."""
    return _span(month)[0]


def labels_before(labels: Iterable[str], day: date) -> list[str]:
    """Those partitions that end before a day begins."""
    return sorted(label for label in labels if _span(label)[1] <= day)


def _span(label: str) -> tuple[date, date]:
    """First day of a partition and first day after it."""
    if "w" in label:
        monday = date.fromisocalendar(int(label[:4]), int(label[-2:]), 1)
        return monday, monday + timedelta(days=7)
    first = date(int(label[:4]), int(label[5:]), 1)
    return first, (first + timedelta(days=31)).replace(day=1)


def labels_within(labels: Iterable[str], since: str, until: str) -> list[str]:
    """Those partitions that can hold something seen from `since` and before `until`; all if a time is none."""
    begin, end = parse_time(since), parse_time(until)
    if begin is None or end is None:
        return sorted(labels)
    first, last = begin.date(), end.date()
    return sorted(label for label in labels if _span(label)[0] <= last and _span(label)[1] > first)
