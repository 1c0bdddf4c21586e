"""What changed rules would make of archived pages: laid beside what was, counted, sampled."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Kind
from copydesk.index.article import Article
from copydesk.index.judgement import Judgement
from copydesk.index.records import to_record
from copydesk.model import Capture, Document, Removed
from copydesk.operating.previewing import (
    Change,
    Reading,
    Trial,
    compare,
    in_order,
    newest_captures,
    stored,
    summarize,
    trials,
    without,
)
from copydesk.outcomes import CaptureOutcome
from copydesk.reading.documents import read
from copydesk.segments import pending_record
from made.documents import put
from made.pages import PROSE, capture, page
from made.world import START, Desk, Shelf

A, B, C = "The gate stays shut.", "Photo: Ola Berg", "Read more: The mill"
FULL = Reading("Gate", "en", (A, B, C))
SHORT = Reading("Gate", "en", (A,), (Removed(B, "credit", 1), Removed(C, "related", 1)))


@pytest.mark.parametrize(
    ("before", "after", "rule", "taken", "given"),
    [
        (FULL, SHORT, "", [Removed(B, "credit", 1), Removed(C, "related", 2)], []),
        (SHORT, FULL, "", [], [Removed(B, "credit", 1), Removed(C, "related", 2)]),
        (FULL, SHORT, "credit", [Removed(B, "credit", 1)], []),
        (SHORT, FULL, "related", [], [Removed(C, "related", 2)]),
        (FULL, Reading("Gate", "en", (A, B)), "", [Removed(C, "extraction", 2)], []),
        (
            Reading(kept=(A, B, A)),
            Reading(kept=(A, B), removed=(Removed(A, "repeat", 2),)),
            "",
            [Removed(A, "repeat", 2)],
            [],
        ),
        (replace(SHORT, removed=()), SHORT, "", None, None),
        (FULL, SHORT, "caption", None, None),
        (FULL, FULL, "", None, None),
        (None, FULL, "", None, None),
        (FULL, replace(FULL, title="Gates"), "", [], []),
        (FULL, replace(FULL, title="Gates"), "credit", None, None),
        (FULL, Reading(rejected="no-text"), "credit", [], []),
        (Reading(rejected="no-text"), FULL, "", [], []),
        (Reading(rejected="no-text"), Reading(rejected="too-costly"), "", None, None),
    ],
)
def test_what_changes(
    before: Reading | None,
    after: Reading,
    rule: str,
    taken: list[Removed] | None,
    given: list[Removed] | None,
) -> None:
    """Lines newly removed and newly kept have the rule that takes, or took, them; None when nothing changes."""
    trial = Trial("https://post.example/1", before, after)
    expected = None if taken is None or given is None else Change(trial, tuple(taken), tuple(given))
    assert compare(trial, rule) == expected


LINES = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(["", "credit", "title"])), max_size=12)


@given(LINES)
def test_order_is_kept(lines: list[tuple[str, str]]) -> None:
    """Kept and removed lines together are all lines in order; without a rule only its lines come back."""
    kept = [text for text, reason in lines if not reason]
    places = [sum(not reason for _, reason in lines[:at]) for at in range(len(lines))]
    removed = [Removed(text, reason, at) for (text, reason), at in zip(lines, places, strict=True) if reason]
    reading = Reading(kept=tuple(kept), removed=tuple(removed))
    assert list(in_order(reading.kept, reading.removed)) == lines
    back = without(reading, "credit")
    assert list(in_order(back.kept, back.removed)) == [
        (text, "" if reason == "credit" else reason) for text, reason in lines
    ]


def test_counts_and_samples() -> None:
    """Pages count by what happens to them; the samples are the same ones in whatever order the pages come."""
    tried = [
        Trial("https://post.example/1", FULL, SHORT),
        Trial("https://post.example/2", FULL, Reading(rejected="no-text")),
        Trial("https://post.example/3", Reading(rejected="no-text"), FULL),
        Trial("https://post.example/4", FULL, replace(SHORT, title="Gates", language="de")),
        Trial("https://post.example/5", None, FULL),
        Trial("https://post.example/6", SHORT, SHORT),
    ]
    summary = summarize(tried, samples=2)
    assert summary.counts == {
        "pages": 6,
        "uncompared": 1,
        "changed": 4,
        "emptied": 1,
        "filled": 1,
        "titles": 1,
        "languages": 1,
    }
    assert (summary.taken, summary.given) == ({"credit": 2, "related": 2}, {})
    assert len(summary.samples) == 2
    assert summarize(tried[::-1], samples=2) == summary
    assert summarize(tried, samples=0).samples == ()


def fetched(url: str, hours: int, text: str) -> Capture:
    """A capture of a page some hours after the start."""
    at = START + timedelta(hours=hours)
    return replace(capture(text, url=url), id=f"{url}@{hours}", url=url, fetched_at=at, first_seen_at=at)


def test_the_newest_capture_of_each_page() -> None:
    """Segments begun in the stretch of time, the newest first; of each page one capture, and no feeds."""
    shelf = Shelf()
    for hours in range(4):
        shelf.append(fetched("https://post.example/1", hours, "x"))
        shelf.append(fetched(f"https://post.example/only-{hours}", hours, "x"))
        shelf.append(replace(fetched("https://post.example/feed", hours, "x"), kind="feed"))
        shelf.close()
    since, until = START + timedelta(hours=1), START + timedelta(hours=3)
    assert [one.id.removeprefix("https://post.example/") for one in newest_captures(shelf, since, until)] == [
        "only-2@2",
        "1@2",
        "only-1@1",
    ]


def test_beside_what_the_index_holds() -> None:
    """A page is laid beside its article or its rejection; one not worked on, or of an earlier state, beside nothing."""
    index = MemoryIndex()
    captures = [
        fetched(f"https://post.example/{name}", 1, page()) for name in ("read", "empty", "new", "old")
    ]
    documents = [read(one) for one in captures]
    for one, document in zip(captures, documents, strict=True):
        name = one.url.rpartition("/")[2]
        assert isinstance(document, Document)
        known = pending_record(one, "s")
        if name == "empty":
            known = replace(known, outcome=CaptureOutcome.REJECTED, reason="no-text")
        elif name != "new":
            known = replace(known, outcome=CaptureOutcome.INDEXED, article=document.id)
            later = replace(document, fetched_at=START + timedelta(hours=9 if name == "old" else 0))
            judged = Judgement(family=document.id, story=document.id)
            made = Article(document=later, judgement=judged)
            put(index, Kind.ARTICLES, {document.id: to_record(made)})
        put(index, Kind.CAPTURES, {one.id: to_record(known)} if name != "new" else {})
    tried = list(trials(captures, Desk().read, partial(stored, index)))
    assert [trial.before for trial in tried] == [tried[0].after, Reading(rejected="no-text"), None, None]
    assert tried[0].after.kept == PROSE
