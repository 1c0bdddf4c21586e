"""Who wrote an article, by all of its page that names somebody. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping

from copydesk.reading.facts import Facts, Node, first_text, strings
from copydesk.reading.not_people import is_agency, is_organisation, is_person
from copydesk.reading.people import declared_names, is_source, names
from copydesk.reading.signed import signed_in
from copydesk.reading.titles import letters
from copydesk.urls import host

__all__ = ["read_authors"]

MOST_AUTHORS = 20


def read_authors(facts: Facts, site_name: str, url: str, html: str = "") -> tuple[str, ...]:
    """Names of the authors, in the order given: people, and the agencies named beside them.

    The first of these that names a person counts: JSON-LD, meta elements, the labels of cards, marked bylines, a line
    that says "By". An organisation counts only where none of them does.
    """
    linked = _linked_authors(facts)
    declared = tuple(dict.fromkeys(name for called, _ in linked for name in called))
    trusted = {name for called, organised in linked if not organised for name in called}
    outlets = set(
        map(letters, filter(None, (site_name, first_text(facts.article.get("publisher")), host(url))))
    )
    by_place: list[tuple[str, ...]] = []
    for found in _bylines(facts, declared, html):
        by_place.append(found)
        if people := [name for name in found if _is_someone(name, trusted) and not _is_outlet(name, outlets)]:
            return _beside(found, people)
    agencies = [name for found in by_place for name in found if is_agency(name)]
    return tuple(dict.fromkeys(agencies)) or _others(declared or names(facts.every(*AUTHOR_NAMES)), outlets)


def _beside(found: tuple[str, ...], people: Collection[str]) -> tuple[str, ...]:
    """The people and the agencies named with them, in their order."""
    return tuple(name for name in found if name in people or is_agency(name))


def _others(named: tuple[str, ...], outlets: Collection[str]) -> tuple[str, ...]:
    """Who is left where nobody is a person: other bodies, else the outlet itself."""
    return tuple(name for name in named if not _is_outlet(name, outlets)) or named[:1]


def _is_outlet(name: str, outlets: Collection[str]) -> bool:
    return any(letters(name) in outlet for outlet in outlets)


def _is_someone(name: str, trusted: Collection[str]) -> bool:
    """Whether a name is a person's: by its shape, or a capitalised one that is declared as a person."""
    if is_person(name):
        return True
    capital = name.lower() == name.upper() or name[:1].isupper()
    return name in trusted and capital and not is_agency(name) and not is_organisation(name)


def _bylines(facts: Facts, declared: tuple[str, ...], html: str) -> Iterator[tuple[str, ...]]:
    """The names that each place gives, in order of trust; the page is looked through only when it is asked."""
    yield declared
    yield names(facts.every(*AUTHOR_NAMES))
    yield names(labelled(facts))
    yield names(byline for byline in facts.byline if not is_source(byline))
    if html:
        yield names([signed_in(html)])


def _linked_authors(facts: Facts) -> list[tuple[tuple[str, ...], bool]]:
    """The names of each author in JSON-LD, and whether it is declared as an organisation."""
    by_id = {str(node["@id"]): node for node in facts.nodes if "@id" in node and node.get("name")}
    said = facts.article.get("author") or facts.article.get("creator")
    found = []
    for author in (said if isinstance(said, list) else [said])[:MOST_AUTHORS]:
        node = _referred(author, by_id)
        one = isinstance(node, dict)
        kinds = strings(node.get("@type")) if isinstance(node, dict) else []
        organised = any(kind.endswith("Organization") for kind in kinds) and "Person" not in kinds
        called = (
            declared_names(_called(node), one=one and not organised) if not organised else (_called(node),)
        )
        found.append((tuple(name for name in called if name), organised))
    return found


def _referred(author: object, by_id: Mapping[str, Node]) -> object:
    """A JSON-LD author, looked up by its id when it has no name of its own."""
    if isinstance(author, dict) and not author.get("name"):
        named = author.get("@id")
        return by_id.get(named, author) if isinstance(named, str) else author
    return author


AUTHOR_NAMES = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "byl",
    "cxenseparse:author", "twitter:misc:written by",
)  # fmt: skip


def labelled(facts: Facts) -> list[str]:
    """Authors from the label and data pairs of cards: "Written by" beside a name."""
    return [
        name
        for number in "123"
        if WRITTEN_BY.match(facts.first(f"twitter:label{number}"))
        for name in facts.every(f"twitter:data{number}")
    ]


WRITTEN_BY = re.compile(
    r"written by|by$|author|verfasst von|geschrieben von|von$|autor|écrit par|auteur|escrito por|scritto da|"
    r"geschreven door|skriv\w+ (?:av|af)|napisane przez|автор|kirjoittanut|yazan|ditulis oleh|كتب|作者|著者|執筆者",
    re.IGNORECASE,
)


def _called(author: object) -> str:
    """The name of a JSON-LD author."""
    if isinstance(author, dict):
        full = " ".join([*strings(author.get("givenName")), *strings(author.get("familyName"))])
        return first_text(author.get("name")) or full
    return first_text(author)
