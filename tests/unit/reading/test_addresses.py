import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.model import Document, Profile
from copydesk.reading.addresses import is_believable, read_address
from copydesk.reading.documents import read
from copydesk.reading.facts import Facts
from copydesk.urls import canonicalize, url_key
from made.pages import capture, page

SITE = "https://www.post.example"
OWN = f"{SITE}/news/2031/06/flood-wall-vote.html"


@pytest.mark.parametrize(
    ("declared", "own"),
    [
        (f"{SITE}/", OWN),
        (f"{SITE}/index.php", OWN),
        ("https://post.example/", OWN),
        (f"{SITE}/news/", OWN),
        (f"{SITE}/news/2031/06/", OWN),
        (f"{SITE}/sport", OWN),
        (f"{SITE}/404", OWN),
        (f"{SITE}/errors/not-found.html", OWN),
        (f"{SITE}/news/2031/06/flood-wall-vote/amp/", OWN),
        ("https://amp.post.example/news/2031/06/flood-wall-vote.html", OWN),
        ("https://staging.post.example/news/2031/06/flood-wall-vote.html", OWN),
        ("https://agency.example/flood-wall-vote-in-lowmere", OWN),
        (f"{SITE}/article.php", f"{SITE}/article.php?id=4711"),
        (f"{SITE}/world-news/", f"{SITE}/world-news/dam-holds"),
        (f"{SITE}/", f"{SITE}/imprint"),
        (f"{SITE}/новости/", f"{SITE}/новости/совет-города-решил"),
        ("", OWN),
    ],
)
def test_what_can_be_no_address_of_the_page(declared: str, own: str) -> None:
    """The front page, a section, an error, a page for machines or of somebody else is no article's address."""
    assert not is_believable(canonicalize(declared), canonicalize(own))


@pytest.mark.parametrize(
    ("declared", "own"),
    [
        (OWN, f"{OWN}?reader=17"),
        (OWN, f"{SITE}/news/2031/06/flood-wall-vote/amp"),
        (OWN, "https://m.post.example/news/2031/06/flood-wall-vote.html"),
        (OWN, "https://amp.post.example/news/2031/06/flood-wall-vote.html"),
        (OWN, f"{SITE}/?p=4711"),
        (f"{SITE}/wall-vote-1001/", f"{SITE}/wall-vote-1001/amp/"),
        (f"{SITE}/flood-wall-vote/", f"{SITE}/flood-wall-vote/2/"),
        (f"{SITE}/flood-wall-vote", f"{SITE}/flood-wall-vote/print"),
        (f"{SITE}/live/1234567", f"{SITE}/live/1234567/council-adjourns-until-four"),
        (f"{SITE}/article.php?id=4711", f"{SITE}/article.php?id=4711&page=2"),
        (f"{SITE}/gate", f"{SITE}/dam"),
        (f"{SITE}/", f"{SITE}/index.html"),
        (f"{SITE}/404-days-at-sea-with-the-crew", f"{SITE}/404-days-at-sea-with-the-crew?x=1"),
        (f"{SITE}/a/7f3b9c2e41d0", f"{SITE}/b/7f3b9c2e41d0"),
        ("https://test.example/a-tale-of-dams", "https://www.test.example/a-tale-of-dams?x=2"),
        (f"{SITE}/市议会批准新的防洪墙", f"{SITE}/news/4711001"),
    ],
)
def test_what_can_be_the_address_of_the_page(declared: str, own: str) -> None:
    """The same page without parameters, in full instead of printed, under a new name or on the other host."""
    assert is_believable(canonicalize(declared), canonicalize(own))


@pytest.mark.parametrize(
    ("linked", "shared", "told", "found"),
    [
        ((f"{SITE}/flood-wall-vote-1",), "", (), f"{SITE}/flood-wall-vote-1"),
        ((f"{SITE}/",), f"{SITE}/flood-wall-vote-2", (), f"{SITE}/flood-wall-vote-2"),
        ((f"{SITE}/flood-wall-vote-1", f"{SITE}/dam-holds-so-far"), "", (), OWN),
        ((f"{SITE}/flood-wall-vote-1", f"{SITE}/flood-wall-vote-1"), "", (), f"{SITE}/flood-wall-vote-1"),
        ((f"{SITE}/flood-wall-vote-1",), "", (f"{SITE}/flood-wall-vote-1",), OWN),
        ((OWN,), "", (OWN,), OWN),
    ],
)
def test_address_of_a_page(linked: tuple[str, ...], shared: str, told: tuple[str, ...], found: str) -> None:
    """The linked one, then og:url, if one is meant and can be, and no other article's page names it; else its own."""
    facts = Facts(canonicals=linked, meta={"og:url": [shared]} if shared else {})
    assert read_address(facts, OWN, {url_key(one) for one in told}) == found


SEGMENTS = st.lists(st.sampled_from(["news", "amp", "2031", "dam-holds-so-far", "4711001", "404", "a", "2"]))


@given(SEGMENTS, SEGMENTS)
def test_a_page_can_always_have_its_own_address(one: list[str], other: list[str]) -> None:
    """What a page declares is its own address, or tells as much of it; and asking twice changes nothing."""
    own, declared = (canonicalize("/".join((SITE, *parts))) for parts in (one, other))
    found = read_address(Facts(canonicals=(declared,)), own)
    assert found in {own, declared}
    assert read_address(Facts(canonicals=(found,)), own) == found


def test_the_profile_says_what_is_not_believed() -> None:
    """A page that names a shared address is filed under its own."""
    shown = capture(page(head="<link rel=canonical href=/gate-stays-shut-again>"))
    named = "https://post.example/gate-stays-shut-again"
    believed, distrusted = read(shown), read(shown, Profile(shared=frozenset([url_key(named)])))
    assert isinstance(believed, Document)
    assert isinstance(distrusted, Document)
    assert (believed.url, distrusted.url) == (named, shown.url)
