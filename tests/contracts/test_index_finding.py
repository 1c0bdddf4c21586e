"""Laws of the Index port: conditions, scans, counts, candidates; `copydesk.index` says them in words."""

from typing import Any

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Body, Generations, Hit, Index, Kind, Probe, Range, Spread, Where, Without, Write
from copydesk.query.tree import Term
from made.documents import NOVEMBER, entry, put


def _found(index: Index) -> list[Hit]:
    return list(index.search(Term("t")).hits)


def test_refresh_makes_writes_visible() -> None:
    """An index that lags, as a server does, shows nothing of a write before refresh and all of it after."""
    index = MemoryIndex(lag=True)
    index.write(
        [entry("a"), Write(kind=Kind.ARTICLES, id="a", body={"first_seen_at": NOVEMBER, "title": "t"})]
    )
    assert (index.find(Kind.LEDGER, {}), _found(index), list(index.scan(Kind.ARTICLES))) == ([], [], [])
    assert index.count(Kind.LEDGER) == {}
    index.refresh(Kind.LEDGER)
    assert (len(index.find(Kind.LEDGER, {})), _found(index)) == (1, [])
    index.refresh()
    assert len(_found(index)) == 1


LEDGER: dict[str, Body] = {
    "a": {"host": "a.example", "shard": 1, "outcome": "pending", "retry_at": "2026-11-20T10:00:00Z"},
    "b": {"host": "b.example", "shard": 2, "outcome": "failed", "retry_at": "2026-11-20T12:00:00.500+02:00"},
    "c": {"host": "c.example", "shard": 10, "outcome": "captured", "sources": ["x", "y"], "quiet": True},
    "d": {"host": "", "shard": 2, "outcome": "pending", "sources": ["y"], "retry_at": None, "quiet": False},
}

CONDITIONS: list[tuple[Where, str]] = [
    ({}, "abcd"),
    ({"outcome": "pending"}, "ad"),
    ({"outcome": ["pending", "failed"]}, "abd"),
    ({"outcome": []}, ""),
    ({"outcome": "nothing"}, ""),
    ({"shard": 2}, "bd"),
    ({"shard": [1, 10]}, "ac"),
    ({"shard": Range(gte=2)}, "bcd"),
    ({"shard": Range(gte=2, lt=10)}, "bd"),
    ({"quiet": True}, "c"),
    ({"quiet": False}, "d"),
    ({"quiet": None}, "ab"),
    ({"sources": "y"}, "cd"),
    ({"sources": ["x"]}, "c"),
    ({"sources": None}, "ab"),
    ({"host": ""}, "d"),
    ({"retry_at": None}, "cd"),
    ({"retry_at": Range()}, "ab"),
    ({"retry_at": Range(gte="2026-11-20T10:00:00+00:00")}, "ab"),
    ({"retry_at": Range(gte="2026-11-20T10:00:00.001Z")}, "b"),
    ({"retry_at": Range(lt="2026-11-20T10:00:00.500Z")}, "a"),
    ({"retry_at": Range(lt="2026-11-20T13:00:00+01:00")}, "ab"),
    ({"outcome": "pending", "retry_at": Range(lt="2027-01-01T00:00:00Z")}, "a"),
    ({"retry_at": Range(lt="2026-11-20T10:00:00.500Z", or_absent=True)}, "acd"),
    ({"host": Without(["a.example", "c.example"])}, "bd"),
    ({"sources": Without(["x"])}, "abd"),
    ({"host": Without([])}, "abcd"),
]


@pytest.mark.parametrize(("where", "ids"), CONDITIONS, ids=str)
def test_find_by_conditions(index: Generations, where: Where, ids: str) -> None:
    """Values, any of a list, ranges of numbers and times, and absence; all conditions must hold."""
    put(index, Kind.LEDGER, LEDGER)
    assert sorted(row.id for row in index.find(Kind.LEDGER, where)) == sorted(ids)


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("shard", "a(bd)c"),
        ("-shard", "c(bd)a"),
        ("retry_at", "ab(cd)"),
        ("-retry_at", "ba(cd)"),
        ("host", "dabc"),
    ],
)
def test_find_sorts(index: Generations, sort: str, ids: str) -> None:
    """Numbers as numbers, times as times; what lacks the field comes last either way."""
    put(index, Kind.LEDGER, LEDGER)
    found = [row.id for row in index.find(Kind.LEDGER, {}, sort=sort)]
    groups = ids.replace("(", " ").replace(")", " ").split() if "(" in ids else list(ids)
    at = 0
    for group in groups:
        part = found[at : at + len(group)]
        assert sorted(part) == sorted(group) if f"({group})" in ids else part == list(group)
        at += len(group)
    assert at == len(found)
    assert [row.id for row in index.find(Kind.LEDGER, {}, sort=sort, limit=1)] == found[:1]


