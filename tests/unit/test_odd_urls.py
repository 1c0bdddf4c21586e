"""Addresses that are odd, or none: any text has one spelling, and no host that no name can be."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from copydesk.urls import SHARDS, canonicalize, host, registrable_domain, shard, url_key

PIECES = (
    *(
        "http",
        "HTTPS",
        "://",
        ":",
        "//",
        "/",
        "@",
        "[",
        "]",
        "%",
        "%41",
        "%zz",
        "%2e",
        "%2F",
        "%00",
        "%ED%A0%80",
    ),
    *(
        "..",
        ".",
        "?",
        "&",
        "=",
        "#",
        "\\",
        "user:pw",
        "utm_source=x",
        "ref=rss",
        "+",
        ";",
        '"',
        "<",
        "|",
        "{",
        "~",
    ),
    *(
        "kurier.example",
        "X.ex5\u0759",
        "xn--",
        "xn--a",
        "xn--bcher-kva",
        "localhost",
        "0x7f.1",
        "127.0.0.1",
        "::1",
    ),
    *(
        "fe80::1%eth0",
        "v1.a",
        "80",
        "443",
        "99999999999",
        "-1",
        "\u0663",
        "inbox:",
        "a" * 70,
        "ü",
        "ß",
        "\u0130",
    ),
    *(
        "e\u0301",
        "\u200d",
        "\u3002",
        "\uff0e",
        "\u2100",
        "\ufe64",
        "\ud800",
        "\x00",
        "\n",
        "\t",
        " ",
        "\x85",
        "\xa0",
    ),
)
"""What addresses are made of, and what parsers stumble over: brackets, zones, ports, IDNA, percent signs."""

STARTS = (
    "",
    "http://",
    "HTTPS://",
    "http://kurier.example",
    "http://kurier.example/",
    "http://[",
    "http://[]@",
)
urls = st.builds(
    "{}{}".format, st.sampled_from(STARTS), st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
)


@settings(max_examples=1000)
@given(st.one_of(urls, st.text(st.characters(), max_size=40)))
@example("https://X.ex5\u0759")
@example("http://[]@/")
@example("http://[f0:61+99:99e80::1%25eth0]:80/")
@example("http://kurier.example\ud800")
@example("http://[$]inbox:@\n#//")
@example("https://%ED%A0%80\u3002")
def test_any_text_has_one_spelling(url: str) -> None:
    """Whatever the text, it is spelled in one way, which UTF-8 holds, and has an id, a host, a domain and a shard."""
    once = canonicalize(url)
    assert canonicalize(once) == once
    assert once.encode().decode() == once
    assert url_key(url) == url_key(once)
    assert len(url_key(url)) == 32
    assert host(url) == host(once)
    assert (host(url) == "") == (registrable_domain(url) == "")
    assert registrable_domain(url) == registrable_domain(once)
    assert 0 <= shard(host(url)) < SHARDS


@pytest.mark.parametrize(
    "url",
    [
        "http://[]@/",
        "http://a b.example/",
        "http://a%20b/",
        "http://./",
        "http://a<b>/",
        "http://é%.example/",
    ],
)
def test_a_host_that_no_name_can_be_is_none(url: str) -> None:
    """What stands where a host should and is none makes no web address."""
    assert host(url) == registrable_domain(url) == ""
    assert canonicalize(url) == url
