"""The small made world of a seed: what its sites publish when, and what is true of it.

It goes on in phases, days apart: stock that is there before anybody looks, news, changes, the rest. What a site
shows is the same for all of a phase, so whatever fails meanwhile, all of it can still be learned.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from random import Random

from copydesk.channels import LogChannel
from copydesk.config.topics import TopicsFile
from copydesk.model import Source
from copydesk.topic import Topic
from made.texts import paragraphs
from made.world import START

__all__ = ["LAST", "SOURCES", "TOPICS", "Made", "Page", "State", "begin_of", "make", "names_of"]

STOCK, NEWS, CHANGES, LAST = range(4)
TEXTS = 60
"""Texts that worlds draw from."""

OUTLETS = ("alder", "birch", "cedar", "dogwood", "elm")
WORDS = ("bridge", "harbour", "tunnel")
TOPICS = TopicsFile(
    topics=tuple(Topic(name=word, any=(word,), channels=("desk", "night")) for word in WORDS),
    channels={"desk": LogChannel(kind="log"), "night": LogChannel(kind="log")},
)


def _source(name: str, kind: str, outlet: str, **more: object) -> Source:
    url = {"inbox": name, "sitemap": f"https://{outlet}.example/sitemap.xml"}.get(
        kind, f"https://{outlet}.example/{name}.xml"
    )
    return Source.model_validate({"name": name, "kind": kind, "url": url, "outlet": outlet, **more})


SOURCES = (
    _source("alder", "rss", "alder"),
    _source("alder-town", "rss", "alder"),  # announces pages of the first again
    _source("birch", "atom", "birch"),
    _source("cedar", "sitemap", "cedar"),  # an index of two
    _source("dogwood", "rss", "dogwood", ring_first=True),
    _source("elm", "inbox", "elm"),
)


@dataclass(frozen=True)
class State:
    """A page as it stands from a phase on."""

    since: int
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """One page through its life.

    Attributes:
        events: What it reports; a roundup several events, a page nobody else has none.
        dated: Whether it says when it was published.
        trouble: "gone" or "no text", when that is what it will ever be.
    """

    url: str
    outlet: str
    published_at: datetime
    states: tuple[State, ...]
    events: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    dated: bool = True
    trouble: str = ""

    def at(self, phase: int) -> State | None:
        """What stands there in a phase, if anything does."""
        return next((state for state in reversed(self.states) if state.since <= phase), None)

    def html(self, state: State) -> bytes:
        """The page as it is served."""
        dated = f'<meta property="article:published_time" content="{self.published_at.isoformat()}">'
        lines = () if self.trouble == "no text" else state.lines
        text = "".join(f"<p>{escape(line)}</p>" for line in lines)
        return (
            f'<html lang="en"><head><title>{escape(state.title)}</title>{dated if self.dated else ""}'
            f'<link rel="canonical" href="{self.url}"></head>'
            f"<body><article><h1>{escape(state.title)}</h1>{text}</article></body></html>"
        ).encode()


@dataclass(frozen=True)
class Made:
    """A made world.

    Attributes:
        pages: By address.
        forgotten: What is taken down in the last phase: an address or the name of an outlet.
    """

    pages: dict[str, Page]
    forgotten: str

    def announced(self, source: Source, phase: int) -> list[tuple[Page, State]]:
        """What a source announces in a phase."""
        shown = ((page, page.at(phase)) for page in self.pages.values() if source.name in page.sources)
        return [(page, state) for page, state in shown if state is not None]

    def is_forgotten(self, page: Page) -> bool:
        """Whether the takedown is about this page."""
        return self.forgotten in {page.url, page.outlet}


def begin_of(phase: int) -> datetime:
    """When a phase begins."""
    return START + timedelta(days=phase, hours=12)


def names_of(page: Page) -> str:
    """The one event of a page, or what to call it otherwise."""
    return "+".join(page.events) or page.url


def make(number: int) -> Made:
    """The world of a number; some of its pages say nowhere when they were published."""
    chance = Random(f"world {number}")
    texts = chance.sample(range(TEXTS), 12)
    minutes = iter(sorted(chance.sample(range(5, 700), 40)))
    pages = [
        *_carried(chance, "bridge", texts[0], minutes, phases=(STOCK, NEWS, NEWS, CHANGES)),
        *_carried(chance, "harbour", texts[1], minutes, phases=(NEWS, NEWS, CHANGES, LAST)),
        *_carried(chance, "tunnel", texts[2], minutes, phases=(STOCK, STOCK)),  # which must stay quiet
        *_carried(chance, "", texts[3], minutes, phases=(CHANGES, LAST)),
    ]
    for place, phase in enumerate((STOCK, STOCK, NEWS, CHANGES, LAST)):
        outlet = chance.choice(OUTLETS)
        state = State(phase, f"Council notes {texts[4 + place]}", _own(texts[4 + place]))
        pages.append(_page(outlet, f"own{place}", phase, next(minutes), state))
    pages.append(_roundup(chance, texts, next(minutes)))
    pages.append(_troubled("gone", "birch", next(minutes)))
    pages.append(_troubled("no text", "alder", next(minutes)))
    early = [at for at, page in enumerate(pages) if page.states[0].since < CHANGES and not page.trouble]
    changed = chance.sample(early, 3)
    pages = [_changed(page, texts[11] + 100 * at) if at in changed else page for at, page in enumerate(pages)]
    pages = [Page(**{**vars(page), "dated": not page.events or chance.random() < 1 / 2}) for page in pages]
    known = [page for page in pages if page.states[0].since < LAST and not page.trouble]
    target = chance.choice([chance.choice(known).url, chance.choice(OUTLETS[1:])])
    return Made({page.url: page for page in pages}, target)


def _carried(
    chance: Random, word: str, text: int, minutes: Iterator[int], *, phases: Sequence[int]
) -> list[Page]:
    """An agency text in as many outlets as phases, one each: whole first, then in whatever form."""
    wire = paragraphs(text)
    own = paragraphs(text + 5000, 3)
    forms = {"whole": wire, "cut": wire[:5], "longer": [own[0], *wire[:6], *own[1:]]}
    lead = (
        f"The {word} at Aldmoor was closed on Monday after an inspection, the council said." if word else ""
    )
    pages: list[Page] = []
    for outlet, phase in zip(chance.sample(OUTLETS, len(phases)), phases, strict=True):
        form = chance.choice(list(forms)) if pages else "whole"
        lines = (lead, *forms[form]) if lead else tuple(forms[form])
        title = f"Aldmoor {word} closed, {outlet} has learned" if word else f"Report {text} in {outlet}"
        name = f"{word or 'plain'}-{form}"
        pages.append(
            _page(outlet, name, phase, next(minutes), State(phase, title, lines), word or f"text {text}")
        )
    return pages


def _own(text: int) -> tuple[str, ...]:
    return tuple(paragraphs(text, 6))


def _page(outlet: str, name: str, phase: int, minute: int, state: State, *events: str) -> Page:
    sources = tuple(
        source.name
        for source in SOURCES
        if source.outlet == outlet and (source.name != "alder-town" or minute % 2)
    )
    url = f"https://{outlet}.example/{name}-{minute}.html"
    return Page(
        url, outlet, START + timedelta(days=phase, minutes=minute), (state,), events=events, sources=sources
    )


def _roundup(chance: Random, texts: Sequence[int], minute: int) -> Page:
    """One page that holds the beginnings of three others."""
    items = [line for text in (texts[0], texts[6], texts[3]) for line in paragraphs(text)[:4]]
    state = State(CHANGES, "The day in brief", tuple(items))
    return _page(chance.choice(OUTLETS[:4]), "brief", CHANGES, minute, state)


def _troubled(trouble: str, outlet: str, minute: int) -> Page:
    page = _page(outlet, trouble.replace(" ", "-"), NEWS, minute, State(NEWS, trouble.capitalize(), ("",)))
    return Page(**{**vars(page), "trouble": trouble})


def _changed(page: Page, text: int) -> Page:
    """The page, with a further paragraph and another title from the phase of changes on."""
    first = page.states[0]
    further = State(CHANGES, f"{first.title}, corrected", (*first.lines, *paragraphs(text, 1)))
    return Page(**{**vars(page), "states": (first, further)})
