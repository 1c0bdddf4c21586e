"""What we put into Kibana, as saved objects: data views, a Discover session, and the compiled dashboards. Pure.

The dashboards are written in `config/kibana/*.yml` and compiled to `dashboards.ndjson` by `make dashboards`; they know
data views by their ids, so that a prefix of index names changes the data views alone. The format is checked by tests;
it has been opened in no live Kibana.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import orjson

from copydesk.index import Json, Kind

__all__ = ["COLUMNS", "VIEWS", "DataView", "build"]


@dataclass(frozen=True, slots=True)
class DataView:
    """A data view: the kinds that it shows as one, and by which of their times."""

    id: str
    name: str
    kinds: Sequence[Kind]
    time_field: str


VIEWS: Final = (
    # not by `published_at`, which a page may lack or claim wrongly: no range of time would show such articles
    DataView("copydesk-articles", "Copydesk articles", (Kind.ARTICLES,), "first_seen_at"),
    DataView("copydesk-families", "Copydesk copy families", (Kind.FAMILIES,), "first_seen_at"),
    DataView("copydesk-ledger", "Copydesk announced addresses", (Kind.LEDGER,), "first_seen_at"),
    DataView("copydesk-captures", "Copydesk fetched pages", (Kind.CAPTURES,), "first_seen_at"),
    DataView("copydesk-segments", "Copydesk segments of the archive", (Kind.SEGMENTS,), "registered_at"),
    DataView("copydesk-polls", "Copydesk polls", (Kind.POLLS,), "polled_at"),
    DataView(
        "copydesk-alerts", "Copydesk alerts and deliveries", (Kind.ALERTS, Kind.DELIVERIES), "created_at"
    ),
)
ARTICLES: Final = VIEWS[0]
COLUMNS: Final = ("title", "outlet", "published_at", "agency", "url")

# Kibana brings older objects forward and refuses newer ones, so these are the oldest that it still knows.
CORE_VERSION: Final = "8.8.0"
TYPE_VERSION: Final = "8.0.0"

SESSION: Final = "copydesk-newest"
INDEX_REFERENCE: Final = "kibanaSavedObjectMeta.searchSourceJSON.index"
FILTER_REFERENCE: Final = "kibanaSavedObjectMeta.searchSourceJSON.filter[0].meta.index"


def build(prefix: str = "copydesk-") -> bytes:
    """The saved objects as NDJSON, one a line; `prefix` is that of the index names. Same input, same bytes."""
    made = [*(_data_view(view, prefix) for view in VIEWS), _session()]
    ours = b"".join(orjson.dumps(one, option=orjson.OPT_SORT_KEYS) + b"\n" for one in made)
    return ours + files(__package__).joinpath("dashboards.ndjson").read_bytes()


def _data_view(view: DataView, prefix: str) -> Mapping[str, Json]:
    address: Json = {"id": "url", "params": {"urlTemplate": "{{rawValue}}", "labelTemplate": "{{value}}"}}
    return _saved(
        "index-pattern",
        view.id,
        {
            "title": ",".join(f"{prefix}{kind}" for kind in view.kinds),
            "name": view.name,
            "timeFieldName": view.time_field,
            "fieldAttrs": _inner({}),
            "fieldFormatMap": _inner({"url": address}),
            "runtimeFieldMap": _inner({}),
        },
    )


def _session() -> Mapping[str, Json]:
    originals: Json = {
        "$state": {"store": "appState"},
        "meta": {
            "alias": "originals only",
            "disabled": True,
            "field": "is_original",
            "indexRefName": FILTER_REFERENCE,
            "key": "is_original",
            "negate": False,
            "params": {"query": True},
            "type": "phrase",
        },
        "query": {"match_phrase": {"is_original": True}},
    }
    source: Json = {
        "query": {"query": "", "language": "kuery"},
        "filter": [originals],
        "indexRefName": INDEX_REFERENCE,
    }
    return _saved(
        "search",
        SESSION,
        {
            "title": "Copydesk: newest articles",
            "description": "What came in, newest first; switch the filter on to see originals only.",
            "columns": COLUMNS,
            "sort": [[ARTICLES.time_field, "desc"]],
            "grid": {},
            "hideChart": False,
            "kibanaSavedObjectMeta": {"searchSourceJSON": _inner(source)},
        },
        *(
            {"type": "index-pattern", "id": ARTICLES.id, "name": name}
            for name in (INDEX_REFERENCE, FILTER_REFERENCE)
        ),
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
