"""The template of a kind's indices: its mapping, and what only the server needs. Pure."""

from collections.abc import Mapping

from copydesk.index import DERIVED, Json, Kind
from copydesk.index.fields import COLUMN
from copydesk.index.mapping import MAPPING_VERSION, PROPERTIES, SEARCHED, UNKEPT

__all__ = ["index_template"]

SETTINGS: Mapping[Kind, Mapping[str, Json]] = {
    # Whoever asks without a field, as Kibana's search box does, asks for what can be read: by default it would be all
    # fields, those made for our own queries among them, where "en:ferri" stands.
    Kind.ARTICLES: {"query.default_field": ["title", "standfirst", "text"]},
    Kind.VERSIONS: {"query.default_field": ["title", "standfirst", "text"]},
    # A look-up costs words times segments, so a week has few of them; and half of a record are letters of hashes.
    Kind.FINGERPRINTS: {
        "codec": "best_compression",
        "merge.policy.segments_per_tier": 2,
        "merge.policy.floor_segment": "64mb",
    },
}
"""What the indices of a kind are set to beside what all are."""


def index_template(kind: Kind) -> dict[str, Json]:
    """Settings and mappings for the indices of a kind."""
    properties = dict(PROPERTIES[kind])
    mappings: dict[str, Json] = {"dynamic": "strict", "properties": properties}
    if kind in DERIVED:
        mappings["_meta"] = {"version": MAPPING_VERSION}
    if kind in UNKEPT:
        properties["id"] = COLUMN
        mappings["_source"] = {"excludes": ["id", *UNKEPT[kind]]}
    if kind is Kind.ARTICLES:
        mappings["_source"] = {"excludes": list(SEARCHED)}
    return {
        "settings": {
            "number_of_shards": 1,
            "auto_expand_replicas": "0-1",
            # Every step refreshes what it needs; this is only how late a dashboard may be.
            "refresh_interval": "5s",
            **SETTINGS.get(kind, {}),
        },
        "mappings": mappings,
    }
