"""Where a text went: agency, carriers, publishers, and who was the original when."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from copydesk.judging.clustering.decision import decide
from copydesk.judging.clustering.provenance import Carrier, Election, by_publisher
from copydesk.judging.fingerprint import appeared, from_body, kept
from copydesk.judging.fingerprint.making import make_fingerprints
from made.texts import START, document, paragraphs

WIRE = paragraphs(5)
CUT = document("cut", WIRE[:4], outlet="post")
WHOLE = document("whole", [*WIRE, *paragraphs(6, 4)], minutes=10, outlet="herald")
BYLINE = document("byline", WIRE[:6], minutes=20, outlet="echo", agency="DPN")
PAGE = document("page", WIRE, minutes=30, outlet="Delta Press Network", agency="DPN")
TEXTS = [CUT, replace(WHOLE, publisher="post group"), replace(BYLINE, publisher="post group"), PAGE]


@given(st.permutations(TEXTS))
def test_a_family_knows_where_its_text_went(texts: list) -> None:  # type: ignore[type-arg]
    """Agency, who carried it when, how much of it is the wire, and one original after the other; in any order."""
    (record,) = decide(make_fingerprints(texts)).families.values()
    assert (record.agency, record.publishers, record.original) == ("DPN", 3, "page")
    assert [carrier.article for carrier in record.carriers] == ["cut", "whole", "byline", "page"]
    shares = {carrier.article: carrier.share for carrier in record.carriers}
    assert shares["cut"] == shares["byline"] == shares["page"] == 1
    assert 0.5 < shares["whole"] < 0.8
    since = {text.id: text.first_seen_at for text in TEXTS}
    assert record.elections[-2:] == (Election("byline", since["byline"]), Election("page", since["page"]))
    assert record.elections[0] == Election("cut", since["cut"])


@given(st.permutations(TEXTS), st.sets(st.sampled_from([text.id for text in TEXTS]), min_size=1))
def test_a_teaser_is_no_original_while_a_whole_text_is_there(texts: list, teasers: set) -> None:  # type: ignore[type-arg]
    """Neither as the agency's own page nor as the earliest, at no time; in any order, and read back from a record."""
    some = [replace(text, form=("partial",)) if text.id in teasers else text for text in texts]
    made = [from_body(one.id, kept(one)) for one in make_fingerprints(some)]
    (record,) = decide(made).families.values()
    assert decide(make_fingerprints(TEXTS)).families.keys() == {record.id}
    seen = {text.id: text.first_seen_at for text in TEXTS}
    for election in record.elections:
        whole = {id_ for id_, at in seen.items() if at <= election.since} - teasers
        assert election.original in (whole or teasers)


def test_what_was_cut_and_added_is_evidence() -> None:
    """A cut copy keeps a part and adds nothing, an expanded one keeps all and adds."""
    found = decide(make_fingerprints(TEXTS)).judgements
    cut, whole = found["cut"].evidence, found["whole"].evidence
    assert cut is not None
    assert whole is not None
    assert (cut.added, whole.kept) == (0, 1)
    assert 0.3 < cut.kept < 0.7
    assert 0.2 < whole.added < 0.5


def test_outlets_of_one_publisher_count_once() -> None:
    """The earliest article of each publisher stands for it."""
    carriers = [
        Carrier(START + timedelta(minutes=minute), f"a{minute}", f"outlet {minute}", publisher)
        for minute, publisher in ((3, "x"), (1, "y"), (2, "x"))
    ]
    assert [carrier.article for carrier in by_publisher(carriers)] == ["a1", "a2"]


def test_when_an_outlet_had_an_article() -> None:
    """A midnight without a time of day and a time to come are not believed."""
    seen = START
    for published, expected in (
        (None, seen),
        (seen - timedelta(minutes=5), seen - timedelta(minutes=5)),
        (seen + timedelta(hours=1), seen),
        (seen.replace(hour=0, minute=0), seen),
    ):
        assert appeared(published, seen) == expected
