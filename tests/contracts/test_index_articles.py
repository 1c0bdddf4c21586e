"""Laws of the Index port: search, generations; the docstrings in `copydesk.index` say them in words."""

import pytest

from copydesk.index import TALLIED, Body, Generations, Kind, Order, Range, Spread, Where, Write
from copydesk.query.parser import parse
from copydesk.query.terms import Clock
from copydesk.query.tree import Node
from made.documents import NOVEMBER, article, entry, put, statuses
from made.queries import ASKED, NOW, QUERIES

ARTICLES: dict[str, Body] = {
    "port": article(
        "Harbour workers strike",
        "The dockers of Port Ellen walked out.\nThey want more pay.",
        outlet="north",
        story="s1",
        published_at="2026-11-20T06:00:00Z",
    ),
    "port2": article(
        "Strike at the harbour",
        "Dockers have walked out, and the ferry stays in harbour.",
        outlet="south",
        story="s1",
        published_at="2026-11-20T07:00:00Z",
    ),
    "ferry": article(
        "Ferry late",
        "The ferry was late because of the strike.",
        standfirst="Storms ahead",
        outlet="north",
        story="s2",
        published_at="2026-11-19T07:00:00Z",
    ),
    "hafen": article(
        "Streik im Hafen",
        "Die Überfahrt fällt aus.",
        language="de",
        outlet="north",
        story="s3",
        published_at="2026-10-02T07:00:00Z",
    ),
    "undated": article("Seals return", "Nobody knows when.", outlet="south", story="s4"),
}

SEARCHES: list[tuple[str, Where, list[tuple[str, int]]]] = [
    ("", {}, [("port2", 2), ("ferry", 1), ("hafen", 1), ("undated", 1)]),
    ("   ", {"outlet": "south"}, [("port2", 1), ("undated", 1)]),
    ("dockers walked", {}, [("port2", 2)]),
    ("HARBOUR ferry", {}, [("port2", 1)]),
    ("strike -dockers", {}, [("ferry", 1)]),
    ('"ferry was late"', {}, [("ferry", 1)]),
    ('"late was ferry"', {}, []),
    ("storms", {}, [("ferry", 1)]),
    ("überfahrt", {}, [("hafen", 1)]),
    ("strike", {"language": "de"}, []),
    ("ferry", {"published_at": Range(lt="2026-11-20T00:00:00Z")}, [("ferry", 1)]),
    ("zeppelin", {}, []),
]


@pytest.mark.parametrize(("query", "where", "expected"), SEARCHES)
def test_search_folds_copies_into_stories(
    index: Generations,
    query: str,
    where: Where,
    expected: list[tuple[str, int]],
) -> None:
    """All words must stand somewhere in the article; one result per story says how many of it were found."""
    put(index, Kind.ARTICLES, ARTICLES)
    stories = {id_: body["story"] for id_, body in ARTICLES.items()}
    found = index.search(asked(query), where=where)
    hits = found.hits
    assert (found.stories, found.articles) == (len(expected), sum(copies for _, copies in expected))
    assert [(stories[hit.id], hit.copies) for hit in hits] == [
        (stories[id_], copies) for id_, copies in expected
    ]
    assert all(hit.body == ARTICLES[hit.id] for hit in hits)


def asked(query: str) -> Node:
    return parse(query, Clock(NOW))


def test_search_puts_the_newest_first_if_asked(index: Generations) -> None:
    """By when it was published, whatever holds the words best; what nobody dates comes last."""
    put(index, Kind.ARTICLES, ARTICLES)
    best = [hit.id for hit in index.search(parse("ferry OR seals OR dockers")).hits]
    newest = [hit.id for hit in index.search(parse("ferry OR seals OR dockers"), order=Order.NEWEST).hits]
    assert newest == ["port2", "ferry", "undated"]
    assert sorted(best) == sorted(newest)


