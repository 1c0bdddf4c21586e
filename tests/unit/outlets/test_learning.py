from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsworld
from copydesk.cleaning.furniture import checksum
from copydesk.cleaning.lines import fold
from copydesk.config.topics import TopicsFile
from copydesk.errors import ArchiveError
from copydesk.index import Body, Kind
from copydesk.model import Document, Profile
from copydesk.operating.comparing import COMPARED
from copydesk.operating.replaying import replay
from copydesk.outlets import snapshots
from copydesk.outlets.learning import Printed, furniture_among, learn, lines_of
from copydesk.outlets.profile import profiles_of
from copydesk.pipeline import ingest_once, process
from copydesk.reading.documents import read
from copydesk.takedowns.forgetting import forget
from made.pages import PROSE, capture
from made.world import START, Shelf, World, feed, page, source
from newsworld.pages import render

BANNER = "Owned by the readers of the valley since 1987"
NOW = START
LINES = st.lists(
    st.sampled_from([BANNER, BANNER.upper(), PROSE[0], "A B C", "17", "| a | b |", ""]), max_size=4
)
PAGES = st.lists(
    st.builds(
        Printed,
        st.sampled_from("pqrstuvw"),
        st.integers(0, 40).map(lambda days: NOW - timedelta(days=days)),
        LINES.map(tuple),
    ),
    max_size=12,
)


def pages(number: int, *lines: str, stories: int = 99) -> list[Printed]:
    """So many articles with these lines, each of a story of its own up to a number."""
    return [Printed(f"s{n % stories}", NOW, lines) for n in range(number)]


@pytest.mark.parametrize(
    ("printed", "is_known"),
    [
        (pages(3, BANNER), True),
        (pages(2, BANNER), False),
        (pages(2, BANNER, f" {BANNER.upper()}."), False),
        ([*pages(2, BANNER), *pages(3, BANNER.upper())], True),
        (pages(50, BANNER, stories=2), False),
        (pages(5, PROSE[0]), True),
        (pages(4, PROSE[0]), False),
        ([*pages(5, PROSE[0]), *pages(90, "Other")], False),
        (pages(9, "Q"), False),
        (pages(9, "2 : 1"), False),
        (pages(9, "| Team | Points |"), False),
    ],
)
def test_what_is_furniture(printed: list[Printed], is_known: bool) -> None:  # noqa: FBT001 (a table)
    """Three pages of three stories; a paragraph needs more; a letter, a score or the head of a table is none."""
    known = furniture_among(printed, NOW)
    assert (checksum(fold(printed[0].lines[0])) in known) is is_known


def test_subheads_need_as_much_as_paragraphs() -> None:
    """On three pages of many a line may stand as a subhead, on every fifth it may not."""
    some, many = ([*pages(n, BANNER), *pages(20, "Other")] for n in (3, 5))
    assert checksum(fold(BANNER), subhead=True) not in furniture_among(some, NOW)
    assert checksum(fold(BANNER), subhead=True) in furniture_among(many, NOW)


