from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benches.peer_settings import joined
from benches.scoring import bcubed, found, pairwise


def labels(groups: str) -> dict[str, str]:
    """Texts of one letter, groups apart by spaces."""
    return {text: group for group in groups.split() for text in group}


@pytest.mark.parametrize(
    ("truth", "told", "precision", "recall"),
    [
        ("abc d", "abc d", 1, 1),
        ("abc d", "ab cd", 1 / 2, 1 / 3),
        ("ab cd", "abcd", 2 / 6, 1),
        ("ab cd", "a b c d", 1, 0),
        ("a b c", "a b c", 1, 1),
    ],
)
def test_pairs(truth: str, told: str, precision: float, recall: float) -> None:
    """Precision is of the pairs joined, recall of those to join."""
    assert pairwise(labels(truth), labels(told)) == (precision, recall)


def test_f1_of_nothing_right_is_zero() -> None:
    """A score with neither precision nor recall has a mean all the same."""
    assert pairwise(labels("ab cd"), labels("ac bd")).f1 == 0


def test_bcubed_is_a_mean_over_texts() -> None:
    """Of abc and d told as ab and cd: a and b have 1 and 2/3, c 1/2 and 1/3, d 1/2 and 1."""
    assert bcubed(labels("abc d"), labels("ab cd")) == pytest.approx((3 / 4, 2 / 3))


def test_found_are_those_with_one_of_their_own() -> None:
    """A text alone in the truth is neither found nor missed; a stranger does not find it."""
    assert found(labels("abc d"), labels("ab cd")) == {"a": True, "b": True, "c": False}


GROUPS = st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("xyz")), min_size=1, max_size=12)


@given(GROUPS)
def test_pairs_as_counted_one_by_one(rows: list[tuple[str, str]]) -> None:
    """The sizes of groups give what comparing each pair gives."""
    truth = {str(place): item for place, (item, _) in enumerate(rows)}
    told = {str(place): label for place, (_, label) in enumerate(rows)}
    pairs = list(combinations(truth, 2))
    right = [truth[a] == truth[b] and told[a] == told[b] for a, b in pairs]
    together = [told[a] == told[b] for a, b in pairs]
    score = pairwise(truth, told)
    assert score.precision == (sum(right) / sum(together) if any(together) else 1)


@given(GROUPS)
def test_bcubed_swaps_with_its_sides(rows: list[tuple[str, str]]) -> None:
    """Precision against the truth is the recall of the truth against what was told."""
    truth = {str(place): item for place, (item, _) in enumerate(rows)}
    told = {str(place): label for place, (_, label) in enumerate(rows)}
    one, other = bcubed(truth, told), bcubed(told, truth)
    assert one == pytest.approx((other.recall, other.precision))


def test_pairs_that_hang_together_are_one_family() -> None:
    """Families go over several pairs, in whatever order those come."""
    result = joined("abcdef", [(4, 3), (0, 1), (3, 1), (2, 2)])
    assert len({result[text] for text in "abde"}) == 1
    assert len(set(result.values())) == 3