@pytest.mark.parametrize("order", ["abc", "cba", "bca"])
def test_equals_come_by_id(index: Generations, order: str) -> None:
    """Of articles alike in all that is sorted by, the order in which they were written decides nothing."""
    for id_ in order:
        same = article("Ferry", "It was late.", story="s", published_at="2026-11-20T06:00:00Z")
        put(index, Kind.ARTICLES, {id_: {**same, "id": id_}})
    assert [row.id for row in index.find(Kind.ARTICLES, {}, sort="-published_at")] == list("abc")
    two = Spread(by="story", sort="published_at", within="published_at", most=2, values=1)
    assert [row.id for row in index.spread(Kind.ARTICLES, {}, two)] == ["a", "b"]
    for first in Order:
        assert [hit.id for hit in index.search(parse("ferry"), order=first).hits] == ["a"]


def test_search_puts_the_most_carried_first_if_asked(index: Generations) -> None:
    """By outlets among what is found, not by articles; equals by the id of the story; the best of each is shown."""
    wide = {f"w{at}": article("Ferry", "Late.", outlet=f"o{at}", story="s9") for at in range(3)}
    often = {f"n{at}": article("Ferry", "Late.", outlet="north", story="s8") for at in range(5)}
    twice = {f"t{at}": article("Ferry strike", "Late.", outlet=f"o{at}", story="s7") for at in range(2)}
    also = {
        f"a{at}": article("Train strike", "Late.", outlet=f"o{at}", story=f"s{at // 2}") for at in range(4)
    }
    put(
        index,
        Kind.ARTICLES,
        {id_: {**one, "id": id_} for id_, one in {**wide, **often, **twice, **also}.items()},
    )
    found = index.search(parse("ferry"), order=Order.CARRIED)
    assert [(hit.id, hit.copies) for hit in found.hits] == [("w0", 3), ("t0", 2), ("n0", 5)]
    assert (found.stories, found.articles) == (3, 10)
    assert [hit.copies for hit in index.search(parse("strike"), order=Order.CARRIED, limit=2).hits] == [2, 2]
    assert index.search(parse("strike"), order=Order.CARRIED, limit=2).stories == 3
    assert index.search(parse("nowhere"), order=Order.CARRIED).hits == []


def test_what_a_query_finds_is_tallied(index: Generations) -> None:
    """Articles, not stories, by value and by day; who has no date counts by the day on which it was first seen."""
    put(index, Kind.ARTICLES, ARTICLES)
    counts = index.tally(asked("strike OR ferry"), "outlet", "agency", "dated_at")
    assert counts == {
        "outlet": {"north": 2, "south": 1},
        "agency": {},
        "dated_at": {"2026-11-19": 1, "2026-11-20": 2},
    }
    assert index.tally(asked("nowhere"), "outlet") == {"outlet": {}}


def test_a_word_is_suggested_for_one_that_no_article_has(index: Generations) -> None:
    """One letter other, more, less or moved; for what is known, short, or near to nothing there is none."""
    put(index, Kind.ARTICLES, ARTICLES)
    misspelt = {"dokcers": "dockers", "fery": "ferry", "ferrry": "ferry", "uberfahrtt": "uberfahrt"}
    assert index.suggest([*misspelt, "ferry", "zeppelin", "sea", "\U0001f6a2", ""]) == misspelt
    assert index.suggest([]) == {}


def test_the_values_of_most_articles_are_tallied(index: Generations) -> None:
    """Of many values those of most articles, then in their order; days are all there."""
    made = {
        f"{number}-{copy}": article(
            "Ferry", "Late.", outlet=f"o{number:02}", published_at=f"2026-10-{number + 1:02}"
        )
        for number in range(TALLIED + 5)
        for copy in range(2 if number > 20 else 1)
    }
    put(index, Kind.ARTICLES, made)
    counts = index.tally(asked("ferry"), "outlet", "dated_at")
    assert list(counts["outlet"]) == [f"o{number:02}" for number in (21, 22, 23, 24, *range(TALLIED - 4))]
    assert len(counts["dated_at"]) == TALLIED + 5


