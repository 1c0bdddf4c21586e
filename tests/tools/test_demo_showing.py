from typing import Any

import pytest

from copydesk.index import Kind
from copydesk.index.records import to_record
from copydesk.index.state import SegmentRecord
from local.processes import LocalError
from local.showing import show
from made.documents import article_record, put
from made.world import START, World

TITLE = "[/Storm] closes the harbour of Marnhaven"
TEXT = "A crane fell across the quay.\nNobody was hurt."

ORIGINAL: dict[str, Any] = {
    **article_record(
        "one",
        url="http://one.example/1",
        title=TITLE,
        text=TEXT,
        family="f1",
        story="s1",
        first_seen_at=START.isoformat(),
        removed=[{"place": 1, "text": "Read also: [red]ships[/red]", "reason": "notice"}],
    )
}
COPY: dict[str, Any] = {
    **ORIGINAL,
    "url": "http://two.example/1",
    "outlet": "two",
    "title": "Harbour closed",
    "duplicate_of": "a1",
    "evidence": {"containment": 0.875, "quotes": 2},
    "removed": [],
}
ALERT: dict[str, Any] = {
    "topic": "harbour",
    "article": "a1",
    "title": TITLE,
    "url": ORIGINAL["url"],
    "first_outlet": "one",
    "agency": "MNW",
    "outlets": 2,
    "publishers": 1,
    "matched": ["Marnhaven"],
}
TRUTH: list[dict[str, Any]] = [
    {
        "url": body["url"],
        "paragraphs": TEXT.splitlines(),
        "captions": [],
        "item": "i1",
        "event": "e1",
        "kind": "raw",
        "until": None,
        "refused": False,
    }
    for body in (ORIGINAL, COPY)
]


def filled(*, captures: int = 2, alerts: bool = True) -> World:
    """A world whose index holds two copies of one text and the alert they rang."""
    world = World()
    capture = {"source": "one", "outcome": "indexed", "first_seen_at": START.isoformat()}
    put(world.index, Kind.ARTICLES, {"a1": ORIGINAL, "a2": COPY})
    put(world.index, Kind.CAPTURES, {"c1": capture, "c2": capture})
    segment = SegmentRecord(name="g", captures=captures, registered_at=START)
    put(world.index, Kind.SEGMENTS, {"g": to_record(segment)})
    put(world.index, Kind.LEDGER, {"a1": {"source": "one", "outcome": "captured"}})
    put(world.index, Kind.LEDGER, {"a3": {"source": "one", "outcome": "refused", "reason": "robots"}})
    put(world.index, Kind.ALERTS, {"r": ALERT} if alerts else {})
    return world


def test_every_part_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Funnel, scoreboard, a cleaned page, a family, a search and an alert, with brackets left as they are."""
    world = filled()
    result = show(world.ports, TRUTH, {"harbour": ["e1"]})
    assert (result.pages, result.f1, result.copies, result.alerts) == ((2, 2), 1.0, (1, 1), (1, 1, 0))
    shown = [line.strip() for line in capsys.readouterr().out.splitlines()]
    for line in (
        "2 entries = 0 pending + 1 captured + 0 unchanged + 1 refused + 0 failed",
        "2 captures = 0 pending + 2 indexed + 0 version + 0 unchanged + 0 rejected",
        "reasons: robots 1; imbalance 0",
        "2 articles, 1 without copies taken out, 1 stories",
        "A crane fell across the quay.",
        "- Read also: [red]ships[/red]  [notice]",
        f"original  one: {TITLE}",
        "copy    two: Harbour closed  (containment 0.88, shared quotes 2)",
        "One search: storm closes the harbour",
        f"harbour: {TITLE}",
        "first one, agency MNW; 2 outlets, 1 publishers",
        f"matched: Marnhaven  {ORIGINAL['url']}",
    ):
        assert line in shown


@pytest.mark.parametrize(
    ("world", "said"),
    [
        (filled(captures=3), "1 captures have no outcome"),
        (filled(alerts=False), "2 articles and 0 alerts"),
        (World(), "0 articles and 0 alerts"),
    ],
)
def test_a_demo_that_shows_nothing_fails(world: World, said: str) -> None:
    """Lost captures, or a street that brought nothing to its end, end the demo with one line."""
    with pytest.raises(LocalError, match=said):
        show(world.ports, TRUTH, {})
