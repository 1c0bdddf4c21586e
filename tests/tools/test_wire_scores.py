import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benches.wire_misses import wrong_families, wrong_pairs
from benches.wire_scores import (
    Answers,
    Label,
    adjusted_rand,
    by_labels,
    by_truth,
    count_labels,
    count_truth,
    intruders,
    rivals,
)
from benches.wire_stable import unlike
from benches.wire_stories import StoryPair, at_most, by_language, of_pairs


def labels(groups: str) -> dict[str, str]:
    """Texts of one letter, groups apart by spaces."""
    return {text: group for group in groups.split() for text in group}


def answers(groups: str, holding: str = "") -> Answers:
    """Families of letters, each a story too; and the texts told to hold items."""
    return Answers(families=labels(groups), stories=labels(groups), holding=set(holding))


def texts(told: str, **more: str) -> list[dict[str, Any]]:
    """Rows from "id family kind" parted by commas, all of one story; more fields by id, in the order of the rows."""
    rows: list[dict[str, Any]] = [
        dict(zip(("id", "family", "kind"), one.split(), strict=True))
        | {"story": "s", "source": one.split()[0]}
        for one in told.split(",")
    ]
    for name, values in more.items():
        for row, value in zip(rows, values.split(), strict=True):
            row[name] = "" if value == "-" else value
    return rows


PAIRS = [
    Label("a", "b", "S", 1, "verbatim"),
    Label("c", "d", "S", 1, "translated"),
    Label("a", "c", "R", 2, ""),
    Label("e", "f", "N", 1, "form"),
    Label("a", "e", "C", 1, "item in a roundup"),
    Label("b", "f", "U", 1, ""),
]


def test_labelled_pairs_count_by_weight() -> None:
    """Of ab and cd one is right, and ac, which weighs two, is wrong; what is undecided counts nowhere."""
    scores = by_labels(PAIRS, answers("abc d ef"))
    assert scores.all == pytest.approx((1 / 4, 1 / 2))


def test_hard_pairs_leave_out_what_is_word_for_word() -> None:
    """With cd joined and ab not, all of the hard pairs are found, and half of all."""
    scores = by_labels(PAIRS, answers("a b cd e f"))
    assert (scores.all.recall, scores.second) == (1 / 2, 1)


def test_items_and_forms_are_counted_beside() -> None:
    """A digest in a family with its item, and a form with another, are counted as joined."""
    assert count_labels(PAIRS, answers("ae b c d f")) == {"items joined": "1/1", "forms joined": "0/1"}
    assert count_labels(PAIRS, answers("a b c d ef")) == {"items joined": "0/1", "forms joined": "1/1"}


def test_a_labelled_text_that_is_missing_is_joined_to_nothing() -> None:
    """Pairs with texts nobody judged are missed, not wrong."""
    assert by_labels(PAIRS, answers("ab")).all == (1, 1 / 2)


def test_roundups_are_no_part_of_families() -> None:
    """A roundup that stands with a copy costs no precision, and is counted beside."""
    rows = texts("a F raw,b F cut,r R roundup")
    assert by_truth(rows, answers("abr")).all == (1, 1)
    assert count_truth(rows, answers("abr"))["roundups joined"] == "1/1"


def test_rewritten_texts_are_left_out_of_the_second_figure() -> None:
    """A rewritten copy that stands apart costs recall, and no F1 without rewritten."""
    scores = by_truth(texts("a F raw,b F cut,c F rewritten"), answers("ab c"))
    assert (scores.all.recall, scores.second) == (1 / 3, 1)


def test_a_set_without_rewritten_has_no_second_figure() -> None:
    """There is nothing to leave out."""
    assert by_truth(texts("a F raw,b F cut"), answers("ab")).second is None


def test_roundups_told_as_such_are_counted() -> None:
    """Of a thread and a roundup one is recognised; one other text is taken for a roundup."""
    counted = count_truth(texts("a F raw,r R roundup,t T thread"), answers("a r t", holding="ar"))
    assert (counted["recognised"], counted["others taken"]) == ("1/2", "1/1")


def test_rival_pairs_are_of_another_reporter_on_the_same_event() -> None:
    """Of two agencies' texts and a copy of the first, two pairs are rivals; copies of one text are none."""
    rows = texts("a F raw,b F cut,c G same-event")
    assert rivals(rows, labels("abc")) == (2, 2)
    assert rivals(rows, labels("ab c")) == (0, 2)


def test_pairs_of_two_events_are_no_rivals() -> None:
    """A text on another event is no rival account."""
    assert rivals(texts("a F raw,c G same-event", story="s t"), labels("ac")) == (0, 0)


