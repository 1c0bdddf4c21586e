"""What only a server can show: races, retention, what happens before setup and to late writers."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.adapters.elastic.partitions import PARTITIONS
from copydesk.errors import ConfigError, IndexUnavailable
from copydesk.index import Kind, Write
from copydesk.index.mapping import MAPPING_VERSION, PROPERTIES, UNKEPT
from copydesk.monitoring.watching import server_troubles
from made.documents import NOVEMBER, article, entry, put, statuses

pytestmark = pytest.mark.elasticsearch


@pytest.fixture(scope="module")
def prefix() -> str:
    return f"t-{secrets.token_hex(4)}-"


@pytest.fixture(scope="module")
def index(elasticsearch_url: str, prefix: str) -> Iterator[ElasticIndex]:
    """A server under a prefix of its own, set up."""
    opened = another(elasticsearch_url, prefix)
    opened.setup()
    yield opened
    opened.tear_down()
    opened.close()


def another(url: str, prefix: str) -> ElasticIndex:
    """One more worker on the same documents."""
    return open_index(url, prefix=prefix, patience=timedelta(seconds=10))


def test_of_many_writers_exactly_one_wins(index: ElasticIndex, elasticsearch_url: str, prefix: str) -> None:
    """Workers who create, or replace what they saw, at the same moment: one is stored, all others are in conflict."""
    workers = [another(elasticsearch_url, prefix) for _ in range(4)]
    index.write([Write(kind=Kind.SEGMENTS, id="seen", body={"captures": 1})])
    with ThreadPoolExecutor(len(workers)) as pool:
        for number in range(10):
            seen = index.get(Kind.SEGMENTS, ["seen"])["seen"]
            create = Write(kind=Kind.SEGMENTS, id=f"new-{number}", body={"captures": 1}, create=True)
            replace = Write(kind=Kind.SEGMENTS, id="seen", body={"captures": number}, seen=seen)
            answers = list(pool.map(lambda worker, w=(create, replace): statuses(worker, *w), workers))
            for at in range(2):
                assert sorted(answer[at] for answer in answers) == ["conflict"] * 3 + ["stored"]
    for worker in workers:
        worker.close()


def test_setup_may_run_twice_at_once(elasticsearch_url: str) -> None:
    """Workers that set up the same prefix together find one generation and all indices."""
    prefix = f"t-{secrets.token_hex(4)}-"
    workers = [another(elasticsearch_url, prefix) for _ in range(3)]
    try:
        with ThreadPoolExecutor(len(workers)) as pool:
            list(pool.map(ElasticIndex.setup, workers))
        for worker in workers:
            worker.setup()
            assert statuses(worker, entry("a")) == ["stored"]
        assert workers[0].health().generation == 1
    finally:
        workers[0].tear_down()
        for worker in workers:
            worker.close()


def test_setup_teaches_existing_indices_new_fields(elasticsearch_url: str) -> None:
    """An index made by an older Copydesk learns the fields it lacks, also when only a state index was lost."""
    index = another(elasticsearch_url, f"t-{secrets.token_hex(4)}-")
    server, prefix = index.server, index.prefix
    try:
        server.client.indices.create(index=f"{prefix}ledger", mappings={"dynamic": "strict"})
        index.setup()
        assert statuses(index, entry("a")) == ["stored"]
        server.client.indices.delete(index=f"{prefix}polls")
        index.setup()
        assert index.find(Kind.POLLS, {}) == []
    finally:
        index.tear_down()
        index.close()


def test_before_setup_everything_says_so(elasticsearch_url: str) -> None:
    """Nothing is created by accident, neither by reading nor by writing."""
    index = open_index(elasticsearch_url, prefix=f"t-{secrets.token_hex(4)}-", patience=timedelta(0))
    for kind in (Kind.ARTICLES, Kind.STORIES, Kind.LEDGER):
        with pytest.raises(IndexUnavailable, match="set it up first"):
            index.write([Write(kind=kind, id="a", body={"first_seen_at": NOVEMBER})])
    for kind in (Kind.ARTICLES, Kind.STORIES, Kind.LEDGER):
        with pytest.raises(IndexUnavailable, match="set it up first"):
            index.get(kind, ["a"])
    assert index.health().generation == 0
    index.close()


def test_a_late_writer_finds_the_new_generation(
    index: ElasticIndex, elasticsearch_url: str, prefix: str
) -> None:
    """A worker that knows only the deleted generation writes to the live one, and brings nothing back."""
    late = another(elasticsearch_url, prefix)
    put(late, Kind.ARTICLES, {"early": article("Early", "bird")})
    late.get(Kind.ARTICLES, ["early"])
    fresh = index.begin_generation()
    index.swap(fresh.number)
    writes = [
        Write(kind=Kind.ARTICLES, id="late", body=article("Late", "worm")),
        Write(kind=Kind.STORIES, id="late", body={"id": "late"}),
    ]
    assert statuses(late, *writes) == ["stored", "stored"]
    assert (
        set(index.get(Kind.ARTICLES, ["early", "late"])) == set(index.get(Kind.STORIES, ["late"])) == {"late"}
    )
    assert late.number == index.number == index.health().generation == fresh.number
    late.close()


def test_weeks_that_are_over_are_compacted_once(index: ElasticIndex) -> None:
    """A week of many small writes becomes one segment; one not over yet, or compact already, is left alone."""
    weeks = ("2026-11-10T00:00:00Z", "2026-11-18T00:00:00Z")
    for number in range(3):
        put(index, Kind.FINGERPRINTS, {f"{week} {number}": {"first_seen_at": week} for week in weeks})
    (compacted,) = index.compact(Kind.FINGERPRINTS, date(2026, 11, 22))
    assert compacted.endswith("-2026-w46")
    assert index.compact(Kind.FINGERPRINTS, date(2026, 11, 22)) == []
    assert index.compact(Kind.LEDGER, date(2026, 11, 22)) == []
    assert len(index.find(Kind.FINGERPRINTS, {})) == 6


def test_the_live_generation_cannot_be_dropped(index: ElasticIndex) -> None:
    """Dropping is for what was given up; a number that never was is no error, swapping to it is one."""
    index.drop(999)
    with pytest.raises(IndexUnavailable, match="is live"):
        index.drop(index.number)
    with pytest.raises(IndexUnavailable, match="does not exist"):
        index.swap(999)


def test_a_new_partition_is_seen_by_other_workers_at_once(
    index: ElasticIndex,
    elasticsearch_url: str,
    prefix: str,
) -> None:
    """A worker that has just listed the months finds a document in a month that another opens now."""
    other = another(elasticsearch_url, prefix)
    assert other.get(Kind.ARTICLES, ["old"]) == {}
    put(index, Kind.ARTICLES, {"old": article("Old", "paper", first_seen_at="2019-03-01T00:00:00Z")})
    assert set(other.get(Kind.ARTICLES, ["old"])) == {"old"}
    other.close()


@pytest.mark.parametrize("value", ["x" * 32_767, "ü" * 16_384])
def test_a_value_too_long_for_a_key_is_refused_and_for_a_label_kept(index: ElasticIndex, value: str) -> None:
    """Nothing is lost silently: a key is refused with a reason, a label comes back although it is not searched."""
    answers = index.write([Write(kind=Kind.LEDGER, id="long", body={"url": value})])
    assert answers[0].status == "refused"
    assert "immense term" in answers[0].reason
    put(index, Kind.ALERTS, {"long": {"topic_title": value, "topic": "t"}})
    (row,) = index.find(Kind.ALERTS, {"topic": "t"})
    assert row.body["topic_title"] == value


@pytest.mark.parametrize("kind", list(Kind))
def test_the_server_takes_every_mapping(index: ElasticIndex, kind: Kind) -> None:
    """What setup made on the server are the fields of the mapping, no more and no fewer."""
    index.write([Write(kind=kind, id="a", body={"first_seen_at": NOVEMBER} if kind in PARTITIONS else {})])
    answer = index.server.client.indices.get_mapping(index=f"{index.prefix}{kind}").body
    for made in answer.values():
        wanted = PROPERTIES[kind].keys() | ({"id"} if kind in UNKEPT else set())
        assert made["mappings"]["properties"].keys() == wanted


def test_a_server_that_is_not_there(elasticsearch_url: str) -> None:
    """Health asks once and says in one line what is wrong; an address that is none is a matter of configuration."""
    assert open_index(elasticsearch_url).health().status in {"green", "yellow"}
    with pytest.raises(IndexUnavailable, match=r"at http://127\.0\.0\.1:9: "):
        open_index("http://127.0.0.1:9").health()
    with pytest.raises(ConfigError, match="elasticsearch url"):
        open_index("127.0.0.1")
    with pytest.raises(ConfigError, match="no-such-file"):
        open_index("https://127.0.0.1:9", ca_certs="no-such-file.pem")


def test_passwords_stay_out_of_messages() -> None:
    """Neither credentials in the address nor those given apart show up in an error."""
    index = open_index("http://someone:topsecret@127.0.0.1:9", patience=timedelta(0))
    with pytest.raises(IndexUnavailable) as caught:
        index.get(Kind.LEDGER, ["a"])
    assert "topsecret" not in str(caught.value)


def test_health_tells_version_and_generation(index: ElasticIndex) -> None:
    """What an operator asks first, in one answer."""
    health = index.health()
    # yellow while the shards of a new index start, which takes a moment on a busy machine
    assert health.status in {"green", "yellow"}
    assert health.generation == index.number
    assert health.version[0] in "89"


def test_an_index_of_an_older_mapping_is_said_in_one_line_until_a_replay(elasticsearch_url: str) -> None:
    """What an earlier version made is told with what to do; a new generation, as replay makes it, is up to date."""
    opened = another(elasticsearch_url, f"t-{secrets.token_hex(4)}-")
    opened.setup()
    assert server_troubles(opened) == []
    name = f"{opened.prefix}{Kind.STORIES}-g1"
    opened.server.ask(lambda client: client.indices.put_mapping(index=name, meta={"version": 0}))
    opened.setup()
    assert [
        trouble.text for trouble in server_troubles(opened) if trouble.key == "elasticsearch-mapping"
    ] == [
        f"the index has mapping 0, this version of Copydesk writes mapping {MAPPING_VERSION}: run `copydesk replay`"
    ]
    opened.swap(opened.begin_generation().number)
    assert server_troubles(opened) == []
    opened.tear_down()
    opened.close()
