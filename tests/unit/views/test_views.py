"""What people may ask, as values, of an index in memory: the command line and the page show the same."""

from dataclasses import replace

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.cli.given import PLAIN, made
from copydesk.errors import ConfigError
from copydesk.index import Kind, Write
from copydesk.index.article import Article
from copydesk.index.judgement import Judgement
from copydesk.index.records import to_record
from copydesk.index.state import CaptureRecord, LedgerRecord
from copydesk.judging.applying import judge
from copydesk.model import Document
from copydesk.outcomes import CaptureOutcome, EntryOutcome, Reason
from copydesk.storing.settling import settle
from copydesk.storing.versions import plan
from copydesk.storing.writing import store
from copydesk.urls import url_key
from copydesk.views.articles import first_words, title_of
from copydesk.views.families import family_at
from copydesk.views.pairs import Standing, compare, set_beside, standing_of
from copydesk.views.search import search
from copydesk.views.texts import Id, JudgedText, judge_texts
from copydesk.views.why import NoArticle, why_no_article
from made import days
from made.documents import put
from made.texts import document, paragraphs
from made.world import Desk

WIRE, OTHER = paragraphs(3, 6), paragraphs(4, 6)


def kept(*documents: Document) -> MemoryIndex:
    """An index with these documents, judged and stored as `process` does."""
    index = MemoryIndex()
    plans = plan(index, documents)
    changed = judge(index, documents)
    store(index, plans, documents[0].fetched_at)
    settle(index, changed)
    index.refresh()
    return index


def named(one: Document) -> Document:
    return replace(one, id=url_key(one.url))


WIRED = named(document("wire", WIRE, outlet="one", agency="DPN", title="Bridge closed"))
CUT = named(document("cut", WIRE[:3], outlet="two", minutes=30))
APART = named(document("apart", OTHER, outlet="three", minutes=60, title="Harbour opens"))


def article(
    id_: str, family: str, story: str = "s", duplicate_of: str | None = None, contains: tuple[str, ...] = ()
) -> Article:
    judgement = Judgement(family=family, story=story, duplicate_of=duplicate_of, contains=contains)
    return Article(document=document(id_, ["A text."]), judgement=judgement)


@pytest.mark.parametrize(
    ("left", "right", "standing"),
    [
        (article("a", "f"), article("b", "f", duplicate_of="a"), Standing.RIGHT_COPIES),
        (article("a", "f", duplicate_of="b"), article("b", "f"), Standing.LEFT_COPIES),
        (article("a", "f", duplicate_of="c"), article("b", "f", duplicate_of="c"), Standing.BOTH_COPY),
        (article("a", "roundup"), article("b", "g", "t"), Standing.LEFT_HOLDS),
        (article("a", "g", "t"), article("b", "roundup"), Standing.RIGHT_HOLDS),
        (article("a", "f"), article("b", "g"), Standing.STORY),
        (article("a", "f"), article("b", "g", "t"), Standing.APART),
    ],
)
def test_how_two_articles_stand(left: Article, right: Article, standing: Standing) -> None:
    """One word for what was judged of two, whichever stands left."""
    held = {one.document.id: {"g"} if one.judgement.family == "roundup" else set() for one in (left, right)}
    assert standing_of(left, right, held) is standing


def test_two_copies_are_compared() -> None:
    """What they share, what was judged, and that the texts alone would say the same."""
    index = kept(WIRED, CUT, APART)
    found = compare(index, WIRED.url, CUT.url)
    assert (found.standing, found.alone.copies, found.rulings) == (Standing.RIGHT_COPIES, True, ())
    assert found.right.share == 1.0
    assert found.left.share == pytest.approx(0.5, abs=0.1)
    assert [passage.rstrip(".") for passage in found.right.passages] == [CUT.text.rstrip(".")]
    apart = compare(index, WIRED.url, APART.url)
    assert (apart.standing, apart.alone.copies, apart.alone.related) == (Standing.APART, False, False)
    assert apart.alone.evidence.other == APART.id


def test_a_comparison_turned_round_says_the_same_of_the_other_side() -> None:
    index = kept(WIRED, CUT)
    one, other = compare(index, WIRED.url, CUT.url), compare(index, CUT.url, WIRED.url)
    assert (one.left, one.right, other.standing) == (other.right, other.left, Standing.LEFT_COPIES)
    assert set_beside(index, CUT.id, WIRED.id) == (other.left, other.right)


def test_what_cannot_be_compared_is_said() -> None:
    """One article twice, and one that nobody judged yet."""
    index = kept(WIRED)
    raw = Article(document=APART, judgement=Judgement(family=APART.id, story=APART.id))
    put(index, Kind.ARTICLES, {APART.id: to_record(raw)})
    with pytest.raises(ConfigError, match="are one article"):
        compare(index, WIRED.url, f"{WIRED.url}?utm_source=x")
    for asked in (lambda: compare(index, WIRED.url, APART.url), lambda: family_at(index, APART.url)):
        with pytest.raises(ConfigError, match="not judged yet"):
            asked()


