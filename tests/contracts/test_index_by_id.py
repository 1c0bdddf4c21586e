"""Laws of the Index port: documents by id, guards, refusals; the docstrings in `copydesk.ports` say them in words."""

import secrets

import pytest

from copydesk.index import Body, Generations, Json, Kind, Write
from made.documents import NOVEMBER, entry, put, statuses


def test_what_was_written_is_got_at_once(index: Generations) -> None:
    """Getting by id needs no refresh, leaves out what does not exist, and bears any id."""
    assert statuses(index, entry("a"), entry("b")) == ["stored", "stored"]
    found = index.get(Kind.LEDGER, ["a", "nobody", "b", "a", "", "x" * 600])
    assert {id_: row.body["url"] for id_, row in found.items()} == {
        "a": "https://news.example/a",
        "b": "https://news.example/b",
    }
    assert index.get(Kind.LEDGER, []) == {}
    assert index.write([]) == []


def test_documents_come_back_as_they_went(index: Generations) -> None:
    """Every script, nested values, nulls and empty lists survive, in real time and by search; tuples become lists."""
    body: Body = {
        "title": "Überfälle 東京 Łódź 👩‍🚀 \u2028",
        "text": 'line\n"line"\\',
        "tags": ("a", "b"),
        "authors": [],
        "agency": None,
        "removed": [{"text": "More on this", "reason": "teaser", "place": 3}],
        "evidence": {"other": "x", "containment": 0.25, "quotes": 2, "facts": 1.0, "title": 0.0},
        "revision": 3,
        "first_seen_at": NOVEMBER,
        "language": "de",
    }
    put(index, Kind.ARTICLES, {"a": body})
    expected = {**body, "tags": ["a", "b"]}
    assert index.get(Kind.ARTICLES, ["a"])["a"].body == expected
    assert [row.body for row in index.find(Kind.ARTICLES, {})] == [expected]
    assert [row.body for row in index.scan(Kind.ARTICLES)] == [expected]


def test_create_only_once(index: Generations) -> None:
    """A create meets an existing document as a conflict and changes nothing."""
    second = Write(kind=Kind.LEDGER, id="a", body={"url": "other"}, create=True)
    assert statuses(index, entry("a", create=True)) == ["stored"]
    assert statuses(index, second) == ["conflict"]
    assert index.get(Kind.LEDGER, ["a"])["a"].body["url"] == "https://news.example/a"


def test_seen_guards_against_other_writers(index: Generations) -> None:
    """Of two writers who saw the same document exactly one wins; the other sees the new one and may go on."""
    index.write([entry("a")])
    seen = index.get(Kind.LEDGER, ["a"])["a"]
    mine = Write(kind=Kind.LEDGER, id="a", body={"source": "mine"}, seen=seen)
    yours = Write(kind=Kind.LEDGER, id="a", body={"source": "yours"}, seen=seen)
    assert statuses(index, mine) + statuses(index, yours) == ["stored", "conflict"]
    fresh = index.get(Kind.LEDGER, ["a"])["a"]
    assert fresh.body == {"source": "mine"}
    assert statuses(index, Write(kind=Kind.LEDGER, id="a", body={"source": "yours"}, seen=fresh)) == [
        "stored"
    ]


def test_what_find_and_scan_show_can_guard_a_write(index: Generations) -> None:
    """Found documents carry the guard of their next write, however they were found."""
    put(index, Kind.LEDGER, {"a": {"source": "s"}, "b": {"source": "s"}})
    by_find = {row.id: row for row in index.find(Kind.LEDGER, {})}
    by_scan = {row.id: row for row in index.scan(Kind.LEDGER)}
    assert by_find == by_scan == index.get(Kind.LEDGER, ["a", "b"])
    assert statuses(index, entry("a", seen=by_find["a"]), entry("b", seen=by_scan["b"])) == [
        "stored",
        "stored",
    ]


def test_seen_does_not_revive(index: Generations) -> None:
    """A guarded write of a document deleted meanwhile is a conflict, deletion included."""
    index.write([entry("a")])
    seen = index.get(Kind.LEDGER, ["a"])["a"]
    gone = Write(kind=Kind.LEDGER, id="a", body=None, seen=seen)
    assert statuses(index, gone) == ["stored"]
    assert statuses(index, gone) == ["conflict"]
    assert statuses(index, entry("a", seen=seen)) == ["conflict"]
    assert index.get(Kind.LEDGER, ["a"]) == {}


