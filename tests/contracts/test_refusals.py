"""The store in memory takes, refuses, gives back and finds what Elasticsearch does: both get drawn documents."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.adapters.elastic.index import ElasticIndex
from copydesk.adapters.elastic.partitions import PARTITIONS
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Body, Kind, Range, Write
from copydesk.index.mapping import PROPERTIES, SEARCHED

pytestmark = pytest.mark.elasticsearch

LONG = 2**63
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=[]), max_size=8),  # lone surrogates and NUL among them
    st.sampled_from(
        [
            "x" * 32_766,
            "x" * 32_767,
            "ü" * 16_383,
            "ü" * 16_384,
            "x" * 8191,
            "x" * 8192,
            "𝄞" * 4095 + "x",
            "𝄞" * 4096,
            "word " * 8_000,
        ]
    ),
)
NUMBERS = st.one_of(
    st.integers(-LONG - 1, LONG),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from([9.223372036854775807e18, 9.3e18, 3.4028235e38, 3.4028236e38, 1e16, 1e-7]),
)
NUMERALS = st.one_of(
    NUMBERS.map(str),
    st.text("0123456789.eE+-fdxp １", max_size=6),
    st.sampled_from(
        ["", "NaN", "Infinity", "1e400", "-0", "9223372036854775807.9", "0x1p3", " 1 ", "1" * 400]
    ),
)
TIMES = st.one_of(
    st.datetimes().map(lambda time: time.isoformat()),
    st.datetimes(timezones=st.timezones()).map(lambda time: time.isoformat()),
    st.builds(
        "".join,
        st.tuples(
            st.sampled_from(["2026", "-2026", "0000", "10000", "026", "1900-02-29", "2000-02-29", "2026-03-02",
                "2026-3-2"]),
            st.sampled_from(["", "", "T", "T10", "T24", "T10:30", "T10:30:15", "T10:30:60", "T10:30:15.123456789",
                "T10:30:15,1", " 10:30"]),
            st.sampled_from(["", "", "Z", "z", "+01", "+0130", "-01:30", "+18:00", "+18:01", "+01:00:30", "+01:60",
                "+1"]),
        ),
    ),
    st.text("0123456789-T:.Z+", max_size=12),
)  # fmt: skip
FLAGS = st.sampled_from([True, False, "true", "false", "", "True", 0, 1])
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "keyword": TEXTS,
    "text": TEXTS,
    "date": TIMES | NUMBERS,
    "long": NUMBERS | NUMERALS,
    "float": NUMBERS | NUMERALS,
    "boolean": FLAGS,
    "object": st.none(),
}
ANY = st.one_of(st.none(), TEXTS, NUMBERS, NUMERALS, TIMES, FLAGS)
ODD = st.one_of(
    ANY,
    st.lists(ANY, max_size=3),
    st.lists(st.lists(ANY, max_size=2), max_size=2),
    st.dictionaries(st.sampled_from(["a", "other", "containment", "by_hand"]), ANY, max_size=2),
    st.lists(st.dictionaries(st.sampled_from(["other", "quotes"]), ANY, max_size=2), max_size=2),
)
MONTHS = st.sampled_from(["2026-03-02T10:00:00Z", "2026-04-30T23:59:59.999999-02:00"])
KINDS = [Kind.ARTICLES, Kind.LEDGER, Kind.FINGERPRINTS, Kind.ALERTS, Kind.JUDGEMENTS, Kind.REFUSED]


def of_type(entry: Any) -> st.SearchStrategy[Any]:
    """Values for a field: mostly of its type, sometimes several of them, sometimes anything."""
    right = VALUES["object" if "properties" in entry else entry["type"]]
    return st.one_of(right, right, st.lists(right, max_size=3), ODD)


def bodies(kind: Kind) -> st.SearchStrategy[Body]:
    """Documents of a kind with up to three of its fields, and now and then one that it has not."""
    known = st.sampled_from(sorted(PROPERTIES[kind].keys() - {"first_seen_at", *SEARCHED})).flatmap(
        lambda name: st.tuples(st.just(name), of_type(PROPERTIES[kind][name]))
    )
    unknown = st.tuples(st.sampled_from(["surname", "Url", ""]), ANY)
    few = st.lists(st.one_of(known, known, known, known, known, known, unknown), min_size=1, max_size=3).map(
        dict
    )
    if kind not in PARTITIONS:
        return few
    return st.builds(lambda body, seen: {"first_seen_at": seen, **body}, few, MONTHS)


def in_both(elastic: ElasticIndex, kind: Kind, drawn: Sequence[Body]) -> tuple[MemoryIndex, list[str]]:
    """The documents written to both; the memory's index, and the ids of what was taken."""
    memory = MemoryIndex()
    mark = next(MARKS)
    writes = [Write(kind=kind, id=f"{mark}-{at}", body=body) for at, body in enumerate(drawn)]
    there, here = elastic.write(writes), memory.write(writes)
    for write, one, other in zip(writes, there, here, strict=True):
        assert one.status == other.status, (write.body, one, other)
    return memory, [w.id for w, answer in zip(writes, here, strict=True) if answer.status == "stored"]


