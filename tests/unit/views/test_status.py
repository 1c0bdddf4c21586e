from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.fetching.polling import poll
from copydesk.index import Body, Kind
from copydesk.outcomes import CaptureOutcome, EntryOutcome, Reason
from copydesk.views.status import Funnel, funnel
from made.documents import article, put
from made.world import World, source

SOURCES = st.sampled_from(["one", "two"])
REASONS = st.sampled_from([None, "robots", "gone"])


def filled(kind: Kind, rows: list[tuple[str, str, str | None]], index: MemoryIndex) -> None:
    """Write records of (source, outcome, reason)."""
    seen = {"first_seen_at": "2026-11-20T08:00:00Z"}
    bodies: dict[str, Body] = {
        f"{number}": {"source": source, "outcome": outcome, **({"reason": reason} if reason else {}), **seen}
        for number, (source, outcome, reason) in enumerate(rows)
    }
    put(index, kind, bodies)


def test_empty() -> None:
    """An empty index has an empty funnel, which balances."""
    seen = funnel(MemoryIndex())
    assert seen == Funnel({}, {}, Counter(), 0, 0, 0, 0, 0, 0)
    assert seen.imbalance == 0


@given(
    entries=st.lists(st.tuples(SOURCES, st.sampled_from(EntryOutcome), REASONS)),
    captures=st.lists(st.tuples(SOURCES, st.sampled_from(CaptureOutcome), REASONS)),
)
def test_every_record_is_counted_once(
    entries: list[tuple[str, str, str | None]], captures: list[tuple[str, str, str | None]]
) -> None:
    """Per source and outcome every entry and capture counts once, pending ones too, and so does every reason."""
    index = MemoryIndex()
    filled(Kind.LEDGER, entries, index)
    filled(Kind.CAPTURES, captures, index)
    seen = funnel(index)
    for counted, rows in ((seen.entries, entries), (seen.captures, captures)):
        flat = Counter({(source, str(o)): n for source, counts in counted.items() for o, n in counts.items()})
        assert flat == Counter((source, str(outcome)) for source, outcome, _ in rows)
    assert seen.reasons == Counter(reason for *_, reason in entries + captures if reason)


@pytest.mark.parametrize(("held", "imbalance"), [(2, 0), (3, 1), (1, -1)])
def test_balance(held: int, imbalance: int) -> None:
    """The registered captures less those with an outcome are what was lost."""
    index = MemoryIndex()
    put(index, Kind.SEGMENTS, {"s": {"name": "s", "captures": held, "registered_at": "2026-03-02T10:00:00Z"}})
    filled(Kind.CAPTURES, [("one", "indexed", None), ("one", "pending", None)], index)
    assert funnel(index).imbalance == imbalance


def test_articles() -> None:
    """Originals are the articles that point to no other; stories count once."""
    index = MemoryIndex()
    told = {"story": "s", "family": "a"}
    put(
        index,
        Kind.ARTICLES,
        {"a": article("A", "a", **told), "b": article("A", "a", duplicate_of="a", **told)},
    )
    put(index, Kind.ALERTS, {"x": {"topic": "t"}})
    seen = funnel(index)
    assert (seen.articles, seen.originals, seen.stories, seen.alerts) == (2, 1, 1, 1)


def test_a_failing_source_is_named_with_its_reason() -> None:
    """A source whose last poll failed shows up although it announced nothing."""
    world = World()
    world.web.pages["https://one.example/feed"] = Reason.NO_CONTACT
    poll(world.ports, [source()], lease=timedelta(minutes=1))
    (record,) = funnel(world.index).failing
    assert (record.source, record.reason, record.failures) == ("one", Reason.NO_CONTACT, 1)


def test_a_record_that_nobody_can_read_ends_no_status() -> None:
    """A segment of another hand, without a name, is counted with its captures; no more is asked of it."""
    index = MemoryIndex()
    put(index, Kind.SEGMENTS, {"odd": {"captures": 2}})
    assert funnel(index).registered == 2
