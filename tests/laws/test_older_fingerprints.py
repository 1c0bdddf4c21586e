"""After an upgrade that makes fingerprints otherwise, workers go on with an index that holds those of before."""

import logging
import random
from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.errors import ConfigError
from copydesk.index import Body, Generations, Kind, Write
from copydesk.judging.applying import judge, look_again, relatives, withdraw
from copydesk.judging.candidates import load_texts
from copydesk.judging.fingerprint import to_body
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document
from copydesk.operating.auditing import draw
from copydesk.operating.replaying import replay
from made.judgements import judgements
from made.texts import document, family, paragraphs
from made.world import World

BEFORE = [*family(1), *family(2, minutes=10), document("lone", paragraphs(99))]
NEW = [*family(3, minutes=200), document("f1-late", paragraphs(1)[:5], minutes=210)]
IDS = [one.id for one in BEFORE]


def older(one: Document) -> Body:
    """The record of a fingerprint as version 2 wrote it."""
    body = dict(to_body(make_fingerprints([one])[0]))
    return {name: value for name, value in body.items() if name not in {"items", "marks"}} | {"scheme": 2}


def make_older(index: Generations, some: Collection[Document]) -> None:
    """Have an index look as if these texts had been judged before the upgrade."""
    index.write([Write(kind=Kind.FINGERPRINTS, id=one.id, body=older(one)) for one in some])
    index.refresh(Kind.FINGERPRINTS)


def upgraded(some: Collection[str] = tuple(IDS)) -> MemoryIndex:
    """An index in which these texts were judged before the upgrade, the others after it."""
    index = MemoryIndex()
    judge(index, BEFORE)
    make_older(index, [one for one in BEFORE if one.id in some])
    return index


def test_what_an_older_version_fingerprinted_is_passed_over_and_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """New texts are judged among themselves; what was there stays as it was judged; the log says what to do."""
    index, alone = upgraded(), MemoryIndex()
    judge(alone, NEW)
    before = judgements(index)
    with caplog.at_level(logging.WARNING):
        assert judge(index, NEW) == {one.id for one in NEW}
    assert judgements(index) == before | judgements(alone)
    assert "until `copydesk replay`: f1-" in caplog.text
    assert load_texts(index, IDS) == {}


ANY = st.sets(st.sampled_from(IDS))


@settings(max_examples=20, deadline=None)
@given(old=ANY, again=ANY, gone=ANY, seed=st.integers(0, 10**6))
def test_whatever_a_worker_does_with_them_goes_through(
    old: set[str], again: set[str], gone: set[str], seed: int
) -> None:
    """Judging, second looks, audits and takedowns, whichever texts are older; fetched again all is as if none was."""
    index = upgraded(old)
    batch = [*NEW, *(one for one in BEFORE if one.id in again)]
    judge(index, random.Random(seed).sample(batch, len(batch)))
    look_again(index, IDS)
    relatives(index, IDS)
    draw(index, texts=5, pairs=5)
    withdraw(index, gone)
    rest = [one for one in (*BEFORE, *NEW) if one.id not in gone]
    judge(index, rest)
    new = MemoryIndex()
    judge(new, rest)
    assert judgements(index) == judgements(new)


def test_a_replay_of_some_months_carries_none_over() -> None:
    """What they are looked up by cannot be made of them: the whole archive must be replayed; nothing is swapped."""
    world = World()
    judge(world.index, BEFORE)
    make_older(world.index, BEFORE[:1])
    before = judgements(world.index)
    with pytest.raises(ConfigError, match=r"f1-wire was fingerprinted by an older version.* without --since"):
        replay(world.ports, since="2099.01")
    assert judgements(world.index) == before
