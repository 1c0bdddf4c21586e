"""Writing through a real client and a real socket to a server that fails as it is told to; nothing ever sleeps."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.adapters.elastic.bulk import CHUNK_BYTES
from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.errors import IndexUnavailable
from copydesk.index import Body, Found, Kind, Write
from copydesk.index.mapping import DOCUMENT_BYTES
from made.elastic import Fault, StandIn, Time, running

INDEX = "copydesk-ledger"


@pytest.fixture(scope="module")
def server() -> Iterator[StandIn]:
    with running() as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(server: StandIn) -> StandIn:
    """A server without documents, without faults."""
    server.documents.clear()
    server.faults.clear()
    server.sizes.clear()
    server.answers = {"/copydesk-": [(200, {"copydesk-stories-g1": {"aliases": {"copydesk-stories": {}}}})]}
    server.most_bytes = 10**9
    server.too_late = lambda: None
    return server


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def index(stand_in: StandIn, time: Time) -> Iterator[ElasticIndex]:
    """An index with a minute's patience that costs no time."""
    opened = open_index(
        stand_in.url,
        patience=timedelta(minutes=1),
        sleep=time.sleep,
        random=lambda: 0.5,
        clock=time.clock,
    )
    yield opened
    opened.close()


def write(name: str, body: Body | None = None, **guards: object) -> Write:
    return Write(kind=Kind.LEDGER, id=name, body={"url": name} if body is None else body, **guards)  # type: ignore[arg-type]


def names(stand_in: StandIn) -> set[str]:
    return {id_ for _, id_ in stand_in.documents}


PASSING = [
    pytest.param(Fault(status=429), id="overloaded"),
    pytest.param(Fault(status=502), id="proxy"),
    pytest.param(Fault(status=503), id="unavailable"),
    pytest.param(Fault(status=503, applied=True), id="unavailable-after-applying"),
    pytest.param(Fault(status=504, applied=True), id="timeout-after-applying"),
    pytest.param(Fault(status=0), id="dropped"),
    pytest.param(Fault(status=0, applied=True), id="dropped-after-applying"),
    pytest.param(Fault(items={0: (429, "es_rejected_execution_exception")}), id="one-rejected"),
    pytest.param(Fault(items={0: (429, "circuit_breaking_exception")}), id="circuit-breaker"),
    pytest.param(Fault(items={0: (503, "unavailable_shards_exception")}), id="no-shard"),
    pytest.param(Fault(items={0: (403, "cluster_block_exception")}), id="disk-full"),
    pytest.param(Fault(items={0: (429, "cluster_block_exception")}), id="disk-full-newer"),
]


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("times", [1, 4])
def test_what_passes_is_sent_again(
    index: ElasticIndex,
    stand_in: StandIn,
    time: Time,
    fault: Fault,
    times: int,
) -> None:
    """Everything is stored in the end, whatever guard it has, and answered as stored, with a pause per attempt."""
    stand_in.faults = [fault] * times
    answers = index.write([write("a"), write("b", create=True), write("c", version=7)])
    assert [answer.status for answer in answers] == ["stored"] * 3
    assert names(stand_in) == {"a", "b", "c"}
    assert len(time.pauses) == times


def test_only_what_was_not_taken_is_sent_again(index: ElasticIndex, stand_in: StandIn) -> None:
    """Items that were stored are not sent a second time."""
    stand_in.faults = [Fault(items={1: (429, "es_rejected_execution_exception"), 3: (429, "x")})]
    index.write([write(name) for name in "abcde"])
    assert stand_in.sizes == [5, 2]


def test_pauses_grow_and_are_jittered(index: ElasticIndex, stand_in: StandIn, time: Time) -> None:
    """Half of a doubling pause, for chance says 0.5 here, up to a longest one."""
    stand_in.faults = [Fault(status=429)] * 7
    index.write([write("a")])
    assert time.pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 2.5, 2.5]


