"""Section pages: the links that look like those of articles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.model import Source
from copydesk.sources import NotAFeed, parse

BASE = "https://kurier.example/politik/"
DATED = r"/\d{4}/\d\d/"


def found(body: str | bytes, links: str = DATED, content_type: str = "text/html") -> dict[str, str | None]:
    source = Source.model_validate(
        {"name": "k", "kind": "section", "url": BASE, "outlet": "k", "links": links}
    )
    content = body.encode() if isinstance(body, str) else body
    return {entry.url: entry.title for entry in parse(source, content, content_type, BASE).entries}


PAGE = """<!doctype html><html><head><title>P</title></head><body><nav><a href="/">Home</a></nav>
<a class=teaser href="/2026/03/quay"><img src=x></a>
<h2><a
  href='2026/03/mill?id=1&amp;x=2#top'>The <b>mill</b>&nbsp;shut</a></h2>
<A HREF=/2026/03/quay>Quay   opened</A>
<a href="https://other.example/2026/03/away">Away</a>
<a href="https://sport.kurier.example/2026/03/cup" data-href="/2026/03/no">Cup</a>
<!-- <a href="/2026/03/old">Old</a> --><script>x = '<a href="/2026/03/code">Code</a>'</script>
<a name="2026/03/anchor">No link</a> <a href="/tag/2026">Tag</a></body></html>"""


def test_links_by_pattern() -> None:
    """In the order of the page, each once with the longest words, of the site only, whatever the mark-up."""
    assert found(PAGE) == {
        "https://kurier.example/2026/03/quay": "Quay opened",
        "https://kurier.example/politik/2026/03/mill?id=1&x=2": "The mill shut",
        "https://sport.kurier.example/2026/03/cup": "Cup",
    }


def test_a_whole_address_may_leave_the_site() -> None:
    """A pattern that begins with a scheme is compared with addresses from their beginning."""
    assert list(found(PAGE, "^https://other.example/")) == ["https://other.example/2026/03/away"]


def test_a_base_and_a_character_set() -> None:
    """The page's own base counts, and words are read in the set that header or page names."""
    body = '<base href="https://kurier.example/x/"><a href="2026/03/a">Größe</a>'
    for raw, said in ((body.encode("cp1252"), "text/html"), (body.encode("utf-8"), "")):
        assert found(raw, content_type=said) == {"https://kurier.example/x/2026/03/a": "Größe"}
    greek = '<meta charset="iso-8859-7"><a href="/2026/03/a">Αθήνα</a>'.encode("iso-8859-7")
    assert list(found(greek).values()) == ["Αθήνα"]


def test_a_page_without_links_is_none() -> None:
    """What has no link at all is no section page; one whose links all look otherwise is, and brings nothing."""
    with pytest.raises(NotAFeed):
        found("<html><body>Please log in</body></html>")
    assert found("<a href='/impressum'>Impressum</a>") == {}


@pytest.mark.parametrize(
    "piece", ["<a href='/2026/03/x", "<a ", "<script>", "<!--", "<a href=x>" * 3, "<", "<b>"]
)
def test_time_grows_with_the_page_only(piece: str) -> None:
    """A million bytes of whatever is never closed are read at once: the count of links is bounded by the bytes."""
    body = "<a href='/2026/03/a'>A</a>" + piece * (1_000_000 // len(piece))
    assert "https://kurier.example/2026/03/a" in found(body)


@given(st.lists(st.sampled_from(["<a ", "href=", "'", '"', "/2026/03/a", ">", "</a>", "<!--", "-->", "<script>",
                                 "</script>", "&#0;", "&#xD800;", "http://[", "\udc80"])).map("".join))  # fmt: skip
def test_any_page_is_read(page: str) -> None:
    """Pieces in any order are a page or none."""
    try:
        entries = found("<a href=x>" + page.encode(errors="replace").decode())
    except NotAFeed:
        return
    assert all(url.startswith("https://") for url in entries)
