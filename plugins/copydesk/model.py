"""The nouns of Copydesk, as frozen values.

Times are aware UTC `datetime`; languages are BCP 47 primary tags or "und"; checksums are "sha256:<hex>".
Nothing here does input or output, or imports another module of ours but durations and outcomes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from copydesk.durations import Duration
from copydesk.outcomes import Reason

__all__ = [
    "LONGEST_NAME",
    "NO_PROFILE",
    "Alert",
    "Capture",
    "Document",
    "Entry",
    "Image",
    "Profile",
    "Rejection",
    "Removed",
    "Segment",
    "Source",
]

LONGEST_NAME = 200
"""Characters of the name of a source or topic, which is an id in the index, and of other keys of theirs."""


class Source(BaseModel):
    """A place that announces articles, as written in `sources.yml`.

    Attributes:
        url: Address of the feed, sitemap or section page; for an inbox the folder.
        outlet: Name of the site its pages stand on.
        publisher: Owner of the outlet; outlets of one publisher count once. Defaults to the outlet.
        language: What the source says it writes in; a hint that only breaks ties.
        remove, keep: CSS selectors of what is no part of an article, and of what is whatever else says otherwise.
        ring_first: Whether what the first poll finds may ring alerts; by default only what comes later does.
        every: Longest wait between two polls; what brings much is asked sooner, see `fetching.rhythm`.
        zone: What times of day of it and its pages mean that name no zone, such as Europe/Berlin; by default UTC.
        links: Of a section page, what the addresses of articles have in them: a regular expression.
        login, cookies: References such as "env:NAME" to what its server is told: "user:password", and "name=value; …".
        permission: Why its site may be read whatever robots.txt and its pages say to machines; by default it may not.
        max_age: What it dates longer ago than this is counted and not fetched; by default seven days for a sitemap.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=LONGEST_NAME)
    kind: Literal["rss", "atom", "json", "sitemap", "ninjs", "newsml", "section", "inbox"]
    url: str
    outlet: str = Field(max_length=LONGEST_NAME)
    publisher: str = Field(default="", max_length=LONGEST_NAME)
    language: str | None = Field(default=None, max_length=LONGEST_NAME)
    remove: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    ring_first: bool = False
    every: Duration = timedelta(minutes=15)
    zone: str = Field(default="", max_length=LONGEST_NAME)
    links: str = Field(default="", max_length=1000)
    login: str = Field(default="", max_length=LONGEST_NAME)
    cookies: str = Field(default="", max_length=LONGEST_NAME)
    permission: str = Field(default="", max_length=LONGEST_NAME)
    max_age: Duration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One announcement of an address by a source.

    Attributes:
        url: The address as announced, without fragment; for an inbox "inbox:<checksum of the content>".
        title, published_at: What the feed says, or None.
        updated_at: When the source says the page changed last, or None.
        body, content_type: The content itself and its media type when the source delivers it (inbox); else None and "".
        outlet: The site it stands on when that is not the source's outlet, as in an inbox of many; else "".
    """

    url: str
    source: str
    title: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    body: bytes | None = None
    content_type: str = ""
    outlet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One response exactly as received, with what was known when it was asked for.

    Attributes:
        id: Made of address and fetch time; the same capture has the same id wherever it is read.
        url: The address asked for; `final_url` the one that answered after redirects.
        first_seen_at: When the address was first announced; decides the month an article is kept in.
        kind: "page" for what is read into a Document, "feed" for feed documents and sitemaps.
        content_type: As the server said it, with charset; "" when it said nothing.
        body: The decoded content (transfer and content encodings undone), at most the page limit.
        entry_title, entry_published_at: What the announcement said, or None.
        quiet: Whether it was found by a first poll or by hand and so must not ring an alert.
        furniture: Number of the snapshot of what was known of the outlets' furniture by then, or None.
    """

    id: str
    url: str
    final_url: str
    source: str
    outlet: str
    publisher: str
    fetched_at: datetime
    first_seen_at: datetime
    kind: Literal["page", "feed"] = "page"
    status: int = 200
    content_type: str = ""
    body: bytes
    language: str | None = None
    entry_title: str | None = None
    entry_published_at: datetime | None = None
    quiet: bool = False
    furniture: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile of an outlet: what is known of how it makes its pages; all of it may be empty.

    Attributes:
        furniture: Lines that stand on many of its pages, as `cleaning.furniture.checksum` puts them.
        remove, keep: CSS selectors, see Source.
        shared: Keys of addresses that pages of different articles name as canonical, see `outlets.addresses`.
        zone: Meant by times that name none, see Source.
        permitted: Whether its pages may be read whatever they say to machines, see Source.
    """

    furniture: frozenset[str] = frozenset()
    remove: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset()
    zone: str = ""
    permitted: bool = False


NO_PROFILE = Profile()


@dataclass(frozen=True, slots=True)
class Removed:
    """A line that was taken out of a text: as it stood, by which rule, and how many kept lines stand before it."""

    text: str
    reason: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class Image:
    """An image of an article: its address, or "" when the page does not tell, and its caption, credit included."""

    url: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The article as we understand it.

    Attributes:
        id: Made of `url`, the canonical address.
        sources: Names of all sources that announced it, sorted.
        text: Kept paragraphs, one a line; never empty.
        checksum: Of title and text: equal checksums mean the same state of the article.
        standfirst, dateline, section, site_name, agency: As the page gives them, or None.
        image, modified_at: Address of the lead image, and the last change the page declares, or None.
        published_at: With time of day where the page gives one; None when nobody says.
        removed: Every line that was taken out, with its reason.
        form: "live" for a live blog, "partial" for a teaser before a paywall; () for a whole report.
        doubts: Declared times that cannot be true, and what was made of them; text that stands nowhere.
        images: Images of the article with their captions, which are kept apart from the text; in order.
    """

    id: str
    url: str
    sources: tuple[str, ...]
    outlet: str
    publisher: str
    title: str
    text: str
    language: str
    checksum: str
    capture_id: str
    fetched_at: datetime
    first_seen_at: datetime
    published_at: datetime | None = None
    modified_at: datetime | None = None
    authors: tuple[str, ...] = ()
    agency: str | None = None
    dateline: str | None = None
    standfirst: str | None = None
    section: str | None = None
    site_name: str | None = None
    image: str | None = None
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    removed: tuple[Removed, ...] = ()
    form: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why something left the street.

    Attributes:
        url, capture_id: The address and the capture concerned; None when there is no capture.
        step: The verb that gave up: read, work, store.
        detail: One line for a person; "" when the reason says it all.
    """

    url: str
    capture_id: str | None
    step: str
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A closed, immutable WARC file of the archive: its name and how many pages it holds."""

    name: str
    captures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One topic met by one story.

    Attributes:
        id: Made of topic and story: a story rings once per topic, however many copies it has.
        first_outlet: Who had it first; `agency` whose text it is, or None when unknown.
        outlets, publishers: How many carried the story when it rang.
        matched: The words and phrases of the topic that the text holds.
        url, title, published_at: Of the article that is shown.
        is_untitled: Whether it has no title, so that its first sentence stands for one.
        is_partial: Whether only its beginning can be read, before a paywall.
        links: Other outlets' articles of the story.
        channels: Where it is to be told, as the topic said when it rang.
        digest_at: The moment of the digest that it waits for; None where it is told at once.
        topics: Where it stands for alerts of several topics about the story, all of these.
        topic_titles: Their titles, one each; a title may hold a comma, so `topic_title` cannot be taken apart.
    """

    id: str
    topic: str
    topic_title: str
    story: str
    article: str
    title: str
    url: str
    language: str
    first_outlet: str
    agency: str | None = None
    outlets: int
    publishers: int
    matched: tuple[str, ...] = ()
    snippet: str
    published_at: datetime | None = None
    created_at: datetime
    links: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    is_untitled: bool = False
    is_partial: bool = False
    topics: tuple[str, ...] = ()
    topic_titles: tuple[str, ...] = ()
    digest_at: datetime | None = None
