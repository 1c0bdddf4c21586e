"""Every kind of source has a parser, and what is not of its kind says so."""

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.dates import moment
from copydesk.model import Source
from copydesk.sources import PARSERS, Announced, NotAFeed, parse


def source(kind: str) -> Source:
    return Source.model_validate(
        {"name": "kurier", "kind": kind, "url": "https://kurier.example/f", "outlet": "kurier"},
    )


def test_every_kind_has_a_parser() -> None:
    """What may stand in sources.yml can be read, and nothing else."""
    assert set(PARSERS) == set(get_args(Source.model_fields["kind"].annotation))


PAGE = b"<!doctype html><html><head><title>Log in</title></head><body><form>Name &nbsp; <br></form></body></html>"


@pytest.mark.parametrize("kind", ["rss", "atom", "sitemap"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"\xef\xbb\xbf",
        PAGE,
        b"<html><body>well-formed</body></html>",
        b"plain words",
        b'{"version": "1"}',
        b"<?xml version='1.0'?>",
        b"<",
        b"\x1f\x8b broken",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_other_documents_are_no_feeds(kind: str, body: bytes) -> None:
    """A web page, a log-in form, an empty answer: each is refused with one line."""
    with pytest.raises(NotAFeed) as refused:
        parse(source(kind), body, "text/html", "https://kurier.example/f")
    assert str(refused.value)
    assert "\n" not in str(refused.value)


pieces = st.sampled_from(
    [b"<rss>", b"<item>", b"</item>", b"<link>", b"&nbsp;", b"&", b"<![CDATA[", b"]]>", b"\xe4", b"\x00", b"<!DOCTYPE",
     b"[",
     b"<urlset>", b"<url><loc>https://a.example/", b"</url>", b"<!--", b"&#0;", b"&#xD800;", b"\xff\xfe", b"<feed ",
     b">", b"\x1f\x8b"],
)  # fmt: skip


@given(
    st.sampled_from(sorted(PARSERS)),
    st.lists(st.one_of(pieces, st.binary(max_size=8)), max_size=30).map(b"".join),
)
def test_no_bytes_break_a_parser(kind: str, body: bytes) -> None:
    """Whatever arrives is a document of the source or is none: nothing else is raised, and addresses are clean."""
    try:
        announced = parse(
            source(kind), body, "application/json" if kind == "inbox" else "", "https://kurier.example/"
        )
    except NotAFeed:
        return
    assert isinstance(announced, Announced)
    for entry in announced.entries:
        assert entry.url.startswith(("http://", "https://", "inbox:"))


UTC = dt.UTC


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Tue, 01 Sep 2026 10:00:00 +0200", dt.datetime(2026, 9, 1, 8, tzinfo=UTC)),
        ("Tue, 01 Sep 2026 10:00:00 EST", dt.datetime(2026, 9, 1, 15, tzinfo=UTC)),
        ("Tue, 01 Sep 2026 10:00:00 MESZ", dt.datetime(2026, 9, 1, 8, tzinfo=UTC)),
        ("Di, 01 Sep 2026 10:00:00 +0200", dt.datetime(2026, 9, 1, 8, tzinfo=UTC)),
        ("Tue, 1 Sep 2026 10:00 GMT", dt.datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("2026-09-01", dt.datetime(2026, 9, 1, tzinfo=UTC)),
        ("2026-09-01T10:00", dt.datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("2026-09-01T10:00:00.123456789Z", dt.datetime(2026, 9, 1, 10, 0, 0, 123456, tzinfo=UTC)),
        ("2026-09-01T10:00:00+0530", dt.datetime(2026, 9, 1, 4, 30, tzinfo=UTC)),
        ("01.09.2026 10:00", dt.datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("September 1, 2026 10:00 PDT", dt.datetime(2026, 9, 1, 17, tzinfo=UTC)),
        ("1788256800", dt.datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("1788256800000", dt.datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0000-00-00", None),
        ("Mon, 31 Feb 2026 10:00:00 GMT", None),
        ("10", None),
        ("2026", None),
        ("10:00", None),
        ("September 2026", None),
        ("gestern", None),
        ("9" * 5000, None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(text: str | None, meant: dt.datetime | None) -> None:
    """Dates in the forms feeds use; what is incomplete or impossible is no date, and today plays no part."""
    assert moment(text) == meant


@given(st.text(max_size=40))
def test_no_text_breaks_the_dates(text: str) -> None:
    """Any text is a UTC time or none."""
    found = moment(text)
    assert found is None or found.utcoffset() == dt.timedelta(0)
