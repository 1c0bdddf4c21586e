"""Names of months and days in languages that our own table lacks, from babel's. Pure; loads a language once.

babel holds the names that Unicode has collected, full and short, and is installed with Airflow; what content systems
make up beside them stands in `calendar`.
"""

import re
from collections.abc import Mapping
from functools import cache

from babel import Locale

__all__ = ["KNOWN", "warm", "with_english_months"]

LOCALES = {
    "arabic": ("ar", "ar_SY", "ar_DZ", "ar_MA", "fa", "ur", "ckb", "ps"),
    "cyrillic": ("uk", "bg", "sr", "mk", "be", "kk", "mn"),
    "greek": ("el",),
    "hebrew": ("he",),
    "thai": ("th",),
    "indic": ("hi", "mr", "ne", "bn", "pa", "gu", "ta", "te", "kn", "ml"),
    "latin": (
        "cs", "sk", "hr", "sr_Latn", "bs_Latn", "sl", "hu", "ro", "fi", "et", "lv", "lt", "sq", "ca", "gl", "eu", "id",
        "ms", "sw", "is", "az",
    ),
}  # fmt: skip
"""Which languages are looked through for a word, by its script: loading one takes some milliseconds."""

KNOWN = frozenset(locale.partition("_")[0] for locales in LOCALES.values() for locale in locales)
"""Primary tags of the languages whose names are asked for here."""

SCRIPTS = (
    ("arabic", re.compile("[\u0600-\u06ff]")),
    ("cyrillic", re.compile("[\u0400-\u04ff]")),
    ("greek", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("hebrew", re.compile("[\u0590-\u05ff]")),
    ("thai", re.compile("[\u0e00-\u0e7f]")),
    ("indic", re.compile("[\u0900-\u0dff]")),
    ("latin", re.compile("[a-zA-Z\u00c0-\u024f]")),
)
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LEAST = 2
"""Letters of a name; shorter ones are the narrow forms of calendars."""


DATED = re.compile(r"\d.*[12]\d{3}|[12]\d{3}.*\d", re.DOTALL)
TWICE = re.compile(rf"\b({'|'.join(ENGLISH)})\b(?:\W+\1\b)+")
"""A month under both of its names, as Arabic agencies write it."""


def warm() -> None:
    """Load all of them, before a process forks."""
    for script in LOCALES:
        _pattern(script, "")


def with_english_months(text: str, language: str = "") -> str:
    """The text with the names of months in English and without those of days, as babel knows them.

    Args:
        text: What may be a date; without a day and a year it is given back as it is.
        language: Its primary tag, or "" for all languages of its script. A language's own names win: of "listopad" the
            Croats make October, the Czechs November.
    """
    if not DATED.search(text):
        return text
    script = next((name for name, letters in SCRIPTS if letters.search(text)), "")
    table = _all(script, language)
    if not table:
        return text
    named = _pattern(script, language).sub(lambda name: f" {table[name[1]]} ", text.casefold())
    return TWICE.sub(r"\1", named)


@cache
def _pattern(script: str, language: str) -> re.Pattern[str]:
    names = sorted(map(re.escape, _all(script, language)), key=len, reverse=True)
    return re.compile(rf"(?<![^\W\d_])({'|'.join(names)})\.?(?![^\W\d_])")


@cache
def _all(script: str, language: str) -> Mapping[str, str]:
    found: dict[str, set[str]] = {}
    for locale in LOCALES.get(script, ()):
        for name, meant in _names(locale).items():
            found.setdefault(name, set()).add(meant)
    clear = {name: next(iter(meant)) for name, meant in found.items() if len(meant) == 1}
    own = [
        _names(locale) for locale in LOCALES.get(script, ()) if language and locale.split("_")[0] == language
    ]
    return clear | {name: meant for names in own for name, meant in names.items()}


@cache
def _names(locale: str) -> Mapping[str, str]:
    loaded = Locale.parse(locale)
    days = {name: "" for kinds in loaded.days.values() for name in _long(kinds)}
    months = {
        name: ENGLISH[number - 1]
        for kinds in loaded.months.values()
        for width in ("wide", "abbreviated")
        for number, name in kinds.get(width, {}).items()
    }
    return {
        name.casefold().rstrip("."): meant
        for name, meant in (days | months).items()
        if len(name) > LEAST and not re.search(r"\d", name)
    }


def _long(kinds: Mapping[str, Mapping[int, str]]) -> list[str]:
    return [name for width in ("wide", "abbreviated") for name in kinds.get(width, {}).values()]
