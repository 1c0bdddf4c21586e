"""The truth beside the made news world: a row per page, topics, and what each topic should ring for. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newsworld import feeds, pages
from newsworld.model import Kind, Page, World

Row = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class WorldTopic:
    """A topic as topics.yml holds it; whole words, case aside, no stemming."""

    name: str
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ("desk",)

    def matches(self, page: Page) -> bool:
        """Whether the page's title and paragraphs meet the topic."""
        if self.outlets and page.outlet not in self.outlets:
            return False
        if self.languages and page.language not in self.languages:
            return False
        text = "\n".join((page.title, *page.paragraphs))
        held = {word for word in (*self.any, *self.all, *self.none) if _holds(text, word)}
        wanted = held.issuperset(self.all) and (not self.any or bool(held & set(self.any)))
        return wanted and not held & set(self.none)


def _holds(text: str, phrase: str) -> bool:
    words = r"\s+".join(re.escape(word) for word in phrase.split())
    return re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE) is not None


def topics(world: World) -> list[WorldTopic]:
    """Eight topics on names of this world, one of which nothing meets."""
    fact = {code: world.facts[f"{code}-e1"] for code in ("en", "de", "fr", "es", "ru")}
    single = world.facts["en-s1b"]
    return [
        WorldTopic(name="town-watch", any=(fact["en"]["town"],), languages=("en",)),
        WorldTopic(name="ort-im-blick", any=(fact["de"]["town"], fact["de"]["official"]), languages=("de",)),
        WorldTopic(
            name="veille-fr", all=(fact["fr"]["town"], fact["fr"]["official"]), channels=("desk", "reader")
        ),
        WorldTopic(name="ciudad-es", any=(fact["es"]["town"],), outlets=_outlets(world, "es")[:2]),
        WorldTopic(name="gorod-ru", any=(fact["ru"]["town"],)),
        WorldTopic(
            name="town-but-not-other", any=(fact["en"]["town"], single["town"]), none=(single["town"],)
        ),
        WorldTopic(
            name="people-everywhere",
            any=tuple(facts["official"] for facts in fact.values()),
            channels=("reader",),
        ),
        WorldTopic(name="never", any=("Zubrowkastan", "Quuxhaven Rovers")),
    ]


def _outlets(world: World, language: str) -> tuple[str, ...]:
    return tuple(outlet.name for outlet in world.outlets if outlet.languages == (language,))


def expectation(world: World, topic: WorldTopic) -> list[str]:
    """The events the topic should ring for: met by a last state of a page a robot may fetch.

    Roundups name several events and are left out; what they hold stands on other pages too.
    """
    met = {
        page.event
        for page in world.pages
        if page.until is None and page.kind is not Kind.ROUNDUP and not is_refused(world, page)
        if topic.matches(page)
    }
    return sorted(met)


def is_refused(world: World, page: Page) -> bool:
    """Whether robots.txt forbids the page."""
    return page.section == world.outlet(page.outlet).disallowed


def rows(world: World, bases: Mapping[str, str]) -> list[Row]:
    """One row per published state of a page, in order of publication; see the keys below."""
    known = topics(world)
    return [_row(world, page, bases, known) for page in world.pages]


def _row(world: World, page: Page, bases: Mapping[str, str], known: Sequence[WorldTopic]) -> Row:
    outlet = world.outlet(page.outlet)
    return {
        "url": bases[page.outlet] + page.path,
        "canonical": pages.canonical(world, page, bases),
        "outlet": page.outlet,
        "publisher": outlet.publisher,
        "sources": _sources(world, page),
        "kind": page.kind.value,
        "item": page.item,
        "event": page.event,
        "items": list(page.items),
        "title": page.title,
        "paragraphs": list(page.paragraphs),
        "captions": list(page.captions),
        "noise": list(pages.render(world, page, bases).noise),
        "topics": [topic.name for topic in known if topic.matches(page)],
        "language": page.language,
        "published": world.time_of(page.first_at).isoformat(),
        "modified": world.time_of(page.at).isoformat(),
        "at": page.at,
        "until": page.until,
        "authors": list(page.authors),
        "agency": page.agency or None,
        "refused": is_refused(world, page),
    }


def _sources(world: World, page: Page) -> list[str]:
    """Names of the sources that announce the page."""
    outlet = world.outlet(page.outlet)
    return [feed.name for feed in outlet.feeds if page in feeds.announced(world, outlet, feed, page.at)]


def expectations(world: World) -> dict[str, list[str]]:
    """Topic name to the events it should ring for."""
    return {topic.name: expectation(world, topic) for topic in topics(world)}


def pairs_of_same_item(found: Iterable[Row]) -> set[tuple[str, str]]:
    """Pairs of addresses, each in order, that carry the same agency's item; roundups are left out."""
    items: dict[str, set[str]] = {}
    for row in found:
        if row["kind"] != Kind.ROUNDUP:
            items.setdefault(str(row["item"]), set()).add(str(row["url"]))
    return {(one, two) for urls in items.values() for one in urls for two in urls if one < two}
