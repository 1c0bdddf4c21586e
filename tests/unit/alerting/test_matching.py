from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.matching import match
from copydesk.alerting.telling import again
from copydesk.errors import ArchiveError, ConfigError, IndexUnavailable
from copydesk.index import Json, Kind, Stored, Write
from copydesk.index.records import from_record
from copydesk.index.state import Delivery
from copydesk.model import Alert, Topic
from copydesk.operating.backup import restore
from made.alerts import FERRIES, NOW, put, ring
from made.documents import judgement_record, story_record
from made.world import Shelf


def story(index: MemoryIndex, id_: str, **fields: Json) -> None:
    """A story's record as judging writes it."""
    index.write([Write(kind=Kind.STORIES, id=id_, body=story_record(id_, **fields))])


def deliveries(index: MemoryIndex) -> list[tuple[str, str]]:
    rows = [from_record(Delivery, row.body) for row in index.scan(Kind.DELIVERIES)]
    return sorted((row.alert, row.channel) for row in rows)


def test_copies_ring_once_and_are_counted() -> None:
    """Many copies of one story make one alert that says who was first, whose text it is and how many carry it."""
    index = MemoryIndex()
    put(
        index,
        "early",
        seen="2026-03-02T08:00:00Z",
        text="Nothing of the kind.",
        title="Ship aground",
        story="s",
    )
    put(index, "copy", seen="2026-03-02T09:00:00Z", story="s", duplicate_of="wire", publisher="house")
    put(
        index,
        "wire",
        seen="2026-03-02T10:00:00Z",
        story="s",
        agency="dpa",
        published_at="2026-03-02T09:59:00Z",
    )
    put(
        index,
        "twin",
        seen="2026-03-02T11:00:00Z",
        story="s",
        duplicate_of="wire",
        publisher="house",
        text="Two ferries.",
    )
    put(index, "other", text="Trains.", title="Trains")
    (alert,) = ring(index, ["copy", "wire", "twin", "other", "early"])
    assert (alert.topic, alert.topic_title, alert.story, alert.article) == ("ferries", "Ferries", "s", "wire")
    assert (alert.first_outlet, alert.agency, alert.outlets, alert.publishers) == ("early", "dpa", 4, 3)
    assert alert.matched == ("ferry", "ferries")
    assert alert.snippet == "A ferry ran aground."
    assert alert.links == ("https://early.example/1", "https://copy.example/1")
    assert deliveries(index) == [(alert.id, "desk"), (alert.id, "log")]
    assert from_record(Alert, index.get(Kind.ALERTS, [alert.id])[alert.id].body) == alert


def test_a_text_without_a_title_rings_by_its_first_sentence() -> None:
    """The alert says what the text begins with, and that this is no title; one with a title says it is one."""
    index = MemoryIndex()
    put(index, "bare", title="", text="A ferry ran aground off Marnhaven. Nobody was hurt.", story="s")
    put(index, "titled", title="Ferry aground", text="It is a ferry.", story="t")
    told = {alert.article: (alert.title, alert.is_untitled) for alert in ring(index, ["bare", "titled"])}
    assert told == {"bare": ("A ferry ran aground off Marnhaven.", True), "titled": ("Ferry aground", False)}


def test_a_later_copy_does_not_ring() -> None:
    """A story that was told is told, however many copies come and however often the run is repeated."""
    index = MemoryIndex()
    assert len(ring(index, [put(index, "a", story="s")])) == 1
    before = deliveries(index)
    assert ring(index, [put(index, "b", story="s")]) == []
    assert ring(index, ["a", "b"]) == []
    assert deliveries(index) == before


def test_each_topic_rings_for_itself() -> None:
    """Two topics met by one story are two alerts, and a topic that is not met is none."""
    index = MemoryIndex()
    put(index, "a")
    topics = [FERRIES, Topic(name="wrecks", all=("aground",)), Topic(name="trains", any=("train",))]
    assert [alert.topic for alert in ring(index, ["a"], *topics)] == ["ferries", "wrecks"]


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        ({"absorbed": ["old"]}, {}),
        ({"absorbed": ["older", "old"]}, {"merged_into": "new"}),
    ],
)
def test_a_story_was_told_if_a_part_of_it_was(winner: Mapping[str, Json], loser: Mapping[str, Json]) -> None:
    """An alert under an id that a story absorbed counts for the story."""
    index = MemoryIndex()
    assert ring(index, [put(index, "a", story="old")])
    story(index, "new", **winner)
    story(index, "old", **loser)
    assert ring(index, [put(index, "a", story="new"), put(index, "b", story="new")]) == []