@given(PAGES, st.randoms())
def test_order_does_not_matter(printed: list[Printed], chance: object) -> None:
    """Whatever order the articles come in, the same lines are known."""
    shuffled = sorted(printed, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert furniture_among(shuffled, NOW) == furniture_among(printed, NOW)


@given(PAGES)
def test_what_is_known_stands_in_three_stories_and_is_forgotten(printed: list[Printed]) -> None:
    """No line of fewer stories is ever known, and a quarter after the last article none is."""
    stories: dict[str, set[str]] = defaultdict(set)
    for one in printed:
        for line in one.lines:
            stories[checksum(fold(line))].add(one.story)
            stories[checksum(fold(line), subhead=True)].add(one.story)
    assert all(len(stories[known]) >= 3 for known in furniture_among(printed, NOW))
    assert furniture_among(printed, NOW + timedelta(days=90)) == frozenset()


@given(PAGES, st.integers(1, 50))
def test_a_story_told_again_counts_once(printed: list[Printed], times: int) -> None:
    """Copies of a story's articles change nothing, however many."""
    assert furniture_among(printed * times, NOW) == furniture_among(printed, NOW)


def test_memory_takes_the_line_and_no_paragraph_in_the_news_world() -> None:
    """An outlet prints a line below every headline: it goes from all its pages, and nothing of an article does."""
    world = newsworld.build(7, "small")
    bases = {outlet.name: f"http://{outlet.name}.localhost:8099" for outlet in world.outlets}
    labelled = {outlet.name for outlet in world.outlets if outlet.template == "labels"}
    shown = [one for one in world.pages if one.outlet in labelled]
    texts = [render(world, one, bases).html.replace("</h1>", f"</h1><p>{BANNER}</p>") for one in shown]
    printed = []
    for one, text in zip(shown, texts, strict=True):
        if isinstance(answer := read(capture(text)), Document):
            printed.append(Printed(str(one.event), NOW, lines_of(answer)))
    known = Profile(furniture=furniture_among(printed, NOW))
    for one, text in zip(shown, texts, strict=True):
        if isinstance(answer := read(capture(text), known), Document):
            gone = {line.text for line in answer.removed}
            assert BANNER in gone
            assert not gone & {*one.paragraphs}


# --- the street --------------------------------------------------------------------------------------------

REPORTS = (
    (
        "The ferry to Tolvik will run every hour from May, the harbour board decided on Tuesday after a long debate.",
        "Its two new boats were built in the yard of Marnhaven and carry eighty passengers and six lorries each.",
        "Fares will rise by two crowns, which the board wants to spend on a waiting room with a stove and a clock.",
    ),
    (
        "A museum has bought a lost painting by Per Aldersund, which had hung in a school canteen for sixty years.",
        "A pupil had noticed the signature behind the radiator and written a letter to the director of the museum.",
        "The picture shows a frozen river with skaters and will be on view in the northern wing from the summer.",
    ),
    (
        "Engineers have found cracks in three of the forty bolts that hold the lower gate of the reservoir in place.",
        "They want to replace all of them before the autumn rain, at a cost of four million crowns, they reported.",
        "Villages below the dam will be warned by siren whenever the water is let through while the work goes on.",
    ),
    (
        "Bakers in the valley have agreed on a common price for rye bread, and the cartel office has opened a case.",
        "Their guild says that it only wrote down what flour, wood and wages cost, and that nobody has to keep to it.",
        "A consumers' club has begun to publish what each shop asks, and finds differences of up to a third.",
    ),
    (
        "The orchestra of Aldervik opens its season with a symphony that was found in the attic of a parsonage.",
        "Its composer, an organist of the eighteenth century, had been known for a handful of hymns until then.",
        "Tickets were gone within the hour, and the hall has put up two hundred further chairs in the foyer.",
    ),
)


def publish(world: World, numbers: Sequence[int], outlet: str = "post") -> Counter[str]:
    """Announce reports, each with the outlet's line in its midst, and take them all the way."""
    urls = [f"https://{outlet}.example/{number}" for number in numbers]
    for url, number in zip(urls, numbers, strict=True):
        text = REPORTS[number]
        world.web.pages[url] = page(f"Report number {number} of {text[0][:20]}", *text[:2], BANNER, *text[2:])
    world.web.pages[f"https://{outlet}.example/feed"] = feed(*urls)
    world.clock.wait(timedelta(hours=1))
    until = world.clock.now() + timedelta(minutes=5)
    sources = [source(outlet)]
    lease = timedelta(minutes=1)
    for _ in range(2):  # polled, then captured
        counts = ingest_once(world.ports, sources, shards=range(16), lease=lease, until=until)
        world.clock.wait(timedelta(seconds=1))
    return counts + process(world.ports, TopicsFile(), sources, lease=lease, until=until)


def article(world: World, number: int) -> Body:
    """The article of a report."""
    world.index.refresh(Kind.ARTICLES)
    url = f"https://post.example/{number}"
    return next(row.body for row in world.index.scan(Kind.ARTICLES) if row.body["url"] == url)


def reasons(body: Body) -> dict[str, str]:
    """The removed lines of an article, and what took them."""
    return {line["text"]: line["reason"] for line in body.get("removed", ())}  # type: ignore[index,union-attr,call-overload,misc]


def learned() -> World:
    """A world in which three pages have been read, and learned from."""
    world = World()
    publish(world, [0, 1, 2])
    assert learn(world.index, world.archive, world.clock.now()) == 1
    return world


def test_the_fourth_page_is_read_without_the_line_of_the_first_three() -> None:
    """The line goes, with its reason and place; the pages captured before keep theirs."""
    world = learned()
    publish(world, [3])
    assert article(world, 3)["text"] == "\n".join(REPORTS[3])
    assert reasons(article(world, 3))[BANNER] == "furniture"
    assert BANNER in str(article(world, 0)["text"])


def test_replay_reads_each_page_by_what_was_known_then() -> None:
    """Law 4: whatever has been learned since, the rebuilt index has the same checksums."""
    world = learned()
    publish(world, [3])
    world.clock.wait(timedelta(days=30))
    assert learn(world.index, world.archive, world.clock.now()) == 2
    publish(world, [4])
    assert BANNER in str(article(world, 4)["text"])
    assert set(replay(world.ports, [source("post")]).equal) == {kind.value for kind in COMPARED}
    assert reasons(article(world, 3))[BANNER] == "furniture"


def test_learning_again_makes_no_second_snapshot() -> None:
    """Law 3: nothing new, no file; and none while there is nothing to know."""
    assert learn(World().index, World().archive, NOW) is None
    world = learned()
    assert learn(world.index, world.archive, world.clock.now()) is None
    assert snapshots.newest(world.archive) == 1


@dataclass
class Late(Shelf):
    """An archive whose lists do not show what has only just been written."""

    def names(self, folder: str) -> list[str]:  # noqa: ARG002 (the port's)
        return []


def test_of_two_who_learn_at_once_one_makes_the_snapshot() -> None:
    """Whoever comes second changes nothing, even if it knows something else."""
    world = World(archive=Late())
    publish(world, [0, 1, 2])
    assert learn(world.index, world.archive, world.clock.now()) == 1
    before = dict(world.archive.files)
    publish(world, [3])
    assert learn(world.index, world.archive, world.clock.now() + timedelta(hours=1)) is None
    assert world.archive.files == before


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "is missing"), (b"", "is broken"), (b"[1]", "is broken"), (b'{"post": 1}', "is broken")],
)
def test_a_lost_snapshot_is_told(content: bytes | None, says: str) -> None:
    """Its pages are not read as if nothing had been known; the line says how to go on, and that works."""
    world = learned()
    name = "learned/furniture/000001.json"
    kept = world.archive.files.pop(name)
    known = profiles_of(world.archive, ())
    asked = replace(capture(""), outlet="post", furniture=1)
    if content is not None:
        world.archive.files[name] = content
    with pytest.raises(ArchiveError, match=rf"000001\.json: {says}.* put \{{\}} there"):
        known(asked)
    world.archive.files[name] = b"{}"
    assert profiles_of(world.archive, ())(asked) == Profile()
    world.archive.files[name] = kept
    assert profiles_of(world.archive, ())(asked).furniture == {checksum(fold(BANNER))}
    assert profiles_of(world.archive, ())(replace(asked, furniture=None)) == Profile()


