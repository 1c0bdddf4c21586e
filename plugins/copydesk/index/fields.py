"""How a field may be kept in Elasticsearch, and the fields that several kinds have in common, as data. Pure."""

from collections.abc import Mapping

from copydesk.index import Json

__all__ = [
    "ARTICLE",
    "COLUMN",
    "COUNT",
    "DATE",
    "FLAG",
    "HASHES",
    "JUDGEMENT",
    "KEY",
    "LABEL",
    "OPAQUE",
    "SHARE",
    "STEMS",
    "TEXT",
    "WORDS",
    "Properties",
]

Properties = Mapping[str, Json]

KEY: Json = {"type": "keyword"}
# A label too long for a term (32,766 bytes, four at most a character) is kept and returned, but not searched.
LABEL: Json = {"type": "keyword", "ignore_above": 8191}
DATE: Json = {"type": "date"}
COUNT: Json = {"type": "long"}
SHARE: Json = {"type": "float"}
FLAG: Json = {"type": "boolean"}
TEXT: Json = {"type": "text"}
OPAQUE: Json = {"type": "object", "enabled": False}
# Only asked "how many of these are in it": no scores, no positions, no columns.
HASHES: Json = {"type": "keyword", "doc_values": False, "norms": False, "index_options": "docs"}
# Only given back: fifty ids out of packed documents cost a look-up three times what finding them does.
COLUMN: Json = {"type": "keyword", "index": False}

# The words are made before, see `query.columns`: every server splits at spaces, and none needs an analyzer.
WORDS: Json = {"type": "text", "analyzer": "whitespace", "norms": False}
STEMS: Json = {"type": "text", "analyzer": "whitespace"}

EVIDENCE: Json = {
    "properties": {
        "other": KEY,
        "containment": SHARE,
        "quotes": COUNT,
        "facts": SHARE,
        "title": SHARE,
        "kept": SHARE,
        "added": SHARE,
        "by_hand": FLAG,
    },
}

JUDGEMENT: Properties = {
    "family": KEY,
    "story": KEY,
    "duplicate_of": KEY,
    "contains": KEY,
    "evidence": EVIDENCE,
    "revision": COUNT,
}

ARTICLE: Properties = {
    "id": KEY,
    "url": KEY,
    "sources": KEY,
    "outlet": KEY,
    "publisher": KEY,
    "title": TEXT,
    "standfirst": TEXT,
    "text": TEXT,
    "language": KEY,
    "checksum": KEY,
    "capture_id": KEY,
    "fetched_at": DATE,
    "first_seen_at": DATE,
    "published_at": DATE,
    "modified_at": DATE,
    "authors": LABEL,
    "agency": LABEL,
    "dateline": LABEL,
    "section": LABEL,
    "site_name": LABEL,
    "image": LABEL,
    "tags": LABEL,
    "images": OPAQUE,
    "removed": OPAQUE,
    "form": KEY,
    "doubts": LABEL,
    **JUDGEMENT,
}