def test_articles_of_a_merged_story_ring_under_its_new_id() -> None:
    """Texts that still carry the id of a story that was taken in ring with those of the one that took it in."""
    index = MemoryIndex()
    story(index, "one", merged_into="two")
    story(index, "two", merged_into="three")
    story(index, "three")
    ids = [put(index, "a", story="one"), put(index, "b", story="two"), put(index, "c", story="three")]
    (alert,) = ring(index, ids)
    assert (alert.story, alert.outlets) == ("three", 3)


def test_a_ring_of_mergers_ends() -> None:
    """Records that point at each other are one story, and do not hold anybody up."""
    index = MemoryIndex()
    story(index, "one", merged_into="two")
    story(index, "two", merged_into="one")
    assert len(ring(index, [put(index, "a", story="one"), put(index, "b", story="two")])) == 1


@pytest.mark.parametrize(
    ("published", "seen", "fetched", "rings"),
    [
        (None, "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", True),
        ("2026-02-23T10:00:00Z", "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", True),
        ("2026-02-23T09:59:59Z", "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", False),
        (None, "2026-02-20T10:00:00Z", "2026-03-02T10:00:00Z", False),
        ("2026-03-03T12:00:00Z", "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", True),
    ],
)
@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=400)])
def test_old_articles_do_not_ring(
    published: str | None,
    seen: str,
    fetched: str,
    rings: bool,  # noqa: FBT001 (a table)
    late: timedelta,
) -> None:
    """Articles that were too old when they were fetched are noted as not told; how late we match changes nothing."""
    index = MemoryIndex()
    put(index, "a", seen=seen, published_at=published, fetched_at=fetched)
    assert bool(ring(index, ["a"], now=NOW + late)) is rings
    (told,) = index.scan(Kind.TOLD)
    assert (told.body["topic"], told.body["article"]) == ("ferries", "a")
    assert told.body.get("reason") == (None if rings else "too-old")
    assert ("alert" in told.body) is rings


@pytest.mark.parametrize(
    ("times", "first"),
    [
        ({"a": ("2026-03-02T09:00:00Z", None), "b": ("2026-03-02T08:00:00Z", None)}, "b"),
        ({"a": ("2026-03-02T09:00:00Z", "2026-03-02T07:30:00Z"), "b": ("2026-03-02T08:00:00Z", None)}, "a"),
        ({"a": ("2026-03-02T09:00:00Z", "2026-03-02T00:00:00Z"), "b": ("2026-03-02T08:00:00Z", None)}, "b"),
        ({"a": ("2026-03-02T08:00:00Z", "2026-03-02T11:00:00Z"), "b": ("2026-03-02T09:00:00Z", None)}, "a"),
    ],
)
def test_who_had_it_first(times: dict[str, tuple[str, str | None]], first: str) -> None:
    """The published time counts if it has a time of day and is not later than when we saw the article."""
    index = MemoryIndex()
    for id_, (seen, published) in times.items():
        put(index, id_, seen=seen, published_at=published, story="s")
    assert ring(index, list(times))[0].first_outlet == first


def roundup(index: MemoryIndex) -> str:
    """A text that holds two items: "a" and "b"."""
    for item in ("a", "b"):
        index.write([Write(kind=Kind.JUDGEMENTS, id=item, body=judgement_record(item))])
    return put(index, "brief", contains=["a", "b"], text="A ferry ran aground. A bank failed.")


@pytest.mark.parametrize("together", [True, False])
def test_a_roundup_does_not_repeat_what_was_told(together: bool) -> None:  # noqa: FBT001 (a table)
    """A roundup stays silent when one of its items rings in the same batch or rang before."""
    index = MemoryIndex()
    put(index, "a")
    put(index, "b", text="A bank failed.", title="Bank fails")
    brief = roundup(index)
    batches = [["a", "b", brief]] if together else [["a", "b"], [brief]]
    assert [alert.story for batch in batches for alert in ring(index, batch)] == ["a"]


