import datetime as dt
import itertools
import json
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import newsworld
from newsworld.grammar import LANGUAGES
from newsworld.truth import WorldTopic, is_refused, pairs_of_same_item

WORLD = newsworld.build(7, "small")
BASES = {outlet.name: f"http://{outlet.name}.localhost:8099" for outlet in WORLD.outlets}


def shingles(paragraphs: tuple[str, ...], length: int) -> set[tuple[str, ...]]:
    words = " ".join(paragraphs).split()
    return {tuple(words[place : place + length]) for place in range(len(words) - length + 1)}


def test_same_seed_gives_same_world() -> None:
    """The same arguments give the same world, to the last word."""
    assert newsworld.build(7, "small") == WORLD


@settings(max_examples=5, deadline=None)
@given(
    st.datetimes(
        dt.datetime.fromisoformat("2020-01-01"),
        dt.datetime.fromisoformat("2040-01-01"),
        timezones=st.just(dt.UTC),
    )
)
def test_the_calendar_changes_no_text(start: dt.datetime) -> None:
    """A world that begins at another time says the same, in the same order, at the same distances."""
    other = newsworld.build(7, "small", start)
    assert (other.pages, other.items, other.facts) == (WORLD.pages, WORLD.items, WORLD.facts)
    assert other.time_of(90) - start == dt.timedelta(seconds=90)


@given(
    st.datetimes(
        timezones=st.timezones(),
        min_value=dt.datetime.fromisoformat("2000-01-01"),
        max_value=dt.datetime.fromisoformat("2100-01-01"),
    )
)
def test_lately_is_past_and_not_old(now: dt.datetime) -> None:
    """The world of the demo is over before its readers come, all of it within the last two days."""
    start = newsworld.lately(now)
    assert dt.timedelta(hours=18) <= now - start < dt.timedelta(hours=42)
    assert start.time() == WORLD.start.time()


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(min_value=8, max_value=10_000))
def test_another_seed_gives_other_texts(seed: int) -> None:
    """No wire text of one seed is found under another."""
    other = newsworld.build(seed, "small")
    texts = {item.paragraphs for item in WORLD.items.values()}
    assert not texts & {item.paragraphs for item in other.items.values()}


@pytest.mark.parametrize(("size", "low", "high"), [("small", 55, 75), ("demo", 220, 280), (2, 110, 150)])
def test_size(size: str | int, low: int, high: int) -> None:
    """A size is about sixty pages times a number."""
    assert low <= len(newsworld.build(3, size).pages) <= high


@pytest.mark.parametrize("size", ["huge", 0, -1])
def test_unknown_size_is_refused(size: str | int) -> None:
    """A size that is no size is refused with the choices named."""
    with pytest.raises(ValueError, match="size: expected one of small, demo"):
        newsworld.build(1, size)


def test_start_needs_a_zone() -> None:
    """A start without time zone is refused."""
    with pytest.raises(ValueError, match="time zone"):
        newsworld.build(1, "small", dt.datetime(2026, 11, 1))  # noqa: DTZ001 - that is the point


def test_every_kind_and_language_is_there() -> None:
    """Even the small world has every kind of page in it, and every language has most of them."""
    kinds = Counter(page.kind for page in WORLD.pages)
    assert set(kinds) == set(newsworld.Kind)
    for language in LANGUAGES:
        assert len({page.kind for page in WORLD.pages if page.language == language}) >= 7


def test_wire_items_have_the_size_of_news() -> None:
    """A wire item has 120 to 400 words, 6 to 14 paragraphs and two to five quotes."""
    for item in newsworld.build(5, "demo").items.values():
        if item.agency:
            assert 120 <= sum(len(text.split()) for text in item.paragraphs) <= 400
            assert 6 <= len(item.paragraphs) <= 14
            quotes = sum(text.count("“") + text.count("«") + text.count("„") for text in item.paragraphs)
            assert quotes >= 2


def test_agencies_tell_one_event_in_other_words() -> None:
    """Two agencies' items on an event share names and figures but hardly a run of six words."""
    for event in [name for name in WORLD.items if name.endswith("-1")]:
        first, second = WORLD.items[event], WORLD.items[event[:-1] + "2"]
        shared = shingles(first.paragraphs, 6) & shingles(second.paragraphs, 6)
        assert len(shared) <= 0.05 * len(shingles(first.paragraphs, 6))
        assert first.place == second.place


def test_events_of_one_kind_do_not_share_long_runs() -> None:
    """Of any two texts on different events at most a quarter of the runs of eight words are shared."""
    items = [item for item in newsworld.build(5, "demo").items.values() if re.search(r"-[es]\d", item.id)]
    runs = {item.id: shingles(item.paragraphs, 8) for item in items}
    for first, second in itertools.combinations(items, 2):
        if first.event != second.event and first.language == second.language:
            assert len(runs[first.id] & runs[second.id]) <= len(runs[first.id]) / 4


