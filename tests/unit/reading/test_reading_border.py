"""What a page declares, however odd, costs that declaration and not the page; and none of it is endless."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.model import Document
from copydesk.reading.decoding import NotText, decode, scrub
from copydesk.reading.documents import read
from copydesk.reading.facts import DEEPEST, strings, unescaped
from copydesk.urls import join
from made.pages import PROSE, capture, page

DIGITS = "9" * 5000
MINUTE = "2026-03-02T09:09999999999999999999999999999990:00Z"


def nested(levels: int, start: str, end: str) -> str:
    """A name inside objects or lists."""
    return start * levels + '"Ola Berg"' + end * levels


def linked(*pairs: tuple[str, str]) -> str:
    """A page whose JSON-LD has these further members, as raw JSON."""
    more = "".join(f', "{name}": {value}' for name, value in pairs)
    return page(
        head=f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Gate"{more}}}</script>'
    )


def meta(name: str, content: str) -> str:
    return page(head=f'<meta property="{name}" content="{content}">')


ODD: dict[str, str | bytes] = {
    "a name in 990 objects": linked(("author", nested(990, '{"name": ', "}"))),
    "a name in 400 lists": linked(("author", nested(400, '{"name": [', "]}"))),
    "an id that is a list": linked(("author", '[{"@id": ["a"]}]')),
    "an id that is an object": linked(("author", '{"@id": {"a": 1}}'), ("publisher", '{"@id": [1]}')),
    "numbers for texts": linked(("author", "7"), ("articleSection", "1e999"), ("image", "[[1]]"), ("keywords", "{}")),
    "an endless entity in JSON-LD": linked(("description", f'"&#{DIGITS};"')),
    "an endless entity in meta": meta("og:description", f"&amp;#{DIGITS};"),
    "a host of other letters": page(head='<link rel="canonical" href="//exa\u2100mple/">'),
    "an image there": meta("og:image", "//exa\u2100mple/a.jpg"),
    "a caption there": page('<figure><img src="//exa\u2100mple/a"><figcaption>The gate in May</figcaption></figure>'),
    "brackets for a host": meta("og:url", "http://[]@/"),
    "half a bracket": meta("og:image", "http://[::1"),
    **{
        f"{name} as charset": page(head=f"<meta charset={name}>").encode() + b"\xe9\xff\x80" * 50
        for name in ("hex", "rot13", "zlib", "base64", "undefined", "idna", "punycode")
    },
    **{f"a date in {where}": made for where, made in {
        "meta": meta("article:published_time", MINUTE),
        "JSON-LD": linked(("datePublished", f'"{MINUTE}"'), ("dateModified", f'"{MINUTE}"')),
        "time": page(f'<time class="published" datetime="{MINUTE}">today</time>'),
        "the year zero": meta("article:published_time", "0000-00-00T00:00:00Z"),
        "the year 99999": meta("article:published_time", "+99999-01-01"),
        "a number": meta("article:published_time", "9" * 60),
    }.items()},
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_an_odd_declaration_is_lost_alone(name: str) -> None:
    """The page is read all the same; an impossible date is no date."""
    answer = read(capture(ODD[name]))
    assert isinstance(answer, Document), answer
    assert PROSE[0] in answer.text
    if "date" in name:  # the day itself may be found in the page's text
        assert answer.published_at in {None, datetime(2026, 3, 2, tzinfo=UTC)}


@pytest.mark.parametrize("charset", ["hex", "rot13", "undefined", "idna", "utf-7", "unicode_escape"])
def test_a_header_may_name_any_charset(charset: str) -> None:
    """What is no character set of the web is none, wherever it is named."""
    made = replace(capture(page().encode() + b"\xe9\xff"), content_type=f"text/html; charset={charset}")
    answer = read(made)
    assert isinstance(answer, Document)
    assert PROSE[0] in answer.text


ENDLESS = linked(
    ("articleSection", json.dumps("section " * 50_000)),
    ("publisher", json.dumps({"name": "p" * 400_000})),
    ("author", json.dumps([{"name": f"Ola Berg {'x' * 3000}"} for _ in range(100)])),
    ("description", json.dumps("word " * 50_000)),
    ("keywords", json.dumps([f"tag {n}" for n in range(5000)])),
).replace('"Gate"', json.dumps("Gate " * 50_000))


@pytest.mark.parametrize("body", [ENDLESS, f"<title>{'z' * 1_000_000}</title>{page()}"])
def test_what_is_declared_has_bounds(body: str) -> None:
    """Each field of a document is far below what Elasticsearch takes of a keyword."""
    answer = read(capture(body))
    assert isinstance(answer, Document)
    assert 0 < len(answer.title) <= 1_000
    assert len(answer.standfirst or "") <= 5_000
    names = [answer.section or "", answer.site_name or "", *answer.authors, *answer.tags]
    assert max(map(len, names)) <= 200
    assert len(answer.authors) <= 30
    assert len(answer.tags) <= 30
    assert len(answer.url) <= 2_000


def test_a_long_title_ends_with_a_word() -> None:
    """What is cut is cut between words, where there are any."""
    answer = read(capture(page(head=f"<meta property='og:title' content='{'gate ' * 500}'>")))
    assert isinstance(answer, Document)
    assert answer.title.endswith("gate")


@given(
    st.recursive(
        st.one_of(st.text(), st.none(), st.floats()),
        lambda inner: st.one_of(
            st.lists(inner), st.dictionaries(st.sampled_from(["name", "@id", "@value", "url"]), inner)
        ),
        max_leaves=20,
    )
)
def test_any_json_has_strings(value: object) -> None:
    """Whatever stands in JSON-LD, its usable strings are a list of clean ones."""
    assert all(text and scrub(text) == text for text in strings(value))
    assert strings({"name": [{"name": "a"}]}) == ["a"]
    assert DEEPEST > 3


@given(st.one_of(st.text(), st.from_regex(r"\A(&(amp;)*#x?[0-9a-f]{0,6000};?)+\Z")))
def test_any_text_is_unescaped(text: str) -> None:
    """Entities of any length are resolved or left."""
    assert isinstance(unescaped(text), str)


@given(
    st.text(st.characters(), max_size=60),
    st.sampled_from(["http://a.example/b", "inbox:1", "", "http://[", "//"]),
)
def test_any_address_of_a_page_is_joined(told: str, base: str) -> None:
    """What a page tells as an address is a web address of bounded length, or none."""
    found = join(base, told)
    assert found == "" or found.startswith("http")
    assert len(found) <= 4_000


@given(
    st.binary(max_size=200),
    st.one_of(st.text(max_size=30), st.from_regex(r"\Atext/html; charset=[\w.:-]{0,20}\Z")),
)
def test_any_bytes_are_decoded_or_no_text(body: bytes, content_type: str) -> None:
    """Whatever bytes come under whatever type, they are clean text, or said to be none."""
    try:
        text = decode(body, content_type)
    except NotText:
        return
    assert scrub(text) == text
