"""When a page says it was published, from all that declares and shows a time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk.model import Document, Profile
from copydesk.reading.documents import read
from copydesk.reading.facts import gather
from copydesk.reading.metadata import read_metadata
from made.pages import FETCHED, PROSE, capture

URL = "https://www.post.example/valley/gate"


def shown(head: str, body: str, url: str = URL, zone: str = "UTC") -> str | None:
    """The time of publication that is read from a whole page, as ISO writes it."""
    html = f"<html lang=en-GB><head>{head}</head><body>{body}</body></html>"
    facts = gather(LexborHTMLParser(html))
    found = read_metadata(facts, url=url, fetched_at=FETCHED, html=html, zone=ZoneInfo(zone)).published_at
    return found.isoformat(timespec="minutes").removesuffix("+00:00") if found else None


CHANGED = [
    "<meta http-equiv=last-modified content='Tue, 03 Jun 2031 10:00:00 GMT'>",
    "<meta name=last-modified content='2031-06-03T10:00:00Z'>",
    "<meta property=article:modified_time content=2031-06-03T10:00:00Z>",
    '<script type="application/ld+json">{"@type":"NewsArticle","dateModified":"2031-06-03T10:00:00Z"}</script>',
]


@pytest.mark.parametrize("head", CHANGED)
def test_what_changed_last_was_not_published_then(head: str) -> None:
    """Neither the server's nor the page's last change is a time of publication; the address may still name its day."""
    assert shown(head, "<h1>Gate</h1><p>The gate stays shut.</p>") is None
    assert shown(head, "<h1>Gate</h1><p>Published: 1 June 2031</p>") == "2031-06-01T00:00"
    assert shown(head, "<h1>Gate</h1>", url="https://post.example/2031/06/03/gate") == "2031-06-03T00:00"


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        ("<meta name=date content='02/06/2031 08:30'>", "", "2031-06-02T08:30"),
        ("<meta name=date content='2 Haziran 2031 08:30'>", "", "2031-06-02T08:30"),
        ("<meta name=date content='2031年6月2日 08:30'>", "", "2031-06-02T08:30"),
        ("<meta name=date content=2574-06-02T08:30:00Z>", "", "2031-06-02T08:30"),
        ("<meta name=date content=2031-06-02>", "<p>Posted 2 June 2031, 08:30</p>", "2031-06-02T08:30"),
        ("<meta name=date content=2031-06-02>", "<p>Posted 31 May 2031, 08:30</p>", "2031-06-02T00:00"),
        (
            "<meta name=date content=2031-06-02T07:00Z>",
            "<p>Posted 2 June 2031, 08:30</p>",
            "2031-06-02T07:00",
        ),
    ],
)
def test_published_as_the_page_writes_it(head: str, body: str, published: str) -> None:
    """Day first by the page's language, names and years of others; what is shown adds the hour to a declared day."""
    assert shown(head, f"<h1>Gate</h1>{body}") == published


def test_published_in_the_zone_of_the_source() -> None:
    """A time without a zone is that of the source's place; a day alone stays that day."""
    at = "<meta name=date content='2031-06-02 08:30:00'>"
    assert shown(at, "", zone="Europe/Berlin") == "2031-06-02T06:30"
    assert shown(at.replace("08:30:00", "08:30:00Z"), "", zone="Europe/Berlin") == "2031-06-02T08:30"
    assert shown("<meta name=date content=2031-06-02>", "", zone="Asia/Tokyo") == "2031-06-02T00:00"


def test_language_with_its_country() -> None:
    """Where html names the language alone, the country of another declaration says which number is the day."""
    page = "<html lang=en><meta property=og:locale content=en_GB><meta name=date content=02/06/2031>"
    found = read_metadata(gather(LexborHTMLParser(page)), url=URL, fetched_at=FETCHED).published_at
    assert found == datetime(2031, 6, 2, tzinfo=UTC)


def test_a_page_is_read_in_the_zone_of_its_profile() -> None:
    """Its source is known when it is read, and by no name of a zone the time is Greenwich's."""
    page = "<html lang=de><head><meta name=date content='2031-06-02 08:30:00'></head><body><article>{}</article></body>"
    told = capture(page.format("".join(f"<p>{text}</p>" for text in PROSE)))
    times = {zone: read(told, Profile(zone=zone)) for zone in ("", "Europe/Berlin")}
    hours = {zone: one.published_at for zone, one in times.items() if isinstance(one, Document)}
    assert hours == {
        "": datetime(2031, 6, 2, 8, 30, tzinfo=UTC),
        "Europe/Berlin": datetime(2031, 6, 2, 6, 30, tzinfo=UTC),
    }
