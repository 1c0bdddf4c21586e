"""What pairs of texts have in common: what holds of every feature, for any texts."""

import random
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.judging.clustering.features import EVERY, Features, evidence_of
from copydesk.judging.clustering.rarity import features_of, pool
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document
from made.texts import document, family, later, paragraphs

NAMES = [field.name for field in fields(Features)]
SYMMETRIC = (
    "shared",
    "cosine",
    "facts",
    "numbers",
    "differing",
    "telling",
    "quotes",
    "home",
    "rivals",
    "gap",
)
BACK = ("cover", "weighed", "title")
SHARES = (
    "cover",
    "weighed",
    "cosine",
    "facts",
    "numbers",
    "title",
    "home",
    "rivals",
)


def spoken(seed: int) -> list[str]:
    return [f"“{line}” she said." for line in paragraphs(seed, 2)]


def some_texts(seed: int) -> list[Document]:
    """A family, its parts in other texts, quotes of it, short and empty texts; by two agencies and two outlets."""
    rng = random.Random(seed)
    mixed = document(f"m{seed}", [*paragraphs(seed + 1, 4), *paragraphs(seed, 2)], minutes=99, agency="DPN")
    made = [
        *family(seed),
        mixed,
        document(f"q{seed}", [*paragraphs(seed + 2, 2), *spoken(seed)], agency="Other"),
        document(f"r{seed}", [*paragraphs(seed + 3, 2), *spoken(seed)], outlet=mixed.outlet),
        later(document(f"u{seed}", paragraphs(seed, 60), agency="dpn"), hours=30),
        document(f"s{seed}", ["A word."], title="A title"),
        document(f"e{seed}", [], title=" "),
    ]
    return rng.sample(made, rng.randint(2, len(made)))


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_features_do_not_depend_on_the_order_of_texts(seed: int) -> None:
    """What is told of two texts stays, wherever in the set they stand; it is the last bit of a sum that may differ."""
    texts = make_fingerprints(some_texts(seed))
    order = random.Random(seed).sample(range(len(texts)), len(texts))
    straight, turned = features_of(texts), features_of([texts[place] for place in order])
    for name in NAMES:
        expected = getattr(straight, name)[np.ix_(order, order)]
        np.testing.assert_allclose(getattr(turned, name), expected, rtol=1e-5, atol=1e-6, err_msg=name)


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_features_are_shares_and_go_both_ways(seed: int) -> None:
    """Where nothing else is said the two directions are one; a share is from 0 to 1, or unknown."""
    features = features_of(make_fingerprints(some_texts(seed)))
    for name in SYMMETRIC:
        values = getattr(features, name)
        np.testing.assert_allclose(values, values.T, rtol=1e-5, atol=1e-6, err_msg=name)
    for name in BACK:
        np.testing.assert_array_equal(getattr(features, f"{name}_back"), getattr(features, name).T)
    for name in SHARES:
        values = getattr(features, name)
        known = values[~np.isnan(values)]
        assert ((known >= 0) & (known <= 1 + 1e-5)).all(), name


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_a_text_is_wholly_like_itself(seed: int) -> None:
    """Beside itself and beside a text of the same words, as far as there is anything to tell by."""
    documents = some_texts(seed)
    twin = replace(documents[0], id="twin")
    features = features_of(make_fingerprints([*documents, twin]))
    ends = (0, len(documents))
    for one in ends:
        for name in ("cover", "weighed", "cosine"):
            assert getattr(features, name)[one, one] == 1, name
        assert features.telling[one, one] == 2
        assert (features.home[one, one], features.rivals[one, one], features.gap[one, one]) == (1, 0, 0)
    if features.shared[0, 0]:
        for name in ("cover", "weighed", "cosine", "facts", "numbers", "title"):
            both = getattr(features, name)[np.ix_(ends, ends)]
            assert np.isnan(both).all() or both == pytest.approx(1, abs=1e-5), name
        assert features.shared[0, -1] == features.shared[0, 0]


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.sets(st.sampled_from(EVERY)))
def test_some_features_of_some_pairs_are_those_of_all(seed: int, only: set[str]) -> None:
    """Whatever else is compared with them, and whatever else is asked; what is not asked for is empty."""
    texts = make_fingerprints(some_texts(seed))
    rng = random.Random(seed)
    ones, others = (np.array([rng.randrange(len(texts)) for _ in range(9)]) for _ in range(2))
    every, some = features_of(texts), pool(texts).features(ones, others, only)
    for name in NAMES:
        found = getattr(some, name)
        if len(found):
            np.testing.assert_array_equal(found, getattr(every, name)[ones, others], err_msg=name)
        else:
            assert name.removesuffix("_back") not in only


def test_what_few_texts_share_weighs_more() -> None:
    """The same paragraph in common says more in a set where no other text has it."""
    lines = paragraphs(5, 1)
    pair = [document(f"p{n}", [*lines, *paragraphs(60 + n, 3)]) for n in range(2)]
    others = [document(f"o{n}", paragraphs(70 + n, 4)) for n in range(40)]
    holders = [document(f"h{n}", [*lines, *paragraphs(70 + n, 3)]) for n in range(40)]
    rare, common = (features_of(make_fingerprints([*pair, *rest])) for rest in (others, holders))
    assert rare.cover[0, 1] == common.cover[0, 1]
    assert rare.weighed[0, 1] > common.weighed[0, 1]
    assert rare.cosine[0, 1] > common.cosine[0, 1]


def test_a_text_printed_by_many_counts_once() -> None:
    """However many papers print a text word for word, what it shares with another is no more common."""
    pair = [document("a", [*paragraphs(5, 4), *paragraphs(6, 4)]), document("b", paragraphs(5, 4))]
    prints = [document(f"c{n}", [*paragraphs(5, 4), *paragraphs(6, 4)]) for n in range(20)]
    few, many = features_of(make_fingerprints(pair)), features_of(make_fingerprints([*pair, *prints]))
    assert many.cosine[0, 1] == pytest.approx(few.cosine[0, 1], abs=0.02)
    assert many.weighed[0, 1] == pytest.approx(few.weighed[0, 1], abs=0.02)


def test_quoted_sentences_are_counted() -> None:
    """Those in common, whether they stand in one quote or in several, and none for a text beside itself."""
    said = paragraphs(8, 3)
    together = document("one", [*paragraphs(1, 3), f"“{' '.join(said)}” she said."])
    apart = document("two", [*paragraphs(2, 3), *(f"“{line}” she said." for line in said)])
    quotes = features_of(make_fingerprints([together, apart])).quotes
    assert quotes[0, 1] == quotes[1, 0] == len([one for line in said for one in line.split(". ")])
    assert (quotes[0, 0], quotes[1, 1]) == (0, 0)


def test_evidence_says_what_was_kept_and_added() -> None:
    """A cut copy keeps a part and adds nothing, in shares of the text it comes from and of its own."""
    wire, cut = document("wire", paragraphs(5, 8)), document("cut", paragraphs(5, 8)[:4])
    features = features_of(make_fingerprints([wire, cut]))
    evidence = evidence_of(features, 1, 0, id_="wire")
    assert (evidence.other, evidence.containment, evidence.added) == ("wire", 1, 0)
    assert 0.3 < evidence.kept < 0.7
    back = evidence_of(features, 0, 1, id_="cut")
    assert (back.containment, back.kept) == (1, 1)
    assert 0.3 < back.added < 0.7
