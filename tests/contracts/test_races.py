"""Races, provoked one by one: whatever two workers do to each other, the outcome is that of a single one."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from fakes import START
from racing import Newsroom, capture, outcome
from wires import family, paragraphs

from copydesk.adapters.memory import MemoryIndex
from copydesk.index import Generations, Kind
from copydesk.judging.deciding import judge, look_again
from copydesk.model import Capture

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
