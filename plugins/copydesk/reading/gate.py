"""Pages that are no articles, told by two signs at least: a wording in its place, and that there is little else. Pure.

Called by `documents` when the text is known. A page that declares itself an article, with a date or a type, passes.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from copydesk.cleaning import Cleaned
from copydesk.cleaning.tables import read_table
from copydesk.outcomes import Reason
from copydesk.reading.facts import Facts, strings
from copydesk.urls import canonicalize, join

__all__ = ["Finding", "moved_to", "no_article"]

SHORT = 1_000
"""Characters of text that a notice has at most; an article about one has more, or a date."""

MOVED = 500
"""Characters of a page that only sends its readers on."""

SOON = 30
"""Seconds after which a page that moved has gone on; what reloads itself later is a live page."""

REFRESH = re.compile(r"^\s*(\d+)(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?\s*([^\"'\s]+)", re.IGNORECASE)
LOCATION = re.compile(
    r"(?:window|document|top|self)?\.?\blocation(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*[\"']([^\"']{8,2000})[\"']"
)

CHALLENGE = re.compile(
    r"cf-chl|challenge-platform|_cf_chl|px-captcha|captcha-delivery|hcaptcha\.com|g-recaptcha"
    r"|_Incapsula_Resource|arkoselabs",
    re.IGNORECASE,
)
"""What pages load that check whether a reader is a person; forms of articles load some of it too."""

WORDINGS = Path(__file__).with_name("wordings")
ROBOT_CHECKS = read_table(WORDINGS / "robot_checks.txt")
ROBOT = re.compile(ROBOT_CHECKS.pattern, re.IGNORECASE)
ERROR_PAGES = read_table(WORDINGS / "error_pages.txt", before="^", behind="$")
ERROR = re.compile(ERROR_PAGES.pattern, re.IGNORECASE)
CONSENTS = read_table(WORDINGS / "consent.txt")
CONSENT = re.compile(CONSENTS.pattern, re.IGNORECASE)
ACCEPTS = read_table(WORDINGS / "accept.txt", before="^")
ACCEPT = re.compile(
    rf">\s*(?:{'|'.join(group.pattern for group in ACCEPTS.groups)})[^<>]{{0,40}}<", re.IGNORECASE
)
SITE = re.compile("\\s+[|\u2013\u2014·•»-]\\s+|\\s*[|\uff5c]\\s*")

MOSTLY = 0.5
"""Share of the letters in lines that speak of consent."""

CARDS = 6
"""Linked headlines that make a page a list, where hardly anything else is on it."""

ENOUGH = 600
"""Characters of text that a list page does not have beside its teasers."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a page is no article, with what was seen."""

    reason: Reason
    detail: str


def no_article(
    facts: Facts, cleaned: Cleaned, *, html: str, url: str, cards: int, teasers: int, locked: bool
) -> Finding | None:
    """Why a page is no article; None for one that is, or that only lacks a text.

    Args:
        facts: What it declares.
        cleaned: Its lines.
        html: The page as it came.
        url: Where it stands.
        cards: How many linked headlines it has.
        teasers: Characters of its text that stand in boxes of other articles.
        locked: Whether it says that it is not free to read.
    """
    letters = sum(map(len, cleaned.kept))
    if letters < MOVED and (target := moved_to(facts, html, url)):
        return Finding(Reason.MOVED, target)
    if not _is_dated(facts) and letters < SHORT and (found := _notice(facts, cleaned, html, letters)):
        return found
    if (
        cards >= CARDS
        and not _is_dated(facts)
        and facts.first("og:type").lower() != "article"
        and letters - teasers < ENOUGH
    ):
        return Finding(Reason.LIST_PAGE, f"{cards} linked headlines")
    return Finding(Reason.PAYWALL, "") if locked and not cleaned.kept else None


def _notice(facts: Facts, cleaned: Cleaned, html: str, letters: int) -> Finding | None:
    """What a short page without a date says in place of an article."""
    lines = [*cleaned.kept, *(line.text for line in cleaned.removed)]
    heads = [head for head in (*facts.headings, facts.title) if head]
    if robot := _first(ROBOT, [*heads, *(lines if letters < MOVED else ())]):
        return Finding(Reason.ROBOT_CHECK, robot)
    if letters < SHORT / 5 and CHALLENGE.search(html):
        return Finding(Reason.ROBOT_CHECK, "")
    if error := next((head for head in heads if _is_error(head)), ""):
        return Finding(Reason.ERROR_PAGE, error[:80])
    if (consent := _consent(lines)) and ACCEPT.search(html):
        return Finding(Reason.CONSENT, consent)
    return None


def moved_to(facts: Facts, html: str, url: str) -> str:
    """The address that a page sends its readers to; "" when it does not."""
    found = REFRESH.match(facts.first("refresh"))
    targets = [found[2]] if found and int(found[1][:9]) <= SOON else []
    if not targets and len(html) < 5 * SHORT:
        targets = [match[1] for match in LOCATION.finditer(html)][:1]
    for target in targets:
        absolute = canonicalize(join(url, target))
        if absolute and absolute != canonicalize(url):
            return absolute
    return ""


def _is_dated(facts: Facts) -> bool:
    """Whether the page says that it is an article, and when it was published."""
    linked = facts.article.get("datePublished") and strings(facts.article.get("headline"))
    return bool(linked or facts.first("article:published_time"))


def _is_error(head: str) -> bool:
    return any(ERROR.match(part.strip().rstrip(".!:…")) for part in (head, *SITE.split(head)))


def _first(pattern: re.Pattern[str], texts: list[str]) -> str:
    return next((text[:80] for text in texts if pattern.search(text)), "")


def _consent(lines: list[str]) -> str:
    """The first line of a page most of which speaks of consent."""
    said = [line for line in lines if CONSENT.search(line)]
    whole = sum(map(len, lines))
    return said[0][:80] if said and sum(map(len, said)) >= MOSTLY * whole else ""
