"""How each kind is kept in Elasticsearch, as data. Pure.

Mappings are strict: a field that is not listed here is refused, so that a misspelt one cannot settle. One
language-neutral analyzer serves every text, which makes a topic match the same on every server.
"""

from collections.abc import Mapping

from copydesk.index import Kind
from copydesk.index.fields import (
    ARTICLE,
    COUNT,
    DATE,
    FLAG,
    HASHES,
    JUDGEMENT,
    KEY,
    LABEL,
    OPAQUE,
    SHARE,
    STEMS,
    TEXT,
    WORDS,
    Properties,
)

__all__ = [
    "DOCUMENT_BYTES",
    "FOLLOWING",
    "ID_BYTES",
    "MAPPING_VERSION",
    "PROPERTIES",
    "SEARCHED",
    "TERM_BYTES",
    "UNKEPT",
]

MAPPING_VERSION = 6
"""Goes up with each change after which documents that are in an index already would be kept or found otherwise.

Every index of derived kinds bears the version it was made under; an older one is named by `copydesk status` and the
alarm, and a replay makes it anew.
"""

ID_BYTES = 512
TERM_BYTES = 32_766
"""Elasticsearch's limits for an id, and for a value of a keyword field."""

DOCUMENT_BYTES = 50 * 1024 * 1024
"""Ours: a server closes the connection on a request over 100 MB, and one document of half that size is no article."""

UNKEPT: Mapping[Kind, tuple[str, ...]] = {Kind.FINGERPRINTS: ("names", "quotes", "terms")}
"""Fields that are searched but never given back, half the size of their documents: they follow from the others.

Whoever copies such a document from one index to another has to make them anew.
"""

FOLLOWING: Properties = {
    "first_sentence": LABEL,
    "word_count": COUNT,
    "is_original": FLAG,
    "found_after": COUNT,
}
"""What follows from an article's other fields and is kept for those who count and chart, see `article.to_body`."""

SEARCHED: Properties = {
    "exact_title": WORDS,
    "exact_body": WORDS,
    "stem_title": STEMS,
    "stem_body": STEMS,
    "loose_title": HASHES,
    "loose_body": HASHES,
    "labels": HASHES,
    "dated_at": DATE,
}
"""What is searched of an article and never given back: it follows from the rest, and is made anew with each writing."""

