"""How many carry a text and tell a story, and how that grew: the same from whichever article came last."""

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from copydesk.judging.clustering.provenance import Carrier
from copydesk.views.growth import MOST_STEPS, growth_of
from copydesk.views.stories import Size, size_of
from made.days import TODAY

MINUTES = st.integers(0, 10**6)
CARRIERS = st.lists(st.tuples(MINUTES, st.sampled_from("abc")), min_size=1, max_size=12).map(
    lambda drawn: [
        Carrier(TODAY + timedelta(minutes=minutes), f"a{place}", outlet, outlet.replace("b", "a"))
        for place, (minutes, outlet) in enumerate(drawn)
    ]
)


@given(CARRIERS, st.randoms(use_true_random=False))
def test_no_order_of_arrival_changes_a_number(carriers: list[Carrier], chance: random.Random) -> None:
    """The last copy may be the oldest: all that is counted is counted anew of all that is known."""
    shuffled = [*carriers]
    chance.shuffle(shuffled)
    assert size_of(shuffled) == size_of(carriers)
    assert growth_of(shuffled) == growth_of(carriers)


@given(CARRIERS)
def test_growth_ends_at_the_size(carriers: list[Carrier]) -> None:
    """Steps are as far apart as they say, never fall, add up to their articles, and end with all there are."""
    growth, size = growth_of(carriers), size_of(carriers)
    last = growth.steps[-1]
    assert (last.articles, last.outlets) == (size.articles, size.outlets)
    length = timedelta(hours=1) if growth.by == "hour" else timedelta(days=1)
    for one, other in zip(growth.steps, growth.steps[1:], strict=False):
        assert other.at - one.at == length
        assert other.articles - one.articles == other.new >= 0
        assert other.outlets >= one.outlets
    assert len(growth.steps) <= max(MOST_STEPS, 73)
    if len(growth.steps) < MOST_STEPS:
        assert sum(step.new for step in growth.steps) == size.articles
        assert growth.steps[0].at <= min(one.at for one in carriers) < growth.steps[0].at + length


def test_outlets_of_one_publisher_count_once() -> None:
    """Articles, outlets and publishers are three numbers; of nothing all are none."""
    carriers = [
        Carrier(TODAY, "1", "a", "house"),
        Carrier(TODAY, "2", "a", "house"),
        Carrier(TODAY, "3", "b", "house"),
        Carrier(TODAY, "4", "c", "c"),
    ]
    assert size_of(carriers) == Size(articles=4, outlets=3, publishers=2)
    assert size_of(()) == Size(0, 0, 0)
    assert growth_of(()).steps == ()
