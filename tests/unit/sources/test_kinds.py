"""Feeds and sitemaps as people write them: kinds of oddity, each in the forms it takes."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.model import Source
from copydesk.outcomes import Reason
from copydesk.sources import Announced, NotAFeed, feed, parse, sitemap

BASE = "https://kurier.example/feeds/all"
PAGE = "https://kurier.example/a"


def announced(
    body: str | bytes, kind: str = "rss", content_type: str = "", encoding: str = "utf-8"
) -> Announced:
    source = Source.model_validate({"name": "kurier", "kind": kind, "url": BASE, "outlet": "kurier"})
    content = body if isinstance(body, bytes) else body.encode(encoding)
    return parse(source, content, content_type, BASE)


def urls(body: str | bytes, kind: str = "rss") -> list[str]:
    return [entry.url for entry in announced(body, kind).entries]


def rss(*items: str, attributes: str = "", prolog: str = "") -> str:
    return (
        f"{prolog}<rss version='2.0' {attributes}><channel><title>K</title>{''.join(items)}</channel></rss>"
    )


ASIDES = [
    "<!-- front page -->",
    "<!-- <loc>https://no.example/</loc> -->",
    '<?cms id="7"?>',
    "<!---->",
    "<?x?>",
]


@pytest.mark.parametrize("aside", ASIDES)
@pytest.mark.parametrize(
    "shape",
    [
        "<url>{}<loc>https://kurier.example/a</loc></url>",
        "<url><loc>https://kurier.example/a</loc>{}</url>",
        "<url><loc>{}https://kurier.example/a</loc></url>",
        "<url><loc>https://kurier.example{}/a</loc></url>",
        "<url><loc><![CDATA[https://kurier.example/a]]>{}</loc></url>",
        "{}<url><loc>https://kurier.example/a</loc></url>{}",
        "<url><loc>https://kurier.example/a</loc><n:news xmlns:n='n'>{}<n:title>T{}</n:title></n:news></url>",
    ],
)
def test_comments_and_instructions_are_passed_over(shape: str, aside: str) -> None:
    """Wherever a comment or instruction stands, the address is that of the element's own text."""
    body = f"<urlset>{shape.replace('{}', aside)}</urlset>"
    assert urls(body, "sitemap") == [PAGE]
    assert urls("<!DOCTYPE urlset>" + body, "sitemap") == [PAGE]  # read by the repairing parser


@pytest.mark.parametrize("aside", ASIDES)
def test_an_index_is_read_past_them(aside: str) -> None:
    """The parts of an index as well, and the entries of a feed."""
    index = f"<sitemapindex>{aside}<sitemap>{aside}<loc>{aside}{PAGE}</loc></sitemap></sitemapindex>"
    assert announced(index, "sitemap").more == (PAGE,)
    feed = rss(f"<item>{aside}<title>A{aside}B</title><link>{aside}{PAGE}</link></item>")
    assert [(entry.url, entry.title) for entry in announced(feed).entries] == [(PAGE, "AB")]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<feed xml:base='https://b.example/x/'><entry><link href='a'/></entry></feed>", "https://b.example/x/a"),
        ("<feed><entry xml:base='https://b.example/x/'><link href='a'/></entry></feed>", "https://b.example/x/a"),
        ("<feed><entry><link xml:base='https://b.example/x/' href='a'/></entry></feed>", "https://b.example/x/a"),
        ("<feed xml:base='https://b.example/'><entry xml:base='x/'><link href='a'/></entry></feed>",
         "https://b.example/x/a"),
        ("<feed xml:base='/x/'><entry><link href='a'/></entry></feed>", "https://kurier.example/x/a"),
        (rss("<item><link>a</link></item>", attributes="xml:base='https://b.example/x/'"), "https://b.example/x/a"),
        ("<rss><channel xml:base='https://b.example/x/'><item><link>a</link></item></channel></rss>",
         "https://b.example/x/a"),
        ("<feed xml:base='https://b.example/x/'><entry><id>a</id></entry></feed>", "https://b.example/x/a"),
        (rss("<item><guid isPermaLink='true'>a</guid></item>"), "https://kurier.example/feeds/a"),
        (rss("<item><guid>/news/a</guid></item>"), "https://kurier.example/news/a"),
        (rss(f"<item><guid isPermaLink='false'>{PAGE}</guid></item>"), PAGE),
        (rss(f"<item><guid isPermaLink='False'> {PAGE} </guid><link/></item>"), PAGE),
        (rss(f"<item><guid isPermaLink='false'>https://no.example/</guid><link>{PAGE}</link></item>"), PAGE),
    ],
)  # fmt: skip
def test_what_an_address_is_relative_to(body: str, found: str) -> None:
    """xml:base counts wherever it stands, and one inside another is relative to it; an id serves where no link is."""
    assert urls(body) == [found]


