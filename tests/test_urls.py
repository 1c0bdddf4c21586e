"""Addresses: one spelling per page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.urls import SHARDS, canonicalize, host, registrable_domain, shard, url_key


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


urls = st.builds(
    "{}://{}{}/{}?{}#{}".format,
    st.sampled_from(["http", "HTTPS", "ftp"]),
    st.sampled_from(
        ["a.example", "B.example.", "bücher.example", "127.0.0.1", "[::1]", "x_y.example", "ß.example"]
    ),
    st.sampled_from(["", ":80", ":443", ":8080", ":x"]),
    st.text(max_size=20),
    st.text(max_size=20),
    st.text(max_size=5),
)


@given(st.one_of(urls, st.text(max_size=40)))
def test_canonicalizing_twice_is_once(url: str) -> None:
    """The canonical form is its own canonical form, whatever the input, and has an id, a host and a shard."""
    once = canonicalize(url)
    assert canonicalize(once) == once
    assert url_key(url) == url_key(once)
    assert len(url_key(url)) == 32
    assert host(url) == host(once)
    assert 0 <= shard(host(url)) < SHARDS


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