@pytest.mark.parametrize(("version", "status"), [(4, "conflict"), (5, "conflict"), (6, "stored")])
def test_versions_only_rise(index: Generations, version: int, status: str) -> None:
    """An external version must be higher than the stored one; an equal one is a conflict, so repeats do nothing."""
    id_ = secrets.token_hex(8)
    article: Body = {"first_seen_at": NOVEMBER, "title": "first"}
    later: Body = {**article, "title": "second"}
    assert statuses(index, Write(kind=Kind.ARTICLES, id=id_, body=article, version=5)) == ["stored"]
    assert statuses(index, Write(kind=Kind.ARTICLES, id=id_, body=later, version=version)) == [status]
    found = index.get(Kind.ARTICLES, [id_])[id_]
    assert (found.version, found.body["title"]) == ((6, "second") if status == "stored" else (5, "first"))


def test_versions_as_large_as_ours_are_exact(index: Generations) -> None:
    """Milliseconds of a fetch time, times a thousand, plus one: no digit is lost."""
    id_, version = secrets.token_hex(8), 1_795_000_000_123 * 1000 + 1
    body: Body = {"first_seen_at": NOVEMBER}
    assert statuses(index, Write(kind=Kind.ARTICLES, id=id_, body=body, version=version)) == ["stored"]
    assert index.get(Kind.ARTICLES, [id_])[id_].version == version
    assert statuses(index, Write(kind=Kind.ARTICLES, id=id_, body=body, version=version)) == ["conflict"]
    assert statuses(index, Write(kind=Kind.ARTICLES, id=id_, body=body, version=version + 1)) == ["stored"]


def test_without_a_guard_the_last_wins(index: Generations) -> None:
    """An unguarded write replaces the whole document, also twice in one call."""
    other = Write(kind=Kind.LEDGER, id="a", body={"source": "s"})
    assert statuses(index, entry("a"), other) == ["stored", "stored"]
    assert index.get(Kind.LEDGER, ["a"])["a"].body == {"source": "s"}
    assert statuses(index, entry("b", create=True), entry("b", create=True)) == ["stored", "conflict"]


@pytest.mark.parametrize("kind", [Kind.LEDGER, Kind.ARTICLES])
def test_deleting_is_final_and_repeatable(index: Generations, kind: Kind) -> None:
    """A deleted document is gone for get and search; deleting what is not there is no error."""
    put(index, kind, {"a": {"first_seen_at": NOVEMBER}, "b": {"first_seen_at": NOVEMBER}})
    gone = Write(kind=kind, id="a", body=None)
    assert statuses(index, gone) == ["stored"]
    assert index.get(kind, ["a"]) == {}
    index.refresh(kind)
    assert [row.id for row in index.find(kind, {})] == ["b"]
    assert statuses(index, gone) == ["stored"]


DEEP: Json = "leaf"
for _ in range(300):
    DEEP = [DEEP]
SEEN: Body = {"first_seen_at": NOVEMBER}

REFUSED = [
    pytest.param(Kind.LEDGER, "a", {"url": "u", "surname": "x"}, "surname", id="unmapped"),
    pytest.param(Kind.LEDGER, "a", {"retry_at": "soon"}, "retry_at", id="no-date"),
    pytest.param(Kind.LEDGER, "a", {"url": "\ud800"}, "not JSON", id="surrogate"),
    pytest.param(Kind.LEDGER, "a", {"attempts": 2**70}, "not JSON", id="number"),
    pytest.param(Kind.LEDGER, "a", {"etag": {"\ud800": 1}}, "not JSON", id="surrogate-as-name"),
    pytest.param(Kind.REFUSED, "a", {"body": DEEP}, "not JSON", id="too-deep"),
    pytest.param(Kind.LEDGER, "a", {"url": "x" * 32_767}, "immense term", id="long-key"),
    pytest.param(Kind.LEDGER, "a", {"url": {"u": "v"}}, "document_parsing_exception", id="object-for-value"),
    pytest.param(
        Kind.ARTICLES, "a", {"evidence": [{"other": "x", "oter": "x"}], **SEEN}, "oter", id="unmapped-inside"
    ),
    pytest.param(Kind.LEDGER, "a\ud800", {"url": "u"}, "not JSON", id="surrogate-in-id"),
    pytest.param(Kind.LEDGER, "", {"url": "u"}, "id must have", id="no-id"),
    pytest.param(Kind.LEDGER, "ü" * 257, {"url": "u"}, "id must have", id="long-id"),
    pytest.param(Kind.ARTICLES, "a", {"title": "t"}, "first_seen_at", id="no-month"),
    pytest.param(
        Kind.ARTICLES, "a", {"title": "t", "first_seen_at": "once"}, "first_seen_at", id="bad-month"
    ),
    pytest.param(
        Kind.ARTICLES, "a", {"first_seen_at": "0001-01-01T00:00:00+09:00"}, "first_seen_at", id="year-1"
    ),
    pytest.param(
        Kind.CAPTURES, "a", {"first_seen_at": "9999-12-31T23:59:59-01:00"}, "first_seen_at", id="year-9999"
    ),
]


