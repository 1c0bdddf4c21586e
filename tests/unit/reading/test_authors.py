"""Which of the places of a page that name somebody counts for its authors."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk.reading.facts import gather
from copydesk.reading.metadata import read_metadata
from made.pages import FETCHED

OUTLET = {"@type": "Organization", "name": "Aldervik Post"}
DESK = {"@type": "NewsMediaOrganization", "name": "Valley Newsroom Team"}


def person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


def authors(linked: object = None, head: str = "", body: str = "") -> tuple[str, ...]:
    """Authors of a page with this author in its JSON-LD, this head and this body."""
    article = {"@type": "NewsArticle", "headline": "Gate stays shut", "author": linked, "publisher": OUTLET}
    script = f'<script type="application/ld+json">{json.dumps(article)}</script>'
    html = f"<html><head>{script}{head}</head><body><h1>Gate stays shut</h1>{body}</body></html>"
    facts = gather(LexborHTMLParser(html))
    return read_metadata(facts, url="https://post.example/gate", fetched_at=FETCHED, html=html).authors


BYLINE = "<p class=byline>By Ola Berg</p>"
META = "<meta name=author content='Ola Berg'>"


@pytest.mark.parametrize(
    ("linked", "head", "body", "found"),
    [
        (OUTLET, "", BYLINE, ("Ola Berg",)),
        (DESK, META, "", ("Ola Berg",)),
        (DESK, "", "<div>By Ola Berg and Marta Lund</div>", ("Ola Berg", "Marta Lund")),
        (DESK, "", "<ul><li><b>Autorin/Autor</b> Ola Berg</li></ul>", ("Ola Berg",)),
        (DESK, "", "<aside><p>By Petra Holm</p></aside>", ("Valley Newsroom Team",)),
        (DESK, "", "<p>By Friday the gate is open.</p>", ("Valley Newsroom Team",)),
        ([person("Ola Berg"), DESK], "", "", ("Ola Berg",)),
        ([person("Ola Berg"), OUTLET], "", "", ("Ola Berg",)),
        ([OUTLET, person("Jordi Puig i Serra")], "", "", ("Jordi Puig i Serra",)),
        (person("Aldervik Post"), META, "", ("Ola Berg",)),
        (person("Heryadi"), "", BYLINE.replace("Ola Berg", "Petra Holm"), ("Heryadi",)),
        (person("Ola Berg"), "", BYLINE.replace("Ola Berg", "Petra Holm"), ("Ola Berg",)),
        (OUTLET, "", "<span class=author>Follow</span><span class=author>capital</span>", ("Aldervik Post",)),
        (OUTLET, "", "", ("Aldervik Post",)),
        (OUTLET, "", BYLINE.replace("Ola Berg", "dpa"), ("dpa",)),
        (None, "", "<p class=byline>AFP</p>", ("AFP",)),
        (DESK, "", "", ("Valley Newsroom Team",)),
        ({"@type": ["Person", "Organization"], "name": "Ola Berg"}, "", "", ("Ola Berg",)),
    ],
)
def test_a_person_before_an_organisation(
    linked: object, head: str, body: str, found: tuple[str, ...]
) -> None:
    """Whoever names a person first counts; an outlet, a desk or a body only where nobody does."""
    assert authors(linked, head, body) == found