def test_a_roundup_that_comes_first_rings() -> None:
    """News that only a roundup has is told, and told again when the story gets an article of its own."""
    index = MemoryIndex()
    brief = roundup(index)
    assert [alert.article for alert in ring(index, [brief])] == ["brief"]
    assert ring(index, [brief]) == []
    assert [alert.article for alert in ring(index, [put(index, "a")])] == ["a"]


def test_nothing_to_do() -> None:
    """No topics or no articles ring nothing, and articles that vanished meanwhile are passed over."""
    index = MemoryIndex()
    assert match(index, [], ["a"], NOW) == []
    assert match(index, [FERRIES], [], NOW) == []
    assert match(index, [FERRIES], ["a"], NOW) == []


@dataclass(slots=True)
class Dying(MemoryIndex):
    """An index that dies in the middle of its writes, after so many documents."""

    left: int = 0

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        """Write what is left to be written, then die."""
        answers = MemoryIndex.write(self, writes[: self.left])
        self.left -= len(answers)
        if len(answers) < len(writes):
            raise IndexUnavailable("gone")
        return answers


@pytest.mark.parametrize("writes", range(8))
def test_a_run_that_died_anywhere_is_made_good_by_the_next(writes: int) -> None:
    """After a crash between any two writes, running again gives the alerts and deliveries of an undisturbed run."""
    whole = MemoryIndex()
    index = Dying(left=100)
    for each in (whole, index):
        put(each, "a")
        put(each, "b")
    ring(whole, ["a", "b"])
    index.left = writes
    try:
        ring(index, ["a", "b"])
    except IndexUnavailable:
        index.left = 100
        ring(index, ["b", "a"], now=NOW + timedelta(minutes=3))
    assert deliveries(index) == deliveries(whole)
    assert len(list(index.scan(Kind.ALERTS))) == 2


@pytest.mark.parametrize("writes", range(12))
def test_a_run_that_died_anywhere_is_made_good_on_a_lost_server_too(writes: int) -> None:
    """After a crash between any two writes, with the index lost, the journal and running again make all good."""
    whole, index, archive = MemoryIndex(), Dying(left=100), Shelf()
    for each in (whole, index):
        put(each, "a")
        put(each, "b")
    ring(whole, ["a", "b"])
    index.left = writes
    with suppress(IndexUnavailable):
        match(index, [FERRIES], ["a", "b"], NOW, archive)
    restored = MemoryIndex()
    with suppress(ConfigError):  # when nothing was written down
        restore(restored, archive)
    for id_ in ("b", "a"):
        match(restored, [FERRIES], [put(restored, id_)], NOW + timedelta(minutes=3), archive)
    assert deliveries(restored) == deliveries(whole)
    assert len(list(restored.scan(Kind.ALERTS))) == 2


def test_nothing_rings_while_it_cannot_be_written_down() -> None:
    """An archive that takes nothing is no reason to tell of what a lost server would tell again."""
    index, archive = MemoryIndex(), Full()
    with pytest.raises(ArchiveError):
        match(index, [FERRIES], [put(index, "a")], NOW, archive)
    assert list(index.scan(Kind.ALERTS)) == []
    assert len(match(index, [FERRIES], ["a"], NOW, Shelf())) == 1


def test_one_file_is_written_for_a_batch_that_rings_and_none_for_others() -> None:
    """However many articles and topics a batch has; and what was noted before is not written again."""
    index, archive = MemoryIndex(), Shelf()
    topics = [FERRIES, Topic(name="wrecks", any=("aground",))]
    put(index, "quiet", text="Nothing of the kind.", title="Rain")
    for ids, files in (
        (["quiet"], 0),
        ([put(index, f"a{n}", story=f"s{n % 3}") for n in range(9)], 1),
        (["a1"], 1),
    ):
        match(index, topics, ids, NOW, archive)
        assert len(archive.names("journal")) == files


