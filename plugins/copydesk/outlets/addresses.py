"""Shared addresses: canonical ones that pages of different articles name, and that are nobody's therefore.

    learned/addresses/<key of the address>.json    {"address": …}

Filed under one address, different articles would be states of one, and only the last would be seen. Two pages show
it: titles, texts and own addresses differ, and the canonical one is the same. From then on it is not believed, by
whichever page. A file for each, made once, so that workers need not agree; nothing is ever taken back.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

import orjson

from copydesk.cleaning.lines import fold
from copydesk.index import Index, Kind
from copydesk.index.article import Version, articles_of
from copydesk.index.records import from_record, load
from copydesk.index.state import CaptureRecord
from copydesk.model import Capture, Document
from copydesk.ports import Archive
from copydesk.urls import canonicalize, url_key

__all__ = [
    "Filed",
    "are_different",
    "clashing",
    "keep",
    "learn_from_versions",
    "shared_addresses",
    "shared_keys",
]

log = logging.getLogger(__name__)

FOLDER = "learned/addresses"

SAME_WORDS = 0.5
SAME_LINES = 0.2
"""Shares of the words of a title, and of the letters in lines, that two states of one article have in common at
least. A report that is rewritten keeps some of its paragraphs, or its headline."""

BATCH = 200


@dataclass(frozen=True, slots=True)
class Filed:
    """A document, and the addresses that its page was asked for and answered from."""

    document: Document
    own: frozenset[str]


def shared_keys(archive: Archive) -> frozenset[str]:
    """Keys of all addresses that are known to be shared."""
    return frozenset(name.rpartition("/")[2].removesuffix(".json") for name in archive.names(FOLDER))


def shared_addresses(archive: Archive) -> list[str]:
    """The addresses themselves, sorted."""
    contents = (archive.load(name) for name in archive.names(FOLDER))
    return sorted(orjson.loads(content)["address"] for content in contents if content)


def keep(archive: Archive, address: str) -> None:
    """Know an address as shared from now on. Idempotent."""
    if archive.create(f"{FOLDER}/{url_key(address)}.json", orjson.dumps({"address": address})):
        log.warning(
            "pages of different articles name one address as canonical, not believed: url=%s", address
        )


def clashing(index: Index, captures: Mapping[str, Capture], documents: Sequence[Document]) -> set[str]:
    """Addresses that documents of a batch share with one another, or with the articles that are known under them."""
    known = articles_of(index, sorted({one.id for one in documents}))
    asked = load(index, Kind.CAPTURES, CaptureRecord, [one.document.capture_id for one in known.values()])
    filed: dict[str, list[Filed]] = defaultdict(list)
    for article in known.values():
        if record := asked.get(article.document.capture_id):
            filed[article.document.id].append(_filed(article.document, record.url))
    for one in documents:
        capture = captures[one.capture_id]
        filed[one.id].append(_filed(one, capture.url, capture.final_url))
    return {
        one.document.url
        for same in filed.values()
        for one, other in combinations(same, 2)
        if are_different(one, other)
    }


def learn_from_versions(index: Index, archive: Archive) -> None:
    """Find shared addresses among what is filed as earlier states of articles, where this was not yet looked at."""
    index.refresh(Kind.VERSIONS, Kind.ARTICLES)
    versions = (from_record(Version, row.body).document for row in index.scan(Kind.VERSIONS))
    for batch in _batched(versions):
        articles = articles_of(index, sorted({one.id for one in batch}))
        current = [article.document for article in articles.values()]
        asked = load(index, Kind.CAPTURES, CaptureRecord, [one.capture_id for one in (*batch, *current)])
        filed = {
            one.capture_id: _filed(one, asked[one.capture_id].url)
            for one in (*batch, *current)
            if one.capture_id in asked
        }
        for one in batch:
            article = articles.get(one.id)
            pair = filed.get(one.capture_id), article and filed.get(article.document.capture_id)
            if pair[0] and pair[1] and are_different(pair[0], pair[1]):
                keep(archive, one.url)


def are_different(one: Filed, other: Filed) -> bool:
    """Whether two documents are of different articles: nothing of them is the same but the canonical address. Pure."""
    if one.own & other.own:
        return False
    titles = [{*fold_words(filed.document.title)} for filed in (one, other)]
    if not all(titles) or len(titles[0] & titles[1]) >= SAME_WORDS * min(map(len, titles)):
        return False
    lines = [{*map(fold, filed.document.text.split("\n"))} for filed in (one, other)]
    return _letters(lines[0] & lines[1]) < SAME_LINES * min(map(_letters, lines))


def fold_words(title: str) -> list[str]:
    """The words of a title, as they are compared; its characters where a script has no spaces. Pure."""
    words = [word for word in map(fold, title.split()) if word]
    return words if len(words) > 1 else list(fold(title))


def _letters(lines: set[str]) -> int:
    return sum(map(len, lines))


def _filed(document: Document, *asked: str) -> Filed:
    return Filed(document, frozenset(map(canonicalize, asked)))


def _batched(documents: Iterator[Document]) -> Iterator[list[Document]]:
    while batch := list(islice(documents, BATCH)):
        yield batch
