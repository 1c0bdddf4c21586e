"""The way of an address, step by step, as a person reads it."""

import pytest

from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Unfetched, Wanted
from copydesk.takedowns.forgetting import forget
from copydesk.urls import url_key
from copydesk.views.ways import Way, way_of
from made.published import TOPICS, published, run
from made.world import World, feed, source

STORY = "https://one.example/story"


def told(way: Way) -> list[str]:
    return [step.what for step in way.steps]


@pytest.fixture
def world() -> World:
    """Two outlets that print one text, a third with its own, all announced and read."""
    made = World()
    run(made, published(made))
    made.index.refresh()
    return made


def test_an_article_tells_all_its_way(world: World) -> None:
    """From announcement to the topic that was told; by its id as by its address."""
    way = way_of(world.index, STORY)
    assert told(way) == [
        "announced by one",
        "fetched",
        "read, and put into the index",
        "judged to be an original",
        f"the topic {TOPICS.topics[0].name} was told of its story",
    ]
    assert way.end == "It is here: one says what happened"
    assert way_of(world.index, url_key(STORY)) == way
    assert told(way_of(world.index, "https://two.example/story"))[3] == f"judged to be a copy of {STORY}"


def test_what_could_not_be_fetched_says_why(world: World) -> None:
    """The reason, how often it was tried, and when it is tried again."""
    four = source("four")
    world.web.pages[four.url] = feed("https://four.example/1")
    world.web.pages["https://four.example/1"] = _shut
    run(world, [four])
    world.index.refresh()
    way = way_of(world.index, "https://four.example/1")
    assert way.end.startswith(
        "It is not here: could not be fetched, after 1 try: status 503; tried again at "
    )


def _shut(wanted: Wanted) -> Unfetched:
    failed, status = EntryOutcome.FAILED, "status 503"
    return Unfetched(wanted=wanted, outcome=failed, reason=Reason.STATUS, detail=status, retry_after=3600)


def test_what_was_taken_out_says_so(world: World) -> None:
    """And it is not called unknown."""
    forget(world.ports, STORY)
    world.index.refresh()
    way = way_of(world.index, STORY)
    assert way.end == "It is not here: it was taken out with `copydesk forget`."
    assert way.article is None


@pytest.mark.parametrize(
    "address", ["", "x", "https://nowhere.example/", "javascript:alert(1)", "\ud800", "a" * 40_000]
)
def test_any_text_has_a_way(world: World, address: str) -> None:
    """What nobody announced is said to be unknown, whatever it is."""
    assert told(way_of(world.index, address)) == [
        "no source has announced this address, and nobody has ingested it by hand"
    ]
