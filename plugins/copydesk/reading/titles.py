"""The headline of an article among the wordings that its page declares and shows. Pure."""
# ruff: noqa: RUF001 (marks of several scripts)

import re
from collections.abc import Iterator

from copydesk.cleaning.lines import fold
from copydesk.reading.facts import Facts, first_text, strings
from copydesk.urls import registrable_domain

__all__ = ["letters", "read_title", "titles"]

BARS = r"|｜¦ǀ│┃∣❘‖∥⎮⏐︱￨┆┊丨•：_"
"""What parts a title from its site with or without spaces."""

SEPARATORS = re.compile(
    rf"\s+(?:»|«|[^\w\s\"'“”„‚‘’«»()\[\]{{}}…!?.,;&+%$€£@#°§*=¿¡]+)\s+|\s*(?:[{BARS}]|--)\s*"
)
"""A bar, or any mark that stands alone; quotation marks, brackets and the marks of sentences do not part a title."""

WEAK = frozenset(("-", "–", "—", ":"))
HALF = 0.5
LONGEST_NAME = 8
"""Words of the longest name of a site."""

MARKS = " -–—·:" + BARS
WORDS = re.compile(r"\w+")


def titles(facts: Facts) -> list[str]:
    """Every wording of the headline that the page declares or shows, best first."""
    declared = (
        facts.first("og:title"),
        first_text(facts.article.get("headline")),
        facts.first("twitter:title", "title"),
        facts.title,
        *facts.headings,
    )
    return [title for title in declared if title]


def read_title(facts: Facts, site_name: str, url: str = "") -> str:
    """The headline, without the name of the site.

    og:title comes first: it is what editors write for readers elsewhere. It gives way where heading and JSON-LD agree
    and it merely repeats the title element or differs in punctuation, and where it holds the heading and more.
    """
    kinds = [first_text(node.get("name")) for node in facts.nodes if "WebSite" in strings(node.get("@type"))]
    publisher = first_text(facts.article.get("publisher"))
    sites = (
        site_name,
        registrable_domain(url).partition(".")[0],
        registrable_domain(url),
        publisher,
        *kinds[:1],
    )
    heading = without_site(_heading(facts, sites), sites)
    linked = without_site(first_text(facts.article.get("headline")), sites, (heading,))
    shared = without_site(facts.first("og:title"), sites, (heading, linked))
    document = without_site(facts.title, sites, (heading, linked))
    if linked and linked == heading and fold(shared) in {fold(document), fold(heading)}:
        return linked
    return shared or linked or (heading if _akin(heading, document) or not document else document)


def _heading(facts: Facts, sites: tuple[str, ...]) -> str:
    """The heading most like the title element; on many pages the first one is the name of the site."""
    document = without_site(facts.title, sites)
    return max(facts.headings, key=lambda heading: _likeness(heading, document), default="")


def without_site(title: str, sites: tuple[str, ...], others: tuple[str, ...] = ()) -> str:
    """The title without a part that names the site, at either end, or that none of its other wordings has."""
    wordings = {fold(other) for other in others}
    if fold(title) in wordings:
        return title
    for match in SEPARATORS.finditer(title):
        for part in (title[: match.start()].strip(), title[match.end() :].strip()):
            if part and fold(part) in wordings:
                return part
    if any(fold(title) in wording for wording in wordings):
        return title
    for mark, part, rest in _ends(title):
        if len(part) < len(title) / 2 and any(_names(part, site, mark) for site in sites):
            return rest.strip(MARKS).removesuffix(" »")
    return title


def _ends(title: str) -> Iterator[tuple[str, str, str]]:
    """The mark, the end and the rest of a title that may have a site at its end or its beginning."""
    found = list(SEPARATORS.finditer(title))
    if found:
        first, last = found[0], found[-1]
        yield last[0], title[last.end() :], title[: last.start()]
        yield first[0], title[: first.start()], title[first.end() :]


def _names(part: str, site: str, mark: str) -> bool:
    """Whether a part of a title is the name of a site, shortened or, behind a bar, with words more.

    Behind a dash or a colon a sentence may go on that holds the word: "Gate shut: post office closed".
    """
    one, two = letters(part), letters(site)
    if not one or not two:
        return False
    if one in two:
        return True
    whole = two in {letters(" ".join(words)) for words in _sequences(WORDS.findall(part))}
    weak = mark.strip() in WEAK
    return whole and (not weak or len(two) >= HALF * len(one))


def _sequences(words: list[str]) -> Iterator[list[str]]:
    """All words in a row, of a part of a title that is short enough to be a name."""
    if len(words) <= LONGEST_NAME:
        yield from (words[at:end] for at in range(len(words)) for end in range(at + 1, len(words) + 1))


def letters(text: str) -> str:
    """The letters and digits of a text, small, without what stands between them."""
    return "".join(WORDS.findall(text.casefold()))


def _likeness(one: str, two: str) -> float:
    """The share of words that two titles have in common, 0 to 1."""
    first, second = set(WORDS.findall(one.casefold())), set(WORDS.findall(two.casefold()))
    return len(first & second) / max(1, len(first | second))


def _akin(heading: str, title: str) -> bool:
    """Whether two titles share half of the words of the shorter one and a third of the longer: a subhead does not."""
    one, two = set(WORDS.findall(heading.casefold())), set(WORDS.findall(title.casefold()))
    return bool(one and two) and len(one & two) >= max(
        min(len(one), len(two)) / 2, max(len(one), len(two)) / 3
    )
