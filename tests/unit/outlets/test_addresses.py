from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from copydesk.config.topics import TopicsFile
from copydesk.index import Kind
from copydesk.model import Document
from copydesk.operating.replaying import replay
from copydesk.outlets import addresses
from copydesk.outlets.addresses import Filed, are_different, shared_addresses
from copydesk.pipeline import ingest_once, process
from copydesk.reading.documents import read
from copydesk.views.shared import shared_states
from copydesk.views.status import funnel
from made.pages import capture
from made.world import Shelf, World, feed, page, source

WRONG = "https://one.example/a-page-of-somebody-else"
REPORTS = {
    "ferry": (
        "Ferry to Tolvik runs every hour",
        "Its two new boats were built in the yard of Marnhaven, it said.",
    ),
    "painting": (
        "Museum buys lost painting",
        "A pupil had noticed the signature behind the radiator at school.",
    ),
    "bolts": (
        "Engineers find cracks in the gate",
        "They want to replace all forty bolts before the autumn rain.",
    ),
}


def shown(name: str, canonical: str = WRONG) -> bytes:
    """A report that names an address."""
    title, text = REPORTS[name]
    return page(title, text, text[::-1]).replace(
        b"</head>", f'<link rel="canonical" href="{canonical}"></head>'.encode()
    )


def publish(world: World, *names: str) -> Counter[str]:
    """Announce pages together and take them all the way."""
    world.web.pages["https://one.example/feed"] = feed(*(f"https://one.example/{name}" for name in names))
    world.clock.wait(timedelta(hours=1))
    until, lease = world.clock.now() + timedelta(minutes=5), timedelta(minutes=1)
    for _ in range(2):
        ingest_once(world.ports, [source()], shards=range(16), lease=lease, until=until)
        world.clock.wait(timedelta(seconds=1))
    return process(world.ports, TopicsFile(), lease=lease, until=until)


def filed(world: World) -> set[str]:
    """Addresses of all articles."""
    world.index.refresh(Kind.ARTICLES)
    return {str(row.body["url"]) for row in world.index.scan(Kind.ARTICLES)}


def served() -> World:
    """A site whose pages name one address that can be any of theirs."""
    world = World()
    world.web.pages |= {f"https://one.example/{name}": shown(name) for name in REPORTS}
    return world


def own(*names: str) -> set[str]:
    """Addresses of pages."""
    return {f"https://one.example/{name}" for name in names}


def test_pages_of_one_batch_that_share_an_address_keep_their_own() -> None:
    """Each is an article, none is a version, and the address is known from then on."""
    world = served()
    assert publish(world, *REPORTS)["indexed"] == 3
    assert filed(world) == own(*REPORTS)
    assert shared_addresses(world.archive) == [WRONG]
    assert [one.outdated for one in shared_states(world.index, world.archive)] == [False]
    assert funnel(world.index).imbalance == 0


def test_the_first_page_gets_its_own_address_by_replay() -> None:
    """One page cannot tell; when the second one does, the first waits for a replay, and `status` says so."""
    world = served()
    publish(world, "ferry")
    assert filed(world) == {WRONG}
    assert publish(world, "painting", "bolts")["indexed"] == 2
    assert filed(world) == {WRONG, *own("painting", "bolts")}
    (state,) = shared_states(world.index, world.archive)
    assert state.outdated
    assert "replay" in state.line
    replay(world.ports)
    assert filed(world) == own(*REPORTS)
    assert not shared_states(world.index, world.archive)[0].outdated


class Forgetful(Shelf):
    """An archive of the time when no address was known as shared."""

    def create(self, name: str, content: bytes) -> bool:
        return not name.startswith(addresses.FOLDER) and super().create(name, content)


def test_replay_brings_back_what_was_filed_as_versions() -> None:
    """Articles of an archive from before are found among the versions, and each is an article again."""
    world = served()
    world.archive = Forgetful()
    for name in REPORTS:
        publish(world, name)
    assert filed(world) == {WRONG}
    world.archive = Shelf(closed=world.archive.closed)
    replay(world.ports)
    assert filed(world) == own(*REPORTS)
    assert shared_addresses(world.archive) == [WRONG]


def test_an_article_that_changes_keeps_its_versions() -> None:
    """The same page with another title and another text is a new state of it, whatever address it names."""
    world = served()
    publish(world, "ferry")
    world.web.pages["https://one.example/ferry"] = shown("bolts")
    world.web.pages["https://one.example/feed"] = feed(
        "https://one.example/ferry", updated="<pubDate>Mon, 02 Mar 2037 10:00:00 GMT</pubDate>"
    )
    publish(world, "ferry")
    assert shared_addresses(world.archive) == []


def ferry() -> Document:
    """The document of a report."""
    answer = read(capture(shown("ferry")))
    assert isinstance(answer, Document)
    return answer


@pytest.mark.parametrize(
    ("title", "text", "own", "different"),
    [
        ("Museum buys lost painting", "Something else altogether.", "b", True),
        ("Museum buys lost painting", "Something else altogether.", "a", False),
        ("Ferry to Tolvik now runs hourly", "Something else altogether.", "b", False),
        ("Museum buys lost painting", f"Something else.\n{REPORTS['ferry'][1]}", "b", False),
        ("", "Something else altogether.", "b", False),
        ("市议会批准新的防洪墙", "Something else altogether.", "b", True),
    ],
)
def test_what_makes_two_articles(title: str, text: str, own: str, different: bool) -> None:  # noqa: FBT001 (a table)
    """Address, title and text must all differ: a report that is rewritten keeps one of them."""
    other = replace(ferry(), title=title, text=text)
    assert are_different(Filed(ferry(), frozenset("a")), Filed(other, frozenset(own))) is different


def test_an_address_is_kept_once() -> None:
    """Whoever finds it again changes nothing."""
    world = World()
    for _ in range(2):
        addresses.keep(world.archive, WRONG)
    assert shared_addresses(world.archive) == [WRONG]