def test_scan_gives_everything(index: Generations) -> None:
    """A scan goes through more documents than fit into one answer, each once."""
    put(index, Kind.LEDGER, {f"{number}": {"shard": number} for number in range(1203)})
    assert sorted(int(row.id) for row in index.scan(Kind.LEDGER)) == list(range(1203))
    assert len(index.find(Kind.LEDGER, {}, limit=20_000)) == 1203


def test_an_abandoned_scan_does_no_harm(index: Generations) -> None:
    """A caller may stop in the middle of a scan."""
    put(index, Kind.LEDGER, LEDGER)
    rows = index.scan(Kind.LEDGER)
    next(rows)
    del rows
    assert len(list(index.scan(Kind.LEDGER))) == len(LEDGER)


def test_count_by_fields(index: Generations) -> None:
    """Counts per combination; what is absent or empty counts as "", several values count each."""
    put(index, Kind.LEDGER, LEDGER)
    assert index.count(Kind.LEDGER) == {(): 4}
    assert index.count(Kind.LEDGER, "outcome") == {("pending",): 2, ("failed",): 1, ("captured",): 1}
    assert index.count(Kind.LEDGER, "outcome", "reason") == {
        ("pending", ""): 2,
        ("failed", ""): 1,
        ("captured", ""): 1,
    }
    assert index.count(Kind.LEDGER, "sources") == {("",): 2, ("x",): 1, ("y",): 2}
    assert index.count(Kind.POLLS) == index.count(Kind.VERSIONS, "outlet") == {}


def test_count_has_no_limit(index: Generations) -> None:
    """More groups than fit into one answer are all counted."""
    put(index, Kind.LEDGER, {f"{number}": {"host": f"{number}.example"} for number in range(1100)})
    assert index.count(Kind.LEDGER, "host") == {(f"{number}.example",): 1 for number in range(1100)}


def fingerprint(terms: str = "", quotes: str = "", names: str = "", at: str = NOVEMBER) -> Body:
    return {"terms": list(terms), "quotes": list(quotes), "names": list(names), "first_seen_at": at}


def probe(since: str = "2026-11-01T00:00:00Z", until: str = "2026-12-01T00:00:00Z", **groups: Any) -> Probe:
    """A look-up; groups are given as name=("values", least)."""
    without = groups.pop("without", ())
    return Probe(
        groups={name: (list(values), least) for name, (values, least) in groups.items()},
        since=since,
        until=until,
        without=without,
    )


FINGERPRINTS = {
    "abcd": fingerprint("abcd"),
    "abc": fingerprint("abc", at="2026-11-19T08:00:00Z"),
    "abx": fingerprint("abx", quotes="1", at="2026-11-18T08:00:00Z"),
    "q": fingerprint("z", quotes="12", names="n"),
    "late": fingerprint("abcd", at="2026-12-01T00:00:00.000Z"),
    "early": fingerprint("abcd", at="2026-10-31T23:59:59.999Z"),
}

PROBES: list[tuple[Probe, list[str]]] = [
    (probe(terms=("abcd", 1)), ["abcd", "abc", "abx"]),
    (probe(terms=("abcd", 3)), ["abcd", "abc"]),
    (probe(terms=("abcd", 5)), []),
    (probe(terms=("aaaa", 2)), []),
    (probe(terms=("ab", 2)), ["abx", "abc", "abcd"]),
    (probe(terms=("abcd", 4), quotes=("12", 2)), ["abcd", "q"]),
    (probe(terms=("abx", 2), quotes=("12", 1)), ["abx", "abc", "abcd", "q"]),
    (probe(terms=("abcd", 3), without=["abcd", "nobody"]), ["abc"]),
    (probe(terms=("", 1)), []),
    (probe(), []),
    (probe(terms=("abcd", 4), until="2026-12-01T00:00:00.001Z"), ["abcd", "late"]),
    (probe(terms=("abcd", 4), since="2026-10-31T23:59:59.999Z"), ["early", "abcd"]),
    (probe(terms=("abcd", 1), since="2030-01-01T00:00:00Z", until="2031-01-01T00:00:00Z"), []),
    (
        probe(terms=("abcd", 1), since="2026-11-20T09:00:00+01:00", until="2026-11-20T09:00:01+01:00"),
        ["abcd"],
    ),
]


