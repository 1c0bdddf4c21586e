"""Decisions by hand on the whole street: they hold at once, for what comes later, after replay and after restore."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta

import pytest

from copydesk.errors import ConfigError
from copydesk.index import Body, Index, Kind, Write
from copydesk.judging.applying import look_again
from copydesk.model import Source
from copydesk.operating import ruling
from copydesk.operating.backup import backup, restore
from copydesk.operating.comparing import COMPARED
from copydesk.operating.replaying import replay
from copydesk.operating.ruling import join, load_rulings, split
from copydesk.takedowns.forgetting import forget
from made.published import OTHER, WIRE, published, run
from made.published import articles as stored
from made.world import World, feed, page, source

ONE, TWO, THREE = (f"https://{name}.example/story" for name in ("one", "two", "three"))
EVERYTHING = {kind.value for kind in COMPARED}


def stage() -> tuple[World, list[Source]]:
    """A world in which one and two carry the same text, and three another."""
    world = World()
    sources = published(world)
    run(world, sources)
    return world, sources


def articles(world: World) -> dict[str, Body]:
    """The articles by outlet, without how often they were judged."""
    return {
        outlet: {name: item for name, item in body.items() if name not in {"revision", "fetched_at"}}
        for outlet, body in stored(world).items()
    }


def publish(world: World, name: str, *text: str, number: int = 1) -> Source:
    """A page of an outlet, and its feed."""
    address = f"https://{name}.example/{number}"
    world.web.pages[f"https://{name}.example/feed"] = feed(address)
    world.web.pages[address] = page(f"{name} says what happened", *text)
    return source(name)


def forget_fetching(world: World) -> None:
    """Let every address be fetched again."""
    world.index.refresh(Kind.LEDGER)
    rows = list(world.index.scan(Kind.LEDGER))
    world.index.write([Write(kind=Kind.LEDGER, id=row.id, body=None) for row in rows])


def test_a_split_holds_at_once_and_in_a_rebuilt_index() -> None:
    """The copy is an original of its own; articles say so too, and replay gives the same."""
    world, _ = stage()
    (judgement,) = split(world.ports, [TWO]).values()
    found = articles(world)
    assert judgement.duplicate_of is None
    assert found["two"]["family"] == found["two"]["id"] != found["one"]["family"]
    assert set(replay(world.ports).equal) == EVERYTHING
    assert articles(world) == found


def test_a_join_holds_at_once_and_in_a_rebuilt_index() -> None:
    """Two texts that have nothing in common are one family, because somebody says so."""
    world, _ = stage()
    join(world.ports, [THREE, TWO])
    found = articles(world)
    assert len({article["family"] for article in found.values()}) == 1
    assert set(replay(world.ports).equal) == EVERYTHING
    assert articles(world) == found


@pytest.mark.parametrize("rule", [split, join])
def test_a_ruling_that_was_cut_off_is_carried_through_when_it_is_made_again(
    rule: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was judged and not brought to the articles is brought there by the second call."""

    def judge_and_die(index: Index, ids: Iterable[str]) -> set[str]:
        look_again(index, ids)
        raise KeyboardInterrupt

    addresses = [TWO] if rule is split else [ONE, THREE]
    (whole, _), (world, _) = stage(), stage()
    rule(whole.ports, addresses)
    monkeypatch.setattr(ruling, "look_again", judge_and_die)
    with pytest.raises(KeyboardInterrupt):
        rule(world.ports, addresses)
    monkeypatch.undo()
    assert articles(world) != articles(whole)
    with suppress(ConfigError):  # what is split already can be split from nothing
        rule(world.ports, addresses)
    assert articles(world) == articles(whole)


def test_levels_are_apart() -> None:
    """Of one story need not be copies; what is split from its copies may stay in the story, or not."""
    world, _ = stage()
    join(world.ports, [ONE, THREE], story=True)
    found = articles(world)
    assert len({article["story"] for article in found.values()}) == 1
    assert found["three"]["family"] != found["one"]["family"]
    split(world.ports, [THREE], story=True)
    assert articles(world)["three"]["story"] == found["three"]["id"]


