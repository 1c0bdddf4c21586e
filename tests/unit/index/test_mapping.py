import hashlib
import json
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

from copydesk.adapters.elastic.partitions import PARTITIONS
from copydesk.adapters.elastic.template import index_template
from copydesk.index import DERIVED, Kind
from copydesk.index.article import Article, JudgementRecord, Version
from copydesk.index.mapping import MAPPING_VERSION, PROPERTIES, SEARCHED
from copydesk.index.records import INLINE
from copydesk.index.rulings import RulingsRecord
from copydesk.index.state import (
    CaptureRecord,
    Delivery,
    LedgerRecord,
    PollRecord,
    RefusedRecord,
    SegmentRecord,
    Told,
)
from copydesk.judging.clustering.stories import FamilyRecord, StoryRecord
from copydesk.model import Alert
from copydesk.query.columns import columns_of

VERSIONS = {
    1: "6255ae41e89f33e2",
    2: "2be47065e052bed5",
    3: "cce9326cb48048c9",
    4: "324632c9f1ce2bdc",
    5: "462330ca0923cae0",
    6: "b72900aef2b08b97",
}
"""Each version of the mapping with the beginning of its checksum, the last one ours."""

RECORDS: list[tuple[Kind, type]] = [
    (Kind.ARTICLES, Article),
    (Kind.VERSIONS, Version),
    (Kind.JUDGEMENTS, JudgementRecord),
    (Kind.FAMILIES, FamilyRecord),
    (Kind.STORIES, StoryRecord),
    (Kind.RULINGS, RulingsRecord),
    (Kind.CAPTURES, CaptureRecord),
    (Kind.SEGMENTS, SegmentRecord),
    (Kind.LEDGER, LedgerRecord),
    (Kind.POLLS, PollRecord),
    (Kind.ALERTS, Alert),
    (Kind.DELIVERIES, Delivery),
    (Kind.TOLD, Told),
    (Kind.REFUSED, RefusedRecord),
]


def unmapped(cls: type, mapping: Any, path: str = "") -> list[str]:
    """Fields of a record that a strict mapping would refuse, those of records inside it included."""
    missing = []
    hints = get_type_hints(cls)
    for field in fields(cls):
        if field.metadata == INLINE:
            missing += unmapped(hints[field.name], mapping, path)
            continue
        entry = mapping.get(field.name)
        if entry is None:
            missing.append(path + field.name)
            continue
        inner = next(
            (arg for arg in (hints[field.name], *get_args(hints[field.name])) if is_dataclass(arg)), None
        )
        if isinstance(inner, type) and entry.get("enabled", True):
            missing += unmapped(inner, entry.get("properties", {}), f"{path}{field.name}.")
    return missing


def test_every_kind_is_mapped() -> None:
    """No kind is without a mapping, and only known kinds are derived or split."""
    assert set(PROPERTIES) == set(Kind)
    assert set(PARTITIONS) <= set(DERIVED)


@pytest.mark.parametrize(("kind", "cls"), RECORDS, ids=lambda value: getattr(value, "__name__", str(value)))
def test_every_field_of_a_record_is_mapped(kind: Kind, cls: type) -> None:
    """A new field of a record cannot be forgotten in the mapping, which would refuse it."""
    assert unmapped(cls, PROPERTIES[kind]) == []


@pytest.mark.parametrize("kind", list(Kind))
def test_mappings_are_strict_all_the_way_down(kind: Kind) -> None:
    """No object in a mapping lets unknown fields in: it is listed field by field, or not parsed at all."""
    mappings: Any = index_template(kind)["mappings"]
    assert mappings["dynamic"] == "strict"
    for name, entry in mappings["properties"].items():
        assert "properties" in entry or "type" in entry, name
        assert entry.get("dynamic", "strict") == "strict", name


@pytest.mark.parametrize("kind", list(PARTITIONS))
def test_split_kinds_know_when_their_documents_were_first_seen(kind: Kind) -> None:
    """The field that decides the partition is mapped as a date."""
    assert PROPERTIES[kind]["first_seen_at"] == {"type": "date"}


def test_what_is_searched_needs_no_analyzer() -> None:
    """The words of articles are made here: servers with and without language analyzers split them at spaces alike."""
    mappings: Any = index_template(Kind.ARTICLES)["mappings"]
    assert mappings["_source"] == {"excludes": list(SEARCHED)}
    kinds = {
        (entry["type"], entry.get("analyzer"))
        for entry in (mappings["properties"][name] for name in SEARCHED)
    }
    assert kinds == {("text", "whitespace"), ("keyword", None), ("date", None)}
    assert SEARCHED.keys().isdisjoint(PROPERTIES[Kind.VERSIONS])


def test_the_columns_of_an_article_are_those_of_the_mapping() -> None:
    """Each column that is searched is made, and only those."""
    record = {
        "title": "The caf\u00e9",
        "text": "E-mail.",
        "language": "en",
        "outlet": "one",
        "published_at": "2026-11-20T08:00:00Z",
    }
    assert columns_of(record).keys() == SEARCHED.keys()


def test_fingerprint_values_are_kept_as_cheaply_as_possible() -> None:
    """Values only looked up cost no columns, scores, positions or place in the source; nor does the id."""
    mappings: Any = index_template(Kind.FINGERPRINTS)["mappings"]
    assert set(mappings["_source"]["excludes"]) == {"id", "terms", "quotes", "names"}
    for name in ("terms", "quotes", "names"):
        assert PROPERTIES[Kind.FINGERPRINTS][name] == {
            "type": "keyword",
            "doc_values": False,
            "norms": False,
            "index_options": "docs",
        }


def test_a_changed_mapping_has_a_version_of_its_own() -> None:
    """Whoever changes the mapping says here whether documents that are there follow it: by checksum or version."""
    made = json.dumps([(kind, PROPERTIES[kind]) for kind in sorted(DERIVED)], sort_keys=True).encode()
    assert VERSIONS[MAPPING_VERSION] == hashlib.sha256(made).hexdigest()[:16]
    assert max(VERSIONS) == MAPPING_VERSION
