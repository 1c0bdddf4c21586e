"""Dates in other scripts and of other calendars → digits and years of the common one. Pure.

Buddhist, Minguo and Japanese years count the days as the common calendar does and differ by a number. Jalali ones are
reckoned here: of the kept libraries that convert them none is among what we install, and the rule is ten lines.
"""
# ruff: noqa: RUF001 (marks of several scripts)

import datetime as dt
import re

__all__ = ["in_common_era"]

DIGIT = re.compile(r"[^\W0-9]", re.UNICODE)
UNSEEN = re.compile("พ\\.ศ\\.|ค\\.ศ\\.|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Marks of direction and joints, which stand in dates of Arabic and Persian pages; what Thai ones call the era."""

COMMAS = str.maketrans("،，。", ",,.")

COMMON = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
BUDDHIST = re.compile(r"(?<![\d:+])(2[45]\d\d)(?![\d:])")
BUDDHA = 543
"""Years before the common era in which the Buddhist one begins; 2443 to 2599 are 1900 to 2056."""

REIGNS = {"民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988, "昭和": 1925}
REIGN = re.compile(rf"({'|'.join(REIGNS)})\s?(\d{{1,3}}|元)\s?年")
"""The Republic of China and the Japanese reigns; 元 is the first year of one."""

EAST_ASIAN = re.compile(
    r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日号號일]?(?:\s?[(（][^()（）]{1,4}[)）])?"
)
EAST_ASIAN_CLOCK = re.compile(
    r"(上午|下午|晚上|午前|午後|오전|오후)?\s?(\d{1,2})\s?(?:[时時点點시]\s?(?:(\d{1,2})\s?[分분])?|:(\d\d))(?:\s?:?(\d{1,2})\s?[秒초]?)?"
)
AFTERNOON = {"下午", "晚上", "午後", "오후"}
NOON = 12

JALALI_MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
JALALI_NAMED = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s({'|'.join(JALALI_MONTHS).replace('ی', '[یي]')})(?:\s?ماه)?,?\s(1[34]\d\d)(?!\d)"
)
JALALI_NUMBERED = re.compile(r"(?<![\d:])(1[34]\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
HALF, LONG, SHORT = 6, 31, 30
"""Months of the first half-year have 31 days, those of the second 30, the last one 29 in common years."""

FIRST = dt.date(1922, 3, 22)
FIRST_YEAR = 1301
CYCLE, LEAPS = 33, (1, 5, 9, 13, 17, 22, 26, 30)
"""1301 began on 22 March 1922. Leap years of a cycle of 33 years; right from 1178 to 1633."""


def in_common_era(text: str) -> str:
    """The text with plain digits, and dates of these calendars as ISO writes them; other text stays as it is."""
    if not text.isascii():
        text = _plain_marks(text)
    text = JALALI_NUMBERED.sub(_numbered, text)
    return text if COMMON.search(text) else BUDDHIST.sub(_buddhist, text)


def _plain_marks(text: str) -> str:
    """The text with plain digits and commas, and the dates of languages that name years, months and days."""
    text = DIGIT.sub(_plain, UNSEEN.sub("", text).translate(COMMAS))
    text = JALALI_NAMED.sub(_named, text)
    text = REIGN.sub(_reign, text)
    if dated := EAST_ASIAN.search(text):
        year, month, day = dated.groups()
        rest = EAST_ASIAN_CLOCK.sub(_clock, text[dated.end() :], count=1)
        text = f"{text[: dated.start()]}{year}-{int(month):02}-{int(day):02} {rest.strip()}".strip()
    return text


def _plain(letter: re.Match[str]) -> str:
    return str(int(letter[0])) if letter[0].isdecimal() else letter[0]


def _buddhist(year: re.Match[str]) -> str:
    return str(int(year[1]) - BUDDHA)


def _reign(year: re.Match[str]) -> str:
    return f"{REIGNS[year[1]] + (1 if year[2] == '元' else int(year[2]))}年"


def _clock(said: re.Match[str]) -> str:
    half, hour, minute, digits, second = said.groups()
    hours = int(hour) + (NOON if half in AFTERNOON and int(hour) < NOON else 0)
    return f"{hours:02}:{minute or digits or '00':0>2}:{second or '00':0>2}"


def _named(said: re.Match[str]) -> str:
    day, month, year = said.groups()
    return _gregorian(int(year), JALALI_MONTHS.index(month.replace("ي", "ی")) + 1, int(day)) or said[0]


def _numbered(said: re.Match[str]) -> str:
    year, _, month, day = said.groups()
    return _gregorian(int(year), int(month), int(day)) or said[0]


def _gregorian(year: int, month: int, day: int) -> str:
    """The day of a Jalali date, or "" for one that does not exist."""
    longest = LONG if month <= HALF else SHORT
    if not (1 <= month <= 2 * HALF and 1 <= day <= longest) or year < FIRST_YEAR:
        return ""
    leaps = sum(1 for before in range(FIRST_YEAR, year) if _leaps(before))
    if month == 2 * HALF and day == SHORT and not _leaps(year):
        return ""
    days = 365 * (year - FIRST_YEAR) + leaps + (month - 1) * SHORT + min(month - 1, HALF) + day - 1
    return (FIRST + dt.timedelta(days=days)).isoformat()


def _leaps(year: int) -> bool:
    return year % CYCLE in LEAPS
