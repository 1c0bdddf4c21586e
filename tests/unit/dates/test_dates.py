"""Dates in the languages and zones that feeds use."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.dates import moment
from copydesk.dates.calendar import MONTHS

FIFTH = dt.datetime(2026, 10, 5, 8, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Mo, 05 Okt 2026 10:00:00 +0200",
        "Montag, 5. Oktober 2026 10:00:00 MESZ",
        "5. Oktober 2026, 08:00 Uhr",
        "lun., 05 oct. 2026 10:00:00 +0200",
        "lundi 5 octobre 2026 à 08:00",
        "lun, 05 oct 2026 10:00:00 +0200",
        "lunes, 5 de octubre de 2026 08:00",
        "lun, 05 ott 2026 10:00:00 +0200",
        "lunedì 5 ottobre 2026 08:00",
        "ma, 05 okt 2026 10:00:00 +0200",
        "maandag 5 oktober 2026 08:00",
        "seg, 05 out 2026 05:00:00 -0300",
        "segunda-feira, 5 de outubro de 2026 08:00",
        "pon, 05 paź 2026 10:00:00 +0200",
        "poniedziałek, 5 października 2026 08:00",
        "måndag 5 oktober 2026 kl. 08:00",
        "Пн, 05 окт 2026 11:00:00 +0300",
        "понедельник, 5 октября 2026 г. в 08:00",
        "Pzt, 05 Eki 2026 11:00:00 +0300",
        "lundi 5 octobre 2026 à 08h00",
    ],
)
def test_names_of_other_languages(text: str) -> None:
    """Months and days by their names in ten languages, short and long."""
    assert moment(text) == FIFTH


def test_every_month_by_every_name() -> None:
    """All names of a month mean it, alone and before any day of the week; the Tuesday called "mar" is no March."""
    for number, (english, words) in enumerate(MONTHS.items(), 1):
        for word in words.split():
            meant = dt.datetime(2026, number, 3, 10, tzinfo=dt.UTC)
            assert moment(f"3 {word} 2026 10:00") == meant, (english, word)
            assert moment(f"03 {word.upper()}. 2026 10:00 GMT") == meant, (english, word)
    assert moment("mar. 03 nov. 2026 10:00") == dt.datetime(2026, 11, 3, 10, tzinfo=dt.UTC)
    assert moment("mar. 03 mars 2026 10:00") == dt.datetime(2026, 3, 3, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        (" UTC+3", 7), (" UTC +3", 7), (" UTC+03", 7), (" UTC+03:00", 7), (" UTC+0300", 7), (" GMT+3", 7), ("UTC+3", 7),
        (" GMT+0300", 7), (" GMT+03:00", 7), (" gmt+3", 7), (" UTC-5", 15), (" GMT-0530", 15.5), (" UTC\u22125", 15),
        (" UTC", 10), (" GMT", 10), ("Z", 10), (" UTC+0", 10), (" +0300", 7), (" EST", 15), (" UTC+5:30", 4.5),
        (" (UTC+3)", 7), (" +0300 (MSK)", 7), (" GMT+0300 (Moscow Standard Time)", 7),
        (" CET+0100", 9), (" MEZ+01:00", 9), (" EST-0500", 15), ("+03:00[Europe/Moscow]", 7),
        ("Z[Etc/UTC][u-ca=hebrew]", 10),
    ],
)  # fmt: skip
def test_zones_as_distances(zone: str, hour: float) -> None:
    """East of Greenwich is plus, whichever way it is written."""
    meant = dt.datetime(2026, 11, 2, tzinfo=dt.UTC) + dt.timedelta(hours=hour)
    assert moment(f"2026-11-02 10:00:00{zone}") == meant
    assert moment(f"Mon, 02 Nov 2026 10:00:00{zone}") == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-12-31T24:00:00Z", "2027-01-01T00:00:00"),
        ("2028-02-28T24:00+01:00", "2028-02-28T23:00:00"),
        ("Mon, 02 Nov 2026 24:00:00 GMT", "2026-11-03T00:00:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59"),
        ("Sat, 31 Dec 2016 23:59:60 +0000", "2016-12-31T23:59:59"),
    ],
)
def test_times_that_only_standards_know(text: str, meant: str) -> None:
    """The end of a day is the beginning of the next; a leap second is the one before."""
    assert moment(text) == dt.datetime.fromisoformat(f"{meant}+00:00")


@pytest.mark.parametrize(
    "text",
    ["2026-11-02T24:00:01Z", "2026-11-02T24:01Z", "9999-12-31T24:00:00Z", "2026-11-02T10:00:61Z",
     "2026-11-02T10:00[Europe/Rome]",
     "2026-11-02 10:00 UTC+99", "Okt 2026", "5. Oktober", "31. Februar 2026", "Montag", "mar mar 2026"],
)  # fmt: skip
def test_what_is_no_date_in_any_language(text: str) -> None:
    """Incomplete or impossible stays no date."""
    assert moment(text) is None


parts = st.sampled_from(
    ["2026", "03", "2", "9" * 30, "24:00", ":60", "[", "]", "CET", "h", "-", ":", "T", "Z", "+", "UTC", "GMT", " ",
     ",", ".", "/", "Mon", "Okt", "mar", "März", "pm",
     "1e999", "nan", "inf", "Infinity", "0x1", "²", "٣", "00:00", "999999999909:00:00", "+99:99", "-0000", "e", "\x00",
     "%"],
)  # fmt: skip


@given(st.lists(parts, max_size=12).map("".join))
def test_pieces_of_dates_in_any_order(text: str) -> None:
    """Numbers beyond all measure, zones, names: a UTC time or none."""
    found = moment(text)
    assert found is None or found.utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-02 09:00", "2026-03-02T08:00"),
        ("2026-07-02 09:00", "2026-07-02T07:00"),
        ("Mon, 02 Mar 2026 09:00:00", "2026-03-02T08:00"),
        ("2. März 2026, 09:00 Uhr", "2026-03-02T08:00"),
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00"),
        ("2026-03-02T09:00:00+03:00", "2026-03-02T06:00"),
        ("2026-03-02", "2026-03-02T00:00"),
        ("1772442000", "2026-03-02T09:00"),
    ],
)
def test_times_without_a_zone_are_of_the_one_given(text: str, utc: str) -> None:
    """Summer time counts; what names its zone, or no time of day, is what it says."""
    at = moment(text, ZoneInfo("Europe/Berlin"))
    assert at is not None
    assert f"{at:%Y-%m-%dT%H:%M}" == utc