MARKS = count()
LAWS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("kind", KINDS)
@LAWS
@given(data=st.data())
def test_both_take_refuse_and_give_back_the_same(
    elastic: ElasticIndex, kind: Kind, data: st.DataObject
) -> None:
    """Whatever is written, right or wrong: the same outcome, and what was taken comes back alike."""
    memory, taken = in_both(elastic, kind, data.draw(st.lists(bodies(kind), min_size=8, max_size=8)))
    there, here = elastic.get(kind, taken), memory.get(kind, taken)
    assert {id_: row.body for id_, row in there.items()} == {id_: row.body for id_, row in here.items()}


CLEAN: Mapping[str, st.SearchStrategy[Any]] = {
    "keyword": st.sampled_from(["a", "b", "ä", "𝄞", "￮", "", "x" * 8191, "x" * 8192]),
    "date": st.sampled_from(
        ["2026-03-02T10:00:00Z", "2026-03-02T11:00:00.000999+01:00", "2026-03-01T00:00:00.5Z"]
    ),
    "long": st.integers(-2, 2) | st.sampled_from(["1", 1.5, 2**53 + 1]),
    "boolean": st.sampled_from([True, False, "true"]),
}
FOUND_BY = {
    Kind.LEDGER: ["url", "detail", "first_seen_at", "retry_at", "attempts", "shard", "quiet", "sources"],
    Kind.ARTICLES: ["outlet", "authors", "published_at", "first_seen_at", "revision", "contains"],
}


def clean(kind: Kind) -> st.SearchStrategy[Body]:
    """Documents that are taken, with fields by which one can search."""

    def field(name: str) -> st.SearchStrategy[Any]:
        entry: Any = PROPERTIES[kind][name]
        right = CLEAN[entry["type"]]
        several = (
            st.lists(right, max_size=3) if name in {"sources", "authors", "contains", "detail"} else st.none()
        )
        return st.one_of(right, right, several, st.none())

    body = st.fixed_dictionaries(
        {}, optional={name: field(name) for name in FOUND_BY[kind] if name != "first_seen_at"}
    )
    return st.builds(lambda body, seen: {**body, "first_seen_at": seen}, body, MONTHS)


def wanted(kind: Kind, name: str) -> st.SearchStrategy[Any]:
    """A condition on a field."""
    entry: Any = PROPERTIES[kind][name]
    if entry["type"] == "boolean":
        return st.none() | st.booleans()
    right = CLEAN[entry["type"]] if entry["type"] != "long" else st.integers(-2, 2)
    bounds = st.builds(Range, gte=st.none() | right, lt=st.none() | right)
    return st.one_of(st.none(), right, st.lists(right, min_size=1, max_size=2), bounds)


@pytest.mark.parametrize("kind", list(FOUND_BY))
@LAWS
@given(data=st.data())
def test_both_find_count_and_sort_the_same(elastic: ElasticIndex, kind: Kind, data: st.DataObject) -> None:
    """Conditions, counts and orders over documents that lack fields, or hold several values, or labels too long."""
    memory, taken = in_both(elastic, kind, data.draw(st.lists(clean(kind), min_size=1, max_size=8)))
    elastic.refresh(kind)
    others = {row.id for row in elastic.scan(kind)}.difference(taken)
    elastic.write([Write(kind=kind, id=id_, body=None) for id_ in others])
    elastic.refresh(kind)
    names = st.sampled_from(FOUND_BY[kind])
    for _ in range(4):
        where = dict(
            data.draw(st.lists(names.flatmap(lambda n: st.tuples(st.just(n), wanted(kind, n))), max_size=2))
        )
        there, here = elastic.find(kind, where), memory.find(kind, where)
        assert {row.id for row in there} == {row.id for row in here}, where
        by = data.draw(st.lists(names, min_size=1, max_size=2, unique=True))
        assert elastic.count(kind, *by) == memory.count(kind, *by), by
        sort = data.draw(st.sampled_from(["", "-"])) + data.draw(names)
        assert ranks(kind, memory, elastic, sort) == ranks(kind, memory, memory, sort), sort


def ranks(kind: Kind, memory: MemoryIndex, index: ElasticIndex | MemoryIndex, sort: str) -> list[int]:
    """How a sort puts documents, as places; those that are equal have one."""
    alone = {row.id: row for row in memory.find(kind, {}, sort=sort)}
    keys = [str(sorted_by(kind, memory, id_, sort)) for id_ in alone]
    places = {id_: keys.index(key) for id_, key in zip(alone, keys, strict=True)}
    return [places[row.id] for row in index.find(kind, {}, sort=sort)]


def sorted_by(kind: Kind, memory: MemoryIndex, id_: str, sort: str) -> object:
    from copydesk.adapters.memory.emulation import values  # noqa: PLC0415 (what decides between equals)

    found = values(kind, memory.get(kind, [id_])[id_].body, sort.lstrip("-"))
    return (max(found) if sort.startswith("-") else min(found)) if found else None
