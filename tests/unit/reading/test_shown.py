"""Times that a page shows: which of them is the time of publication."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from copydesk.reading.shown import shown_as_published

NINETEENTH = datetime(2026, 11, 19, 8, 30, tzinfo=UTC)
LONG = (
    "The council of Lowmere voted on Tuesday night to rebuild the wall that fell in February, after a debate of"
    " more than four hours and a count that was taken twice."
)


def best(body: str, language: str = "en-GB") -> datetime | None:
    """The time that a page with this body shows as its own."""
    found = shown_as_published(f"<html><body>{body}</body></html>", language)
    return found[0] if found else None


@pytest.mark.parametrize(
    "lines",
    [
        "<p>Published: 19 November 2026, 08:30</p><p>Updated: 20 November 2026, 10:00</p>",
        "<p>Updated: 20 November 2026, 10:00</p><p>Published: 19 November 2026, 08:30</p>",
        "<div>Updated 20 November 2026, 10:00 · Published 19 November 2026, 08:30</div>",
        "<p>Updated <time datetime=2026-11-20T10:00Z></time> Posted <time datetime=2026-11-19T08:30Z></time>",
        "<time class=updated datetime=2026-11-20T10:00Z></time><time class=entry-date datetime=2026-11-19T08:30Z>",
        "<dl><dt>Updated</dt><dd>20/11/2026 10:00</dd><dt>Published</dt><dd>19/11/2026 08:30</dd></dl>",
        "<dl><dt>Hearing</dt><dd>30/11/2026 10:00</dd><dt>Date</dt><dd>19/11/2026 08:30</dd></dl>",
        "<p>The hearing begins: 25 November 2026, 10:00</p><p>19 November 2026, 08:30</p>",
        f"<p>{LONG} It meets again on 25 November 2026 at 10:00.</p><p>Published 19 November 2026, 08:30</p>",
        "<aside><time datetime=2026-11-21T08:30Z></time></aside><time datetime=2026-11-19T08:30Z></time>",
        "<div class=related-news><p>21 November 2026, 10:00</p></div><p>19 November 2026, 08:30</p>",
        "<li><h3><a href=/x>Ferry</a></h3><time datetime=2026-11-21T08:30Z></time></li><p>19/11/2026 08:30</p>",
        "<h2>Storm of 3 May 2026, 10:00</h2><p>19 November 2026, 08:30</p>",
        "<figure><figcaption>The gate on 3 May 2026, 10:00</figcaption></figure><p>19 November 2026, 08:30</p>",
        "19/11/2026 08:30",
        "<time datetime=2026-11-20T10:00Z>Updated 20th</time> <time datetime=2026-11-19T08:30Z>Posted 19th</time>",
    ],
)
def test_the_words_beside_a_time_decide(lines: str) -> None:
    """Not the first in the page nor the latest, but the one that is called so; else the one beside the headline."""
    assert best(f"<main><h1>Wall to be rebuilt</h1>{lines}<p>{LONG}</p></main>") == NINETEENTH


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Veröffentlicht am 19.11.2026, 08:30 Uhr – aktualisiert am 20.11.2026, 10:00 Uhr", "de"),
        ("Stand: 20.11.2026, 10.00 Uhr | erstellt: 19. November 2026, 08:30", "de"),
        ("Mis à jour le 20 novembre 2026 à 10h00, publié le 19 novembre 2026 à 08h30", "fr"),
        ("Actualizado el 20/11/2026 a las 10:00. Publicado el 19/11/2026 a las 08:30", "es"),
        ("Pubblicato il 19 novembre 2026 alle 08:30, aggiornato il 20 novembre 2026 alle 10:00", "it"),
        ("Publicado em 19 de novembro de 2026 às 08:30 | Atualizado em 20/11/2026 às 10:00", "pt"),
        ("Опубликовано 19 ноября 2026, 08:30. Обновлено 20 ноября 2026, 10:00", "ru"),
        ("تحديث 20 نوفمبر 2026 10:00 | نشر في 19 نوفمبر 2026 08:30", "ar"),
        ("发布时间：2026年11月19日 08:30 更新时间：2026年11月20日 10:00", "zh"),
        ("公開 2026年11月19日 8時30分　更新 2026年11月20日 10時00分", "ja"),
    ],
)
def test_words_of_the_nine_languages_and_more(line: str, language: str) -> None:
    """Published and updated in one line, each beside its time, in either order."""
    assert best(f"<h1>Wall</h1><div>{line}</div>", language) == NINETEENTH


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Wall</h1><p>Updated 20 November 2026, 10:00</p>",
        "<h1>Wall</h1><time class='date-modified' datetime=2026-11-20T10:00Z></time>",
        f"<h1>Wall</h1><p>{LONG} It meets again on 25 November 2026.</p>",
        "<header><p>Thursday, 19 November 2026</p></header><h1>Wall</h1>",
        "<h1>Wall</h1><a href=/x>19 November 2026</a>",
        "<h1>Wall</h1><p>Flat 19, 11 Quay Street, 2026</p>",
        "",
    ],
)
def test_no_time_of_publication(body: str) -> None:
    """An update, an event, the day of the paper's head and the time of another article are none."""
    assert best(body) is None


def test_the_zone_of_the_source_is_meant() -> None:
    """What a reader in Berlin sees as half past nine is half past eight in Greenwich."""
    page = "<html><body><h1>Wall</h1><p>19.11.2026, 09:30 Uhr</p></body></html>"
    assert shown_as_published(page, "de", ZoneInfo("Europe/Berlin")) == [NINETEENTH]


def test_a_list_of_times_ends() -> None:
    """A page of a hundred thousand times is looked at for a moment only."""
    assert best("<h1>Wall</h1>" + "<p>19/11/2026 08:30</p>" * 20_000) == NINETEENTH
    assert best("<h1>Wall</h1>" + "<div><p>1234" * 5_000) is None