@pytest.mark.parametrize(
    "base", ["http://[h.example/", "http://[::1", "//[", "http://h.example:99999999/", "\u2100", "%", ""]
)
def test_a_wrong_base_is_passed_over(base: str) -> None:
    """An xml:base that is no address costs nothing, on whatever element."""
    item = f"<item xml:base='{base}'><link>{PAGE}</link></item>"
    assert urls(rss(item, attributes=f"xml:base='{base}'")) == [PAGE]


@pytest.mark.parametrize("item", ["<guid isPermaLink='false'>17</guid>", "<guid>17</guid>", "<link>http://[::1</link>",
                                  "<link>javascript:x</link>", "<title>T</title>",
                                  "<guid>tag:kurier.example,2026:1</guid>"])  # fmt: skip
def test_an_entry_without_an_address_is_counted(item: str) -> None:
    """It is left out and told with its reason; the others stand."""
    found = announced(rss(f"<item>{item}</item>", f"<item><link>{PAGE}</link></item>"))
    assert [entry.url for entry in found.entries] == [PAGE]
    assert [(left.reason, left.number) for left in found.left_out] == [(Reason.ADDRESS, 1)]


@pytest.mark.parametrize(
    "title",
    [
        "&lt;script&gt;track(1)&lt;/script&gt;Quay opened",
        "<![CDATA[<style>b{color:red}</style><b>Quay</b> opened]]>",
        "<![CDATA[Quay opened<SCRIPT src='x'>track(1)</SCRIPT >]]>",
        "Quay opened&lt;script&gt;never closed",
        "<![CDATA[<!-- <b>x</b> -->Quay opened]]>",
        "Quay <script>track(1)</script>opened",
    ],
)
def test_a_title_is_its_text(title: str) -> None:
    """Scripts, styles and comments in a title are no part of it, however it is written."""
    (entry,) = announced(rss(f"<item><link>{PAGE}</link><title>{title}</title></item>")).entries
    assert entry.title == "Quay opened"


FEED = rss(f"<item><link>{PAGE}</link></item>")
SITEMAP = f"<urlset><url><loc>{PAGE}</loc></url></urlset>"
ATOM = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='{PAGE}'/></entry></feed>"


@pytest.mark.parametrize("kind", ["rss", "atom", "sitemap"])
@pytest.mark.parametrize("body", [FEED, SITEMAP, ATOM])
def test_any_kind_of_document_is_read_in_any_kind_of_source(kind: str, body: str) -> None:
    """A feed is a sitemap, and who calls a sitemap a feed is understood; packed or not."""
    assert urls(body, kind) == [PAGE]
    assert urls(gzip.compress(body.encode()), kind) == [PAGE]


def test_a_sitemap_may_be_a_list() -> None:
    """One address a line, as the sitemap protocol allows; a page of words is none, and so is such a feed."""
    body = f"\ufeff{PAGE}\r\n\r\n  {PAGE}?x=1#top  \n{PAGE}\n"
    assert urls(body, "sitemap") == [PAGE, f"{PAGE}?x=1"]
    assert urls(gzip.compress(body.encode()), "sitemap") == [PAGE, f"{PAGE}?x=1"]
    for wrong in (f"{PAGE}\nwords", "words", f"see {PAGE}", f"{PAGE} is new"):
        with pytest.raises(NotAFeed):
            urls(wrong, "sitemap")
    with pytest.raises(NotAFeed):
        urls(body, "rss")