def test_search_puts_titles_first(index: Generations) -> None:
    """A word in the title counts more than one in the text; the limit cuts the rest, which is counted all the same."""
    put(index, Kind.ARTICLES, ARTICLES)
    assert [hit.id for hit in index.search(asked("ferry")).hits] == ["ferry", "port2"]
    first = index.search(asked("ferry"), limit=1)
    assert ([hit.id for hit in first.hits], first.stories, first.articles) == (["ferry"], 2, 2)


def test_a_query_finds_what_a_reporter_expects(index: Generations) -> None:
    """The queries of reporters: each finds these articles and no other, in memory and on the server."""
    put(index, Kind.ARTICLES, dict(ASKED))
    found = {
        query: frozenset(hit.id for hit in index.search(asked(query), limit=100).hits) for query in QUERIES
    }
    assert found == QUERIES


def test_a_generation_is_built_beside_the_live_one(index: Generations) -> None:
    """Derived kinds are rebuilt unseen, state is shared, and the swap is complete."""
    old = {"old": article("Old title", "Old text.", story="s")}
    put(index, Kind.ARTICLES, old)
    put(index, Kind.LEDGER, {"a": {"source": "s"}})
    fresh = index.begin_generation()
    assert (fresh.get(Kind.ARTICLES, ["old"]), list(fresh.scan(Kind.ARTICLES))) == ({}, [])
    put(fresh, Kind.ARTICLES, {"new": article("New title", "New text.", story="s")})
    put(fresh, Kind.STORIES, {"s": {"id": "s"}})
    assert [hit.id for hit in fresh.search(asked("new")).hits] == ["new"]
    assert (
        index.get(Kind.ARTICLES, ["new"]),
        index.get(Kind.STORIES, ["s"]),
        list(index.search(asked("new")).hits),
    ) == (
        {},
        {},
        [],
    )
    fresh.write([entry("b")])
    assert set(index.get(Kind.LEDGER, ["a", "b"])) == set(fresh.get(Kind.LEDGER, ["a", "b"])) == {"a", "b"}
    index.swap(fresh.number)
    assert index.number == fresh.number
    assert set(index.get(Kind.ARTICLES, ["old", "new"])) == {"new"}
    assert [hit.id for hit in index.search(asked("")).hits] == ["new"]
    assert set(index.get(Kind.STORIES, ["s"])) == {"s"}
    later = Write(
        kind=Kind.ARTICLES, id="later", body=article("L", "l", first_seen_at="2026-12-05T00:00:00Z")
    )
    assert statuses(fresh, later) == ["stored"]
    assert set(index.get(Kind.ARTICLES, ["later"])) == {"later"}


def test_a_rebuilding_that_was_given_up_leaves_nothing(index: Generations) -> None:
    """A new generation begins empty, whatever a former attempt had written."""
    given_up = index.begin_generation()
    put(given_up, Kind.ARTICLES, {"half": article("Half", "done")})
    assert index.begin_generation().get(Kind.ARTICLES, ["half"]) == {}
    assert index.get(Kind.ARTICLES, ["half"]) == {}


@pytest.mark.parametrize("kind", [Kind.ARTICLES, Kind.FINGERPRINTS])
def test_what_is_too_old_is_dropped(index: Generations, kind: Kind) -> None:
    """Whole partitions that ended before a month leave together, everything younger stays."""
    seen = ["2025-10-31T23:00:00Z", "2025-12-28T12:00:00Z", "2026-01-01T00:00:00Z", NOVEMBER]
    put(index, kind, {time: {"first_seen_at": time} for time in seen})
    index.refresh(kind)
    assert index.days_older_than(kind, "2025.10") == {}
    assert index.days_older_than(kind, "2026.01") == {"2025-10-31": 1, "2025-12-28": 1}
    assert index.drop_older_than(kind, "2025.10") == []
    dropped = index.drop_older_than(kind, "2026.01")
    assert len(dropped) == 2
    index.refresh(kind)
    assert sorted(row.id for row in index.find(kind, {})) == sorted(index.get(kind, seen)) == seen[2:]
    assert index.days_older_than(kind, "2026.01") == {}
    assert index.drop_older_than(Kind.LEDGER, "2030.01") == []
    assert index.days_older_than(Kind.LEDGER, "2030.01") == {}
