import hashlib
import json
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

from copydesk.adapters.elastic.partitions import PARTITIONS
from copydesk.adapters.elastic.template import LANGUAGE_ANALYZERS, index_template
from copydesk.index import DERIVED, Kind
from copydesk.index.article import Article, JudgementRecord, Version
from copydesk.index.mapping import MAPPING_VERSION, PROPERTIES
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

VERSIONS = {1: "6255ae41e89f33e2", 2: "fe7f36d699251eba"}
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
@pytest.mark.parametrize("languages", [False, True])
def test_mappings_are_strict_all_the_way_down(kind: Kind, languages: bool) -> None:  # noqa: FBT001 (a table)
    """No object in a mapping lets unknown fields in: it is listed field by field, or not parsed at all."""
    mappings: Any = index_template(kind, languages=languages)["mappings"]
    assert mappings["dynamic"] == "strict"
    for name, entry in mappings["properties"].items():
        assert "properties" in entry or "type" in entry, name
        assert entry.get("dynamic", "strict") == "strict", name


@pytest.mark.parametrize("kind", list(PARTITIONS))
def test_split_kinds_know_when_their_documents_were_first_seen(kind: Kind) -> None:
    """The field that decides the partition is mapped as a date."""
    assert PROPERTIES[kind]["first_seen_at"] == {"type": "date"}


def test_stemmed_copies_only_where_the_server_stems() -> None:
    """Language analyzers are named only for servers that have them, and the copies stay out of the source."""
    plain: Any = index_template(Kind.ARTICLES, languages=False)["mappings"]
    stemmed: Any = index_template(Kind.ARTICLES, languages=True)["mappings"]
    assert "i18n" not in plain["properties"]
    assert stemmed["_source"] == {"excludes": ["i18n"]}
    assert stemmed["properties"]["i18n"]["properties"].keys() == LANGUAGE_ANALYZERS.keys()
    versions: Any = index_template(Kind.VERSIONS, languages=True)["mappings"]
    assert "i18n" not in versions["properties"]


def test_fingerprint_values_are_kept_as_cheaply_as_possible() -> None:
    """Values only looked up cost no columns, scores, positions or place in the source; nor does the id."""
    mappings: Any = index_template(Kind.FINGERPRINTS, languages=False)["mappings"]
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
