"""Bylines → names of people. Pure."""
# ruff: noqa: RUF001 (marks and words of several scripts)

import re
from collections.abc import Iterable

__all__ = ["is_source", "names", "reporters"]

LEAD = re.compile(
    r"^\W*(?:(?:written|reported|posted|story|words|text|article|photos?)\s+by|by|von|vom|par|por|di|da|de|av|af|"
    r"door|przez|tekst|text|autor(?:in|es|a)?|auteur|author|автор|текст|от|بقلم|كتب|文|作者|记者|記者|撰文)\s*(?:[:：|]\s*|\s)",
    re.IGNORECASE,
)
SPLIT = re.compile(
    r"\s*(?:[,;|•·/]|、|\s(?:and|und|et|y|e|och|og|en|i|with|mit|avec|con|и|و|&|-|–|—)\s)\s*", re.IGNORECASE
)
NOT_NAMES = re.compile(
    r"https?:|www\.|@|\d|^(?:(?:the|our|la|le|die|der)?\s*(?:admin(?:istrator)?|editors?|staff|"
    r"redaktion|redactie|redaktionen|rédaction|redacción|redazione|redação|redakcja|redaksjonen|redaksi|редакция|"
    r"编辑部|本报讯|newsroom|(?:news|web|online|digital|sports?|city|national|foreign)[ -]?desk|"
    r"online[- ]?redaktion|agency reporter|agencies|agenturen|agences|agencias|agenzie|news agencies|"
    r"wires?|team|the|unknown|none|null|n/?a|guest|author|contributor|correspondent|reporter|anonymous|webmaster|online|web|user|root|cms|developer)s?)$",
    re.IGNORECASE,
)
ROLE = re.compile(
    r"\s*(?:\(.*\)|,?\s*\b(?:(?:our|own|staff|senior|chief|political|special|foreign|world|business|sports?|"
    r"science|health|economics?|deputy|associate|managing|assistant|news)\s+)*(?:writer|reporter|correspondent|"
    r"editor|columnist|journalist|redakteur(?:in)?|korrespondent(?:in)?|journaliste|reporterin|redactor(?:a)?|periodista|giornalista|jornalista|корреспондент|обозреватель)\b.*)$",
    re.IGNORECASE,
)
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


def is_source(byline: str) -> bool:
    """Whether a byline names where the text comes from and not who wrote it."""
    return bool(SOURCE.match(byline))


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


def reporters(credits_: Iterable[str]) -> tuple[str, ...]:
    """Who reported, by the credits around a text: "Reporting by Ola Berg in Oslo; editing by …" gives Ola Berg."""
    credited = (match[1] for credit in credits_ for match in REPORTING.finditer(credit))
    return names(PLACED.sub("", part) for line in credited for part in SPLIT.split(line))