def test_the_later_word_counts() -> None:
    """Split, join, split: each undoes the one before."""
    world, _ = stage()
    for decide, families in ((split, 2), (join, 1), (split, 2)):
        world.clock.wait(timedelta(seconds=1))
        decide(world.ports, [TWO] if decide is split else [ONE, TWO])
        assert len({articles(world)[name]["family"] for name in ("one", "two")}) == families


def test_rulings_outlive_the_index_and_what_comes_later() -> None:
    """After a restore without the index's own copy, and when a text is captured anew and copies of it come."""
    world, sources = stage()
    split(world.ports, [TWO])
    join(world.ports, [THREE, ONE])
    name, _ = backup(world.index, world.archive, world.clock.now())
    fresh = World(clock=world.clock, archive=world.archive)
    fresh.web.pages = world.web.pages
    restore(fresh.index, fresh.archive, name)
    fresh.index.refresh(Kind.RULINGS)
    rows = {row.id: row.body for row in fresh.index.scan(Kind.RULINGS)}
    assert len(rows) == 3
    assert load_rulings(fresh.index, fresh.archive) == 2
    replay(fresh.ports)
    assert articles(fresh) == articles(world)
    fresh.web.pages[TWO] = page("two says what happened, corrected", *WIRE[:5])
    forget_fetching(fresh)
    fresh.clock.wait(timedelta(hours=2))
    run(fresh, [*sources, publish(fresh, "four", *WIRE), publish(fresh, "five", *OTHER)])
    found = articles(fresh)
    assert (
        found["one"]["family"]
        == found["three"]["family"]
        == found["four"]["family"]
        == found["five"]["family"]
    )
    assert found["two"]["title"] == "two says what happened, corrected"
    assert found["two"]["family"] == found["two"]["id"]


def test_a_part_that_was_split_off_has_been_told() -> None:
    """Its story has been told under the old id: a further copy does not ring, after a replay either."""
    world, sources = stage()
    with pytest.raises(ConfigError, match="its story has no other family"):
        split(world.ports, [TWO], story=True)
    split(world.ports, [TWO])
    split(world.ports, [TWO], story=True)
    assert articles(world)["two"]["story"] != articles(world)["one"]["story"]
    replay(world.ports)
    for address in (ONE, TWO):
        world.web.pages[address] = page("Marnhaven, again", *WIRE[:5], f"This was corrected at {address}.")
    forget_fetching(world)
    world.clock.wait(timedelta(hours=2))
    assert run(world, sources)["version"] == 2
    assert len(world.post.sent) == 1


@pytest.mark.parametrize(
    ("addresses", "joining", "message"),
    [
        (["https://nobody.example/x", TWO], True, "https://nobody.example/x: no article has this address"),
        ([TWO], True, "join: give the addresses of two different articles"),
        ([TWO, f"{TWO}#top"], True, "join: give the addresses of two different articles"),
        ([THREE], False, f"{THREE}: nothing to split it from, its family has no other article"),
        ([ONE, TWO], False, f"{ONE}: nothing to split it from, its family has no other article"),
        (["https://nobody.example/x"], False, "https://nobody.example/x: no article has this address"),
    ],
)
def test_what_cannot_be_ruled(addresses: list[str], joining: bool, message: str) -> None:  # noqa: FBT001 (a column)
    """One line that says what is wrong, and nothing is written."""
    world, _ = stage()
    with pytest.raises(ConfigError) as caught:
        (join if joining else split)(world.ports, addresses)
    assert str(caught.value) == message
    assert not world.archive.names("rulings")


def test_a_forgotten_article_cannot_be_ruled() -> None:
    """It is gone for good, and the message says so; what was ruled about it before hurts nobody."""
    world, _ = stage()
    join(world.ports, [ONE, THREE])
    forget(world.ports, ONE)
    with pytest.raises(ConfigError, match="was taken out"):
        split(world.ports, [ONE])
    assert len({article["family"] for article in articles(world).values()}) == 2
    assert set(replay(world.ports).equal) >= {"articles", "versions"}