@pytest.mark.parametrize(("wanted", "ids"), PROBES)
def test_candidates_share_enough(index: Generations, wanted: Probe, ids: list[str]) -> None:
    """One satisfied group suffices; most shared first, then the earliest; only inside the window."""
    put(index, Kind.FINGERPRINTS, FINGERPRINTS)
    assert index.candidates([wanted]) == [ids]


def test_candidates_of_many_probes_come_in_order(index: Generations) -> None:
    """Each probe has its own answer, also when there are more than fit into one request; the limit is for each."""
    put(index, Kind.FINGERPRINTS, FINGERPRINTS)
    probes = [wanted for wanted, _ in PROBES] * 9
    assert index.candidates(probes) == [ids for _, ids in PROBES] * 9
    assert index.candidates(probes, limit=1) == [ids[:1] for _, ids in PROBES] * 9
    assert index.candidates([]) == []


def test_candidates_in_an_empty_index(index: Generations) -> None:
    """Where nothing was stored, every probe finds nothing."""
    assert index.candidates([probe(terms=("abcd", 1))] * 2) == [[], []]


def test_searched_values_of_fingerprints_are_not_given_back(index: Generations) -> None:
    """They are found by, and neither got nor listed, before and after the refresh."""
    kept = {"first_seen_at": NOVEMBER}
    index.write([Write(kind=Kind.FINGERPRINTS, id="abcd", body=fingerprint("abcd"))])
    assert index.get(Kind.FINGERPRINTS, ["abcd"])["abcd"].body == kept
    index.refresh(Kind.FINGERPRINTS)
    assert index.candidates([probe(terms=("abcd", 4))]) == [["abcd"]]
    given = [
        *index.get(Kind.FINGERPRINTS, ["abcd"]).values(),
        *index.find(Kind.FINGERPRINTS, {}),
        *index.scan(Kind.FINGERPRINTS),
    ]
    assert [row.body for row in given] == [kept] * 3


def test_a_withdrawn_fingerprint_is_no_candidate(index: Generations) -> None:
    """Deleting takes effect on look-ups after refresh."""
    put(index, Kind.FINGERPRINTS, FINGERPRINTS)
    index.write([Write(kind=Kind.FINGERPRINTS, id="abcd", body=None)])
    index.refresh(Kind.FINGERPRINTS)
    assert index.candidates([probe(terms=("abcd", 3))]) == [["abc"]]


@pytest.mark.parametrize(
    ("how", "ids"),
    [
        (
            Spread(by="host", sort="retry_at", within="-shard", most=2, values=9),
            ["b3", "b2", "a9", "a8", "c1"],
        ),
        (Spread(by="host", sort="-retry_at", within="shard", most=1, values=9), ["a1", "b1", "c1"]),
        (Spread(by="host", sort="retry_at", within="shard", most=9, values=1), ["b1", "b2", "b3"]),
        (Spread(by="host", sort="retry_at", within="entry_published_at", most=1, values=2), ["b2", "a1"]),
    ],
)
def test_what_is_spread_has_some_of_each_value(index: Generations, how: Spread, ids: list[str]) -> None:
    """Values in the order of their first documents, of each the first few in an order of their own."""
    times = {f"a{n}": f"2026-11-20T1{n}:00:00Z" for n in range(1, 10)}
    times |= {f"b{n}": f"2026-11-20T0{n}:00:00Z" for n in range(1, 4)}
    rows: dict[str, Body] = {
        id_: {"host": f"{id_[0]}.example", "shard": int(id_[1]), "retry_at": at} for id_, at in times.items()
    }
    rows["b2"] = {**rows["b2"], "entry_published_at": times["b2"]}
    rows["c1"] = {"host": "c.example", "shard": 1}
    put(index, Kind.LEDGER, rows)
    found = [row.id for row in index.spread(Kind.LEDGER, {}, how)]
    if how.within == "entry_published_at":
        assert (found[0], found[1][0]) == ("b2", "a"), "without the field in any order"
    else:
        assert found == ids
