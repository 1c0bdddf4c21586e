"""Ringing though something fails: a run that dies, an archive or a server that refuses, an article that is odd."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.matching import match
from copydesk.alerting.telling import again
from copydesk.errors import ArchiveError, ConfigError, IndexUnavailable
from copydesk.index import Kind, Stored, Write
from copydesk.operating.backup import restore
from copydesk.topic import Topic
from made.alerts import FERRIES, NOW, deliveries, put, ring
from made.world import Shelf


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
