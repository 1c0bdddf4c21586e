import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Kind, Write
from copydesk.index.records import to_record
from copydesk.judging.applying import judge
from copydesk.judging.clustering.constraints import Constraint
from copydesk.judging.clustering.families import Family
from copydesk.judging.clustering.graph import Links
from copydesk.judging.clustering.stories import (
    LONGEST,
    QUIET,
    StoryRecord,
    find_heirs,
    find_stories,
    resolve,
)
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document
from made.linkage import graph_of
from made.texts import document, later, paragraphs

FACTS = ("Drummond", "Aldmoor", "Corvey", "Fontaine", "Estrand", "Galdern")
OTHERS = ("Kestrel", "Lomaria", "Pellworm", "Quillan", "Rosmere", "Tarnow")


def account(id_: str, seed: int, *, hours: float = 0, facts: tuple[str, ...] = FACTS) -> Document:
    """A text in words of its own about the same people, places and figures."""
    own = [f"{line.partition('. ')[0]}." for line in paragraphs(seed, 3)]
    lines = [
        f"{own[0]} Yesterday {facts[0]} went from {facts[1]} to {facts[2]} with 4180 others.",
        f"{own[1]} There {facts[3]} waited in {facts[4]} for 217 lorries, 36 boats and 915 tents.",
        f"{own[2]} Later {facts[5]} asked {facts[0]} for 6240 blankets.",
    ]
    # names of its own would drown the common ones in so short a text
    plain = [line.replace("near ", "near the ") for line in lines]
    lowered = [
        " ".join(w if w.strip(".,") in facts or w[:1].islower() else w.lower() for w in line.split(" "))
        for line in plain
    ]
    return later(
        document(
            id_,
            [line.capitalize()[:1] + line[1:] for line in lowered],
            title=f"{facts[0]} in {facts[2]}: relief convoy",
            agency=f"Agency {id_}",
        ),
        hours=hours,
    )


def stories(index: MemoryIndex) -> dict[str, str]:
    return {row.id: str(row.body["story"]) for row in index.scan(Kind.JUDGEMENTS)}


def judged(documents: list[Document]) -> MemoryIndex:
    index = MemoryIndex()
    for one in documents:
        judge(index, [one])
    return index


def test_two_agencies_in_other_words_are_one_story_and_two_families() -> None:
    """The same event told twice is one story; another event of the day is not in it."""
    other = account("other", 3, facts=OTHERS)
    index = judged([account("one", 1), account("two", 2, hours=1), other])
    assert stories(index) == {"one": "one", "two": "one", "other": "other"}
    families = {row.id: row.body["family"] for row in index.scan(Kind.JUDGEMENTS)}
    assert families == {"one": "one", "two": "two", "other": "other"}


@pytest.mark.parametrize(
    ("count", "strength", "expected"), [(2, 0.9, 2), (3, 0.9, 3), (4, 0.9, 1), (2, 1.3, 1), (4, 0.0, 4)]
)
def test_a_weak_link_needs_two_other_accounts_that_tell_of_both(
    count: int, strength: float, expected: int
) -> None:
    """Two texts alone must be surely alike; where several accounts are each a little alike they are one story."""
    texts = make_fingerprints([document(f"t{n}", paragraphs(40 + n, 3), minutes=n) for n in range(count)])
    alone = np.eye(count, dtype=np.bool_)
    links = Links(np.full((count, count), strength, np.float32), ~alone & alone, ~alone | alone)
    families = [Family((place,), ((place, place),)) for place in range(count)]
    assert len(find_stories(families, texts, graph_of(links), Constraint(count))) == expected


def test_a_story_ends_when_it_has_been_quiet_and_later_coverage_follows_it() -> None:
    """After 72 hours without a new family the next one opens a story that follows the first."""
    pause = QUIET / timedelta(hours=1)
    documents = [account("a", 1), account("b", 2, hours=pause), account("c", 3, hours=2 * pause + 1)]
    index = judged(documents)
    assert stories(index) == {"a": "a", "b": "a", "c": "c"}
    assert resolve(index, ["c"])["c"].follows == "a"


def test_a_story_ends_after_two_weeks_though_news_come_in() -> None:
    """However steady the coverage, a story is at most fourteen days long."""
    step = 60.0
    documents = [account(f"d{n}", n + 1, hours=n * step) for n in range(8)]
    found = stories(judged(documents))
    within = [one.id for one in documents if one.first_seen_at - documents[0].first_seen_at <= LONGEST]
    assert {found[id_] for id_ in within} == {"d0"}
    assert found["d6"] == found["d7"] == "d6"


def test_an_older_text_that_comes_late_takes_the_story_over() -> None:
    """The id is that of the earliest text; the old id leads to it and is remembered for alerts."""
    index = judged([account("young", 1, hours=5), account("old", 2)])
    assert stories(index) == {"young": "old", "old": "old"}
    record = resolve(index, ["young", "old", "unknown"])
    assert set(record) == {"young", "old"}
    assert record["young"] == record["old"]
    assert record["young"].absorbed == ("young",)


def test_mergers_lead_to_one_story_whatever_is_recorded() -> None:
    """A ring of mergers leads to the least of its ids, a merger into a story not yet recorded to that story."""
    now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    alone = StoryRecord(id="", families=("f",), first_seen_at=now, last_seen_at=now, root="")
    index = MemoryIndex()
    for id_, heir in (("a", "b"), ("b", "c"), ("c", "b"), ("d", "e"), ("e", "gone"), ("f", None)):
        body = to_record(replace(alone, id=id_, root=id_, merged_into=heir))
        index.write([Write(kind=Kind.STORIES, id=id_, body=body)])
    heirs = find_heirs(index, "abcdefg")
    assert heirs == dict(zip("abcdefg", ["b", "b", "b", "gone", "gone", "f", "g"], strict=True))
    assert {id_: record.id for id_, record in resolve(index, "abcdefg").items()} == {
        id_: heir for id_, heir in heirs.items() if heir in {"b", "f"}
    }


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_arrival_does_not_matter(seed: int) -> None:
    """Any order gives the same stories, the same ends and the same follow-ups."""
    documents = [account(f"d{n}", n + 1, hours=n * 50) for n in range(6)]
    mixed = random.Random(seed).sample(documents, len(documents))
    first, second = judged(documents), judged(mixed)
    assert stories(first) == stories(second)
    ids = sorted(set(stories(first).values()))
    assert [resolve(first, ids)[id_].follows for id_ in ids] == [
        resolve(second, ids)[id_].follows for id_ in ids
    ]
