"""Replay while pages come in: nothing that was indexed meanwhile is missing after the swap."""

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.model import Source
from copydesk.operating.comparing import COMPARED
from copydesk.operating.replaying import HOLD, replay
from copydesk.views.status import funnel
from made.published import articles, published, run
from made.texts import paragraphs
from made.world import World, feed, page, source

COMING = st.lists(st.tuples(st.integers(0, 2), st.sampled_from([timedelta(0), HOLD * 1.1])), max_size=6)
"""At each step of the replay: outlets that begin to publish, and how long the step took."""


class Desk:
    """A street that goes on while it is rebuilt: at each step some pages come in and are worked on."""

    def __init__(self, coming: list[tuple[int, timedelta]]) -> None:
        self.world, self.coming, self.counts = World(), coming, Counter[str]()
        self.sources: list[Source] = published(self.world)
        run(self.world, self.sources)

    def go_on(self, _done: int, _all: int) -> None:
        """One step: what comes in, and then what `process` may take up."""
        if not self.coming:
            return
        outlets, seconds = self.coming.pop(0)
        for _ in range(outlets):
            self.publish()
        self.world.clock.wait(seconds)
        self.counts += run(self.world, self.sources)

    def publish(self) -> None:
        """An outlet more, with a story of its own."""
        name = f"late{len(self.sources)}"
        self.sources.append(source(name))
        address = f"https://{name}.example/story"
        self.world.web.pages[f"https://{name}.example/feed"] = feed(address)
        self.world.web.pages[address] = page(f"{name} reports", *paragraphs(len(self.sources)))


@settings(max_examples=40, deadline=None)
@given(COMING)
def test_what_comes_in_while_an_index_is_rebuilt_is_in_it(coming: list[tuple[int, timedelta]]) -> None:
    """However much came in at any step, also when the last stretch took longer than `process` can be held."""
    desk = Desk(coming)
    replay(desk.world.ports, desk.sources, progress=desk.go_on)
    run(desk.world, desk.sources)
    assert set(articles(desk.world)) == {one.name for one in desk.sources}
    assert funnel(desk.world.index).imbalance == 0
    assert set(replay(desk.world.ports, desk.sources).equal) == {kind.value for kind in COMPARED}


def test_process_is_held_for_the_last_stretch_alone() -> None:
    """What comes in at the first steps is indexed at once, in the old generation and then in the new one."""
    desk = Desk([(2, timedelta(0))])
    replay(desk.world.ports, desk.sources, progress=desk.go_on)
    assert desk.counts["indexed"] == 2
    assert len(articles(desk.world)) == 5
