"""A topic that fails is set aside by name and shown, while all others ring; it rings later for what it missed."""

from datetime import timedelta

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.topic import Topic
from copydesk.views.status import funnel
from made.alerts import FERRIES, NOW, Broken, put, ring


def test_a_topic_that_fails_is_set_aside_and_rings_later() -> None:
    """All others ring; it is named with its reason, tried again, and once it is mended it rings for what it missed."""
    index = MemoryIndex()
    mended = Topic(name="mended", any=("ferry",))
    broken = Topic.model_construct(**{**mended.model_dump(), "outlets": Broken()})
    later = Topic(name="z", any=("ferry",))
    assert [alert.topic for alert in ring(index, [put(index, "a")], FERRIES, broken, later)] == [
        "ferries",
        "z",
    ]
    assert funnel(index).unrung == {("mended", "internal"): 1}
    index.refresh()
    soon, then = NOW + timedelta(seconds=30), NOW + timedelta(minutes=2)
    assert ring(index, [], FERRIES, mended, later, now=soon) == []
    assert [alert.topic for alert in ring(index, [], FERRIES, mended, later, now=then)] == ["mended"]
    assert funnel(index).unrung == {}
