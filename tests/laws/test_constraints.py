from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.index.judgement import Ruling, Verdict
from copydesk.judging.clustering.constraints import constraints_of
from copydesk.judging.clustering.decision import Decision, decide
from copydesk.judging.fingerprint.making import make_fingerprints
from made.texts import document, family, paragraphs

START = datetime(2026, 11, 22, tzinfo=UTC)
TEXTS = [
    make_fingerprints([one])[0]
    for one in (
        *family(1),
        *family(2, minutes=10),
        document("lone", paragraphs(99)),
        document("a", paragraphs(98)),
    )
]
IDS = sorted(text.id for text in TEXTS)


def ruling(one: str, other: str, verdict: Verdict, minute: int = 0) -> Ruling:
    return Ruling(
        one=min(one, other), other=max(one, other), verdict=verdict, at=START + timedelta(minutes=minute)
    )


PAIRS = st.sampled_from(list(combinations(IDS, 2)))


@st.composite
def any_ruling(draw: st.DrawFn) -> Ruling:
    """A ruling about two of the texts, made within an hour."""
    one, other = draw(PAIRS)
    return ruling(one, other, draw(st.sampled_from(Verdict)), draw(st.integers(0, 50)))


RULINGS = st.lists(any_ruling(), max_size=12)


def is_kept(found: Decision, one: Ruling) -> bool:
    """Whether a decision is as a ruling wants it."""
    left, right = found.judgements[one.one], found.judgements[one.other]
    return {
        Verdict.COPIES: left.family == right.family,
        Verdict.STORY: left.story == right.story,
        Verdict.NO_COPIES: left.family != right.family,
        Verdict.NO_STORY: left.story != right.story,
    }[one.verdict]


@given(RULINGS)
def test_every_constraint_is_kept_whatever_the_evidence_says(rulings: list[Ruling]) -> None:
    """What the rulings demand, contradictions aside, holds in the decision, for families and stories."""
    constraints, found = constraints_of(IDS, rulings), decide(TEXTS, rulings)
    for constraint, name in ((constraints.copies, "family"), (constraints.story, "story")):
        ids = np.array([getattr(found.judgements[id_], name) for id_ in IDS])
        same = ids[:, None] == ids[None, :]
        assert not (constraint.must_link & ~same).any()
        assert not (constraint.cannot_link & same).any()


@given(RULINGS, st.randoms(use_true_random=False))
def test_order_of_texts_and_rulings_does_not_matter(rulings: list[Ruling], random: st.DataObject) -> None:
    """The decision is a function of the set of texts and the set of rulings."""
    texts, shuffled = list(TEXTS), list(rulings)
    random.shuffle(texts)  # type: ignore[attr-defined]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found, again = decide(TEXTS, rulings), decide(texts, shuffled)
    assert (found.judgements, found.families, found.stories) == (
        again.judgements,
        again.families,
        again.stories,
    )


@given(RULINGS, PAIRS, st.sampled_from(Verdict))
def test_the_last_word_always_holds(rulings: list[Ruling], pair: tuple[str, str], verdict: Verdict) -> None:
    """Whatever was ruled before, the latest ruling is kept."""
    last = ruling(*pair, verdict, 99)
    assert is_kept(decide(TEXTS, [*rulings, last]), last)


A, B, C = "f1-wire", "f2-wire", "lone"


@pytest.mark.parametrize(
    ("rulings", "families"),
    [
        ([], [A, B, C]),
        ([ruling(A, C, Verdict.COPIES)], [A, B, A]),
        ([ruling(A, C, Verdict.COPIES), ruling(A, C, Verdict.NO_COPIES, 1)], [A, B, C]),
        ([ruling(A, B, Verdict.COPIES), ruling(A, C, Verdict.NO_COPIES, 1), ruling(B, C, Verdict.COPIES, 2)],
         [A, C, C]),
        ([ruling(A, B, Verdict.COPIES, 2), ruling(A, C, Verdict.NO_COPIES, 1), ruling(B, C, Verdict.COPIES)],
         [A, A, C]),
        ([ruling(A, "nowhere", Verdict.COPIES), ruling("nowhere", C, Verdict.COPIES)], [A, B, C]),
    ],
    ids=["none", "joined", "parted later", "the join before gives way", "the join after gives way", "absent texts"],
)  # fmt: skip
def test_newer_rulings_win_over_older_ones(rulings: Sequence[Ruling], families: list[str]) -> None:
    """Newest first; what contradicts newer ones is passed over; of texts that are not there nothing is demanded."""
    found = decide(TEXTS, rulings)
    assert [found.judgements[id_].family for id_ in (A, B, C)] == families


def test_joining_brings_whole_families_together_and_says_that_it_was_by_hand() -> None:
    """A join of two texts makes one family of theirs; the link between the two rests on the ruling."""
    found = decide(TEXTS, [ruling("f1-cut", "f2-cut", Verdict.COPIES)])
    assert {found.judgements[text.id].family for text in TEXTS if text.id[0] == "f"} == {"f1-wire"}
    evidence = [found.judgements[id_].evidence for id_ in ("f1-cut", "f2-cut", "f1-whole")]
    assert [one.by_hand for one in evidence if one is not None] == [False, True, False]
