"""What rings: each story once for each topic it meets, with what its alert says."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.matching import match
from copydesk.index import Json, Kind, Write
from copydesk.index.records import from_record
from copydesk.model import Alert
from copydesk.topic import Topic
from made.alerts import FERRIES, NOW, deliveries, put, ring
from made.documents import judgement_record, story_record


def story(index: MemoryIndex, id_: str, **fields: Json) -> None:
    """A story's record as judging writes it."""
    index.write([Write(kind=Kind.STORIES, id=id_, body=story_record(id_, **fields))])


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


def test_a_teaser_is_shown_only_where_nothing_whole_matched() -> None:
    """The alert says that only the beginning is readable; where a copy has the whole text, it is shown."""
    index = MemoryIndex()
    put(index, "teaser", text="Ferry stuck.", story="s", form=("partial",), duplicate_of=None)
    put(index, "whole", text="Ferry stuck. All are well.", story="s", duplicate_of="teaser", family="teaser")
    put(index, "alone", text="A ferry sank.", story="t", form=("partial",))
    told = {alert.article: alert.is_partial for alert in ring(index, ["teaser", "whole", "alone"])}
    assert told == {"whole": False, "alone": True}


@pytest.mark.parametrize(
    ("published", "seconds"), [("11:58:30", 90), ("12:00:00", 0), ("12:00:01", None), ("", None)]
)
def test_an_alert_says_how_late_it_rang(published: str, seconds: int | None) -> None:
    """Counted from when its article says it was published; not where it says no time, or one to come."""
    index = MemoryIndex()
    at = {"published_at": f"2026-03-02T{published}Z"} if published else {}
    (alert,) = ring(index, [put(index, "a", **at)])
    body = index.get(Kind.ALERTS, [alert.id])[alert.id].body
    assert body.get("rung_after") == seconds
    assert from_record(Alert, body) == alert


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