def test_copies_are_what_they_are_called() -> None:
    """A raw copy is the item, an expanded one holds it all, a rewritten one shares the quotes only."""
    for page in WORLD.pages:
        item = WORLD.items[page.item]
        if page.kind in {"raw", "expanded"}:
            assert set(item.paragraphs[1:]) <= set(page.paragraphs)
        if page.kind == "cut":
            assert len(page.paragraphs) < len(item.paragraphs)
        if page.kind == "rewritten":
            assert len(shingles(page.paragraphs, 8) & shingles(item.paragraphs, 8)) > 0
            assert not set(item.paragraphs) & set(page.paragraphs[:1])


def test_roundups_hold_other_items() -> None:
    """A roundup names at least two items of the world and carries their leads."""
    for page in WORLD.pages:
        if page.kind == "roundup":
            assert len(page.items) >= 2
            for name in page.items:
                assert WORLD.items[name].paragraphs[0] in page.paragraphs


def test_forms_belong_to_nobody() -> None:
    """Every form is an event of its own."""
    forms = [page.event for page in WORLD.pages if page.kind == "form"]
    assert len(forms) == len(set(forms)) == 2 * len(LANGUAGES)


def test_schedule_starts_with_the_wire() -> None:
    """No copy appears before its agency's page, and a replaced state ends when the next begins."""
    first = {page.item: page.at for page in reversed(WORLD.pages) if page.agency and page.kind == "raw"}
    for page in WORLD.pages:
        if page.agency:
            assert page.at >= first[page.item]
        if page.until is not None:
            assert [other.at for other in WORLD.pages if other.path == page.path and other.at == page.until]


def test_publishers_outlets_and_agencies() -> None:
    """There are at least a dozen outlets and templates, two agencies, and publishers with two outlets."""
    assert len(WORLD.outlets) >= 14
    assert len({outlet.template for outlet in WORLD.outlets}) >= 12
    assert len([outlet for outlet in WORLD.outlets if outlet.agency]) == 2
    assert max(Counter(outlet.publisher for outlet in WORLD.outlets).values()) == 2


def test_truth_has_a_row_per_state() -> None:
    """Each row names its sources, its kind and the topics its text meets."""
    rows = newsworld.rows(WORLD, BASES)
    assert len(rows) == len(WORLD.pages)
    assert all(row["sources"] for row in rows)
    assert pairs_of_same_item(rows)


def test_topics_ring_for_the_events_meant() -> None:
    """Every topic but "never" expects something; a none word keeps its event away; refused pages ring nothing."""
    expected = newsworld.expectations(WORLD)
    assert expected.pop("never") == []
    assert all(expected.values())
    assert expected["town-but-not-other"] == ["en-e1"]
    assert len(expected["people-everywhere"]) == len(LANGUAGES)
    refused = {page.event for page in WORLD.pages if is_refused(WORLD, page)}
    assert refused
    assert not refused & {event for events in expected.values() for event in events}


@pytest.mark.parametrize(
    ("topic", "met"),
    [
        (WorldTopic(name="t", any=("zzz",)), False),
        (WorldTopic(name="t", all=(WORLD.pages[0].title.split()[0].upper(),)), True),
        (WorldTopic(name="t", languages=("xx",)), False),
        (WorldTopic(name="t", outlets=("nobody",)), False),
    ],
)
def test_topic_matches_whole_words(topic: WorldTopic, *, met: bool) -> None:
    """Case does not matter; language and outlet do."""
    assert topic.matches(WORLD.pages[0]) is met


def test_write(tmp_path: Path) -> None:
    """Sources, topics, truth and expectation are written in the formats Copydesk reads."""
    newsworld.write(WORLD, BASES, tmp_path / "world", every="2s")
    folder = tmp_path / "world"
    sources = yaml.safe_load((folder / "sources.yml").read_text(encoding="utf-8"))["sources"]
    assert {row["kind"] for row in sources} == {"rss", "atom", "sitemap"}
    assert {"name", "kind", "url", "outlet", "publisher", "every"} <= set(sources[0])
    topics = yaml.safe_load((folder / "topics.yml").read_text(encoding="utf-8"))
    assert 5 <= len(topics["topics"]) <= 8
    assert {name for topic in topics["topics"] for name in topic["channels"]} <= set(topics["channels"])
    assert len((folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()) == len(WORLD.pages)
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert set(expected) == {topic["name"] for topic in topics["topics"]}
