"""Learn: articles of the index → the next snapshot of what is furniture, a line that stands on page after page.

Nothing is counted along the way: what an outlet printed lately is looked at anew each time, kept and removed lines
alike. So a snapshot depends on nothing but articles and time, and whoever makes it twice makes the same one.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import fsum

from copydesk.cleaning.furniture import checksum
from copydesk.cleaning.lines import fold, measure, tidy
from copydesk.index import Index, Kind
from copydesk.index.article import Article
from copydesk.index.records import from_record
from copydesk.model import Document
from copydesk.outlets import snapshots
from copydesk.ports import Archive

__all__ = ["Printed", "furniture_among", "learn", "lines_of", "printed"]

log = logging.getLogger(__name__)

LATELY = 200
"""Articles of an outlet that are looked at: its newest. What a page has to show for itself is seen on those."""

STORIES = 3
"""Stories from which a line is furniture. Stories, not pages: a wire text at three addresses, or the paragraph that
runs through all reports on one matter, is none."""

SURE_STORIES, SURE_SHARE = 5, 0.1
"""The same for a line that looks like a paragraph, or is a subhead, and the least share of the stories: background
is repeated too, but not on every tenth page of an outlet."""

HALF_LIFE = timedelta(days=7)
LEAST = 1.0
"""Weight of a line's stories together, each halved every seven days: three stories last for eleven days, a hundred
for six weeks."""

SHORTEST = 3
"""Letters of a line that can be furniture; "Q" and "A" stand in interviews."""

MOST = 500
"""Lines remembered of an outlet."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What is looked at of an article: its story, when it was first seen, and its lines, see `lines_of`."""

    story: str
    seen_at: datetime
    lines: tuple[str, ...]


def learn(index: Index, archive: Archive, now: datetime) -> int | None:
    """Make the next snapshot; its number, or None when nothing new is known or another maker was quicker.

    Raises ArchiveError when the newest one is broken.
    """
    index.refresh(Kind.ARTICLES)
    outlets = (
        outlet for (outlet,), articles in index.count(Kind.ARTICLES, "outlet").items() if articles >= STORIES
    )
    learned = {outlet: furniture_among(_lately(index, outlet), now) for outlet in outlets}
    known = {outlet: lines for outlet, lines in learned.items() if lines}
    before = snapshots.newest(archive)
    if known == (snapshots.load(archive, before) if before else {}):
        return None
    number = snapshots.freeze(archive, known)
    log.info("learn snapshot=%s outlets=%d lines=%d", number, len(known), sum(map(len, known.values())))
    return number


def _lately(index: Index, outlet: str) -> Iterator[Printed]:
    rows = index.find(Kind.ARTICLES, {"outlet": outlet}, sort="-first_seen_at", limit=LATELY)
    articles = (from_record(Article, row.body) for row in rows)
    # a roundup is made of other articles' lines
    return (printed(article) for article in articles if not article.judgement.contains)


def printed(article: Article) -> Printed:
    """What is looked at of an article as the index holds it. Pure."""
    document = article.document
    return Printed(article.judgement.story, document.first_seen_at, lines_of(document))


def lines_of(document: Document) -> tuple[str, ...]:
    """The standfirst and the lines of a document, kept and removed: what of its page may be its outlet's."""
    removed = (line.text for line in document.removed)
    return (document.standfirst or "", *document.text.split("\n"), *removed)


def furniture_among(pages: Iterable[Printed], now: datetime) -> frozenset[str]:
    """Checksums of the lines that are furniture, of the articles of one outlet, each given once in any order. Pure."""
    seen: dict[str, dict[str, datetime]] = defaultdict(dict)
    prose: dict[str, bool] = {}
    stories: set[str] = set()
    for page in pages:
        stories.add(page.story)
        for line in filter(_can_be, map(tidy, page.lines)):
            letters = fold(line)
            seen[letters][page.story] = max(page.seen_at, seen[letters].get(page.story, page.seen_at))
            prose[letters] = prose.get(letters, False) or measure(line).prose
    sure = max(SURE_STORIES, SURE_SHARE * len(stories))
    weights = {
        letters: fsum(_weight(now - last) for last in times.values())
        for letters, times in seen.items()
        if len(times) >= (sure if prose[letters] else STORIES)
    }
    heaviest = sorted(weights, key=lambda letters: (-weights[letters], letters))
    found = [letters for letters in heaviest[:MOST] if weights[letters] >= LEAST]
    subheads = [letters for letters in found if len(seen[letters]) >= sure]
    return frozenset((*map(checksum, found), *(checksum(letters, subhead=True) for letters in subheads)))


def _can_be(line: str) -> bool:
    """Whether a line has enough letters; rows of tables, the same under every match and every poll, are content."""
    letters = fold(line)
    return len(letters) >= SHORTEST and not letters.isdigit() and not line.startswith("|")


def _weight(age: timedelta) -> float:
    return float(0.5 ** (max(age, timedelta()) / HALF_LIFE))