@pytest.mark.parametrize(
    ("said", "is_", "content_type"),
    [
        ("ISO-8859-1", "utf-8", "text/xml; charset=utf-8"),
        ("ISO-8859-1", "utf-8", ""),
        ("windows-1252", "utf-8", "text/xml"),
        ("iso-8859-15", "utf-8-sig", ""),
        ("utf-8", "cp1252", "text/xml; charset=utf-8"),
        ("utf-8", "cp1252", "text/xml; charset=iso-8859-1"),
        ("ISO-8859-1", "cp1252", "text/xml; charset=utf-8"),
        ("utf-16", "utf-8", ""),
        ("no-such-set", "utf-8", ""),
        ("rot13", "utf-8", ""),
        ("gb2312", "utf-8", ""),
        ("koi8-r", "utf-8", ""),
        ("", "utf-8", "text/xml; charset=iso-8859-1"),
        ("", "cp1252", ""),
    ],
)
def test_a_wrong_character_set_is_seen_through(said: str, is_: str, content_type: str) -> None:
    """Whatever prolog and header say, text that is UTF-8 is read as UTF-8, and what is none as it was meant."""
    prolog = f"<?xml version='1.0' encoding='{said}'?>" if said else ""
    title = "Café – süd, größer als „früher“"
    body = rss(f"<item><link>{PAGE}</link><title>{title}</title></item>", prolog=prolog)
    (entry,) = announced(body, content_type=content_type, encoding=is_).entries
    assert entry.title == title


@pytest.mark.parametrize(("said", "told"), [("gbk", ""), ("utf-8", "gbk"), ("", "gbk"), ("GB2312", "utf-8")])
def test_characters_of_several_bytes(said: str, told: str) -> None:
    """A text in GBK is read as such when prolog or header says so, in spite of the other."""
    prolog = f"<?xml version='1.0' encoding='{said}'?>" if said else ""
    body = rss(f"<item><link>{PAGE}</link><title>港口今天重新开放</title></item>", prolog=prolog)
    (entry,) = announced(body, content_type=f"text/xml; charset={told}", encoding="gbk").entries
    assert entry.title == "港口今天重新开放"


