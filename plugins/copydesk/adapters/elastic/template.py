"""The template of a kind's indices: its mapping, and what only the server needs. Pure.

Where the server has the language analyzers, articles carry a second, stemmed copy of title and text for search alone.
"""

from collections.abc import Mapping

from copydesk.index import DERIVED, Json, Kind
from copydesk.index.mapping import COLUMN, MAPPING_VERSION, PROPERTIES, UNKEPT

__all__ = ["LANGUAGE_ANALYZERS", "index_template"]

SETTINGS: Mapping[Kind, Mapping[str, Json]] = {
    # A look-up costs words times segments, so a week has few of them; and half of a record are letters of hashes.
    Kind.FINGERPRINTS: {
        "codec": "best_compression",
        "merge.policy.segments_per_tier": 2,
        "merge.policy.floor_segment": "64mb",
    },
}
"""What the indices of a kind are set to beside what all are."""

_ANALYZERS = """
ar:arabic bg:bulgarian bn:bengali ca:catalan cs:czech da:danish de:german el:greek en:english
es:spanish et:estonian eu:basque fa:persian fi:finnish fr:french ga:irish gl:galician hi:hindi
hu:hungarian hy:armenian id:indonesian it:italian ja:cjk ko:cjk lt:lithuanian lv:latvian nl:dutch
no:norwegian pt:portuguese ro:romanian ru:russian sv:swedish th:thai tr:turkish zh:cjk
"""
LANGUAGE_ANALYZERS: Mapping[str, str] = dict(pair.split(":") for pair in _ANALYZERS.split())
"""Language of a text -> analyzer of Elasticsearch's module analysis-common."""


def index_template(kind: Kind, *, languages: bool) -> dict[str, Json]:
    """Settings and mappings for the indices of a kind; with stemmed copies if the server can make them."""
    properties = dict(PROPERTIES[kind])
    mappings: dict[str, Json] = {"dynamic": "strict", "properties": properties}
    if kind in DERIVED:
        mappings["_meta"] = {"version": MAPPING_VERSION}
    if kind in UNKEPT:
        properties["id"] = COLUMN
        mappings["_source"] = {"excludes": ["id", *UNKEPT[kind]]}
    if languages and kind is Kind.ARTICLES:
        properties["i18n"] = {
            "properties": {code: _stemmed(name) for code, name in LANGUAGE_ANALYZERS.items()}
        }
        mappings["_source"] = {"excludes": ["i18n"]}
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


def _stemmed(analyzer: str) -> Json:
    return {
        "properties": {
            "title": {"type": "text", "analyzer": analyzer},
            "text": {"type": "text", "analyzer": analyzer},
        },
    }