PROPERTIES: Mapping[Kind, Properties] = {
    Kind.ARTICLES: {**ARTICLE, **FOLLOWING, **SEARCHED},
    Kind.VERSIONS: {**ARTICLE, "article": KEY},
    Kind.CAPTURES: {
        "id": KEY,
        "segment": KEY,
        "source": KEY,
        "outlet": KEY,
        "url": KEY,
        "first_seen_at": DATE,
        "outcome": KEY,
        "article": KEY,
        "step": KEY,
        "reason": KEY,
        "detail": LABEL,
    },
    Kind.FINGERPRINTS: {
        "scheme": KEY,
        "outlet": KEY,
        "publisher": KEY,
        "agency": LABEL,
        "checksum": OPAQUE,
        "first_seen_at": DATE,
        "published_at": DATE,
        "terms": HASHES,
        "quotes": HASHES,
        "names": HASHES,
        "size": OPAQUE,
        "halvings": OPAQUE,
        "hashes": OPAQUE,
        "sections": OPAQUE,
        "items": OPAQUE,
        "is_partial": OPAQUE,
        "marks": OPAQUE,
    },
    Kind.JUDGEMENTS: {**JUDGEMENT, "checksum": KEY},
    Kind.FAMILIES: {
        "id": KEY,
        "story": KEY,
        "original": KEY,
        "members": KEY,
        "agency": LABEL,
        "publishers": COUNT,
        "carriers": OPAQUE,
        "elections": OPAQUE,
        "merged_into": KEY,
        "first_seen_at": DATE,
        "last_seen_at": DATE,
    },
    Kind.STORIES: {
        "id": KEY,
        "families": KEY,
        "follows": KEY,
        "absorbed": KEY,
        "told": KEY,
        "merged_into": KEY,
        "root": KEY,
        "kin": KEY,
        "ruled": KEY,
        "first_seen_at": DATE,
        "last_seen_at": DATE,
    },
    Kind.LEDGER: {
        "url": KEY,
        "host": KEY,
        "shard": COUNT,
        "source": KEY,
        "sources": KEY,
        "first_seen_at": DATE,
        "outcome": KEY,
        "reason": KEY,
        "detail": LABEL,
        "attempts": COUNT,
        "retry_at": DATE,
        "leased_until": DATE,
        "entry_title": OPAQUE,
        "entry_titles": OPAQUE,
        "entry_published_at": DATE,
        "entry_updated_at": DATE,
        "fetched_at": DATE,
        "etag": OPAQUE,
        "last_modified": OPAQUE,
        "capture_id": KEY,
        "outlet": KEY,
        "publisher": KEY,
        "language": KEY,
        "quiet": FLAG,
        "announced_at": DATE,
        "hops": COUNT,
    },
    Kind.SEGMENTS: {
        "name": KEY,
        "captures": COUNT,
        "registered_at": DATE,
        "leased_until": DATE,
        "processed_at": DATE,
        "attempts": COUNT,
        "retry_at": DATE,
        "reason": KEY,
        "detail": LABEL,
    },
    Kind.POLLS: {
        "source": KEY,
        "url": OPAQUE,
        "parent": OPAQUE,
        "depth": COUNT,
        "polled_at": DATE,
        "read_at": DATE,
        "new_at": DATE,
        "changed_at": DATE,
        "next_poll_at": DATE,
        "etag": OPAQUE,
        "last_modified": OPAQUE,
        "failures": COUNT,
        "outcome": KEY,
        "reason": KEY,
        "detail": LABEL,
        **dict.fromkeys(("entries", "left_out", "parts", "unread", "asked", "same", "fresh"), COUNT),
        "empty_since": DATE,
        "moved_to": OPAQUE,
        "moved_at": DATE,
        "rhythm": OPAQUE,
        "rhythm_at": DATE,
        "hint": COUNT,
        "early": COUNT,
        "whole_at": DATE,
        "untrusted": FLAG,
        "overflow_at": DATE,
        "day": DATE,
        "per_day": COUNT,
        "quiet": FLAG,
        "paused_at": DATE,
        "paused_by": LABEL,
        "hub": OPAQUE,
        "hub_topic": OPAQUE,
        "hub_at": DATE,
        "hub_until": DATE,
        "hub_said": LABEL,
        "pushed_at": DATE,
        "leased_until": DATE,
    },
    Kind.ALERTS: {
        "id": KEY,
        "topic": KEY,
        "topic_title": LABEL,
        "story": KEY,
        "article": KEY,
        "title": TEXT,
        "url": KEY,
        "language": KEY,
        "first_outlet": LABEL,
        "agency": LABEL,
        "outlets": COUNT,
        "publishers": COUNT,
        "matched": LABEL,
        "snippet": TEXT,
        "published_at": DATE,
        "created_at": DATE,
        "links": LABEL,
        "channels": KEY,
        "is_untitled": FLAG,
        "is_partial": FLAG,
        "topics": KEY,
        "digest_at": DATE,
        "rung_after": COUNT,
    },
    Kind.DELIVERIES: {
        "id": KEY,
        "alert": KEY,
        "also": KEY,
        "digest_at": DATE,
        "channel": KEY,
        "created_at": DATE,
        "state": KEY,
        "attempts": COUNT,
        "retry_at": DATE,
        "leased_until": DATE,
        "sent_at": DATE,
        "tried_since": DATE,
        "tried_at": DATE,
        "accepted": LABEL,
        "gone": FLAG,
        "detail": LABEL,
    },
    Kind.TOLD: {
        "topic": KEY,
        "article": KEY,
        "at": DATE,
        "alert": KEY,
        "reason": KEY,
        "detail": LABEL,
        "attempts": COUNT,
        "retry_at": DATE,
    },
    Kind.TAKEDOWNS: {"id": KEY, "target": KEY, "at": DATE},
    Kind.HOSTS: {
        "origin": KEY,
        "next_at": DATE,
        "asked_at": DATE,
        "turns": COUNT,
        "closed_until": DATE,
        "refusals": COUNT,
        "robots_at": DATE,
        "robots_status": COUNT,
        "crawl_delay": SHARE,
        "requests": COUNT,
        "received": COUNT,
        "same": COUNT,
        "least_gap": SHARE,
    },
    Kind.RULINGS: {"id": KEY, "pairs": OPAQUE},
    # A write that was refused, whole, so that it can be sent again once the mapping has been mended.
    Kind.REFUSED: {
        "kind": KEY,
        "document": KEY,
        "body": OPAQUE,
        "version": COUNT,
        "reason": LABEL,
        "at": DATE,
    },
}
"""Fields of each kind; those of the records in `model`, and the few that steps add."""