@pytest.mark.parametrize("mark", ["", "utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("is_", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("said", ["", "utf-8", "utf-16", "UTF-16BE", "UTF-32", "cp037", "ISO-10646-UCS-4"])
def test_no_mark_and_no_prolog_hides_a_document(said: str, is_: str, mark: str) -> None:
    """A byte order mark may be missing or that of another character set, and so may the prolog: what can be read is."""
    prolog = f"<?xml version='1.0' encoding='{said}'?>" if said else ""
    body = rss(f"<item><link>{PAGE}</link><title>Café – süd</title></item>", prolog=prolog)
    head = "\ufeff".encode(mark) if mark else b""
    (entry,) = announced(head + body.encode(is_), content_type="text/xml").entries
    assert entry.url == PAGE


@pytest.mark.parametrize("kind", ["rss", "sitemap"])
def test_what_was_packed_twice_is_unpacked_twice(kind: str) -> None:
    """A server that packs a file that is packed already is a known mistake."""
    body = (
        rss(f"<item><link>{PAGE}</link></item>")
        if kind == "rss"
        else f"<urlset><url><loc>{PAGE}</loc></url></urlset>"
    )
    twice = gzip.compress(gzip.compress(body.encode()))
    assert urls(twice, kind) == [PAGE]
    with pytest.raises(NotAFeed):
        urls(gzip.compress(gzip.compress(b"\0" * 51 * 1024 * 1024)), kind)


@pytest.mark.parametrize("rest", ["&nbsp;x", "&unknown;x", "&amp;x", "&#160;x", "&"])
def test_an_entity_behind_a_section_that_is_none(rest: str) -> None:
    """An unclosed CDATA section, and entities behind it, cost at most what follows."""
    for body in (
        f"<urlset><url><loc>{PAGE}</loc></url><url><loc><![CDATA[x</loc>{rest}</url></urlset>",
        f"<urlset><url><loc>{PAGE}</loc><![CDATA[</url><url>{rest}<loc>{rest}</loc></url></urlset>",
        f"<urlset a='<![CDATA['><url><loc>{PAGE}</loc>{rest}</url></urlset>",
    ):
        try:
            found = urls(body, "sitemap")
        except NotAFeed:
            continue
        assert found in ([], [PAGE])


names = st.sampled_from(
    ["rss", "channel", "item", "title", "link", "guid", "pubDate", "feed", "entry", "id", "updated", "urlset", "url",
     "sitemapindex", "sitemap", "loc", "lastmod", "script"],
)  # fmt: skip
leaves = st.sampled_from(
    ["", PAGE, "/a", "http://[::1", "http://[]@/", "a" * 3000, "2026-03-02T09:0" + "9" * 40 + ":00Z", "&nbsp;", "&x;",
     "Mon, 02 Mar 2026 999999999909:00:00 GMT", "<!-- c -->", "<?p i?>", "<![CDATA[ &nbsp; ]]>", "<![CDATA[", "\x00",
     "&#0;",
     "https://kurier.example/\u2100", "1" * 60, "&#x110000;", "&#abc;", "&#xg;", "&#\u0663;", "&#;", "& "],
)  # fmt: skip
attributes = st.sampled_from(
    ["", " xml:base='http://[::1'", " xml:base='x/'", " isPermaLink='false'", " rel='self'", " href='http://[]@/'",
     " type='xhtml'", " xmlns='urn:x'", " x:y='z'"],
)  # fmt: skip


def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    made = st.tuples(names, attributes, st.lists(inside, max_size=4).map("".join))
    return made.map(lambda drawn: f"<{drawn[0]}{drawn[1]}>{drawn[2]}</{drawn[0]}>")


@given(
    st.sampled_from(["rss", "atom", "sitemap"]),
    st.sampled_from(["", "<!DOCTYPE x [<!ENTITY x 'y'>]>", "<?xml version='1.0' encoding='ISO-8859-1'?>"]),
    st.sampled_from(["rss", "feed", "urlset", "sitemapindex"]),
    st.lists(st.recursive(leaves, element, max_leaves=12), max_size=5).map("".join),
)
def test_any_tree_of_their_elements_is_read(kind: str, prolog: str, root: str, inside: str) -> None:
    """Elements, attributes and texts in any order are a document or none, and no entry fails inside."""
    try:
        found = announced(f"{prolog}<{root}>{inside}</{root}>", kind)
    except NotAFeed:
        return
    assert all(left.reason is not Reason.INTERNAL for left in found.left_out)
    assert all(entry.url.startswith(("http://", "https://")) for entry in found.entries)


def test_an_entry_that_fails_alone_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody expected costs the entry, is counted with its reason, and leaves the others alone."""

    def moment(text: str | None, _zone: object) -> None:
        if text == "poison":
            raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(feed, "moment", moment)
    monkeypatch.setattr(sitemap, "moment", moment)
    items = [
        f"<item><link>{PAGE}{n}</link><pubDate>{date}</pubDate></item>"
        for n, date in enumerate(("", "poison", ""))
    ]
    found = announced(rss(*items))
    assert [entry.url for entry in found.entries] == [f"{PAGE}0", f"{PAGE}2"]
    (left,) = found.left_out
    assert (left.reason, left.number) == (Reason.INTERNAL, 1)
    assert left.detail.startswith("RuntimeError: nobody thought of this (")
    body = SITEMAP.replace("</url>", "<lastmod>poison</lastmod></url>")
    assert [left.reason for left in announced(body, "sitemap").left_out] == [Reason.INTERNAL]