class Full(Shelf):
    """An archive that takes nothing."""

    def save(self, name: str, content: bytes) -> None:
        raise ArchiveError(f"cannot write {name}: {len(content)} bytes are too many")


@given(st.data())
def test_the_order_of_arrival_does_not_change_what_rings(data: st.DataObject) -> None:
    """However copies are spread over runs, and however often they come, each story rings exactly once."""
    ids = {f"a{number}": f"s{number % 3}" for number in range(9)}
    arrivals = data.draw(st.permutations([*ids, *list(ids)[:3]]))
    index, rung, at = MemoryIndex(), [], 0
    while at < len(arrivals):
        size = data.draw(st.integers(1, 4))
        batch = [put(index, id_, story=ids[id_]) for id_ in arrivals[at : at + size]]
        rung += ring(index, batch)
        at += size
    assert sorted(alert.story for alert in rung) == ["s0", "s1", "s2"]


def odd(index: MemoryIndex, id_: str) -> str:
    """An article without what every article has."""
    body = index.get(Kind.ARTICLES, [put(index, id_)])[id_].body
    rest = {name: value for name, value in body.items() if name != "language"}
    index.write([Write(kind=Kind.ARTICLES, id=id_, body=rest)])
    return id_


def test_one_alert_that_cannot_be_composed_stops_no_other_and_is_rung_later() -> None:
    """An odd article is noted with the reason; once it is in order its alert rings, though nobody asks for it."""
    index = MemoryIndex()
    ids = [odd(index, "a"), put(index, "b")]
    assert [alert.story for alert in ring(index, ids)] == ["b"]
    noted = {row.body["article"]: row.body for row in index.scan(Kind.TOLD)}
    assert (noted["a"]["reason"], str(noted["a"]["detail"])[:16]) == ("internal", "ValidationError:")
    assert ring(index, [], now=NOW + timedelta(minutes=2)) == []
    put(index, "a")
    assert ring(index, [], now=NOW + timedelta(minutes=3)) == []
    assert [alert.story for alert in ring(index, [], now=NOW + timedelta(minutes=9))] == ["a"]
    assert ring(index, [], now=NOW + timedelta(days=9)) == []


def test_an_alert_that_is_never_in_order_is_given_up_after_three_days() -> None:
    """It is tried again less and less often, and stays noted."""
    index = MemoryIndex()
    odd(index, "a")
    for hour in range(100):
        assert ring(index, ["a"] if hour == 0 else [], now=NOW + timedelta(hours=hour)) == []
    (row,) = index.scan(Kind.TOLD)
    assert (row.body["reason"], row.body["attempts"], "retry_at" in row.body) == ("internal", 10, False)
    put(index, "a")
    later = NOW + timedelta(days=9)
    assert ring(index, [], now=later) == []
    assert again(index, later) == 1  # `copydesk retry`
    assert [alert.story for alert in ring(index, [], now=later + timedelta(seconds=1))] == ["a"]
    assert again(index, later) == 0


@dataclass(slots=True)
class Refusing(MemoryIndex):
    """An index that takes no alerts about one story."""

    story: str = ""

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        """Refuse those, take the others."""
        bad = [
            one for one in writes if one.kind is Kind.ALERTS and (one.body or {}).get("story") == self.story
        ]
        taken = dict(
            zip(
                (one.id for one in writes if one not in bad),
                MemoryIndex.write(self, [one for one in writes if one not in bad]),
                strict=True,
            )
        )
        return [Stored("refused", "too long") if one in bad else taken[one.id] for one in writes]


def test_an_alert_that_the_server_refuses_stops_no_other() -> None:
    """It is noted as refused, has no deliveries, and rings when the server takes it."""
    index = Refusing(story="a")
    assert [alert.story for alert in ring(index, [put(index, "a"), put(index, "b")])] == ["b"]
    assert len(deliveries(index)) == 2
    noted = {row.body["article"]: row.body for row in index.scan(Kind.TOLD)}
    assert (noted["a"]["reason"], noted["a"]["detail"]) == ("index-refused", "too long")
    index.story = ""
    assert [alert.story for alert in ring(index, [], now=NOW + timedelta(minutes=2))] == ["a"]
    assert len(deliveries(index)) == 4
