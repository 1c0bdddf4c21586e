"""Which address an article is filed under: the declared one if it can be that of this page, else its own. Pure.

A wrong one costs articles: all pages that name it are taken for states of one, and only the last is seen. So a
declared address is believed only where it names the page at least as well as the address that answered. What no
single page shows, that others name the same one, is learned (`outlets.addresses`) and comes here as `shared`.
"""

import re
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

from copydesk.reading.facts import Facts
from copydesk.urls import LONGEST, canonicalize, host, join, registrable_domain, url_key

__all__ = ["is_believable", "read_address"]

WORDS = 3
"""Words of a segment from which it is a headline, as in flood-wall-vote; sections have one or two."""

NUMBER = 5
"""Digits of a number that is nobody's year, day or page."""

DENSE = 8
"""Characters of a segment in a script without spaces, or of one coded word, from which it names a page."""

VERSION = re.compile(
    r"amp|print|printable|druck|drucken|imprimer|imprimir|stampa|text|page|seite|all|full|single|index|\d{1,3}|photos?"
    r"|comments?|kommentare|share|mobile|m",
    re.IGNORECASE,
)
"""Last segments of further addresses of one article: its printed form, its second page, its comments."""

FAULTY = re.compile(
    r"[45]\d\d|(?:page[-_]?)?not[-_]?found|error(?:[-_]?(?:page|[45]\d\d))?|(?:error|fehler|erreur)(?:seite)?"
    r"|consent|cookie[-_]?wall|login|signin|captcha",
    re.IGNORECASE,
)
"""Segments of pages that tell of a trouble and hold no article."""

AMP = re.compile(r"amp|amphtml", re.IGNORECASE)
INDEX = re.compile(r"(?:index|default|home|start)(?:\.\w{2,5})?", re.IGNORECASE)
UNSEEN = frozenset(
    ["staging", "stage", "stg", "dev", "test", "preview", "preprod", "qa", "uat", "origin", "cms", "admin"]
)
"""First labels of hosts that readers never see."""

ENDING = re.compile(r"\.(?:html?|php\d?|aspx?|jsp|cfm|do|shtml|stm|ece|amp)$", re.IGNORECASE)


def read_address(facts: Facts, url: str, shared: Collection[str] = ()) -> str:
    """The canonical address of a page that answered at `url`.

    Args:
        facts: What the page declares.
        url: The address that answered.
        shared: Keys of addresses that are known to be named by pages of different articles.
    """
    own = canonicalize(url)
    # of several that differ none is meant
    linked = {canonicalize(join(url, one)) for one in facts.canonicals}
    for declared in (*(linked if len(linked) == 1 else ()), *facts.every("og:url")[:1]):
        absolute = canonicalize(join(url, declared))
        if absolute == own or (is_believable(absolute, own) and url_key(absolute) not in shared):
            return absolute
    return own


def is_believable(declared: str, own: str) -> bool:
    """Whether a declared address can be that of the page at its own one; both as `canonicalize` spells them."""
    if not 0 < len(declared) <= LONGEST or registrable_domain(declared) != registrable_domain(own):
        return False
    segments, ours = _segments(declared), _segments(own)
    if not segments and not urlsplit(declared).query:
        return not ours and not urlsplit(own).query
    return not (
        _is_unseen(declared, own)
        or (_is_faulty(segments) and not _is_faulty(ours))
        or (_is_amp(declared, segments) and not _is_amp(own, ours))
        or _is_section_of(segments, ours)
        or (_tells(own, ours) and not _tells(declared, segments))
    )


def _is_unseen(declared: str, own: str) -> bool:
    return _first_label(declared) in UNSEEN - {_first_label(own)}


def _is_faulty(segments: list[str]) -> bool:
    return any(FAULTY.fullmatch(_stem(one)) for one in segments)


def _is_section_of(segments: list[str], ours: list[str]) -> bool:
    """Whether the page stands below the declared address, and is no further page or form of what is there."""
    below = ours[len(segments) :]
    if not below or ours[: len(segments)] != segments or all(VERSION.fullmatch(_stem(one)) for one in below):
        return False
    return not any(_is_number(one) for one in segments)


def _tells(url: str, segments: list[str]) -> bool:
    """Whether an address names a page of its own: by a headline, a number or a code."""
    pairs = (pair.partition("=")[2] for pair in urlsplit(url).query.split("&"))
    return any(_is_number(value) or len(_words(value)) >= WORDS or value.isdigit() for value in pairs) or any(
        _is_number(one) or _is_headline(_stem(one)) for one in segments
    )


def _is_headline(stem: str) -> bool:
    words = _words(stem)
    return len(words) >= WORDS or (not stem.isascii() and len(stem) >= DENSE)


def _is_number(text: str) -> bool:
    """Whether a number stands in it that is longer than a year, or letters and digits mixed as codes are."""
    return bool(re.search(rf"\d{{{NUMBER},}}", text)) or (
        len(text) >= DENSE and bool(re.fullmatch(r"(?=\w*\d\w*\d)(?=\w*[A-Za-z])\w+", text))
    )


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[-_+.,~ ]+", text) if len(word) > 1 or not word.isascii()]


def _segments(url: str) -> list[str]:
    """The parts of the path, read as text; the name of an index page is none."""
    segments = [unquote(part) for part in urlsplit(url).path.split("/") if part]
    return segments[:-1] if segments and INDEX.fullmatch(segments[-1]) else segments


def _stem(segment: str) -> str:
    return ENDING.sub("", segment)


def _first_label(url: str) -> str:
    """The first label below what somebody registered; "" where the host has none."""
    below = host(url).removesuffix(registrable_domain(url))
    return below.partition(".")[0]


def _is_amp(url: str, segments: list[str]) -> bool:
    query = urlsplit(url).query.lower()
    return (
        _first_label(url) == "amp"
        or any(AMP.fullmatch(one) for one in segments)
        or url.partition("?")[0].endswith((".amp", ".amp.html"))
        or bool(re.search(r"(?:^|&)(?:amp(?:=1|=true)?|outputtype=amp)(?:&|$)", query))
    )
