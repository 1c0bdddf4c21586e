"""Bylines → names of people. Pure."""
# ruff: noqa: RUF001 (marks and words of several scripts)

import re
from collections.abc import Iterable

__all__ = ["names"]

LEAD = re.compile(
    r"^\W*(?:(?:written|reported|posted|story|words|text|article|photos?)\s+by|by|von|vom|par|por|di|da|de|av|af|door|przez|"
    r"tekst|text|autor(?:in|es|a)?|auteur|author|автор|текст|от|بقلم|كتب|文|作者|记者|記者|撰文)\s*(?:[:：|]\s*|\s)",
    re.IGNORECASE,
)
SPLIT = re.compile(
    r"\s*(?:[,;|•·/]|、|\s(?:and|und|et|y|e|och|og|en|i|with|mit|avec|con|и|و|&|-|–|—)\s)\s*", re.IGNORECASE
)
NOT_NAMES = re.compile(
    r"https?:|www\.|@|\d|^(?:admin|editor|staff|redaktion|newsroom|news desk|the|unknown|none|null|n/?a|guest|author|"
    r"contributor|anonymous|webmaster|online|web)$",
    re.IGNORECASE,
)
ROLE = re.compile(
    r"\s*(?:\(.*\)|,?\s*\b(?:staff|senior|chief|political|special)?\s*(?:writer|reporter|correspondent|editor|"
    r"redakteur(?:in)?|korrespondent(?:in)?)\b.*)$",
    re.IGNORECASE,
)
MOST_WORDS = 6


def names(bylines: Iterable[str]) -> tuple[str, ...]:
    """The names in a number of bylines, each once, in order; addresses, roles and introductions are dropped."""
    found: dict[str, str] = {}
    for byline in bylines:
        if "://" in byline or "@" in byline:
            continue
        for part in SPLIT.split(LEAD.sub("", byline.strip())):
            name = ROLE.sub("", LEAD.sub("", part)).strip(" .,:;|-–—*\"'()")
            if name and not NOT_NAMES.search(name) and len(name.split()) <= MOST_WORDS and len(name) > 1:
                found.setdefault(name.casefold(), name.title() if name.isupper() and " " in name else name)
    return tuple(found.values())
