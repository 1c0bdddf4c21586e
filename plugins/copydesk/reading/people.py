"""Bylines and declared authors → names of people. Pure.

A byline is a line of text: it is taken apart, and what introduces a name or follows it goes. A declared author is one
name, which is left whole unless it is plainly a list.
"""
# ruff: noqa: RUF001 (marks and words of several scripts)

import re
from collections.abc import Iterable

from copydesk.reading.not_people import (
    is_agency,
    is_button,
    is_byword,
    is_edited,
    is_person,
    without_place,
    without_role,
)

__all__ = ["declared_names", "is_source", "names", "reporters"]

LEAD = re.compile(
    r"^\W*(?:(?:written|reported|posted|story|words|text|article|photos?)\s+by|by|von|vom|par|por|di|da|de|av|af|"
    r"door|przez|tekst|text|autor(?:in|es|a)?(?:/autor(?:in)?)?|auteur|author|автор|текст|от|بقلم|كتب|文|作者|记者|記者|撰文)"
    r"\s*(?:[:：|]\s*|\s)",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"://|www\.|@")
AND = r"and|und|et|y|e|och|og|en|i|with|mit|avec|con|и|و"
SPLIT = re.compile(rf"\s*(?:[,;|•·/]|、|\s(?:{AND}|&|-|–|—)\s)\s*", re.IGNORECASE)
FIRST_AND = re.compile(rf"^(?:{AND}|&)\s+", re.IGNORECASE)
SOURCE = re.compile(
    r"^\W*(?:quelle|source|fuente|fonte|bron|kilde|källa|источник|المصدر|来源|來源)\s*[:：]", re.IGNORECASE
)
REPORTING = re.compile(
    r"(?:\breport(?:ing|ed) by|\bwritten by|\bredazione di|\b(?:redaktionelle )?mitarbeit\s?:|(?:记者|記者)\s?[:：])"
    r"\s*([^;.:()。；（）]+)",
    re.IGNORECASE,
)
PLACED = re.compile(r"\s+(?:in|aus|à|en|da)\s+[A-ZÀ-ÞА-ЯЁ].*$")
"""Where somebody reported from."""

MOST_WORDS = 6
EDGES = " .,:;|-–—*\"'()"

BY = re.compile(
    r"^\W*(?:(?:written|reported|posted|story|words)\s+)?by\s+|^\W*(?:autor(?:in)?|author|auteur|text|автор|作者|记者)\s*[:：]\s*",
    re.IGNORECASE,
)
LIST = re.compile(r"\s*(?:[;|•/]|、|\s(?:and|und|et|och|og|&)\s)\s*", re.IGNORECASE)
"""What stands between names, and in none. "i", "y" and "e" do: Jordi Puig i Serra, Costa e Silva."""

SUFFIX = re.compile(
    r"(?:jr|sr|ii|iii|iv|ph\.?\s?d|m\.?d|m\.?a|mba|qc|kc|esq|obe|cbe|mbe|mp|s\.?j)\.?", re.IGNORECASE
)
"""What follows a name behind a comma and is part of it."""


def is_source(byline: str) -> bool:
    """Whether a byline names where the text comes from and not who wrote it."""
    return bool(SOURCE.match(byline))


def names(bylines: Iterable[str]) -> tuple[str, ...]:
    """The names in a number of bylines, each once, in order; addresses, roles, editors are dropped."""
    found: dict[str, str] = {}
    for byline in bylines:
        if ADDRESS.search(byline) or is_edited(byline):
            continue
        for name in _apart(byline):
            found.setdefault(name.casefold(), _cased(name))
    return tuple(found.values())


def _apart(byline: str) -> list[str]:
    """The names in one byline; a single word behind a full name is the place it was written in."""
    found: list[str] = []
    for part in SPLIT.split(LEAD.sub("", byline.strip())):
        if is_edited(part):
            break
        said = FIRST_AND.sub("", LEAD.sub("", part))
        name = without_place(without_role(said)).strip(EDGES)
        if len(name) > 1 and len(name.split()) <= MOST_WORDS and not is_byword(name) and not is_button(name):
            found.append(name)
    full = any(is_person(name) for name in found)
    return [name for name in found if not full or is_person(name) or is_agency(name) or not _is_word(name)]


def _is_word(name: str) -> bool:
    """Whether a name is one word of a script that has capitals."""
    return " " not in name and name.lower() != name.upper()


def declared_names(said: str, *, one: bool) -> tuple[str, ...]:
    """The names of a declared author, whole: "Jordi Puig i Serra", "Kerr, Jr.", "John Writer".

    Args:
        said: What is declared as a name.
        one: Whether it is declared as one person; then only what stands in no name parts two.
    """
    if ADDRESS.search(said) or is_edited(said):
        return ()
    said = BY.sub("", said.strip())
    parts = LIST.split(said) if one else SPLIT.split(said)
    if any(" " not in part.strip() and not is_agency(part) for part in parts):
        parts = [said]  # a part that is no full name: the mark stands within one
    found = [name for part in parts for name in _between_commas(part)]
    return tuple(dict.fromkeys(_cased(name) for name in found if not is_byword(name)))


def _between_commas(said: str) -> list[str]:
    """The names of a part: what follows a comma is a suffix, a role, a place, or one more full name."""
    first, *others = [part.strip() for part in said.split(",")]
    found = [without_role(first, marked=True).strip(EDGES)]
    if len(others) == 1 and " " not in first and is_person(f"{others[0]} {first}"):
        return [said.strip()]  # "Berg, Ola"
    for part in others:
        if SUFFIX.fullmatch(part):
            found[-1] += f", {part}"
        elif (name := without_role(part).strip(EDGES)) and (is_agency(name) or is_person(name)):
            found.append(name)
    return [name for name in found if name]


def _cased(name: str) -> str:
    return name.title() if name.isupper() and " " in name and not is_agency(name) else name


def reporters(credits_: Iterable[str]) -> tuple[str, ...]:
    """Who reported, by the credits around a text: "Reporting by Ola Berg in Oslo; editing by …" gives Ola Berg."""
    credited = (match[1] for credit in credits_ for match in REPORTING.finditer(credit))
    return names(PLACED.sub("", part) for line in credited for part in SPLIT.split(line))
