"""JSON Feed, ninjs and NewsML-G2: what each announces, with or without its text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.model import Source
from copydesk.outcomes import Reason
from copydesk.sources import PARSERS, Announced, NotAFeed, parse

BASE = "https://kurier.example/feeds/all"
PAGE = "https://kurier.example/a"


def announced(body: str | bytes, kind: str = "rss", content_type: str = "", zone: str = "") -> Announced:
    source = Source.model_validate(
        {"name": "kurier", "kind": kind, "url": BASE, "outlet": "kurier", "zone": zone}
    )
    return parse(source, body.encode() if isinstance(body, str) else body, content_type, BASE)


def json_feed(*items: object) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "K", "items": items})


@pytest.mark.parametrize("kind", ["rss", "atom", "json", "sitemap"])
def test_a_json_feed_is_a_feed(kind: str) -> None:
    """Title and dates come with the address, whatever the operator called the kind."""
    item = {
        "id": "1",
        "url": "/a#top",
        "title": "Quay  opened",
        "date_published": "2026-03-02T09:00:00+01:00",
        "date_modified": "2026-03-02T10:00:00Z",
    }
    (entry,) = announced(json_feed(item), kind).entries
    assert (entry.url, entry.title) == (PAGE, "Quay opened")
    assert [f"{at:%H:%M}" for at in (entry.published_at, entry.updated_at) if at] == ["08:00", "10:00"]


@pytest.mark.parametrize(
    "item", [{"external_url": PAGE}, {"id": PAGE}, {"id": 7, "url": PAGE}, {"url": " ", "id": PAGE}]
)
def test_where_an_item_of_a_json_feed_stands(item: object) -> None:
    """Without an address of its own it stands where it links to, or its id is the address."""
    assert [entry.url for entry in announced(json_feed(item)).entries] == [PAGE]


def test_an_item_without_an_address_is_counted() -> None:
    """What cannot be asked for is left out with its reason; other things in the list are no items."""
    found = announced(json_feed({"id": "1", "title": "T"}, {"url": PAGE}, "words", None, {"url": ["x"]}))
    assert [entry.url for entry in found.entries] == [PAGE]
    assert [(left.reason, left.number) for left in found.left_out] == [(Reason.ADDRESS, 2)]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
def test_character_sets_of_json(charset: str) -> None:
    """JSON is UTF-8, or its first bytes say what else."""
    body = json.dumps({"version": "jsonfeed", "items": [{"url": PAGE, "title": "Größe"}]}, ensure_ascii=False)
    assert [entry.title for entry in announced(body.encode(charset)).entries] == ["Größe"]


NINJS: dict[str, object] = {
    "uri": "urn:newsml:desk:1",
    "type": "text",
    "pubstatus": "usable",
    "headline": "Quay &amp; mill",
    "versioncreated": "2026-03-02T10:00:00Z",
    "firstcreated": "2026-03-02T09:00:00Z",
    "body_html": "<p>The quay opened.</p>",
}


@pytest.mark.parametrize("kind", ["ninjs", "json", "rss", "inbox"])
@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: [one], lambda one: {"_items": [one]}])
def test_an_item_of_ninjs_brings_its_text(kind: str, wrap: object) -> None:
    """One item, a list, or what a server wraps around it; polled or put into a folder."""
    assert callable(wrap)
    (entry,) = announced(json.dumps(wrap(NINJS)), kind, "application/jsonl").entries
    assert (entry.body, entry.content_type) == (b"<p>The quay opened.</p>", "text/html; charset=utf-8")
    assert (entry.title, entry.url[:6]) == ("Quay & mill", "inbox:")
    assert f"{entry.published_at:%H} {entry.updated_at:%H}" == "09 10"


def test_versions_of_an_item_have_one_address() -> None:
    """The uri decides, so that what is sent again corrected is a version and no second article."""
    later = {**NINJS, "body_html": "<p>The quay closed.</p>"}
    first, second = (announced(json.dumps(one), "ninjs").entries[0] for one in (NINJS, later))
    assert first.url == second.url
    other = announced(json.dumps({**NINJS, "uri": "urn:newsml:desk:2"}), "ninjs").entries[0]
    assert other.url != first.url


def test_bodies_and_headlines_as_lists() -> None:
    """The third version of the format names several; HTML is better than plain text."""
    item = {
        "uri": "urn:x",
        "headlines": [{"role": "main", "value": "Quay"}],
        "bodies": [
            {"contenttype": "text/plain", "value": "plain"},
            {"contenttype": "text/html", "value": "<p>a</p>"},
        ],
    }
    (entry,) = announced(json.dumps(item), "ninjs").entries
    assert (entry.title, entry.body) == ("Quay", b"<p>a</p>")


def test_an_item_without_text_is_fetched_where_it_stands() -> None:
    """Its uri is then a web address; without one it is left out and counted."""
    bare = {"uri": PAGE, "headline": "Quay"}
    (entry,) = announced(json.dumps([bare, {"uri": "urn:x", "headline": "Q"}]), "ninjs").entries
    assert (entry.url, entry.body) == (PAGE, None)


@pytest.mark.parametrize("state", ["canceled", "withheld", "Cancelled"])
def test_what_an_agency_called_back_is_left_out(state: str) -> None:
    """It is told with its reason, in both formats."""
    found = announced(json.dumps([{**NINJS, "pubstatus": state}, NINJS]), "ninjs")
    assert len(found.entries) == 1
    assert [(left.reason, left.number) for left in found.left_out] == [(Reason.CALLED_BACK, 1)]
    found = announced(newsml(state=f"stat:{state}"), "newsml")
    assert [left.reason for left in found.left_out] == [Reason.CALLED_BACK]


TEXTS = {
    "xhtml": "<inlineXML contenttype='application/xhtml+xml'><html xmlns='http://www.w3.org/1999/xhtml'><body>"
    "<p>The <b>quay</b> opened.</p></body></html></inlineXML>",
    "nitf": "<inlineXML contenttype='application/nitf+xml'><nitf xmlns='http://iptc.org/std/NITF/2006-10-18/'><body>"
    "<body.head><hedline><hl1>Not this</hl1></hedline></body.head>"
    "<body.content><p>The quay opened.</p></body.content></body></nitf></inlineXML>",
    "plain": "<inlineData contenttype='text/plain'>The quay opened.</inlineData>",
}


def newsml(
    text: str = "", state: str = "stat:usable", link: str = "", guid: str = "urn:newsml:desk:1"
) -> str:
    return (
        "<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'><itemSet>"
        f"<newsItem guid='{guid}' version='2'><itemMeta><itemClass qcode='ninat:text'/>"
        f"<versionCreated>2026-03-02T10:00:00Z</versionCreated><pubStatus qcode='{state}'/>{link}</itemMeta>"
        "<contentMeta><contentCreated>2026-03-02T09:00:00</contentCreated><headline>Quay</headline></contentMeta>"
        f"<contentSet>{text}</contentSet></newsItem></itemSet></newsMessage>"
    )


@pytest.mark.parametrize("kind", ["newsml", "rss", "inbox"])
@pytest.mark.parametrize("form", TEXTS)
def test_a_news_item_brings_its_text(form: str, kind: str) -> None:
    """XHTML, NITF without its head, or plain text; a time without a zone is one of the source's."""
    (entry,) = announced(newsml(TEXTS[form]), kind, "application/xml", zone="Europe/Berlin").entries
    assert (entry.title, entry.url[:6]) == ("Quay", "inbox:")
    assert b"quay" in (entry.body or b"")
    assert b"Not this" not in (entry.body or b"")
    assert b"xmlns" not in (entry.body or b"")
    assert entry.content_type.startswith("text/plain" if form == "plain" else "text/html")
    assert f"{entry.published_at:%H} {entry.updated_at:%H}" == "08 10"


