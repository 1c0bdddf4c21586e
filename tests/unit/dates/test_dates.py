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


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("20 نوفمبر 2026 08:15", ""),
        ("الجمعة 20 تشرين الثاني 2026 08:15", "ar"),
        ("20 نوفمبر/تشرين الثاني 2026 08:15", ""),
        ("٢٠ نوفمبر ٢٠٢٦، 08:15", ""),
        ("20 листопада 2026, 08:15", ""),
        ("20. listopadu 2026 08:15", ""),
        ("20. studenoga 2026. 08:15", "hr"),
        ("2026. november 20. 08:15", "hu"),
        ("20. marraskuuta 2026 08:15", ""),
        ("Παρασκευή, 20 Νοεμβρίου 2026 08:15", ""),
        ("20 नवंबर 2026, 08:15", "hi"),
        ("2026年11月20日 08:15", "zh"),
        ("2026年11月20日（金）8時15分", "ja"),
        ("2026년 11월 20일 오전 8시 15분", "ko"),
    ],
)
def test_names_that_only_babel_knows(text: str, language: str) -> None:
    """Months and days of languages that our own table lacks, and of those that number them."""
    assert moment(text, language=language) == dt.datetime(2026, 11, 20, 8, 15, tzinfo=dt.UTC)


@pytest.mark.parametrize(("language", "month"), [("hr", 10), ("pl", 11), ("cs", 11), ("", 11)])
def test_a_name_of_two_months_is_what_its_language_means(language: str, month: int) -> None:
    """One word is October to the Croats and November to the Poles."""
    word = "listopadu" if language == "cs" else "listopada"
    assert moment(f"12. {word} 2026", language=language) == dt.datetime(2026, month, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2569-11-20T08:15:00+07:00", "2026-11-20T01:15"),
        ("20 พ.ย. 2569 08:15", "2026-11-20T08:15"),
        ("๒๐ พฤศจิกายน พ.ศ. ๒๕๖๙", "2026-11-20T00:00"),
        ("29 February 2567", "2024-02-29T00:00"),
        ("1405/08/29 10:45", "2026-11-20T10:45"),
        ("۲۹ آبان ۱۴۰۵ - ۱۰:۴۵", "2026-11-20T10:45"),
        ("30 اسفند 1403", "2025-03-20T00:00"),
        ("1 دي 1404", "2025-12-22T00:00"),
        ("民國115年11月20日 下午3時15分", "2026-11-20T15:15"),
        ("令和8年11月20日 午前8時", "2026-11-20T08:00"),
        ("令和元年5月1日", "2019-05-01T00:00"),
    ],
)
def test_years_of_other_calendars(text: str, meant: str) -> None:
    """Buddhist years, Jalali dates, the Republic of China and Japanese reigns."""
    assert moment(text) == dt.datetime.fromisoformat(f"{meant}+00:00")


@pytest.mark.parametrize(
    ("year", "begins"),
    [(1369, "1990-03-21"), (1375, "1996-03-20"), (1376, "1997-03-21"), (1379, "2000-03-20"), (1391, "2012-03-20"),
     (1395, "2016-03-20"), (1399, "2020-03-20"), (1400, "2021-03-21"), (1403, "2024-03-20"), (1404, "2025-03-21"),
     (1405, "2026-03-21"), (1408, "2029-03-20")],
)  # fmt: skip
def test_jalali_years_begin_at_the_equinox(year: int, begins: str) -> None:
    """The known first days of some years; the day before is the last of the year before."""
    first = dt.datetime.fromisoformat(f"{begins}T00:00+00:00")
    assert moment(f"{year}/01/01") == first
    assert first - dt.timedelta(days=1) in {moment(f"{year - 1}-12-30"), moment(f"{year - 1}-12-29")}


@pytest.mark.parametrize("text", ["31 مهر 1405", "30 اسفند 1404", "1405/13/01", "2569-02-30"])
def test_days_that_other_calendars_lack(text: str) -> None:
    """An impossible day stays no date."""
    assert moment(text) is None


@given(st.dates(dt.date(1990, 1, 1), dt.date(2056, 12, 31)))
def test_a_buddhist_year_is_the_same_day(day: dt.date) -> None:
    """543 years on, day and month are the same; a year of the common calendar is never taken for one."""
    there = f"{day.year + 543}-{day.month:02}-{day.day:02}"
    assert moment(there) == moment(day.isoformat()) == dt.datetime.combine(day, dt.time(), dt.UTC)


@pytest.mark.parametrize(
    "language", ["en-GB", "en_AU", "en-ie", "fr", "es", "it-IT", "pt-BR", "de", "ru", "nl"]
)
def test_day_first_by_language(language: str) -> None:
    """Of two small numbers the first is the day, except in the English of no country, or of some."""
    april = dt.datetime(2026, 4, 5, 8, 15, tzinfo=dt.UTC)
    assert {moment(text, language=language) for text in ("05/04/2026 08:15", "5-4-2026 8:15")} == {april}
    assert (
        moment("2026/04/05 08:15", language=language) == moment("04/05/2026 08:15", language="en-US") == april
    )
    assert (
        moment("05/13/2026", language=language)
        == moment("13/05/2026")
        == dt.datetime(2026, 5, 13, tzinfo=dt.UTC)
    )
    assert (
        moment("05/04/2026", language="en") == moment("05/04/2026") == dt.datetime(2026, 5, 4, tzinfo=dt.UTC)
    )


def test_a_zone_is_meant_only_where_none_is_named() -> None:
    """Winter and summer of a place; a text with a zone of its own keeps it."""
    berlin = ZoneInfo("Europe/Berlin")
    assert moment("2026-11-06 08:37", zone=berlin) == dt.datetime(2026, 11, 6, 7, 37, tzinfo=dt.UTC)
    assert moment("2026-07-06 08:37", zone=berlin) == dt.datetime(2026, 7, 6, 6, 37, tzinfo=dt.UTC)
    for text in ("2026-11-06T08:37Z", "Fri, 06 Nov 2026 08:37:00 GMT", "6 Nov 2026 08:37 UTC"):
        assert moment(text, zone=berlin) == dt.datetime(2026, 11, 6, 8, 37, tzinfo=dt.UTC)


parts = st.sampled_from(
    ["2026", "03", "2", "9" * 30, "24:00", ":60", "[", "]", "CET", "h", "-", ":", "T", "Z", "+", "UTC", "GMT", " ",
     ",", ".", "/", "Mon", "Okt", "mar", "März", "pm",
     "1e999", "nan", "inf", "Infinity", "0x1", "²", "٣", "00:00", "999999999909:00:00", "+99:99", "-0000", "e", "\x00",
     "%", "民國", "令和", "年", "月", "2569", "1405", "آبان", "نوفمبر", "พ.ย.", "๒"],
)  # fmt: skip


@given(
    st.lists(parts, max_size=12).map("".join), st.sampled_from(["", "en-GB", "hr", "ar", "th", "x" * 99, "%"])
)
def test_pieces_of_dates_in_any_order(text: str, language: str) -> None:
    """Numbers beyond all measure, zones, names, whatever language is declared: a UTC time or none."""
    found = moment(text, language=language)
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
