"""What the made news world consists of: outlets, items, pages and the schedule. Plain values, no effects."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a page came about."""

    RAW = "raw"  # the agency's text word for word
    LIGHT = "light"  # another title, other words here and there
    CUT = "cut"  # paragraphs left out, mostly from the end
    EXPANDED = "expanded"  # the whole text and paragraphs of the outlet's own
    REWRITTEN = "rewritten"  # every sentence in other words, quotes kept
    UPDATED = "updated"  # a later state of the item with a new lead
    ROUNDUP = "roundup"  # several items in brief
    SINGLE = "single"  # nobody else has it
    FORM = "form"  # same form as others, other figures: joins nothing


@dataclass(frozen=True, kw_only=True)
class Feed:
    """One place where an outlet announces its pages.

    Attributes:
        name: the source's name in sources.yml.
        kind: "rss", "atom" or "sitemap".
        path: where it stands on the outlet; a sitemap path may be an index of further files.
        section: only pages of this section ("" for all).
        language: only pages of this language ("" for all).
        fulltext: whether the whole text travels in the feed, with the time of its last change (RSS only).
        tracked: whether announced addresses carry a tracking query the page's canonical link lacks.
    """

    name: str
    kind: str
    path: str
    section: str = ""
    language: str = ""
    fulltext: bool = False
    tracked: bool = False


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """A site: its address is decided when the world is served.

    Attributes:
        name: short name; a key everywhere, and the host's first label.
        title: what its pages call it.
        publisher: the owner; outlets of one publisher count once.
        languages: one for a paper, several for an agency.
        template: file name under ``templates/`` without its ending.
        metadata: any of "jsonld", "og", "time", "canonical".
        canonical: whose address a wire copy names as canonical: "self" or "agency".
        credit: how a copy names its agency: "dateline", "byline", "line" or "none".
        sections: paths under which pages stand, the first is the usual one.
        disallowed: a section robots.txt forbids though the feed announces it ("" for none).
        agency: short form used in datelines and credits; "" for a paper.
    """

    name: str
    title: str
    publisher: str
    languages: tuple[str, ...]
    template: str
    feeds: tuple[Feed, ...]
    metadata: frozenset[str]
    canonical: str = "self"
    credit: str = "dateline"
    sections: tuple[str, ...] = ("news",)
    disallowed: str = ""
    agency: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One agency's text on one event, or an outlet's own text (agency "")."""

    id: str
    event: str
    language: str
    agency: str
    title: str
    paragraphs: tuple[str, ...]
    captions: tuple[str, ...]
    place: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """One state of one published page.

    Attributes:
        at: world second at which this state appears.
        until: world second at which a later state replaces it at the same address; None for the last.
        first_at: world second of the first state at this address.
        items: the items a roundup holds; else just the page's own.
        source_page: outlet and path of the agency's page, "" where there is none.
    """

    outlet: str
    path: str
    section: str
    language: str
    kind: Kind
    item: str
    event: str
    items: tuple[str, ...]
    title: str
    paragraphs: tuple[str, ...]
    captions: tuple[str, ...]
    authors: tuple[str, ...]
    agency: str
    credit: str
    at: int
    first_at: int
    until: int | None = None
    source_page: tuple[str, str] | None = None

    def is_shown(self, now: float) -> bool:
        """Whether this state is what a visitor sees at world second ``now``."""
        return self.at <= now and (self.until is None or now < self.until)


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything that will be published, and when. Pages are ordered by time."""

    seed: int
    size: int
    start: dt.datetime
    outlets: tuple[Outlet, ...]
    pages: tuple[Page, ...]
    items: Mapping[str, Item]
    facts: Mapping[str, Mapping[str, str]]

    def time_of(self, second: int) -> dt.datetime:
        """The date a world second stands for."""
        return self.start + dt.timedelta(seconds=second)

    def outlet(self, name: str) -> Outlet:
        """The outlet of that name; KeyError if there is none."""
        for outlet in self.outlets:
            if outlet.name == name:
                return outlet
        raise KeyError(name)

    @property
    def end(self) -> int:
        """The world second of the last publication."""
        return max((page.at for page in self.pages), default=0)
