"""Pages that are no articles, teasers, and articles that look a little like them."""

import pytest

from copydesk.model import Document, Rejection
from copydesk.outcomes import Reason
from copydesk.reading.documents import read
from made.pages import PROSE, capture

TEXT = [f"<p>{text}</p>" for text in PROSE]
URL = "https://post.example/news"
DATED = "<meta property=article:published_time content=2031-06-03T08:00:00Z>"


def answer(body: str, title: str = "Post", head: str = "", url: str = URL) -> Document | Rejection:
    """What reading makes of a page."""
    return read(
        capture(f"<html lang=en><head><title>{title}</title>{head}</head><body>{body}</body></html>", url=url)
    )


CONSENT = (
    "<h1>Before you go on</h1><p>The Post and its 842 partners store cookies on your device, to show personalised ads "
    "and to count their readers.</p><p>You can manage your choices at any time on the page about privacy.</p>"
    "<button>Accept all</button>"
)
CARDS = "".join(
    f"<div class=card><h3><a href=/a/{n}>Story number {n} of this day in the valley</a></h3>"
    f"<p>What happened in place number {n} is told in a sentence or two that end here.</p></div>"
    for n in range(9)
)


CLOSED = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Gate","datePublished":"2031-06-03",'
    '"isAccessibleForFree":false}</script>'
)


@pytest.mark.parametrize(
    ("body", "title", "head", "reason"),
    [
        (CONSENT, "Post", "", Reason.CONSENT),
        (CONSENT.replace("<button>Accept all</button>", "<a href=#>Alle akzeptieren</a>"), "Post", "", Reason.CONSENT),
        ("<h1>Page not found</h1><p>We could not find what you were looking for.</p>", "Post", "", Reason.ERROR_PAGE),
        ("<p>Vielleicht hilft die Suche weiter.</p>", "Seite nicht gefunden | Post", "", Reason.ERROR_PAGE),
        ("<h1>404</h1><p>It may have moved, or there was a mistake in the address.</p>", "Post", "", Reason.ERROR_PAGE),
        ("<h1>Accès refusé</h1><p>Vous ne pouvez pas lire cette page.</p>", "Post", "", Reason.ERROR_PAGE),
        ("<h1>One step</h1><p>Please verify you are human.</p>", "Just a moment...", "", Reason.ROBOT_CHECK),
        ("<p>No soy un robot.</p>", "Post", "", Reason.ROBOT_CHECK),
        ("<p>One moment.</p><script src=/cdn-cgi/challenge-platform/x.js></script>", "Post", "", Reason.ROBOT_CHECK),
        ("<p>You are being sent on.</p>", "Post", "<meta http-equiv=refresh content='0; url=/b'>", Reason.MOVED),
        ("<p>Sent on.</p><script>window.location.href = '/the-new-page';</script>", "Post", "", Reason.MOVED),
        (f"<h1>News</h1>{CARDS}", "News of the valley", "", Reason.LIST_PAGE),
        ("<h1>Gate</h1><p>Subscribers only</p>", "Gate", CLOSED, Reason.PAYWALL),
    ],
)  # fmt: skip
def test_pages_that_are_no_articles(body: str, title: str, head: str, reason: Reason) -> None:
    """Each ends with its reason, in several languages, whatever the status said."""
    found = answer(body, title, head)
    assert isinstance(found, Rejection), found
    assert found.reason is reason


@pytest.mark.parametrize(
    ("body", "title", "head"),
    [
        (f"<h1>404 days at sea</h1>{TEXT[0]}", "404 days at sea", ""),
        (f"<h1>500 workers lose their jobs</h1>{TEXT[0]}", "500 workers lose their jobs", ""),
        (f"<h1>Page not found</h1>{TEXT[0]}", "Page not found", DATED),
        (
            f"<h1>Cookies</h1><p>The cookie law asks for consent.</p>{TEXT[0]}<a href=#>Accept all</a>",
            "Cookies",
            DATED,
        ),
        ("".join([f"<h1>Gate</h1>{CARDS}", *TEXT]), "Gate stays shut", DATED),
        (f"<h1>Gate</h1>{TEXT[0]}", "Gate", "<meta http-equiv=refresh content=300>"),
        (f"<h1>Gate</h1>{TEXT[0]}", "Gate", f"<meta http-equiv=refresh content='5; url={URL}'>"),
        ("".join(["<h1>Gate</h1>", *TEXT]), "Gate", "<meta http-equiv=refresh content='0; url=/app'>"),
        (f"<h1>Are you a robot?</h1>{''.join(TEXT)}{''.join(TEXT)}", "Are you a robot?", DATED),
        (f"<h1>Gate</h1>{TEXT[0]}<form><div class=g-recaptcha></div></form>", "Gate", DATED),
    ],
)
def test_articles_that_look_like_them(body: str, title: str, head: str) -> None:
    """A short report, one about such a page, and one beside teasers are articles."""
    assert isinstance(answer(body, title, head), Document)


LOCKED = (
    '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Gate","isAccessibleForFree":{free},'
    '"hasPart":{{"@type":"WebPageElement","isAccessibleForFree":"False","cssSelector":".rest"}}}}</script>'
)
OFFER = "<div><h3>Continue reading with the Post</h3><p>Four weeks for a crown.</p></div>"


@pytest.mark.parametrize(
    ("body", "head", "form"),
    [
        (TEXT[0] + TEXT[1], LOCKED.format(free="false"), ("partial",)),
        (TEXT[0] + TEXT[1], LOCKED.format(free='"False"'), ("partial",)),
        (TEXT[0] + TEXT[1], LOCKED.format(free="true"), ()),
        (f"{TEXT[0]}<div class=rest>{''.join(TEXT[1:])}</div>", LOCKED.format(free="false"), ()),
        (TEXT[0] + TEXT[1] + OFFER, "", ("partial",)),
        (f"{TEXT[0]}{TEXT[1]}<section><p>Déjà abonné ? Connectez-vous</p></section>", "", ("partial",)),
        ("".join(TEXT) + OFFER, "", ()),
        (TEXT[0] + TEXT[1], "", ()),
    ],
)
def test_teasers_are_partial(body: str, head: str, form: tuple[str, ...]) -> None:
    """What a page locks and does not hold, or offers behind the first paragraphs, is missing; the offer is no text."""
    found = answer(f"<article><h1>Gate</h1>{body}</article>", "Gate", head)
    assert isinstance(found, Document)
    assert found.form == form
    assert "Continue" not in found.text
    assert found.text.split("\n")[0] == PROSE[0]