def test_a_news_item_elsewhere_is_fetched() -> None:
    """Without a text the page it names is asked for; with a text that page is its address."""
    link = f"<link rel='irel:canonical' href='{PAGE}'/>"
    (entry,) = announced(newsml(link=link), "newsml").entries
    assert (entry.url, entry.body) == (PAGE, None)
    (entry,) = announced(newsml(TEXTS["plain"], link=link), "newsml").entries
    assert (entry.url, entry.body) == (PAGE, b"The quay opened.")
    assert announced(newsml(), "newsml").left_out[0].reason is Reason.ADDRESS


@pytest.mark.parametrize("tag", ["http:", "x:p", "hl1", "body.content", "a-b", "Ä"])
def test_elements_of_any_name_are_text(tag: str) -> None:
    """What HTML knows under no such name costs nothing but its meaning."""
    inline = f"<inlineXML xmlns:x='urn:x'><x:nitf><{tag}>The quay opened.</{tag}></x:nitf></inlineXML>"
    try:
        found = announced(newsml(inline), "newsml")
    except NotAFeed:
        return
    assert [left for left in found.left_out if left.reason is Reason.INTERNAL] == []
    assert all(b"The quay opened." in (entry.body or b"") for entry in found.entries)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from([PAGE, "urn:x", "\ud800"]),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["items", "id", "url", "uri", "headline", "body_html", "bodies", "value", "version", "title"]
            ),
            inside,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(st.sampled_from(sorted(PARSERS)), values)
def test_any_json_is_read_or_none(kind: str, value: object) -> None:
    """Whatever values stand where: entries with clean addresses, or no feed; no item fails inside."""
    try:
        found = announced(json.dumps(value), kind, "application/jsonl")
    except NotAFeed:
        return
    assert all(left.reason is not Reason.INTERNAL for left in found.left_out)
    for entry in found.entries:
        assert entry.url.startswith(("http://", "https://", "inbox:"))
        assert (entry.title or "").encode() is not None


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"items":' * 50_000, '{"items": [' + "9" * 5000 + "]}", "{"]
)
def test_json_of_any_depth_is_refused_with_a_line(body: str) -> None:
    """Neither depth nor endless numbers do more than cost the document."""
    with pytest.raises(NotAFeed):
        announced(body, "json")
