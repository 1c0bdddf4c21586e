"""What we put into Kibana: a data view of the articles and a first Discover session, as saved objects. Pure.

`python -m copydesk.adapters.kibana.objects > config/kibana/copydesk.ndjson` writes the file that
`adapters.kibana.client` and Kibana's own import (Stack Management, Saved objects) take. The format is checked by
tests; it has been opened in no live Kibana.
"""

import sys
from collections.abc import Mapping
from typing import Final

import orjson

from copydesk.index import Json

__all__ = ["COLUMNS", "TIME_FIELD", "build"]

TIME_FIELD: Final = "published_at"
COLUMNS: Final = ("title", "outlet", "language", "family", "story")

# Kibana brings older objects forward and refuses newer ones, so these are the oldest that it still knows.
CORE_VERSION: Final = "8.8.0"
TYPE_VERSION: Final = "8.0.0"

DATA_VIEW: Final = "copydesk-articles"
SESSION: Final = "copydesk-newest"
INDEX_REFERENCE: Final = "kibanaSavedObjectMeta.searchSourceJSON.index"


def build(prefix: str = "copydesk-") -> bytes:
    """The saved objects as NDJSON, one a line; `prefix` is that of the index names. Same input, same bytes."""
    return b"".join(
        orjson.dumps(made, option=orjson.OPT_SORT_KEYS) + b"\n" for made in (_data_view(prefix), _session())
    )


def _data_view(prefix: str) -> Mapping[str, Json]:
    return _saved(
        "index-pattern",
        DATA_VIEW,
        {
            "title": f"{prefix}articles",
            "name": "Copydesk articles",
            "timeFieldName": TIME_FIELD,
            "fieldAttrs": _inner({}),
            "runtimeFieldMap": _inner({}),
        },
    )


def _session() -> Mapping[str, Json]:
    source: Json = {
        "query": {"query": "", "language": "kuery"},
        "filter": [],
        "indexRefName": INDEX_REFERENCE,
    }
    return _saved(
        "search",
        SESSION,
        {
            "title": "Copydesk: newest articles",
            "description": "What came in, newest first, with the copy family and the story of each article.",
            "columns": COLUMNS,
            "sort": [[TIME_FIELD, "desc"]],
            "grid": {},
            "hideChart": False,
            "kibanaSavedObjectMeta": {"searchSourceJSON": _inner(source)},
        },
        {"type": "index-pattern", "id": DATA_VIEW, "name": INDEX_REFERENCE},
    )


def _saved(kind: str, id_: str, attributes: Mapping[str, Json], *references: Json) -> Mapping[str, Json]:
    return {
        "type": kind,
        "id": id_,
        "attributes": attributes,
        "references": references,
        "coreMigrationVersion": CORE_VERSION,
        "typeMigrationVersion": TYPE_VERSION,
        "managed": False,
    }


def _inner(value: Json) -> str:
    """JSON as text inside JSON, as Kibana keeps it."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


if __name__ == "__main__":
    sys.stdout.buffer.write(build())
