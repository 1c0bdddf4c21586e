"""Addresses: one spelling per page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.urls import SHARDS, canonicalize, host, registrable_domain, shard


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Kurier.Example:80/a/../b#top", "http://kurier.example/b"),
        ("https://kurier.example:443", "https://kurier.example/"),
        ("https://kurier.example./a", "https://kurier.example/a"),
        ("http://kurier.example:8080/a", "http://kurier.example:8080/a"),
        ("https://user:secret@kurier.example/a", "https://kurier.example/a"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://kurier.example/%7Ea/%2f", "https://kurier.example/~a/%2F"),
        ("  https://kurier.example/a \n", "https://kurier.example/a"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("https://kurier.example/a?utm_source=rss&id=7&fbclid=x", "https://kurier.example/a?id=7"),
        ("https://kurier.example/a?at_medium=RSS&at_campaign=KARANGA", "https://kurier.example/a"),
        ("https://kurier.example/a?b=2&a=1", "https://kurier.example/a?a=1&b=2"),
        ("https://kurier.example/a?ref=rss", "https://kurier.example/a"),
        ("https://kurier.example/a?xtor=RSS-1&wt_mc=x&cmpid=9", "https://kurier.example/a"),
        ("inbox:0123", "inbox:0123"),
        ("mailto:desk@kurier.example", "mailto:desk@kurier.example"),
        ("", ""),
    ],
)
def test_one_spelling(url: str, canonical: str) -> None:
    """Case, ports, fragments, credentials and tracking do not tell pages apart."""
    assert canonicalize(url) == canonical


@pytest.mark.parametrize(
    "query",
    [
        "12345",
        "p=",
        "source=4711",
        "keyword=hafen",
        "uid=7",
        "cid=3",
        "attic=1",
        "ref=home",
        "q=a%26b",
        "id=1&id=2",
    ],
)
def test_what_tells_pages_apart_stays(query: str) -> None:
    """Parameters some site needs to find its page are kept as they stand."""
    assert canonicalize(f"https://kurier.example/a?{query}") == f"https://kurier.example/a?{query}"


TOLD = "https://kurier.example/2026/11/quay-opens-again-today"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (f"{TOLD}?cmp=oth_b-news", TOLD),
        (f"{TOLD}?campaign_id=9&emc=rss", TOLD),
        (f"{TOLD}?mod=rss", TOLD),
        (f"{TOLD}?amp=1", TOLD),
        (f"{TOLD}?amp", TOLD),
        (f"{TOLD}?outputType=amp", TOLD),
        (f"{TOLD};jsessionid=0A1B2C3D4E5F60718293?id=7", f"{TOLD}?id=7"),
        ("https://kurier.example/a?PHPSESSID=0a1b2c3d4e5f60718293", "https://kurier.example/a"),
        (f"{TOLD}?pk_campaign=x&pk_kwd=y&mc_cid=0a1b&ns_mchannel=rss", TOLD),
    ],
)
def test_how_somebody_came_is_no_part_of_it(url: str, canonical: str) -> None:
    """Channels, campaigns, sessions and the dress of a page are dropped, some only where the path names the page."""
    assert canonicalize(url) == canonical


NAMES = [
    "id",
    "p",
    "pk_id",
    "at_id",
    "mc_id",
    "ns_id",
    "stm_id",
    "campaign_id",
    "cmp",
    "share_id",
    "page",
    "ref",
    "source",
    "mod",
    "from",
    "feed",
    "amp",
    "sid",
    "article",
    "t",
    "story",
    "item",
    "spm_id",
    "cid",
    "uid",
    "sh",
    "icid",
    "",
]
"""Parameters by which sites name pages, and such as are spelled nearly like those that track."""


@given(
    st.sampled_from(["https://kurier.example/", "https://kurier.example/show.php", "https://kurier.example/a/b"]),
    st.sampled_from(NAMES),
    st.lists(st.one_of(st.integers(2, 10**9).map(str), st.sampled_from(["quay", "mill", "acme"])),
             min_size=2, max_size=2, unique=True),
)  # fmt: skip
def test_pages_that_differ_stay_two(page: str, name: str, values: list[str]) -> None:
    """Two numbers, or two words, under a name that some site uses for its pages are two pages: nothing is guessed."""
    first, second = (f"{page}?{name}={value}" if name else f"{page}?{value}" for value in values)
    assert canonicalize(first) != canonicalize(second)


@given(st.sampled_from(NAMES), st.lists(st.integers(10**4, 10**9), min_size=2, max_size=2, unique=True))
def test_long_numbers_are_pages_whatever_the_path(name: str, numbers: list[int]) -> None:
    """Where the path names a page too: a number of five digits is nobody's campaign."""
    first, second = (f"{TOLD}?{name}={number}" if name else f"{TOLD}?{number}" for number in numbers)
    assert canonicalize(first) != canonicalize(second)


@given(
    st.lists(
        st.tuples(st.sampled_from([*NAMES, "utm_source", "gclid"]), st.sampled_from(["1", "rss", "quay"]))
    )
)
def test_the_order_of_parameters_is_nothing(pairs: list[tuple[str, str]]) -> None:
    """What is dropped does not depend on what stands beside it; the same parameters are the same page."""
    once = dict(pairs)
    queries = [
        "&".join(f"{name}={value}" for name, value in some) for some in (once.items(), reversed(once.items()))
    ]
    first, second = (canonicalize(f"{TOLD}?{query}") for query in queries)
    assert first == second == canonicalize(first)


@pytest.mark.parametrize(
    ("url", "name", "domain"),
    [
        ("https://www.kurier.de/a", "www.kurier.de", "kurier.de"),
        ("https://news.kurier.co.uk:443/a", "news.kurier.co.uk", "kurier.co.uk"),
        ("https://desk.blogspot.com/", "desk.blogspot.com", "desk.blogspot.com"),
        ("https://a.b.kurier.example/", "a.b.kurier.example", "kurier.example"),
        ("http://kurier.localhost:8123/a", "kurier.localhost:8123", "kurier.localhost:8123"),
        ("http://127.0.0.1:8123/a", "127.0.0.1:8123", "127.0.0.1:8123"),
        ("http://[::1]/a", "::1", "::1"),
        ("http://intranet/a", "intranet", "intranet"),
        ("inbox:0123", "", ""),
        ("http://a.example\\@127.0.0.1/", "", ""),
    ],
)
def test_hosts_and_domains(url: str, name: str, domain: str) -> None:
    """A domain is what somebody registered; addresses and local names are domains of their own."""
    assert host(url) == name
    assert registrable_domain(url) == domain


def test_shards_do_not_depend_on_the_process() -> None:
    """The shard of a host is fixed for ever, and hosts spread over all shards."""
    assert shard("kurier.example") == 4
    assert {shard(f"outlet{number}.example") for number in range(300)} == set(range(SHARDS))
