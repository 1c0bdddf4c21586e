"""What a link means: relative, without a scheme, or through a page that only leads on."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.model import Source
from copydesk.outcomes import Reason
from copydesk.sources import Announced, parse
from copydesk.sources.linked import HIDDEN, address, hides

BASE = "https://kurier.example/feeds/all"
PAGE = "https://paper.example/a?id=1"
GOOGLE = "https://news.google.com/rss/articles/"


def code(url: str, behind: bytes = b"\xd2\x01\x00") -> str:
    size = len(url)
    length = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
    return base64.urlsafe_b64encode(b"\x08\x13\x22" + length + url.encode() + behind).decode().rstrip("=")


@pytest.mark.parametrize(
    ("link", "means"),
    [
        ("a", "https://kurier.example/feeds/a"),
        ("/a", "https://kurier.example/a"),
        ("//b.example/a", "https://b.example/a"),
        ("www.paper.example/a", "https://www.paper.example/a"),
        ("kurier.example/a", "https://kurier.example/a"),
        ("kurier.example", "https://kurier.example"),
        ("news.php?id=1", "https://kurier.example/feeds/news.php?id=1"),
        ("story.pl/a", "https://kurier.example/feeds/story.pl/a"),
        (
            f"https://www.google.com/url?rct=j&sa=t&url={PAGE.replace('?', '%3F').replace('=', '%3D')}&ct=ga",
            PAGE,
        ),
        ("https://www.bing.com/news/apiclick.aspx?ref=x&url=https%3a%2f%2fpaper.example%2fa%3fid%3d1", PAGE),
        ("https://www.google.com/url?url=javascript:%3a", "https://www.google.com/url?url=javascript:%3a"),
        ("https://other.example/url?url=https%3A%2F%2Fpaper.example", None),
        (f"{GOOGLE}{code(PAGE)}?oc=5", PAGE),
        (f"https://news.google.com/__i/rss/rd/articles/{code(PAGE)}", PAGE),
        (f"{GOOGLE}{code(PAGE + 'x' * 200)}", PAGE + "x" * 200),
        ("javascript:x", ""),
        ("mailto:desk@kurier.example", ""),
        ("http://[::1", ""),
        ("", ""),
    ],
)
def test_what_a_link_means(link: str, means: str | None) -> None:
    """The address of the page, as far as the link says it; None in the table stands for the link as it is."""
    assert (address(link, BASE) or "") == (link if means is None else means)


def test_links_of_google_news_that_hide_their_page_are_told() -> None:
    """They are left out with what to do about it; those that name the page lead there."""
    hidden = GOOGLE + base64.urlsafe_b64encode(b"\x08\x13\x22\x10AU_yqLMnotelling1\xd2\x01\x00").decode()
    links = [hidden, f"{GOOGLE}{code(PAGE)}", hidden.replace("rss/articles", "articles")]
    items = "".join(f"<item><link>{link}</link></item>" for link in links)
    source = Source.model_validate({"name": "k", "kind": "rss", "url": BASE, "outlet": "k"})
    found: Announced = parse(source, f"<rss><channel>{items}</channel></rss>".encode(), "", BASE)
    assert [entry.url for entry in found.entries] == [PAGE]
    assert [(left.reason, left.detail, left.number) for left in found.left_out] == [
        (Reason.ADDRESS, HIDDEN, 2)
    ]
    assert hides(hidden)


@given(
    st.one_of(
        st.text(max_size=40),
        st.binary(min_size=12, max_size=60).map(lambda raw: GOOGLE + base64.urlsafe_b64encode(raw).decode()),
        st.text(max_size=20).map(lambda text: f"https://www.google.com/url?q=http%3A//{text}"),
    )
)
def test_any_link_is_a_web_address_or_none(link: str) -> None:
    """No link breaks a reader, and what comes out can be asked for or is none."""
    found = address(link, BASE)
    assert found is None or found.lower().startswith(("http://", "https://"))