@pytest.mark.parametrize(
    ("families", "strange"), [("abcd", ["d"]), ("abc d", []), ("abd c", ["d"]), ("ab cd", ["d"])]
)
def test_texts_of_a_rival_agency(families: str, strange: list[str]) -> None:
    """A family belongs to the text most of it, or the first, is made of; another agency's text in it is strange.

    a and b are one text of the agency X, c is another one of it, d is of Y.
    """
    rows = texts("a F raw,b F cut,c G raw,d H raw", agency="X X X Y")
    assert intruders(rows, labels(families)) == strange


def test_own_reporters_of_two_outlets_are_rivals() -> None:
    """Without an agency the outlet is who wrote."""
    assert intruders(texts("a F single,b G single", agency="- -"), labels("ab")) == ["b"]


def test_adjusted_rand_of_the_same_groups_is_one() -> None:
    """Names of groups do not matter; all alone twice is the same too."""
    assert adjusted_rand(labels("ab cd"), {"a": "1", "b": "1", "c": "2", "d": "2"}) == 1
    assert adjusted_rand(labels("a b"), labels("a b")) == 1


def test_adjusted_rand_of_a_known_case() -> None:
    """Of abc and def told as ab, cd and ef: 2 pairs right of 3 told and 6 wanted, where chance has 1.2."""
    assert adjusted_rand(labels("abc def"), labels("ab cd ef")) == pytest.approx((2 - 1.2) / (4.5 - 1.2))


@given(st.integers(0, 10_000))
def test_adjusted_rand_does_not_depend_on_order(seed: int) -> None:
    """The same texts in any order give the same figure."""
    truth, told = labels("abc de f gh"), labels("ab cde fgh")
    ids = random.Random(seed).sample(sorted(truth), len(truth))
    assert adjusted_rand({id_: truth[id_] for id_ in ids}, told) == adjusted_rand(truth, told)


def test_texts_are_unlike_by_what_is_told_of_them() -> None:
    """Another original counts, other evidence does not, and nor does a field that both lack."""
    one: dict[str, dict[str, Any]] = {
        "a": {"family": "a", "story": "a", "evidence": 1},
        "b": {"family": "a", "story": "a", "duplicate_of": "a"},
    }
    other: dict[str, dict[str, Any]] = {
        "a": {"family": "a", "story": "a", "evidence": 2},
        "b": {"family": "a", "story": "a"},
    }
    assert unlike(one, other) == 1


def test_pairs_are_counted_by_language() -> None:
    """Pairs that are neither the same nor different count nowhere."""
    pairs = [
        StoryPair(("", ""), "de", same=True),
        StoryPair(("", ""), "en", same=False),
        StoryPair(("", ""), "en", same=None),
    ]
    stories = {"0-0": "x", "0-1": "x", "1-0": "y", "1-1": "z", "2-0": "w", "2-1": "w"}
    assert by_language(pairs, stories) == {"all": (1, 1, 0, 1), "de": (1, 1, 0, 0), "en": (0, 0, 0, 1)}


@pytest.mark.parametrize(("share", "found"), [(0.0, 1 / 3), (0.25, 2 / 3), (0.5, 2 / 3), (1.0, 1)])
def test_found_at_most_so_many_wrong(share: float, found: float) -> None:
    """The threshold lies where no more than that share of different pairs is as alike."""
    assert at_most(share, [0.9, 0.6, 0.1], [0.7, 0.4, 0.3, 0.2]) == pytest.approx(found)


def test_wrong_families_are_named_with_their_texts() -> None:
    """A family of two texts is mixed, a text in two families parted; a roundup that nobody saw is named."""
    rows = texts("a F raw,b F cut,c G raw,r R roundup")
    assert list(wrong_families(rows, answers("ac b r"))) == [
        "mixed ac: F: a raw | G: c raw",
        "parted F: ac: a raw | b: b cut",
        "roundup not seen: r roundup",
    ]


def test_wrong_pairs_are_named_with_their_titles() -> None:
    """What is joined and should not be, or apart and should not be; what is right or undecided is not named."""
    rows = [{"id": id_, "title": f"Title {id_}"} for id_ in "abcdef"]
    assert list(wrong_pairs(rows, PAIRS, answers("abc d ef"))) == [
        "apart S (translated): c Title c / d Title d",
        "joined R (): a Title a / c Title c",
        "joined N (form): e Title e / f Title f",
    ]


def test_how_alike_the_texts_of_pairs_are() -> None:
    """A pair without one of its texts counts as not alike at all, an unclear one not at all."""
    pairs = [StoryPair(("", ""), "en", same=same) for same in (True, False, None, True)]
    alike = np.full((7, 7), 0.5)
    alike[0, 1] = 0.9
    ids = ["0-0", "0-1", "1-0", "1-1", "2-0", "2-1", "3-0"]
    assert of_pairs(pairs, ids, alike) == ([0.9, 0.0], [0.5])