def test_patience_ends(index: ElasticIndex, stand_in: StandIn, time: Time) -> None:
    """A server that stays overloaded is given up with one line, no later than patience allows."""
    stand_in.faults = [Fault(items={0: (429, "es_rejected_execution_exception")})] * 100
    with pytest.raises(
        IndexUnavailable, match=r"1 writes not accepted: es_rejected_execution_exception"
    ) as caught:
        index.write([write("a"), write("b")])
    assert "\n" not in str(caught.value)
    assert 55 < time.now < 60
    assert names(stand_in) == {"b"}


def test_guarded_writes_that_had_landed_are_stored_not_in_conflict(
    index: ElasticIndex, stand_in: StandIn
) -> None:
    """A write that was applied before its answer got lost does not lose against itself."""
    index.write([write("seen"), write("gone")])
    found = index.get(Kind.LEDGER, ["seen", "gone"])
    stand_in.faults = [Fault(status=0, applied=True)]
    answers = index.write(
        [
            write("created", create=True),
            write("seen", {"url": "new"}, seen=found["seen"]),
            write("versioned", version=3),
            Write(kind=Kind.LEDGER, id="gone", body=None, seen=found["gone"]),
        ],
    )
    assert [answer.status for answer in answers] == ["stored"] * 4
    assert names(stand_in) == {"created", "seen", "versioned"}


def test_a_rival_who_came_between_wins(index: ElasticIndex, stand_in: StandIn) -> None:
    """When another worker has overwritten what landed, or was first, the conflict is reported."""
    index.write([write("theirs")])

    def rival() -> None:
        stand_in.apply("index", {"_index": INDEX, "_id": "mine"}, {"url": "rival"})

    stand_in.too_late = rival
    stand_in.faults = [Fault(status=0, applied=True)]
    answers = index.write([write("mine", create=True), write("theirs", {"url": "other"}, create=True)])
    assert [answer.status for answer in answers] == ["conflict", "conflict"]


def test_a_plain_conflict_is_not_looked_into(index: ElasticIndex, stand_in: StandIn) -> None:
    """Without doubt about an earlier attempt a create that meets its equal is a conflict."""
    index.write([write("a", create=True)])
    assert [answer.status for answer in index.write([write("a", create=True)])] == ["conflict"]
    stand_in.faults = [Fault(status=429)]
    assert [answer.status for answer in index.write([write("a", create=True)])] == ["conflict"]


@pytest.mark.parametrize("status", [400, 413])
def test_a_request_refused_whole_is_halved(index: ElasticIndex, stand_in: StandIn, status: int) -> None:
    """The one document that spoils a request is refused alone, the others are stored."""
    bodies: list[Body] = [{"url": "x" * (5000 if at == 3 else 10)} for at in range(8)]
    writes = [write(str(at), body) for at, body in enumerate(bodies)]
    stand_in.most_bytes = 3000
    stand_in.faults = [Fault(status=status)]
    answers = index.write(writes)
    assert [answer.status for answer in answers] == ["refused" if at == 3 else "stored" for at in range(8)]
    assert "413" in answers[3].reason


@pytest.mark.parametrize("error", ["document_parsing_exception", "strict_dynamic_mapping_exception"])
def test_a_refused_item_says_why(index: ElasticIndex, stand_in: StandIn, time: Time, error: str) -> None:
    """A bad document is refused at once, with the server's reason, and is not sent again."""
    stand_in.faults = [Fault(items={0: (400, error)})]
    answers = index.write([write("bad"), write("good")])
    assert [(answer.status, answer.reason) for answer in answers] == [
        ("refused", f"{error}: as told"),
        ("stored", ""),
    ]
    assert time.pauses == []


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_are_no_matter_of_patience(
    index: ElasticIndex,
    stand_in: StandIn,
    time: Time,
    status: int,
) -> None:
    """A server that does not let us in is reported at once."""
    stand_in.faults = [Fault(status=status)]
    with pytest.raises(IndexUnavailable, match=str(status)):
        index.write([write("a")])
    assert time.pauses == []