def test_a_family_from_any_of_its_members() -> None:
    """The same whoever is asked about: its agency, who carried it in order, and what each rests on."""
    index = kept(WIRED, CUT, APART)
    found = family_at(index, CUT.url)
    assert found == family_at(index, WIRED.id)
    assert (found.record.agency, found.record.original) == ("DPN", WIRED.id)
    assert [(one.url, one.carrier.outlet) for one in found.carried] == [(WIRED.url, "one"), (CUT.url, "two")]
    assert [one.evidence.other if one.evidence else None for one in found.carried] == [None, WIRED.id]
    assert found.former == ()


def test_a_member_that_is_no_longer_kept_is_named_by_its_id() -> None:
    index = kept(WIRED, CUT)
    index.write([Write(kind=Kind.ARTICLES, id=CUT.id, body=None)])
    assert [one.url for one in family_at(index, WIRED.url).carried] == [WIRED.url, CUT.id]


def test_stories_are_found_by_words_outlet_and_language() -> None:
    """A story once, with how many of its articles were found."""
    index = kept(WIRED, CUT, APART)
    (found,) = search(index, "bridge").results
    assert (found.article.document.id, found.copies) == (WIRED.id, 1)
    assert {one.article.document.outlet for one in search(index, outlet="three").results} == {"three"}
    assert search(index, language="de").results == []


def test_counts_are_of_all_that_is_found() -> None:
    """However few are shown, the stories and articles found are counted, copies among them."""
    index = kept(WIRED, CUT, APART)
    found = search(index, limit=1)
    assert (len(found.results), found.stories, found.articles) == (1, 2, 3)


def test_the_snippet_stands_around_a_word_in_whatever_form() -> None:
    """The text is shown where it holds another ending of the word, a part of it, or both words near each other."""
    index = kept(
        replace(APART, title="T", text=f"{'Nothing yet. ' * 40}Two ferries sank. {'Then more. ' * 40}")
    )
    for query in ("ferry", "ferr*", "*erri*", "ferry NEAR/2 sank", '"two ferries"'):
        (found,) = search(index, query).results
        assert "Two ferries sank" in found.snippet
        assert len(found.snippet) < 210


@pytest.mark.parametrize(
    ("entry", "capture", "why"),
    [
        (EntryOutcome.CAPTURED, CaptureOutcome.INDEXED, None),
        (EntryOutcome.UNCHANGED, CaptureOutcome.VERSION, None),
        (EntryOutcome.CAPTURED, None, None),
        (EntryOutcome.FAILED, None, (EntryOutcome.FAILED, Reason.GONE, "status 404")),
        (EntryOutcome.REFUSED, None, (EntryOutcome.REFUSED, Reason.GONE, "status 404")),
        (EntryOutcome.PENDING, None, (EntryOutcome.PENDING, Reason.GONE, "status 404")),
        (EntryOutcome.CAPTURED, CaptureOutcome.REJECTED, (CaptureOutcome.REJECTED, Reason.NO_TEXT, "empty")),
    ],
)
def test_why_an_address_became_no_article(
    entry: EntryOutcome,
    capture: CaptureOutcome | None,
    why: tuple[EntryOutcome | CaptureOutcome, str, str] | None,
) -> None:
    """How its announcement or its capture ended, and the reason; nothing of what became one."""
    url, at = "https://one.example/a", days.TODAY
    ledger = LedgerRecord(
        url=url,
        host="one.example",
        shard=0,
        source="one",
        sources=("one",),
        outlet="one",
        publisher="one",
        first_seen_at=at,
        outcome=entry,
        capture_id="c" if capture else None,
        reason=Reason.GONE,
        detail="status 404",
    )
    index = MemoryIndex()
    put(index, Kind.LEDGER, {url_key(url): to_record(ledger)})
    if capture:
        kept_one = CaptureRecord(
            id="c",
            segment="s",
            source="one",
            outlet="one",
            url=url,
            first_seen_at=at,
            outcome=capture,
            reason=Reason.NO_TEXT,
            detail="empty",
        )
        put(index, Kind.CAPTURES, {"c": to_record(kept_one)})
    expected = [] if why is None else [NoArticle(url=url, outcome=why[0], reason=why[1], detail=why[2])]
    assert why_no_article(index, [url, url, "https://one.example/unknown"]) == expected


def test_texts_are_judged_in_the_order_they_came() -> None:
    """Copies name their original by the id that was given, a text or a number; what is not read stands alone."""
    given: list[tuple[Id, str]] = [("one", WIRED.text), (2, CUT.text), ("none", " "), ("two", APART.text)]
    captures = [(id_, made(f"inbox:{id_}", text.encode(), PLAIN, days.TODAY)) for id_, text in given]
    one, two, unread, apart = judge_texts(Desk(), MemoryIndex(), captures)
    assert (one.id, one.family, one.duplicate_of, one.nearest) == ("one", "one", None, None)
    assert (two.id, two.family, two.duplicate_of, two.nearest) == (2, "one", "one", "one")
    assert unread == JudgedText(id="none", family="none", story="none", rejected="no-text")
    assert (apart.family, apart.story, apart.evidence) == ("two", "two", None)


def test_a_title_for_what_has_none() -> None:
    """The first words, whole ones, on one line; the title where there is one."""
    assert first_words("One\n two  three") == "One two three"
    assert first_words("word " * 100) == f"{' '.join(['word'] * 14)} …"
    assert title_of(article("a", "f")) == "A text."