@pytest.mark.parametrize(("kind", "id_", "body", "reason"), REFUSED)
def test_what_can_never_be_kept_is_refused_alone(
    index: Generations,
    kind: Kind,
    id_: str,
    body: Body,
    reason: str,
) -> None:
    """One bad document is refused with a one-line reason; its neighbours are stored, in order."""
    answers = index.write([entry("before"), Write(kind=kind, id=id_, body=body), entry("after")])
    assert [answer.status for answer in answers] == ["stored", "refused", "stored"]
    assert reason in answers[1].reason
    assert "\n" not in answers[1].reason
    assert set(index.get(Kind.LEDGER, ["before", "a", "after"])) == {"before", "after"}


def test_a_version_below_zero_is_refused_alone(index: Generations) -> None:
    """A capture from before 1970 would have one; its neighbours are stored."""
    writes = [
        Write(kind=Kind.ARTICLES, id=f"v{version}", body=SEEN, version=version)
        for version in (7, -1, 2**63, 8)
    ]
    assert [answer.status for answer in index.write(writes)] == ["stored", "refused", "refused", "stored"]


def test_a_number_that_is_none_is_kept_as_nothing(index: Generations) -> None:
    """JSON knows no NaN: it becomes null, in both, and spoils nothing."""
    assert (
        statuses(index, Write(kind=Kind.POLLS, id="nan", body={"entries": float("nan")}), entry("b"))
        == ["stored"] * 2
    )
    assert index.get(Kind.POLLS, ["nan"])["nan"].body == {"entries": None}


def test_half_a_character_is_found_nowhere(index: Generations) -> None:
    """Asking by a text or an id that nothing can have is no error."""
    put(index, Kind.LEDGER, {"a": {"source": "s"}})
    assert index.find(Kind.LEDGER, {"source": "\ud800"}) == []
    assert [row.id for row in index.find(Kind.LEDGER, {"source": ["\ud800", "s"]})] == ["a"]
    assert index.get(Kind.LEDGER, ["\ud800", "a"]).keys() == {"a"}


def test_sending_the_same_writes_again_is_harmless(index: Generations) -> None:
    """After a crash in mid-air the same writes lead to the same documents."""
    id_ = secrets.token_hex(8)
    writes = [
        entry("a", create=True),
        entry("b"),
        Write(kind=Kind.ARTICLES, id=id_, body={"first_seen_at": NOVEMBER}, version=7),
        Write(kind=Kind.LEDGER, id="c", body=None),
    ]
    assert statuses(index, *writes) == ["stored"] * 4
    before = {kind: index.get(kind, ["a", "b", "c", id_]) for kind in (Kind.LEDGER, Kind.ARTICLES)}
    assert statuses(index, *writes) == ["conflict", "stored", "conflict", "stored"]
    after = {kind: index.get(kind, ["a", "b", "c", id_]) for kind in (Kind.LEDGER, Kind.ARTICLES)}
    assert {k: {i: row.body for i, row in rows.items()} for k, rows in after.items()} == {
        k: {i: row.body for i, row in rows.items()} for k, rows in before.items()
    }


@pytest.mark.parametrize("kind", [Kind.ARTICLES, Kind.VERSIONS, Kind.CAPTURES, Kind.FINGERPRINTS])
def test_documents_of_all_months_are_one_kind(index: Generations, kind: Kind) -> None:
    """Split kinds are got, guarded, found, counted and deleted as if they were one index."""
    seen = ["2025-12-31T23:59:59Z", "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00Z", NOVEMBER]
    put(
        index, kind, {str(number): {"first_seen_at": time, "outlet": "o"} for number, time in enumerate(seen)}
    )
    found = index.get(kind, ["0", "1", "2", "3"])
    assert {id_: row.body["first_seen_at"] for id_, row in found.items()} == dict(
        zip("0123", seen, strict=True)
    )
    assert [row.id for row in index.find(kind, {}, sort="first_seen_at")] == ["1", "0", "2", "3"]
    assert index.count(kind, "outlet") == {("o",): 4}
    assert statuses(index, Write(kind=kind, id="2", body=None, seen=found["2"])) == ["stored"]
    assert statuses(index, Write(kind=kind, id="0", body=found["0"].body, create=True)) == ["conflict"]
    assert set(index.get(kind, ["0", "1", "2", "3"])) == {"0", "1", "3"}