def test_a_takedown_takes_the_outlet_out_of_all_snapshots() -> None:
    """Nothing that was learned of it stays, and of the others all."""
    world = learned()
    other = frozenset({checksum("other")})
    snapshots.freeze(world.archive, {**snapshots.load(world.archive, 1), "other": other})
    forget(world.ports, "post")
    assert [snapshots.load(world.archive, number) for number in (1, 2)] == [{}, {"other": other}]


def test_selectors_hold_for_the_outlet() -> None:
    """Whichever of an outlet's sources announced a page, its selectors and those of the others hold, each once."""
    sources = [
        source("a", outlet="Post", remove=[".x", ".y"]),
        source("b", outlet="Post", remove=[".y"], keep=["#z"]),
        source("c", outlet="Echo", remove=[".c"]),
    ]
    known = profiles_of(Shelf(), sources)
    assert known(replace(capture(""), source="b", outlet="Post")) == Profile(
        remove=(".x", ".y"), keep=("#z",)
    )
    assert known(replace(capture(""), source="c", outlet="Another, in the same inbox")).remove == (".c",)
    assert known(replace(capture(""), source="gone", outlet="Gone")) == Profile()


def test_the_zone_of_a_source_is_meant_by_its_pages() -> None:
    """That of the page's own source, else of another one of its outlet."""
    sources = [
        source("a", outlet="Post", zone="Europe/Berlin"),
        source("b", outlet="Post", zone="Asia/Tokyo"),
        source("c", outlet="Post"),
        source("d", outlet="Echo"),
    ]
    known = profiles_of(Shelf(), sources)
    zones = {name: known(replace(capture(""), source=name, outlet="Post")).zone for name in "abc"}
    assert zones == {"a": "Europe/Berlin", "b": "Asia/Tokyo", "c": "Europe/Berlin"}
    assert known(replace(capture(""), source="d", outlet="Echo")).zone == ""
