"""Races, provoked one by one: whatever two workers do to each other, the outcome is that of a single one."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any, cast

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Generations, Kind, Write
from copydesk.judging.applying import judge, look_again
from copydesk.model import Capture, Document
from made.races import Beaten, Interrupted, Newsroom, capture, outcome
from made.texts import document, family, paragraphs
from made.world import START

WIRE = ["The bridge near Aldmoor was closed on Monday, officials said.", *paragraphs(7)]
MINUTE = timedelta(minutes=1)

MET = (
    "captures", "fingerprints", "stories", "families", "judgements", "articles", "refresh", "alerts",
    "deliveries", "segments",
)  # fmt: skip
PAIRS = {
    "the later copy meets the earlier": ("copy", "first"),
    "the earlier copy meets the later": ("first", "copy"),
    "a capture meets a later one": ("copy", "changed"),
    "a capture meets an earlier one": ("changed", "copy"),
}


def captures() -> dict[str, Capture]:
    """Copies of one text in three outlets, and a later state of the second, at new addresses each time.

    New, for a server remembers the version of a deleted document for a minute.
    """
    one, two, three = (f"{name}-{secrets.token_hex(3)}.example/1" for name in ("one", "two", "three"))
    more = [*WIRE[:6], *paragraphs(8)]
    return {
        "first": capture(one, WIRE, seen=START),
        "copy": capture(two, WIRE[:6], seen=START + MINUTE),
        "last": capture(three, WIRE[1:], seen=START + 2 * MINUTE),
        "changed": capture(two, more, seen=START + MINUTE, fetched=START + 9 * MINUTE),
    }


UNKNOWN = ("a capture meets an earlier one", "articles")
"""Between reading that there is no article and writing one: the other state is overwritten before it was a version."""


def single(*segments: Capture) -> dict[str, Any]:
    """What one worker makes of captures, one after the other in the order of their fetching."""
    room = Newsroom(MemoryIndex(lag=True))
    for one in sorted(segments, key=lambda one: one.fetched_at):
        room.publish(one)
        room.process()
    assert len(room.post.sent) == 1
    return outcome(room.index)


@pytest.mark.parametrize("place", MET)
@pytest.mark.parametrize("pair", PAIRS)
def test_two_workers_meet(pair: str, place: str) -> None:
    """All of another worker's work between two steps of ours changes nothing, and one story rings once."""
    meet(MemoryIndex(lag=True), pair, place)


@pytest.mark.elasticsearch
@pytest.mark.parametrize("index", ["elastic"], indirect=True)
@pytest.mark.parametrize(
    ("pair", "place"),
    [
        ("the later copy meets the earlier", "alerts"),
        ("the earlier copy meets the later", "refresh"),
        ("a capture meets a later one", "fingerprints"),
        ("a capture meets an earlier one", "judgements"),
    ],
)
def test_two_workers_meet_on_a_server(index: Generations, pair: str, place: str) -> None:
    """So it is on Elasticsearch, where what was written is seen late."""
    meet(index, pair, place)


def meet(index: Generations, pair: str, place: str) -> None:
    """Let one worker do everything right before a step of another; the outcome is that of a single one."""
    made = captures()
    ours, theirs = (made[name] for name in PAIRS[pair])
    room = Newsroom(index)

    def meanwhile() -> None:
        room.publish(theirs)
        room.process()

    room.publish(ours)
    room.interrupted(**{place: meanwhile})
    found, expected = outcome(index), single(ours, theirs)
    if (pair, place) == UNKNOWN:
        assert (found.pop(Kind.VERSIONS), len(expected.pop(Kind.VERSIONS))) == ({}, 1)
    assert found == expected
    assert len(room.post.sent) == 1


@pytest.mark.parametrize("look", [True, False])
def test_only_the_second_look_joins_what_came_at_once(look: bool) -> None:  # noqa: FBT001 (the table)
    """Copies fingerprinted before any of them can be found are strangers until each looks again after its refresh."""
    index = MemoryIndex(lag=True)
    copies = family(7)
    for one in copies:
        judge(index, [one])
    for one in copies if look else ():
        index.refresh(Kind.FINGERPRINTS)
        look_again(index, [one.id])
    families = {row.body["family"] for row in index.get(Kind.JUDGEMENTS, [one.id for one in copies]).values()}
    assert len(families) == (1 if look else len(copies))


ITEMS = [paragraphs(seed) for seed in (31, 32, 33)]
BRIEF = [*ITEMS[0][:4], *ITEMS[1][:3], *ITEMS[2][:3]]
HELD = {"early": ITEMS[0][:6], "one": ITEMS[0], "two": ITEMS[1], "three": ITEMS[2], "brief": BRIEF}
"""Three texts, a copy of the first that was seen before it, and a roundup that looks like another without the rest."""


class DiedError(BaseException):
    """What ends a worker in a test."""


@pytest.mark.parametrize("place", ["families", "judgements"])
@pytest.mark.parametrize("dies", [False, True], ids=["beaten", "dead"])
def test_half_a_decision_is_made_whole(index: Generations, place: str, dies: bool) -> None:  # noqa: FBT001 (a table)
    """A copy turns out to be a roundup, and the worker that writes so is beaten or dies: no item is forgotten."""
    mark = secrets.token_hex(3)
    made = {name: capture(f"{name}-{mark}.example/1", lines, seen=START) for name, lines in HELD.items()}
    del made["early"]
    room, kind = Newsroom(index), Kind(place)

    def meanwhile() -> None:
        if dies:
            raise DiedError
        index.refresh(kind)
        index.write([Write(kind=kind, id=row.id, body=row.body) for row in index.scan(kind)])

    room.publish(made["one"], made["brief"])
    room.process()
    room.publish(made["two"], made["three"])
    try:
        room.interrupted(**{place: meanwhile})
    except DiedError:
        room.clock.wait(timedelta(hours=1))
        room.process()
    alone = Newsroom(MemoryIndex(lag=True))
    alone.publish(*made.values())
    alone.process()
    assert outcome(index) == outcome(alone.index)


@pytest.mark.parametrize("seed", range(8))
def test_whoever_is_beaten_again_and_again_decides_the_same(seed: int) -> None:
    """Judging in any order, while half of what is changed is changed by somebody else first, ends as ever."""
    chance = Random(seed)
    index, alone = MemoryIndex(), MemoryIndex()
    documents = [*held(), *family(34, minutes=20)]
    beaten = Beaten(index, chance)
    for one in chance.sample(documents, len(documents)):
        judge(cast("Generations", beaten), [one])
    judge(alone, documents)
    assert beaten.times
    assert outcome(index) == outcome(alone)


def test_a_story_may_part_between_search_and_decision() -> None:
    """A text finds two in one story; when one of them turns out to be a roundup meanwhile, it is still told of it."""
    index = MemoryIndex(lag=True)
    made = {one.id: one for one in held()}
    for names in (["one", "brief"], ["early"]):
        judge(index, [made[name] for name in names])
    index.refresh()
    ours = Interrupted(index, {Kind.STORIES: lambda: judge(index, [made["two"], made["three"]])})
    look_again(cast("Generations", ours), ["early"])
    assert ours.met == [Kind.STORIES]
    (brief,) = index.get(Kind.JUDGEMENTS, ["brief"]).values()
    assert brief.body["contains"] == ["early", "one", "three", "two"]


def held() -> Sequence[Document]:
    """The same as documents."""
    return [
        document(name, lines, minutes=place, title="News in brief" if name == "brief" else f"On {name}")
        for place, (name, lines) in enumerate(HELD.items())
    ]
