"""Dates as feeds and sitemaps write them → aware UTC times. Pure and independent of today's date."""

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from dateutil import parser as dateutil

from copydesk.dates.calendar import in_english
from copydesk.dates.eras import in_common_era
from copydesk.dates.names import KNOWN, with_english_months

__all__ = ["moment"]

LONGEST = 64
"""Characters; no date is longer, and what is longer must not cost time."""

ZONES = {
    "UTC": 0, "GMT": 0, "UT": 0, "Z": 0, "WET": 0, "BST": 1, "WEST": 1, "IST": 5.5,
    "MEZ": 1, "CET": 1, "MESZ": 2, "CEST": 2, "EET": 2, "OEZ": 2, "EEST": 3, "OESZ": 3, "MSK": 3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
"""Hours east of Greenwich of the abbreviations feeds use, in the meaning news feeds give the ambiguous ones."""

OFFSET = re.compile(
    r"\s*\(?(?<![A-Za-z])(?:UTC|GMT|UT|Z)\s?([+\u2212-])\s?(\d{1,2})(?::?([0-5]\d))?(?!\d)\)?", re.IGNORECASE
)
"""A zone as a distance from Greenwich, "UTC+3": dateutil takes the sign the other way round, as POSIX does."""

REMARK = re.compile(r"\s*\([^()]{0,60}\)$")
"""What stands behind a date in brackets: the zone once more, in words."""

NAMED_ZONE = re.compile(r"(?<=\d)(Z|[+-]\d\d:?\d\d)(?:\[[^][]{0,60}\])+$")
"""The zone once more, by its name, as in RFC 9557; without a distance before it none is known."""

NAMED_OFFSET = re.compile(rf"\s*\b(?:{'|'.join(ZONES)})([+-]\d\d:?[0-5]\d)(?!\d)")
"""A zone by its name and its distance from Greenwich, "CET+0100"; the distance is exact."""

MIDNIGHT = re.compile(r"(?<![\d:])24:00(?::00(?:\.0+)?)?(?![\d:.])")
"""The end of a day, in ISO 8601 the same time as the beginning of the next."""

LEAP = re.compile(r"(?<=\d\d:\d\d):60(?!\d)")
"""A leap second, which Python's clocks don't have."""

HOURS = re.compile(r"\b(\d{1,2}) ?h ?([0-5]\d)\b", re.IGNORECASE)
"""A time of day as the French write it, "09h00"."""

PROBES = (dt.datetime(2000, 1, 1), dt.datetime(2004, 2, 29))  # noqa: DTZ001 (defaults for dateutil, never kept)
"""A text that lacks year, month or day gives two different dates with these two defaults."""


MONTH_FIRST = {"en", "en-us", "en-ph", "en-ca", ""}
"""Languages that write the month first; the others, and English of the other countries, the day."""

NUMBERED = re.compile(r"(?<!\d)\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d\d)(?!\d)")
"""Day, month and year as numbers, the year last."""


def moment(text: str | None, zone: dt.tzinfo = dt.UTC, language: str = "") -> dt.datetime | None:
    """The time a text names, or None when it names none completely. Any text gives one or the other.

    Names of months and days may be those of the languages of `calendar` and
    `names`, years Buddhist, Jalali or of a reign. The first second of 1970 is an unset clock and gives None.

    Args:
        text: What may be a date.
        zone: Meant where the text has a time of day and names none; a day alone begins at midnight UTC.
        language: What it is written in, as pages declare it ("en-GB"): whether 5/4 is in April. Dots are day first.
    """
    text = (text or "").strip()
    if not text or len(text) > 2 * LONGEST:
        return None
    text = NAMED_OFFSET.sub(r" \1", NAMED_ZONE.sub(r"\1", in_common_era(text)))
    text = REMARK.sub("", OFFSET.sub(_plain_offset, text))
    if len(text) > LONGEST:
        return None
    text, midnights = MIDNIGHT.subn("00:00:00", HOURS.sub(r"\1:\2", LEAP.sub(":59", text)))
    try:
        found = (
            _iso(text) or _stamp(text) or _mail(text) or _written(text, language.lower().replace("_", "-"))
        )
        meant = zone if ":" in text else dt.UTC
        found = found and (found if found.tzinfo else found.replace(tzinfo=meant)).astimezone(dt.UTC)
        found = found and found + dt.timedelta(days=midnights)
    except (ValueError, OverflowError):
        return None
    return found if found and found.timestamp() != 0 else None


def _written(text: str, language: str) -> dt.datetime | None:
    """A date as people write it, in English, then in what our own table knows, then in what babel does."""
    day_first = language not in MONTH_FIRST
    tag = language.partition("-")[0]
    if tag in KNOWN:
        text = with_english_months(text, tag)
    return (
        _loose(text, day_first=day_first)
        or _loose(in_english(text), day_first=day_first)
        or _loose(in_english(with_english_months(text)), day_first=day_first)
    )


def _plain_offset(zone: re.Match[str]) -> str:
    sign, hours, minutes = zone.groups()
    return f" {'+' if sign == '+' else '-'}{int(hours):02}{minutes or '00'}"


def _iso(text: str) -> dt.datetime | None:
    if not re.match(r"\d{4}-\d\d", text):
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _stamp(text: str) -> dt.datetime | None:
    if not re.fullmatch(r"\d{9,10}(\d{3})?", text, re.ASCII):
        return None
    return dt.datetime.fromtimestamp(int(text[:10]) if len(text) > 10 else int(text), dt.UTC)  # noqa: PLR2004


def _mail(text: str) -> dt.datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else None


def _loose(text: str, *, day_first: bool) -> dt.datetime | None:
    numbered = NUMBERED.search(text)
    day_first = bool(re.match(r"\d{1,2}\.", text) or (numbered and (day_first or numbered[1] == ".")))
    try:
        first, second = (
            dateutil.parse(text, default=probe, dayfirst=day_first, tzinfos=_zone) for probe in PROBES
        )
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None
    return first if first == second else None


def _zone(name: str | None, offset: int | None) -> dt.tzinfo | None:
    if offset is not None:
        return dt.timezone(dt.timedelta(seconds=offset))
    hours = ZONES.get((name or "").upper())
    return None if hours is None else dt.timezone(dt.timedelta(hours=hours))