def test_chunks_stay_below_their_size(index: ElasticIndex, stand_in: StandIn) -> None:
    """Many large documents travel in several requests; one larger than a chunk travels alone."""
    large: Body = {"url": "x" * (CHUNK_BYTES // 3)}
    answers = index.write(
        [*(write(str(at), large) for at in range(4)), write("huge", {"url": "x" * CHUNK_BYTES})]
    )
    assert {answer.status for answer in answers} == {"stored"}
    assert stand_in.sizes == [2, 2, 1]


def test_a_server_in_trouble_is_not_sent_the_next_chunk(index: ElasticIndex, stand_in: StandIn) -> None:
    """After a request that failed whole there is a pause first, however many chunks wait."""
    large: Body = {"url": "x" * (CHUNK_BYTES // 2)}
    stand_in.faults = [Fault(), Fault(status=503)]
    answers = index.write([write(str(at), large) for at in range(4)])
    assert {answer.status for answer in answers} == {"stored"}
    assert stand_in.sizes == [1, 1, 1, 1, 1]


def test_a_document_beyond_measure_is_not_even_sent(index: ElasticIndex, stand_in: StandIn) -> None:
    """What would make the server hang up is refused here, and the rest is stored."""
    answers = index.write([write("a", {"url": "x" * DOCUMENT_BYTES}), write("b")])
    assert [answer.status for answer in answers] == ["refused", "stored"]
    assert names(stand_in) == {"b"}


def test_nobody_there(time: Time) -> None:
    """A server that cannot be reached is given up when patience ends, for reading and writing alike."""
    with running() as stand_in:
        url = stand_in.url
    index = open_index(
        url, patience=timedelta(seconds=10), sleep=time.sleep, random=lambda: 1.0, clock=time.clock
    )
    with pytest.raises(IndexUnavailable, match="Connection refused"):
        index.write([write("a")])
    assert 5 < time.now <= 10
    with pytest.raises(IndexUnavailable, match="Connection refused"):
        index.get(Kind.LEDGER, ["a"])
    index.close()


faults = st.one_of(
    st.builds(Fault, status=st.sampled_from([0, 429, 502, 503]), applied=st.booleans()),
    st.builds(
        Fault,
        items=st.dictionaries(
            st.integers(0, 5), st.sampled_from([(429, "busy"), (503, "no_shard")]), max_size=6
        ),
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(faults, max_size=8), known=st.sets(st.sampled_from("abc")))
def test_no_script_of_faults_changes_the_outcome(
    index: ElasticIndex,
    stand_in: StandIn,
    time: Time,
    script: list[Fault],
    known: set[str],
) -> None:
    """The answers and documents are those of a server that never fails; only a 429 is never said after the fact."""
    time.now = 0.0
    stand_in.documents.clear()
    stand_in.faults.clear()
    index.write([write(name) for name in sorted(known)])
    seen = Found("c", {}, seq=-5, term=1)
    stand_in.faults = [fault for fault in script if not (fault.status == 429 and fault.applied)]
    answers = index.write(
        [
            write("a", {"url": "1"}, create=True),
            write("b", {"url": "2"}, version=9),
            write("c", {"url": "3"}, seen=index.get(Kind.LEDGER, ["c"]).get("c", seen)),
            write("d", {"url": "4"}),
            Write(kind=Kind.LEDGER, id="e", body=None),
        ],
    )
    assert [answer.status for answer in answers] == [
        "conflict" if "a" in known else "stored",
        "stored",
        "stored" if "c" in known else "conflict",
        "stored",
        "stored",
    ]
    stored = {id_: body["url"] for (_, id_), (_, _, body) in stand_in.documents.items()}
    assert stored == {
        "a": "a" if "a" in known else "1",
        "b": "2",
        "d": "4",
        **({"c": "3"} if "c" in known else {}),
    }
